"""Kill -9 while volunteers help: no words lost or doubled, nobody with two helpers, no age forgotten."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.app.tickets import Request
from bot.core.ticket import Ticket
from bot.store.open import open_store
from bot.store.tickets import SqlTickets
from tests.app.harness.desk import look
from tests.app.harness.desk_victim import MANY_LINES
from tests.books import ROOT, small_root
from tests.conftest import KEY, PULL

KILLS = 6
DEEDS = 200
"""What is done in one life, at most."""


@dataclass
class Told:
    """What the processes said was done, and how long everybody had asked when it was first seen."""

    deeds: list[tuple[str, int, str, str, str]] = field(default_factory=list)

    @property
    def numbers(self) -> dict[str, int]:
        return {who: number + 1 for who, number, *_ in self.deeds}


def lives(folder: Path, flaw: str = "", kills: int = KILLS) -> Told:
    """One process after the other, each killed in the middle of things."""
    rng, told = random.Random(f"{flaw} kills"), Told()  # noqa: S311 - a play, not a secret
    content = small_root(folder)
    for _ in range(kills):
        command = [
            sys.executable,
            "-m",
            "tests.app.harness.desk_victim",
            str(folder / "bot.db"),
            str(content),
        ]
        with subprocess.Popen(
            [*command, json.dumps(told.numbers), flaw], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            try:
                for _ in range(rng.randint(1, DEEDS)):
                    line = process.stdout.readline()
                    if not line and flaw in ("dying", "forgetful"):
                        break
                    assert line, "the desk ended by itself"
                    told.deeds.append(_deed(line))
            finally:
                process.kill()
            rest = process.stdout.read().splitlines(keepends=True)
            told.deeds += [_deed(line) for line in rest if line.endswith("\n")]
    return told


def _deed(line: str) -> tuple[str, int, str, str, str]:
    who, number, what, ticket, words = json.loads(line)
    return who, number, what, ticket, words


async def faults_of(folder: Path, told: Told) -> list[str]:
    store = open_store(f"sqlite:///{folder / 'bot.db'}", KEY, PULL)
    tickets = SqlTickets(store.backing)
    faults = []
    try:
        texts: Counter[str] = Counter()
        conversations = set()
        for key, conversation in await look(store, "SELECT key, conversation_id FROM tickets ORDER BY id"):
            chat = await tickets.chat(str(key), 0, MANY_LINES)
            assert chat is not None
            if conversation not in conversations:
                conversations.add(conversation)
                texts.update(line.reply.text for line in chat.lines)
            faults += _ticket_faults(chat.request, chat.state.ticket)
        for who, _, what, key, words in told.deeds:
            if what in ("wrote", "spoke") and not texts[words]:
                faults.append(f"lost: {who} {what} {words}")
            kept = await tickets.chat(key, 0, 1) if key else None
            found = {entry.kind for entry in kept.log} if kept else set()
            if what in ("claimed", "closed") and what not in found:
                faults.append(f"lost: {who} {what} {key}")
        spoken = {text: count for text, count in texts.items() if text[:1] in "rv" and text[1:2].isdigit()}
        faults += [f"doubled: {text}" for text, count in spoken.items() if count > 1]
        faults += [
            f"two open: {row}"
            for row in await look(
                store,
                "SELECT conversation_id FROM tickets WHERE closed_at IS NULL "
                "GROUP BY conversation_id HAVING count(*) > 1",
            )
        ]
        faults += [
            f"age: {row}"
            for row in await look(
                store,
                "SELECT t.key FROM tickets AS t JOIN ticket_log AS l ON l.ticket = t.key "
                "WHERE l.kind = 'opened' AND l.at <> t.created_at",
            )
        ]
    finally:
        await store.close()
    return faults


def _ticket_faults(request: Request, ticket: Ticket | None) -> list[str]:
    """The row and the conversation's own word agree on whose it is, and since when it waits."""
    if ticket is None or ticket.key != request.key:
        return [] if request.closed_at else [f"open but gone: {request.key}"]
    holder = ticket.holder.id if ticket.holder else 0
    agree = (holder, ticket.opened_at) == (request.holder, request.opened_at)
    return [] if agree else [f"owned by two: {request.key}"]


async def test_nothing_is_lost_or_doubled_when_the_desk_is_killed(tmp_path: Path) -> None:
    told = lives(tmp_path)
    assert {what for _, _, what, *_ in told.deeds} == {"wrote", "claimed", "spoke", "closed"}
    assert await faults_of(tmp_path, told) == []


async def test_words_acknowledged_before_the_commit_are_missed(tmp_path: Path) -> None:
    told = lives(tmp_path, "hasty", kills=3)
    assert any(fault.startswith("lost") for fault in await faults_of(tmp_path, told))


async def test_words_that_were_committed_when_the_desk_died_are_not_said_again(tmp_path: Path) -> None:
    told = lives(tmp_path, "dying", kills=3)
    assert await faults_of(tmp_path, told) == []


async def test_words_without_a_key_are_doubled(tmp_path: Path) -> None:
    told = lives(tmp_path, "forgetful", kills=3)
    assert any(fault.startswith("doubled") for fault in await faults_of(tmp_path, told))
