"""Calls to Telegram, and what its refusals mean for a reply. Importing this imports aiogram: seconds, 170 MB.

aiogram's Bot makes the rare calls and names the errors. The two that everything waits for, a message and a
picture, are written and read without its models, which cost a quarter of a call.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import AnswerCallbackQuery, GetUpdates, Response, SendMessage, SendPhoto, TelegramMethod
from aiohttp import (
    ClientConnectionError,
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    TCPConnector,
)

from bot.app.platform import Refused, SendError, TryLater, Unreachable
from bot.channels.telegram.updates import toasted

T = TypeVar("T")

CONNECT = 5.0
WHOLE = 10.0
"""Seconds for one call; only fetching updates waits longer."""

KEPT_OPEN = 50.0
"""Seconds that a quiet connection is kept: a new one costs a person half a second from Viet Nam."""

TOKEN_PAUSE = 60.0
CONFLICT_PAUSE = 10.0

_JSON = {"Content-Type": "application/json"}


class TokenRefused(TryLater):
    """The bot's token is not or no longer known to Telegram: an organiser has to act."""

    def __init__(self) -> None:
        super().__init__(TOKEN_PAUSE, away=True)


class TwoReaders(TryLater):
    """Somebody else fetches this bot's updates, or a webhook is set."""

    def __init__(self) -> None:
        super().__init__(CONFLICT_PAUSE, away=True)


class AnswerLost(TryLater):
    """The call may have taken effect: it was on its way when the line broke or nobody answered."""

    def __init__(self) -> None:
        super().__init__(away=True)


class Moved(Refused):
    """The group has another number since it grew."""

    def __init__(self, to: int) -> None:
        super().__init__()
        self.to = to


class NothingThere(Refused):
    """The message that should change was deleted, or cannot be changed any more."""


class Calls:
    """Each method raises TryLater, Unreachable or Refused, which hold neither token nor texts."""

    def __init__(self, token: str, api_base: str) -> None:
        self._session = _Session(api=TelegramAPIServer.from_base(api_base))
        self._bot = Bot(token, session=self._session)

    async def call(self, method: TelegramMethod[T], seconds: float = WHOLE) -> T | None:
        """A rare call, with aiogram's models; None when it changed nothing."""
        fault: SendError | None
        try:
            return await self._bot(method, request_timeout=round(seconds))
        except (AiogramError, ClientError, OSError) as error:
            fault = _meaning(error)
        if fault is not None:
            raise fault  # here the error that led to it, which may hold the token or what was said, is over
        return None

    async def message(self, chat: int, html: str, markup: dict[str, Any]) -> None:
        words = {"chat_id": chat, "text": html, **_NO_PREVIEW, **_HTML, **markup}
        await self._ask(SendMessage, msgspec.json.encode(words))

    async def photo(self, chat: int, photo: bytes | str, html: str, markup: dict[str, Any]) -> str:
        """Send a picture by its bytes, or by the id that this returned for them before."""
        words: dict[str, Any] = {"chat_id": chat, **({"caption": html, **_HTML} if html else {}), **markup}
        if isinstance(photo, str):
            answer = await self._ask(SendPhoto, msgspec.json.encode({**words, "photo": photo}))
        else:
            answer = await self._ask(SendPhoto, _form(words, photo))
        try:
            return msgspec.json.decode(answer, type=_SentPhoto).result.photo[-1].file_id
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, IndexError):
            return ""  # it was sent; next time it is sent by its bytes again

    async def answer(self, press: str, toast: str = "") -> None:
        """Stop a pressed button from spinning; `toast` is shown to whoever pressed."""
        await self._ask(AnswerCallbackQuery, msgspec.json.encode(toasted(press, toast)))

    async def updates(self, offset: int, wait: int, kinds: tuple[str, ...], limit: int) -> list[bytes]:
        """The updates from `offset` on, each as the bytes it came in; waits for the first."""
        wish = {
            "limit": limit,
            "timeout": wait,
            "allowed_updates": kinds,
            **({"offset": offset} if offset else {}),
        }
        answer = await self._ask(GetUpdates, msgspec.json.encode(wish), wait + WHOLE)
        try:
            return [bytes(update) for update in msgspec.json.decode(answer, type=_Updates).result]
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
        raise TryLater(away=True)

    async def close(self) -> None:
        await self._session.close()

    async def _ask(
        self, method: type[TelegramMethod[Any]], body: bytes | FormData, seconds: float = WHOLE
    ) -> bytes:
        fault: SendError | None
        try:
            return await self._session.ask(self._bot, method, body, seconds)
        except (AiogramError, ClientError, OSError) as error:
            fault = _meaning(error)
        if fault is not None:
            raise fault
        return b""


class _Session(AiohttpSession):
    """aiogram's session, with our time-outs, and without models where an answer says no more than "ok"."""

    _closed = False

    async def ask(
        self, bot: Bot, method: type[TelegramMethod[Any]], body: bytes | FormData, seconds: float
    ) -> bytes:
        """The answer's bytes; raises aiogram's errors, and aiohttp's when there was no answer."""
        status, answer = await self._post(bot, method.__api_method__, body, seconds)
        if status == 200:
            try:
                if msgspec.json.decode(answer, type=_Ok).ok:
                    return answer
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                pass
        self.check_response(bot, method.model_construct(), status, answer.decode("utf-8", "replace"))
        raise ClientError("neither ok nor an error")

    def check_response(
        self, bot: Bot, method: TelegramMethod[T], status_code: int, content: str
    ) -> Response[T]:
        try:
            return super().check_response(bot, method, status_code, content)
        except TypeError:  # aiogram looks into the words of an error that came without any
            raise TelegramServerError(method, "") from None

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[T],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's
    ) -> T:
        form = self.build_form_data(bot, method)
        status, answer = await self._post(bot, method.__api_method__, form, timeout or WHOLE)
        checked = self.check_response(bot, method, status, answer.decode("utf-8", "replace"))
        return checked.result  # type: ignore[return-value]

    async def create_session(self) -> ClientSession:
        if self._closed:
            raise ClientError("closed")
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(**self._connector_init, keepalive_timeout=KEPT_OPEN),
                cookie_jar=DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        self._closed = True
        if self._session is not None:
            await self._session.close()

    async def _post(self, bot: Bot, name: str, body: bytes | FormData, seconds: float) -> tuple[int, bytes]:
        session = await self.create_session()
        async with session.post(
            self.api.api_url(bot.token, name),
            data=body,
            headers=_JSON if isinstance(body, bytes) else None,
            timeout=ClientTimeout(total=seconds, connect=CONNECT, sock_connect=CONNECT),
            allow_redirects=False,  # the address holds the token
        ) as response:
            return response.status, await response.read()


_HTML = {"parse_mode": "HTML"}
_NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}


class _Ok(msgspec.Struct):
    ok: bool


class _File(msgspec.Struct):
    file_id: str


class _Photo(msgspec.Struct):
    photo: list[_File]


class _SentPhoto(msgspec.Struct):
    result: _Photo


class _Updates(msgspec.Struct):
    result: list[msgspec.Raw]


def _form(words: dict[str, Any], photo: bytes) -> FormData:
    form = FormData(quote_fields=False)
    for name, value in words.items():
        form.add_field(name, value if isinstance(value, str) else msgspec.json.encode(value).decode())
    form.add_field("photo", photo, filename="picture.png", content_type="image/png")
    return form


_NOTHING_THERE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")


def _meaning(error: Exception) -> SendError | None:
    """What an error asks of us; None when what we wanted was so already."""
    match error:
        case TelegramRetryAfter(retry_after=seconds):
            return TryLater(seconds)
        case TelegramForbiddenError():
            return Unreachable()
        case TelegramBadRequest(message=message) if "message is not modified" in message:
            return None
        case TelegramBadRequest(message=message) if any(words in message for words in _NOTHING_THERE):
            return NothingThere()
        case TelegramMigrateToChat(migrate_to_chat_id=chat):
            return Moved(chat)
        case TelegramBadRequest() | TelegramEntityTooLarge():
            return Refused()
        case TelegramUnauthorizedError() | TelegramNotFound():
            return TokenRefused()
        case TelegramConflictError():
            return TwoReaders()
        case ClientConnectorError() | ConnectionTimeoutError():
            return TryLater(away=True)
        case OSError() | ClientConnectionError() | ClientPayloadError():
            return AnswerLost()
        case _:
            return TryLater(away=True)
