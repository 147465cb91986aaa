"""Who owns a conversation: the bot, the queue, or one person until a time; and how that may change.

A ticket lives in the conversation's state and changes only in its transaction, so the turn of a message, a
timer and a volunteer's click see one truth, one after the other. The table of tickets is an index of it.
Everything here is a decision about one ticket; what the resident hears of it is said in `handoff.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

LEASE = 600
"""Seconds for which a claim holds without a sign of life from whoever made it."""

COURTESY = 60
"""Seconds that the holder has to say no when a colleague wants to take over."""


class Reason(StrEnum):
    """Why a human was asked for."""

    ASKED = "asked"
    STEP = "step"
    LOOP = "loop"
    UNCLEAR = "unclear"
    DISTRESS = "distress"


class Closing(StrEnum):
    """What came of it. Only the last two are no help given."""

    HANDED_BACK = "handed_back"
    SOLVED = "solved"
    OFFICE = "office"
    VISIT = "visit"
    UNSOLVED = "unsolved"
    GONE = "gone"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Bot:
    """Nobody else owns the conversation."""


@dataclass(frozen=True, slots=True)
class Queue:
    """It waits for a person since then; the guide may be walked meanwhile."""

    since: int


@dataclass(frozen=True, slots=True)
class Person:
    """One person owns it until then, and the bot is silent."""

    id: int
    until: int


Owner = Bot | Queue | Person


@dataclass(frozen=True, slots=True)
class Helper:
    """Who acts at the desk. `name` is what residents and colleagues read ("Lan"), never a full identity.

    `most`: how many conversations at the same time.
    """

    id: int
    name: str
    most: int = 3
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose the conversation is. `until` moves with every sign of life.

    `told`: that buttons of the guide do nothing meanwhile was said once.
    """

    id: int
    name: str
    since: int
    until: int
    told: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A colleague wants to take over; granted when the holder does not say no in time."""

    id: int
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """An open request for a human. `key` is random and names it in addresses.

    `opened_at` is its age in the queue and never changes. `flow`, `version`, `step`, `error`, `commune` are
    where the person stood. `heard_at`, `spoke_at` are when the resident and a person last wrote since then.
    `claimed_at` is when it was first claimed. `helpers` have held it, the last of them last; `barred` were
    reported by the resident and may not have it. `waits_since` is when it came back to the queue. That the
    desk is closed, that it takes long, that the platform will stop us from writing is said once each:
    `told_closed`, `told_waiting`, `told_window`.
    """

    key: str
    reason: Reason
    opened_at: int
    flow: str = ""
    version: str = ""
    step: str = ""
    error: str = ""
    commune: str = ""
    holder: Holder | None = None
    wish: Wish | None = None
    heard_at: int = 0
    spoke_at: int = 0
    claimed_at: int = 0
    helpers: tuple[int, ...] = ()
    barred: tuple[int, ...] = ()
    waits_since: int = 0
    told_closed: bool = False
    told_waiting: bool = False
    told_window: bool = False


class News(StrEnum):
    """What somebody in the queue has to be told though nothing was asked."""

    CLOSED = "closed"
    LONG = "long"
    WINDOW = "window"
    GIVEN_UP = "given_up"


class No(StrEnum):
    """Why somebody at the desk may not do something."""

    TAKEN = "taken"
    NOT_YOURS = "not_yours"
    CLOSED = "closed"
    FULL = "full"
    BARRED = "barred"
    ASK_FIRST = "ask_first"
    NO_SUCH_STEP = "no_such_step"
    NO_SUCH_PERSON = "no_such_person"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`name` and `since` are who has the conversation and since when, where that is why."""

    why: No
    name: str = ""
    since: int = 0


def owner_of(ticket: Ticket | None) -> Owner:
    if ticket is None:
        return Bot()
    if ticket.holder is None:
        return Queue(ticket.opened_at)
    return Person(ticket.holder.id, ticket.holder.until)


def claimed(ticket: Ticket, helper: Helper, now: int) -> Ticket | Refusal:
    """The ticket in the hands of whoever comes first. A second click of the winner changes nothing."""
    if helper.id in ticket.barred:
        return Refusal(No.BARRED)
    holder = ticket.holder
    if holder is not None and holder.id == helper.id:
        return replace(ticket, holder=replace(holder, until=now + LEASE), wish=None)
    if holder is not None and holder.until > now:
        return Refusal(No.TAKEN, holder.name, holder.since)
    return _given(ticket, helper, now)


def renewed(ticket: Ticket, by: int, now: int) -> Ticket | Refusal:
    """A sign of life: the lease begins anew, and whoever wanted to take over has their answer."""
    refusal = _unless_held(ticket, by, now)
    if refusal is not None or ticket.holder is None:
        return refusal or Refusal(No.NOT_YOURS)
    return replace(ticket, holder=replace(ticket.holder, until=now + LEASE), wish=None)


def seen(ticket: Ticket, by: int, now: int) -> Ticket | Refusal:
    """The lease begins anew, but a colleague's wish stands until it is answered."""
    refusal = _unless_held(ticket, by, now)
    if refusal is not None or ticket.holder is None:
        return refusal or Refusal(No.NOT_YOURS)
    return replace(ticket, holder=replace(ticket.holder, until=now + LEASE))


def taken_over(ticket: Ticket, helper: Helper, now: int) -> Ticket | Refusal:
    """Ask for somebody else's conversation; the same question once courtesy is over takes it. A lead need
    not wait.
    """
    if helper.id in ticket.barred:
        return Refusal(No.BARRED)
    holder = ticket.holder
    if holder is None or holder.id == helper.id or holder.until <= now:
        return claimed(ticket, helper, now)
    wish = ticket.wish
    if helper.leads or (wish is not None and wish.id == helper.id and now - wish.at >= COURTESY):
        return _given(ticket, helper, now)
    if wish is not None and (wish.id == helper.id or now - wish.at < 2 * COURTESY):
        return ticket if wish.id == helper.id else Refusal(No.ASK_FIRST, wish.name, wish.at)
    return replace(ticket, wish=Wish(helper.id, helper.name, now))


def passed(ticket: Ticket, by: int, to: Helper, now: int) -> Ticket | Refusal:
    """Into a colleague's hands; if they do not come it goes back to the queue like any other."""
    if to.id in ticket.barred:
        return Refusal(No.BARRED)
    if to.id == by:
        return renewed(ticket, by, now)
    return _unless_held(ticket, by, now) or _given(ticket, to, now)


def returned(ticket: Ticket, by: int, now: int) -> Ticket | Refusal:
    """Back to the queue at its old age."""
    return _unless_held(ticket, by, now) or _queued(ticket, now)


def expired(ticket: Ticket, now: int) -> Ticket | None:
    """Back to the queue when the lease is over; None when it is not."""
    holder = ticket.holder
    return _queued(ticket, now) if holder is not None and holder.until <= now else None


def accused(ticket: Ticket, named: int = 0) -> int:
    """Whom a report is about: who is named, if they had the conversation, else who has it or had it last."""
    if named in ticket.helpers:
        return named
    return ticket.helpers[-1] if ticket.helpers else 0


def reported(ticket: Ticket, who: int, now: int) -> Ticket:
    """Never again with them; if they have it, back to the queue at its old age."""
    barred = ticket.barred if who in ticket.barred else (*ticket.barred, who)
    theirs = ticket.holder is not None and ticket.holder.id == who
    wish = None if ticket.wish is None or ticket.wish.id == who else ticket.wish
    return replace(_queued(ticket, now) if theirs else replace(ticket, wish=wish), barred=barred)


def _unless_held(ticket: Ticket, by: int, now: int) -> Refusal | None:
    """None when `by` holds it. A lease that ran out is over, also before anybody has noticed."""
    holder = ticket.holder
    if holder is None or (holder.id == by and holder.until <= now):
        return Refusal(No.NOT_YOURS)
    return None if holder.id == by else Refusal(No.NOT_YOURS, holder.name, holder.since)


def _given(ticket: Ticket, to: Helper, now: int) -> Ticket:
    return replace(
        ticket,
        holder=Holder(to.id, to.name, now, now + LEASE),
        wish=None,
        claimed_at=ticket.claimed_at or now,
        helpers=(*(id for id in ticket.helpers if id != to.id), to.id),
    )


def _queued(ticket: Ticket, now: int) -> Ticket:
    return replace(ticket, holder=None, wish=None, waits_since=now, told_waiting=False)
