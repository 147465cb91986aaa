"""What is typed about a visit at home, read from its forms; None when something is missing or impossible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.home_visit import LONGEST, Meeting, Need, Sign, Slot, Wish


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed, and why it was not taken."""

    form: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""


def wish_of(form: Mapping[str, str]) -> Wish | None:
    hamlet, landmark, days = (_words(form, name) for name in ("thon", "moc", "ngay"))
    slot, need = form.get("buoi", ""), form.get("viec", "")
    if not hamlet or slot not in set(Slot):
        return None
    return Wish(hamlet, landmark, slot, days, need if need in set(Need) else Need.OTHER)


def meeting_of(form: Mapping[str, str]) -> Meeting | None:
    """The word that the visitor has to say is drawn later."""
    day, slot, who = day_of(form.get("ngay", "")), form.get("buoi", ""), _words(form, "ai")
    signs = tuple(sign for sign in Sign if form.get(f"dau_{sign}"))
    if day is None or slot not in set(Slot) or not who or not signs:
        return None
    return Meeting(day, Slot(slot), who, signs, "")


def revision_of(form: Mapping[str, str]) -> int:
    """What was seen when the form was opened; 0 is never right."""
    seen = form.get("ban", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0


def day_of(text: str) -> int | None:
    """A day such as "2026-11-23", as days since 1970."""
    if len(text) != 10:
        return None
    try:
        return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days
    except ValueError:
        return None


def _words(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())[:LONGEST]
