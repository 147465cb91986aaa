"""bot-api.zaloplatforms.com: one bot, its methods, and what it is told by webhook or polling."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, assert_never

import msgspec
from aiohttp import web

from tests.platforms.posting import Post
from tests.platforms.zalo.delivery import Deliveries
from tests.platforms.zalo.served import Answer, Served
from tests.platforms.zalo_bot import events, methods, schema
from tests.platforms.zalo_bot.people import Group, Message, Person

TOKEN = "1459232241454765289:planted-bot-token"
SECRET = "X-Bot-Api-Secret-Token"
A_MONTH = 3000

PATIENCE = 5.0
PAUSES = (1.0, 5.0, 30.0, 300.0)
"""Nobody wrote down whether, when and how often the platform tries again: these are ours."""


class FakeZaloBot(Served):
    """Sources disagree whether a webhook's body has the `ok/result` wrap (`wrapped`) and whether an error's
    HTTP status equals its code or is 200 (`http_errors`). `quota` is what is left of this month's messages.
    `nameless` lets people of special groups be told of without saying who.
    """

    def __init__(self, *, now: Callable[[], int], post: Post | None = None, token: str = TOKEN) -> None:
        super().__init__()
        self.now = now
        self.token = token
        self.wrapped = True
        self.http_errors = True
        self.nameless = False
        self.quota = A_MONTH
        self.webhook = ""
        self.lost: list[str] = []
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.waiting: deque[events.Event] = deque()
        self.delivery = Deliveries(
            post=post,
            headers=self._headers,
            patience=PATIENCE,
            pauses=PAUSES,
            given_up=self.lost.append,
            complain=self.complain,
        )
        self._secret = ""
        self._updated_at = 0
        self._polling = 0
        self._news = asyncio.Event()
        self._ids = 0
        self._last_stamp = 0

    def person(self, name: str, *, special: bool = False) -> Person:
        id = _id(f"person {len(self.people)}")
        self.people[id] = Person(self, id, name, special)
        return self.people[id]

    def group(self, name: str) -> Group:
        id = _id(f"group {len(self.groups)}")
        self.groups[id] = Group(id, name)
        return self.groups[id]

    async def tell(self, event: events.Event) -> None:
        """Post an event to the webhook, or keep it for the next getUpdates."""
        if self.nameless and event["event_name"] == "message.unsupported.received":
            event = events.nameless()
        body = events.encoded(event, wrapped=self.wrapped)
        if trouble := schema.trouble_with(body):
            self.complain(f"the simulator itself: {event['event_name']}: {trouble}")
        if self.webhook:
            await self.delivery.put(event["event_name"], body)
            return
        self.waiting.extend([event] * self.delivery.copies())
        if self.delivery.shuffle is not None:
            self.waiting.rotate(self.delivery.shuffle.randrange(len(self.waiting)))
        self._news.set()

    def new_id(self) -> str:
        self._ids += 1
        return _id(f"message {self._ids}")

    def stamp(self) -> int:
        """Milliseconds; no two events have the same."""
        self._last_stamp = max(self._last_stamp + 1, self.now() * 1000)
        return self._last_stamp

    def _headers(self, _body: bytes, _retry: int) -> Mapping[str, str]:
        return {"Content-Type": "application/json", SECRET: self._secret}

    async def _stop(self) -> None:
        await self.delivery.close()

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/bot{token}/{method}", self._serve)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        body = await request.read()
        params = _shown(body)
        person = str(params.get("chat_id", "")) if isinstance(params, dict) else ""
        asked = self._asked(request, token, method, body)
        if isinstance(asked, methods.GetUpdates) and not self.webhook:
            polled = await self._poll(float(asked.timeout))
            return await self._answer(request, method, params, person, lambda: self._take(polled))
        return await self._answer(
            request,
            method,
            params,
            person,
            lambda: asked if isinstance(asked, Answer) else self._do(asked, method),
        )

    def _asked(self, request: web.Request, token: str, method: str, body: bytes) -> methods.Params | Answer:
        if token != self.token:
            return self._error(401, "Unauthorized")
        if method not in methods.METHODS:
            self.complain(f"there is no method {method}")
            return self._error(404, "Not Found")
        if request.method != "POST" or (body and request.content_type != "application/json"):
            self.complain(f"{method}: methods are called by POST with JSON")
            return self._error(400, "Bad Request")
        try:
            return methods.read(method, body)
        except methods.Wrong as fault:
            self.complain(f"{method}: {fault}")
            return self._error(400, f"Bad Request: {fault}")

    async def _poll(self, seconds: float) -> bool:
        """Wait for something to tell; False when another poll is running or nothing came."""
        if self._polling:
            self.complain("getUpdates: two polls at once")
        self._polling += 1
        try:
            async with asyncio.timeout(seconds):
                while not self.waiting:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        finally:
            self._polling -= 1
        return True

    def _take(self, polled: bool) -> Answer:
        """One event, which is gone with that; several clients note 408 for a time in which nothing came."""
        if not polled or not self.waiting:
            return self._error(408, "Request timeout")
        return _done(self.waiting.popleft())

    def _do(self, asked: methods.Params, method: str) -> Answer:
        match asked:
            case methods.Nothing():
                return self._tell_about(method)
            case methods.GetUpdates():
                self.complain("getUpdates while a webhook is set")
                return self._error(400, "Bad Request: a webhook is set")
            case methods.SetWebhook(url, secret):
                self.webhook, self._secret, self.delivery.url = url, secret, url
                self._updated_at = self.stamp()
                return self._tell_about("getWebhookInfo")
            case methods.SendMessage(chat_id, text):
                return self._send(chat_id, Message(self.new_id(), text))
            case methods.SendPhoto(chat_id, photo, caption):
                words = "" if caption is msgspec.UNSET else caption
                return self._send(chat_id, Message(self.new_id(), photo=photo, caption=words))
            case methods.SendSticker(chat_id, sticker):
                return self._send(chat_id, Message(self.new_id(), sticker=sticker))
            case methods.SendVoice(chat_id, voice):
                if chat_id in self.groups:
                    self.complain(
                        "sendVoice: private chats only; the answer would hide that it is not delivered"
                    )
                return self._send(chat_id, Message(self.new_id(), voice=voice))
            case methods.SendChatAction(chat_id):
                return self._reach(chat_id) or self._show_typing(chat_id)
            case never:
                assert_never(never)

    def _tell_about(self, method: str) -> Answer:
        if method == "getMe":
            me = {"id": self.token.split(":")[0], "account_name": "bot.VNeID", "account_type": "BASIC"}
            return _done({**me, "can_join_groups": False})
        if method == "deleteWebhook":
            self.webhook = self._secret = ""
            self._updated_at = self.stamp()
            self.delivery.forget()
        return _done({"url": self.webhook, "updated_at": self._updated_at})

    def _send(self, chat_id: str, message: Message) -> Answer:
        if refused := self._reach(chat_id):
            return refused
        if self.quota < 1:
            return self._error(429, "Quota exceeded")
        self.quota -= 1
        seen_by = self.groups[chat_id] if chat_id in self.groups else self.people[chat_id]
        seen_by.screen.show(message)
        return _done({"message_id": message.id, "date": self.stamp()})

    def _reach(self, chat_id: str) -> Answer | None:
        """Nobody can be written to who has not written first. The numbers of these errors are ours."""
        if chat_id in self.groups:
            return None
        person = self.people.get(chat_id)
        if person is None:
            return self._error(400, "Bad Request: chat not found")
        return None if person.met and not person.blocked else self._error(403, "Forbidden")

    def _show_typing(self, chat_id: str) -> Answer:
        if chat_id in self.people:
            self.people[chat_id].typing_seen += 1
        return Answer({"ok": True})

    def _error(self, code: int, message: str) -> Answer:
        status = code if self.http_errors and 400 <= code < 600 and code != 408 else 200
        return Answer({"ok": False, "error_code": code, "description": message}, status)


def _done(result: Any) -> Answer:
    return Answer({"ok": True, "result": result})


def _shown(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body or b"{}")
    except msgspec.DecodeError:
        return None


def _id(seed: str) -> str:
    return hashlib.sha256(f"zalo bot {seed}".encode()).hexdigest()[:20]
