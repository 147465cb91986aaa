"""Zalo's two servers in one: openapi.zalo.me and oauth.zaloapp.com; and what it posts to our webhook."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

import msgspec
from aiohttp import BodyPartReader, web
from multidict import CIMultiDictProxy

from tests.platforms.posting import Post
from tests.platforms.zalo.addresses import trouble_with as trouble_with_address
from tests.platforms.zalo.delivery import Deliveries
from tests.platforms.zalo.served import Answer, Served
from tests.platforms.zalo_oa import consultation, events, schema, signature, uploads
from tests.platforms.zalo_oa.history import History
from tests.platforms.zalo_oa.oauth import OAuth, OAuthError
from tests.platforms.zalo_oa.people import Message, Person

APP_SECRET = "app-secret-for-oauth"
OA_SECRET = "oa-secret-of-commune-26734"

PATIENCE = 2.0
PAUSES = (30.0, 300.0, 900.0, 1800.0, 3600.0)
A_MINUTE = 4000
FREE = 48 * 3600
PAID = 7 * 86_400

TOKEN, RATE, PARAMETER, OA_QUOTA, STRANGER = -216, -32, -201, -211, -213
TOO_LATE: Literal[-230] = -230


class FakeZaloOA(Served):
    """One app with one official account.

    `signs_with` says which secret the events are signed with: sources disagree. `echoes` lets the account's
    own messages come back as `oa_send_*`. `paid` and `free` count consultation messages by window.
    """

    def __init__(
        self,
        *,
        now: Callable[[], int],
        post: Post | None = None,
        app_id: str = "431000000000000001",
        oa_id: str = "3880000000000000001",
        app_secret: str = APP_SECRET,
        oa_secret: str = OA_SECRET,
        signs_with: Literal["oa", "app"] = "oa",
    ) -> None:
        super().__init__()
        self.now = now
        self.app_id, self.oa_id = app_id, oa_id
        self.app_secret, self.oa_secret = app_secret, oa_secret
        self.signs_with = signs_with
        self.echoes = True
        self.too_late: int = TOO_LATE
        self.webhook_on = False
        self.switched_off_at: int | None = None
        self.missed: list[str] = []
        self.free = self.paid = 0
        self.oauth = OAuth(app_id, app_secret, oa_id, now, self.complain)
        self.uploads = uploads.Uploads(now)
        self.people: dict[str, Person] = {}
        self.history = History(_Names(self.people))
        self.delivery = Deliveries(
            post=post,
            headers=self._headers,
            patience=PATIENCE,
            pauses=PAUSES,
            given_up=self._switch_off,
            complain=self.complain,
        )
        self._ids = 0
        self._last_stamp = 0
        self._minute: deque[float] = deque()

    def listen(self, url: str) -> None:
        """Set the app's webhook, or switch it on again."""
        if trouble := trouble_with_address(url):
            self.complain(f"webhook address: {trouble}")
        self.delivery.url, self.webhook_on = url, True

    def person(self, name: str) -> Person:
        number = len(self.people) + 1
        who = events.Who(self.app_id, self.oa_id, str(246 * 10**16 + number), str(552 * 10**16 + number))
        self.people[who.user_id] = Person(self, name, who)
        return self.people[who.user_id]

    async def admin_writes(self, person: Person, words: str, admin_id: str = "7770000000000000001") -> None:
        """A human answers in OA Manager."""
        message = events.text(self.new_id(), words)
        stamp = self.stamp()
        self.history.keep(person.who, message, stamp, from_person=False)
        person.screen.show(Message(message["msg_id"], words, human=True))
        await self.tell(events.echo(person.who, "oa_send_text", message, stamp, admin_id))

    async def tell(self, event: events.Event) -> None:
        """Post an event to the webhook, if that is on; an event of a time when it is off never comes."""
        body = events.encoded(event)
        if trouble := schema.trouble_with(body):
            self.complain(f"the simulator itself: {event['event_name']}: {trouble}")
        if not self.webhook_on:
            self.missed.append(event["event_name"])
            return
        await self.delivery.put(event["event_name"], body)

    async def settled(self) -> None:
        """Wait until every event, echoes too, was taken or given up."""
        await self._beside()
        await self.delivery.settled()

    def signed(self, body: bytes, retry: int = 0) -> dict[str, str]:
        """The headers that Zalo posts this body with; for tests that make their own bodies."""
        return dict(self._headers(body, retry))

    def new_id(self) -> str:
        self._ids += 1
        return hashlib.sha256(f"zalo message {self._ids}".encode()).hexdigest()[:20]

    def stamp(self) -> str:
        """Milliseconds as a string; no two events have the same."""
        self._last_stamp = max(self._last_stamp + 1, self.now() * 1000)
        return str(self._last_stamp)

    def _headers(self, body: bytes, retry: int) -> Mapping[str, str]:
        try:
            stamp = str(json.loads(body)["timestamp"])
        except (ValueError, KeyError, TypeError):
            stamp = ""
        secret = self.oa_secret if self.signs_with == "oa" else self.app_secret
        headers = {
            "Content-Type": "application/json",
            "X-ZEvent-Signature": signature.header(self.app_id, body, stamp, secret),
        }
        return headers | ({"num_retry": str(retry)} if retry else {})

    def _switch_off(self, _: str) -> None:
        self.webhook_on, self.switched_off_at = False, self.now()
        self.delivery.forget()

    async def _stop(self) -> None:
        await self.delivery.close()

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v3.0/oa/message/cs", self._consult)
        router.add_post("/v2.0/oa/upload/image", self._upload)
        router.add_get("/v2.0/oa/listrecentchat", partial(self._list, "listrecentchat"))
        router.add_get("/v2.0/oa/conversation", partial(self._list, "conversation"))
        router.add_post("/v4/oa/access_token", self._token)
        router.add_get("/v4/oa/permission", self._permission)

    async def _consult(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        params = _decoded(body)
        return await self._answer(
            request,
            "message/cs",
            params,
            _recipient(params),
            lambda: self._guarded(request, partial(self._send, body)),
        )

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        parts = await _parts(request)
        names = [(part.field, part.filename, len(part.content)) for part in parts]
        return await self._answer(
            request, "upload/image", names, "", lambda: self._guarded(request, partial(self._keep, parts))
        )

    async def _list(self, method: str, request: web.Request) -> web.StreamResponse:
        asked = dict(request.query)
        rows = self.history.recent if method == "listrecentchat" else self.history.conversation

        def work() -> Answer:
            try:
                if set(asked) != {"data"}:
                    return self._wrong(f"{method}: the query is «data» alone")
                return _success(rows(asked["data"]))
            except msgspec.MsgspecError as fault:
                return self._wrong(f"{method}: {fault}")

        return await self._answer(request, method, asked, "", lambda: self._guarded(request, work))

    def _guarded(self, request: web.Request, work: Callable[[], Answer]) -> Answer:
        """Do it for a caller with a living token and calls left this minute. Errors come with HTTP 200."""
        left = self._left()
        answer = self._error(RATE, "Rate limit exceeded") if left < 0 else self._known(request.headers, work)
        limits = {"X-RateLimit-Limit": str(A_MINUTE), "X-RateLimit-Remain": str(max(left, 0))}
        return Answer(answer.body, answer.status, limits)

    def _known(self, headers: CIMultiDictProxy[str], work: Callable[[], Answer]) -> Answer:
        tokens = headers.getall("access_token", [])
        if "Authorization" in headers or len(tokens) != 1 or tokens[0].startswith("Bearer"):
            self.complain("the token is the bare header access_token")
            return self._error(TOKEN, "Access token is invalid")
        return work() if self.oauth.alive(tokens[0]) else self._error(TOKEN, "Access token has expired")

    def _left(self) -> int:
        now = self._time()
        while self._minute and self._minute[0] <= now - 60:
            self._minute.popleft()
        if len(self._minute) < A_MINUTE:
            self._minute.append(now)
            return A_MINUTE - len(self._minute)
        return -1

    def _send(self, body: bytes) -> Answer:
        try:
            sent = consultation.read(body)
        except consultation.Wrong as fault:
            return self._wrong(f"message/cs: {fault}")
        if sent.uploaded and not self.uploads.alive(sent.photo):
            return self._wrong("message/cs: attachment_id is unknown or dead")
        person = self.people.get(sent.user_id)
        if person is None or not (person.follower or person.met):
            return self._error(STRANGER, "User has not followed the OA")
        if person.refuses:
            return self._error(person.refuses, "User cannot receive this message")
        silent = self.now() - person.last_at
        if silent > PAID:
            return self._error(self.too_late, "User has not interacted with the OA in the past 7 days")
        self.free += silent <= FREE
        self.paid += silent > FREE
        return self._delivered(person, sent)

    def _delivered(self, person: Person, sent: consultation.Sent) -> Answer:
        id, stamp = self.new_id(), self.stamp()
        if sent.photo:
            kind, message = "oa_send_image", events.image(id, sent.text)
            person.screen.show(Message(id, photo=sent.photo, caption=sent.text))
        else:
            kind, message = "oa_send_text", events.text(id, sent.text)
            person.screen.show(Message(id, sent.text, sent.buttons))
        self.history.keep(person.who, message, stamp, from_person=False)
        if self.echoes:
            self._soon(self.tell(events.echo(person.who, kind, message, stamp)))
        quota = {"quota_type": "reply", "owner_type": "OA", "owner_id": self.oa_id}
        return _success({"message_id": id, "user_id": person.id, "sent_time": stamp, "quota": quota})

    def _keep(self, parts: list[uploads.Part]) -> Answer:
        if trouble := uploads.trouble_with(parts):
            return self._wrong(f"upload/image: {trouble}")
        if self.uploads.full():
            return self._error(OA_QUOTA, "Out of quota")
        return _success({"attachment_id": self.uploads.keep(parts[0])})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form: Any = {}
        if request.content_type == "application/x-www-form-urlencoded":
            form = {name: str(value) for name, value in (await request.post()).items()}
        else:
            self.complain("OAuth: form-urlencoded is asked for")

        def work() -> Answer:
            try:
                return Answer(self.oauth.token(form, request.headers.get("secret_key")))
            except OAuthError as fault:
                return _oauth_error(fault)

        return await self._answer(request, "access_token", form, "", work)

    async def _permission(self, request: web.Request) -> web.StreamResponse:
        try:
            location = self.oauth.consents(str(request.url)).location
        except OAuthError as fault:
            return web.json_response(_oauth_error(fault).body)
        return web.Response(status=302, headers={"Location": location})

    def _wrong(self, what: str) -> Answer:
        self.complain(what)
        return self._error(PARAMETER, what)

    def _error(self, code: int, message: str) -> Answer:
        return Answer({"error": code, "message": message})


class _Names(dict[str, str]):
    """Names of people by id, as they are now."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        super().__init__()
        self._people = people

    def get(self, id: str, default: Any = None) -> Any:
        return self._people[id].name if id in self._people else default


def _success(data: Any) -> Answer:
    return Answer({"error": 0, "message": "Success", "data": data})


def _oauth_error(fault: OAuthError) -> Answer:
    said = {
        "error_name": fault.name,
        "error_reason": fault.name,
        "ref_doc": "https://developers.zalo.me/docs",
    }
    return Answer({**said, "error_description": fault.name, "error": fault.code})


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _recipient(params: Any) -> str:
    try:
        return str(params["recipient"]["user_id"])
    except (KeyError, TypeError):
        return ""


async def _parts(request: web.Request) -> list[uploads.Part]:
    if not request.content_type.startswith("multipart/"):
        return []
    parts: list[uploads.Part] = []
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader):
            content_type = part.headers.get("Content-Type", "")
            parts.append(
                uploads.Part(part.name or "", part.filename or "", content_type, bytes(await part.read()))
            )
    return parts
