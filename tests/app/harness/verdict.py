"""Was every promise kept? Compares what happened with a pure replay of every resident's messages."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from bot.core.book import Book
from bot.core.dialogue import respond
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.tally import Tally
from bot.core.visits import Kind, View, VisitRow
from bot.language.sieve import sift
from bot.store.crypt import Vault
from bot.store.open import SqlStore, open_store
from bot.store.recounting import SqlRecounting
from bot.store.weekly import SqlWeeklyCounts
from tests.app.harness.moments import moment_of
from tests.app.harness.platform import Platform
from tests.app.harness.residents import Heard, Resident
from tests.app.harness.victim import CHANNEL, KEY

CANARIES = (b"482913", b"cu-dan-0")
"""A code that a resident typed, and how every address begins: neither may be readable in the files."""


@dataclass(slots=True)
class Replay:
    """What the core alone makes of one resident's messages."""

    state: State | None = None
    replies: list[Reply] = field(default_factory=list)


@dataclass(slots=True)
class Figures:
    """`faults` names every broken promise; the numbers say how often."""

    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    doubled_sends: int = 0
    faults: list[str] = field(default_factory=list)


def replay(book: Book, platform: Platform) -> tuple[dict[str, Replay], Tally]:
    tally = Tally()
    replays: dict[str, Replay] = {}
    for name, resident in platform.residents.items():
        played = replays[name] = Replay()
        for message in _incoming(resident):
            turn = respond(book, played.state, *moment_of(message))
            played.state = turn.state
            played.replies += turn.replies
            tally.add(turn.events, CHANNEL)
    return replays, tally


def known_keys(database: Path, platform: Platform) -> tuple[set[str], int]:
    """The messages that the store knows, and how many rows its table of keys has."""
    vault = Vault(KEY)
    with closing(sqlite3.connect(database)) as raw:
        rows = [row for (row,) in raw.execute("SELECT key FROM inbox")]
    stored = set(rows)
    known = {
        message.key
        for resident in platform.residents.values()
        for message in resident.written
        if vault.hash_event(Address(CHANNEL, resident.name), message.key) in stored
    }
    return known, len(rows)


def judge(
    platform: Platform,
    database: Path,
    known: tuple[set[str], int],
    replays: dict[str, Replay],
    tally: Tally,
) -> Figures:
    """Call when the bot has stopped and everything was delivered once more."""
    figures = Figures(faults=[f"refused {failure}" for failure in platform.failures])
    _judge_messages(figures, platform, *known)
    for name, resident in platform.residents.items():
        _judge_replies(figures, name, resident.heard, replays[name].replies)
    figures.faults += asyncio.run(_state_faults(database, replays, tally))
    heard = {entry.line for resident in platform.residents.values() for entry in resident.heard}
    figures.faults += _file_faults(database, tally, heard)
    return figures


def _judge_messages(figures: Figures, platform: Platform, known: set[str], rows: int) -> None:
    figures.lost = len(platform.acked - known)
    taken_again = sum(not repeated and key in known for key, repeated in platform.repeated.items())
    figures.doubled = rows - len(known) + taken_again
    if figures.lost:
        figures.faults.append(f"{figures.lost} acknowledged messages are not in the store")
    if figures.doubled:
        figures.faults.append(f"{figures.doubled} messages took effect more than once")
    if missing := platform.plan.messages - len(platform.repeated):
        figures.faults.append(f"{missing} messages were not answered when they came once more")


def _judge_replies(figures: Figures, name: str, heard: list[Heard], said: list[Reply]) -> None:
    firsts = list({entry.line: entry for entry in reversed(heard)}.values())[::-1]
    inversions = sum(after.line < before.line for before, after in pairwise(firsts))
    figures.out_of_order += inversions
    if inversions:
        figures.faults.append(f"{name} heard {inversions} replies too late")
    if [entry.reply for entry in firsts] != said:
        figures.faults.append(f"{name} heard {len(firsts)} replies that are not the {len(said)} expected")
    seen: set[int] = set()
    per_life: Counter[int] = Counter()
    for entry in heard:
        if entry.line in seen:
            per_life[entry.life] += 1
            if not entry.again:
                figures.faults.append(f"{name} heard a reply twice that was not marked")
        seen.add(entry.line)
    figures.doubled_sends += per_life.total()
    if any(number > 1 for number in per_life.values()):
        figures.faults.append(f"{name} heard more than one reply twice after one kill")


async def _state_faults(database: Path, replays: dict[str, Replay], tally: Tally) -> list[str]:
    faults: list[str] = []
    store = open_store(f"sqlite:///{database}", KEY, frozenset())
    try:
        for name, played in replays.items():
            if await store.state(Address(CHANNEL, name)) != played.state:
                faults.append(f"{name} is not where the messages lead to")
        for flow in sorted({key.flow for key in tally.steps}):
            counted = await store.counts(flow)
            for what in ("runs", "steps", "arrows", "times"):
                expected = {key: row for key, row in getattr(tally, what).items() if key.flow == flow}
                if getattr(counted, what) != expected:
                    faults.append(f"the counted {what} of {flow} are not those of a recount")
            faults += await _count_faults(store, flow)
    finally:
        await store.close()
    return faults


async def _count_faults(store: SqlStore, flow: str) -> list[str]:
    """The counters against a recount of the store's own stays, and the weekly sums against the counters."""
    recounting = SqlRecounting(store.backing)
    faults = []
    if await recounting.differing(flow, await recounting.lasting(), 0) != Tally():
        faults.append(f"the counters of {flow} are not what its stays add up to")
    sums = SqlWeeklyCounts(store.backing, {})
    await sums.bring_up_to_date(0)
    totals = await sums.totals(View.ALL, await sums.span(), flow=flow, kinds=[Kind.STEP, Kind.WAY])
    reached = sum(row[0] for row in (await store.counts(flow)).steps.values())
    if sum(total.through for total in totals) != reached:
        faults.append(f"the weekly sums of {flow} are not those of its counters")
    return faults


def _file_faults(database: Path, tally: Tally, heard: set[int]) -> Iterator[str]:
    columns = ", ".join(f'"{name}"' for name in VisitRow._fields)
    with closing(sqlite3.connect(database)) as raw:
        (integrity,) = raw.execute("PRAGMA integrity_check").fetchone()
        if integrity != "ok":
            yield f"the database is damaged: {integrity}"
        rows = Counter(raw.execute(f"SELECT {columns} FROM visits"))  # noqa: S608 - our own names
        if rows != Counter(map(tuple, tally.visits)):
            yield f"{rows.total()} visits are not the {len(tally.visits)} of a recount"
        unsettled = raw.execute("SELECT id FROM lines WHERE status IN ('queued', 'sending')")
        if left := {id for (id,) in unsettled} - heard:
            yield f"{len(left)} replies were never sent"
    for path in sorted(database.parent.glob(database.name + "*")):
        data = path.read_bytes()
        for canary in CANARIES:
            if canary in data:
                yield f"{canary.decode()} can be read in {path.name}"


def _incoming(resident: Resident) -> Iterator[Incoming]:
    for message in resident.written:
        sifted = sift(message.text) if message.text else None
        yield Incoming(
            Address(CHANNEL, resident.name),
            message.key,
            sifted.text if sifted else "",
            message.button,
            found=sifted.found if sifted else (),
        )
