"""Calls to Zalo: one place for the token, the time-outs and what Zalo's answers mean."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import aiohttp
import msgspec

from bot.app.platform import Refused, SendError, TryLater, Unreachable
from bot.app.ports import Report, StoreDown
from bot.channels.zalo_oa.tokens import PAUSE, Tokens

API_BASE = "https://openapi.zalo.me"

WHOLE = 10.0
"""Seconds for a call; CONNECT of them to get through."""
CONNECT = 5.0

_AWAY = 5.0
"""Seconds until Zalo is tried again when it did not answer."""

_BUSY = 10.0
"""Seconds of rest when we asked too often; the limit is counted by the minute."""

_HOUR = 3600.0

BAD_TOKEN = frozenset({-216, -220})
_GONE = frozenset({-213, -217, -227, -230, -232, -244, -248})
_REFUSED_FOR_NOW = frozenset({-221, -223, -224, -14002, -14003, -14020})
_OUT_OF_QUOTA = -211
_OUT_OF_MONEY = -321
_TOO_OFTEN = -32


class NeedsOrganiser(Exception):
    """Zalo wants something of the account's people: verification, a package, money, consent."""


class _Answer(msgspec.Struct, frozen=True):
    error: int
    data: msgspec.Raw = msgspec.Raw(b"null")


_ANSWER = msgspec.json.Decoder(_Answer)

_T = TypeVar("_T")
_Ask = Callable[[str], Awaitable[_Answer]]


def new_session() -> aiohttp.ClientSession:
    """One for all calls; it remembers no cookies."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=WHOLE, sock_connect=CONNECT),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


class Api:
    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        tokens: Tokens,
        report: Report,
        base: str = API_BASE,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._report = report
        self._base = base.rstrip("/")

    async def message(self, body: Mapping[str, object]) -> None:
        """Send a consultation message. Raises TryLater, Unreachable, Refused."""
        data = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        self._judge(await self._call("POST", "/v3.0/oa/message/cs", headers=headers, data=lambda: data))

    async def upload(self, png: bytes) -> str:
        """Give Zalo a picture; returns its id there, good for a week. Raises as `message`."""

        def form() -> aiohttp.FormData:
            data = aiohttp.FormData()
            data.add_field("file", png, filename="hinh.png", content_type="image/png")
            return data

        answer = await self._call("POST", "/v2.0/oa/upload/image", data=form)
        if answer.error == _OUT_OF_QUOTA:
            raise Refused("Zalo takes no more pictures this month")  # messages have a count of their own
        self._judge(answer)
        return _decoded(answer, _Uploaded).attachment_id

    async def rows(self, path: str, asked: Mapping[str, object]) -> list[msgspec.Raw]:
        """A page of a list. Raises as `message`."""
        params = {"data": json.dumps(asked, separators=(",", ":"))}
        answer = await self._call("GET", path, params=params)
        self._judge(answer)
        return _decoded(answer, list[msgspec.Raw])

    async def _call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        data: Callable[[], object] = lambda: None,
    ) -> _Answer:
        async def ask(token: str) -> _Answer:
            try:
                async with self._session().request(
                    method,
                    self._base + path,
                    headers={**(headers or {}), "access_token": token},
                    params=params,
                    data=data(),
                    allow_redirects=False,
                ) as response:
                    return _answer(response.status, await response.read())
            except (aiohttp.ClientError, OSError):
                raise TryLater(_AWAY, away=True) from None

        try:
            return await self._with_token(ask)
        except StoreDown:
            raise TryLater(_AWAY, away=True) from None

    async def _with_token(self, ask: _Ask) -> _Answer:
        """Ask, and once more with a new token where Zalo takes this one no more."""
        token = await self._tokens.access()
        answer = await ask(token)
        return await ask(await self._tokens.renewed(token)) if answer.error in BAD_TOKEN else answer

    def _judge(self, answer: _Answer) -> None:
        code = answer.error
        if code in _REFUSED_FOR_NOW | BAD_TOKEN | {_OUT_OF_QUOTA, _OUT_OF_MONEY}:
            self._report("zalo_oa", NeedsOrganiser(f"Zalo's code {code}"))
        if code:
            raise fault_of(code)


def fault_of(code: int) -> SendError:
    """What an error that came with HTTP 200 means for the message. Never its words: they may repeat ours."""
    if code == _TOO_OFTEN:
        return TryLater(_BUSY, away=True)
    if code in _GONE:
        return Unreachable(f"Zalo's code {code}")
    if code in _REFUSED_FOR_NOW or code in BAD_TOKEN:
        return TryLater(PAUSE, away=True)
    if code == _OUT_OF_QUOTA:
        return TryLater(_HOUR, away=True)
    if code == _OUT_OF_MONEY:
        return TryLater(_HOUR)  # only messages that cost something wait for it
    return Refused(f"Zalo's code {code}")


class _Uploaded(msgspec.Struct, frozen=True):
    attachment_id: str


def _answer(status: int, body: bytes) -> _Answer:
    if status == 429:
        raise TryLater(_BUSY, away=True)
    if status >= 500:
        raise TryLater(_AWAY, away=True)
    try:
        return _ANSWER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise TryLater(_AWAY, away=True) from None


def _decoded(answer: _Answer, type: type[_T]) -> _T:
    try:
        return msgspec.json.decode(answer.data, type=type)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise TryLater(_AWAY, away=True) from None
