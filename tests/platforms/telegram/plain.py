"""The plainest client there is, for the simulator's own tests."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientSession

from tests.platforms.telegram.server import FakeTelegram


class Client:
    """`await call("sendMessage", chat_id=…)` posts JSON; returns status and result, or status and words."""

    def __init__(self, telegram: FakeTelegram, session: ClientSession) -> None:
        self.telegram = telegram
        self.session = session

    async def __call__(self, method: str, **params: Any) -> tuple[int, Any]:
        return await self.post(method, json=params)

    async def post(self, method: str, *, verb: str = "POST", token: str = "", **how: Any) -> tuple[int, Any]:
        url = f"{self.telegram.base}/bot{token or self.telegram.token}/{method}"
        async with self.session.request(verb, url, **how) as answer:
            body = await answer.json()
            assert body["ok"] is (answer.status == 200)
            assert body.get("error_code", 200) == answer.status
            return answer.status, body["result"] if body["ok"] else body["description"]
