"""From `python -m bot run` to ready, its memory, and what the first page weighs: python -m bench.start"""

from __future__ import annotations

import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.figures import Figure, show

STARTS = 5


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        runs = [_start(Path(folder)) for _ in range(STARTS + 1)][1:]
    seconds = statistics.median(run[0] for run in runs)
    memory = statistics.median(run[1] for run in runs)
    return [
        Figure("start to ready, warm, median", f"{seconds:.2f} s", "≤ 2 s"),
        Figure("memory after the first page", f"{memory / 1024:.0f} MB"),
        Figure("first load, bytes over the wire (gzip)", f"{runs[-1][2]}", "≤ 50000"),
        Figure("a platform's library imported", "yes" if runs[-1][3] else "no", "no"),
    ]


def _start(folder: Path) -> tuple[float, int, int, bool]:
    """(seconds to ready, resident kB, bytes of the first load, whether a platform's library came along)."""
    environment = os.environ | {
        "BOT_DATABASE__URL": f"sqlite:///{folder}/bot.db",
        "BOT_KEY_FILE": str(folder / "key"),
        "BOT_HTTP__PORT": "0",
    }
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the bot did not start"
        seconds = time.perf_counter() - begin
        size = _first_load(found[0])
        status = Path(f"/proc/{process.pid}/status").read_text()
        memory = int(re.search(r"VmRSS:\s+(\d+)", status)[1])  # type: ignore[index]
        platform = "aiohttp" in Path(f"/proc/{process.pid}/maps").read_text()  # all of them speak through it
    finally:
        process.terminate()
        process.wait(10)
    return seconds, memory, size, platform


def _first_load(address: str) -> int:
    """The page and all it asks for, as bytes over the wire."""
    page, total = _fetch(address)
    for path in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)):
        total += _fetch(address.rstrip("/") + path)[1]
    return total


def _fetch(address: str) -> tuple[str, int]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - our own
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own
        body = answer.read()
        size = len(body) + len(str(answer.headers))
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
    return body.decode("utf-8", "replace"), size


if __name__ == "__main__":
    show("Start, memory, first load", figures())
