"""Where platforms post: who is not the platform costs us little, however they send it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.app.platform import Headers, Posted
from bot.web import webhooks
from bot.web.webhooks import BIGGEST, answer

SECRET = (b"x-secret", b"right")


class Gate:
    """Admits by its secret alone, and counts what it takes."""

    path = "/webhooks/gate"

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def admits(self, headers: Headers, /) -> bool:
        return SECRET in headers

    async def take(self, _: Headers, body: bytes, /) -> Posted:
        self.bodies.append(body)
        return Posted(200)


class Drops:
    """A body in chunks; the last comes never when `ends` is False."""

    def __init__(self, *chunks: bytes, ends: bool = True) -> None:
        self.chunks = list(chunks)
        self.ends = ends
        self.read = 0

    async def __call__(self) -> Any:
        if not self.chunks and not self.ends:
            await asyncio.Event().wait()
        self.read += 1
        chunk = self.chunks.pop(0) if self.chunks else b""
        return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks) or not self.ends}


async def post(gate: Gate, body: Drops, *headers: tuple[bytes, bytes], method: str = "POST") -> int:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": gate.path, "headers": list(headers)}
    async with asyncio.timeout(5):
        await answer(gate, scope, body, send)
    assert sent[1]["body"] == b""
    return int(sent[0]["status"])


async def test_a_body_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "WITHIN", 0.01)
    gate = Gate()
    assert await post(gate, Drops(b"{", ends=False), SECRET) == 503
    assert gate.bodies == []


async def test_who_does_not_know_the_secret_is_not_read_at_all() -> None:
    gate, body = Gate(), Drops(b"x" * BIGGEST, ends=False)
    assert await post(gate, body) == 401
    assert await post(gate, body, SECRET, method="GET") == 405
    assert await post(gate, body, SECRET, method="HEAD") == 405
    assert body.read == 0


@pytest.mark.parametrize(
    "length", [b"-1", b"1e3", b"0x10", b"", b" 5", b"9" * 5000, str(BIGGEST + 1).encode()]
)
async def test_a_length_that_is_none_or_too_much_is_refused_unread(length: bytes) -> None:
    gate, body = Gate(), Drops(b"{}")
    assert await post(gate, body, SECRET, (b"content-length", length)) == 413
    assert body.read == 0


async def test_a_body_without_a_length_is_read_as_far_as_it_may_be_long() -> None:
    gate = Gate()
    assert await post(gate, Drops(b"{", b"}", b""), SECRET) == 200
    assert await post(gate, Drops(*[b"x" * 65_536] * 17, ends=False), SECRET) == 413
    assert gate.bodies == [b"{}"]
