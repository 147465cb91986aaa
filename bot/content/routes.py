"""The ways through a guide: every step is reached, every step leads out, and how far along it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bot.content.problems import Problem, fault, quote
from bot.content.source import Scalar
from bot.core.flow import Ask, Branch, Case, End, Handoff, Place, Say, Step, exits, waits
from bot.core.main_way import main_way

Ways = Mapping[str, Collection[str]]


def check_routes(
    steps: Mapping[str, Step], start: str, names: Mapping[str, Scalar], problems: list[Problem]
) -> None:
    onward = {id: exits(step) for id, step in steps.items()}
    reached = _closure([start], onward)
    problems.extend(
        fault(names[id].spot, f"không có đường nào dẫn tới bước {quote(id)}", "xoá bước này hoặc dẫn tới nó")
        for id in steps
        if id not in reached
    )
    outs = [id for id, step in steps.items() if isinstance(step, (End, Handoff))]
    leading_out = _closure(outs, _reverse(onward))
    problems.extend(
        fault(
            names[id].spot,
            f"từ bước {quote(id)} không tới được kết thúc nào",
            "thêm lối ra: end hoặc handoff",
        )
        for id in steps
        if id in reached and id not in leading_out
    )
    silent = {
        id: [target for target in ways if _is_silent(steps[target])]
        for id, ways in onward.items()
        if _is_silent(steps[id])
    }
    problems.extend(
        fault(
            names[id].spot, f"bước {quote(id)} quay lại chính nó mà không chờ ai", "thêm choices vào một bước"
        )
        for id in silent
        if id in leading_out and id in _closure(silent[id], silent)
    )


def places(steps: Mapping[str, Step], start: str) -> dict[str, Place]:
    """Numbers of the waiting steps on the main way; steps reached only when stuck have none."""
    onward, order = main_way(steps, start)
    before: dict[str, int] = dict.fromkeys(order, 0)
    for id in order:
        here = before[id] + waits(steps[id])
        for target in onward[id]:
            before[target] = max(before[target], here)
    after: dict[str, int] = {}
    for id in reversed(order):
        after[id] = max((after[target] + waits(steps[target]) for target in onward[id]), default=0)
    none = Place(0, 0)
    return {
        id: Place(before[id] + 1, before[id] + 1 + after[id]) if id in after and waits(step) else none
        for id, step in steps.items()
    }


def given(steps: Mapping[str, Step], start: str) -> dict[str, dict[str, str]]:
    """The answers that every way from the start to a step sets alike; steps without any are left out."""
    known: dict[str, dict[str, str]] = {start: {}}
    waiting = [start]
    while waiting:
        id = waiting.pop()
        for target, sets in _arrows(steps[id]):
            arriving = {**known[id], **dict(sets)}
            before = known.get(target)
            both = arriving if before is None else dict(before.items() & arriving.items())
            if both != before:
                known[target] = both
                waiting.append(target)
    return {id: answers for id, answers in known.items() if answers}


def _arrows(step: Step) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Where a step leads, and which answers are certain on that way."""
    match step:
        case Say(ways=ways) if ways:
            return [(way.next, way.sets) for way in ways]
        case Ask(ways=ways, next=following):
            return [(following, ()), *((way.next, way.sets) for way in ways)]
        case Branch(cases=cases, otherwise=otherwise):
            return [*((case.next, _proved(case)) for case in cases), (otherwise, ())]
        case _:
            return [(target, ()) for target in exits(step)]


def _proved(case: Case) -> tuple[tuple[str, str], ...]:
    """What is certain behind a case that has held."""
    return ((case.answer, case.value),) if case.test == "is" and isinstance(case.value, str) else ()


def _is_silent(step: Step) -> bool:
    """Whether the engine goes on from here in the same turn."""
    return isinstance(step, Branch) or (isinstance(step, Say) and not waits(step))


def _closure(starts: Iterable[str], ways: Ways) -> set[str]:
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            waiting.extend(ways.get(id, ()))
    return seen


def _reverse(ways: Ways) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {}
    for id, targets in ways.items():
        for target in targets:
            back.setdefault(target, []).append(id)
    return back
