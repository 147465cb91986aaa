"""Copies of phrases as people send them and phrase writers do not: with a number that the sieve has masked.

A masked number says that somebody typed it, not what they want: without the copies it would speak for the few
intents whose writers thought of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle

_EVERY = 6
"""One copy for so many phrases."""
_LEADS = (
    "so can cuoc #id_card",
    "can cuoc #id_card",
    "#id_card",
    "so #id_card",
    "so dien thoai #phone",
    "so #phone",
    "#phone",
    "toi ten la #id_card",
    "chung minh #old_id_card",
    "ma #otp",
    "#otp",
    "mat khau #password",
    "passcode #passcode",
    "so tai khoan #bank_account",
)


def masked_copies(phrases: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The place of the phrase and its copy. Leads and sides take turns, so that nothing hangs on chance."""
    leads = cycle(_LEADS)
    for count, place in enumerate(range(0, len(phrases), _EVERY)):
        lead = next(leads)
        parts = (lead, phrases[place]) if count // len(_LEADS) % 2 else (phrases[place], lead)
        yield place, " ".join(parts)
