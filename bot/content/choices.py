"""The numbered answers of a step."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.draft import Draft, Role, sentence, target
from bot.content.fields import fields, identifier, items, one_of, text, texts
from bot.content.folding import fold
from bot.content.problems import Problem, fault, quote
from bot.content.source import Kind, Node, Pairs, Scalar
from bot.core.contact import Purpose
from bot.core.flow import Way

MOST_CHOICES = 3


def read_ways(found: Mapping[str, Node], draft: Draft, problems: list[Problem]) -> tuple[Way, ...] | None:
    """The choices; None when one of them could not be read."""
    entries = items(found.get("choices"), problems)
    if "choices" in found and not entries:
        problems.append(fault(found["choices"].spot, '"choices" còn trống'))
        return None
    if len(entries) > MOST_CHOICES:
        hint = "gộp lại hoặc tách thành hai bước"
        problems.append(
            fault(entries[MOST_CHOICES].spot, f"có {len(entries)} lựa chọn, tối đa {MOST_CHOICES}", hint)
        )
    taken: dict[str, int] = {}
    ways = [_way(number, entry, taken, draft, problems) for number, entry in enumerate(entries, 1)]
    return None if None in ways else tuple(way for way in ways if way is not None)


def _way(number: int, node: Node, taken: dict[str, int], draft: Draft, problems: list[Problem]) -> Way | None:
    found = fields(node, ("label", "next"), ("stuck", "also", "set", "intents", "consent"), problems)
    if found is None:
        return None
    label = text(found.get("label"), problems)
    words = sentence(Role.LABEL, label, draft, problems, cited=True)
    following = target(found.get("next"), draft, problems)
    stuck = _reason(found, problems)
    also = tuple(texts(found.get("also"), problems))
    sets = _sets(found, draft, problems)
    intents = tuple(texts(found.get("intents"), problems))
    consent = one_of(found.get("consent"), (Purpose.HOME_VISIT,), problems)
    draft.meant.extend(intents)
    for scalar in (*((label,) if label else ()), *also):
        other = taken.setdefault(fold(scalar.value), number)
        if other != number:
            message = f"{quote(scalar.value)} trùng với lựa chọn {other} (kể cả khi bỏ dấu)"
            problems.append(fault(scalar.spot, message, "viết cho khác nhau"))
    if words is None or following is None or ("stuck" in found and stuck is None):
        return None
    return Way(
        words,
        following,
        stuck or "",
        tuple(scalar.value for scalar in also),
        sets,
        tuple(scalar.value for scalar in intents),
        Purpose(consent) if consent else None,
    )


def _reason(found: Mapping[str, Node], problems: list[Problem]) -> str | None:
    node = found.get("stuck")
    if isinstance(node, Scalar) and node.kind is Kind.NOTHING:
        problems.append(fault(node.spot, '"stuck" thiếu lý do', "viết một tên ngắn, như khong-thay-nut"))
        return None
    scalar = identifier(node, problems)
    return scalar.value if scalar else None


def _sets(found: Mapping[str, Node], draft: Draft, problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    node = found.get("set")
    if node is None:
        return ()
    if not isinstance(node, Pairs):
        problems.append(fault(node.spot, 'viết như {loai: "muc-2"}'))
        return ()
    sets: list[tuple[str, str]] = []
    for key, value in node.pairs:
        name, scalar = identifier(key, problems), text(value, problems)
        if name is None or scalar is None:
            continue
        draft.settable.setdefault(name.value, set()).add(scalar.value)
        sets.append((name.value, scalar.value))
    return tuple(sets)
