"""Where Zalo posts its events: what is forged is refused, what is taken is committed before we say so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from bot.app.platform import Headers, Posted, Take
from bot.app.ports import Report
from bot.channels.posting import DOWN, KEPT, LARGEST, NO_JSON, NOT_AUTHENTIC, TOO_LARGE, outcome
from bot.channels.shape import shape_of
from bot.channels.zalo_oa.events import NotJson, events_of, stamp_of
from bot.channels.zalo_oa.signature import Signature, given_mac

PATH = "/webhooks/zalo-oa"

PATIENCE = 1.5
"""Seconds until we answer without having committed; Zalo waits for two.

The work goes on, and we say 503, not 200: 200 would promise what may still fail, while an event that comes
again after all finds its key and changes nothing.
"""


class Hook:
    """`heard` is told of every authentic event."""

    path = PATH

    def __init__(
        self, signature: Signature, oa_id: str, take: Take, heard: Callable[[], None], report: Report
    ) -> None:
        self._signature = signature
        self._oa_id = oa_id
        self._take = take
        self._heard = heard
        self._report = report
        self._working: set[asyncio.Task[Posted]] = set()

    def admits(self, headers: Headers, /) -> bool:
        return given_mac(headers) is not None

    async def take(self, headers: Headers, body: bytes, /) -> Posted:
        given = given_mac(headers)
        if given is None:
            return NOT_AUTHENTIC
        if len(body) > LARGEST:
            return TOO_LARGE
        work = asyncio.create_task(outcome(self._worked(given, body), "zalo_oa.webhook", self._report))
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        done, _ = await asyncio.wait({work}, timeout=PATIENCE)
        return work.result() if done else DOWN

    async def close(self) -> None:
        """Let what has begun come to its end."""
        if self._working:
            await asyncio.wait(self._working)

    async def _worked(self, given: bytes, body: bytes) -> Posted:
        try:
            stamp = stamp_of(body)
        except NotJson:
            return NO_JSON
        if stamp is None or not await self._signature.proves(stamp, body, given):
            return NOT_AUTHENTIC
        self._heard()
        for event in events_of(stamp, body, self._oa_id):
            await self._take(event, partial(shape_of, body))
        return KEPT
