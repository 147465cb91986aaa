"""Who sees whose request, and when: the nearest on duty first, then wider, so that nobody waits unseen.

A request is seen at once by those on duty for its commune. If nobody of them is on duty, or when it has
waited a while, by those of the province and those who serve everywhere; then by everybody. Whoever speaks
its language or is trained for distress has it to themselves for a while, if they are on duty. Leads see all.
The order is the age, always: what is urgent is marked, not moved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import IntEnum, StrEnum
from typing import Generic, NamedTuple, Protocol, TypeVar

from bot.core.ticket import Helper, Reason

WIDER = 180
"""Seconds after which the province sees it, and those without the skill that it asks for."""

WIDEST = 600
"""Seconds after which everybody sees it."""

_URGENT = str(Reason.DISTRESS)

HOME = "vi"

SAFETY = "an-toan"
"""The skill of those who were trained for people in distress; other skills are languages: "en"."""


class Ring(IntEnum):
    """How near somebody is to whoever asks. Who serves everywhere stands in the second ring."""

    COMMUNE = 1
    PROVINCE = 2
    EVERYBODY = 3


class Why(StrEnum):
    """Why somebody sees a request now."""

    MINE = "mine"
    NEAR = "near"
    NOBODY_NEARER = "nobody_nearer"
    WAITED = "waited"
    LEADS = "leads"


class Asking(Protocol):
    """What routing reads of an open request."""

    @property
    def number(self) -> int: ...
    @property
    def commune(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def opened_at(self) -> int: ...
    @property
    def holder(self) -> int: ...
    @property
    def barred(self) -> Collection[int]: ...


class Serving(Protocol):
    """What routing reads of an account. No areas: everywhere."""

    @property
    def id(self) -> int: ...
    @property
    def areas(self) -> Collection[str]: ...
    @property
    def skills(self) -> Collection[str]: ...
    @property
    def helper(self) -> Helper: ...


R = TypeVar("R", bound=Asking)


class Seen(NamedTuple, Generic[R]):
    """A request that somebody sees. `free`: they may take it now; a held one may only be asked for. A tuple,
    for thousands are made in one look.
    """

    request: R
    ring: Ring
    why: Why
    urgent: bool
    free: bool


def visible(
    requests: Iterable[R],
    viewer: Serving,
    on_duty: Sequence[Serving],
    now: int,
    province_of: Mapping[str, str],
) -> tuple[Seen[R], ...]:
    """The open requests that somebody sees, oldest first. `province_of`: a commune's province, by codes."""
    roster = _Roster(on_duty, province_of)
    decided: dict[tuple[object, ...], Why | None] = {}
    seen = []
    for request in sorted(requests, key=_age):
        barred = viewer.id in request.barred
        alike = _alike(request, viewer, now)
        if alike not in decided:
            decided[alike] = _why(roster, request, viewer, barred, now)
        why = decided[alike]
        if why is not None:
            ring = roster.ring(viewer, request.commune)
            urgent = request.reason == _URGENT
            seen.append(Seen(request, ring, why, urgent, not request.holder and not barred))
    return tuple(seen)


def _alike(request: Asking, viewer: Serving, now: int) -> tuple[object, ...]:
    """All that is read of a request to decide: of thousands that wait, most are alike."""
    waited = now - request.opened_at
    return (
        request.commune,
        request.locale,
        request.reason,
        waited >= WIDER,
        waited >= WIDEST,
        request.holder == viewer.id,
        tuple(request.barred),
    )


def skill_for(request: Asking) -> str:
    """The skill that a request is better served with; none: empty."""
    if request.reason == _URGENT:
        return SAFETY
    return "" if request.locale == HOME else request.locale


def _age(request: Asking) -> tuple[int, int]:
    return request.opened_at, request.number


class _Roster:
    """Who is on duty, with what was found out once about each commune."""

    def __init__(self, on_duty: Sequence[Serving], province_of: Mapping[str, str]) -> None:
        self.on_duty = on_duty
        self._province_of = province_of
        self._rings: dict[tuple[int, str], Ring] = {}

    def ring(self, somebody: Serving, commune: str) -> Ring:
        key = (somebody.id, commune)
        if key not in self._rings:
            self._rings[key] = ring_of(somebody.areas, commune, self._province_of)
        return self._rings[key]

    def without(self, barred: Collection[int]) -> Sequence[Serving]:
        return [one for one in self.on_duty if one.id not in barred] if barred else self.on_duty


def ring_of(areas: Collection[str], commune: str, province_of: Mapping[str, str]) -> Ring:
    """Who does not say where they are is near to everybody."""
    if not commune or commune in areas:
        return Ring.COMMUNE
    province = province_of.get(commune, "")
    if not areas or (province and any(province in (area, province_of.get(area)) for area in areas)):
        return Ring.PROVINCE
    return Ring.EVERYBODY


def _why(roster: _Roster, request: Asking, viewer: Serving, barred: bool, now: int) -> Why | None:
    if request.holder == viewer.id:
        return Why.MINE
    if viewer.helper.leads:
        return _opened_to(roster, request, viewer, now) or Why.LEADS
    if barred or _is_kept_for_others(roster, request, viewer, now):
        return None
    return _opened_to(roster, request, viewer, now)


def _opened_to(roster: _Roster, request: Asking, somebody: Serving, now: int) -> Why | None:
    """Whether the ring that somebody stands in has been reached."""
    ring = roster.ring(somebody, request.commune)
    if ring is Ring.COMMUNE:
        return Why.NEAR
    if now - request.opened_at >= (WIDER if ring is Ring.PROVINCE else WIDEST):
        return Why.WAITED
    there = roster.without(request.barred)
    nearer = any(roster.ring(one, request.commune) < ring for one in there)
    return None if nearer else Why.NOBODY_NEARER


def _is_kept_for_others(roster: _Roster, request: Asking, viewer: Serving, now: int) -> bool:
    """Whether somebody on duty who sees it can do it better."""
    if now - request.opened_at >= WIDER:
        return False
    skill = skill_for(request)
    if not skill or skill in viewer.skills:
        return False
    return any(
        skill in one.skills and _opened_to(roster, request, one, now) is not None
        for one in roster.without(request.barred)
    )
