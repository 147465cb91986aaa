"""Communes: where a person is, as far as they say so themselves or a poster did."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Protocol

from bot.core.contact import Contact

CODE_LENGTH = 5

MOST_NUMBER = 999
"""The highest number of a commune's posters: with more digits a code looks like that of an old ID card."""

MOST_OFFERED = 3
"""Communes that are offered to choose from; of more the province is asked."""


@dataclass(frozen=True, slots=True)
class Commune:
    """`name` and `province` say what each is, too: "Xã Hòa Xuân", "tỉnh Đắk Lắk"; `within` is the province's
    code, two digits.
    """

    code: str
    name: str
    province: str
    within: str = ""

    @property
    def label(self) -> str:
        return f"{self.name}, {self.province}"

    @property
    def spoken(self) -> str:
        """Inside a sentence."""
        return self.label[:1].lower() + self.label[1:]


@dataclass(frozen=True, slots=True)
class Named:
    """What a message names that names a commune and says nothing else.

    `communes` are those that may be meant; none for a code that does not exist. `sure`: the only one may be
    taken without asking. `name` is what was named, as far as a province could tell it apart. `poster` is the
    code that was typed, as `poster_code` reads it: codes stand on posters and nowhere else.
    """

    communes: tuple[Commune, ...]
    sure: bool = False
    name: str = ""
    poster: str = ""


class Places(Protocol):
    """All communes there are. Implementations are pure: the same question gets the same answer."""

    def commune(self, code: str, /) -> Commune | None: ...

    def named(self, text: str, /) -> Named | None:
        """What the whole text names, by code or by name; None when it is about something else."""
        ...


class Nowhere:
    """Where communes play no part."""

    def commune(self, _: str, /) -> Commune | None:
        return None

    def named(self, _: str, /) -> Named | None:
        return None


def is_code(text: str) -> bool:
    """Whether a text has the form of a commune's code."""
    return len(text) == CODE_LENGTH and text.isascii() and text.isdigit()


def real(places: Places, code: str) -> str:
    """The code if there is such a commune; empty otherwise, for codes come from whoever writes them."""
    return code if is_code(code) and places.commune(code) else ""


def poster_code(commune: str, number: int) -> str:
    """What stands on a poster: "22291-3", or "22291" on one without a number (0)."""
    return f"{commune}-{number}" if number else commune


def read_poster(code: str) -> tuple[str, int] | None:
    """The commune's code and the number (0: none) that a poster's code is made of; None for anything else."""
    found = _POSTER.fullmatch(code)
    return (found[1], int(found[2] or 0)) if found else None


def real_poster(places: Places, code: str) -> str:
    """A poster's code if there is such a commune, whatever its number; empty otherwise."""
    commune, number = read_poster(code) or ("", 0)
    return poster_code(commune, number) if real(places, commune) else ""


def commune_of(poster: str) -> str:
    return poster[:CODE_LENGTH]


def hung(poster: str, known: Collection[str]) -> str:
    """As which poster one is counted: whoever makes up a number read some poster of that commune."""
    return poster if poster in known else commune_of(poster)


def led_by_poster(places: Places, contact: Contact, code: str, known: Collection[str] = ()) -> Contact:
    """The contact after a poster told where they are; `known` are the codes of those with a number.

    A new poster wins. One that was read before says nothing new: it must not take back what was said since.
    """
    poster = hung(real_poster(places, code), known)
    if not poster or poster == contact.poster:
        return contact
    return replace(contact, commune=commune_of(poster), poster=poster)


_POSTER = re.compile(r"([0-9]{5})(?:-(0|[1-9][0-9]{0,2}))?", re.ASCII)
