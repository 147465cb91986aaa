"""Virtual time jumps when nothing is going on, and only then."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from yarl import URL

from tests.platforms.clock import START, Stuck, VirtualLoop, calendar, virtual

WORK = 0.05
"""Real seconds that a job in a thread takes."""


def at() -> float:
    return asyncio.get_running_loop().time()


def working() -> str:
    end = time.monotonic() + WORK
    while time.monotonic() < end:
        pass
    return "done"


def test_an_hour_takes_no_time() -> None:
    async def main() -> float:
        await asyncio.sleep(3600)
        return at()

    begun = time.monotonic()
    assert virtual(main) == 3600
    assert time.monotonic() - begun < 60


async def test_timers_ring_in_order_and_on_time() -> None:
    rung: list[tuple[str, float]] = []

    async def ring(name: str, after: float) -> None:
        await asyncio.sleep(after)
        rung.append((name, at()))

    begun = at()
    await asyncio.gather(ring("c", 30), ring("a", 0.25), ring("b", 1))
    assert [(name, moment - begun) for name, moment in rung] == [("a", 0.25), ("b", 1), ("c", 30)]


@pytest.mark.parametrize("own", [False, True], ids=["own pool", "given pool"])
async def test_a_job_in_a_thread_is_waited_for(own: bool) -> None:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as pool:
        job = loop.run_in_executor(pool if own else None, working)
        async with asyncio.timeout(0.001):
            assert await job == "done"
    assert not getattr(loop, "busy", True)


def test_a_loop_that_does_not_count_jobs_would_jump() -> None:
    class Hasty(VirtualLoop):
        @property
        def busy(self) -> bool:
            return False

    async def main() -> None:
        async with asyncio.timeout(0.001):
            await asyncio.to_thread(working)

    with asyncio.Runner(loop_factory=Hasty) as runner, pytest.raises(TimeoutError):
        runner.run(main())


async def test_a_cancelled_job_is_not_waited_for_for_ever() -> None:
    job = asyncio.ensure_future(asyncio.to_thread(working))
    await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    await asyncio.sleep(60)


async def test_bytes_over_loopback_take_no_virtual_time() -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    app = web.Application()
    app.router.add_post("/", echo)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    begun = at()
    body = b"x" * 900_000
    async with ClientSession(timeout=ClientTimeout(total=0.01)) as session:
        for _ in range(5):
            async with session.post(address_of(runner), data=body) as answer:
                assert await answer.read() == body
    assert at() == begun
    await runner.cleanup()


async def test_a_server_that_never_answers_times_out_in_virtual_time() -> None:
    async def hang(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    app = web.Application()
    app.router.add_get("/", hang)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    begun = at()
    async with ClientSession(timeout=ClientTimeout(total=4)) as session:
        with pytest.raises(TimeoutError):
            await session.get(address_of(runner))
    assert at() - begun == pytest.approx(4, abs=0.01)
    await runner.cleanup()


def test_waiting_for_nothing_is_told() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck):
        virtual(main, stuck=0.02)


async def test_the_calendar_goes_with_the_loop() -> None:
    now = calendar()
    assert now() == START
    await asyncio.sleep(86_400.5)
    assert now() == START + 86_400


def address_of(runner: web.AppRunner) -> URL:
    host, port = runner.addresses[0]
    return URL.build(scheme="http", host=host, port=port)
