"""The desk's pages as browsers get them, from a process of its own, while residents write.

python -m bench.desk_http
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path

import httpx

from bench.figures import Figure, show
from bot.core.book import Book
from bot.core.ticket import Helper
from bot.store.open import SqlStore, open_store
from bot.wiring import PULLED
from tests.app.harness.desk import handoff_of, key_of, open_tickets
from tests.books import book_of, small_root
from tests.conftest import KEY, postgres_server

OPEN = 5_000
RESIDENTS = 100
VOLUNTEERS = 4
PAGES = {"the queue page": "/desk", "its live part": "/desk?phan=1"}
SIGNATURE = re.compile(r'name="chu_ky" value="([0-9a-f]+)"')
FRESH = httpx.Limits(max_connections=500, keepalive_expiry=2)  # a server hangs up after five seconds
BROWSER = {"Sec-Fetch-Site": "same-origin", "User-Agent": ""}


async def figures(url: str, folder: Path, book: Book, rounds: int) -> list[Figure]:
    """With a second store on the same PostgreSQL what another process commits is measured too."""
    key = folder / "key"
    key.write_text(KEY.hex())
    key.chmod(0o600)
    store = open_store(url, KEY, PULLED)
    await open_tickets(store, OPEN)
    elsewhere = store if url.startswith("postgresql") else None
    if elsewhere is None:
        await store.close()  # one process on a file
    server = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs yet
        [sys.executable, "-m", "bench.desk_server", url, str(key), str(VOLUNTEERS)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        return await _measured(f"http://127.0.0.1:{told['port']}", told["cookies"], elsewhere, book, rounds)
    finally:
        server.terminate()
        server.wait(20)
        if elsewhere is not None:
            await elsewhere.close()


async def _measured(
    address: str, cookies: list[str], elsewhere: SqlStore | None, book: Book, rounds: int
) -> list[Figure]:
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=FRESH) as outside:
        residents = [asyncio.create_task(_resident(outside, number)) for number in range(RESIDENTS)]
        desks = [
            httpx.AsyncClient(
                base_url=address,
                timeout=30,
                limits=FRESH,
                headers=BROWSER | {"Cookie": f"vneid_desk={cookie}"},
            )
            for cookie in cookies
        ]
        found = []
        for what, path in PAGES.items():
            took = [await _loaded(desks[number % len(desks)], path) for number in range(rounds)]
            found.append(_figure(f"{OPEN:,} open, {RESIDENTS} write, {what}", took, "p95 ≤ 300 ms"))
        signature = SIGNATURE.search((await desks[0].get("/desk")).text)
        assert signature
        form = {"chu_ky": signature[1]}

        async def claim(_: int) -> None:
            answer = await desks[0].post("/desk/tiep", data=form)
            assert answer.status_code == 303, answer.status_code

        heard = await _heard(desks[1], claim, rounds // 8)
        found.append(_figure("from the tap on «Nhận» to another open page", heard, "≤ 1 s"))
        if elsewhere is not None:
            handoff = handoff_of(elsewhere, book, lambda: int(time.time()))

            async def claim_elsewhere(number: int) -> None:
                await handoff.claim(key_of(OPEN - 1 - number), Helper(900, "Hoa", OPEN))

            heard = await _heard(desks[1], claim_elsewhere, rounds // 8)
            found.append(_figure("the same from another process", heard, "≤ 1 s"))
        for task in residents:
            task.cancel()
        written = sum(await asyncio.gather(*residents))
        found.append(Figure("residents' messages meanwhile", f"{written:,}"))
        for desk in desks:
            await desk.aclose()
        return found


async def _resident(outside: httpx.AsyncClient, number: int) -> int:
    """About a message a second; returns how many."""
    count, message = 0, "xin chào"
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(number / RESIDENTS)
        while True:
            answer = await outside.post(
                "/webhooks/rest/webhook", json={"sender": f"resident-{number}", "message": message}
            )
            buttons = answer.json()[-1].get("buttons") if answer.json() else None
            message = str(buttons[0]["payload"]) if buttons else "menu"
            count += 1
            await asyncio.sleep(1)
    return count


async def _loaded(desk: httpx.AsyncClient, path: str) -> float:
    began = time.perf_counter()
    answer = await desk.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return time.perf_counter() - began


async def _heard(
    desk: httpx.AsyncClient, commit: Callable[[int], Awaitable[None]], rounds: int
) -> list[float]:
    """Seconds from the beginning of each commit to the beat of a page that listens."""
    took = []
    async with desk.stream("GET", "/desk/live", headers={"Last-Event-ID": "old"}) as answer:
        assert answer.status_code == 200
        lines = answer.aiter_lines()
        await _beat(lines)
        for number in range(rounds):
            await asyncio.sleep(0.3 + number * 0.37 % 1)  # at any moment between two looks
            began = time.perf_counter()
            await asyncio.gather(commit(number), _beat(lines))
            took.append(time.perf_counter() - began)
    return took


async def _beat(lines: object) -> None:
    async for line in lines:  # type: ignore[attr-defined]
        if line == "event: beat":
            return
    raise AssertionError("the stream ended")


def _figure(what: str, seconds: Iterable[float], goal: str) -> Figure:
    took = sorted(seconds)
    high = statistics.quantiles(took, n=20)[-1]
    return Figure(
        what,
        f"p50 {statistics.median(took) * 1000:.0f}, p95 {high * 1000:.0f}, worst {took[-1] * 1000:.0f} ms",
        goal,
    )


def main(rounds: int = 80) -> None:
    with tempfile.TemporaryDirectory() as name, postgres_server() as server:
        folder = Path(name)
        book = book_of(small_root(folder))
        for database, url in (
            ("SQLite", f"sqlite:///{folder / 'http.db'}"),
            ("PostgreSQL", server.new_database()),
        ):
            show(f"The desk over HTTP, {database}", asyncio.run(figures(url, folder, book, rounds)))


if __name__ == "__main__":
    main()
