"""When the mobile team is where, and which of it concerns somebody; `mobile_team.py` says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

WEEK = 7 * 86400

MOST_TOLD = 3
"""Sessions that one answer names: nobody chooses between more."""


class Place(StrEnum):
    """What kind of place a session is held at."""

    SCHOOL = "school"
    MARKET = "market"
    HALL = "hall"
    OFFICE = "office"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MobileSession:
    """`starts_at` and `ends_at` in seconds since 1970 UTC. Nothing here is about a resident."""

    commune: str
    place: str
    kind: Place
    starts_at: int
    ends_at: int
    note: str = ""
    called_off: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """What is ahead for somebody, soonest first: `here` in their commune, `around` in the rest of its
    province. `off` are sessions of their commune that were called off, until they would have been over.
    """

    here: tuple[MobileSession, ...] = ()
    around: tuple[MobileSession, ...] = ()
    off: tuple[MobileSession, ...] = ()


NOTHING = Near()


def ahead(sessions: Iterable[MobileSession], now: int) -> Iterator[MobileSession]:
    """Those that are not over."""
    return (session for session in sessions if session.ends_at > now)


def near(sessions: Iterable[MobileSession], commune: str, now: int) -> Near:
    """Which of a province's sessions to tell somebody of: three that take place, their commune's first."""
    coming = sorted(ahead(sessions, now), key=lambda one: (one.starts_at, one.commune, one.place))
    own = [session for session in coming if session.commune == commune]
    here = [session for session in own if not session.called_off][:MOST_TOLD]
    around = [session for session in coming if not session.called_off and session.commune != commune]
    off = [session for session in own if session.called_off]
    return Near(tuple(here), tuple(around[: MOST_TOLD - len(here)]), tuple(off[:MOST_TOLD]))


def by_province(
    sessions: Iterable[MobileSession], province_of: Mapping[str, str]
) -> dict[str, tuple[MobileSession, ...]]:
    """As `Desk.sessions` holds them."""
    found: dict[str, list[MobileSession]] = {}
    for session in sessions:
        found.setdefault(province_of.get(session.commune, ""), []).append(session)
    return {province: tuple(there) for province, there in found.items()}


def repeated(first: MobileSession, weeks: int) -> tuple[MobileSession, ...]:
    """The same every week, so many times in all; Viet Nam's clock is never put forward or back."""
    return tuple(
        replace(first, starts_at=first.starts_at + week * WEEK, ends_at=first.ends_at + week * WEEK)
        for week in range(weeks)
    )
