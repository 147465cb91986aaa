"""Messages over HTTP against an empty FastAPI route, each served by its own process: python -m bench.http

50 residents keep a connection each and send one message after the other. What is measured is the whole:
request, dedupe, turn, durable commit, reply. The two take turns, so that a noisy machine hits both.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure, show

RESIDENTS = 100
SECONDS = 4.0
ROUNDS = 3


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        bot = _Server("bot", Path(folder))
        empty = _Server("empty", Path(folder))
        try:
            asyncio.run(_load(bot.port, "/webhooks/rest/webhook", 1.0))
            asyncio.run(_load(empty.port, "/", 1.0))
            pairs = [(bot.measured("/webhooks/rest/webhook"), empty.measured("/")) for _ in range(ROUNDS)]
        finally:
            bot.stop()
            empty.stop()
    middle = statistics.median
    return [
        Figure("HTTP messages/s, durable, 50 residents", f"{middle(ours.rate for ours, _ in pairs):.0f}"),
        Figure("empty FastAPI route, requests/s", f"{middle(bare.rate for _, bare in pairs):.0f}"),
        Figure("ratio of rates", f"{middle(ours.rate / bare.rate for ours, bare in pairs):.2f}", "≥ 0.5"),
        Figure("server's CPU a message", f"{middle(ours.cpu for ours, _ in pairs) * 1e6:.0f} µs"),
        Figure("server's CPU an empty request", f"{middle(bare.cpu for _, bare in pairs) * 1e6:.0f} µs"),
    ]


@dataclass(frozen=True, slots=True)
class _Measured:
    """Requests a second, and seconds of the server's processor a request."""

    rate: float
    cpu: float


class _Server:
    def __init__(self, kind: str, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.http_server", kind, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def measured(self, path: str) -> _Measured:
        before = self._cpu()
        count, seconds = asyncio.run(_load(self.port, path, SECONDS))
        return _Measured(count / seconds, (self._cpu() - before) / count)

    def _cpu(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


async def _load(port: int, path: str, seconds: float) -> tuple[int, float]:
    """Requests of all residents, and how long they took."""
    until = time.perf_counter() + seconds
    begin = time.perf_counter()
    counts = await asyncio.gather(*(_resident(number, port, path, until) for number in range(RESIDENTS)))
    return sum(counts), time.perf_counter() - begin


async def _resident(number: int, port: int, path: str, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sender = f"resident-{number}"
    message = "xin chào"
    count = 0
    while time.perf_counter() < until:
        body = json.dumps({"sender": sender, "message": message}).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await _answer(reader)
        message = _next(answer) if path != "/" else message
        count += 1
    writer.close()
    return count


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    return await reader.readexactly(length)


def _next(answer: bytes) -> str:
    """Presses the first button, as somebody does who is never stuck."""
    messages = json.loads(answer)
    buttons = messages[-1].get("buttons") if messages else None
    return str(buttons[0]["payload"]) if buttons else "menu"


if __name__ == "__main__":
    show("HTTP", figures())
