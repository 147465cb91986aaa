"""From a ticket in the store to a letter on its way, and back when somebody else took care of it."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import text

from bot.app.accounts import Account, Role
from bot.app.bell import Bell
from bot.app.couriers import TRIES, Couriers
from bot.app.handoff import Handoff
from bot.app.notices import NoBell, Notices, Teller, Watch
from bot.app.platform import Refused, SendError, TryLater, Unreachable
from bot.app.push import MOST_DEVICES, Letter, Subscription, subscription_of
from bot.app.tickets import Note
from bot.core.book import Book
from bot.core.ticket import Closing
from bot.store.notices import SqlDevices
from bot.store.store import SqlStore
from bot.store.tickets import SqlTickets
from tests.books import book_of, small_root
from tests.waiting import account, asks, begins, is_shut_out, joins, writes

NOW = 1_800_000_000
SERVICE = "https://fcm.googleapis.com/wp/"
POINT = base64.urlsafe_b64encode(b"\x04" + bytes(64)).rstrip(b"=").decode()
AUTH = base64.urlsafe_b64encode(bytes(16)).rstrip(b"=").decode()


def device(name: str) -> Subscription:
    made = subscription_of(f"{SERVICE}{name}", POINT, AUTH)
    assert made is not None
    return made


@dataclass
class Phones:
    """A push service in memory. `troubles` come first, each once, by address."""

    letters: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    troubles: dict[str, list[SendError]] = field(default_factory=dict)
    tried: int = 0

    async def key(self) -> str:
        return "key"

    def takes(self, endpoint: str) -> bool:
        return endpoint.startswith(SERVICE)

    async def send(self, to: Subscription, letter: Letter) -> None:
        self.tried += 1
        name = to.endpoint.removeprefix(SERVICE)
        if self.troubles.get(name):
            raise self.troubles[name].pop(0)
        self.letters.append((name, json.loads(letter.body)))

    def read(self) -> list[tuple[str, str, str]]:
        """Which phone got what since the last look: a title, or that a topic is gone."""
        got = [
            (name, said["tag"], "gone" if said.get("gone") else said["title"]) for name, said in self.letters
        ]
        self.letters.clear()
        return got


@dataclass
class Evening:
    """A desk with a clock in hand."""

    store: SqlStore
    book: Book
    now: int = NOW
    phones: Phones = field(default_factory=Phones)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        bell = Bell()
        self.tickets = SqlTickets(self.store.backing)
        self.devices = SqlDevices(self.store.backing)
        self.handoff = Handoff(self.tickets, self.book, bell, lambda: self.now, lambda: "seed")
        self.notices = Notices(self.devices, self.phones, NoBell(), lambda: self.now)
        watch = Watch(self.tickets, self.devices, self.book)
        self.teller = Teller(watch, self.phones, bell, lambda: self.now, self.report)

    def report(self, where: str, fault: BaseException) -> None:
        self.faults.append((where, type(fault).__name__))

    async def arrives(self, one: Account, hours: int = 2) -> Account:
        await joins(self.store, one, self.now, self.now + 3600 * hours)
        await self.notices.switch_on(one, device(one.shown))
        return one

    async def look(self) -> list[tuple[str, str, str]]:
        await self.teller.look()
        await self.teller.sent()
        return self.phones.read()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


@pytest.fixture
async def evening(store: SqlStore, book: Book) -> Evening:
    return Evening(store, book)


async def test_who_waits_is_told_and_what_others_took_is_cleared(evening: Evening) -> None:
    lan, nam = await evening.arrives(account(1, "lan")), await evening.arrives(account(2, "nam"))
    assert await evening.look() == []
    key = await asks(evening.store, "Bà Tư", evening.now)
    assert sorted(await evening.look()) == [
        ("lan", "queue", "1 người đang chờ"),
        ("nam", "queue", "1 người đang chờ"),
    ]
    assert await evening.look() == [], "nothing is told twice"
    await evening.handoff.claim(key, nam.helper)
    assert sorted(await evening.look()) == [("lan", "queue", "gone"), ("nam", "queue", "gone")]
    await writes(evening.store, "Bà Tư", evening.now + 30)
    evening.now += 70
    assert await evening.look() == [("nam", f"chat.{key}", "Bà con vừa trả lời bạn")]
    await evening.handoff.speak(key, nam.helper, "Cháu đây ạ", "k1")
    assert await evening.look() == [("nam", f"chat.{key}", "gone")]
    evening.now += 70
    await evening.handoff.note(key, Note(nam.id, "em xem giúp", kind="mention", to=lan.id))
    await evening.handoff.hand_to(key, nam.helper, lan.helper, "giúp chị nhé")
    told = await evening.look()
    assert {one[:2] for one in told} == {("lan", f"passed.{key}"), ("lan", f"mention.{key}")}
    await evening.handoff.close(key, lan.helper, Closing.SOLVED, "", "")
    assert await evening.look() == [("lan", f"passed.{key}", "gone")]


async def test_a_shift_begins_with_the_present_alone(evening: Evening) -> None:
    """Eight came and three were helped before; the phone says five, once."""
    keys = [await asks(evening.store, f"Người {n}", NOW + n) for n in range(8)]
    helper = account(9, "Hà", most=9)
    await joins(evening.store, helper)
    for key in keys[:3]:
        await evening.handoff.claim(key, helper.helper)
        await evening.handoff.note(key, Note(9, "", kind="mention", to=1))
    evening.now += 3600
    await evening.arrives(account(1, "lan"))
    assert await evening.look() == [("lan", "queue", "5 người đang chờ")]
    await begins(evening.store, 1, NOW, evening.now)
    assert await evening.look() == [("lan", "queue", "gone")], "at the end of the shift nothing is left"
    await asks(evening.store, "Người 9", evening.now)
    evening.now += 3600
    assert await evening.look() == []


async def test_who_is_shut_out_hears_nothing_from_then_on(evening: Evening) -> None:
    await evening.arrives(account(1, "lan"))
    await is_shut_out(evening.store, 1, NOW)
    await asks(evening.store, "Bà Tư", NOW)
    assert await evening.look() == []


async def test_a_report_reaches_the_organiser_at_home(evening: Evening) -> None:
    boss = account(1, "bình", Role.ORGANISER, areas=())
    await joins(evening.store, boss)
    await evening.notices.switch_on(boss, device("bình"))
    key = await asks(evening.store, "Bà Tư", NOW)
    await evening.handoff.note(key, Note(0, "", kind="reported"))
    assert await evening.look() == [("bình", f"report.{key}", "Bà con báo một cuộc trò chuyện")]
    evening.now += 4000
    assert await evening.look() == [("bình", "unstaffed", "Giờ trực nhưng chưa có ai vào ca")]


async def test_a_phone_belongs_to_who_switched_it_on_last(evening: Evening) -> None:
    lan, nam = account(1, "lan"), account(2, "nam")
    await joins(evening.store, lan)
    await joins(evening.store, nam)
    await evening.notices.switch_on(lan, device("shared"))
    await evening.notices.switch_on(nam, device("shared"))
    assert (await evening.notices.devices(lan), await evening.notices.devices(nam)) == (0, 1)
    await evening.notices.switch_off(lan, device("shared").endpoint)
    assert await evening.notices.devices(nam) == 1, "nobody silences a colleague"
    await evening.notices.switch_off(nam, device("shared").endpoint)
    assert await evening.notices.devices(nam) == 0


async def test_a_few_devices_each_and_only_at_known_services(evening: Evening) -> None:
    lan = account(1, "lan")
    await joins(evening.store, lan)
    for n in range(MOST_DEVICES + 2):
        evening.now += 1
        assert await evening.notices.switch_on(lan, device(str(n)))
    kept = {one.endpoint.removeprefix(SERVICE) for one in await evening.devices.devices(1)}
    assert kept == {str(n) for n in range(2, MOST_DEVICES + 2)}
    elsewhere = subscription_of("https://example.com/x", POINT, AUTH)
    assert elsewhere is not None
    assert not await evening.notices.switch_on(lan, elsewhere)


async def test_the_database_alone_reaches_nobody(evening: Evening) -> None:
    lan = await evening.arrives(account(1, "lan"))
    rows = await evening.store.backing.database.read(
        lambda connection: connection.execute(text("SELECT hash, body FROM subscriptions")).all()
    )
    assert all(SERVICE.encode() not in bytes(part) for row in rows for part in row)
    assert "fcm" not in repr(await evening.devices.devices(lan.id))


@pytest.mark.parametrize(
    ("endpoint", "p256dh", "auth"),
    [
        (SERVICE + "x" * 1024, POINT, AUTH),
        (SERVICE, POINT[:-2], AUTH),
        (SERVICE, POINT, AUTH + "AA"),
        (SERVICE, "không phải khóa", AUTH),
        (SERVICE, POINT, ""),
    ],
)
def test_what_is_no_subscription_is_refused(endpoint: str, p256dh: str, auth: str) -> None:
    assert subscription_of(endpoint, p256dh, auth) is None


async def test_a_test_notice_tells_how_many_took_it(evening: Evening) -> None:
    lan = account(1, "lan")
    await joins(evening.store, lan)
    for name in ("a", "b", "c"):
        await evening.notices.switch_on(lan, device(name))
    evening.phones.troubles = {"a": [Unreachable()], "b": [TryLater(1)]}
    assert await evening.notices.try_out(lan) == 1
    assert await evening.notices.devices(lan) == 2, "what is gone is forgotten"


# --- on their way ---------------------------------------------------------------------------------------


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses cost no time; how long they would have been."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await real(0)

    real = asyncio.sleep
    monkeypatch.setattr("bot.app.couriers.asyncio.sleep", sleep)
    return pauses


def couriers(phones: Phones, gone: list[str], faults: list[str]) -> Couriers:
    async def forget(endpoint: str) -> None:
        gone.append(endpoint)

    return Couriers(phones, forget, lambda _, fault: faults.append(type(fault).__name__))


def said(topic: str, title: str) -> Letter:
    return Letter(topic, json.dumps({"tag": topic, "title": title}).encode(), 60)


async def test_it_is_tried_again_later_and_later(hurry: list[float]) -> None:
    phones, gone, faults = Phones(), list[str](), list[str]()
    phones.troubles = {"a": [TryLater(5), TryLater(1), TryLater(40)]}
    post = couriers(phones, gone, faults)
    post.hand(device("a"), said("queue", "1"))
    await post.home()
    assert phones.read() == [("a", "queue", "1")]
    assert hurry == [5, 4, 40]


async def test_a_newer_letter_takes_the_place_of_one_that_waits(hurry: list[float]) -> None:
    phones = Phones(troubles={"a": [TryLater(1)]})
    post = couriers(phones, [], [])
    for title in ("1", "2", "3"):
        post.hand(device("a"), said("queue", title))
    post.hand(device("a"), said("chat.x", "reply"))
    await post.home()
    assert [title for _, _, title in phones.read()] == ["3", "reply"]


async def test_who_is_gone_is_forgotten_and_who_refuses_is_told_of(hurry: list[float]) -> None:
    phones, gone, faults = Phones(), list[str](), list[str]()
    phones.troubles = {"a": [Unreachable()], "b": [Refused()], "c": [TryLater(1) for _ in range(TRIES)]}
    post = couriers(phones, gone, faults)
    for name in "abc":
        post.hand(device(name), said("queue", "1"))
        post.hand(device(name), said("chat.x", "2"))
    await post.home()
    assert gone == [device("a").endpoint]
    assert faults == ["Refused"]
    assert phones.read() == [("b", "chat.x", "2"), ("c", "chat.x", "2")]
