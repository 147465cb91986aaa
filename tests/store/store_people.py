"""Small hand-made residents: messages, turns and a look into the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, text

from bot.app.ports import Kept, Taken
from bot.core.contact import Contact
from bot.core.dialogue import Turn
from bot.core.events import (
    ErasureRequested,
    Event,
    NotUnderstood,
    RunStarted,
    RunTurned,
    StepEntered,
    StepLeft,
    TicketOpened,
)
from bot.core.message import Address, Choice, Incoming, Reply
from bot.core.session import How, Mark, Outcome, Run, RunOutcome, Session, State, Visit
from bot.core.ticket import Reason, Ticket
from bot.store.open import SqlStore

NOW = 1_800_000_000
DAY = 86400
STEPS = ("mot", "hai", "ba")


def telegram(id: str) -> Address:
    return Address("telegram", id)


def web(id: str) -> Address:
    return Address("web", id)


def said(address: Address, key: str, words: str = "Chào em", **more: Any) -> Incoming:
    return Incoming(address, key, words, seed=f"{address.id}-{key}", **more)


def greet(state: State | None, message: Incoming, _kept: Callable[[], Kept], /) -> Turn:
    """Counts the messages in `seq` and answers with the number; some words do more."""
    ticket = state.ticket if state else None
    match message.text:
        case "nổ":
            raise ValueError("nổ")
        case "quên":
            return Turn(None, (Reply("Em không giữ gì cả."),))
        case "xoá":
            return Turn(None, (Reply("Em đã xoá."),), (ErasureRequested(),))
        case "người":
            ticket = (state.ticket if state else None) or Ticket(
                message.address.id.rjust(18, "0"), Reason.ASKED, NOW, "kich-hoat", "v1", "mot"
            )
            events: tuple[Event, ...] = () if state and state.ticket else (TicketOpened(ticket),)
        case "gì cơ":
            events = (NotUnderstood("kich-hoat", "mot", message.text),)
        case _:
            events = ()
    seq = state.seq + 1 if state else 1
    reply = Reply(f"Tin thứ {seq}", (Choice("Đã bấm", f"t{seq}"),), (Choice("Gặp người", "human"),))
    after = State(Contact(commune="Xã A"), seq=seq, heard_at=NOW, ticket=ticket)
    return Turn(after, (reply, Reply("Em chờ.")), events)


def walk(flow: str) -> Any:
    """A guide of three steps walked by the words tiếp, bỏ, lùi, hết; a new run begins after the end."""

    def respond(state: State | None, message: Incoming, _kept: Callable[[], Kept], /) -> Turn:
        seq = state.seq + 1 if state else 1
        at = NOW + seq * 7
        if state is None or state.session is None:
            here = {STEPS[0]: Mark(Outcome.OPEN)}
            run = Run(message.seed, flow, "v1", NOW, Visit(seq, STEPS[0], at), trail=here)
            return _keep(run, seq, (RunStarted(run), StepEntered(run, run.visit, None)))
        run = state.session.top
        place = STEPS.index(run.visit.step)
        match message.text:
            case "hết":
                mark = Mark(Outcome.ANSWERED, "xong", How.END)
                over = RunTurned(run, RunOutcome.OPEN, RunOutcome.COMPLETED)
                left = StepLeft(run, run.visit, at, mark)
                return Turn(State(Contact(), None, seq=seq), (Reply("Xong"),), (left, over))
            case "lùi":
                mark, to = Mark(Outcome.SUPERSEDED), STEPS[place - 1]
            case "bỏ":
                to = STEPS[(place + 1) % 3]
                mark = Mark(Outcome.SKIPPED, to, How.SKIP)
            case _:
                to = STEPS[(place + 1) % 3]
                mark = Mark(Outcome.ANSWERED, to, How.CHOICE)
        trail = {**run.trail, run.visit.step: mark}
        visit = Visit(seq, to, at)
        on = Run(run.id, flow, "v1", NOW, visit, trail={**trail, to: Mark(Outcome.OPEN)})
        return _keep(on, seq, (StepLeft(run, run.visit, at, mark), StepEntered(on, visit, trail.get(to))))

    return respond


def _keep(run: Run, seq: int, events: tuple[Event, ...]) -> Turn:
    return Turn(State(Contact(), Session((run,)), seq=seq), (Reply(f"Bước {run.visit.step}"),), events)


async def take(store: SqlStore, *messages: Incoming, respond: Any = greet, now: int = NOW) -> list[Taken]:
    """Take a batch in which nothing may fail."""
    results = []
    for result in await store.take(messages, respond, now):
        if isinstance(result, Exception):
            raise result
        results.append(result)
    return results


async def look(store: SqlStore, statement: str) -> list[tuple[Any, ...]]:
    """What the tables hold."""

    def work(connection: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(text(statement))]

    return await store._database.read(work)


async def change(store: SqlStore, *statements: str) -> None:
    def work(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    await store._database.write(work)


async def rows(store: SqlStore) -> dict[str, int]:
    """Rows per table that has any."""
    from bot.store.tables import metadata

    counts = {name: (await look(store, f"SELECT count(*) FROM {name}"))[0][0] for name in metadata.tables}  # noqa: S608
    return {name: count for name, count in counts.items() if count and name != "settings"}
