"""A simulated Official Account, a webhook that keeps what it got, and a client:."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.platforms.zalo_oa import FakeZaloOA, Pair, Person
from tests.platforms.zalo_oa.signature import header

NOW = 1_795_000_000
URL = "https://bot.example/webhooks/zalo-oa"


class World:
    """A clock that a test moves, and a webhook that keeps what it got and answers as it is told."""

    def __init__(self) -> None:
        self.now = NOW
        self.status = 200
        self.slow = 0.0
        self.got: list[tuple[Mapping[str, str], dict[str, Any]]] = []
        self.oa = FakeZaloOA(now=lambda: self.now, post=self.post)
        self.pair = Pair("", "")
        self.session = aiohttp.ClientSession()

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        assert url == URL
        self.got.append((headers, json.loads(body)))
        assert headers["X-ZEvent-Signature"] == header(
            self.oa.app_id, body, self.got[-1][1]["timestamp"], self.oa.oa_secret
        )
        await asyncio.sleep(self.slow)
        return self.status, {}, b""

    @property
    def names(self) -> list[str]:
        return [event["event_name"] for _, event in self.got]

    async def call(self, path: str, body: Any, token: str = "") -> dict[str, Any]:
        headers = {"access_token": token or self.pair.access_token}
        async with self.session.post(f"{self.oa.base}/{path}", json=body, headers=headers) as answer:
            assert answer.status == 200
            said: dict[str, Any] = await answer.json()
            return said

    async def send(self, person: Person, message: Any) -> int:
        answer = await self.call(
            "v3.0/oa/message/cs", {"recipient": {"user_id": person.id}, "message": message}
        )
        return int(answer["error"])

    async def get(self, path: str, data: Any) -> dict[str, Any]:
        headers = {"access_token": self.pair.access_token}
        query = {"data": json.dumps(data)}
        async with self.session.get(
            f"{self.oa.base}/v2.0/oa/{path}", params=query, headers=headers
        ) as answer:
            said: dict[str, Any] = await answer.json()
            return said

    async def token(self, **form: str) -> dict[str, Any]:
        headers = {"secret_key": self.oa.app_secret}
        url = f"{self.oa.base}/v4/oa/access_token"
        async with self.session.post(url, data={"app_id": self.oa.app_id, **form}, headers=headers) as answer:
            said: dict[str, Any] = await answer.json()
            return said


@asynccontextmanager
async def opened() -> AsyncIterator[World]:
    """With a webhook and a pair of tokens."""
    world = World()
    async with world.oa, world.session:
        world.oa.listen(URL)
        world.pair = world.oa.oauth.grant()
        yield world


def button(*made: Any) -> dict[str, Any]:
    return {"text": "Chọn:", "attachment": {"type": "template", "payload": {"buttons": made}}}


def buttons(*titles: str) -> dict[str, Any]:
    return button(*({"type": "oa.query.hide", "title": title, "payload": f"#{title}"} for title in titles))


def picture(**element: str) -> dict[str, Any]:
    payload = {"template_type": "media", "elements": [{"media_type": "image", **element}]}
    return {"text": "Hình minh họa", "attachment": {"type": "template", "payload": payload}}
