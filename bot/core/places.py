"""Communes: where a person is, as far as they say so themselves or a poster did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from bot.core.contact import Contact

CODE_LENGTH = 5

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
    taken without asking. `name` is what was named, as far as a province could tell it apart.
    """

    communes: tuple[Commune, ...]
    sure: bool = False
    name: str = ""


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


def led_by_poster(places: Places, contact: Contact, code: str) -> Contact:
    """The contact after a poster told where they are.

    A new poster wins. One that was read before says nothing new: it must not take back what was said since.
    """
    if not code or code == contact.poster or not real(places, code):
        return contact
    return replace(contact, commune=code, poster=code)
