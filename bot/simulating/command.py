"""`python -m bot simulate`: fill an empty store with people who are made up, and say where to look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bot.app.accounts import Draft, Role
from bot.app.bell import Bell
from bot.app.ports import StoreDown
from bot.app.staff import Staff
from bot.config import Settings
from bot.content.places import read_communes
from bot.core.book import Book
from bot.core.weeks import begins_at, week_at
from bot.keys import NotReady
from bot.simulating.hardship import hardship
from bot.simulating.hours import DAY, Span
from bot.simulating.people import CHANNELS, person, town
from bot.simulating.resident import Resident
from bot.simulating.world import Clock, Counts, World
from bot.staffing import outlook_of, staff_of
from bot.store.open import SqlStore
from bot.store.simulated import SqlSimulation
from bot.wiring import book_with_editions, now, open_the_store

NOBODY_IS_SENT_TO = frozenset(name for name, _ in CHANNELS)
"""All channels are opened as if people fetched their replies: nothing ever waits to be sent."""

OTHERS_ARE_THERE = (
    "Kho này đã có người thật, hoặc đã mô phỏng rồi, nên không ghi thêm gì. Chọn một kho mới, ví dụ: "
    "BOT_DATABASE__URL=sqlite:///data/mo-phong.db python -m bot simulate"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    residents: int
    weeks: int
    seed: int


def simulate(settings: Settings, wanted: Wanted, told: Callable[[float], None]) -> list[str]:
    """What to print. `told` hears how much of the time has passed, out of one. Raises NotReady."""
    store = open_the_store(settings, NOBODY_IS_SENT_TO)
    try:
        return asyncio.run(_lived(store, settings, wanted, now(), told))
    except StoreDown as down:
        raise NotReady(f"Cơ sở dữ liệu không trả lời ({down}). Thử lại sau một lát.") from None
    finally:
        store.abandon()


async def _lived(
    store: SqlStore, settings: Settings, wanted: Wanted, ends: int, told: Callable[[float], None]
) -> list[str]:
    if not await SqlSimulation(store.backing).mark():
        raise NotReady(OTHERS_ARE_THERE)
    span = Span(begins_at(week_at(ends) - wanted.weeks), ends)
    book = await book_with_editions(settings, store)
    clock = Clock(span.begins)
    random = Random(wanted.seed)
    bell = Bell()

    def draw() -> str:
        return f"{random.getrandbits(64):016x}"

    staff = staff_of(store, book, bell, clock, draw)
    world = World(
        store, book, clock, outlook_of(staff, clock), bell, draw, _residents(book, span, wanted, random)
    )
    await world.live(span, lambda at: told((at - span.begins) / (span.ends - span.begins)))
    clock.at = span.ends
    await staff.sums.bring_up_to_date(span.ends)
    return told_of(settings, wanted, world.counts, await _organiser(staff))


def told_of(settings: Settings, wanted: Wanted, counts: Counts, token: str) -> list[str]:
    address = settings.organisation.web_address or f"http://{settings.http.host}:{settings.http.port}"
    return [
        f"Đã mô phỏng {_n(wanted.residents)} người dân trong {wanted.weeks} tuần và tuần này: "
        f"{_n(counts.messages)} tin nhắn, {_n(counts.timers)} lần hẹn giờ, {_n(counts.deeds)} việc ở bàn trực.",
        "Kho này từ nay chỉ để xem thử: bot chạy trên kho này không mở Zalo, Telegram.",
        "Xem: python -m bot run, rồi mở lời mời này (dùng một lần, trong 7 ngày) để vào làm người tổ chức:",
        f"{address}/desk/moi/{token}",
        f"Số liệu: {address}/insights",
    ]


def _n(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _residents(book: Book, span: Span, wanted: Wanted, random: Random) -> dict[int, Resident]:
    """Each has chance of their own, so that one more changes nobody else's life."""
    place = town(read_communes(), random)
    troubles = hardship(book, place, span.ends - 3 * 7 * DAY, random)
    people = (
        person(number, place, span, tuple(book.flows), Random(f"{wanted.seed}.{number}"))
        for number in range(wanted.residents)
    )
    return {
        one.number: Resident(one, Random(f"{wanted.seed}.{one.number}.lives"), book, troubles)
        for one in people
    }


async def _organiser(staff: Staff) -> str:
    draft = Draft("mo-phong", "Mô phỏng", Role.ORGANISER)
    invited = await staff.entrance.invite(0, draft)
    return invited.token if invited else ""

