"""HTTP as lean as it gets: a server that answers calls, and lines that post updates and keep open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httptools

Reply = Callable[[bytes], None]
Call = Callable[[str, str, bytes, Reply], Callable[[], None] | None]
"""(method, content type, body, reply) -> what to do when the caller hangs up before the reply."""


class Serving(asyncio.Protocol):
    """One connection of the bot to the API."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._parser = httptools.HttpRequestParser(self)
        self._gone: Callable[[], None] | None = None
        self._clear()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._gone is not None:
            self._gone()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self._kind = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        method, kind, body = self._url.rsplit(b"/", 1)[1].decode(), self._kind, b"".join(self._body)
        self._clear()
        self._gone = self._call(method, kind, body, self._reply)

    def _reply(self, body: bytes) -> None:
        self._gone = None
        self._transport.write(_OK % len(body) + body)

    def _clear(self) -> None:
        self._url, self._kind, self._body = b"", "", list[bytes]()


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Posting(asyncio.Protocol):
    """One kept connection to the bot's webhook. `done(status, body)`; status 0: the connection broke."""

    def __init__(self, done: Callable[[int, bytes], None]) -> None:
        self._done = done
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._busy = False
        self._transport: Any = None

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def post(self, head: bytes, body: bytes) -> None:
        self._busy = True
        self._transport.write(b"%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        if self._busy:
            self._busy = False
            self._done(0, b"")

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body, self._body, self._busy = b"".join(self._body), [], False
        if not self._parser.should_keep_alive():
            self._transport.close()
        self._done(self._parser.get_status_code(), body)
