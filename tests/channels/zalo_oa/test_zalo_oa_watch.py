"""Zalo stops posting, people go on writing: nobody is left without an answer, and nobody gets two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from bot.app.platform import Again, Raw
from bot.app.ports import StoreDown
from bot.channels.zalo_oa.events import WINDOW
from bot.channels.zalo_oa.history import found_in, to_take
from bot.channels.zalo_oa.watch import HEARD, LOOK, OVERLAP, QUIET, WHILE_SILENT
from bot.core.message import Address, Kind, Reply
from tests.channels.zalo_oa.parts import OA, PERSON, Commune, address, commune
from tests.platforms.zalo.faults import Status

MORNING = 23 * 3600
"""Seconds from the start of a test, in the evening, to the next afternoon in Viet Nam."""


@asynccontextmanager
async def tended(bot: Commune) -> AsyncIterator[None]:
    tending = asyncio.create_task(bot.door.tend())
    await asyncio.sleep(1)
    yield
    tending.cancel()
    await asyncio.wait({tending})


def texts(bot: Commune) -> list[str]:
    return [event.text for event in bot.inbox.events if isinstance(event, Raw)]


async def test_what_was_written_while_the_webhook_was_off_is_fetched_once() -> None:
    async with commune() as bot:
        lan, nam = bot.zalo.person("Lan"), bot.zalo.person("Nam")
        async with tended(bot):
            await lan.says("một")
            await nam.says("hai")
            await bot.send(address(lan.id), Reply("Chào bác"))
            await bot.zalo.admin_writes(nam, "người trực trả lời")
            bot.zalo.webhook_on = False
            await asyncio.sleep(MORNING)
            await nam.sends_image("ba")
            for number in range(12):
                await lan.says(f"tin {number}")
            await asyncio.sleep(QUIET)
        assert texts(bot) == ["một", "hai", "ba", *(f"tin {number}" for number in range(12))]
        keys = [event.key for event in bot.inbox.events]
        assert len(keys) == len(set(keys))
        assert bot.reports.kinds == ["WebhookSilent"]


async def test_a_webhook_that_zalo_switched_off_costs_nobody_an_answer() -> None:
    """Our database is away for longer than Zalo tries; afterwards Zalo tells us nothing any more."""
    async with commune() as bot:
        lan = bot.zalo.person("Lan")
        async with tended(bot):
            await lan.says("một")
            bot.inbox.fails = StoreDown()
            await lan.says("hai")
            await asyncio.sleep(2 * 3600)
            assert bot.zalo.switched_off_at
            await lan.says("ba")
            bot.inbox.fails = None
            await asyncio.sleep(MORNING)
        assert texts(bot) == ["một", "hai", "ba"]
        assert "WebhookSilent" in bot.reports.kinds


async def test_what_came_both_ways_takes_effect_once_and_a_tap_is_a_tap() -> None:
    async with commune() as bot:
        lan = bot.zalo.person("Lan")
        await lan.says("#=human")
        await lan.sends_sticker()
        await bot.door._watch.catch_up()
        assert bot.inbox.tries == 4
        assert [type(event).__name__ for event in bot.inbox.events] == ["Raw", "Raw"]
        assert bot.inbox.events[0].button == "=human"  # type: ignore[union-attr]


async def test_with_other_keys_people_would_hear_everything_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the two tests above."""
    monkeypatch.setattr("bot.channels.zalo_oa.history.said", _said_under_another_key)
    async with commune() as bot:
        await bot.zalo.person("Lan").says("một")
        await bot.door._watch.catch_up()
        assert texts(bot) == ["một", "một"]


def _said_under_another_key(who: Address, key: str, kind: Kind, text: str) -> Raw:
    return Raw(who, key + "x", text, kind=kind)


async def test_before_the_first_event_there_is_nothing_to_catch_up_with() -> None:
    """What people told the account before it had a bot is not for us."""
    async with commune() as bot:
        bot.zalo.webhook_on = False
        await bot.zalo.person("Lan").says("chuyện cũ")
        assert not await bot.door._watch.catch_up()
        assert bot.inbox.tries == 0


async def test_a_start_catches_up_and_old_words_stay_old() -> None:
    async with commune() as bot:
        lan = bot.zalo.person("Lan")
        await lan.says("một")
        bot.zalo.webhook_on = False
        await lan.says("hai")
        await asyncio.sleep(25 * 3600)
        await lan.says("ba")
        restarted = bot.another(bot.door.tokens._seed)
        await restarted._watch.catch_up()
        assert texts(bot) == ["một", "ba"]
        await asyncio.sleep(3600)
        bot.inbox.events.clear()
        await restarted._watch.catch_up()
        assert [event.window for event in bot.inbox.events if isinstance(event, Raw)] == [WINDOW - 3600]


async def test_the_last_event_is_noted_now_and_then() -> None:
    async with commune() as bot:
        lan = bot.zalo.person("Lan")
        for _ in range(10):
            await lan.says("chào")
            await asyncio.sleep(1)
        first = bot.safe.kept[HEARD]
        assert first.revision == 1
        await asyncio.sleep(LOOK)
        await lan.sees() if lan.chat else await lan.says("chào")
        await asyncio.sleep(1)
        assert bot.safe.kept[HEARD].revision == 2


async def test_while_it_is_quiet_but_well_nobody_is_alarmed() -> None:
    async with commune() as bot:
        async with tended(bot):
            await bot.zalo.person("Lan").says("chào")
            await asyncio.sleep(MORNING + 6 * 3600)
        assert bot.reports.kinds == []
        assert texts(bot) == ["chào"]


async def test_a_webhook_that_is_on_again_ends_the_alarm() -> None:
    async with commune() as bot:
        lan = bot.zalo.person("Lan")
        async with tended(bot):
            await lan.says("chào")
            bot.zalo.webhook_on = False
            await asyncio.sleep(MORNING)
            await lan.says("có ai không")
            await asyncio.sleep(LOOK + 10)
            await lan.says("alo")
            await asyncio.sleep(WHILE_SILENT + 10)
            assert texts(bot)[-1] == "alo", "while it is silent we look often"
            bot.zalo.webhook_on = True
            await lan.says("cảm ơn")
            asked = len(bot.zalo.called("listrecentchat"))
            await asyncio.sleep(WHILE_SILENT * 4)
            assert len(bot.zalo.called("listrecentchat")) <= asked + 1
        assert bot.reports.kinds == ["WebhookSilent"]


@pytest.mark.parametrize("trouble", ["zalo", "store", "again"])
async def test_catching_up_goes_on_after_trouble(trouble: str) -> None:
    async with commune() as bot:
        lan = bot.zalo.person("Lan")
        await lan.says("một")
        bot.zalo.webhook_on = False
        await lan.says("hai")
        match trouble:
            case "zalo":
                bot.zalo.faults.add(Status(502), method="listrecentchat", times=2)
            case "store":
                bot.inbox.fails = StoreDown()
            case _:
                bot.inbox.fails = Again()
        async with tended(bot):
            await asyncio.sleep(WHILE_SILENT)
            bot.inbox.fails = None
            await asyncio.sleep(3 * WHILE_SILENT if trouble != "again" else MORNING)
        assert texts(bot) == ["một", "hai"]
        assert set(bot.reports.kinds) <= {"WebhookSilent"}


def test_rows_that_make_no_sense_are_left_out() -> None:
    good = {
        "message_id": "a",
        "from_id": PERSON,
        "to_id": OA,
        "time": 1000,
        "type": "text",
        "message": "chào",
    }
    rows = [
        good,
        good | {"src": 1, "from_id": int(PERSON), "message_id": "b", "time": 500},
        good | {"src": 0, "from_id": OA, "to_id": PERSON},
        good | {"from_id": OA, "to_id": PERSON},
        good | {"type": "nosupport", "message_id": "c"},
        good | {"message_id": ""},
        good | {"time": "hôm qua"},
        {},
        good | {"message_id": "d", "time": 10},
    ]
    found = found_in([msgspec.Raw(msgspec.json.encode(row)) for row in rows], OA)
    assert len(found) == 7
    assert [one.raw.key for one in to_take(found, 0.4) if one.raw] == ["b", "a"]
    assert {one.person for one in found} == {PERSON}
    unknown = found_in([msgspec.Raw(msgspec.json.encode(good))], "")
    assert to_take(unknown, 0) == [], "without our own id only `src` tells who spoke"
    assert OVERLAP > 110 * 60, "Zalo delivers for so long what was not taken"
