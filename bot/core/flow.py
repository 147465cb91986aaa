"""A flow is a guide: steps, and ways between them.

Steps are a closed union of frozen dataclasses. What is written in `flows/*.yaml` becomes these
objects in `content/flows.py`; the engine runs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, assert_never

from bot.core.contact import SOURCE, Purpose
from bot.core.message import Picture

HOUR = 3600
DAY = 24 * HOUR
DEFAULT_WINDOW = 3 * DAY


@dataclass(frozen=True, slots=True)
class Variables:
    """What a text may mention. Residents' own words are never among them.

    `buoc`, `viec` and `dieu` (a step, a guide's title, the kinds of secrets just masked) are filled for the
    bot's own sentences only. `locale` is the language to say it in; a text that is not translated is said as
    it was written.
    """

    xung_ho: str = "bác"
    to_chuc: str = ""
    dia_chi_web: str = ""
    buoc: str = ""
    viec: str = ""
    dieu: str = ""
    locale: str = SOURCE


class Text(Protocol):
    """A sentence written by an author, waiting for its variables."""

    def __call__(self, variables: Variables, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Way:
    """A numbered answer to a step and where it leads.

    `stuck` names the sticking point when the answer means "I cannot": it is what organisers count.
    `also` are other things people type for the same answer. `sets` are answers remembered when it is
    chosen, for a later branch. `intents` are what a free message may be about that means this answer: at
    this step, "k thay tin nhan nao" is not a new question but this choice. `consent` is what is agreed to by
    choosing it, in the words of the step.
    """

    label: Text
    next: str
    stuck: str = ""
    also: tuple[str, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    intents: tuple[str, ...] = ()
    consent: Purpose | None = None


class Ending(StrEnum):
    COMPLETED = "completed"
    WENT_OFFLINE = "went_offline"


@dataclass(frozen=True, slots=True)
class Say:
    """Tell something. With `ways` it waits for an answer; without, it goes on to `next`."""

    id: str
    title: str
    text: Text
    ways: tuple[Way, ...] = ()
    next: str = ""
    window: int = DEFAULT_WINDOW
    remind: int = 0
    picture: Picture | None = None
    dated: bool = False
    sources: tuple[str, ...] = ()


class Shape(StrEnum):
    """What an answer in free words must look like. A commune is not asked for when it is known."""

    TEXT = "text"
    NUMBER = "number"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for free words (never a code or a number that identifies) and keep them as `answer`."""

    id: str
    title: str
    text: Text
    answer: str
    next: str
    shape: Shape = Shape.TEXT
    least: int = 1
    most: int = 200
    retry: Text | None = None
    ways: tuple[Way, ...] = ()
    window: int = DEFAULT_WINDOW
    remind: int = 0
    dated: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """`answer` compared with `value` by `test` (is, below, above); `next` when it holds.

    The test `home_visit` asks no answer, but whether visits at home are "offered" here, or one is "open".
    """

    answer: str
    test: str
    value: str | int
    next: str

    def holds(self, answer: str | int | None) -> bool:
        match self.test, answer, self.value:
            case "is", _, value:
                return answer == value
            case "below", int(number), int(value):
                return number < value
            case "above", int(number), int(value):
                return number > value
            case _:
                return False


@dataclass(frozen=True, slots=True)
class Branch:
    """Go one way or another by earlier answers; says nothing itself."""

    id: str
    cases: tuple[Case, ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class Call:
    """Walk another flow, from an entrance, and come back to `next`."""

    id: str
    title: str
    entrance: str
    next: str


@dataclass(frozen=True, slots=True)
class Handoff:
    """Ask for a human. `next` is where the guide goes on when the human gives back."""

    id: str
    title: str
    text: Text
    next: str
    dated: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """The names of the answers that a visit at home is asked for with; the last two may be empty."""

    hamlet: str
    landmark: str
    slot: str
    days: str = ""
    need: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """The guide is over: done here, or to be done outside the chat. `books` asks for a visit at home."""

    id: str
    title: str
    text: Text
    ending: Ending
    dated: bool = False
    sources: tuple[str, ...] = ()
    books: Booking | None = None


Step = Say | Ask | Branch | Call | Handoff | End
Told = Say | Ask | Handoff | End


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands on the guide's main way: "bước 3/7". Help steps have number 0."""

    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Flow:
    """One guide in one version. `version` is the hash of what its file says.

    `intents` are what starts it, each with the step it starts at. `given` are the answers that everybody has
    who comes to a step, whichever way: who enters there has them too. `change` says what this version
    changed, and why, for organisers.
    """

    id: str
    version: str
    title: str
    goal: str
    intents: Mapping[str, str]
    reviewed: str
    sources: tuple[str, ...]
    start: str
    steps: Mapping[str, Step]
    places: Mapping[str, Place]
    given: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    change: str = ""

    def step(self, id: str) -> Step:
        return self.steps[id]


def entrance(flow: str, step: str = "") -> str:
    """Where a guide is entered, as content and buttons name it: "otp" or "otp/ma-sai"."""
    return f"{flow}/{step}" if step else flow


def flow_of(entrance: str) -> str:
    return entrance.partition("/")[0]


def exits(step: Step) -> tuple[str, ...]:
    """All steps that can follow, in the author's order."""
    match step:
        case Say(ways=ways, next=following):
            return tuple(way.next for way in ways) or (following,)
        case Ask(ways=ways, next=following):
            return (following, *(way.next for way in ways))
        case Branch(cases=cases, otherwise=otherwise):
            return (*(case.next for case in cases), otherwise)
        case Call(next=following) | Handoff(next=following):
            return (following,)
        case End():
            return ()
        case never:
            assert_never(never)


def main_exits(step: Step) -> tuple[str, ...]:
    """The exits of a person who is not stuck."""
    match step:
        case Say(ways=ways) if ways:
            return tuple(way.next for way in ways if not way.stuck)
        case Ask(ways=ways, next=following):
            return (following, *(way.next for way in ways if not way.stuck))
        case _:
            return exits(step)


def waits(step: Step) -> bool:
    """Whether the engine stops here until the person answers."""
    return isinstance(step, Ask) or (isinstance(step, Say) and bool(step.ways))


def led_past(guide: Flow, path: tuple[str, ...], step: str) -> tuple[str, ...]:
    """The steps of the main way between those behind and another one, past which somebody is led who is set
    down there: "quay lại" leads through them, and the step has the number that everybody sees.
    """
    places = guide.places
    behind = max((places[id].number for id in path), default=0)
    between: dict[int, str] = {}
    for id, place in places.items():
        if behind < place.number < places[step].number and waits(guide.steps[id]):
            between.setdefault(place.number, id)
    return tuple(id for _, id in sorted(between.items()))
