"""A step that asks for a visit at home: what it names must have been asked and agreed to."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.content.draft import Booked, Draft
from bot.content.fields import fields, identifier
from bot.content.problems import Problem, fault, quote, suggest
from bot.content.source import Node, Scalar
from bot.core.contact import Purpose
from bot.core.flow import Ask, Booking, End, Ending, Say, Shape, Step, exits
from bot.core.home_visit import Need, Slot

_CHOSEN = {"slot": tuple(Slot), "need": tuple(Need)}


def read_booking(step: str, node: Node | None, draft: Draft, problems: list[Problem]) -> Booking | None:
    if node is None:
        return None
    found = fields(node, ("hamlet", "landmark", "slot"), ("days", "need"), problems)
    names = {key: identifier(value, problems) for key, value in (found or {}).items()}
    known = {key: name for key, name in names.items() if name is not None}
    if found is None or len(known) < len(names) or not {"hamlet", "landmark", "slot"} <= known.keys():
        return None
    draft.booked.append(Booked(step, node.spot, known))
    return Booking(**{key: name.value for key, name in known.items()})


def check_bookings(draft: Draft, start: str, problems: list[Problem]) -> None:
    for booked in draft.booked:
        problems.extend(_faults(booked, draft, start))


def _faults(booked: Booked, draft: Draft, start: str) -> Iterator[Problem]:
    step = draft.read[booked.step]
    if isinstance(step, End) and step.ending is not Ending.WENT_OFFLINE:
        yield fault(booked.spot, "hẹn đến nhà thì bước phải là end: went_offline", "việc còn làm ngoài chat")
    if Shape.COMMUNE not in draft.asked.values():
        hint = "thêm bước ask có shape: commune"
        yield fault(booked.spot, "hẹn đến nhà mà chưa hỏi xã, phường", hint)
    for key, name in booked.names.items():
        yield from _misnamed(key, name, draft)
    if booked.step in _reached_unasked(draft.read, start):
        hint = "mọi đường tới đây phải qua một lựa chọn có consent: home_visit"
        yield fault(booked.spot, "hẹn đến nhà mà chưa xin phép", hint)


def _misnamed(key: str, name: Scalar, draft: Draft) -> Iterator[Problem]:
    """The place and the days are asked in free words; the time of day and the need are chosen."""
    set_to: Collection[str] = draft.settable.get(name.value, ())
    if key in _CHOSEN:
        known = _CHOSEN[key]
        wrong = sorted(set(set_to) - set(known))
        if not set_to or name.value in draft.asked:
            hint = f"đặt bằng set: {{{name.value}: {known[0]}}}"
            yield fault(name.spot, f"{quote(name.value)} phải là câu chọn sẵn", hint)
        elif wrong:
            hint = "chọn: " + ", ".join(known)
            yield fault(name.spot, f"{quote(name.value)} không được là {quote(wrong[0])}", hint)
    elif draft.asked.get(name.value) != Shape.TEXT:
        hint = suggest(name.value, draft.asked) or f"phải có bước ask với answer: {name.value}"
        yield fault(name.spot, f"chưa hỏi câu nào tên {quote(name.value)}", hint)


def _reached_unasked(steps: dict[str, Step], start: str) -> set[str]:
    """The steps that somebody can come to without having agreed to a visit."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            waiting.extend(_unasked(steps[id]))
    return seen


def _unasked(step: Step) -> Iterator[str]:
    if not isinstance(step, (Say, Ask)) or not step.ways:
        yield from exits(step)
        return
    yield from (way.next for way in step.ways if way.consent is not Purpose.HOME_VISIT)
    if isinstance(step, Ask):
        yield step.next
