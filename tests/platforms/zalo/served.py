"""The HTTP side of a simulated platform: a real server, its record of calls, faults on command."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, assert_never

from aiohttp import web

from tests.platforms.zalo.faults import Code, Fault, Faults, Hang, Lost, Nonsense, Reset, Status

LARGEST = 2 * 1024 * 1024


@dataclass(slots=True)
class Call:
    """One call that the platform received. `answer` is None when none was given."""

    method: str
    params: Any
    headers: Mapping[str, str]
    at: float
    status: int = 0
    answer: Any = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    body: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Served(ABC):
    """Something that is called over HTTP.

    Whatever the real platform would refuse as a fault of the caller is noted in `violations`; leaving the
    block with one fails the test. A test that means to be refused empties the list.
    """

    base: str

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.faults = Faults()
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()
        self._soons: set[asyncio.Task[None]] = set()

    @abstractmethod
    def _add_routes(self, router: web.UrlDispatcher) -> None: ...

    @abstractmethod
    async def _stop(self) -> None: ...

    @abstractmethod
    def _error(self, code: int, message: str) -> Answer: ...

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST)
        self._add_routes(app.router)
        app.router.add_route("*", "/{tail:.*}", self._nowhere)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        for task in self._soons:
            task.cancel()
        await asyncio.gather(*self._soons, return_exceptions=True)
        await self._stop()
        if self._runner is not None:
            await self._runner.cleanup()
        if kind is None and self.violations:
            raise AssertionError("the platform would refuse: " + "; ".join(self.violations))

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def complain(self, what: str) -> None:
        self.violations.append(what)

    async def _beside(self) -> None:
        """Wait for what is done beside calls."""
        while self._soons:
            await asyncio.wait(self._soons)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it beside the call that asked for it."""
        task = asyncio.create_task(work)
        self._soons.add(task)
        task.add_done_callback(self._soons.discard)

    def _time(self) -> float:
        return asyncio.get_running_loop().time()

    async def _answer(
        self, request: web.Request, method: str, params: Any, person: str, work: Callable[[], Answer]
    ) -> web.StreamResponse:
        """Do what was asked for, unless a fault was ordered; either way it is on record."""
        call = Call(
            method, params, dict(request.headers), self._time(), fault=self.faults.strike(method, person)
        )
        self.calls.append(call)
        match call.fault:
            case None:
                return _said(call, work())
            case Code(code, message):
                return _said(call, self._error(code, message))
            case Status(code, body, retry_after):
                call.status = code
                headers = {"Retry-After": str(retry_after)} if retry_after else {}
                return web.Response(status=code, body=body, content_type="text/html", headers=headers)
            case Nonsense(body):
                call.status = 200
                return web.Response(body=body, content_type="text/html")
            case Hang():
                return await self._hang()
            case Reset():
                return _torn(request)
            case Lost(how):
                work()
                return await self._hang() if isinstance(how, Hang) else _torn(request)
            case never:
                assert_never(never)

    async def _hang(self) -> web.StreamResponse:
        await self._closing.wait()
        return web.Response(status=500)

    async def _nowhere(self, request: web.Request) -> web.StreamResponse:
        self.complain(f"nothing is at {request.method} {request.path.rsplit('/', 1)[-1]}")
        return web.Response(status=404, text="404 page not found")


def _said(call: Call, answer: Answer) -> web.StreamResponse:
    call.status, call.answer = answer.status, answer.body
    body = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()
    return web.Response(
        status=answer.status, body=body, content_type="application/json", headers=answer.headers
    )


def _torn(request: web.Request) -> web.StreamResponse:
    """Reset the connection, as a machine that restarts does."""
    transport = request.transport
    if transport is not None:
        wire: socket.socket = transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)
