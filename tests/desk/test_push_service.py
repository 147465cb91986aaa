"""Letters to browsers: sealed, signed, to known services alone, tried again, given up in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from push_service import ORIGIN, PushService
from sqlalchemy import text

from bot.app.noticing import Notice
from bot.app.platform import Refused, TryLater, Unreachable
from bot.app.push import Subscription, cleared, letter
from bot.channels.push.service import WebPush, contact_of
from bot.store.store import SqlStore

NOW = 1_800_000_000
ONE = letter(Notice("queue", "5 người đang chờ", "Phiếu 12 · xã Hòa Xuân", "/desk"), quiet=False)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[PushService]:
    async with PushService(tmp_path, lambda: NOW) as service:
        yield service


@pytest.fixture
async def push(service: PushService, sqlite_store: SqlStore) -> AsyncIterator[WebPush]:
    push = WebPush(sqlite_store, lambda: NOW, "https://huong-dan.example", connector=service.connector)
    yield push
    await push.close()


async def test_the_browser_alone_reads_it(push: WebPush, service: PushService) -> None:
    lan = service.subscribe("lan", await push.key())
    await push.send(lan.subscription, ONE)
    await push.send(lan.subscription, cleared("queue"))
    assert lan.read == [
        {
            "tag": "queue",
            "title": "5 người đang chờ",
            "body": "Phiếu 12 · xã Hòa Xuân",
            "url": "/desk",
            "quiet": False,
        },
        {"tag": "queue", "gone": True},
    ]
    first, second = lan.headers
    assert first["TTL"] == "600"
    assert first["Topic"] == second["Topic"], "the service keeps the newest of a topic"
    assert first["Authorization"] == second["Authorization"], "signed once for all"


async def test_the_key_is_made_once_and_sealed(sqlite_store: SqlStore, push: WebPush) -> None:
    key = await push.key()
    again = WebPush(sqlite_store, lambda: NOW, "mailto:ban-truc@localhost")
    assert await again.key() == key
    rows = await sqlite_store.backing.database.read(
        lambda connection: connection.execute(text("SELECT body FROM secrets")).all()
    )
    assert len(rows) == 1
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    with pytest.raises(ValueError, match="deserialize"):
        load_der_private_key(bytes(rows[0][0]), None)


@pytest.mark.parametrize(
    ("status", "after", "expected"),
    [
        (404, "", Unreachable),
        (410, "", Unreachable),
        (429, "7", TryLater),
        (500, "", TryLater),
        (503, "Wed, 21 Oct 2026 07:28:00 GMT", TryLater),
        (403, "", Refused),
        (413, "", Refused),
        (302, "", Refused),
    ],
)
async def test_what_answers_mean(
    push: WebPush, service: PushService, status: int, after: str, expected: type[Exception]
) -> None:
    lan = service.subscribe("lan", await push.key())
    service.next = [(status, after)]
    with pytest.raises(expected) as caught:
        await push.send(lan.subscription, ONE)
    if isinstance(caught.value, TryLater):
        assert caught.value.after == (7.0 if after == "7" else 30.0)
    assert "lan" not in str(caught.value)
    await push.send(lan.subscription, ONE)
    assert len(lan.read) == 1


async def test_no_line_is_later(push: WebPush, service: PushService) -> None:
    lan = service.subscribe("lan", await push.key())
    await service._runner.cleanup()
    with pytest.raises(TryLater):
        await push.send(lan.subscription, ONE)


NOT_SERVICES = [
    "http://fcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com@example.com/x",
    "https://example.com@fcm.googleapis.com/x",
    "https://example.com\\@fcm.googleapis.com/x",
    "https://fcm.googleapis.com.example.com/x",
    "https://evilfcm.googleapis.com/x",
    "https://notify.windows.com/x",
    "https://xnotify.windows.com/x",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://localhost/x",
    "https://169.254.169.254/latest/meta-data",
    "https://fcm.googleapis.com\n.example.com/x",
    "https://fcm.googleapis.com",
    "//fcm.googleapis.com/x",
    "file:///etc/passwd",
    "",
]


@pytest.mark.parametrize("endpoint", NOT_SERVICES)
async def test_nothing_is_sent_anywhere_else(push: WebPush, service: PushService, endpoint: str) -> None:
    assert not push.takes(endpoint)
    lan = service.subscribe("lan", await push.key()).subscription
    with pytest.raises(Unreachable):
        await push.send(Subscription(endpoint, lan.p256dh, lan.auth), ONE)
    assert service.asked == []


@pytest.mark.parametrize(
    "endpoint",
    [
        f"{ORIGIN}/fcm/send/abc:APA91b",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://wns2-sg2p.notify.windows.com/w/?token=BQY",
        "https://web.push.apple.com/QGuQ",
    ],
)
def test_the_services_of_the_known_browsers_are_taken(push: WebPush, endpoint: str) -> None:
    assert push.takes(endpoint)


async def test_keys_that_are_none_are_given_up(push: WebPush, service: PushService) -> None:
    lan = service.subscribe("lan", await push.key()).subscription
    with pytest.raises(Unreachable):
        await push.send(Subscription(lan.endpoint, "BAAA" + lan.p256dh[4:], lan.auth), ONE)


async def test_negative_control_a_strange_key_is_noticed(tmp_path: Path, sqlite_store: SqlStore) -> None:
    async def careless() -> None:
        async with PushService(tmp_path, lambda: NOW) as strict:
            push = WebPush(sqlite_store, lambda: NOW, "https://a.example", connector=strict.connector)
            lan = strict.subscribe("lan", "B" * 87)
            with pytest.raises(Refused):
                await push.send(lan.subscription, ONE)
            await push.close()

    with pytest.raises(AssertionError, match="another key than the browser subscribed with"):
        await careless()


def test_who_is_to_be_written_to_about_it() -> None:
    assert contact_of("https://huong-dan.example/x") == "https://huong-dan.example"
    assert contact_of("") == "mailto:ban-truc@localhost"
