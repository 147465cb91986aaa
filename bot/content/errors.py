"""Errors that are known word for word: `faq/errors.yaml`, what VNeID shows and what it means."""

from __future__ import annotations

from pathlib import Path

from bot.content.draft import Role, Said
from bot.content.facts import credited
from bot.content.faq import Known, answer_text, check_intent, entrance_to
from bot.content.fields import date, fields, text, texts, truth
from bot.content.flows import check_cites
from bot.content.problems import Problem, fault, quote
from bot.content.source import Items, Node, Pairs, Scalar, parse, read_document
from bot.core.faq import Credit, KnownError

_REQUIRED = ("meaning", "todo", "reviewed")
_OPTIONAL = ("shown", "heard", "office", "flow", "intent", "sources", "name", "anywhere")
_LEAST_WORDS = 3


def read_errors(
    root: Path,
    known: Known,
    said: list[Said],
    problems: list[Problem],
) -> tuple[KnownError, ...]:
    """None of them when there is no such file."""
    path = root / "faq" / "errors.yaml"
    if not path.exists():
        return ()
    document = read_document(root, path, problems)
    node = parse(document, problems) if document else None
    found = fields(node, ("errors",), (), problems) if node else None
    entries = found.get("errors") if found else None
    if not isinstance(entries, Pairs):
        if entries is not None:
            problems.append(fault(entries.spot, '"errors" phải có các lỗi, mỗi lỗi một tên'))
        return ()
    owners: dict[str, str] = {}
    errors = [_error(key, node, known, owners, said, problems) for key, node in entries.pairs]
    return tuple(error for error in errors if error is not None)


def _error(
    key: Scalar,
    node: Node,
    known: Known,
    owners: dict[str, str],
    said: list[Said],
    problems: list[Problem],
) -> KnownError | None:
    found = fields(node, _REQUIRED, _OPTIONAL, problems, key)
    if found is None:
        return None
    shown = _wordings(found.get("shown"), key, owners, problems)
    heard = _wordings(found.get("heard"), key, owners, problems)
    if not shown and not heard and not {"shown", "heard"} & set(found):
        problems.append(
            fault(key.spot, f"lỗi {quote(key.value)} không có câu nào để nhận ra", "thêm shown hoặc heard")
        )
    cites = list(texts(found.get("sources"), problems))
    check_cites(cites, known.facts, problems)
    meaning = answer_text(Role.ANSWER, found.get("meaning"), bool(cites), said, problems)
    todo = answer_text(Role.ANSWER, found.get("todo"), bool(cites), said, problems)
    name = answer_text(Role.LABEL, found["name"], True, said, problems) if "name" in found else None
    anywhere = truth(found.get("anywhere"), problems)
    reviewed = date(found.get("reviewed"), known.today, problems)
    office = truth(found.get("office"), problems)
    flow = entrance_to(found.get("flow"), known, problems)
    intent = text(found.get("intent"), problems)
    if intent is not None:
        check_intent(intent, known, problems)
    if meaning is None or todo is None or reviewed is None:
        return None
    sources = tuple(cite.value for cite in cites)
    return KnownError(
        key.value,
        shown,
        heard,
        meaning,
        todo,
        office,
        flow,
        intent.value if intent else "",
        sources,
        Credit(credited(sources, known.facts), reviewed),
        known.rests_on_old(sources),
        name,
        anywhere,
    )


def _wordings(
    node: Node | None, key: Scalar, owners: dict[str, str], problems: list[Problem]
) -> tuple[str, ...]:
    """One wording or a list; each long enough to be no everyday complaint, and of one error only."""
    if node is None:
        return ()
    single = None if isinstance(node, Items) else text(node, problems)
    scalars = list(texts(node, problems)) if isinstance(node, Items) else [single] if single else []
    for scalar in scalars:
        if len(scalar.value.split()) < _LEAST_WORDS:
            message = f"{quote(scalar.value)} ngắn quá, dễ nhầm với lời than thường"
            problems.append(fault(scalar.spot, message, f"ít nhất {_LEAST_WORDS} chữ"))
        owner = owners.setdefault(" ".join(scalar.value.lower().split()), key.value)
        if owner != key.value:
            problems.append(fault(scalar.spot, f"{quote(scalar.value)} đã thuộc lỗi {quote(owner)}"))
    return tuple(scalar.value for scalar in scalars)
