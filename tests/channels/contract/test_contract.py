"""What every platform's channel must do, whoever wrote it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import closing

import pytest

from bot.core.book import Book
from bot.core.session import Outcome
from bot.core.visits import STEP_COLUMNS
from tests.channels.contract.house import POISON, Gate, House, Person, Trouble, house
from tests.channels.contract.mutants import ALLOWED, harmed

BLOCKED = STEP_COLUMNS.index(f"persons_{Outcome.BLOCKED}")
HALF_AN_HOUR = 1800.0
OURS = {"turn", "send", "refused", "outbox", "timers"}
"""Reports of faults that are our own; the others tell an organiser that a platform is in trouble."""


def words(person: Person) -> str:
    return "\n".join(message.words for message in person.chat)


async def begun(at: House, person: Person) -> None:
    """Consent is given; the guide waits at its first choice, "Bác dùng máy nào ạ?"."""
    await person.says("tôi muốn kích hoạt vneid")
    await person.hears()
    for _ in ("«Bắt đầu»", "how to be addressed"):
        await at.gate.choose(person, 1)
        await person.hears()
    assert "dùng máy nào" in words(person), words(person)


async def posted(at: House, body: bytes) -> int:
    """Post something as the platform itself would; the status of the answer."""
    headers = at.gate.headers(at.fake, body)
    status, _, _ = await at.post(f"https://x{at.gate.path}", headers, body)
    return status


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
        await at.gate.choose(lan, 1)
        (asked,) = await lan.hears()
        assert "mấy ngày" in asked.words
        await lan.says("bảy")
        await lan.hears()
        state = await at.state(lan)
        assert state is not None
        assert state.session is not None
        assert dict(state.session.top.answers) == {"may": "android", "ngay": 7}
        assert at.faults == []


async def test_a_typed_number_means_what_is_on_the_screen_and_never_a_consent_elsewhere(
    gate: Gate, small: Book, sqlite_url: str
) -> None:
    """«Chỉ xem hướng dẫn» keeps nothing: the "1" that follows is a guide to read, not «Bắt đầu»."""
    async with house(gate, sqlite_url, small) as at:
        lan = at.person()
        await lan.says("1")
        await lan.hears()
        assert await at.state(lan) is None
        await lan.says("2")
        await lan.hears()
        await lan.says("1")
        await at.quiet()
        assert "Hết hướng dẫn **Hướng dẫn thử**".replace("**", "") in words(lan)
        assert await at.state(lan) is None
        await lan.says("xin chào")
        await lan.hears()
        await lan.says("vâng")
        await lan.hears()
        assert await at.state(lan) is not None
        assert at.faults == []


async def test_pictures_stickers_and_the_like_are_answered_and_never_fetched(
    gate: Gate, small: Book, sqlite_url: str
) -> None:
    async with house(gate, sqlite_url, small) as at:
        lan = at.person()
        await begun(at, lan)
        calls = len(at.fake.calls)
        await lan.sends_photo()
        (answered,) = await lan.hears()
        assert "ảnh" in answered.words
        await lan.sends_sticker()
        await lan.hears()
        await lan.sends_photo("tổng đài số mấy")
        await lan.hears()
        fetched = [call.method for call in at.fake.calls[calls:] if "ile" in call.method]
        assert fetched == []
        state = await at.state(lan)
        assert state is not None
        assert state.session is not None
        assert state.session.top.visit.step == "chon"
        assert at.faults == []


async def test_who_blocks_us_is_tried_once_and_counted_where_they_stood(
    gate: Gate, small: Book, sqlite_url: str
) -> None:
    async with house(gate, sqlite_url, small) as at:
        lan, nam = at.person("Lan"), at.person("Nam")
        await begun(at, lan)
        await begun(at, nam)
        calls = len(at.fake.calls)
        await lan.blocks()
        await asyncio.sleep(HALF_AN_HOUR)  # the step's reminder is due
        assert "còn vướng gì không" in words(nam)
        refused = [
            call for call in at.fake.calls[calls:] if call.method not in {"getUpdates", "getWebhookInfo"}
        ]
        assert len(refused) <= 2  # one to each of the two
        counts = await at.store.counts("thu")
        assert sum(row[BLOCKED] for row in counts.steps.values()) == 1
        assert at.faults == []


@pytest.mark.parametrize("trouble", Trouble)
async def test_what_a_platform_does_to_us_costs_nobody_else_and_nothing_for_ever(
    gate: Gate, small: Book, sqlite_url: str, trouble: Trouble
) -> None:
    async with house(gate, sqlite_url, small) as at:
        lan, nam = at.person("Lan"), at.person("Nam")
        await begun(at, lan)
        await begun(at, nam)
        at.gate.trouble(at.fake, trouble, lan, seconds=20)
        await lan.says("nhắc lại")
        await nam.says("nhắc lại")
        clock = asyncio.get_running_loop().time
        before = clock()
        await nam.hears()
        assert clock() - before < 5
        await lan.hears(within=180)
        assert "dùng máy nào" in lan.chat[-1].words
        assert at.gate.early(at.fake) == 0
        assert not [where for where, _ in at.faults if where in OURS]


async def test_the_same_event_takes_effect_once_however_often_and_in_whatever_order(
    gate: Gate, small: Book, sqlite_url: str
) -> None:
    async with house(gate, sqlite_url, small) as at:
        people = [at.person(f"Người {number}") for number in range(10)]
        for person in people:
            await person.says("chào")
        await at.quiet()
        at.gate.mischief(at.fake, 7)
        before = at.turns
        for number in range(10):
            await asyncio.gather(*(person.says(f"câu hỏi {number}") for person in people))
        await at.quiet(600)
        assert at.turns - before == 100
        assert [len(person.chat) for person in people] == [11] * 10
        assert at.faults == []


async def test_an_event_that_breaks_us_does_not_hold_up_its_conversation(
    gate: Gate, small: Book, sqlite_url: str
) -> None:
    async with house(gate, sqlite_url, small) as at:
        lan = at.person()
        await begun(at, lan)
        await lan.says(POISON)
        await at.quiet()
        await lan.says("nhắc lại")
        (again,) = await lan.hears(within=4000)
        assert "dùng máy nào" in again.words
        assert at.faults == [("turn", "ZeroDivisionError")] * 3
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as raw:
            ((tries, shape),) = raw.execute("SELECT tries, shape FROM stumbles").fetchall()
        assert tries == 3
        assert POISON not in shape
        assert "str" in shape


async def test_rubbish_that_is_authentic_leaves_us_standing(gate: Gate, small: Book, sqlite_url: str) -> None:
    async with house(gate, sqlite_url, small) as at:
        if at.gate.path not in at.outside.webhooks:
            pytest.skip("polled: rubbish cannot come in")
        harm = await harmed(at, 400, seed=1)
        assert set(harm.statuses) <= ALLOWED
        assert harm.statuses[200] > 100
        assert {where for where, _ in at.faults} <= {
            "refused",
            "zalo_oa.signature",
        }  # signed, of another time
        lan = at.person()
        await lan.says("xin chào")
        await lan.hears()


async def test_who_is_not_the_platform_is_refused_and_leaves_no_trace(
    gate: Gate, small: Book, sqlite_url: str
) -> None:
    async with house(gate, sqlite_url, small) as at:
        if at.gate.path not in at.outside.webhooks:
            pytest.skip("polled: nobody can post")
        lan = at.person()
        await lan.says("xin chào")
        await lan.hears()
        await at.quiet()
        before = _rows(sqlite_url)
        answers = [
            await at.post(f"https://x{at.gate.path}", headers, body)
            for headers, body in at.gate.forgeries(at.fake, 1000)
        ]
        assert len(answers) == 1000
        assert {(status, body) for status, _, body in answers} <= {(401, b""), (413, b"")}
        assert _rows(sqlite_url) == before
        assert await posted(at, at.gate.sample(at.fake)) == 200
        assert _rows(sqlite_url) != before


async def test_no_log_line_holds_a_secret_or_anything_personal(
    gate: Gate, small: Book, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    async with house(gate, sqlite_url, small, tell=lambda *words: told.append(repr(words))) as at:
        lan = at.person("Lan Bí Mật")
        await begun(at, lan)
        for trouble in Trouble:
            at.gate.trouble(at.fake, trouble, lan)
            await lan.says("chuyện riêng của tôi")
            await at.quiet(200)
        await lan.says(POISON)
        await lan.sends_photo("chuyện riêng của tôi")
        await lan.blocks()
        await asyncio.sleep(HALF_AN_HOUR)
        personal = ("Lan Bí Mật", "chuyện riêng", POISON, at.gate.address(lan))
    lines = [record.getMessage() + str(record.exc_info or "") for record in caplog.records] + told
    assert told
    for line in lines:
        for never in (*at.gate.secrets, *personal):
            assert never not in line
    assert any(POISON in line for line in [*lines, repr(ZeroDivisionError(POISON))])  # it would be seen


def _rows(url: str) -> dict[str, int]:
    tables = ("inbox", "conversations", "lines", "visits", "addresses", "stumbles", "secrets")
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
        return {
            table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
            for table in tables
        }
