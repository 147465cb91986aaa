"""What people write takes effect once, whichever way it comes and whatever fails on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

import pytest

from bot.app.platform import Again, Raw
from bot.app.ports import NoPictures, StoreDown
from bot.channels.zalo_bot.platform import ZaloBot
from bot.core.message import Address, Kind
from tests.channels.zalo_bot.zalo_bot_world import SECRET, SITE, TOKEN, World, world
from tests.platforms.zalo.faults import Code, Hang, Reset, Status

WEBHOOK = f"{SITE}/webhooks/zalo-bot"


@asynccontextmanager
async def tended(made: World) -> AsyncIterator[None]:
    """While the door is looked after, as one process does."""
    task = asyncio.create_task(made.door.tend())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled(), task.exception()


async def until(true: Callable[[], object], seconds: float = 300) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - in virtual time
            await asyncio.sleep(1)


# --- polling


async def test_polling_takes_every_message_once_and_in_order() -> None:
    async with world() as made, tended(made):
        for number in range(20):
            await made.lan.says(f"câu {number}")
        await until(lambda: len(made.taken) == 20)
        assert made.texts == [f"câu {number}" for number in range(20)]


async def test_nothing_is_fetched_before_the_last_one_took_effect() -> None:
    async with world() as made:
        made.troubles = [StoreDown(), StoreDown(), Again(), Again()]
        for text in ("một", "hai"):
            await made.lan.says(text)
        async with tended(made):
            await until(lambda: len(made.shapes) == 4)
            assert len(made.zalo.called("getUpdates")) == 1
            await until(lambda: len(made.taken) == 2)
        assert made.texts == ["một", "hai"]
        assert made.reports == []


async def test_five_minutes_without_the_database_lose_nothing() -> None:
    async with world() as made:
        made.troubles = [StoreDown()] * 60
        await made.lan.says("một")
        async with tended(made):
            await until(lambda: made.taken, 400)
        assert made.texts == ["một"]


async def test_an_idle_platform_is_asked_patiently() -> None:
    async with world() as made, tended(made):
        await asyncio.sleep(600)
        assert 10 <= len(made.zalo.called("getUpdates")) <= 25
        assert made.reports == []


async def test_a_platform_that_does_not_wait_is_not_flooded(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(*_: object) -> bool:
        return False

    async with world() as made, tended(made):
        monkeypatch.setattr(made.zalo, "_poll", at_once)
        await asyncio.sleep(60)
        assert 30 <= len(made.zalo.called("getUpdates")) <= 62
        assert made.reports == []


@pytest.mark.parametrize("fault", [Status(502), Code(429), Code(401), Hang(), Reset()], ids=repr)
async def test_an_outage_is_waited_out_and_told_once(fault: Status | Code | Hang | Reset) -> None:
    async with world() as made:
        made.zalo.faults.add(fault, seconds=300)
        async with tended(made):
            await asyncio.sleep(300)
            assert len(made.zalo.calls) <= 20
            made.zalo.faults.heal()
            await made.lan.says("xin chào")
            await until(lambda: made.taken)
        assert made.texts == ["xin chào"]
        assert [where for where, _ in made.reports] == ["zalo_bot.polling"]


async def test_polling_takes_over_from_a_webhook() -> None:
    async with world("webhook") as made:
        async with tended(made):
            await until(lambda: made.zalo.called("setWebhook"))
        poller = polling(made)
        task = asyncio.create_task(poller.tend())
        await until(lambda: made.zalo.called("getUpdates"))
        await made.lan.says("xin chào")
        await until(lambda: made.taken)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await poller.close()
        assert made.texts == ["xin chào"]


def polling(made: World) -> ZaloBot:
    return ZaloBot(
        token=TOKEN,
        mode="polling",
        webhook_secret="",
        web_address="",
        link="",
        take=made.take,
        pictures=NoPictures(),
        report=made.report,
        api_base=made.zalo.base,
    )


async def test_polling_needs_no_address_and_no_secret() -> None:
    async with world() as made:
        door = polling(made)
        assert door.webhook is None
        assert door.door("26734") is None


# --- webhook


async def test_the_platform_is_told_our_address_and_told_again_when_it_forgot() -> None:
    async with world("webhook") as made, tended(made):
        await until(lambda: made.zalo.called("setWebhook"))
        assert made.zalo.called("setWebhook")[0].params == {"url": WEBHOOK, "secret_token": SECRET}
        await asyncio.sleep(1000)
        assert len(made.zalo.called("setWebhook")) == 1
        made.zalo.faults.add(Status(502), method="getWebhookInfo", times=1)
        await asyncio.sleep(400)
        before = len(made.zalo.called("setWebhook"))
        made.zalo.webhook = ""
        await asyncio.sleep(400)
        assert len(made.zalo.called("setWebhook")) == before + 1
        await made.lan.says("xin chào")
        await until(lambda: made.taken)


@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_webhook_message_takes_effect(wrapped: bool) -> None:
    async with world("webhook") as made, tended(made):
        made.zalo.wrapped = wrapped
        await until(lambda: made.zalo.called("setWebhook"))
        await made.lan.says("xin chào")
        await made.lan.sends_image("báo lỗi này")
        await made.lan.sends_sticker()
        await made.lan.sends_voice()
        await made.lan.sends_unsupported()
        kinds = [event.kind for event in made.taken if isinstance(event, Raw)]
        assert kinds == [Kind.TEXT, Kind.PHOTO, Kind.STICKER, Kind.VOICE, Kind.UNSUPPORTED]
        assert {event.address for event in made.taken if isinstance(event, Raw)} == {
            Address("zalo_bot", made.lan.id)
        }
        assert made.texts[:2] == ["xin chào", "báo lỗi này"]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_groups_are_left_alone(mode: Literal["polling", "webhook"]) -> None:
    async with world(mode) as made, tended(made):
        await until(lambda: made.zalo.called("setWebhook" if mode == "webhook" else "getUpdates"))
        await made.lan.says("@Bot VNeID chào em", made.zalo.group("Tổ dân phố 3"))
        await made.lan.says("xin chào")
        await until(lambda: made.taken)
        assert made.texts == ["xin chào"]


async def test_people_whose_words_are_kept_from_us_are_heard_of() -> None:
    async with world("webhook") as made, tended(made):
        await until(lambda: made.zalo.called("setWebhook"))
        hoa = made.zalo.person("Hoa", special=True)
        await hoa.says("xin chào")
        (event,) = made.taken
        assert isinstance(event, Raw)
        assert (event.address.id, event.kind, event.text) == (hoa.id, Kind.UNSUPPORTED, "")
        made.zalo.nameless = True
        await hoa.says("xin chào")
        assert len(made.taken) == 1


async def test_what_could_not_be_kept_is_posted_again() -> None:
    async with world("webhook") as made, tended(made):
        await until(lambda: made.zalo.called("setWebhook"))
        made.troubles = [StoreDown(), Again()]
        await made.lan.says("xin chào")
        await made.zalo.delivery.settled()
        assert [attempt.status for attempt in made.zalo.delivery.attempts] == [503, 500, 200]
        assert made.texts == ["xin chào"]


async def test_the_shape_of_an_event_holds_no_value() -> None:
    async with world("webhook") as made, tended(made):
        await until(lambda: made.zalo.called("setWebhook"))
        await made.lan.says("xin chào")
        (shape,) = made.shapes
        assert "text: str" in shape
        assert "xin chào" not in shape
        assert made.lan.id not in shape


@pytest.mark.parametrize("address", ["", "http://bot.example.vn", "https://localhost", "https://10.0.0.7"])
async def test_an_address_that_the_platform_cannot_reach_is_told_to_us_not_to_it(address: str) -> None:
    async with world("webhook", address) as made, tended(made):
        await asyncio.sleep(3600)
        assert [where for where, _ in made.reports] == ["zalo_bot.web_address"]
        assert made.zalo.calls == []


# --- typing, and numbers of people of whom nothing is kept


async def test_typing_is_shown_but_not_all_the_time() -> None:
    async with world("webhook") as made, tended(made):
        await until(lambda: made.zalo.called("setWebhook"))
        for _ in range(10):
            await made.lan.says("xin chào")
            await asyncio.sleep(1)
        await made.lan.sends_sticker()
        assert len(made.zalo.called("sendChatAction")) == 2
        await asyncio.sleep(5)
        await made.lan.says("xin chào")
        await until(lambda: len(made.zalo.called("sendChatAction")) == 3)


async def test_nobody_waits_for_typing_and_its_failure_matters_to_nobody() -> None:
    async with world("webhook") as made, tended(made):
        await until(lambda: made.zalo.called("setWebhook"))
        made.zalo.faults.add(Hang(), method="sendChatAction")
        begin = asyncio.get_running_loop().time()
        await made.lan.says("xin chào")
        assert made.texts == ["xin chào"]
        assert asyncio.get_running_loop().time() == begin
        made.zalo.faults.heal()
        made.zalo.faults.add(Code(500), method="sendChatAction")
        await asyncio.sleep(6)
        await made.lan.says("xin chào")
        await asyncio.sleep(20)
        assert made.reports == []
