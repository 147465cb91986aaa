"""What reading a guide gathers besides the guide: names and sentences with their places, for later checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.content.fields import text
from bot.content.problems import Problem, Spot
from bot.content.source import Node, Scalar
from bot.content.texts import read_text
from bot.core.flow import Flow, Step, Text


class Role(StrEnum):
    """What a sentence is for; each has its own limits."""

    STEP = "step"
    LABEL = "label"
    RETRY = "retry"
    QUESTION = "question"
    ANSWER = "answer"
    CANNED = "canned"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it stands in the file. `cited`: it belongs to something that names its facts.

    `acts`: it tells the resident to do something and waits for it.
    """

    role: Role
    scalar: Scalar
    text: Text
    cited: bool = True
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a branch: the answer's name, how it is compared, and with what."""

    answer: Scalar
    test: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Pictured:
    """A step's picture: the screen's name and the words it points at, as they are written."""

    step: str
    phone: Scalar
    highlight: Scalar | None


@dataclass(frozen=True, slots=True)
class Booked:
    """A step that asks for a visit at home: where it says so, and the answers it names."""

    step: str
    spot: Spot
    names: Mapping[str, Scalar]


@dataclass(slots=True)
class Draft:
    """One guide being read. `unshown` are the words of steps that speak of a button and have no picture."""

    id: str
    file: str
    outdated: frozenset[str] = frozenset()
    steps: dict[str, Scalar] = field(default_factory=dict)
    read: dict[str, Step] = field(default_factory=dict)
    targets: list[Scalar] = field(default_factory=list)
    calls: list[Scalar] = field(default_factory=list)
    cites: list[Scalar] = field(default_factory=list)
    intents: list[Scalar] = field(default_factory=list)
    meant: list[Scalar] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    pictured: list[Pictured] = field(default_factory=list)
    unshown: list[Scalar] = field(default_factory=list)
    settable: dict[str, set[str]] = field(default_factory=dict)
    booked: list[Booked] = field(default_factory=list)
    flow: Flow | None = None


def sentence(
    role: Role, node: Node | None, draft: Draft, problems: list[Problem], *, cited: bool, acts: bool = False
) -> Text | None:
    scalar = text(node, problems)
    words = read_text(scalar, problems) if scalar else None
    if scalar is not None and words is not None:
        draft.said.append(Said(role, scalar, words, cited, acts))
    return words


def target(node: Node | None, draft: Draft, problems: list[Problem]) -> str | None:
    """The id of a step that is to follow; whether there is such a step is checked when all are read."""
    scalar = text(node, problems)
    if scalar is None:
        return None
    draft.targets.append(scalar)
    return scalar.value
