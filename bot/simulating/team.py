"""Made-up volunteers: they come on duty, claim whoever waits, say what is at hand, close, and visit homes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from bot.app.accounts import Account, Draft, Role
from bot.app.outlook import Outlook
from bot.app.ports import Acted
from bot.app.staff import Staff
from bot.app.timetables import Timetable
from bot.core.book import Book
from bot.core.desk import EVERYWHERE
from bot.core.flow import Variables
from bot.core.home_visit import Meeting, Sign, Slot, Stage, today
from bot.core.ticket import Closing, No, Refusal, Ticket
from bot.simulating.hours import DAY, HOUR, Span, weekday_of
from bot.simulating.people import PROVINCE, Town

MINUTE = 60
Deed = Callable[[], Awaitable[None]]
"""What somebody at the desk does when its time has come."""

NAMES = (
    *("Lan", "Minh", "Hạnh", "Tuấn", "Y Thim", "Hoa", "Dũng", "H'Nga"),
    *("Phương", "Khoa", "Thảo", "Bình", "Trâm", "Nam"),
)
WEEK = "T2-T6 18:00-21:30; T7 CN 8:00-11:00, 18:00-21:30"
EVENING = (18 * HOUR, 21 * HOUR + 30 * MINUTE)
FORENOON = (8 * HOUR, 11 * HOUR)
AT_ONCE = 12
"""Conversations that each may have: their clocks are not all at the same second."""

TRIES = 6

GREETINGS = (
    "Dạ em đây ạ. Trên màn hình đang hiện gì ạ?",
    "Dạ em chào, em xem lại bước vừa rồi giúp mình nhé.",
    "Em đây ạ, mình cứ thong thả, em chỉ từng bước.",
)
ONWARD = (
    "Mình thử tắt ứng dụng rồi mở lại giúp em nhé.",
    "Dạ được rồi ạ, mình bấm tiếp như trên màn hình nhé.",
    "Mình chờ ít phút rồi thử lại một lần nữa ạ.",
)
CLOSINGS = (
    (Closing.HANDED_BACK, 42),
    (Closing.SOLVED, 26),
    (Closing.OFFICE, 14),
    (Closing.UNSOLVED, 8),
    (Closing.GONE, 5),
    (Closing.VISIT, 5),
)


@dataclass(frozen=True, slots=True)
class Watchkeeping:
    """Who is on duty in a span."""

    begins: int
    ends: int
    who: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Street:
    """How the team reaches residents' lives. `at(when, whose, deed)` plans a deed; `heard(number)`: something
    was said to them, `answers` whether they write back; `number` -1 is nobody's.
    """

    at: Callable[[int, int, Deed], None]
    heard: Callable[[int, bool], Awaitable[None]]


class Team:
    """`now` is the clock of whatever happens at the moment."""

    def __init__(
        self,
        staff: Staff,
        outlook: Outlook,
        book: Book,
        street: Street,
        now: Callable[[], int],
        random: Random,
    ) -> None:
        self._staff = staff
        self._outlook = outlook
        self._book = book
        self._street = street
        self._now = now
        self._random = random
        self._watches: tuple[Watchkeeping, ...] = ()
        self._lead: Account | None = None
        self._organiser = 0
        self.deeds = 0

    async def enlist(self, town: Town, span: Span) -> None:
        """Accounts, hours, and who is on duty when."""
        entrance = self._staff.entrance
        secret = await entrance.passphrases.hash(entrance.draw(24))  # nobody has these words
        accounts = []
        for number, name in enumerate(NAMES):
            area = town.communes[number].code if number < len(NAMES) // 2 else PROVINCE
            role = Role.LEAD if number == len(NAMES) - 1 else Role.VOLUNTEER
            draft = Draft(f"mo-phong-{number + 1}", name, role, (area,), most=AT_ONCE)
            account = await entrance.accounts.add(draft, self._now())
            if account is not None:
                await entrance.accounts.choose(account.id, secret, "", 0)
                accounts.append(account)
        self._lead = accounts[-1]
        await self._staff.timetables.save(Timetable(EVERYWHERE, WEEK), self._lead.id, self._now())
        self._watches = tuple(_watches(span, accounts, self._random))
        for watch in self._watches:
            self._street.at(watch.begins, -1, partial(self._begin, watch))
            self._street.at(watch.ends, -1, partial(self._end, watch))
        for midnight in range(span.begins, span.ends, DAY):
            self._street.at(midnight + 20 * HOUR, -1, self._visit_homes)
        await self._outlook.look()

    def opened(self, number: int, ticket: Ticket, at: int, tries: int = 0) -> None:
        """Somebody asks for a person: whoever is there comes, or the first of the next watch. Now and then
        nobody does.
        """
        if self._random.random() < 0.04:
            return
        when = at + self._about(5 * MINUTE)
        there = next((watch for watch in self._watches if watch.ends > when + 20 * MINUTE), None)
        if there is None or tries > TRIES:
            return
        when = max(when, there.begins + self._about(12 * MINUTE))
        who = self._random.choice(there.who)
        self._street.at(when, number, lambda: self._claim(number, ticket, who, tries))

    # --- One request ----------------------------------------------------------------------------------

    async def _claim(self, number: int, ticket: Ticket, who: Account, tries: int) -> None:
        done = await self._staff.handoff.claim(ticket.key, who.helper)
        if isinstance(done, Refusal):
            if done.why is not No.CLOSED:
                self.opened(number, ticket, self._now() + 5 * MINUTE, tries + 1)
            return
        self.deeds += 1
        await self._street.heard(number, False)
        if self._random.random() < 0.04:  # the shift was too short, or somebody nearer is to come
            self._later(number, 3 * MINUTE, lambda: self._give_back(number, ticket, who, tries))
            return
        self._later(number, MINUTE, lambda: self._say(number, ticket, who, self._random.choice((1, 2, 2, 3))))

    async def _give_back(self, number: int, ticket: Ticket, who: Account, tries: int) -> None:
        if isinstance(
            await self._staff.handoff.give_back(ticket.key, who.helper, "Nhờ bạn khác xem giúp"), Acted
        ):
            self.deeds += 1
            self.opened(number, ticket, self._now(), tries + 1)

    async def _say(self, number: int, ticket: Ticket, who: Account, more: int) -> None:
        key = f"{ticket.key}.{more}.{self._now()}"
        await self._staff.watching.say(who, ticket.key, self._words(ticket, more), key)
        self.deeds += 1
        await self._street.heard(number, True)
        if more > 1:
            self._later(number, 2 * MINUTE, lambda: self._say(number, ticket, who, more - 1))
        else:
            self._later(number, 4 * MINUTE, lambda: self._close(number, ticket, who))

    def _words(self, ticket: Ticket, more: int) -> str:
        place = f"{ticket.flow}/{ticket.step}"
        fitting = [one for one in self._book.canned if one.suits(place)]
        if fitting and more == 1:
            return self._random.choice(fitting).text(Variables())
        return self._random.choice(GREETINGS if more > 1 else ONWARD)

    async def _close(self, number: int, ticket: Ticket, who: Account) -> None:
        closings, weights = zip(*CLOSINGS, strict=True)
        closing: Closing = self._random.choices(closings, weights)[0]
        handoff = self._staff.handoff
        if closing is Closing.HANDED_BACK:
            await handoff.hand_back(ticket.key, who.helper, "", f"{ticket.key}.{self._now()}")
        else:
            place = f"{ticket.flow}/{ticket.step}" if ticket.flow else ""
            error = ticket.error or (
                self._random.choice(self._book.errors).id if self._random.random() < 0.2 else ""
            )
            await handoff.close(ticket.key, who.helper, closing, place, error, f"{ticket.key}.{self._now()}")
        self.deeds += 1
        await self._street.heard(number, True)

    # --- Watches and homes ----------------------------------------------------------------------------

    async def _begin(self, watch: Watchkeeping) -> None:
        for account in watch.who:
            await self._staff.duty.begin(account.id, watch.ends)
        self.deeds += len(watch.who)
        await self._outlook.look()

    async def _end(self, watch: Watchkeeping) -> None:
        for account in watch.who:
            await self._staff.duty.end(account.helper)
        self.deeds += len(watch.who)
        await self._outlook.look()

    async def _visit_homes(self) -> None:
        """Once a day: agree to what was asked for, and note what became of yesterday's visits."""
        lead = self._lead
        if lead is None:
            return
        visiting, now = self._staff.visiting, self._now()
        entries = [entry for group in await visiting.listed(lead) for entry in group.entries]
        for entry in entries:
            visit = entry.visit
            seen = await visiting.one(lead, visit.key) if visit.is_open else None
            if seen is None:
                continue
            meeting = visit.meeting
            if visit.stage is Stage.REQUESTED and self._random.random() < 0.7:
                slot = Slot(visit.wish.slot) if visit.wish.slot else self._random.choice(tuple(Slot))
                day = today(now) + self._random.randint(1, 4)
                plan = Meeting(day, slot, "Lan, Đoàn xã", (Sign.SHIRT, Sign.BADGE), "")
                await visiting.agree(lead, seen, visit.revision, plan)
                self.deeds += 1
            elif meeting is not None and meeting.day < today(now):
                came = self._random.choices((Closing.SOLVED, Closing.OFFICE, Closing.GONE), (75, 15, 10))[0]
                await visiting.finish(lead, seen, visit.revision, came, "", "")
                self.deeds += 1

    def _later(self, number: int, seconds: int, deed: Deed) -> None:
        self._street.at(self._now() + self._about(seconds), number, deed)

    def _about(self, seconds: int) -> int:
        return min(8 * MINUTE, round(seconds * self._random.lognormvariate(0, 0.5)) + 5)


def _watches(span: Span, accounts: list[Account], random: Random) -> Iterator[Watchkeeping]:
    """Every evening, and at weekends the forenoon; the lead stands in only where the others are few."""
    for midnight in range(span.begins, span.ends, DAY):
        spells = (FORENOON, EVENING) if weekday_of(midnight) >= 5 else (EVENING,)
        for begins, ends in spells:
            who = tuple(random.sample(accounts[:-1], random.randint(3, 5)))
            if midnight + ends < span.ends:
                yield Watchkeeping(midnight + begins, midnight + ends, who)
