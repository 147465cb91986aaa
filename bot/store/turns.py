"""The hot path: answer a batch of messages inside one transaction, each key once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, select, update

from bot.app.ports import Acted, Kept, Respond, Taken, Wake
from bot.core.events import TicketOpened
from bot.core.handoff import Deed
from bot.core.held import written
from bot.core.message import Incoming
from bot.core.session import State
from bot.core.tally import Tally
from bot.core.ticket import Helper, No, Refusal
from bot.core.turn import Turn
from bot.store import ticketing, told, visiting
from bot.store.codec import Saved
from bot.store.crypt import Vault
from bot.store.delivering import is_unread
from bot.store.drafting import Draft, Ends, Ids, draft, fresh, place
from bot.store.ledger import Found, Ledger, Writes
from bot.store.reading import conversation_of, kept_of, turn_lines
from bot.store.recent import Fresh, Recent
from bot.store.sealed import open_saved
from bot.store.tables import addresses, conversations
from bot.store.ticketing import concerns, conversation_of_ticket, held_by

R = TypeVar("R")
"""Why something may not be done."""

WAKE_AGAIN = 3600
"""A timer whose turn fails is tried again after so many seconds, so that it holds up nobody else's."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a batch is worked with. Pages fetch the replies of `pull` channels; the others are sent.

    `away` are the exceptions of a lost database: they end the whole batch, whoever they strike. `fresh`
    gathers what may go into `recent` after the commit.
    """

    vault: Vault
    pull: frozenset[str]
    away: tuple[type[Exception], ...]
    now: int
    recent: Recent
    fresh: list[Fresh] = field(default_factory=list)


class _Letter(NamedTuple):
    """A message on its way: its place in the batch, its dedupe key, the hash of its address."""

    place: int
    message: Incoming
    key: bytes
    hash: bytes


def take(
    ledger: Ledger, setting: Setting, batch: Sequence[Incoming], respond: Respond
) -> list[Taken | Exception]:
    """Results stand where their messages stand; so does the exception of a turn that raised."""
    vault = setting.vault
    letters = [
        _Letter(
            index,
            message,
            vault.hash_event(message.address, message.key),
            vault.hash_address(message.address),
        )
        for index, message in enumerate(batch)
    ]
    ledger.lock(sorted({letter.hash for letter in letters}))
    results: dict[int, Taken | Exception] = {}
    tally = Tally()
    while letters:
        letters = _take_wave(ledger, setting, letters, respond, results, tally)
    ledger.count(tally, setting.now)
    return [results[index] for index in range(len(batch))]


def wake(ledger: Ledger, setting: Setting, turn_of: Wake, limit: int) -> tuple[int, list[Exception]]:
    """Run the turns of due timers; returns how many were due and what went wrong."""
    due = ledger.due(setting.now, limit)
    drafts: list[Draft] = []
    tally = Tally()
    faults: list[Exception] = []
    for found in due:
        try:
            woken = _wake_one(ledger.connection, setting, found, turn_of)
        except setting.away:
            raise
        except Exception as fault:  # noqa: BLE001 - one broken conversation must not stop everybody's clock
            faults.append(fault)
            _set_due(ledger.connection, found.id, setting.now + WAKE_AGAIN)
            continue
        if woken is None:
            _set_due(ledger.connection, found.id, None)
        else:
            drafts.append(woken)
            tally.add(woken.turn.events, woken.ends.channel)
    _write(ledger, setting, drafts, tally)
    ledger.count(tally, setting.now)
    return len(due), faults


def touch(ledger: Ledger, setting: Setting, hash: bytes, turn_of: Wake) -> None:
    """Run a turn of the conversation that an address reaches."""
    ledger.lock([hash])
    for found in ledger.found([hash]):
        woken = _wake_one(ledger.connection, setting, found, turn_of)
        if woken is not None:
            tally = Tally()
            tally.add(woken.turn.events, woken.ends.channel)
            _write(ledger, setting, [woken], tally)
            ledger.count(tally, setting.now)


def act(
    ledger: Ledger,
    setting: Setting,
    ticket: str,
    key: bytes | None,
    deed: Deed,
    note: Callable[[Connection, int], None] | None = None,
    to: Helper | None = None,
) -> Acted | Refusal:
    """Do something to the conversation of a ticket, on its newest state; the same `key` only once.

    `note` is written in the same transaction, for the conversation with this number. `to` gets no more
    conversations by it than they may have.
    """
    conversation = conversation_of_ticket(ledger.connection, ticket)

    def of_ticket(state: State) -> Turn | Refusal:
        if state.ticket is None or state.ticket.key != ticket:
            return Refusal(No.CLOSED)
        turn = deed(state)
        if isinstance(turn, Refusal) or to is None:
            return turn
        return _full(ledger, state, turn, to, setting.now) or turn

    acted = None if conversation is None else act_on(ledger, setting, conversation, key, of_ticket, note)
    return Refusal(No.CLOSED) if acted is None else acted


def act_on(
    ledger: Ledger,
    setting: Setting,
    conversation: int,
    key: bytes | None,
    deed: Callable[[State], Turn | R],
    note: Callable[[Connection, int], None] | None = None,
) -> Acted | R | None:
    """Do something to a conversation, on its newest state; the same `key` only once. None when it is gone,
    what the deed says instead of a turn when it is refused.
    """
    found = ledger.found_by_id(conversation)
    if found is None:
        return None
    earlier = ledger.earlier([key]).get(key) if key is not None else None
    if key is not None and earlier is not None:
        return Acted(True, conversation, turn_lines(ledger.connection, setting.vault, key, earlier), "")
    old = _saved(setting, found)
    turn = deed(old.state)
    if not isinstance(turn, Turn):
        return turn
    if note is not None:
        note(ledger.connection, conversation)
    tally = Tally()
    one = draft(turn, _ends(ledger.connection, setting, found), found, old, found.heard_at, key, "")
    tally.add(turn.events, found.channel)
    (taken,) = _write(ledger, setting, [one], tally)
    ledger.count(tally, setting.now)
    return Acted(False, conversation, taken.lines, found.channel)


def _full(ledger: Ledger, before: State, turn: Turn, to: Helper, now: int) -> Refusal | None:
    """Whether somebody would get one more than they may have. Their conversations are counted under a lock
    of theirs: two claims at the same moment stand one after the other.
    """
    after = turn.state
    if after is None or _holder(after, now) != to.id or _holder(before, now) == to.id:
        return None
    ledger.lock_person(to.id)
    held = held_by(ledger.connection, to.id, now)
    return Refusal(No.FULL, to.name) if held >= to.most else None


def _holder(state: State, now: int) -> int:
    """Whose claim holds; one that has lapsed is nobody's."""
    holder = state.ticket.holder if state.ticket else None
    return holder.id if holder is not None and holder.until > now else 0


def _take_wave(
    ledger: Ledger,
    setting: Setting,
    letters: Sequence[_Letter],
    respond: Respond,
    results: dict[int, Taken | Exception],
    tally: Tally,
) -> list[_Letter]:
    """Answer the first letter of each conversation; returns those that come after."""
    firsts, later = _first_of_each(letters, lambda letter: letter.hash)
    earlier = ledger.earlier([letter.key for letter in firsts])
    fresh = [letter for letter in firsts if letter.key not in earlier]
    for letter in firsts:
        if letter.key in earlier:
            lines = turn_lines(ledger.connection, setting.vault, letter.key, earlier[letter.key])
            results[letter.place] = Taken(True, conversation_of(ledger.connection, letter.hash), lines)
    found = {one.hash: one for one in ledger.found([letter.hash for letter in fresh])} if fresh else {}
    fresh, beside = _first_of_each(fresh, lambda letter: _identity(letter, found))
    drafts: list[Draft] = []
    answered: list[_Letter] = []
    for letter in fresh:
        try:
            one = _answer(ledger.connection, setting, letter, found.get(letter.hash), respond)
        except setting.away:
            raise
        except Exception as fault:  # noqa: BLE001 - it stands in this message's place; the others go on
            results[letter.place] = fault
            continue
        drafts.append(one)
        answered.append(letter)
        tally.add(one.turn.events, one.ends.channel)
    for letter, taken in zip(answered, _write(ledger, setting, drafts, tally), strict=True):
        results[letter.place] = taken
    return sorted(later + beside)


def _answer(
    connection: Connection, setting: Setting, letter: _Letter, found: Found | None, respond: Respond
) -> Draft:
    vault, message = setting.vault, letter.message
    old = None if found is None else _saved(setting, found)
    if message.shown and found is None and message.address.channel not in setting.pull:
        # what has not arrived was not read, and agrees to nothing
        unread = is_unread(connection, letter.hash)
        message = replace(message, shown=(), shown_at=0) if unread else message

    def kept() -> Kept:
        return Kept((), setting.now, 0) if found is None else kept_of(connection, vault, found.id)

    turn = respond(old.state if old else None, message, kept)
    channel = message.address.channel
    ends = Ends(channel, letter.hash, message.address, channel in setting.pull)
    text = _written(message, old, turn)
    return draft(turn, ends, found, old, setting.now, letter.key, text)


def _wake_one(connection: Connection, setting: Setting, found: Found, turn_of: Wake) -> Draft | None:
    old = _saved(setting, found)
    turn = turn_of(old.state)
    if turn is None:
        return None
    return draft(turn, _ends(connection, setting, found), found, old, found.heard_at, None, "")


def _ends(connection: Connection, setting: Setting, found: Found) -> Ends:
    """Where what nobody asked for goes: to the address that wrote last."""
    sealed = connection.scalar(select(addresses.c.address).where(addresses.c.hash == found.hash))
    return Ends(found.channel, found.hash, sealed or b"", found.channel in setting.pull)


def _write(ledger: Ledger, setting: Setting, drafts: Sequence[Draft], tally: Tally) -> list[Taken]:
    if not drafts:
        return []
    writes = Writes()
    ids = Ids(
        iter(ledger.new_conversations(sum(one.is_new for one in drafts))),
        iter(ledger.new_lines(sum(one.size for one in drafts))),
        iter(ledger.new_unmatched(sum(len(one.puzzles) for one in drafts))),
    )
    taken = [
        Taken(
            False,
            *place(setting.vault, one, ids, setting.now, writes),
            concerns(one) or visiting.concerns(one),
            any(isinstance(event, TicketOpened) for event in one.turn.events),
        )
        for one in drafts
    ]
    ledger.write(writes, setting.now)
    told.count_told(ledger.connection, (event for one in drafts for event in one.turn.events))
    for one, result in zip(drafts, taken, strict=True):
        if result.desk:
            ticketing.write(ledger.connection, one, result.conversation, tally)
            visiting.write(ledger.connection, setting.vault, one, result.conversation)
        if known := fresh(one, result.conversation):
            setting.fresh.append(known)
    return taken


def _saved(setting: Setting, found: Found) -> Saved:
    known = setting.recent.get(found.id, found.revision)
    return open_saved(setting.vault, found.id, found.state) if known is None else known


def _first_of_each(
    letters: Sequence[_Letter], of: Callable[[_Letter], object]
) -> tuple[list[_Letter], list[_Letter]]:
    if len(set(map(of, letters))) == len(letters):
        return list(letters), []
    seen: set[object] = set()
    firsts: list[_Letter] = []
    later: list[_Letter] = []
    for letter in letters:
        mark = of(letter)
        (later if mark in seen else firsts).append(letter)
        seen.add(mark)
    return firsts, later


def _identity(letter: _Letter, found: dict[bytes, Found]) -> object:
    """Two addresses may reach one conversation."""
    one = found.get(letter.hash)
    return letter.hash if one is None else one.id


def _written(message: Incoming, old: Saved | None, turn: Turn) -> str:
    """What the resident reads as their own line: their words, or the label of the button they pressed. A
    person who reads along sees that a picture came, though nobody opens it.
    """
    if turn.state is not None and turn.state.ticket is not None and not message.button:
        return written(message.kind, message.text)
    if message.button and old is not None:
        return old.offers.get(message.button, message.text)
    return message.text


def _set_due(connection: Connection, conversation: int, due_at: int | None) -> None:
    connection.execute(
        update(conversations).where(conversations.c.id == conversation).values(due_at=due_at, wake_at=due_at)
    )
