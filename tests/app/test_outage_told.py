"""From the button to the phone, with real parts: nobody is reminded, everybody hears of the end once."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.outbox import Outbox
from bot.app.platform import Raw
from bot.app.timers import wake_due
from bot.core.book import Book
from bot.core.desk import Desk
from bot.core.outage import Downtime, Reason
from bot.language.sieve import sift
from bot.store.open import SqlStore
from bot.store.outages import SqlOutages
from tests.app.harness.parts import Phone, somebody
from tests.books import book_of, small_root

NOON = 1_795_000_000 - (6 * 60 + 6) * 60 - 40
HOUR = 3600


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


@dataclass
class Day:
    """People at the step of the small guide that reminds after 20 minutes and ends after an hour."""

    store: SqlStore
    outages: SqlOutages
    book: Book
    now: int = NOON

    async def desk(self) -> Desk:
        return Desk(downtime=Downtime(tuple(await self.outages.between(0, self.now))))

    async def say(self, name: str, text: str = "") -> None:
        """Write something, or press the first choice of the last message."""
        desk = await self.desk()
        answer = answering(self.book, lambda: desk)
        inbox = Inbox(self.store, answer, sift, Bell(), lambda: self.now, lambda: name)
        lines = await self.store.lines(somebody(name), 0, 1)
        button = "" if text else lines[-1].reply.choices[0].token if lines else "!begin."
        await inbox.receive(Raw(somebody(name), f"{name} {self.now}", text, button))
        self.now += 1

    async def arrive(self, name: str) -> None:
        for text in ("", "", "tôi muốn kích hoạt vneid"):
            await self.say(name, text)

    async def pass_by(self, seconds: int, every: int = 60) -> None:
        """Time goes by; timers and the news of an end do what they do."""
        for _ in range(0, seconds, every):
            self.now += every
            while await self.outages.spread_the_end(self.now) is not None:
                pass
            await wake_due(self.store, self.book, self.now, await self.desk())

    async def heard(self, name: str) -> list[str]:
        return [line.reply.text for line in await self.store.lines(somebody(name), 0, 50) if not line.mine]


async def test_from_the_button_to_the_phone(store: SqlStore, book: Book) -> None:
    day = Day(store, SqlOutages(store.backing), book)
    await day.arrive("told")
    await day.arrive("silent")
    await day.outages.begin(Reason.LOGIN, "", day.now, 1, day.now)
    await day.say("told", "nhắc lại")
    await day.pass_by(3 * HOUR, 600)
    assert not any("còn vướng gì không" in text for text in await day.heard("told"))
    (entry,) = await day.outages.entries(1)
    await day.outages.finish(entry.outage.id, 1, day.now)
    await day.pass_by(600)
    ends = [text for text in await day.heard("told") if "đăng nhập lại được rồi" in text]
    assert len(ends) == 1
    assert "dùng máy nào" in ends[0]
    assert not any("đăng nhập" in text for text in await day.heard("silent"))
    await day.pass_by(15 * 60)
    assert any("còn vướng gì không" in text for text in await day.heard("silent"))
    assert len([text for text in await day.heard("told") if "đăng nhập lại được rồi" in text]) == 1
    phone = Phone()
    box = Outbox(store, phone, Bell(), lambda: day.now, lambda *_: None, lambda *_: None)
    while await box.deliver_due():
        pass
    assert sum("đăng nhập lại được rồi" in text for text in phone.texts("told")) == 1
