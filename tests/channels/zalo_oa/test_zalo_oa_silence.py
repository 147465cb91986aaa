"""Nothing that people wrote, no id of theirs and no secret of ours is ever told to a log."""

from __future__ import annotations

import asyncio
import logging
import traceback
from contextlib import suppress

import pytest

from bot.app.platform import Again, Refused, SendError
from bot.app.ports import StoreDown
from bot.channels.zalo_oa import calls
from bot.channels.zalo_oa.events import Stamp
from bot.channels.zalo_oa.oauth import Pair
from bot.channels.zalo_oa.platform import Account
from bot.channels.zalo_oa.tokens import NAME, PAUSE, Kept
from bot.core.message import Reply
from tests.channels.zalo_oa.parts import PICTURE, Commune, address, commune
from tests.platforms.zalo.faults import Code, Fault, Hang, Lost, Nonsense, Reset, Status

WORDS = "con trai bác tên Hùng"
ANSWER = "Chào bác, bác mở máy lên."

FAULTS: tuple[Fault, ...] = (
    *(Code(code) for code in (-32, -201, -211, -213, -216, -218, -224, -244, -321, -5)),
    *(Status(500), Status(404), Hang(), Reset(), Nonsense(), Nonsense(WORDS.encode()), Lost()),
)


async def much_goes_wrong(bot: Commune) -> list[str]:
    """Every kind of trouble with one person; returns what must be told to nobody."""
    lan = bot.zalo.person("Lan")
    await lan.says(WORDS)
    reply = Reply(ANSWER, picture=PICTURE)
    for fault in FAULTS:
        for method in ("message/cs", "upload/image", "access_token", "listrecentchat", "conversation"):
            bot.zalo.faults.add(fault, method=method, times=3)
            bot.zalo.oauth.expire_access()
            for work in (bot.send(address(lan.id), reply), bot.door._watch.catch_up()):
                with suppress(SendError, StoreDown):
                    await work
            bot.zalo.faults.heal()
            await asyncio.sleep(PAUSE + 1)
    for trouble in (StoreDown(), Again(), RuntimeError("a fault of ours")):
        bot.inbox.fails = trouble
        await lan.says(WORDS)
    bot.inbox.fails = None
    kept = bot.safe.kept.get(NAME)
    secrets = [call.headers.get("access_token", "") for call in bot.zalo.calls]
    return [
        *(WORDS, ANSWER, lan.id, bot.zalo.oa_secret, bot.zalo.app_secret, bot.door.tokens._seed),
        *(secret for secret in set(secrets) if secret),
        *([kept.value.decode().split('"refresh":"')[1].split('"')[0]] if kept else []),
    ]


def told(bot: Commune, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> str:
    """All that anybody could read: both outputs, every log line, every fault with its chain."""
    out, err = capsys.readouterr()
    faults = [
        f"{where} {fault!r} {''.join(traceback.format_exception(fault))}"
        for where, fault in bot.reports.faults
    ]
    return "\n".join([out, err, caplog.text, *faults, *bot.inbox.shapes])


async def test_nothing_is_told(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    async with commune(web_address="") as bot:
        needles = await much_goes_wrong(bot)
        heard = told(bot, caplog, capsys)
        assert "settled" in heard
        assert "NeedsOrganiser" in heard
        assert [needle for needle in needles if needle in heard] == []


async def test_a_channel_that_tells_too_much_is_noticed(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a refusal that repeats Zalo's or our words."""
    original = calls.Api.message

    async def talkative(self: calls.Api, body: dict[str, object]) -> None:
        try:
            await original(self, body)
        except Refused:
            raise Refused(f"refused: {body}") from None

    monkeypatch.setattr(calls.Api, "message", talkative)
    async with commune(web_address="") as bot:
        needles = await much_goes_wrong(bot)
        assert [needle for needle in needles if needle in told(bot, caplog, capsys)]


def test_what_holds_a_secret_does_not_show_it() -> None:
    secret = "a-secret-that-nobody-reads"
    for one in (
        Account("431", app_secret=secret, oa_secret=secret, refresh_token=secret),
        Pair(secret, secret, 1),
        Kept(secret, secret, 1, 2, ""),
        Stamp("431", "1"),
    ):
        assert secret not in repr(one)
        assert secret not in str(one)
