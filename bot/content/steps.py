"""One step of a guide: which kind it is follows from its keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from bot.content.booking import read_booking
from bot.content.choices import read_ways
from bot.content.draft import Draft, Pictured, Role, Test, sentence, target
from bot.content.fields import fields, identifier, items, one_of, plain, text, texts, whole
from bot.content.parts import Fixed
from bot.content.problems import Problem, fault, quote
from bot.content.source import Kind, Node, Pairs, Scalar
from bot.core.flow import (
    DEFAULT_WINDOW,
    Ask,
    Branch,
    Call,
    Case,
    End,
    Ending,
    Handoff,
    Say,
    Shape,
    Step,
    Text,
)
from bot.core.home_booking import OFFERED, OPEN
from bot.core.message import Picture

LONGEST_TITLE = 60
LONGEST_ALT = 200
_LONGEST_LABEL = 120
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_LONGEST_WINDOW = 30 * _SECONDS["d"]
_LARGEST = 1_000_000
_NOWHERE = Fixed("")

_KINDS = ("branch", "call", "handoff", "ask", "end", "say")
"""The key that makes a step what it is; `end` comes before `say` because an end says something, too."""

_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "branch": (("branch", "else"), ()),
    "call": (("title", "call", "next"), ()),
    "handoff": (("title", "handoff", "next"), ("sources",)),
    "ask": (
        ("title", "ask", "answer", "next"),
        ("shape", "least", "most", "retry", "choices", "sources", "window", "remind"),
    ),
    "end": (("title", "say", "end"), ("sources", "home_visit")),
    "say": (("title", "say"), ("choices", "next", "sources", "picture", "window", "remind")),
}


def read_step(name: Scalar, node: Node, draft: Draft, problems: list[Problem]) -> Step | None:
    kind = _kind(name, node, problems)
    if kind is None:
        return None
    required, optional = _KEYS[kind]
    found = fields(node, required, optional, problems, name)
    if found is None:
        return None
    return _READERS[kind](name.value, found, draft, problems)


def _kind(name: Scalar, node: Node, problems: list[Problem]) -> str | None:
    if not isinstance(node, Pairs):
        fields(node, (), (), problems)
        return None
    keys = {key.value: key for key, _ in node.pairs}
    kinds = [kind for kind in _KINDS if kind in keys]
    if kinds == ["end", "say"]:
        return "end"
    if len(kinds) == 1:
        return kinds[0]
    if len(kinds) > 1:
        names = " và ".join(quote(kind) for kind in kinds)
        problems.append(
            fault(keys[kinds[0]].spot, f"một bước không thể có cả {names}", "tách thành hai bước")
        )
        return None
    before = len(problems)
    known = [key for required, optional in _KEYS.values() for key in (*required, *optional)]
    fields(node, (), tuple(dict.fromkeys(known)), problems)
    if len(problems) == before:
        hint = "cần một trong: say, ask, branch, call, handoff, end"
        problems.append(fault(name.spot, "không rõ bước này làm gì", hint))
    return None


_Found = Mapping[str, Node]


def _say(id: str, found: _Found, draft: Draft, problems: list[Problem]) -> Step | None:
    sources = _sources(found, draft, problems)
    title = plain(found.get("title"), LONGEST_TITLE, problems)
    words = _words("say", found, draft, problems, acts="choices" in found)
    ways = read_ways(found, draft, problems)
    following = target(found.get("next"), draft, problems)
    window, remind = _waiting(found, problems)
    picture = _picture(id, found, draft, problems)
    if "choices" in found and "next" in found:
        problems.append(
            fault(found["next"].spot, 'có "choices" thì không có "next"', "mỗi lựa chọn có next riêng")
        )
        return None
    if "choices" not in found and "next" not in found:
        hint = 'thêm "next", "choices" hoặc "end"'
        problems.append(fault(draft.steps[id].spot, f"bước {quote(id)} không dẫn đi đâu", hint))
        return None
    if "choices" in found and ways and all(way.stuck for way in ways):
        problems.append(fault(found["choices"].spot, "mọi lựa chọn đều là stuck", "thêm lựa chọn để đi tiếp"))
    if title is None or words is None or ways is None or ("next" in found and following is None):
        return None
    return Say(
        id, title, words, ways, following or "", window, remind, picture, _dated(sources, draft), sources
    )


def _ask(id: str, found: _Found, draft: Draft, problems: list[Problem]) -> Step | None:
    sources = _sources(found, draft, problems)
    title = plain(found.get("title"), LONGEST_TITLE, problems)
    words = _words("ask", found, draft, problems, acts=True)
    answer = identifier(found.get("answer"), problems)
    following = target(found.get("next"), draft, problems)
    ways = read_ways(found, draft, problems)
    retry = sentence(Role.RETRY, found.get("retry"), draft, problems, cited=bool(sources))
    shape = Shape(one_of(found.get("shape"), tuple(Shape), problems) or Shape.TEXT)
    least, most = _bounds(found, shape, problems)
    window, remind = _waiting(found, problems)
    if answer is not None:
        draft.asked[answer.value] = shape
    if title is None or words is None or answer is None or following is None or ways is None:
        return None
    dated = _dated(sources, draft)
    return Ask(
        id,
        title,
        words,
        answer.value,
        following,
        shape,
        least,
        most,
        retry,
        ways,
        window,
        remind,
        dated,
        sources,
    )


def _branch(id: str, found: _Found, draft: Draft, problems: list[Problem]) -> Step | None:
    entries = items(found.get("branch"), problems)
    cases = [_case(entry, draft, problems) for entry in entries]
    otherwise = target(found.get("else"), draft, problems)
    if "branch" in found and not entries:
        problems.append(fault(found["branch"].spot, "rẽ nhánh phải có ít nhất một trường hợp"))
    if otherwise is None or not cases or None in cases:
        return None
    return Branch(id, tuple(case for case in cases if case is not None), otherwise)


def _call(id: str, found: _Found, draft: Draft, problems: list[Problem]) -> Step | None:
    title = plain(found.get("title"), LONGEST_TITLE, problems)
    called = text(found.get("call"), problems)
    following = target(found.get("next"), draft, problems)
    if called is not None:
        draft.calls.append(called)
    if title is None or called is None or following is None:
        return None
    return Call(id, title, called.value, following)


def _handoff(id: str, found: _Found, draft: Draft, problems: list[Problem]) -> Step | None:
    sources = _sources(found, draft, problems)
    title = plain(found.get("title"), LONGEST_TITLE, problems)
    words = _words("handoff", found, draft, problems)
    following = target(found.get("next"), draft, problems)
    if title is None or words is None or following is None:
        return None
    return Handoff(id, title, words, following, _dated(sources, draft), sources)


def _end(id: str, found: _Found, draft: Draft, problems: list[Problem]) -> Step | None:
    sources = _sources(found, draft, problems)
    title = plain(found.get("title"), LONGEST_TITLE, problems)
    words = _words("say", found, draft, problems)
    ending = one_of(found.get("end"), tuple(Ending), problems)
    books = read_booking(id, found.get("home_visit"), draft, problems)
    if title is None or words is None or ending is None or ("home_visit" in found and books is None):
        return None
    return End(id, title, words, Ending(ending), _dated(sources, draft), sources, books)


_Reader = Callable[[str, _Found, Draft, list[Problem]], Step | None]
_READERS: Mapping[str, _Reader] = {
    "branch": _branch,
    "call": _call,
    "handoff": _handoff,
    "ask": _ask,
    "end": _end,
    "say": _say,
}


def _sources(found: _Found, draft: Draft, problems: list[Problem]) -> tuple[str, ...]:
    cited = list(texts(found.get("sources"), problems))
    draft.cites.extend(cited)
    return tuple(scalar.value for scalar in cited)


def _dated(sources: Collection[str], draft: Draft) -> bool:
    return not draft.outdated.isdisjoint(sources)


def _words(
    key: str, found: _Found, draft: Draft, problems: list[Problem], *, acts: bool = False
) -> Text | None:
    # `sources` with a fault of its own still counts as an attempt to cite.
    return sentence(Role.STEP, found.get(key), draft, problems, cited=_cites(found), acts=acts)


def _cites(found: _Found) -> bool:
    node = found.get("sources")
    return node is not None and bool(getattr(node, "items", True))


def _case(node: Node, draft: Draft, problems: list[Problem]) -> Case | None:
    if isinstance(node, Pairs) and any(key.value == "home_visit" for key, _ in node.pairs):
        return _visit_case(node, draft, problems)
    found = fields(node, ("answer", "next"), ("is", "below", "above"), problems)
    if found is None:
        return None
    answer = text(found.get("answer"), problems)
    following = target(found.get("next"), draft, problems)
    tests = [test for test in ("is", "below", "above") if test in found]
    if len(tests) != 1:
        if "answer" in found and "next" in found:
            problems.append(fault(node.spot, 'cần đúng một trong "is", "below", "above"'))
        return None
    value = _operand(tests[0], found[tests[0]], problems)
    if answer is None or following is None or value is None:
        return None
    draft.tests.append(Test(answer, tests[0], value))
    return Case(
        answer.value, tests[0], int(value.value) if value.kind is Kind.WHOLE else value.value, following
    )


def _visit_case(node: Node, draft: Draft, problems: list[Problem]) -> Case | None:
    found = fields(node, ("home_visit", "next"), (), problems)
    value = one_of(found.get("home_visit"), (OFFERED, OPEN), problems) if found else None
    following = target(found.get("next"), draft, problems) if found else None
    return None if value is None or following is None else Case("", "home_visit", value, following)


def _operand(test: str, node: Node, problems: list[Problem]) -> Scalar | None:
    if isinstance(node, Scalar) and node.kind is Kind.WHOLE:
        return node
    if test != "is":
        whole(node, problems)
        return None
    return text(node, problems)


def _bounds(found: _Found, shape: Shape, problems: list[Problem]) -> tuple[int, int]:
    default = Ask("", "", _NOWHERE, "", "")
    least, most = whole(found.get("least"), problems), whole(found.get("most"), problems)
    bounds = (default.least if least is None else least, default.most if most is None else most)
    lowest, highest = (1, 1000) if shape is Shape.TEXT else (-_LARGEST, _LARGEST)
    for key, value in zip(("least", "most"), bounds, strict=True):
        if key in found and not lowest <= value <= highest:
            problems.append(fault(found[key].spot, f"{key} phải từ {lowest} đến {highest}"))
    if bounds[0] > bounds[1]:
        spot = found["least"].spot if "least" in found else found["most"].spot
        problems.append(fault(spot, f"least ({bounds[0]}) lớn hơn most ({bounds[1]})"))
    return bounds


def _waiting(found: _Found, problems: list[Problem]) -> tuple[int, int]:
    window = _duration(found.get("window"), problems) or DEFAULT_WINDOW
    remind = _duration(found.get("remind"), problems) or 0
    if remind >= window:
        spot = found["remind"].spot
        problems.append(fault(spot, "remind phải ngắn hơn window", "nhắc trước khi hết hạn chờ"))
    if "choices" not in found and "ask" not in found:
        problems.extend(
            fault(found[key].spot, f'bước không chờ trả lời thì không có "{key}"')
            for key in ("window", "remind")
            if key in found
        )
    return window, remind


def _duration(node: Node | None, problems: list[Problem]) -> int | None:
    if node is None:
        return None
    if isinstance(node, Scalar):
        found = re.fullmatch(r"([1-9][0-9]{0,4})([mhd])", node.value)
        seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
        if 0 < seconds <= _LONGEST_WINDOW:
            return seconds
        message = "dài nhất là 30d" if seconds else f"{quote(node.value)} không phải khoảng thời gian"
        problems.append(fault(node.spot, message, "viết như 90m, 1h hoặc 7d"))
        return None
    problems.append(fault(node.spot, "chỗ này phải là khoảng thời gian", "viết như 90m, 1h hoặc 7d"))
    return None


def _picture(id: str, found: _Found, draft: Draft, problems: list[Problem]) -> Picture | None:
    node = found.get("picture")
    if node is None:
        _note_unshown(found, draft)
        return None
    parts = fields(node, ("phone", "alt"), ("highlight",), problems)
    if parts is None:
        return None
    phone = identifier(parts.get("phone"), problems)
    alt = plain(parts.get("alt"), LONGEST_ALT, problems)
    highlight = plain(parts.get("highlight"), _LONGEST_LABEL, problems) or ""
    if phone is None:
        return None
    pointed = parts.get("highlight")
    draft.pictured.append(Pictured(id, phone, pointed if isinstance(pointed, Scalar) and highlight else None))
    return Picture(phone.value, highlight, alt or "", f"{draft.id}/{id}")


def _note_unshown(found: _Found, draft: Draft) -> None:
    """A step that waits and names a place on the screen. An older edition may have been without a picture."""
    words = found.get("say")
    if "choices" in found and isinstance(words, Scalar) and "«" in words.value:
        draft.unshown.append(words)
