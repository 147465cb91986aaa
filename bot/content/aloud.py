"""How long a guide takes to listen to, for one who never gets stuck: less than three minutes.

Vietnamese that is read aloud slowly runs at about 150 to 180 syllables a minute; the slow end is taken,
because those who let it be read to them are old.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.content.draft import Draft
from bot.content.problems import Problem, fault
from bot.content.prose import syllables
from bot.core.flow import Ask, Branch, Case, End, Flow, Handoff, Say, Step, Variables, exits

MINUTES = 3
SYLLABLES_A_MINUTE = 150
_MOST = MINUTES * SYLLABLES_A_MINUTE
_NAMED = 3


class Heard(NamedTuple):
    """A step of the main way: what is told, and the choice that leads on."""

    step: str
    text: str
    label: str = ""


def main_way(flow: Flow) -> tuple[Heard, ...]:
    """What the resident hears who always takes the first choice that is not stuck."""
    return tuple(_walk(flow))


def syllables_of(way: tuple[Heard, ...]) -> int:
    """Every text, and every choice that is taken; one that comes again is known by then."""
    return sum(syllables(heard.text) for heard in way) + sum(map(syllables, {heard.label for heard in way}))


def check_aloud(draft: Draft, problems: list[Problem]) -> None:
    if draft.flow is None:
        return
    way = main_way(draft.flow)
    many = syllables_of(way)
    if many <= _MOST:
        return
    longest = sorted(way, key=lambda heard: -syllables(heard.text))[:_NAMED]
    named = ", ".join(f"{heard.step} ({syllables(heard.text)})" for heard in longest)
    message = f"đọc to đường chính hết {many} tiếng, tối đa {_MOST} ({MINUTES} phút)"
    problems.append(fault(draft.steps[longest[0].step].spot, message, f"rút ngắn bước dài nhất: {named}"))


def _walk(flow: Flow) -> Iterator[Heard]:
    variables = Variables()
    answers: dict[str, str] = {}
    seen: set[str] = set()
    step: Step | None = flow.step(flow.start)
    while step is not None and step.id not in seen:
        seen.add(step.id)
        way = next((way for way in step.ways if not way.stuck), None) if isinstance(step, Say) else None
        if isinstance(step, (Say, Ask, Handoff, End)):
            yield Heard(step.id, step.text(variables), way.label(variables) if way else "")
        if way is not None:
            answers.update(way.sets)
        following = way.next if way else _onward(step, answers)
        step = flow.step(following) if following else None


def _onward(step: Step, answers: dict[str, str]) -> str:
    if isinstance(step, Branch):
        return next((case.next for case in step.cases if _holds(case, answers)), step.otherwise)
    return next(iter(exits(step)), "")


def _holds(case: Case, answers: dict[str, str]) -> bool:
    """Of what was typed nothing is known here: only choices set answers."""
    return case.test == "is" and answers.get(case.answer) == case.value
