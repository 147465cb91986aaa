"""Hear a stream of server-sent events in process: what httpx reads only when it has ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI


class Ear:
    def __init__(self) -> None:
        self.status = 0
        self.chunks: asyncio.Queue[bytes] = asyncio.Queue()

    async def event(self, within: float = 5) -> dict[str, str]:
        """The next event that is not a ping."""
        while True:
            async with asyncio.timeout(within):
                lines = (await self.chunks.get()).decode().splitlines()
            found = dict(line.split(": ", 1) for line in lines if ": " in line)
            if found and found.get("event") != "ping":
                return found


@contextlib.asynccontextmanager
async def stream(app: FastAPI, url: str, **headers: str) -> AsyncIterator[Ear]:
    ear, hung_up = Ear(), asyncio.Event()
    parts = urlsplit(url)
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "client": ("10.0.0.1", 1),
        "server": ("test", 80),
    }
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            ear.status = message["status"]
        elif message.get("body"):
            ear.chunks.put_nowait(message["body"])

    serving = asyncio.ensure_future(app(scope, receive, send))
    try:
        yield ear
    finally:
        hung_up.set()
        async with asyncio.timeout(5):
            await serving
