"""Notice that Zalo has stopped posting, and fetch what people wrote meanwhile.

Zalo switches a webhook off that did not answer for two hours. People see nothing of it: they write and hear
nothing. So when it has been quiet for long, and at each start, the lists of messages are read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from bot.app.platform import Again, SendError, Take
from bot.app.ports import Report, Safe, Sealed, StoreDown
from bot.channels.shape import shape_of
from bot.channels.zalo_oa.calls import Api
from bot.channels.zalo_oa.events import WINDOW
from bot.channels.zalo_oa.history import Found, found_in, to_take

HEARD = "zalo_oa.heard"
"""Where the time of the last event is kept, for all processes and the next start."""

QUIET = 3 * 3600
"""Seconds without any event after which we look, by day."""

LOOK = 15 * 60
"""Seconds between two looks at whether it is quiet, and how exactly the last event's time is kept."""

WHILE_SILENT = 120
"""Seconds between two looks while people write and Zalo does not tell us."""

OVERLAP = 2 * 3600
"""Seconds before the last event from which messages are read: Zalo may still owe us some from then."""

OLDEST = 24 * 3600
"""Seconds; an answer to something older would only puzzle."""

GRACE = 5 * 60
"""Seconds that an event may take to reach us before its absence means something."""

PAGE = 10
PAGES = 5
PAGES_EACH = 2

_TRIES = 3
_MORNING, _NIGHT = 6, 22
_VIET_NAM = 7 * 3600


class WebhookSilent(Exception):
    """People write and Zalo posts nothing: the webhook has to be switched on again at Zalo."""


class Watch:
    def __init__(
        self, api: Api, oa_id: str, take: Take, safe: Safe, now: Callable[[], int], report: Report
    ) -> None:
        self._api = api
        self._oa_id = oa_id
        self._take = take
        self._safe = safe
        self._now = now
        self._report = report
        self._heard = 0
        self._noted = 0
        self._noting: asyncio.Task[None] | None = None
        self._told = False
        self._behind = True

    def hear(self) -> None:
        """An event came. Noted for others now and then, while nobody waits for it."""
        self._heard = self._now()
        if self._heard - self._noted >= LOOK and self._noting is None:
            self._noting = asyncio.create_task(self._note())
            self._noting.add_done_callback(self._note_ended)

    async def run(self) -> None:
        """Look at the start, and whenever it has been quiet for long. Runs until cancelled."""
        started = self._now()
        while True:
            pause = await self._look(started)
            await asyncio.sleep(pause)

    async def catch_up(self) -> float:
        """Take what people wrote since shortly before the last event; returns when they wrote last.

        What came by webhook has the same keys and takes no effect again. Before the first event ever there is
        nothing to catch up with: what people told the account before it had a bot is not for us.
        """
        heard = await self._last_heard()
        if not heard:
            return 0
        since = max(heard - OVERLAP, self._now() - OLDEST)
        recent = await self._rows("/v2.0/oa/listrecentchat", {}, since, PAGES)
        found = list(recent)
        for person in dict.fromkeys(one.person for one in recent if one.at >= since):
            found += await self._rows("/v2.0/oa/conversation", {"user_id": person}, since, PAGES_EACH)
        missed = to_take(found, since)
        for one in missed:
            await self._take_one(one)
        return missed[-1].at if missed else 0

    async def close(self) -> None:
        if self._noting is not None:
            await asyncio.wait({self._noting})

    async def _look(self, started: int) -> float:
        """Catch up if it is time to; returns seconds until the next look."""
        try:
            quiet = self._now() - await self._last_heard() >= QUIET and _by_day(self._now())
            if not (self._behind or quiet or self._told):
                return LOOK
            self._behind = True
            last = await self.catch_up()
            self._behind = False
            heard = max(started, await self._last_heard())
        except (SendError, StoreDown):
            return WHILE_SILENT
        if last <= heard + GRACE:
            self._told = False
            return LOOK
        if not self._told:
            self._report("zalo_oa.webhook", WebhookSilent())
        self._told = True
        return WHILE_SILENT

    async def _rows(self, path: str, asked: dict[str, object], since: float, pages: int) -> list[Found]:
        """Newest first, until they are too old."""
        found: list[Found] = []
        for page in range(pages):
            rows = await self._api.rows(path, {**asked, "offset": page * PAGE, "count": PAGE})
            fresh = found_in(rows, self._oa_id)
            found += fresh
            if len(rows) < PAGE or any(one.at < since for one in fresh):
                break
        return found

    async def _take_one(self, one: Found) -> None:
        if one.raw is None:
            return
        raw = replace(one.raw, window=WINDOW - max(0, self._now() - int(one.at)))
        for _ in range(_TRIES):
            with suppress(Again):
                await self._take(raw, partial(shape_of, one.row))
                return

    async def _last_heard(self) -> int:
        self._heard = max(self._heard, _time(await self._safe.secret(HEARD)))
        return self._heard

    async def _note(self) -> None:
        try:
            sealed = await self._safe.secret(HEARD)
            if self._heard - _time(sealed) >= LOOK:
                revision = sealed.revision if sealed else 0
                await self._safe.keep_secret(HEARD, str(self._heard).encode(), revision, self._now())
            self._noted = self._heard
        except StoreDown:
            pass  # the next event tries again

    def _note_ended(self, _: asyncio.Task[None]) -> None:
        self._noting = None


def _time(sealed: Sealed | None) -> int:
    return int(sealed.value) if sealed and sealed.value.isdigit() else 0


def _by_day(now: int) -> bool:
    return _MORNING <= (now + _VIET_NAM) // 3600 % 24 < _NIGHT
