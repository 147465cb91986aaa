"""One guide's file becomes a Flow; its names are checked against each other and against other files."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from bot.content.booking import check_bookings
from bot.content.draft import Draft, target
from bot.content.facts import NOT_CITED, Facts
from bot.content.fields import NAME_HINT, date, fields, is_id, is_name, plain, text, texts
from bot.content.problems import Problem, Spot, fault, quote, suggest
from bot.content.routes import check_routes, given, places
from bot.content.source import Document, Kind, Node, Pairs, Scalar, parse
from bot.content.steps import LONGEST_TITLE, read_step
from bot.core.flow import Flow, Shape, flow_of

_LONGEST_GOAL = 200
_LONGEST_CHANGE = 300

Guides = Mapping[str, Collection[str]]
"""The steps of each guide, for what leads to them; none where a guide has a fault of its own."""


def version_of(document: Document) -> str:
    """The hash of what the file says; line endings were made alike when it was read."""
    return hashlib.sha256(document.text.encode()).hexdigest()[:12]


def read_flow(
    id: str, version: str, document: Document, facts: Facts | None, today: str, problems: list[Problem]
) -> Draft:
    """All that one file says. `flow` of the draft is None when a fault keeps it from being walked."""
    draft = Draft(id, document.file, facts.outdated if facts else frozenset())
    before = len(problems)
    node = parse(document, problems)
    if node is None:
        return draft
    if not is_name(id):
        problems.append(fault(Spot(document.file), f"tên tệp {quote(id)} không hợp lệ", NAME_HINT))
    top = ("title", "goal", "reviewed", "start", "steps")
    found = fields(node, top, ("intents", "change"), problems)
    if found is None:
        return draft
    title = plain(found.get("title"), LONGEST_TITLE, problems)
    goal = plain(found.get("goal"), _LONGEST_GOAL, problems)
    change = plain(found["change"], _LONGEST_CHANGE, problems) if "change" in found else ""
    reviewed = date(found.get("reviewed"), today, problems)
    start = text(found.get("start"), problems)
    entrances = _entrances(found.get("intents"), start, draft, problems)
    _read_steps(found.get("steps"), draft, problems)
    if start is not None:
        draft.targets.insert(0, start)
    _check_targets(draft, problems)
    if len(problems) == before:  # else an answer may only seem never to be asked
        _check_tests(draft, problems)
    if len(problems) > before or title is None or goal is None or reviewed is None or start is None:
        return draft
    check_routes(draft.read, start.value, draft.steps, problems)
    check_bookings(draft, start.value, problems)
    if len(problems) > before:
        return draft
    sources = dict.fromkeys(source.value for source in draft.cites)
    draft.flow = Flow(
        id,
        version,
        title,
        goal,
        entrances,
        reviewed,
        tuple(sources),
        start.value,
        draft.read,
        places(draft.read, start.value),
        given(draft.read, start.value),
        change or "",
    )
    return draft


def read_edition(id: str, version: str, source: str) -> Flow | None:
    """A guide as it was, for those who look back; None when it cannot be read any more."""
    return read_flow(id, version, Document(f"flows/{id}.yaml@{version}", source), None, "", []).flow


def check_names(
    draft: Draft,
    guides: Guides,
    intents: Collection[str] | None,
    facts: Facts | None,
    problems: list[Problem],
) -> None:
    """Names that must exist elsewhere: guides that are called, intents, facts."""
    for call in draft.calls:
        check_entrance(call, guides, problems)
    if intents is not None:
        problems.extend(
            fault(intent.spot, f"không có ý định {quote(intent.value)}", suggest(intent.value, intents))
            for intent in (*draft.intents, *draft.meant)
            if intent.value not in intents
        )
    check_cites(draft.cites, facts, problems)


def check_entrance(scalar: Scalar, guides: Guides, problems: list[Problem]) -> None:
    """A guide, or a step of one: "otp" or "otp/ma-sai"."""
    flow, _, step = scalar.value.partition("/")
    if flow not in guides:
        problems.append(fault(scalar.spot, f"không có luồng {quote(flow)}", suggest(flow, guides)))
    elif step and guides[flow] and step not in guides[flow]:
        message = f"luồng {quote(flow)} không có bước {quote(step)}"
        problems.append(fault(scalar.spot, message, suggest(step, guides[flow])))


def check_cites(cites: Collection[Scalar], facts: Facts | None, problems: list[Problem]) -> None:
    if facts is None:
        return
    for cite in cites:
        grade = facts.grades.get(cite.value)
        if grade is None:
            hint = suggest(cite.value, facts.grades)
            problems.append(
                fault(cite.spot, f"không có dữ kiện {quote(cite.value)} trong faq/facts.yaml", hint)
            )
        elif grade in NOT_CITED:
            message = f"dữ kiện {quote(cite.value)} mang nhãn {grade}, không được dẫn"
            problems.append(fault(cite.spot, message, "dẫn dữ kiện khác hoặc bỏ câu này"))


def check_circles(drafts: Collection[Draft], problems: list[Problem]) -> None:
    """A guide must not come back to itself by calls: nobody would ever leave it."""
    called = {draft.id: {flow_of(call.value) for call in draft.calls} for draft in drafts}
    for draft in drafts:
        problems.extend(
            fault(
                call.spot,
                f"gọi {quote(call.value)} thì quay lại chính luồng này",
                "các luồng gọi nhau thành vòng",
            )
            for call in draft.calls
            if draft.id in _reached(flow_of(call.value), called)
        )


def check_starts(drafts: Collection[Draft], problems: list[Problem]) -> None:
    owners: dict[str, str] = {}
    for draft in drafts:
        for intent in draft.intents:
            owner = owners.setdefault(intent.value, draft.id)
            if owner != draft.id:
                message = f"ý định {quote(intent.value)} đã thuộc luồng {quote(owner)}"
                problems.append(fault(intent.spot, message, "một ý định chỉ thuộc một luồng"))


def _entrances(
    node: Node | None, start: Scalar | None, draft: Draft, problems: list[Problem]
) -> Mapping[str, str]:
    """Which intents start the guide, and at which step: a list starts at the start."""
    if not isinstance(node, Pairs):
        draft.intents = list(texts(node, problems))
        return {intent.value: start.value for intent in draft.intents if start is not None}
    draft.intents = [key for key, _ in node.pairs]
    steps = [(key, target(value, draft, problems)) for key, value in node.pairs]
    return {key.value: step for key, step in steps if step is not None}


def _read_steps(node: Node | None, draft: Draft, problems: list[Problem]) -> None:
    if node is None:
        return
    if not isinstance(node, Pairs) or not node.pairs:
        problems.append(fault(node.spot, '"steps" phải có các bước, mỗi bước một tên'))
        return
    draft.steps = {key.value: key for key, _ in node.pairs}
    for key, value in node.pairs:
        if not is_id(key, problems):
            continue
        step = read_step(key, value, draft, problems)
        if step is not None:
            draft.read[key.value] = step


def _check_targets(draft: Draft, problems: list[Problem]) -> None:
    problems.extend(
        fault(named.spot, f"không có bước {quote(named.value)}", suggest(named.value, draft.steps))
        for named in draft.targets
        if draft.steps and named.value not in draft.steps
    )


def _check_tests(draft: Draft, problems: list[Problem]) -> None:
    """A branch asks for an answer that the guide collects, and compares it with what it can be."""
    names = {*draft.asked, *draft.settable}
    for test in draft.tests:
        name, value = test.answer.value, test.value
        number = draft.asked.get(name) == Shape.NUMBER
        if name not in names:
            hint = suggest(name, names) or "phải có bước ask hoặc set cho câu này"
            problems.append(fault(test.answer.spot, f"chưa hỏi câu nào tên {quote(name)}", hint))
        elif test.test != "is" and not number:
            hint = "bước ask cần shape: number"
            problems.append(fault(value.spot, f"{quote(name)} không phải là số để so sánh", hint))
        elif value.kind is Kind.WHOLE and not number:
            hint = f'viết "{value.value}" trong ngoặc kép'
            problems.append(fault(value.spot, f"{quote(name)} là chữ, không phải số", hint))
        elif value.kind is Kind.TEXT and number and name not in draft.settable:
            problems.append(fault(value.spot, f"{quote(name)} là số, không phải chữ"))
        elif name not in draft.asked and value.value not in draft.settable[name]:
            hint = suggest(value.value, draft.settable[name])
            message = f"không lựa chọn nào đặt {quote(name)} là {quote(value.value)}"
            problems.append(fault(value.spot, message, hint))


def _reached(start: str, called: Mapping[str, Collection[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            waiting.extend(called.get(id, ()))
    return seen
