"""From turns that were run to rows: number, seal and sort them into tables. Touches no database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.app.ports import Line, ParcelStatus
from bot.core.dialogue import Turn
from bot.core.events import ErasureRequested, NotUnderstood
from bot.core.message import Address, Reply
from bot.core.session import Run, State
from bot.core.ticket import Ticket
from bot.store.codec import Saved, Words, encode
from bot.store.crypt import Cipher, Vault
from bot.store.ledger import AddressRow, Found, InboxRow, LineRow, Saving, UnmatchedRow, Writes
from bot.store.recent import Fresh
from bot.store.sealed import ADDRESS, STATE, cipher_of, row_of, row_of_unmatched

_QUEUED = str(ParcelStatus.QUEUED)
_SENT = str(ParcelStatus.SENT)


class Ends(NamedTuple):
    """Where a turn's replies go. `address` is in clear or sealed already; `pull`: a page fetches them."""

    channel: str
    hash: bytes
    address: Address | bytes
    pull: bool


class Puzzle(NamedTuple):
    """A message that was not understood: where and when it was said, and its words, encoded."""

    flow: str
    step: str
    at: int
    words: bytes


class Ids(NamedTuple):
    """New ids for the rows of a batch."""

    conversations: Iterator[int]
    lines: Iterator[int]
    unmatched: Iterator[int]


class Draft(NamedTuple):
    """A turn that was run and can be written: everything is encoded, only ids are missing.

    `key` is the dedupe key; None when a timer led to the turn. `saved` is None when nothing is kept. `before`
    is the ticket as it was.
    """

    ends: Ends
    found: Found | None
    turn: Turn
    heard_at: int
    key: bytes | None
    saved: tuple[Saved, bytes] | None
    written: tuple[Reply, bytes] | None
    said: tuple[tuple[Reply, bytes], ...]
    puzzles: tuple[Puzzle, ...]
    before: Ticket | None = None

    @property
    def is_new(self) -> bool:
        return self.saved is not None and self.found is None

    @property
    def size(self) -> int:
        return len(self.said) + (self.written is not None)


def draft(
    turn: Turn,
    ends: Ends,
    found: Found | None,
    old: Saved | None,
    heard_at: int,
    key: bytes | None,
    text: str,
) -> Draft:
    """Encode what is to be kept. Whatever cannot be written fails here, for this turn alone."""
    state = None if _erases(turn) else turn.state
    offers = _offers(turn.replies) or (old.offers if old else {})
    written = Reply(text) if text and state is not None else None
    saved = None if state is None else Saved(state, offers)
    return Draft(
        ends,
        found,
        turn,
        heard_at,
        key,
        None if saved is None else (saved, encode(saved)),
        None if written is None else (written, encode(written)),
        tuple((reply, encode(reply)) for reply in turn.replies),
        () if state is None else _puzzles(turn, found, old, heard_at),
        old.state.ticket if old else None,
    )


def place(
    vault: Vault, one: Draft, ids: Ids, now: int, writes: Writes
) -> tuple[int | None, tuple[Line, ...]]:
    """Add a draft's rows; returns its conversation and the reply lines."""
    conversation = _conversation(one, ids.conversations)
    cipher = cipher_of(vault, conversation, one.ends.hash)
    if conversation is not None:
        _place_conversation(vault, cipher, one, conversation, writes)
        _place_puzzles(cipher, one, conversation, ids.unmatched, writes)
    elif one.found is not None:
        writes.erased.append(one.found.id)
    lines = _place_lines(vault, cipher, one, conversation, ids.lines, now, writes)
    if one.key is not None:
        first = lines[0].id if lines else None
        last = lines[-1].id if lines else None
        writes.inbox.append(InboxRow(one.key, now, first, last))
    return conversation, lines


def fresh(one: Draft, conversation: int | None) -> Fresh | None:
    """What is to be known of the draft's conversation once it is committed."""
    if conversation is not None and one.saved is not None:
        return Fresh(conversation, _revision(one) + (one.found is not None), one.saved[0])
    return None if one.found is None else Fresh(one.found.id, 0, None)


def _conversation(one: Draft, births: Iterator[int]) -> int | None:
    if one.saved is None:
        return None
    return next(births) if one.found is None else one.found.id


def _revision(one: Draft) -> int:
    return 0 if one.found is None else one.found.revision


def _place_conversation(vault: Vault, cipher: Cipher, one: Draft, id: int, writes: Writes) -> None:
    ends, saved = one.ends, one.saved
    if saved is None:
        return
    sealed = cipher.seal(saved[1], STATE)
    due = one.turn.due_at or None
    standing = _standing(saved[0].state)
    saving = Saving(ends.channel, ends.hash, *standing, one.heard_at, due, sealed, id, _revision(one))
    if one.found is None:
        writes.born.append(saving)
        writes.addresses.append(AddressRow(ends.hash, id, ends.channel, _sealed_address(vault, ends)))
    else:
        writes.saved.append(saving)
        indexed = one.found.due_at
        if due is not None and (indexed is None or due < indexed):
            writes.due.append((due, id))


def _place_puzzles(cipher: Cipher, one: Draft, conversation: int, ids: Iterator[int], writes: Writes) -> None:
    for puzzle in one.puzzles:
        id = next(ids)
        body = cipher.seal(puzzle.words, row_of_unmatched(id))
        writes.unmatched.append(UnmatchedRow(id, conversation, puzzle.at, puzzle.flow, puzzle.step, body))


def _place_lines(
    vault: Vault,
    cipher: Cipher,
    one: Draft,
    conversation: int | None,
    ids: Iterator[int],
    now: int,
    writes: Writes,
) -> tuple[Line, ...]:
    ends, key = one.ends, one.key
    if one.written is not None:
        id = next(ids)
        body = cipher.seal(one.written[1], row_of(id))
        writes.lines.append(
            LineRow(id, conversation, True, now, key, ends.channel, None, None, _SENT, 0, 0, False, body)
        )
    lines = tuple(Line(next(ids), False, now, reply) for reply, _ in one.said)
    if conversation is None and ends.pull:
        return lines  # nothing is kept; the page gets them with the answer to its request
    recipient = None if ends.pull else ends.hash
    address = _sealed_address(vault, ends) if conversation is None and lines else None
    status = _SENT if ends.pull else _QUEUED
    for line, (_, encoded) in zip(lines, one.said, strict=True):
        body = cipher.seal(encoded, row_of(line.id))
        writes.lines.append(
            LineRow(
                line.id,
                conversation,
                False,
                now,
                key,
                ends.channel,
                recipient,
                address,
                status,
                0,
                0,
                False,
                body,
            )
        )
    return lines


def _sealed_address(vault: Vault, ends: Ends) -> bytes:
    if isinstance(ends.address, bytes):
        return ends.address
    return vault.of_address(ends.hash).seal(encode(ends.address), ADDRESS)


def _standing(state: State) -> tuple[str | None, str | None, str | None, str | None]:
    """Flow, version and step of the session's top run, and the editions of all other runs."""
    session = state.session
    others = [run for parked in state.parked for run in parked.runs]
    if session is None:
        return None, None, None, _pins(others)
    top = session.top
    if len(session.runs) > 1:
        others.extend(session.runs[:-1])
    return top.flow, top.version, top.visit.step, _pins(others) if others else None


def _pins(runs: list[Run]) -> str | None:
    return " ".join(sorted({f"{run.flow}:{run.version}" for run in runs})) or None


def _puzzles(turn: Turn, found: Found | None, old: Saved | None, now: int) -> tuple[Puzzle, ...]:
    """What was asked about is told of a turn later, but is not kept longer than the line it was said in."""
    if NotUnderstood not in map(type, turn.events):
        return ()
    asked = old.state.unsure if old and found else ""
    before = found.heard_at if found else now
    return tuple(
        Puzzle(
            event.flow,
            event.step,
            before if asked and event.text == asked else now,
            encode(Words(event.text, event.meant)),
        )
        for event in turn.events
        if isinstance(event, NotUnderstood)
    )


def _offers(replies: tuple[Reply, ...]) -> dict[str, str]:
    offers = {}
    for reply in replies:
        for choice in reply.choices:
            offers[choice.token] = choice.label
        for choice in reply.shortcuts:
            offers[choice.token] = choice.label
    return offers


def _erases(turn: Turn) -> bool:
    return ErasureRequested in map(type, turn.events)
