"""A Zalo Official Account as a platform: webhook, messages, tokens, and what watches over them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import assert_never

import aiohttp

from bot.app.platform import Delivery, Door, Refused, Take, TryLater
from bot.app.ports import Pictures, Report, Safe, StoreDown
from bot.channels.zalo_oa.calls import API_BASE, Api, new_session
from bot.channels.zalo_oa.events import NAME
from bot.channels.zalo_oa.hook import Hook
from bot.channels.zalo_oa.messages import Part, Words, parts_of, picture_body, text_body
from bot.channels.zalo_oa.oauth import OAUTH_BASE, OAuth
from bot.channels.zalo_oa.signature import Signature
from bot.channels.zalo_oa.tokens import PAUSE, Tokens
from bot.channels.zalo_oa.uploads import Uploads
from bot.channels.zalo_oa.watch import Watch
from bot.core.message import Address, Picture, Reply


@dataclass(frozen=True, slots=True)
class Account:
    """The settings of an Official Account. One of the two secrets signs what Zalo posts."""

    app_id: str
    app_secret: str = field(repr=False)
    oa_secret: str = field(default="", repr=False)
    oa_id: str = ""
    refresh_token: str = field(default="", repr=False)
    api_base: str = API_BASE
    oauth_base: str = OAUTH_BASE


class ZaloOA:
    """`web_address` is where our pictures are for Zalo; without https they are uploaded instead."""

    name = NAME
    delivery = Delivery.PUSH
    per_second = 60.0

    def __init__(
        self,
        account: Account,
        *,
        web_address: str,
        take: Take,
        pictures: Pictures,
        safe: Safe,
        now: Callable[[], int],
        report: Report,
    ) -> None:
        self._oa_id = account.oa_id
        self._web_address = web_address.rstrip("/") if web_address.startswith("https://") else ""
        self._pictures = pictures
        self._report = report
        self._http: aiohttp.ClientSession | None = None
        oauth = OAuth(self._session, account.app_id, account.app_secret, now, account.oauth_base)
        self.tokens = Tokens(oauth, safe, account.refresh_token, now, report)
        self._api = Api(self._session, self.tokens, report, account.api_base)
        self._uploads = Uploads(self._api, pictures, now)
        self._watch = Watch(self._api, account.oa_id, take, safe, now, report)
        secrets = {"oa_secret": account.oa_secret, "app_secret": account.app_secret}
        signature = Signature(account.app_id, secrets, safe, now, _tell, report)
        self.webhook = Hook(signature, account.oa_id, take, self._watch.hear, report)

    def gap(self, _: Address, /) -> float:
        return 0.2

    async def send(self, address: Address, reply: Reply, part: int, /) -> int:
        parts = parts_of(reply)
        if part < len(parts):  # an earlier edition of us may have cut it into more
            await self._send_part(address.id, parts[part])
        return len(parts)

    def door(self, commune: str, /) -> Door | None:
        if not self._oa_id:
            return None
        return Door(NAME, f"https://zalo.me/{self._oa_id}", f"XA {commune}" if commune else "")

    async def tend(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_tokens_fresh())
            tasks.create_task(self._watch.run())

    async def close(self) -> None:
        await self.webhook.close()
        await self._watch.close()
        await self.tokens.close()
        if self._http is not None:
            await self._http.close()

    async def _send_part(self, person: str, part: Part) -> None:
        match part:
            case Words():
                await self._api.message(text_body(person, part))
            case Picture():
                try:
                    await self._send_picture(person, part)
                except Refused as fault:
                    self._report("zalo_oa.picture", fault)  # the words after it say everything
            case never:
                assert_never(never)

    async def _send_picture(self, person: str, picture: Picture) -> None:
        shown = self._pictures.shown(picture)
        if shown is None:
            return
        if self._web_address:
            await self._api.message(picture_body(person, picture, {"url": self._web_address + shown.path}))
            return
        name = PurePosixPath(shown.path).stem
        try:
            where = {"attachment_id": await self._uploads.id_of(name)}
            await self._api.message(picture_body(person, picture, where))
        except Refused:
            self._uploads.forget(name)
            raise

    async def _keep_tokens_fresh(self) -> None:
        while True:
            try:
                pause = await self.tokens.keep_fresh()
            except (TryLater, StoreDown):
                pause = PAUSE  # somebody has been told
            await asyncio.sleep(pause)

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = new_session()
        return self._http


def _tell(secret: str) -> None:
    """Once in the life of an installation: which of the two secrets signs Zalo's events."""
    import structlog

    structlog.get_logger().info("zalo_oa signature settled", secret=secret)
