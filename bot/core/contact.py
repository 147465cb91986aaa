"""Who we talk to: how to address them, where they live, what they agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SOURCE = "vi"
"""The language that everything is written in; what is not translated is said in it."""

LOCALES = (SOURCE, "en")

FORMS_OF_ADDRESS = ("bác", "cô", "chú", "anh", "chị", "bạn")


PHONES = ("android", "iphone")
"""Kinds of phones that are told apart: what to press differs between them, and nothing finer is noted."""

PHONE_NAMES = {"android": "Android", "iphone": "iPhone"}


class Purpose(StrEnum):
    """What consent is asked for, each by itself (Law 91/2025 Art. 9)."""

    REMEMBER = "remember"
    VOLUNTEER = "volunteer"
    HOME_VISIT = "home_visit"


@dataclass(frozen=True, slots=True)
class Consent:
    """`at` is in seconds since 1970 UTC; `text` is the hash of the words that were agreed to."""

    purpose: Purpose
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Nothing here names a person. `xung_ho` is empty until asked.

    `commune` is the code of where they said they are; `poster` the code of the poster that led here last
    ("22291-3", or "22291" for one without a number).
    `phone` is the kind of their phone, of `PHONES`, as far as their browser or they said it; empty else.
    """

    locale: str = "vi"
    xung_ho: str = ""
    commune: str = ""
    consents: tuple[Consent, ...] = ()
    poster: str = ""
    phone: str = ""
