"""The weekly digest in Telegram: enrolled by a typed code, sent once a week and chat, whatever goes wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.app.bell import Bell
from bot.app.digests import BEGINS, DIGESTS, ENDS, TELEGRAM, Digest, Digests, Waiting
from bot.app.insights import Insights
from bot.channels.telegram.updates import Joins, heard
from bot.core.weeks import begins_at, last_complete, week_at
from bot.store.digests import SqlDigests
from bot.store.store import SqlStore
from tests.channels.telegram.conftest import WEB, Line, OpenLine
from tests.platforms.clock import calendar
from tests.platforms.telegram import Down, Group, Hangs, LosesAnswer, Person, Resets

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR


class Ahead:
    """A calendar that can be turned on: to wait for a Monday would take as many polls as it does in life."""

    def __init__(self) -> None:
        self._now = calendar()
        self.by = 0

    def __call__(self) -> int:
        return self._now() + self.by


class Summed:
    """Sums that are a few seconds behind, or were brought up to date `until` then for the last time."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.until: int | None = None

    async def summed_at(self) -> int:
        return self._now() - 5 if self.until is None else self.until


async def a_digest(week: int) -> Digest:
    return Digest(f"Tuần {week}", ("1.200 người & <bắt đầu>.",), "Số tròn chục.", "/insights/report?tuan=x")


@dataclass
class Yard:
    """A bot on Telegram, whose organisers hand out codes."""

    line: Line
    digests: Digests
    sums: Summed
    now: Ahead
    bell: Bell

    async def code(self, name: str = "Nhóm") -> str:
        return (await self.digests.offer(name, 7))[1]

    async def group(self) -> Group:
        """A group that gets the digest."""
        place = self.line.telegram.group()
        lan = self.line.telegram.person("Lan")
        await lan.says(f"/bantin@huongdan_thu_bot {await self.code()}", group=place)
        await asyncio.sleep(5)
        assert [message.text[:8] for message in place.chat] == ["Xong rồi"]
        return place

    async def until(self, since_monday: int) -> None:
        """On to the next such moment after a Monday began, and a minute longer."""
        now = self.now()
        wanted = begins_at(week_at(now)) + since_monday
        self.now.by += (wanted if wanted > now else wanted + 7 * DAY) - now
        self.bell.ring((DIGESTS,), ())  # all who work look at the same moment
        await asyncio.sleep(MINUTE)

    @property
    def week(self) -> int:
        return last_complete(self.now())


def told(chat: Group | Person) -> list[str]:
    return [message.text.partition("\n")[0] for message in chat.chat if message.text.startswith("Tuần")]


@pytest.fixture
async def open_yard(open_line: OpenLine, store: SqlStore) -> Any:
    @asynccontextmanager
    async def yard(mode: str = "polling", kept: type[SqlDigests] = SqlDigests) -> AsyncIterator[Yard]:
        now = Ahead()
        sums, bell = Summed(now), Bell()
        codes = iter(range(1000))
        digests = Digests(
            kept(store.backing),
            a_digest,
            Insights(sums, now),  # type: ignore[arg-type]
            bell,
            now,
            lambda _: str(next(codes)),
            WEB,
        )
        async with open_line(mode, digests=digests) as line, line.tended():
            await asyncio.sleep(2)
            yield Yard(line, digests, sums, now, bell)

    return yard


@pytest.fixture
async def yard(open_yard: Any) -> AsyncIterator[Yard]:
    async with open_yard() as opened:
        yield opened


async def test_each_chat_gets_each_week_once_at_eight(yard: Yard) -> None:
    group = await yard.group()
    mai = yard.line.telegram.person("Mai")
    await mai.starts(f"bantin_{await yard.code()}")
    await asyncio.sleep(5)
    await yard.until(BEGINS - 2 * MINUTE)
    assert told(group) == []
    await yard.until(BEGINS)
    first = yard.week
    assert told(group) == told(mai) == [f"Tuần {first}"]
    assert group.chat[-1].text.splitlines()[2] == "1.200 người & <bắt đầu>."
    assert group.chat[-1].text.endswith(f"{WEB}/insights/report?tuan=x")
    for late in (0, HOUR, ENDS - 2 * MINUTE, BEGINS):
        await yard.until(late)
        await yard.until(late + MINUTE + 1)
    assert told(group) == told(mai) == [f"Tuần {week}" for week in range(first, yard.week + 1)]
    assert yard.line.inbox.words == [], "a code is nobody's message"


async def test_two_processes_and_a_restart_send_it_once(yard: Yard) -> None:
    group = await yard.group()
    bulletin = yard.line.channel._bulletin
    assert bulletin is not None
    another = asyncio.create_task(bulletin.run())
    await yard.until(BEGINS + HOUR)
    another.cancel()
    assert len(told(group)) == 1
    restarted = asyncio.create_task(bulletin.run())
    await asyncio.sleep(5 * MINUTE)
    restarted.cancel()
    assert len(told(group)) == 1


class NotNoted(SqlDigests):
    """Broken: whoever asks may send. Both have looked before either notes anything."""

    both: asyncio.Barrier

    async def claim(self, waiting: Waiting, week: int | None) -> bool:
        await self.both.wait()
        await super().claim(waiting, week)
        return True


async def test_without_the_note_two_processes_would_both_send_it(open_yard: Any) -> None:
    NotNoted.both = asyncio.Barrier(2)
    async with open_yard(kept=NotNoted) as yard:
        group = await yard.group()
        bulletin = yard.line.channel._bulletin
        another = asyncio.create_task(bulletin.run())
        await yard.until(BEGINS + HOUR)
        another.cancel()
        assert len(told(group)) == 2


@pytest.mark.parametrize("fault", [Down(), Hangs(), Resets()])
async def test_while_telegram_is_away_it_is_tried_again(yard: Yard, fault: Any) -> None:
    group = await yard.group()
    await yard.until(BEGINS - 2 * MINUTE)
    heal = yard.line.telegram.faults.add(fault)
    await yard.until(BEGINS)
    await asyncio.sleep(10 * MINUTE)
    assert told(group) == []
    heal()
    await asyncio.sleep(20 * MINUTE)
    assert told(group) == [f"Tuần {yard.week}"]


async def test_after_tuesday_evening_it_is_too_late(yard: Yard) -> None:
    group = await yard.group()
    await yard.until(BEGINS - 2 * MINUTE)
    heal = yard.line.telegram.faults.add(Down())
    await yard.until(BEGINS)
    await yard.until(ENDS + MINUTE)
    heal()
    await asyncio.sleep(20 * MINUTE)
    assert told(group) == []
    await yard.until(BEGINS + HOUR)
    assert told(group) == [f"Tuần {yard.week}"]


@pytest.mark.parametrize("breaks", [True, False])
async def test_an_answer_that_is_lost_is_not_sent_again(yard: Yard, breaks: bool) -> None:
    group = await yard.group()
    await yard.until(BEGINS - 2 * MINUTE)
    yard.line.telegram.faults.add(LosesAnswer(breaks), method="sendMessage", chat=group.id)
    await yard.until(BEGINS)
    await asyncio.sleep(20 * MINUTE)
    assert len(told(group)) == 1


async def test_a_group_that_put_the_bot_out_is_marked_until_it_is_switched_on_again(yard: Yard) -> None:
    gone, stays = await yard.group(), await yard.group()
    gone.removes_bot()
    await yard.until(BEGINS + HOUR)
    assert (told(gone), len(told(stays))) == ([], 1)
    first, second = await yard.digests.kept.entries(yard.now())
    assert first.lost_at > 0
    assert second.lost_at == 0
    gone.adds_bot()
    await yard.digests.kept.rest(first.id, False)
    await asyncio.sleep(5 * MINUTE)
    assert told(gone) == [], "it is noted for this week"
    await yard.until(BEGINS + HOUR)
    assert (len(told(gone)), len(told(stays))) == (1, 2)


async def test_a_group_that_grew_gets_it_where_it_is_now(yard: Yard) -> None:
    group = await yard.group()
    grown = group.grows()
    await yard.until(BEGINS + HOUR)
    assert len(told(grown)) == 1
    assert [one.address for one in await yard.digests.kept.waiting(TELEGRAM, yard.week + 1)] == [
        str(grown.id)
    ]


async def test_not_before_the_week_is_summed_up(yard: Yard) -> None:
    group = await yard.group()
    yard.sums.until = begins_at(week_at(yard.now()) + 1) - 1
    await yard.until(BEGINS + HOUR)
    assert told(group) == []
    yard.sums.until = None
    await asyncio.sleep(60)
    assert len(told(group)) == 1


async def test_a_trial_comes_at_once_and_takes_nothing_away(yard: Yard) -> None:
    group = await yard.group()
    [entry] = await yard.digests.kept.entries(yard.now())
    assert await yard.digests.try_out(entry.id)
    await asyncio.sleep(3)
    assert group.chat[-1].text.startswith("Bản gửi thử.\n\nTuần")
    await yard.until(BEGINS + HOUR)
    assert len(told(group)) == 1
    assert sum(message.text.startswith("Bản gửi thử") for message in group.chat) == 1


async def test_a_wrong_code_enrols_nobody_and_is_answered(yard: Yard) -> None:
    lan = yard.line.telegram.person("Lan")
    await lan.starts()
    await lan.says("/bantin ABCDEFGH")
    await asyncio.sleep(5)
    assert lan.chat[-1].text.startswith("Mã này đã hết hạn")
    assert await yard.digests.kept.entries(yard.now()) == []


async def test_without_digests_the_words_are_a_message_like_any_other(line: Line) -> None:
    async with line.tended():
        lan = line.telegram.person("Lan")
        await lan.says("/bantin ABCDEFGH")
        await line.inbox.has(1)
    assert line.inbox.words == ["/bantin ABCDEFGH"]


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ("/bantin ABCDEFG2", "supergroup", "ABCDEFG2"),
        ("/bantin@huongdan_bot abcdefg2 ", "group", "abcdefg2"),
        ("/start bantin_ABCDEFG2", "private", "ABCDEFG2"),
        ("/start@huongdan_bot bantin_ABCDEFG2", "supergroup", "ABCDEFG2"),
        ("/bantin ABCDEFG2", "channel", None),
        ("/bantin ABCDEFG", "private", None),
        ("/bantin ABCDEFG1", "private", None),
        ("bantin ABCDEFG2", "group", None),
    ],
)
def test_how_a_code_is_typed(words: str, kind: str, code: str | None) -> None:
    update = {"update_id": 1, "message": {"chat": {"id": -5, "type": kind}, "text": words}}
    one = heard(json.dumps(update).encode())
    assert one is not None
    assert one.door == (Joins(-5, code) if code else None)
