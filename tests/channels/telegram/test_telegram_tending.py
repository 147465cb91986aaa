"""How the bot introduces itself, opens its door, and keeps its token to itself."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
import traceback
from pathlib import Path

import pytest
import yaml
from aiohttp import ContentTypeError

from bot.app.platform import Delivery, Door, Platform, SendError, TryLater
from bot.channels.telegram.introduction import COMMANDS, LONG, SHORT
from bot.channels.telegram.platform import Telegram
from bot.channels.wording import length
from bot.core.message import Reply
from tests.channels.telegram.conftest import SECRET, WEB, Line, OpenLine
from tests.platforms.telegram import Down, Hangs, Nonsense, Refuses, TooMany

ROOT = Path(__file__).resolve().parents[3]


def test_it_is_a_platform(line: Line) -> None:
    platform: Platform = line.channel
    assert (platform.name, platform.delivery, platform.webhook) == ("telegram", Delivery.PUSH, None)


async def test_it_introduces_itself(line: Line) -> None:
    async with line.tended():
        await asyncio.sleep(5)
    shown = [{"command": name, "description": told} for name, told in COMMANDS.items()]
    commands = {
        (json.loads(scope)["type"], language): told
        for (scope, language), told in line.telegram.world.commands.items()
    }
    assert commands == {("all_private_chats", ""): shown, ("all_private_chats", "vi"): shown}
    assert SHORT in line.telegram.world.about.values()
    assert LONG in line.telegram.world.about.values()


def test_every_command_is_understood() -> None:
    words = yaml.safe_load((ROOT / "locales" / "vi" / "words.yaml").read_text("utf-8"))
    understood = {word: name for name, said in words.items() for word in said}
    assert {name: understood[f"/{name}"] for name in COMMANDS} == {
        "batdau": "start",
        "menu": "menu",
        "nguoi": "human",
        "quaylai": "back",
        "riengtu": "privacy",
        "dulieu": "data",
        "xoa": "erase",
        "english": "english",
    }


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_the_introduction_is_honest(text: str) -> None:
    assert re.search(r"[Cc]hương trình .*tự động", text)
    assert "hông phải Công an" in text
    assert re.search(r"hông bao giờ hỏi mã OTP, mật khẩu", text)
    assert "://" not in text


def test_the_introduction_fits() -> None:
    assert length(SHORT) <= 120
    assert length(LONG) <= 512


async def test_trouble_with_the_introduction_stops_nothing_else(line: Line) -> None:
    lan, _ = await line.lan()
    for fault, method in (
        (TooMany(600), "setMyCommands"),
        (Refuses(400, "Bad Request: no"), "setMyShortDescription"),
    ):
        line.telegram.faults.add(fault, method=method, times=1)
    async with line.tended():
        await lan.says("xin chào")
        await line.telegram.delivered(60)
        assert line.inbox.words == ["/start", "xin chào"]
        await asyncio.sleep(700)
    assert LONG in line.telegram.world.about.values()
    assert not line.telegram.calls.early()
    assert line.reports == [("telegram tending", "TryLater"), ("telegram tending", "Refused")]


async def test_the_door_carries_the_commune(line: Line) -> None:
    assert line.channel.door("26734") is None, "the name is not known yet"
    async with line.tended():
        await asyncio.sleep(5)
    link = "https://t.me/huongdan_thu_bot"
    assert line.channel.door("26734") == Door("telegram", f"{link}?start=c_26734")
    assert line.channel.door("26734-3") == Door("telegram", f"{link}?start=c_26734-3")
    assert line.channel.door("") == Door("telegram", link)
    for odd in ("2673", "267345", "26734\n", "２６７３４", "26734&start=x", "c_2673", "26734-1000"):
        assert line.channel.door(odd) == Door("telegram", link)


async def test_a_process_that_tends_nothing_learns_the_name_too(line: Line) -> None:
    """Pages are served by all processes, and one of them tends the channel."""
    for _ in range(10):
        assert line.channel.door("26734") is None
    await asyncio.sleep(1)
    assert line.channel.door("26734") is not None
    assert len(line.telegram.calls.of("getMe")) == 1


async def test_the_name_is_asked_for_once_a_minute_while_telegram_is_away(line: Line) -> None:
    line.telegram.faults.add(Down(502))
    for _ in range(300):
        line.channel.door("26734")
        await asyncio.sleep(1)
    assert len(line.telegram.calls.of("getMe")) == 5
    assert line.reports == []


async def test_closing_ends_what_nobody_waits_for(line: Line) -> None:
    line.telegram.faults.add(Hangs())
    line.channel.door("26734")
    await asyncio.sleep(1)
    begin = line.telegram.world.time()
    await line.channel.close()
    assert line.telegram.world.time() - begin < 1


async def test_presses_that_cannot_be_answered_do_not_pile_up(line: Line) -> None:
    line.telegram.faults.add(Hangs(), method="answerCallbackQuery")
    for number in range(1000):
        line.channel._answer(str(number))
    assert len(line.channel._aside) == 64
    await asyncio.sleep(30)
    assert line.channel._aside == set()


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_the_token_is_in_no_line_and_no_fault(
    open_line: OpenLine, mode: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    faults = [
        Down(502),
        Nonsense(),
        Refuses(401, "Unauthorized"),
        Hangs(),
        TooMany(3),
        Refuses(400, "Bad Request"),
    ]
    async with open_line(mode) as line:
        lan, address = await line.lan()
        words = "riêng" + " của Lan"
        told = [line.telegram.token, lan.told["first_name"] + "'", str(lan.id), words]
        async with line.tended():
            for fault in faults:
                heal = line.telegram.faults.add(fault)
                line.channel.door("")
                for _ in range(3):
                    with pytest.raises(SendError) as raised:
                        await line.channel.send(address, Reply(words), 0)
                    shown = "".join(traceback.format_exception(raised.value))
                    assert not any(secret in shown for secret in told)
                    await asyncio.sleep(5)
                heal()
        kept = f"{line.channel!r}{line.channel._calls!r}{line.channel._sender!r}{line.channel.webhook!r}"
    gc.collect()
    out = "".join(capfd.readouterr())
    for secret in told:
        assert secret not in caplog.text
        assert secret not in out
        assert secret not in kept


async def test_the_check_for_the_token_can_fail(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    """aiohttp's own error tells the address, and the address tells the token."""
    caplog.set_level(logging.DEBUG)
    session = await line.channel._calls._session.create_session()
    line.telegram.faults.add(Nonsense(b"x"))
    async with session.post(f"{line.telegram.base}/bot{line.telegram.token}/getMe") as answer:
        with pytest.raises(ContentTypeError) as raised:
            await answer.json(content_type="text/never")
    logging.getLogger("careless").error("%r", raised.value)
    assert line.telegram.token in caplog.text


async def test_a_token_that_is_none_is_refused_without_being_shown(open_line: OpenLine) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - aiogram's
        async with open_line(token="my-secret-but-no-token"):
            pass
    assert "my-secret" not in f"{raised.value!r}"


async def test_trouble_at_sending_is_left_to_who_sends(line: Line) -> None:
    _, address = await line.lan()
    line.telegram.faults.add(Down(502), times=1)
    with pytest.raises(TryLater):
        await line.channel.send(address, Reply("xin chào"), 0)
    assert line.reports == []


async def test_it_can_be_opened_in_a_thread(line: Line) -> None:
    """Importing aiogram takes seconds that nobody should have to wait for."""

    def opened() -> Telegram:
        return Telegram(
            token=line.telegram.token,
            api_base=line.telegram.base,
            mode="webhook",
            webhook_secret=SECRET,
            web_address=WEB,
            take=line.inbox.take,
            pictures=line.album,
            report=lambda _, __: None,
        )

    channel = await asyncio.to_thread(opened)
    _, address = await line.lan()
    assert await channel.send(address, Reply("xin chào"), 0) == 1
    await channel.close()
