"""Open the platforms that are switched on, and keep one process of all at each."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from bot.app.arrivals import Arrivals
from bot.app.bell import Bell
from bot.app.digests import Digests
from bot.app.doorbell import Doorstep
from bot.app.duty import kept_up, on_duty
from bot.app.inbox import Inbox
from bot.app.outbox import Outbox
from bot.app.platform import Door, Platform, Take, Webhook
from bot.app.ports import Pictures, Report, Store
from bot.config import Settings
from bot.core.book import Book
from bot.core.timing import unreachable


@dataclass(frozen=True, slots=True)
class Inside:
    """What a platform is joined to. `holder` names this process among all that share the store."""

    store: Store
    book: Book
    bell: Bell
    inbox: Inbox
    pictures: Pictures
    now: Callable[[], int]
    report: Report
    holder: str
    doorstep: Doorstep | None = None
    digests: Digests | None = None


Opening = Callable[[Take, Inside], Platform]
"""Slow where a library is: not for the event loop."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What is open so far. `webhooks` holds None for a platform that is still being opened."""

    webhooks: dict[str, Webhook | None] = field(default_factory=dict)
    platforms: list[Platform] = field(default_factory=list)

    def doors(self, commune: str) -> tuple[Door, ...]:
        """Every way to the bot beside these pages."""
        doors = (platform.door(commune) for platform in self.platforms)
        return tuple(door for door in doors if door is not None)


@asynccontextmanager
async def opened(settings: Settings, inside: Inside) -> AsyncIterator[Outside]:
    """The platforms, opened behind the reader's back: pages need not wait for them."""
    outside = Outside()
    tasks = []
    for path, opening in openings(settings).items():
        outside.webhooks[path] = None
        tasks.append(asyncio.create_task(_serve(outside, path, opening, inside)))
    try:
        yield outside
    finally:
        await inside.inbox.drain()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def openings(settings: Settings) -> Mapping[str, Opening]:
    """How to open each platform that is switched on, by the path where it posts."""
    channels = settings.channels
    ways: dict[str, Opening] = {}
    if channels.telegram.enabled:
        ways["/webhooks/telegram"] = partial(_telegram, settings)
    if channels.zalo_oa.enabled:
        ways["/webhooks/zalo-oa"] = partial(_zalo_oa, settings)
    if channels.zalo_bot.enabled:
        ways["/webhooks/zalo-bot"] = partial(_zalo_bot, settings)
    return ways


async def _serve(outside: Outside, path: str, opening: Opening, inside: Inside) -> None:
    arrivals = Arrivals(inside.inbox.receive, inside.store, inside.now, inside.report)
    try:
        platform = await asyncio.to_thread(opening, arrivals.take, inside)
    except Exception as fault:  # noqa: BLE001 - one platform that cannot be opened leaves the others alone
        inside.report(path, fault)
        return
    gc.freeze()  # a platform's library is large, and stays
    outside.platforms.append(platform)
    if platform.webhook is None:
        del outside.webhooks[path]
    else:
        outside.webhooks[path] = platform.webhook

    gone = partial(unreachable, inside.book)
    # one for as long as we run: whatever is begun anew, the platform's pace is kept
    outbox = Outbox(inside.store, platform, inside.bell, inside.now, inside.report, gone)

    async def work() -> None:
        """Hearing and speaking side by side: when one fails the other goes on."""
        async with asyncio.TaskGroup() as group:
            group.create_task(kept_up(outbox.run, f"{platform.name} outbox", inside.report))
            group.create_task(kept_up(platform.tend, platform.name, inside.report))

    try:
        await on_duty(inside.store, platform.name, inside.holder, inside.now, work, inside.report)
    finally:
        await platform.close()


def _telegram(settings: Settings, take: Take, inside: Inside) -> Platform:
    from bot.channels.telegram.platform import Telegram

    telegram = settings.channels.telegram
    return Telegram(
        token=telegram.token.get_secret_value(),
        api_base=telegram.api_base,
        mode=telegram.mode,
        webhook_secret=telegram.webhook_secret.get_secret_value(),
        web_address=settings.organisation.web_address,
        take=take,
        pictures=inside.pictures,
        report=inside.report,
        doorstep=inside.doorstep,
        digests=inside.digests,
    )


def _zalo_oa(settings: Settings, take: Take, inside: Inside) -> Platform:
    from bot.channels.zalo_oa.platform import Account, ZaloOA

    zalo = settings.channels.zalo_oa
    account = Account(
        app_id=zalo.app_id,
        app_secret=zalo.app_secret.get_secret_value(),
        oa_secret=zalo.oa_secret.get_secret_value(),
        oa_id=zalo.oa_id,
        refresh_token=zalo.refresh_token.get_secret_value(),
        api_base=zalo.api_base,
        oauth_base=zalo.oauth_base,
    )
    return ZaloOA(
        account,
        web_address=settings.organisation.web_address,
        take=take,
        safe=inside.store,
        pictures=inside.pictures,
        now=inside.now,
        report=inside.report,
    )


def _zalo_bot(settings: Settings, take: Take, inside: Inside) -> Platform:
    from bot.channels.zalo_bot.platform import ZaloBot

    zalo = settings.channels.zalo_bot
    return ZaloBot(
        token=zalo.token.get_secret_value(),
        api_base=zalo.api_base,
        mode=zalo.mode,
        webhook_secret=zalo.webhook_secret.get_secret_value(),
        link=zalo.link,
        web_address=settings.organisation.web_address,
        take=take,
        pictures=inside.pictures,
        report=inside.report,
    )
