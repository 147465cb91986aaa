"""`python -m bot simulate`: fill an empty store with people who are made up, and say where to look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bot.app.accounts import Draft, Role
from bot.app.bell import Bell
from bot.app.ports import StoreDown
from bot.config import Settings
from bot.content.places import read_communes
from bot.core.book import Book
from bot.core.weeks import begins_at, week_at
from bot.keys import NotReady
from bot.simulating.editions import printed
from bot.simulating.hardship import Hardship, hardship
from bot.simulating.hours import DAY, Span
from bot.simulating.people import CHANNELS, Town, person, town
from bot.simulating.resident import Resident
from bot.simulating.surroundings import Surroundings
from bot.simulating.team import Street, Team
from bot.simulating.world import NOBODY, Clock, Counts, World
from bot.staffing import outlook_of, staff_of
from bot.store.open import SqlStore
from bot.store.simulated import SqlSimulation
from bot.wiring import open_the_store

NOBODY_IS_SENT_TO = frozenset(name for name, _ in CHANNELS)
"""All channels are opened as if people fetched their replies: nothing ever waits to be sent."""

ORGANISER = Draft("mo-phong", "Mô phỏng", Role.ORGANISER)

OTHERS_ARE_THERE = (
    "Kho này đã có người thật, hoặc đã mô phỏng rồi, nên không ghi thêm gì. Chọn một kho mới, ví dụ: "
    "BOT_DATABASE__URL=sqlite:///data/mo-phong.db python -m bot simulate"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many people, in whole weeks and the beginning of the one that `ends` is in."""

    residents: int
    weeks: int
    seed: int
    ends: int


def simulate(settings: Settings, wanted: Wanted, told: Callable[[float], None]) -> list[str]:
    """What to print. `told` hears how much of the time has passed, out of one. Raises NotReady."""
    store = open_the_store(settings, NOBODY_IS_SENT_TO)
    try:
        return asyncio.run(_lived(store, settings, wanted, told))
    except StoreDown as down:
        raise NotReady(f"Cơ sở dữ liệu không trả lời ({down}). Thử lại sau một lát.") from None
    finally:
        store.abandon()


async def _lived(
    store: SqlStore, settings: Settings, wanted: Wanted, told: Callable[[float], None]
) -> list[str]:
    if not await SqlSimulation(store.backing).mark():
        raise NotReady(OTHERS_ARE_THERE)
    span = Span(begins_at(week_at(wanted.ends) - wanted.weeks), wanted.ends)
    random, clock, bell = Random(wanted.seed), Clock(span.begins), Bell()

    def draw() -> str:
        return f"{random.getrandbits(64):016x}"

    before, after = printed(settings)
    await store.keep_editions(before.current, span.begins)
    staff = staff_of(store, after.book, bell, clock, draw)
    outlook = outlook_of(staff, clock)
    organiser = await staff.entrance.accounts.add(ORGANISER, span.begins)
    assert organiser is not None  # noqa: S101 - nobody is there
    place = town(read_communes(), random)
    around = Surroundings(staff, outlook, clock, organiser.id)
    await around.put_up(place, span)
    changed_at = span.begins + (span.ends - span.begins) // 2
    troubles = hardship(after.book, place, span.ends - 3 * 7 * DAY, changed_at, random)
    residents = _residents(after.book, troubles, place, span, wanted)
    world = World(store, before.book, clock, outlook, bell, draw, residents)
    team = Team(staff, outlook, after.book, Street(world.at, world.heard), clock, random)
    await team.enlist(place, span)
    world.opened = team.opened
    around.plan_outage(world, span)

    async def change_wording() -> None:
        world.read(after.book)
        await store.keep_editions(after.current, clock())

    world.at(changed_at, NOBODY, change_wording)
    await world.live(span, lambda at: told((at - span.begins) / (span.ends - span.begins)))
    await around.report(place, span, Random(f"{wanted.seed}.figures"))
    await staff.sums.bring_up_to_date(clock())  # before editions go of which nothing seems to tell
    await store.purge(clock())
    await staff.sums.bring_up_to_date(clock())
    invited = await staff.entrance.invite_again(0, organiser)
    return told_of(settings, wanted, world.counts, team.deeds, invited.token)


def _residents(
    book: Book, troubles: Hardship, place: Town, span: Span, wanted: Wanted
) -> dict[int, Resident]:
    """Each has chance of their own."""
    flows = tuple(book.flows)
    chances = {number: Random(f"{wanted.seed}.{number}") for number in range(wanted.residents)}
    return {
        number: Resident(person(number, place, span, flows, chance), chance, book, troubles)
        for number, chance in chances.items()
    }


def told_of(settings: Settings, wanted: Wanted, counts: Counts, deeds: int, token: str) -> list[str]:
    """What was made, and where to look."""
    address = settings.organisation.web_address or f"http://{settings.http.host}:{settings.http.port}"
    people = f"{_n(wanted.residents)} người dân trong {wanted.weeks} tuần và tuần này"
    done = f"{_n(counts.messages)} tin nhắn, {_n(counts.timers)} lần hẹn giờ, {_n(deeds)} việc ở bàn trực"
    return [
        f"Đã mô phỏng {people}: {done}.",
        "Kho này từ nay chỉ để xem thử: bot chạy trên kho này không mở Zalo, Telegram.",
        "Xem: python -m bot run, rồi mở lời mời này (dùng một lần, trong 7 ngày) để vào làm người tổ chức:",
        f"{address}/desk/moi/{token}",
        f"Số liệu: {address}/insights",
    ]


def _n(number: int) -> str:
    return f"{number:,}".replace(",", ".")
