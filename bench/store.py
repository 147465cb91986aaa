"""How fast the store takes messages: against bare sqlite3 writing the very same rows, and as it grows.

python -m bench.store [--quick]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.app.conversation import answering
from bot.app.ports import Kept, Respond
from bot.core.book import Book
from bot.core.buttons import door_token, option_token, step_token, word_token
from bot.core.contact import Consent, Contact, Purpose
from bot.core.dialogue import Turn
from bot.core.events import Event, RunStarted, StepEntered, StepLeft
from bot.core.flow import waits
from bot.core.hearing import Word
from bot.core.message import Address, Choice, Incoming, Reply
from bot.core.session import How, Mark, Outcome, Run, Session, State, Verb, Visit
from bot.store import sqlite
from bot.store.codec import Saved, encode
from bot.store.crypt import Vault
from bot.store.open import SqlStore, open_store
from bot.store.sealed import ADDRESS, STATE, row_of
from bot.store.statements import sqlite_insert
from bot.store.tables import addresses, conversations, lines
from tests.books import ROOT, book_of

KEY = bytes(range(32))
PULL = frozenset({"web"})
GROUP = 50
START = 1_800_000_000
STEPS = tuple(f"buoc-{number}" for number in range(1, 9))
TEXT = (
    "**Bước {number}/8.** Bác mở ứng dụng VNeID, rồi bấm vào nút «Kích hoạt tài khoản định danh điện tử». "
    "Nếu màn hình hỏi quyền truy cập, bác bấm «Cho phép». Xong thì bác bấm nút dưới đây giúp em."
)


def respond(state: State | None, message: Incoming, _kept: Callable[[], Kept], /) -> Turn:
    """One step further round a guide of eight steps."""
    now = START
    if state is None or state.session is None:
        run = Run(message.seed, "kich-hoat", "a1b2c3d4e5f6", now, Visit(1, STEPS[0], now), touched_at=now)
        contact = Contact("vi", "bác", "", (Consent(Purpose.REMEMBER, now, "0123456789abcdef"),))
        events: tuple[Event, ...] = (RunStarted(run), StepEntered(run, run.visit, None))
        return _turn(State(contact, Session((run,)), seq=1, heard_at=now), 1, events)
    run = state.session.top
    number = state.seq % len(STEPS)
    left, visit = run.visit, Visit(state.seq + 1, STEPS[number], now)
    mark = Mark(Outcome.ANSWERED, visit.step, How.CHOICE)
    before = run.trail.get(visit.step)
    path = (*run.path[-len(STEPS) :], left.step)
    trail = {step: mark for step, mark in run.trail.items() if step != visit.step} | {left.step: mark}
    on = Run(run.id, run.flow, run.version, run.started_at, visit, trail=trail, path=path, touched_at=now)
    events = (StepLeft(run, left, now, mark), StepEntered(on, visit, before))
    return _turn(State(state.contact, Session((on,)), seq=visit.seq, heard_at=now), number + 1, events)


def _turn(state: State, number: int, events: tuple[Event, ...]) -> Turn:
    return Turn(state, (_reply(number),), events, due_at=START + 259_200)


@cache
def _reply(number: int) -> Reply:
    """Made once: what it costs to render a text is no part of the store's figure."""
    choices = (Choice("Đã bấm", f"{number}:1:a1b2"), Choice("Không thấy nút này", f"{number}:2:a1b2"))
    shortcuts = (Choice("Quay lại", "back"), Choice("Gặp người", "human"))
    return Reply(TEXT.format(number=number), choices, shortcuts)


def messages(rounds: int, people: Sequence[int], start: int = 0) -> list[list[Incoming]]:
    """`rounds` batches of GROUP messages of different people."""
    chance = random.Random(rounds * 7 + start)  # noqa: S311 - a reproducible load
    return [
        [
            Incoming(Address("telegram", str(person)), f"{start}-{turn}", "Đã bấm", seed=f"{person:024d}")
            for person in chance.sample(people, GROUP)
        ]
        for turn in range(rounds)
    ]


def real() -> Respond:
    """The real turn with the real guides: everybody presses the first button they were shown."""
    book = book_of(ROOT)
    answer = answering(book)

    def pressing(state: State | None, message: Incoming, kept: Callable[[], Kept], /) -> Turn:
        button = _first_button(book, state)
        pressed = Incoming(message.address, message.key, "", button, seed=message.seed)
        return answer(state, pressed, START, kept)

    return pressing


def _first_button(book: Book, state: State | None) -> str:
    if state is None:
        return door_token(Verb.BEGIN, "kich-hoat")
    if state.options:
        return option_token(state.asked, 1)
    session = state.session
    if session is not None and waits(book.flows[session.top.flow].steps[session.top.visit.step]):
        return step_token(session.top, 1)
    return word_token(Word.MENU)


async def take_all(
    store: SqlStore, batches: Iterable[Sequence[Incoming]], answer: Respond = respond
) -> list[float]:
    """Seconds per batch."""
    seconds = []
    for batch in batches:
        begin = time.perf_counter()
        results = await store.take(batch, answer, START)
        seconds.append(time.perf_counter() - begin)
        for result in results:
            if isinstance(result, Exception):
                raise result
        await _deliver(store)
    return seconds


async def _deliver(store: SqlStore) -> None:
    """Senders keep up: what was queued has gone out before the next batch. Outside the measured time."""
    database: Any = store._database  # noqa: SLF001
    await database.write(lambda connection: connection.exec_driver_sql(_DELIVERED))


_DELIVERED = "UPDATE lines SET status = 'sent', recipient = NULL WHERE status IN ('queued', 'sending')"


# --- against bare sqlite3 ---------------------------------------------------------------------------


class Recorder:
    """Stands in for the driver's connection and notes every statement of a transaction."""

    def __init__(self, raw: sqlite3.Connection, log: list[tuple[str, bool, Any]]) -> None:
        self._raw = raw
        self._log = log

    def execute(self, statement: str, values: Any = ()) -> sqlite3.Cursor:
        self._log.append((statement, False, values))
        return self._raw.execute(statement, values)

    def executemany(self, statement: str, rows: Sequence[Any]) -> sqlite3.Cursor:
        if rows:
            self._log.append((statement, True, list(rows)))
        return self._raw.executemany(statement, rows)


async def record(
    path: Path, batches: Sequence[Sequence[Incoming]], answer: Respond
) -> list[list[tuple[str, bool, Any]]]:
    """Everything that the store asks of SQLite, batch by batch."""
    logs: list[list[tuple[str, bool, Any]]] = []
    store = open_store(f"sqlite:///{path}", KEY, PULL)
    database: Any = store._database  # noqa: SLF001 - the bench looks inside

    def ledger(connection: Any) -> sqlite.SqliteLedger:
        one: Any = sqlite.SqliteLedger(connection, database)
        logs.append([])
        one._raw = Recorder(one._raw, logs[-1])  # noqa: SLF001
        return one  # type: ignore[no-any-return]

    database.ledger = ledger
    await take_all(store, batches, answer)
    await store.close()
    return logs


class Bare:
    """Bare sqlite3, set up as the store's: the same statements with the same rows."""

    def __init__(self, path: Path) -> None:
        self.raw = sqlite._connect(path)  # noqa: SLF001
        self.thread = ThreadPoolExecutor(1)

    async def take(self, log: Sequence[tuple[str, bool, Any]]) -> float:
        """Seconds of one transaction, in a thread of its own, as whoever serves a network has to do it."""
        begin = time.perf_counter()
        await asyncio.get_running_loop().run_in_executor(self.thread, self.replay, log)
        return time.perf_counter() - begin

    def replay(self, log: Sequence[tuple[str, bool, Any]]) -> None:
        self.raw.execute("BEGIN IMMEDIATE")
        for statement, many, values in log:
            if many:
                self.raw.executemany(statement, values)
            else:
                self.raw.execute(statement, values).fetchall()
        self.raw.execute("COMMIT")


def compare(directory: Path, rounds: int) -> list[tuple[str, float]]:
    """Microseconds per message, medians. The three take turns, batch by batch: noise strikes all alike."""
    people = range(1000)
    batches = messages(rounds, people)
    alone = [[message] for batch in batches for message in batch[:5]]
    seed = directory / "seed.db"
    answer = real()

    async def begin() -> None:
        store = open_store(f"sqlite:///{seed}", KEY, PULL)
        await take_all(store, _everyone(people), answer)
        await store.close()

    def copy(name: str) -> Path:
        path = directory / name
        path.write_bytes(seed.read_bytes())
        return path

    async def race() -> list[tuple[str, float]]:
        together = await record(copy("record.db"), batches, answer)
        apart = await record(copy("record1.db"), alone, answer)
        store = open_store(f"sqlite:///{copy('ours.db')}", KEY, PULL)
        grouped, single = Bare(copy("grouped.db")), Bare(copy("single.db"))
        ours, bare, one = [], [], []
        gc.collect()
        gc.freeze()
        for number, batch in enumerate(batches):
            ours += await take_all(store, [batch], answer)
            bare.append(await grouped.take(together[number]))
            for log in apart[number * 5 : number * 5 + 5]:
                one.append(await single.take(log))  # noqa: PERF401
            for other in (grouped, single):
                other.raw.execute(_DELIVERED)
        await store.close()
        return [
            ("store, 50 per commit", statistics.median(ours) / GROUP * 1e6),
            ("bare sqlite3, 50 per commit, executemany", statistics.median(bare) / GROUP * 1e6),
            ("bare sqlite3, one commit per message", statistics.median(one) * 1e6),
        ]

    asyncio.run(begin())
    return asyncio.run(race())


def _everyone(people: Sequence[int]) -> list[list[Incoming]]:
    return [
        [
            Incoming(Address("telegram", str(person)), "hello", "Chào em", seed=f"{person:024d}")
            for person in people[start : start + GROUP]
        ]
        for start in range(0, len(people), GROUP)
    ]


# --- as it grows ------------------------------------------------------------------------------------


def fill(path: Path, count: int) -> None:
    """A store with `count` conversations, two lines each."""
    open_store(f"sqlite:///{path}", KEY, PULL).abandon()
    vault = Vault(KEY)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("PRAGMA cache_size = -262144")
    for start in range(0, count, 20_000):
        people = range(start, min(start + 20_000, count))
        raw.execute("BEGIN")
        _insert(raw, conversations, [_conversation(vault, person) for person in people])
        rows = sorted((_address(vault, person) for person in people), key=lambda row: row["hash"])
        _insert(raw, addresses, rows)
        _insert(raw, lines, [line for person in people for line in _lines(vault, person)])
        raw.execute("COMMIT")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()


def _insert(raw: sqlite3.Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    raw.executemany(sqlite_insert(table, columns), [[row[name] for name in columns] for row in rows])


def _conversation(vault: Vault, person: int) -> dict[str, Any]:
    turn = respond(None, Incoming(Address("telegram", str(person)), "", seed=f"{person:024d}"), _nothing)
    id = person + 1
    sealed = vault.of_conversation(id).seal(encode(Saved(turn.state or State(Contact()))), STATE)
    return {
        "id": id, "revision": 0, "channel": "telegram",
        "home": vault.hash_address(Address("telegram", str(person))),
        "flow": "kich-hoat", "version": "a1b2c3d4e5f6", "step": STEPS[0], "pins": None,
        "created_at": START, "heard_at": START, "wake_at": START + 86_400 + person,
        "due_at": START + 86_400 + person, "state": sealed,
    }  # fmt: skip


def _address(vault: Vault, person: int) -> dict[str, Any]:
    address = Address("telegram", str(person))
    hash = vault.hash_address(address)
    sealed = vault.of_address(hash).seal(encode(address), ADDRESS)
    return {"hash": hash, "conversation_id": person + 1, "channel": "telegram", "address": sealed}


def _lines(vault: Vault, person: int) -> list[dict[str, Any]]:
    cipher = vault.of_conversation(person + 1)
    texts = (Reply("Đã bấm"), Reply(TEXT))
    return [
        {
            "id": id, "conversation_id": person + 1, "mine": id % 2 == 1, "at": START, "key": bytes(16),
            "channel": "telegram", "recipient": None, "address": None, "status": "sent", "ready_at": 0,
            "attempts": 1, "again": False, "body": cipher.seal(encode(reply), row_of(id)),
        }
        for id, reply in enumerate(texts, 2 * person + 1)
    ]  # fmt: skip


def _nothing() -> Kept:
    return Kept((), 0, 0)


def grow(directory: Path, sizes: Sequence[int], rounds: int) -> list[tuple[str, float]]:
    """Microseconds per message with so many conversations; the stores take turns, batch by batch."""
    stores = {}
    for size in sizes:
        path = directory / f"size{size}.db"
        fill(path, size)
        stores[size] = open_store(f"sqlite:///{path}", KEY, PULL)

    async def race() -> dict[int, list[float]]:
        for size, store in stores.items():
            await take_all(store, messages(rounds // 4, range(size), 1))
        loads = {size: messages(rounds, range(size), 2) for size in sizes}
        seconds: dict[int, list[float]] = {size: [] for size in sizes}
        gc.collect()
        gc.freeze()  # as the program does after loading; the load itself is no part of the figure
        for turn in range(rounds):
            for size, store in stores.items():
                seconds[size] += await take_all(store, [loads[size][turn]])
        for store in stores.values():
            await store.close()
        return seconds

    raced = asyncio.run(race())
    return [
        (f"{size:,} conversations, {name}", average(seconds) / GROUP * 1e6)
        for name, average in (("median batch", statistics.median), ("mean", statistics.fmean))
        for size, seconds in raced.items()
    ]


def show(title: str, figures: Sequence[tuple[str, float]]) -> None:
    table = Table("", "µs per message", "messages/s", "ratio to the first row", title=title)
    for name, cost in figures:
        table.add_row(name, f"{cost:,.0f}", f"{1e6 / cost:,.0f}", f"{figures[0][1] / cost:.2f}")
    Console(width=110).print(table)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a hundredth of the conversations")
    parser.add_argument("--directory", help="where to put the databases; the disk is part of the figure")
    options = parser.parse_args(arguments)
    gc.collect()
    gc.freeze()
    with tempfile.TemporaryDirectory(dir=options.directory) as name:
        directory = Path(name)
        show("Against bare sqlite3 writing the same rows", compare(directory, 60 if options.quick else 200))
        sizes = (1_000, 10_000) if options.quick else (1_000, 100_000, 1_000_000)
        figures = grow(directory, sizes, 60 if options.quick else 400)
        show("As the store grows", figures[: len(sizes)])
        show("As the store grows, checkpoints and noise included", figures[len(sizes) :])


if __name__ == "__main__":
    main()
