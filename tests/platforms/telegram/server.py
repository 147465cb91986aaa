"""A Telegram of our own, as strict as the real one: `async with FakeTelegram() as telegram`."""

from __future__ import annotations

import asyncio
import json
import math
import re
import socket
import struct
from collections.abc import Callable, Mapping
from random import Random
from types import TracebackType
from typing import Any, Self, assert_never

from aiohttp import ClientSession, TCPConnector, web

from tests.platforms.posting import Answered, Post, over_http
from tests.platforms.telegram import methods, opinions, receiving, saying
from tests.platforms.telegram.errors import ApiError, Json
from tests.platforms.telegram.faults import (
    Down,
    Fault,
    Faults,
    Hangs,
    LosesAnswer,
    Nonsense,
    Refuses,
    Resets,
    Slow,
    TooMany,
)
from tests.platforms.telegram.mail import DAY, Mail, Update
from tests.platforms.telegram.people import Group, Person
from tests.platforms.telegram.receiving import Told
from tests.platforms.telegram.record import Call, Calls
from tests.platforms.telegram.requests import read
from tests.platforms.telegram.schema import NAMES, typed
from tests.platforms.telegram.webhook import Deliveries, Mischief
from tests.platforms.telegram.world import World

TOKEN = "4200000001:not-a-secret_only-for-tests_00000"
FIRST_UPDATE = 730_150_001
READ_SECONDS = 60.0
"""How long the real server waits for the answer to a webhook call."""

AT_ONCE = 0.05
"""A call that was on its way when another got a retry_after is not early."""

UPLOAD = 50 * 1024 * 1024
_PATH = re.compile(r"/bot(?P<token>[^/]+)/(?P<method>[^/]+)")
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")


class FakeTelegram:
    """A server on a free port of this machine; its time is the loop's.

    `post` delivers webhook calls (default: over HTTP, with `gate` in the place of the public address).
    `wrongs` fills with what no correct bot would do; leaving the block with any left fails the test.
    """

    def __init__(
        self,
        token: str = TOKEN,
        now: Callable[[], int] | None = None,
        *,
        post: Post | None = None,
        gate: str = "",
        username: str = "huongdan_thu_bot",
    ) -> None:
        self.token = token
        self.base = ""
        self.calls = Calls()
        self.wrongs: list[str] = []
        self._loop = loop = asyncio.get_running_loop()
        begun = loop.time()
        bot: Json = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "Hướng dẫn thử",
            "username": username,
        }
        self.world = World(bot, now or (lambda: 1_795_000_000 + int(loop.time() - begun)), loop.time)
        self.faults = Faults(loop.time)
        self.mail = Mail(loop.time, FIRST_UPDATE)
        self.people: list[Person] = []
        self._given_post = post
        self._gate = gate
        self._pauses: dict[str, tuple[float, float]] = {}
        self._ids = 777_000_100
        self._away = False

    async def __aenter__(self) -> Self:
        self._session = ClientSession(connector=TCPConnector(limit=100))
        self._post = self._given_post or over_http(self._session, self._gate, READ_SECONDS)
        self.webhook = Deliveries(self.mail, self._loop.time, self._posted, self._answered)
        app = web.Application(client_max_size=2 * UPLOAD)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await self._listen(0)
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._pushing = asyncio.create_task(self.webhook.run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pushing.cancel()
        [pushed] = await asyncio.gather(self._pushing, return_exceptions=True)
        if not isinstance(pushed, asyncio.CancelledError):
            self.webhook.faults.append(pushed or AssertionError("the deliveries ended"))
        await self._runner.cleanup()
        await self._session.close()
        self.wrongs += [f"the simulator itself: {word!r}" for word in self.webhook.faults]
        if kind is None and self.wrongs:
            raise AssertionError("the bot did what it must not:\n" + "\n".join(self.wrongs))

    def person(self, name: str = "Lan", *, language: str = "vi") -> Person:
        self._ids += 1
        person = Person(self.world, self.mail, self._put, self._ids, name, language)
        self.people.append(person)
        return person

    def group(self, title: str = "Tổ công nghệ số", *, basic: bool = False) -> Group:
        """`basic`: a small group, as it is before it grows into a supergroup."""
        self._ids += 1
        return Group(self.world, -self._ids if basic else -1_000_000_000_000 - self._ids, title, basic=basic)

    def mischief(self, seed: int, *, most: int = 5, late: float = 30.0, lag: float = 0.5) -> None:
        """From now on deliver up to `most` times and in any order across queues (webhook only)."""
        self.webhook.mischief = Mischief(Random(seed), most, late, lag)  # noqa: S311 - to be repeatable

    async def delivered(self, within: float = DAY) -> None:
        """Wait until the bot has acknowledged all updates, or they are too old."""
        async with asyncio.timeout(within):
            await self.mail.all_gone()
            await self.webhook.landed()

    def unanswered(self) -> list[str]:
        """The buttons that spin though the bot knows of them."""
        return [
            f"{press.data} of {press.chat}"
            for press in self.world.presses.values()
            if press.shown is None and press.update in self.mail.taken
        ]

    async def goes_away(self) -> None:
        """Nobody gets through in either direction any more."""
        self._away = True
        await self._site.stop()

    async def comes_back(self) -> None:
        self._away = False
        await self._listen(int(self.base.rsplit(":", 1)[1]))

    async def _listen(self, port: int) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True)
        await self._site.start()

    async def _posted(self, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        if self._away:
            raise ConnectionResetError
        async with asyncio.timeout(READ_SECONDS):
            return await self._post(url, headers, body)

    def _put(self, kind: str, body: Json, queue: str, life: float = DAY) -> Update | None:
        update = self.mail.put(kind, body, queue, life)
        if update:
            self.wrongs += [f"the simulator itself: {word}" for word in opinions.of_update(update.json())]
        return update

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if self._away:
            return await _broken(request)
        path = _PATH.fullmatch(request.path)
        if path is None or not _TOKEN.fullmatch(path["token"]):
            return _said(ApiError(404, "").body(), 404)
        if path["token"] != self.token:
            return _said(ApiError(401, "").body(), 401)
        call = Call(self._loop.time(), NAMES.get(path["method"].lower(), path["method"]))
        self.calls.append(call)
        try:
            raw, files = await read(request)
            call.params = dict(raw)
            call.params = self._understood(call, raw, files)
            self._hold_back(call)
            fault = self.faults.striking(call.method, self._chat_of(call))
            return await self._struck(call, fault, request) if fault else await self._done(call)
        except ApiError as refusal:
            return self._refused(call, refusal)

    def _understood(self, call: Call, raw: Mapping[str, object], files: Mapping[str, Any]) -> Json:
        if call.method not in NAMES.values():
            raise ApiError(404, "method not found", wrong=True)
        return typed(call.method, raw, files)

    async def _done(self, call: Call) -> web.Response:
        told = await self._carried_out(call)
        body: Json = {"ok": True, "result": told.result if isinstance(told, Told) else told}
        if isinstance(told, Told):
            body["description"] = told.description
        self._taken(call)
        return _said(body, 200)

    async def _carried_out(self, call: Call) -> Any:
        if plain := methods.METHODS.get(call.method) or saying.METHODS.get(call.method):
            return plain(self.world, call.params)
        match call.method:
            case "getUpdates":
                return await receiving.get_updates(self.mail, self.webhook, call.params)
            case "setWebhook":
                return receiving.set_webhook(self.mail, self.webhook, call.params)
            case "deleteWebhook":
                return receiving.delete_webhook(self.mail, self.webhook, call.params)
            case "getWebhookInfo":
                return receiving.webhook_info(self.mail, self.webhook, self.world.now(), self._loop.time())
            case _:
                raise ApiError(400, f"{call.method} is not for a test", wrong=True)

    def _taken(self, call: Call) -> None:
        """What we take, the second reader must understand as well."""
        call.status, call.done = 200, True
        self.wrongs += opinions.of_call(call.method, call.params)

    def _refused(self, call: Call, refusal: ApiError) -> web.Response:
        call.status, call.description = refusal.code, refusal.description
        if refusal.wrong:
            self.wrongs.append(f"{call.method}: {refusal.description}")
        return _said(refusal.body(), refusal.code)

    def _answered(self, method: str, raw: Mapping[str, object]) -> None:
        """A method call that stood in the answer to a webhook call; errors of it are told to nobody."""
        name = NAMES.get(method.lower(), method)
        call = Call(self._loop.time(), name, dict(raw), via="answer")
        self.calls.append(call)
        plain = methods.METHODS.get(name) or saying.METHODS.get(name)
        if plain is None or name.startswith("get"):
            self._refused(call, ApiError(400, "not taken from an answer", wrong=True))
            return
        try:
            call.params = self._understood(call, raw, {})
            plain(self.world, call.params)
        except ApiError as refusal:
            self._refused(call, refusal)
        else:
            self._taken(call)

    def _hold_back(self, call: Call) -> None:
        """Refuse what comes before a retry_after is over."""
        now = self._loop.time()
        for scope in (self._scope(call), "all"):
            given, until = self._pauses.get(scope, (0.0, 0.0))
            if now < until - 1e-6:
                call.early = now > given + AT_ONCE
                after = math.ceil(until - now)
                raise ApiError(429, f"retry after {after}", parameters={"retry_after": after})

    async def _struck(self, call: Call, fault: Fault, request: web.Request) -> web.StreamResponse:
        match fault:
            case TooMany(after=after, everywhere=everywhere):
                now = self._loop.time()
                self._pauses["all" if everywhere else self._scope(call)] = (now, now + after)
                raise ApiError(429, f"retry after {after}", parameters={"retry_after": after})
            case Down(status=status, plain=plain):
                call.status = status
                words = {500: "Internal Server Error", 502: "Bad Gateway"}.get(status, "Service Unavailable")
                body: Json = {"ok": False, "error_code": status, "description": words}
                return web.Response(status=status, body=plain) if plain else _said(body, status)
            case Refuses(code=code, words=words, migrate_to=group):
                raise ApiError(code, words, parameters={"migrate_to_chat_id": group} if group else {})
            case LosesAnswer(breaks=breaks):
                await self._done(call)
                call.status = 0
                return await (_broken(request) if breaks else _never())
            case Resets():
                return await _broken(request)
            case Hangs():
                return await _never()
            case Nonsense(body=plain):
                call.status = 200
                return web.Response(body=plain, content_type="text/html")
            case Slow(seconds=seconds):
                await asyncio.sleep(seconds)
                return await self._done(call)
            case never:
                assert_never(never)

    def _chat_of(self, call: Call) -> int | None:
        press = self.world.presses.get(str(call.params.get("callback_query_id", "")))
        return press.chat if press else call.chat

    def _scope(self, call: Call) -> str:
        return f"method {call.method}" if call.chat is None else f"chat {call.chat}"


def _said(body: Json, status: int) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(body, ensure_ascii=True).encode(), content_type="application/json"
    )


async def _never() -> web.StreamResponse:
    """Until the caller goes away; the server then cancels us."""
    await asyncio.Event().wait()
    raise AssertionError


async def _broken(request: web.Request) -> web.StreamResponse:
    """A reset, not a polite end."""
    transport = request.transport
    if transport is not None:
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        transport.abort()
    return web.Response()
