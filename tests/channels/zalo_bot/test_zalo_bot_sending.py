"""What goes out arrives, in parts that are not sent twice; what does not arrive is told apart."""

from __future__ import annotations

import asyncio

import pytest

from bot.app.platform import Door, Refused, SendError, TryLater, Unreachable
from bot.core.message import Address, Choice, Reply
from tests.channels.zalo_bot.zalo_bot_world import LINK, PICTURE, SITE, World, world
from tests.platforms.zalo.faults import Code, Fault, Hang, Lost, Nonsense, Reset, Status

STEP = Reply("Bác mở **VNeID** ạ.", (Choice("Đã bấm", "a.b.c.1.1"),), (Choice("Gặp người", "=human"),))
SHOWN = Reply("Bác mở **VNeID** ạ.", picture=PICTURE)
LONG = Reply("Câu này dài vừa phải, để phải cắt ra nhiều tin.\n\n" * 100)


async def lan_in(made: World) -> Address:
    """Somebody who has written, so that we may answer."""
    await made.lan.says("xin chào")
    return Address("zalo_bot", made.lan.id)


async def deliver(made: World, lan: Address, reply: Reply) -> None:
    """All parts of it, as the outbox does."""
    part, parts = 0, 1
    while part < parts:
        parts = await made.door.send(lan, reply, part)
        part += 1


async def failure(made: World, lan: Address, reply: Reply = STEP) -> SendError:
    with pytest.raises(SendError) as caught:
        await made.door.send(lan, reply, 0)
    return caught.value


async def test_a_step_arrives_as_plain_text() -> None:
    async with world() as made:
        await deliver(made, await lan_in(made), STEP)
        (message,) = made.lan.chat
        assert message.text == "Bác mở VNeID ạ.\n\n1. Đã bấm\n\nGõ 1 để chọn.\nHoặc gõ: «Gặp người»."


async def test_a_picture_comes_with_the_words_as_its_caption() -> None:
    async with world() as made:
        await deliver(made, await lan_in(made), SHOWN)
        (call,) = made.zalo.called("sendPhoto")
        assert call.params["photo"] == f"{SITE}/pictures/vneid-start.png"
        assert call.params["caption"] == "Bác mở VNeID ạ."
        assert not made.zalo.called("sendMessage")


@pytest.mark.parametrize("web_address", ["", "http://127.0.0.1:8000", "https://192.168.1.5"])
async def test_where_the_platform_cannot_fetch_it_the_words_do_without(web_address: str) -> None:
    async with world(web_address=web_address) as made:
        await deliver(made, await lan_in(made), SHOWN)
        assert not made.zalo.called("sendPhoto")
        assert len(made.zalo.called("sendMessage")) == 1


async def test_a_picture_that_is_refused_does_not_cost_the_step() -> None:
    async with world() as made:
        lan = await lan_in(made)
        made.zalo.faults.add(Code(400), method="sendPhoto")
        for _ in range(3):
            await deliver(made, lan, SHOWN)
        assert [call.params["text"] for call in made.zalo.called("sendMessage")] == ["Bác mở VNeID ạ."] * 3
        assert [where for where, _ in made.reports] == ["zalo_bot.send"]


async def test_a_long_reply_is_sent_part_by_part() -> None:
    async with world() as made:
        lan = await lan_in(made)
        made.zalo.faults.add(Status(502), method="sendMessage", times=1)
        await failure(made, lan, LONG)
        await deliver(made, lan, LONG)
        whole = [message.text for message in made.lan.chat]
        assert len(whole) > 2
        for part, text in enumerate(whole):
            assert await made.door.send(lan, LONG, part) == len(whole)
            assert made.lan.chat[-1].text == text


async def test_a_reply_without_words_is_no_message() -> None:
    async with world() as made:
        await deliver(made, await lan_in(made), Reply(""))
        assert made.lan.chat == []


AWAY = [
    Status(500),
    Status(502),
    Status(504),
    Hang(),
    Reset(),
    Nonsense(),
    Nonsense(b"[]"),
    Lost(),
    Code(503),
]


@pytest.mark.parametrize("fault", AWAY, ids=repr)
async def test_an_outage_is_tried_again(fault: Fault) -> None:
    async with world() as made:
        lan = await lan_in(made)
        made.zalo.faults.add(fault, method="sendMessage")
        begin = asyncio.get_running_loop().time()
        why = await failure(made, lan)
        assert isinstance(why, TryLater)
        assert why.away
        assert why.after >= 1
        assert asyncio.get_running_loop().time() - begin <= 10.1


@pytest.mark.parametrize(
    ("fault", "after", "away"),
    [
        (Code(429), 30, True),
        (Status(429, retry_after=120), 120, True),
        (Code(401), 60, True),
        (Code(404), 60, True),
        (Code(-77), 30, False),
    ],
    ids=repr,
)
@pytest.mark.parametrize("http_errors", [True, False])
async def test_when_to_try_again(fault: Fault, after: float, away: bool, http_errors: bool) -> None:
    async with world() as made:
        lan = await lan_in(made)
        made.zalo.http_errors = http_errors
        made.zalo.faults.add(fault, method="sendMessage")
        why = await failure(made, lan)
        assert isinstance(why, TryLater)
        assert (why.after, why.away) == (after, away)


@pytest.mark.parametrize(
    ("fault", "kind"), [(Code(403), Unreachable), (Code(400), Refused), (Code(413), Refused)]
)
@pytest.mark.parametrize("http_errors", [True, False])
async def test_what_is_not_tried_again(fault: Fault, kind: type[SendError], http_errors: bool) -> None:
    async with world() as made:
        lan = await lan_in(made)
        made.zalo.http_errors = http_errors
        made.zalo.faults.add(fault, method="sendMessage")
        assert type(await failure(made, lan)) is kind


async def test_who_has_never_written_or_blocks_us_cannot_be_reached() -> None:
    async with world() as made:
        lan = Address("zalo_bot", made.lan.id)
        assert isinstance(await failure(made, lan), Unreachable)
        await made.lan.says("xin chào")
        await made.lan.blocks()
        assert isinstance(await failure(made, lan), Unreachable)
        await made.lan.unblocks()
        await deliver(made, lan, STEP)
        assert len(made.lan.chat) == 1


async def test_a_quota_that_is_used_up_keeps_replies_waiting() -> None:
    async with world() as made:
        lan = await lan_in(made)
        made.zalo.quota = 0
        why = await failure(made, lan)
        assert isinstance(why, TryLater)
        assert why.away
        made.zalo.quota = 1
        await deliver(made, lan, STEP)


async def test_a_token_that_is_refused_is_told_now_and_then() -> None:
    async with world() as made:
        lan = await lan_in(made)
        made.zalo.faults.add(Code(401))
        for _ in range(100):
            await failure(made, lan)
            await asyncio.sleep(60)
        assert [(where, type(fault).__name__) for where, fault in made.reports] == [
            ("zalo_bot.send", "TokenRefused")
        ] * 2


async def test_the_door_names_what_to_send() -> None:
    async with world() as made:
        assert made.door.door("26734") == Door("zalo_bot", LINK, "XA 26734")
        assert made.door.door("") == Door("zalo_bot", LINK)


async def test_closing_leaves_nothing_open() -> None:
    async with world() as made:
        await made.door.close()
        await deliver(made, await lan_in(made), STEP)
