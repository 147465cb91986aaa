"""Pictures that Zalo keeps for us: each is uploaded once and used until Zalo forgets it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from bot.app.platform import Refused
from bot.app.ports import Pictures
from bot.channels.zalo_oa.calls import Api

KEPT = 6 * 24 * 3600
"""Seconds; Zalo forgets after seven days."""

BIGGEST = 1_000_000
"""Bytes that Zalo takes."""

REMEMBERED = 512
"""Pictures at most; there are about 150."""


class Uploads:
    def __init__(self, api: Api, pictures: Pictures, now: Callable[[], int]) -> None:
        self._api = api
        self._pictures = pictures
        self._now = now
        self._known: OrderedDict[str, tuple[int, asyncio.Task[str]]] = OrderedDict()

    async def id_of(self, name: str) -> str:
        """Zalo's id of a picture of ours. Raises Refused when there is none, and as `Api.upload`.

        Who asks for a picture that is on its way waits for it: a first step is sent to many at once.
        """
        at, task = self._known.get(name, (0, None))
        if task is None or self._now() - at >= KEPT or _failed(task):
            task = asyncio.create_task(self._upload(name))
            task.add_done_callback(_heard)
            self._known[name] = (self._now(), task)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return await asyncio.shield(task)

    def forget(self, name: str) -> None:
        """Zalo does not know it any more."""
        self._known.pop(name, None)

    async def _upload(self, name: str) -> str:
        png = await self._pictures.png(name)
        if png is None or len(png) > BIGGEST:
            raise Refused("a picture that is not there, or too big")
        return await self._api.upload(png)


def _heard(task: asyncio.Task[str]) -> None:
    """Whoever waited may be gone: what went wrong is no trace in a log."""
    if not task.cancelled():
        task.exception()


def _failed(task: asyncio.Task[str]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
