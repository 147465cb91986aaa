"""A lean Telegram in a process of its own: python -m bench.channels.telegram MODE CORE

It checks nothing (tests/platforms does); it is here to be fast. Lines of JSON lead it: {"do": "load", …}.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import uvloop

from bench.channels.mail import Fetched, Posted
from bench.channels.residents import Losses, Resident, Shown, Street
from bench.channels.wire import Reply, Serving

RESIDENTS = 50
TICK = 0.05

LONGEST_TURN = 0.03
"""Seconds after a press at which the bot is killed, at most: anywhere between hearing and answering."""


class _Button(msgspec.Struct):
    text: str = ""
    callback_data: str = ""


class _Markup(msgspec.Struct):
    inline_keyboard: list[list[_Button]] = []


class _Words(msgspec.Struct):
    """What a call says, as far as it matters here."""

    chat_id: int = 0
    text: str = ""
    caption: str = ""
    reply_markup: msgspec.Raw = msgspec.Raw(b"null")
    message_id: int = 0
    photo: str = ""
    method: str = ""
    offset: int = 0
    limit: int = 100
    timeout: int = 0


_words = msgspec.json.Decoder(_Words).decode
_markup = msgspec.json.Decoder(_Markup).decode


class Telegram:
    def __init__(self, mode: str, say: Callable[[dict[str, Any]], None]) -> None:
        self._say = say
        self._loop = asyncio.get_running_loop()
        self._posted = Posted(self._answered_by_webhook)
        self._fetched = Fetched()
        self._mail: Posted | Fetched = self._posted if mode == "webhook" else self._fetched
        self._number = random.randrange(10**6, 10**7)  # noqa: S311 - update ids begin anywhere
        self._message = 100
        self._up_since = float("inf")
        self._kill_at = -1
        self.calls = 0
        self.street = Street({}, self._post, time.perf_counter)

    # --- led by the bench ---------------------------------------------------------------------------

    async def lead(self, order: dict[str, Any]) -> dict[str, Any]:
        match order["do"]:
            case "settle":
                people = range(10_000, 10_000 + RESIDENTS)
                self.street.people = {id: Resident(id, order["opening"]) for id in people}
                self._up(order)
                self.street.begin()
                while len(self.street.seconds) < 5 * RESIDENTS:  # noqa: ASYNC110 - nothing is measured here
                    await asyncio.sleep(TICK)
                return await self._stop()
            case "load":
                return await self._load(order["seconds"])
            case "kills":
                return await self._kills(order["presses"], order["kills"], order["patience"])
            case "up":
                self._up(order)
                return {}
            case other:
                raise ValueError(other)

    def _up(self, order: dict[str, Any]) -> None:
        self._posted.port = order["port"]
        self._up_since = time.perf_counter()

    async def _load(self, seconds: float) -> dict[str, Any]:
        self.calls = 0
        self.street.seconds = []
        cpu, begin = time.process_time(), time.perf_counter()
        self.street.begin()
        await asyncio.sleep(seconds)
        await self._stop()
        took = time.perf_counter() - begin
        waits = sorted(self.street.seconds)
        return {
            "messages": len(waits),
            "seconds": took,
            "share": (time.process_time() - cpu) / took,
            "calls": self.calls,
            "median": statistics.median(waits),
            "p99": waits[len(waits) * 99 // 100],
        }

    async def _stop(self) -> dict[str, Any]:
        self.street.pressing = False
        while not self.street.quiet:  # noqa: ASYNC110 - an event would cost what is measured
            await asyncio.sleep(0.002)
        return {}

    async def _kills(self, presses: int, kills: int, patience: float) -> dict[str, Any]:
        """In each round of presses the bench is told once to kill the bot and to start it again."""
        street = self.street
        street.losses, street.seconds, street.judged = Losses(), [], True
        for _ in range(kills):
            street.left = presses // kills
            self._kill_at = random.randrange(int(street.left))  # noqa: S311 - in the midst of things
            street.begin()
            while not street.quiet or self._kill_at >= 0 or self._up_since > time.perf_counter():
                await asyncio.sleep(TICK)
                for one in street.people.values():
                    if one.waiting and self._mail.confirmed(one.id, one.waiting):
                        street.is_silent(one, self._up_since, patience)
        await asyncio.sleep(patience)
        return {**asdict(street.losses), "longest": max(street.seconds)}

    # --- what residents do --------------------------------------------------------------------------

    def _post(self, one: Resident, token: str) -> int:
        self._number += 1
        number, person = self._number, b'"id":%d,"first_name":"Lan"' % one.id
        if one.shown is not None and token:
            update = _PRESS % (number, number, person, msgspec.json.encode(token), one.shown.raw)
        else:
            opening = msgspec.json.encode(one.opening)
            command = _COMMAND % len(one.opening) if one.opening.startswith("/") else b""
            update = _SAID % (number, number, int(time.time()), person, person, opening, command)
        self._mail.send(one.id, number, update)
        if self.street.left <= self._kill_at:
            self._kill_at = -1
            self._up_since = float("inf")
            pause = random.uniform(0, LONGEST_TURN)  # noqa: S311 - anywhere in a turn
            self._loop.call_later(pause, self._say, {"kill": True})
        return number

    # --- what the bot does --------------------------------------------------------------------------

    def call(self, method: str, kind: str, body: bytes, reply: Reply) -> Callable[[], None] | None:
        self.calls += 1
        words = _said(kind, body)
        match method.lower():
            case "sendmessage" | "sendphoto" | "editmessagetext":
                self._shown(words, reply)
            case "getupdates":
                return self._fetched.fetch(words.offset, words.limit, words.timeout, reply)
            case "getme":
                reply(b'{"ok":true,"result":{"id":42,"is_bot":true,"first_name":"B","username":"bench_bot"}}')
            case "getwebhookinfo":
                reply(_INFO)
            case "editmessagereplymarkup":
                raw = _message(words, words.message_id)
                reply(b'{"ok":true,"result":%s}' % raw)
            case _:
                reply(b'{"ok":true,"result":true}')
        return None

    def _shown(self, words: _Words, reply: Reply) -> None:
        self._message += 1
        raw = _message(words, words.message_id or self._message)
        reply(b'{"ok":true,"result":%s}' % raw)
        markup = bytes(words.reply_markup)
        if markup == b"null" or words.chat_id not in self.street.people:
            return
        first = _markup(markup).inline_keyboard[0][0]
        text = words.text or words.caption
        self.street.sees(words.chat_id, Shown(text, first.text, first.callback_data, raw))

    def _answered_by_webhook(self, body: bytes) -> None:
        self.calls += 1
        del body


_PRESS = (
    b'{"update_id":%d,"callback_query":{"id":"%d","from":{%s,"is_bot":false,"language_code":"vi"},'
    b'"chat_instance":"-55","data":%s,"message":%s}}'
)
_SAID = (
    b'{"update_id":%d,"message":{"message_id":%d,"date":%d,"from":{%s,"is_bot":false,"language_code":"vi"},'
    b'"chat":{%s,"type":"private"},"text":%s%s}}'
)
_COMMAND = b',"entities":[{"type":"bot_command","offset":0,"length":%d}]'
_MESSAGE = (
    b'{"message_id":%d,"date":%d,"from":{"id":42,"is_bot":true,"first_name":"B","username":"bench_bot"},'
    b'"chat":{"id":%d,"type":"private","first_name":"Lan"},%s%s}'
)
_PHOTO = (
    b'"photo":[{"file_id":"%s","file_unique_id":"u","width":720,"height":900}],"caption":%s,"show_caption_above'
    b'_media":false'
)
_INFO = b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'


def _message(words: _Words, id: int) -> bytes:
    markup = bytes(words.reply_markup)
    shown = b"" if markup == b"null" else b',"reply_markup":' + markup
    if words.photo:
        said = _PHOTO % (words.photo.encode(), msgspec.json.encode(words.caption))
    else:
        said = b'"text":' + msgspec.json.encode(words.text)
    return _MESSAGE % (id, int(time.time()), words.chat_id, said, shown)


def _said(kind: str, body: bytes) -> _Words:
    if kind.startswith("application/json"):
        return _words(body) if body else _Words()
    if kind.startswith("multipart"):
        return _form(kind, body)
    values = dict(parse_qsl(body.decode()))
    return _from_strings(values)


def _from_strings(values: dict[str, str]) -> _Words:
    return _Words(
        chat_id=int(values.get("chat_id", 0)),
        text=values.get("text", ""),
        caption=values.get("caption", ""),
        reply_markup=msgspec.Raw(values.get("reply_markup", "null").encode()),
        message_id=int(values.get("message_id", 0)),
        photo=values.get("photo", ""),
        offset=int(values.get("offset", 0)),
        limit=int(values.get("limit", 100)),
        timeout=int(float(values.get("timeout", 0))),
    )


def _form(kind: str, body: bytes) -> _Words:
    """A picture with its words; the picture becomes its length, under which it is known from then on."""
    boundary = b"--" + kind.partition("boundary=")[2].strip('"').encode()
    values: dict[str, str] = {}
    for part in body.split(boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = re.search(rb'name="?([a-z_]+)', head)
        if name:
            value = value.removesuffix(b"\r\n")
            is_file = b"filename=" in head
            values[name[1].decode()] = f"picture-{len(value)}" if is_file else value.decode()
    return _from_strings(values)


async def main(mode: str, core: int) -> None:
    if core >= 0:
        os.sched_setaffinity(0, {core})
    loop = asyncio.get_running_loop()

    def say(line: dict[str, Any]) -> None:
        print(msgspec.json.encode(line).decode(), flush=True)

    telegram = Telegram(mode, say)
    server = await loop.create_server(lambda: Serving(telegram.call), "127.0.0.1", 0)
    say({"port": server.sockets[0].getsockname()[1]})
    orders: asyncio.Queue[bytes] = asyncio.Queue()
    loop.add_reader(0, lambda: orders.put_nowait(os.read(0, 65536)))
    doing: set[asyncio.Task[None]] = set()

    async def obey(order: dict[str, Any]) -> None:
        say({"done": order["do"], **await telegram.lead(order)})

    while lines := await orders.get():
        for line in lines.splitlines():
            task = asyncio.create_task(obey(msgspec.json.decode(line)))
            doing.add(task)
            task.add_done_callback(doing.discard)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
