"""A guide and its numbers, step by step in the guide's order. The drawing, the table and the details of a
page are made of this alone, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.core.events import LOST
from bot.core.figures import Figures, StepFigures, Way
from bot.core.flow import Ask, Branch, Call, End, Ending, Flow, Handoff, Say, Step, Variables, flow_of
from bot.core.main_way import along, beside
from bot.core.session import How, Outcome


class Share(StrEnum):
    """What became of people at a step, as its bar is cut. Together they are all who came."""

    ON = "on"
    BACK = "back"
    SKIPPED = "skipped"
    STUCK = "stuck"
    HUMAN = "human"
    OFFLINE = "offline"
    OUTAGE = "outage"
    OPEN = "open"
    LOST = "lost"


_SHARES = {
    Outcome.ESCALATED: Share.HUMAN,
    Outcome.WENT_OFFLINE: Share.OFFLINE,
    Outcome.OUTAGE: Share.OUTAGE,
    Outcome.OPEN: Share.OPEN,
    **dict.fromkeys(LOST, Share.LOST),
}


@dataclass(frozen=True, slots=True)
class Exit:
    """A way that was walked out of a step. `where` is what it led to, `short` the same where there is
    little room; `why` the words of the choice that said
    they were stuck; `next`: straight on; `back`: to a step behind.
    """

    way: Way
    where: str
    short: str
    why: str
    share: Share
    next: bool
    back: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A step with its numbers. `number` is the one residents see ("3"), empty for help; `calls` is the guide
    walked here; `aside` are the steps that help those who are stuck here. `silent`: the machine decides.
    """

    id: str
    number: str
    title: str
    figures: StepFigures
    exits: tuple[Exit, ...]
    calls: str = ""
    silent: bool = False
    aside: tuple[Stop, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def shares(self) -> dict[Share, int]:
        """In the order of the bar; those without people are left out."""
        found = dict.fromkeys(Share, 0)
        for exit in self.exits:
            found[exit.share] += exit.way.persons
        for outcome, count in self.figures.outcomes.items():
            if outcome in _SHARES:
                found[_SHARES[outcome]] += count
        return {share: count for share, count in found.items() if count}


@dataclass(frozen=True, slots=True)
class Outline:
    """`main` from top to bottom; `gone` are steps of earlier editions that people met in these weeks."""

    flow: Flow
    figures: Figures
    main: tuple[Stop, ...]
    gone: tuple[Stop, ...] = ()

    def __iter__(self) -> Iterator[Stop]:
        """Each step once, those beside after the one they stand beside."""
        for stop in self.main:
            yield stop
            yield from stop.aside
        yield from self.gone


def outline(flow: Flow, figures: Figures, earlier: Mapping[str, Step] | None = None) -> Outline:
    """`earlier` are steps that the guide no longer has, by their ids."""
    main = along(flow.steps, flow.start)
    around = beside(flow.steps, main)
    order = [id for step in main for id in (step, *around[step])]
    walked = {way.to for one in figures.steps.values() for way in one.ways if way.how is not How.END}
    gone = sorted((set(figures.steps) | walked) - set(order))
    known = {**(earlier or {}), **flow.steps}
    place = {id: index for index, id in enumerate((*order, *gone))}
    following = dict(zip(main, (*main[1:], ""), strict=True))

    def stop(id: str, aside: tuple[Stop, ...] = ()) -> Stop:
        step = known.get(id)
        found = figures.step(id)
        exits = tuple(_exit(way, id, step, following.get(id, ""), place, name, short) for way in found.ways)
        number = flow.places[id].number if id in flow.places else 0
        return Stop(
            id,
            str(number) if number else "",
            title_of(id, step),
            found,
            exits,
            flow_of(step.entrance) if isinstance(step, Call) else "",
            isinstance(step, Branch),
            aside,
        )

    def name(id: str) -> str:
        number = flow.places[id].number if id in flow.places else 0
        return f"{number}. {title_of(id, known.get(id))}" if number else title_of(id, known.get(id))

    def short(id: str) -> str:
        number = flow.places[id].number if id in flow.places else 0
        return f"bước {number}" if number else title_of(id, known.get(id))

    stops = tuple(stop(id, tuple(stop(other) for other in around[id])) for id in main)
    return Outline(flow, figures, stops, tuple(stop(id) for id in gone if figures.step(id).reached))


def title_of(id: str, step: Step | None) -> str:
    """What a step is called; one that nobody knows any more by its id."""
    match step:
        case Say() | Ask() | Call() | Handoff() | End():
            return step.title
        case Branch():
            return "Tự rẽ theo câu trả lời trước"
        case None:
            return id.replace("-", " ")
        case never:
            assert_never(never)


def _exit(
    way: Way,
    here: str,
    step: Step | None,
    following: str,
    place: Mapping[str, int],
    name: Callable[[str], str],
    short: Callable[[str], str],
) -> Exit:
    ends = way.how is How.END
    back = not ends and way.how is not How.STUCK and place[way.to] <= place[here]
    return Exit(
        way,
        _END[way.to] if ends and way.to in _END else name(way.to),
        _END[way.to] if ends and way.to in _END else short(way.to),
        _why(way, step) if way.how is How.STUCK else "",
        _share(way),
        way.to == following and way.how in {How.CHOICE, How.ONWARD, How.RETURN},
        back or way.how is How.BACK,
    )


_END: Mapping[str, str] = {Ending.COMPLETED: "làm xong hướng dẫn", Ending.WENT_OFFLINE: "làm tiếp ở ngoài"}


def _share(way: Way) -> Share:
    match way.how:
        case How.STUCK:
            return Share.STUCK
        case How.SKIP:
            return Share.SKIPPED
        case How.BACK:
            return Share.BACK
        case How.CHOICE | How.ONWARD | How.RETURN | How.HANDED | How.END:
            return Share.ON
        case never:
            assert_never(never)


def _why(way: Way, step: Step | None) -> str:
    """The words of the choice; the reason's own name when the choice is no longer there."""
    ways = step.ways if isinstance(step, Say | Ask) else ()
    same = [one for one in ways if one.stuck == way.reason]
    exact = [one for one in same if one.next == way.to]
    return (exact or same)[0].label(Variables()) if same else way.reason.replace("-", " ")
