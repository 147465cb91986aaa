"""The doorbell in the volunteers' group: true, not too talkative, and pressed by volunteers alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from bot.app.bell import DESK, Bell
from bot.app.doorbell import Doorstep, Enrolment, Group
from bot.app.handoff import Handoff
from bot.channels.telegram.doorbell import Doorbell
from bot.core.book import Book
from bot.core.message import Address, Reply
from bot.core.ticket import Closing
from bot.store.doorbells import SqlDoorbells
from bot.store.journal import SqlJournal
from bot.store.store import SqlStore
from bot.store.tickets import SqlTickets
from tests.books import book_of, small_root
from tests.channels.telegram.conftest import WEB, Line, OpenLine
from tests.platforms.clock import calendar
from tests.platforms.telegram import Group as Place
from tests.platforms.telegram import Message, Person, Refuses, TooMany
from tests.waiting import account, asks, is_shut_out, joins

MINUTE = 60


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


@dataclass
class Yard:
    """Volunteers with a group, and the bot in it."""

    line: Line
    store: SqlStore
    step: Doorstep
    enrolment: Enrolment
    place: Place
    now: Callable[[], int]

    async def wait(self, seconds: float = 20) -> None:
        """So much time passes, and the desk is looked at in it."""
        self.step.bell.ring((DESK,))
        await asyncio.sleep(seconds)

    async def enrolled(self, id: int, shown: str, **more: Any) -> Person:
        """A volunteer whose Telegram account may press."""
        one = await joins(self.store, account(id, shown, **more))
        person = self.line.telegram.person(shown)
        await person.starts(await self.enrolment.offer(one))
        await self.wait(5)
        return person

    def shown(self) -> list[str]:
        """What stands in the group, without the guide's name and the commune."""
        return [_short(message) for message in self.place.chat]

    async def press(self, person: Person, on: Message | None = None) -> str | None:
        await person.presses("Nhận", on=on or self.place.chat[-1])
        await asyncio.sleep(3)
        return person.presses_made[-1].shown


def _short(message: Message) -> str:
    parts = message.text.split(" · ")
    return " · ".join((parts[0], *parts[-1:])) if len(parts) > 2 else message.text


@pytest.fixture
async def open_yard(open_line: OpenLine, sqlite_store: SqlStore, book: Book) -> Any:
    @asynccontextmanager
    async def yard(mode: str = "polling", **settings: Any) -> AsyncIterator[Yard]:
        basic = settings.pop("basic", False)
        now = calendar()
        bell = Bell()
        tickets, doorbells = SqlTickets(sqlite_store.backing), SqlDoorbells(sqlite_store.backing)
        handoff = Handoff(tickets, book, bell, now, lambda: "seed")

        # the number of the group is known only when the simulated Telegram is there
        group = Group(sqlite_store, 0, now)
        journal = SqlJournal(sqlite_store.backing, now)
        step = Doorstep(group, doorbells, tickets, handoff, book, bell, now, WEB, journal)
        async with open_line(mode, doorstep=step, **settings) as line:
            place = line.telegram.group(basic=basic)
            group._configured = place.id
            codes = iter(f"{n:032x}" for n in range(1, 100))
            enrolment = Enrolment(doorbells, now, lambda _: next(codes))
            async with line.tended():
                await asyncio.sleep(2)
                yield Yard(line, sqlite_store, step, enrolment, place, now)

    return yard


@pytest.fixture
async def yard(open_yard: Any) -> AsyncIterator[Yard]:
    async with open_yard() as opened:
        yield opened


async def test_one_message_for_each_ticket_kept_true(yard: Yard) -> None:
    lan = account(1, "Lan")
    await joins(yard.store, lan)
    key = await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait()
    [message] = yard.place.chat
    flow = yard.step.book.flows["thu"]
    assert message.text.startswith(f"Phiếu 1 · {flow.title}")
    assert message.buttons == ("Nhận", "Mở bàn trực")
    assert message.keys[1].url == f"{WEB}/desk/c/{key}"
    await yard.step.handoff.claim(key, lan.helper)
    await yard.wait()
    [message] = yard.place.chat
    assert "Lan đang giúp, từ " in message.text
    assert message.buttons == ("Mở bàn trực",)
    await yard.step.handoff.give_back(key, lan.helper)
    await yard.wait()
    [message] = yard.place.chat
    assert "chờ " in message.text
    assert "Nhận" in message.buttons
    await yard.step.handoff.claim(key, lan.helper)
    await asyncio.sleep(9 * MINUTE)
    await yard.step.handoff.close(key, lan.helper, Closing.SOLVED, "", "")
    await yard.wait()
    assert yard.shown() == ["Phiếu 1 · xong sau 10 phút"]
    assert await yard.step.doorbells.hung() == ()


async def test_the_waiting_time_is_refreshed_now_and_then(yard: Yard) -> None:
    await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait(62 * MINUTE)
    edits = yard.line.telegram.calls.of("editMessageText")
    assert [call.params["text"].split(" · ")[-1].split(",")[0] for call in edits] == [
        "chờ 5 phút",
        "chờ 10 phút",
        "chờ 20 phút",
        "chờ 30 phút",
        "chờ 1 giờ",
    ]


async def test_a_crowd_keeps_to_the_group_s_pace_and_the_new_come_first(yard: Yard) -> None:
    keys = [await asks(yard.store, f"Người {n}", yard.now()) for n in range(30)]
    helper = account(1, "Lan", most=40)
    await joins(yard.store, helper)
    await yard.wait(40)
    for key in keys:
        await yard.step.handoff.claim(key, helper.helper)
    await asks(yard.store, "Người mới", yard.now())
    await yard.wait(9)
    assert yard.place.chat[-1].text.startswith("Phiếu 31 ")
    await asyncio.sleep(300)
    assert yard.line.telegram.calls.too_fast() == []
    assert all("đang giúp" in message.text for message in yard.place.chat[:-1])
    assert len(yard.place.chat) < 31, "who is helped already needs no bell"


async def test_no_word_and_no_name_of_a_resident(yard: Yard) -> None:
    await asks(yard.store, "Bà Tư", yard.now(), error="loi-bi-mat")
    await yard.wait()
    sent = json.dumps([call.params for call in yard.line.telegram.calls], ensure_ascii=False)
    assert "Bà Tư" not in sent
    assert "loi-bi-mat" not in sent
    assert "Em gọi người" not in sent


# --- presses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_volunteer_takes_a_ticket_in_the_group(open_yard: Any, mode: str) -> None:
    box: list[Line] = []

    async def post(url: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        webhook = box[0].channel.webhook
        assert webhook is not None
        posted = await webhook.take(pairs, body)
        return posted.status, {"content-type": "application/json"}, posted.body

    async with open_yard(mode, post=post) as yard:
        box.append(yard.line)
        await asyncio.sleep(1)
        lan = await yard.enrolled(1, "Lan")
        assert [message.text for message in lan.chat] == [
            "Xong rồi, Lan. Từ giờ bạn bấm «Nhận» ngay trong nhóm được."
        ]
        key = await asks(yard.store, "Bà Tư", yard.now())
        await yard.wait()
        assert await yard.press(lan) == "Bạn đã nhận phiếu 1. Mở bàn trực để trả lời."
        request = await yard.step.tickets.request(key)
        assert request is not None
        assert (request.holder, request.holder_name) == (1, "Lan")
        await yard.wait()
        assert "Lan đang giúp" in yard.place.chat[0].text
        assert yard.line.inbox.taken == [], "nothing of this is a resident's"
        assert yard.line.telegram.unanswered() == []


async def test_who_comes_second_hears_who_has_it_and_since_when(yard: Yard) -> None:
    lan, nam = await yard.enrolled(1, "Lan"), await yard.enrolled(2, "Nam")
    await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait()
    before = yard.place.chat[-1]
    await yard.press(lan)
    told = await yard.press(nam, before)
    assert told is not None
    assert told.startswith("Lan đã nhận phiếu này, từ ")
    assert await yard.press(lan, before) == "Bạn đã nhận phiếu 1. Mở bàn trực để trả lời."


async def test_the_rules_of_the_desk_hold_in_the_group(yard: Yard) -> None:
    lan = await yard.enrolled(1, "Lan", most=1)
    await asks(yard.store, "Bà Tư", yard.now())
    await asks(yard.store, "Ông Năm", yard.now())
    await yard.wait()
    first, second = yard.place.chat
    await yard.press(lan, first)
    assert await yard.press(lan, second) == (
        "Bạn đang giúp đủ số người rồi. Xong một người rồi nhận tiếp nhé."
    )


async def test_strangers_and_those_who_were_shut_out_get_kind_words(yard: Yard) -> None:
    stranger, nam = yard.line.telegram.person("Lạ"), await yard.enrolled(2, "Nam")
    await is_shut_out(yard.store, 2, yard.now())
    key = await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait()
    for person in (stranger, nam):
        told = await yard.press(person)
        assert told is not None
        assert "dành cho tình nguyện viên đã ghi danh" in told
    request = await yard.step.tickets.request(key)
    assert request is not None
    assert request.holder == 0


async def test_presses_in_other_groups_do_nothing(yard: Yard) -> None:
    lan = await yard.enrolled(1, "Lan")
    key = await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait()
    other = yard.line.telegram.group("Nhóm khác")
    copy = Message(9_000, other.id, yard.now(), "Phiếu 1", rows=yard.place.chat[0].rows)
    other.room.put(copy)
    assert await yard.press(lan, copy) == "", "it stops spinning"
    request = await yard.step.tickets.request(key)
    assert request is not None
    assert request.holder == 0


async def test_what_members_say_is_not_heard(yard: Yard) -> None:
    nam = yard.line.telegram.person("Nam")
    for words in ("chào cả nhà", "/start", "/start ghidanh_" + "0" * 32):
        await nam.says(words, group=yard.place)
    await yard.wait()
    assert yard.line.inbox.taken == []
    assert yard.place.chat == []


async def test_a_link_enrols_once_and_in_time(yard: Yard) -> None:
    one = await joins(yard.store, account(1, "Lan"))
    lan, thief = yard.line.telegram.person("Lan"), yard.line.telegram.person("Khác")
    old = await yard.enrolment.offer(one)
    code = await yard.enrolment.offer(one)
    for person, given in ((thief, old), (lan, code), (thief, code), (lan, code)):
        await person.starts(given)
        await asyncio.sleep(3)
    assert [message.text.split(".")[0] for message in lan.chat] == [
        "Xong rồi, Lan",
        "Bạn đã ghi danh từ trước, không cần làm lại",
    ]
    assert all("hết hạn hoặc đã dùng" in message.text for message in thief.chat)
    assert len(thief.chat) == 2
    late = await yard.enrolment.offer(one)
    await asyncio.sleep(15 * MINUTE)
    await thief.starts(late)
    await asyncio.sleep(3)
    assert "hết hạn" in thief.chat[-1].text
    await yard.enrolment.leave(one)
    assert not await yard.enrolment.is_enrolled(one)
    assert await yard.step.doorbells.presser(str(lan.id)) is None


async def test_the_database_alone_names_no_telegram_account(yard: Yard) -> None:
    lan = await yard.enrolled(1, "Lan")
    rows = await yard.store.backing.database.read(
        lambda connection: connection.execute(text("SELECT telegram FROM people")).all()
    )
    [[hash]] = rows
    assert hash is not None
    assert str(lan.id).encode() not in bytes(hash)
    assert bytes(hash) != yard.store.backing.vault.hash_address(Address("telegram", str(lan.id)))


async def test_without_a_doorbell_the_link_greets_like_any_other(line: Line) -> None:
    lan = line.telegram.person("Lan")
    async with line.tended():
        await lan.starts("ghidanh_" + "0" * 32)
        await asyncio.sleep(3)
    assert line.inbox.words == ["/start"]


# --- what goes wrong in groups --------------------------------------------------------------------------


async def test_a_deleted_message_comes_back_when_it_changes(yard: Yard) -> None:
    key = await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait()
    yard.place.deletes(yard.place.chat[0])
    await yard.wait(6 * MINUTE)
    assert yard.shown() == ["Phiếu 1 · " + yard.place.chat[0].text.split(" · ")[-1]]
    yard.place.deletes(yard.place.chat[0])
    lan = account(1, "Lan")
    await joins(yard.store, lan)
    await yard.step.handoff.claim(key, lan.helper)
    await yard.wait()
    assert yard.place.chat == [], "who is being helped needs no bell"
    await yard.step.handoff.give_back(key, lan.helper)
    await yard.wait()
    assert len(yard.place.chat) == 1
    yard.place.deletes(yard.place.chat[0])
    await yard.step.handoff.claim(key, lan.helper)
    await yard.step.handoff.close(key, lan.helper, Closing.SOLVED, "", "")
    await yard.wait()
    assert await yard.step.doorbells.hung() == ()


async def test_a_group_that_grew_is_followed(open_yard: Any) -> None:
    async with open_yard(basic=True) as yard:
        await asks(yard.store, "Bà Tư", yard.now())
        await yard.wait()
        assert len(yard.place.chat) == 1
        grown = yard.place.grows()
        await asks(yard.store, "Ông Năm", yard.now())
        await yard.wait(30)
        assert sorted(message.text.split(" · ")[0] for message in grown.chat) == ["Phiếu 1", "Phiếu 2"]
        assert await yard.step.group.id() == grown.id
        again = Group(yard.store, yard.place.id, yard.now)
        assert await again.id() == grown.id, "kept for the next start"
        assert await Group(yard.store, -77, yard.now).id() == -77, "another setting wins"
        lan = await yard.enrolled(1, "Lan")
        assert await yard.press(lan, grown.chat[0]) is not None


async def test_a_bot_that_was_removed_is_missed_and_comes_back(yard: Yard) -> None:
    await asks(yard.store, "Bà Tư", yard.now())
    yard.place.removes_bot()
    await yard.wait()
    assert await yard.step.group.is_lost()
    assert [where for where, _ in yard.line.reports] == ["telegram doorbell"]
    await asks(yard.store, "Ông Năm", yard.now())
    await asyncio.sleep(20 * MINUTE)
    assert len(yard.line.reports) == 1, "told once, not at each try"
    assert len(yard.line.telegram.calls.to(yard.place.id)) < 8
    _, address = await yard.line.lan()
    assert await yard.line.channel.send(address, Reply("Chào bác"), 0) == 1, "chats go on"
    yard.place.adds_bot()
    await asyncio.sleep(6 * MINUTE)
    assert not await yard.step.group.is_lost()
    assert len(yard.place.chat) == 2


async def test_a_closed_topic_is_told_and_heals(yard: Yard) -> None:
    yard.place.closes_topic()
    await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait()
    assert await yard.step.group.is_lost()
    yard.place.room.closed = ""
    await asyncio.sleep(6 * MINUTE)
    assert not await yard.step.group.is_lost()
    assert len(yard.place.chat) == 1


async def test_it_waits_as_long_as_telegram_says(yard: Yard) -> None:
    yard.line.telegram.faults.add(TooMany(47), chat=yard.place.id, times=1)
    await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait(40)
    assert yard.place.chat == []
    await asyncio.sleep(30)
    assert len(yard.place.chat) == 1
    assert yard.line.telegram.calls.early() == []


async def test_an_edit_that_changes_nothing_is_no_fault(yard: Yard) -> None:
    key = await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait()
    unchanged = Refuses(400, "message is not modified: specified new message content is the same")
    yard.line.telegram.faults.add(unchanged, method="editMessageText", times=1)
    lan = account(1, "Lan")
    await joins(yard.store, lan)
    await yard.step.handoff.claim(key, lan.helper)
    await yard.wait()
    assert not await yard.step.group.is_lost()
    [hung] = await yard.step.doorbells.hung()
    assert hung.shown.startswith("held 1 ")
    assert hung.message


async def test_it_takes_a_restart_without_a_second_message(yard: Yard) -> None:
    await asks(yard.store, "Bà Tư", yard.now())
    await yard.wait()
    channel = yard.line.channel
    anew = asyncio.create_task(Doorbell(channel._calls, yard.step, channel._alarm, 3.1).run())
    await yard.wait()
    anew.cancel()
    await asyncio.wait([anew])
    assert len(yard.place.chat) == 1
