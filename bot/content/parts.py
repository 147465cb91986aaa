"""What a sentence is made of once it is read: fixed words, inserted variables, either-or."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from bot.core.flow import Text, Variables

FILTERS = ("capitalize", "upper")
_MANY = 64


@dataclass(frozen=True, slots=True)
class Fixed:
    """A sentence that is always the same. `others` say it in other languages."""

    words: str
    others: dict[str, Text] = field(default_factory=dict, compare=False, repr=False)

    def __call__(self, variables: Variables, /) -> str:
        other = self.others.get(variables.locale)
        return other(variables) if other else self.words


@dataclass(frozen=True, slots=True)
class Insert:
    variable: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """`then` when the variable has the value (or, without one, is not empty), else `otherwise`."""

    variable: str
    value: str | None
    negated: bool
    then: tuple[Part, ...]
    otherwise: tuple[Part, ...]


Part = str | Insert | Either


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with variables. It remembers what it said: there are few forms of address.

    `others` say it in other languages.
    """

    parts: tuple[Part, ...]
    others: dict[str, Text] = field(default_factory=dict, compare=False, repr=False)
    _said: dict[Variables, str] = field(default_factory=dict, compare=False, repr=False)

    def __call__(self, variables: Variables, /) -> str:
        other = self.others.get(variables.locale)
        if other:
            return other(variables)
        said = self._said.get(variables)
        if said is None:
            if len(self._said) >= _MANY:
                self._said.clear()
            said = self._said[variables] = _join(self.parts, variables).strip()
        return said


class NotAllowed(Exception):
    """A sentence uses more of the grammar than it may; `pattern` finds the place."""

    def __init__(self, pattern: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.pattern, self.message, self.hint = pattern, message, hint


def capitalize(text: str) -> str:
    """Raise the first letter and leave the rest: Jinja's own filter lowers it ("VNeID" → "Vneid")."""
    return text[:1].upper() + text[1:]


def _join(parts: tuple[Part, ...], variables: Variables) -> str:
    return "".join(_say(part, variables) for part in parts)


def _say(part: Part, variables: Variables) -> str:
    match part:
        case str():
            return part
        case Insert():
            value: str = getattr(variables, part.variable)
            for name in part.filters:
                value = capitalize(value) if name == "capitalize" else value.upper()
            return value
        case Either():
            actual: str = getattr(variables, part.variable)
            holds = bool(actual) if part.value is None else actual == part.value
            return _join(part.otherwise if holds is part.negated else part.then, variables)
        case never:
            assert_never(never)
