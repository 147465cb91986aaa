"""Only Telegram is believed, and only what is kept is acknowledged."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from bot.app.platform import Again, Headers, Left, Posted, Raw, Unreadable
from bot.app.ports import StoreDown
from bot.channels.posting import LARGEST
from bot.channels.telegram.webhook import SecretWebhook
from bot.core.message import Choice, Reply
from tests.channels.telegram.conftest import SECRET, Inbox, Line, OpenLine
from tests.platforms.posting import Answered, straight_to

PAYLOADS = Path(__file__).parent.parent / "payloads" / "telegram"
TEXT = (PAYLOADS / "text.json").read_bytes()
BUTTON = (PAYLOADS / "button.json").read_bytes()
NAME = b"x-telegram-bot-api-secret-token"
TRUE: Headers = [(b"content-type", b"application/json"), (NAME, SECRET.encode())]


def unexpected(where: str, fault: BaseException) -> None:
    raise AssertionError(where) from fault


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def webhook(inbox: Inbox) -> SecretWebhook:
    return SecretWebhook(SECRET, inbox.take, unexpected)


async def test_what_was_kept_is_acknowledged(webhook: SecretWebhook, inbox: Inbox) -> None:
    assert await webhook.take(TRUE, TEXT) == Posted(200)
    [event] = inbox.taken
    assert isinstance(event, Raw)
    assert event.text == "Tôi chưa bấm được"


async def test_a_press_is_answered_with_the_acknowledgement(webhook: SecretWebhook) -> None:
    posted = await webhook.take(TRUE, BUTTON)
    assert posted.status == 200
    assert json.loads(posted.body) == {"method": "answerCallbackQuery", "callback_query_id": "3344"}


@pytest.mark.parametrize(
    ("trouble", "posted"),
    [(StoreDown(), Posted(503, retry_after=5)), (Again(), Posted(500))],
    ids=["store", "again"],
)
async def test_what_was_not_kept_is_delivered_again(
    webhook: SecretWebhook, inbox: Inbox, trouble: Exception, posted: Posted
) -> None:
    inbox.troubles["*"] = [trouble]
    assert await webhook.take(TRUE, BUTTON) == posted
    assert (await webhook.take(TRUE, BUTTON)).status == 200
    assert len(inbox.taken) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (TEXT[:-40], 400),
        (b"\x00", 400),
        (b"[]", 200),
        (b"{}", 200),
        (b'{"update_id": 7, "message": 5}', 200),
        (b'{"update_id": 7, "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", 200),
        (b" " * LARGEST + b"{}", 413),
    ],
    ids=lambda value: repr(value)[:30],
)
async def test_statuses(webhook: SecretWebhook, body: bytes, status: int) -> None:
    assert (await webhook.take(TRUE, body)).status == status


async def test_an_event_that_makes_no_sense_is_noted_by_its_shape(
    webhook: SecretWebhook, inbox: Inbox
) -> None:
    await webhook.take(TRUE, b'{"update_id": 7, "message": {"chat": "mine", "text": "0900 000 000"}}')
    assert inbox.taken == [Unreadable("telegram", "7")]
    assert inbox.shapes == ["{update_id: int, message: {chat: str, text: str}}"]


def forgeries(chance: random.Random) -> Iterator[Headers]:
    """Everything that is not the secret once."""
    secret = SECRET.encode()
    yield []
    yield [(NAME, b"")]
    yield [(NAME, secret), (NAME, secret)]
    yield [(NAME, secret), (NAME, b"")]
    yield [(NAME, secret.upper())]
    yield [(NAME, secret + b" ")]
    yield [(NAME, b"Bearer " + secret)]
    yield [(NAME, secret.decode().encode("utf-16"))]
    yield [(b"x-telegram-bot-api-secret", secret)]
    yield [(b"authorization", secret)]
    yield [(b"x-bot-api-secret-token", secret)]
    for length in range(len(secret)):
        yield [(NAME, secret[:length])]
    while True:
        wrong = bytearray(secret)
        for _ in range(chance.randint(1, 3)):
            wrong[chance.randrange(len(wrong))] ^= chance.randint(1, 255)
        if bytes(wrong) != secret:
            yield [(NAME, bytes(wrong))]


async def test_a_thousand_forged_requests(webhook: SecretWebhook, inbox: Inbox) -> None:
    forged = forgeries(random.Random(22))  # noqa: S311 - to be repeatable
    for _ in range(1000):
        headers = next(forged)
        assert not webhook.admits(headers)
        assert await webhook.take(headers, TEXT) == Posted(401), "the same answer to all"
    assert inbox.tried == []


async def test_forgeries_are_refused_before_the_body_is_looked_at(webhook: SecretWebhook) -> None:
    assert await webhook.take([], b" " * 10_000_000) == Posted(401)
    assert await webhook.take([], b"{") == Posted(401)


async def test_a_careless_webhook_would_be_caught(inbox: Inbox) -> None:
    """The forgeries above are worth something: a comparison of beginnings lets some of them in."""

    class Careless(SecretWebhook):
        def admits(self, headers: Headers) -> bool:
            return any(SECRET.encode().startswith(value) for name, value in headers if name == NAME)

    forged = forgeries(random.Random(22))  # noqa: S311 - to be repeatable
    assert sum(Careless(SECRET, inbox.take, unexpected).admits(next(forged)) for _ in range(1000)) > 10


def test_without_a_secret_there_is_no_webhook(inbox: Inbox) -> None:
    with pytest.raises(ValueError, match="secret"):
        SecretWebhook("", inbox.take, unexpected)


async def test_mutated_updates_get_documented_answers_only(webhook: SecretWebhook, inbox: Inbox) -> None:
    chance = random.Random(18)  # noqa: S311 - to be repeatable
    originals = [path.read_bytes() for path in sorted(PAYLOADS.glob("*.json"))]
    seen: set[int] = set()
    for _ in range(2000):
        body = bytearray(chance.choice(originals))
        for _ in range(chance.randint(1, 8)):
            body[chance.randrange(len(body))] = chance.choice(b'{}[]",:0-\\\xff\x00aeu')
        posted = await webhook.take(TRUE, bytes(body))
        seen.add(posted.status)
        assert posted.status in {200, 400}
    assert seen == {200, 400}
    assert inbox.taken


# --- with Telegram at the other end ---------------------------------------------------------


@pytest.fixture
async def hooked(open_line: OpenLine) -> AsyncIterator[Line]:
    """A channel in webhook mode that Telegram can reach."""
    lines: list[Line] = []

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        assert lines[0].channel.webhook
        return await straight_to(lines[0].channel.webhook)(url, headers, body)

    async with open_line("webhook", post=post) as line:
        lines.append(line)
        yield line


async def test_the_address_is_told_and_updates_come(hooked: Line) -> None:
    lan, address = await hooked.lan()
    async with hooked.tended():
        await asyncio.sleep(1)
        await hooked.channel.send(address, Reply("Bấm ạ", (Choice("Đã bấm", "a.b.c.1.1"),)), 0)
        await lan.presses("Đã bấm")
        await lan.blocks()
        await hooked.telegram.delivered(60)
    assert hooked.inbox.words == ["/start", "a.b.c.1.1"]
    assert isinstance(hooked.inbox.taken[-1], Left)
    assert hooked.telegram.unanswered() == []
    assert [call.via for call in hooked.telegram.calls.of("answerCallbackQuery")] == ["answer"]
    [told] = hooked.telegram.calls.of("setWebhook")
    assert told.params == {
        "url": "https://huong-dan.example/webhooks/telegram",
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        "max_connections": 64,
        "drop_pending_updates": False,
    }


async def test_an_address_that_is_right_is_left_alone(hooked: Line) -> None:
    async with hooked.tended():
        await asyncio.sleep(3600)
    assert len(hooked.telegram.calls.of("setWebhook")) == 1
    assert len(hooked.telegram.calls.of("getWebhookInfo")) >= 10


async def test_an_address_that_was_lost_is_told_again(hooked: Line) -> None:
    lan, _ = await hooked.lan()
    async with hooked.tended():
        await asyncio.sleep(10)
        hooked.telegram.webhook.hook = None
        await lan.says("còn đó không")
        await asyncio.sleep(400)
        await hooked.telegram.delivered(60)
    assert hooked.inbox.words == ["/start", "còn đó không"]


async def test_a_poison_update_blocks_nobody_for_long(hooked: Line) -> None:
    lan, _ = await hooked.lan()
    async with hooked.tended():
        await lan.says("độc")
        await lan.says("sau đó")
        hooked.inbox.troubles["độc"] = [Again(), Again()]
        await hooked.telegram.delivered(60)
    assert hooked.inbox.words == ["/start", "độc", "sau đó"]


async def test_while_the_database_is_away_telegram_keeps_everything(hooked: Line) -> None:
    lan, _ = await hooked.lan()
    async with hooked.tended():
        await asyncio.sleep(1)
        hooked.inbox.troubles["*"] = [StoreDown() for _ in range(8)]
        for number in range(5):
            await lan.says(f"câu {number}")
        await hooked.telegram.delivered(600)
    assert hooked.inbox.words == ["/start", *(f"câu {number}" for number in range(5))]
    times = [at for at, _, status in hooked.telegram.webhook.tried if status == 503]
    assert all(later - earlier >= 5 for earlier, later in pairwise(times))
