"""A guide as it is read from top to bottom: main way, side ways under their labels, help beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from bot.core.flow import (
    Ask,
    Branch,
    Call,
    Case,
    End,
    Flow,
    Handoff,
    Say,
    Step,
    Variables,
    Way,
    flow_of,
    main_exits,
)
from bot.core.home_booking import OFFERED, OPEN
from bot.core.message import Picture
from bot.web.tongue import VIETNAMESE, Tongue, marked

DEPENDS = marked("Tuỳ trường hợp")
"""The heading of a place that only parts ways."""

_TESTS = {
    "is": marked("«{question}» là {value}"),
    "below": marked("«{question}» dưới {value}"),
    "above": marked("«{question}» trên {value}"),
}

Arrow = tuple[str, str]
"""What the reader would say, and the step it leads to."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A step that stands elsewhere on the page."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing to do. `place` is "3/7" as the chat says it; empty beside the main way.

    `call` is another guide to be walked here; `person` that somebody is called.
    """

    id: str
    title: str
    place: str = ""
    text: str = ""
    dated: bool = False
    picture: Picture | None = None
    call: str = ""
    person: bool = False
    ways: tuple[Side, ...] = ()
    help: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """A way apart under its label, and the step it leads on to unless it ends."""

    label: str
    stops: tuple[Stop, ...]
    then: Mention | None


def read(
    flow: Flow, variables: Variables, named: Callable[[str], str] = str, tongue: Tongue = VIETNAMESE
) -> tuple[Stop, ...]:
    """Every step that can be reached, each once: what comes by again is mentioned, not repeated.

    `named` gives a title in the reader's language.
    """
    return _Reader(flow, variables, named, tongue).way(flow.start, frozenset())[0]


class _Reader:
    def __init__(self, flow: Flow, variables: Variables, named: Callable[[str], str], tongue: Tongue) -> None:
        self._flow = flow
        self._variables = variables
        self._named = named
        self._tongue = tongue
        self._main = frozenset(_in_order(flow, flow.start, frozenset()))
        self._told: set[str] = set()

    def way(self, start: str, until: frozenset[str]) -> tuple[tuple[Stop, ...], str]:
        """The steps from `start` on, and the one in `until` or told before where they lead to, if any."""
        stops: list[Stop] = []
        here = start
        while here and here not in until and here not in self._told:
            self._told.add(here)
            step = self._flow.steps[here]
            arrows = self._arrows(step)
            if len(arrows) < 2:
                stops.append(self._stop(step, ()))
                here = arrows[0][1] if arrows else ""
                continue
            meeting = _meeting(self._flow, [target for _, target in arrows], until | self._told)
            sides = tuple(self._side(label, target, until | {meeting}) for label, target in arrows)
            stops.append(self._stop(step, sides))
            here = meeting
        return tuple(stops), here

    def _side(self, label: str, target: str, until: frozenset[str]) -> Side:
        stops, here = self.way(target, until)
        then = Mention(here, self._title(self._flow.steps[here])) if here else None
        return Side(label, stops, then)

    def _arrows(self, step: Step) -> list[Arrow]:
        """The exits of the main way, each target once, under what one says to go there."""
        labels: dict[str, list[str]] = {}
        for target in main_exits(step):
            labels.setdefault(target, [])
        match step:
            case Say(ways=ways) | Ask(ways=ways):
                for way in ways:
                    if not way.stuck:
                        labels[way.next].append(f"«{way.label(self._variables)}»")
                if isinstance(step, Ask) and not labels[step.next]:
                    labels[step.next].append(self._tongue(marked("trả lời được câu hỏi")))
            case Branch(cases=cases):
                for case in cases:
                    labels[case.next].extend(self._said_for(case))
            case Call() | Handoff() | End():
                pass
            case never:
                assert_never(never)
        either, otherwise = self._tongue(marked("hoặc")), self._tongue(marked("trường hợp khác"))
        return [(f" {either} ".join(said) or otherwise, target) for target, said in labels.items()]

    def _said_for(self, case: Case) -> list[str]:
        """A case of an earlier answer as the reader remembers it: what they chose or were asked."""
        if case.test == "home_visit":
            known = {OFFERED: marked("nơi có tình nguyện viên đến nhà"), OPEN: marked("đã hẹn người đến nhà")}
            return [self._tongue(known[str(case.value)])]
        before = self._tongue(marked("lúc trước bác chọn «{answer}»"))
        chosen = [
            before.format(answer=way.label(self._variables))
            for step in self._flow.steps.values()
            for way in _ways(step)
            if case.test == "is" and (case.answer, case.value) in way.sets
        ]
        asked = [
            self._tongue(_TESTS[case.test]).format(question=self._named(step.title), value=case.value)
            for step in self._flow.steps.values()
            if isinstance(step, Ask) and step.answer == case.answer
        ]
        return list(dict.fromkeys(chosen or asked))

    def _stop(self, step: Step, sides: tuple[Side, ...]) -> Stop:
        title = self._title(step)
        place = self._flow.places.get(step.id)
        number = f"{place.number}/{place.total}" if place and place.number else ""
        match step:
            case Say() | Ask() | End():
                text = step.text(self._variables).strip()
                helps = tuple(self._help(way) for way in _ways(step) if way.stuck)
                picture = step.picture if isinstance(step, Say) else None
                if picture is not None:
                    picture = replace(picture, alt=self._named(picture.alt))
                return Stop(step.id, title, number, text, step.dated, picture, ways=sides, help=helps)
            case Handoff():
                return Stop(step.id, title, number, person=True)
            case Call():
                return Stop(step.id, title, number, call=flow_of(step.entrance))
            case Branch():
                return Stop(step.id, title, ways=sides)
            case never:
                assert_never(never)

    def _title(self, step: Step) -> str:
        return self._tongue(DEPENDS) if isinstance(step, Branch) else self._named(step.title)

    def _help(self, way: Way) -> Side:
        return self._side(way.label(self._variables), way.next, self._main)


def _in_order(flow: Flow, start: str, without: frozenset[str]) -> list[str]:
    """Steps of people who are not stuck, nearest first."""
    found: dict[str, None] = {} if start in without else {start: None}
    waiting = list(found)
    for here in waiting:  # grows while it is walked
        for following in main_exits(flow.steps[here]):
            if following not in found and following not in without:
                found[following] = None
                waiting.append(following)
    return waiting


def _meeting(flow: Flow, targets: list[str], without: frozenset[str]) -> str:
    """Where ways that part come together, at least two of them; else where the longest begins."""
    orders = [_in_order(flow, target, without) for target in targets]
    longest = max(orders, key=len)
    others = [set(order) for order in orders if order is not longest]
    for step in longest:
        if any(step in other for other in others):
            return step
    return longest[0] if longest else ""


def _ways(step: Step) -> tuple[Way, ...]:
    return step.ways if isinstance(step, (Say, Ask)) else ()
