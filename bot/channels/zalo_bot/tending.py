"""Hear from Zalo Bot Platform: ask it again and again, or tell it where to post and see that it remembers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from bot.app.platform import Again, Event, SendError, TryLater
from bot.app.ports import Report, StoreDown
from bot.channels.zalo_bot.calls import Calls
from bot.channels.zalo_bot.events import NotJson, events
from bot.channels.zalo_bot.webhook import Hear

POLL = 30
"""Seconds that the platform waits for somebody to write."""

BREATH = 1.0
"""Seconds between two answers without news, at least: a platform that does not wait must not be flooded."""

LOOK_AGAIN = 300.0
"""Seconds until we see whether the platform still knows our address."""

LONGEST_PAUSE = 60.0
STORE_PAUSE = 5.0


class _Where(msgspec.Struct):
    url: str | None = None


class _Info(msgspec.Struct):
    result: _Where | None = None


_INFO = msgspec.json.Decoder(_Info)


async def poll(calls: Calls, hear: Hear, report: Report) -> None:
    """Take what people do, one after another, for ever."""
    clock = asyncio.get_running_loop().time

    async def one_by_one(is_well: Callable[[], None]) -> None:
        if await _posted_to(calls):
            await calls.call("deleteWebhook", {})
        while True:
            begin = clock()
            body = await calls.updates(POLL)
            is_well()
            if not await _heard(body, hear) and clock() - begin < BREATH:
                await asyncio.sleep(BREATH)

    await _for_ever(one_by_one, "zalo_bot.polling", report)


async def keep_webhook(calls: Calls, url: str, secret: str, report: Report) -> None:
    """Tell the platform our address, and again whenever it knows another one, for ever."""

    async def look(is_well: Callable[[], None]) -> None:
        # once in any case: the secret may be a new one, and it cannot be asked for
        await calls.call("setWebhook", {"url": url, "secret_token": secret})
        while True:
            is_well()
            await asyncio.sleep(LOOK_AGAIN)
            if await _posted_to(calls) != url:
                await calls.call("setWebhook", {"url": url, "secret_token": secret})

    await _for_ever(look, "zalo_bot.webhook", report)


async def _heard(body: bytes, hear: Hear) -> bool:
    """Let what was fetched take effect before anything else is fetched. Whether there was anything."""
    try:
        found = events(body)
    except NotJson:
        return False
    for event in found:
        await _until_taken(event, body, hear)
    return bool(found)


async def _until_taken(event: Event, body: bytes, hear: Hear) -> None:
    """The platform has forgotten it, so it is ours until it took effect or was parked."""
    while True:
        try:
            await hear(event, body)
        except StoreDown:
            await asyncio.sleep(STORE_PAUSE)
        except Again:
            await asyncio.sleep(BREATH)
        else:
            return


async def _posted_to(calls: Calls) -> str:
    """Where the platform posts now; empty when it does not."""
    body = await calls.call("getWebhookInfo", {})
    try:
        info = _INFO.decode(body)
    except msgspec.DecodeError:
        return ""
    return (info.result.url if info.result else None) or ""


async def _for_ever(
    work: Callable[[Callable[[], None]], Awaitable[None]], where: str, report: Report
) -> None:
    """Again after each failure, from the beginning, with growing pauses; a row of failures is told once."""
    failures = 0

    def is_well() -> None:
        nonlocal failures
        failures = 0

    while True:
        try:
            await work(is_well)
        except SendError as fault:
            failures += 1
            if failures == 1:
                report(where, fault)
            after = fault.after if isinstance(fault, TryLater) else 0.0
            await asyncio.sleep(max(after, min(LONGEST_PAUSE, 2.0 ** min(failures, 6))))
