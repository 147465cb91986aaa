"""What is around people: posters, sessions of the mobile team, an outage of VNeID, what the police report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from bot.app.campaign_rows import Asked
from bot.app.outlook import Outlook
from bot.app.staff import Staff
from bot.core.calendar import MobileSession, Place
from bot.core.outage import Reason
from bot.core.visits import day_of
from bot.core.weeks import day_named
from bot.simulating.hours import DAY, HOUR, Span
from bot.simulating.people import POSTERED, Town
from bot.simulating.world import NOBODY, World

HANGING = ("Nhà văn hóa thôn", "Chợ xã")
SESSIONS = (
    (Place.SCHOOL, "Trường tiểu học", 8, 11),
    (Place.MARKET, "Chợ xã", 6, 9),
    (Place.HALL, "Nhà văn hóa thôn", 18, 21),
    (Place.OFFICE, "Trụ sở xã", 8, 11),
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`by` is the account of whoever puts things up, `now` the clock of whatever happens at the moment."""

    staff: Staff
    outlook: Outlook
    now: Callable[[], int]
    by: int

    async def put_up(self, town: Town, span: Span) -> None:
        """Posters, and sessions in the two weeks around the end."""
        for commune in town.communes[:POSTERED]:
            for place in HANGING:
                await self.staff.posters.make(commune.code, place, self.by, span.begins)
        await self.staff.calendar.add(self._sessions(town, span), self.by, span.begins)
        await self.outlook.look()

    async def report(self, town: Town, span: Span, random: Random) -> None:
        """The official figures of each week, as a file that an organiser imports."""
        body = "\n".join(";".join(row) for row in _official(town, span, random)).encode()
        asked = Asked(source="Số liệu mô phỏng")
        key = await self.staff.campaign.offer(body, "so-lieu-mo-phong.csv", asked, self.by)
        if isinstance(key, str):
            await self.staff.campaign.keep(key, self.by)

    def plan_outage(self, world: World, span: Span) -> None:
        """VNeID is down for an evening, two weeks before the end."""
        begins = span.ends // DAY * DAY - 14 * DAY + 12 * HOUR  # 19:00 in Viet Nam
        if begins > span.begins:
            world.at(begins, NOBODY, self._fails)
            world.at(begins + 3 * HOUR, NOBODY, self._works_again)

    async def _fails(self) -> None:
        at = self.now()
        await self.staff.outages.begin(Reason.LOGIN, "Nhiều xã cùng báo", at, self.by, at)
        await self.outlook.look()

    async def _works_again(self) -> None:
        at = self.now()
        for outage in await self.staff.outages.between(at - DAY, at):
            await self.staff.outages.finish(outage.id, self.by, at)
        await self.outlook.look()
        while await self.staff.outages.spread_the_end(at) is not None:
            pass

    def _sessions(self, town: Town, span: Span) -> Sequence[MobileSession]:
        found = []
        for rank, commune in enumerate(town.communes[:POSTERED]):
            kind, place, begins, ends = SESSIONS[rank % len(SESSIONS)]
            for week in (-1, 0, 1):
                midnight = span.ends // DAY * DAY - 7 * HOUR + (7 * week + rank % 5 + 1) * DAY
                starts, over = midnight + begins * HOUR, midnight + ends * HOUR
                found.append(MobileSession(commune.code, place, kind, starts, over))
        return found


HEAD = (
    *("đơn vị", "thuộc", "mã", "ngày", "số người trong độ tuổi", "tài khoản đã cấp", "đã kích hoạt"),
    *("chỉ tiêu kích hoạt", "hạn"),
)
REPORTED = 12
"""Communes of which the police tell how far they are, beside the province."""


def _official(town: Town, span: Span, random: Random) -> Iterator[tuple[str, ...]]:
    """Each commune comes nearer to its target week by week, some too slowly."""
    province = town.communes[0].province
    province = province[0].upper() + province[1:]
    yield HEAD
    places = [(province, "", town.communes[0].within, 1_950_000)]
    places += [
        (commune.name, province, commune.code, random.randrange(9_000, 32_000))
        for commune in town.communes[:REPORTED]
    ]
    deadline = _written(day_of(span.ends) + 21)
    for name, within, code, people in places:
        issued, begun, speed = (
            random.uniform(0.7, 0.85),
            random.uniform(0.2, 0.4),
            random.uniform(0.012, 0.045),
        )
        for week, at in enumerate(range(span.begins + DAY, span.ends, 7 * DAY)):
            accounts = round(people * min(0.97, issued + 0.012 * week))
            activated = round(accounts * min(0.97, begun + speed * week))
            target = round(people * 0.7)
            counts = (people, accounts, activated, target)
            yield (name, within, code, _written(day_of(at)), *map(str, counts), deadline)


def _written(day: int) -> str:
    return f"{day_named(day):%d/%m/%Y}"
