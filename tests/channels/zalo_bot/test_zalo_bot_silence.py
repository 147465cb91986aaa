"""No secret and nothing personal in any log line, exception or trace; a careless client would be caught."""

from __future__ import annotations

import asyncio
import logging
import traceback

import pytest

from bot.app.platform import SendError, TryLater
from bot.channels.zalo_bot.calls import Calls
from bot.core.message import Address, Reply
from tests.channels.zalo_bot.zalo_bot_world import PICTURE, SECRET, TOKEN, World, world
from tests.platforms.zalo.faults import Code, Hang, Nonsense, Reset, Status

WORDS = "số căn cước của tôi là 001099012345"
FAULTS = (Status(500), Code(400), Code(401), Code(403), Code(429), Nonsense(), Hang(), Reset())


def told(fault: BaseException) -> str:
    """All that a trace of it could show, causes and contexts that were put aside included."""
    chain, seen = [], fault
    while seen is not None:
        chain += [repr(seen), str(seen), repr(vars(seen))]
        chain += traceback.format_exception(seen)
        seen = seen.__cause__ or seen.__context__  # type: ignore[assignment]
    return "\n".join(chain)


async def everything_said(made: World, log: pytest.LogCaptureFixture) -> str:
    """What the door lets out while everything fails that can."""
    lan = Address("zalo_bot", made.lan.id)
    reply = Reply(WORDS, picture=PICTURE)
    await made.lan.says(WORDS)
    said = []
    for fault in FAULTS:
        made.zalo.faults.add(fault)
        tending = asyncio.create_task(made.door.tend())
        try:
            await made.door.send(lan, reply, 0)
        except SendError as failed:
            said.append(told(failed))
        await asyncio.sleep(60)
        tending.cancel()
        await asyncio.gather(tending, return_exceptions=True)
        made.zalo.faults.heal()
    said += [f"{where} {told(fault)}" for where, fault in made.reports]
    said += [repr(part) for part in (made.door, made.door.webhook, made.door._calls)]
    assert made.reports
    return "\n".join([*said, log.text])


def leaks(text: str, made: World) -> list[str]:
    secrets = {"token": TOKEN, "token's end": TOKEN.partition(":")[2], "secret": SECRET, "id": made.lan.id}
    return [
        name
        for name, secret in (secrets | {"words": WORDS, "number": "001099012345"}).items()
        if secret in text
    ]


async def test_nothing_gets_out(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with world() as made:
        assert leaks(await everything_said(made, caplog), made) == []


async def test_a_careless_client_would_be_caught(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the HTTP library's own error quotes the address, and the address holds the token."""
    post = Calls._post

    async def careless(self: Calls, *asked: object) -> tuple[int, str, bytes]:
        answered = await post(self, *asked)  # type: ignore[arg-type]
        if answered[0] >= 400:
            raise TryLater from OSError(f"{answered[0]}, url={self._base}")
        return answered

    monkeypatch.setattr(Calls, "_post", careless)
    async with world() as made:
        assert "token" in leaks(await everything_said(made, caplog), made)
