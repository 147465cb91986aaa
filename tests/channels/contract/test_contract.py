"""What every platform's channel must do, whoever wrote it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from bot.core.book import Book
from bot.core.session import Outcome
from tests.channels.contract.house import POISON, Gate, House, Person, house


def words(person: Person) -> str:
    return "\n".join(message.words for message in person.chat)


async def begun(at: House, person: Person) -> None:
    """Consent is given and the first guide is open at its first step."""
    await person.says("kích hoạt")
    await person.hears()
    await at.gate.choose(person, "Bắt đầu", 1)
    await person.hears()


async def test_words_are_answered(gate: Gate, small: Book, sqlite_url: str) -> None:
    async with house(gate, sqlite_url, small) as at:
        lan = at.person()
        await lan.says("xin chào")
        (first,) = await lan.hears()
        assert "chương trình" in first.words
        assert "1. Bắt đầu" in first.words
        assert at.faults == []


async def test_a_choice_is_taken_and_the_place_is_kept(gate: Gate, small: Book, sqlite_url: str) -> None:
    async with house(gate, sqlite_url, small) as at:
        lan = at.person()
        await begun(at, lan)
        state = await at.state(lan)
        assert state is not None
        assert state.contact.consents
        assert at.faults == []
