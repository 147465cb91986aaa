"""What the tests of this channel put around it: a safe, an inbox that remembers, pictures, a Zalo."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.app.platform import Event, Platform
from bot.app.ports import NoPictures, Sealed, Shown, StoreDown
from bot.channels.zalo_oa.platform import Account, ZaloOA
from bot.core.message import Address, Picture, Reply
from tests.platforms.clock import calendar
from tests.platforms.posting import Answered, straight_to
from tests.platforms.zalo_oa import FakeZaloOA

PAYLOADS = Path(__file__).parent.parent / "payloads" / "zalo_oa"
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture of a screen"
PICTURE = Picture("vneid-start", "Kích hoạt", "Hình minh hoạ: nút «Kích hoạt» ở giữa màn hình")

APP, OA, PERSON = "431000000000000001", "3880000000000000001", "2460000000000000001"
OA_SECRET, APP_SECRET = "oa-secret-of-commune-26734", "app-secret-for-oauth"
NOW = 1_795_000_000


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


@dataclass
class MemorySafe:
    """As the store keeps secrets: a revision for each change, and only the right one may be replaced.

    A careless one replaces whatever is there.
    """

    down: bool = False
    careless: bool = False
    kept: dict[str, Sealed] = field(default_factory=dict)

    async def secret(self, name: str) -> Sealed | None:
        await self._reach()
        return self.kept.get(name)

    async def keep_secret(self, name: str, value: bytes, revision: int, now: int) -> bool:  # noqa: ARG002
        await self._reach()
        there = self.kept.get(name)
        if (there.revision if there else 0) != revision and not self.careless:
            return False
        self.kept[name] = Sealed(value, revision + 1)
        return True

    async def _reach(self) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise StoreDown


@dataclass
class Reports:
    """What was reported, as lines that an organiser would read."""

    faults: list[tuple[str, BaseException]] = field(default_factory=list)

    def __call__(self, where: str, fault: BaseException) -> None:
        self.faults.append((where, fault))

    @property
    def kinds(self) -> list[str]:
        return [type(fault).__name__ for _, fault in self.faults]


@dataclass
class Inbox:
    """Takes each key once, as the real one does. `fails` is raised instead, as long as it is set."""

    fails: Exception | None = None
    slow: float = 0
    events: list[Event] = field(default_factory=list)
    tries: int = 0
    shapes: list[str] = field(default_factory=list)

    async def take(self, event: Event, shape: Callable[[], str]) -> None:
        self.tries += 1
        await asyncio.sleep(self.slow)
        if self.fails is not None:
            self.shapes.append(shape())
            raise self.fails
        if event.key not in {known.key for known in self.events}:
            self.events.append(event)


class OnePicture(NoPictures):
    """Every step shows the same drawing; `data` is its file."""

    data: bytes | None = PNG
    gone = False

    def shown(self, _: Picture, /) -> Shown | None:
        return None if self.gone else Shown("/pictures/vneid-start.kich-hoat.0123abcd.png", 300, 600)

    async def png(self, name: str, /) -> bytes | None:
        return self.data if name == "vneid-start.kich-hoat.0123abcd" else None


@dataclass
class Commune:
    """A bot with one door, and Zalo around it."""

    zalo: FakeZaloOA
    door: ZaloOA
    safe: MemorySafe
    inbox: Inbox
    reports: Reports
    pictures: OnePicture
    now: Callable[[], int]
    others: list[ZaloOA] = field(default_factory=list)

    async def send(self, to: Address, reply: Reply) -> None:
        """All parts of a reply, one after the other."""
        part, parts = 0, 1
        while part < parts:
            parts = await self.door.send(to, reply, part)
            part += 1

    def another(self, seed: str = "") -> ZaloOA:
        """The same bot in another process: nothing is shared but the safe."""
        self.others.append(_door(self, seed))
        return self.others[-1]


def address(id: str) -> Address:
    return Address("zalo_oa", id)


@asynccontextmanager
async def commune(*, web_address: str = "https://bot.example", seed: bool = True) -> AsyncIterator[Commune]:
    now = calendar()

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        return await straight_to(built.door.webhook)(url, headers, body)

    async with FakeZaloOA(now=now, post=post) as zalo:
        built = Commune(zalo, None, MemorySafe(), Inbox(), Reports(), OnePicture(), now)  # type: ignore[arg-type]
        token = zalo.oauth.grant().refresh_token if seed else ""
        built.door = _door(built, token, web_address)
        zalo.listen("https://bot.example/webhooks/zalo-oa")
        try:
            yield built
        finally:
            for door in (built.door, *built.others):
                await door.close()


def _door(built: Commune, seed: str, web_address: str = "https://bot.example") -> ZaloOA:
    zalo = built.zalo
    door = ZaloOA(
        Account(
            app_id=zalo.app_id,
            app_secret=zalo.app_secret,
            oa_secret=zalo.oa_secret,
            oa_id=zalo.oa_id,
            refresh_token=seed,
            api_base=zalo.base,
            oauth_base=zalo.base,
        ),
        web_address=web_address,
        take=built.inbox.take,
        pictures=built.pictures,
        safe=built.safe,
        now=built.now,
        report=built.reports,
    )
    connector = door._session().connector
    assert connector is not None
    _: Platform = door
    connector._keepalive_timeout = None  # aiohttp measures idle time by the real clock, waits by the loop's
    return door
