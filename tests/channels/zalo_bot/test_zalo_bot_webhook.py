"""Only the platform is heard, and it is told honestly what became of its event."""

from __future__ import annotations

import hashlib
import hmac
import random

import pytest

from bot.app.platform import Again, Event, Headers, Posted, Raw, Unreadable
from bot.app.ports import StoreDown
from bot.channels.posting import LARGEST
from bot.channels.zalo_bot.webhook import HEADER, ZaloBotWebhook
from tests.channels.zalo_bot.zalo_bot_mutants import changed, mutants, payload

SECRET = "mot-bi-mat-chi-cho-kiem-thu"
TRUE: Headers = [(b"content-type", b"application/json"), (HEADER, SECRET.encode())]


class Heard:
    """Notes what takes effect; `fails` is raised instead."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.faults: list[BaseException] = []
        self.fails: Exception | None = None

    async def hear(self, event: Event, _: bytes) -> None:
        if self.fails is not None:
            raise self.fails
        self.events.append(event)

    def report(self, _: str, fault: BaseException) -> None:
        self.faults.append(fault)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def webhook(heard: Heard) -> ZaloBotWebhook:
    return ZaloBotWebhook(SECRET, heard.hear, heard.report)


async def test_a_true_event_is_taken(webhook: ZaloBotWebhook, heard: Heard) -> None:
    assert await webhook.take(TRUE, payload("text")) == Posted(200)
    (event,) = heard.events
    assert isinstance(event, Raw)
    assert event.text == "xin chào"


async def test_what_is_nothing_for_us_is_acknowledged(webhook: ZaloBotWebhook, heard: Heard) -> None:
    assert await webhook.take(TRUE, payload("group")) == Posted(200)
    assert heard.events == []


async def test_an_ill_typed_event_goes_on_as_unreadable(webhook: ZaloBotWebhook, heard: Heard) -> None:
    assert await webhook.take(TRUE, changed(text=7)) == Posted(200)
    assert [type(event) for event in heard.events] == [Unreadable]


@pytest.mark.parametrize(
    ("fails", "posted"),
    [
        (StoreDown(), Posted(503, retry_after=5)),
        (Again(), Posted(500)),
        (RuntimeError("xin chào"), Posted(500)),
    ],
)
async def test_what_could_not_be_kept_is_to_come_again(
    webhook: ZaloBotWebhook, heard: Heard, fails: Exception, posted: Posted
) -> None:
    heard.fails = fails
    assert await webhook.take(TRUE, payload("text")) == posted
    assert heard.faults == ([fails] if isinstance(fails, RuntimeError) else [])


async def test_bad_bodies_have_statuses(webhook: ZaloBotWebhook, heard: Heard) -> None:
    assert await webhook.take(TRUE, b"xin") == Posted(400)
    assert await webhook.take(TRUE, b" " * (LARGEST + 1)) == Posted(413)
    assert heard.events == []


async def test_no_mutated_event_brings_another_status(webhook: ZaloBotWebhook, heard: Heard) -> None:
    seen = {(await webhook.take(TRUE, body)).status for body in mutants(2000)}
    assert seen == {200, 400}
    assert heard.faults == []


@pytest.mark.parametrize("secret", ["", "short", "x" * 257, "có-dấu-thanh", "ab cd efgh", "line\nbreak"])
def test_without_a_secret_there_is_no_webhook(heard: Heard, secret: str) -> None:
    with pytest.raises(ValueError, match="webhook_secret"):
        ZaloBotWebhook(secret, heard.hear, heard.report)


def forged(rng: random.Random, body: bytes) -> Headers:
    """Headers of somebody who does not know the secret, though maybe much about it."""
    secret = SECRET.encode()
    at = rng.randrange(len(secret))
    mac = hmac.new(secret, body[:1000], hashlib.sha256).hexdigest().encode()
    ways: list[list[tuple[bytes, bytes]]] = [
        [],
        [(HEADER, b"")],
        [(HEADER, secret[:at])],
        [(HEADER, secret + b" ")],
        [(HEADER, b" " + secret)],
        [(HEADER, secret.upper())],
        [(HEADER, secret[:at] + bytes([secret[at] ^ 1]) + secret[at + 1 :])],
        [(HEADER, secret[::-1])],
        [(HEADER, rng.randbytes(len(secret)))],
        [(HEADER, secret), (HEADER, secret)],
        [(HEADER, secret), (HEADER, b"another")],
        [(HEADER, b"another"), (HEADER, secret)],
        [(HEADER, mac)],
        [(HEADER, b"Bearer " + secret)],
        [(b"authorization", secret)],
        [(b"x-telegram-bot-api-secret-token", secret)],
        [(b"x-bot-api-secret-token ", secret)],
        [(HEADER, hashlib.sha256(secret).hexdigest().encode())],
    ]
    return [(b"content-type", b"application/json"), *rng.choice(ways)]


LARGE = b"x" * (LARGEST * 10)


async def let_in(webhook: ZaloBotWebhook) -> set[Posted]:
    """What a thousand forged requests are answered, a refusal left out."""
    rng = random.Random(22)  # noqa: S311 - the same forgeries each time
    bodies = (payload("text"), payload("unsupported"), b"xin", LARGE)
    answers = set()
    for _ in range(1000):
        body = rng.choice(bodies)
        headers = forged(rng, body)
        answer = await webhook.take(headers, body)
        assert webhook.admits(headers) == (answer.status != 401)
        answers.add(answer)
    return answers - {Posted(401)}


async def test_a_thousand_forged_requests_are_refused_alike(webhook: ZaloBotWebhook, heard: Heard) -> None:
    assert await let_in(webhook) == set()
    assert heard.events == []


async def test_a_careless_comparison_would_be_caught(heard: Heard) -> None:
    """Negative control: one that takes the first of two headers, or a prefix, lets forged requests in."""

    class Careless(ZaloBotWebhook):
        def admits(self, headers: Headers, /) -> bool:
            return any(name == HEADER and SECRET.encode().startswith(value) for name, value in headers)

    assert await let_in(Careless(SECRET, heard.hear, heard.report))
    assert heard.events
