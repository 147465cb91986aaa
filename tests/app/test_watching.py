"""A volunteer's words on their way to a resident: said, held, released; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text
from web_world import small_book

from bot.app.accounts import Account, Role
from bot.app.bell import Bell
from bot.app.dangers import Danger
from bot.app.handoff import Handoff
from bot.app.ports import Acted, Kept
from bot.app.watching import Held, Said, Undecided, Waiting, Watching, may_freeze
from bot.app.withheld import Fate
from bot.core.contact import Contact
from bot.core.dialogue import Turn
from bot.core.events import Move, TicketClosed, TicketMoved, TicketOpened
from bot.core.message import Address, Incoming, Picture, Reply
from bot.core.session import State
from bot.core.ticket import LEASE, Closing, No, Reason, Refusal, Ticket, reported
from bot.language.guard import guarding
from bot.language.sieve import sift
from bot.store import watching as store_watching
from bot.store.desk_tables import people
from bot.store.open import SqlStore
from bot.store.tickets import SqlTickets
from bot.store.watching import SqlWithholding

NOW = 1_800_000_000
BOOK = small_book()
LAN = Account(1, "lan", "Lan", Role.VOLUNTEER)
HOA = Account(2, "hoa", "Hoa", Role.VOLUNTEER, watched=2)
MAI = Account(3, "mai", "Mai", Role.VOLUNTEER)
TAM = Account(4, "tam", "Tâm", Role.LEAD)
ORGANISER = Account(5, "to-chuc", "Hạnh", Role.ORGANISER)
EVERYBODY = (LAN, HOA, MAI, TAM, ORGANISER)
ASKS = "Bác đọc mã OTP cho cháu"


@dataclass
class Frozen:
    """Accounts that can be shut out."""

    people: dict[int, Account]

    async def by_id(self, person: int) -> Account | None:
        return self.people.get(person)

    async def disable(self, person: int, _: int) -> None:
        self.people[person] = replace(self.people[person], disabled=True)


class Yard:
    """A store, what stands on it, and a clock in hand."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = NOW
        self.bell = Bell()
        self.tickets = SqlTickets(store.backing)
        self.withheld = SqlWithholding(store.backing)
        self.handoff = Handoff(self.tickets, BOOK, self.bell, lambda: self.now, lambda: "seed")
        self.frozen = Frozen({account.id: account for account in EVERYBODY})
        self.on_duty = [MAI.id]
        self.watching = Watching(
            self.tickets, self.handoff, self.withheld, guarding("https://bot.xahoaxuan.vn"), sift, BOOK,
            self.bell, lambda: self.now, freezing=self.frozen, on_duty=self._on_duty,
        )  # fmt: skip

    async def _on_duty(self) -> list[int]:
        return self.on_duty

    async def ask(self, person: str, account: Account | None = None) -> str:
        """Somebody asks for help and `account` takes it; returns the ticket's key."""
        address = Address("web", person)
        asked = Incoming(address, f"{person}-hỏi-{self.now}", "người", seed=person)
        (taken,) = await self.store.take([asked], asking, self.now)
        assert not isinstance(taken, Exception)
        state = await self.store.state(address)
        assert state is not None
        assert state.ticket is not None
        if account is not None:
            assert isinstance(await self.handoff.claim(state.ticket.key, account.helper), Acted)
        return state.ticket.key

    async def report(self, person: str) -> None:
        """The resident presses «Báo người xấu»."""
        self.now += 1
        pressed = Incoming(Address("web", person), f"{person}-{self.now}", "báo", seed=person)
        (taken,) = await self.store.take([pressed], reporting(self.now), self.now)
        assert not isinstance(taken, Exception)

    async def heard(self, ticket: str) -> list[Reply]:
        """What volunteers said to the resident."""
        chat = await self.tickets.chat(ticket, 0, 50)
        assert chat is not None
        return [line.reply for line in chat.lines if line.reply.author]


def asking(state: State | None, message: Incoming, _: Callable[[], Kept], /) -> Turn:
    key = f"{message.address.id}{message.key[-3:]}".rjust(18, "0")
    ticket = Ticket(key, Reason.ASKED, NOW, "kich-hoat", "a" * 16, "mo-app")
    seq = state.seq + 1 if state else 1
    before = state.ticket if state else None
    closed = (TicketClosed(before, Closing.WITHDRAWN, NOW),) if before else ()
    after = State(Contact(), seq=seq, heard_at=NOW, ticket=ticket)
    return Turn(after, (Reply("Em gọi."),), (*closed, TicketOpened(ticket)))


def reporting(now: int) -> Any:
    def respond(state: State | None, _: Incoming, __: Callable[[], Kept], /) -> Turn:
        assert state is not None
        assert state.ticket is not None
        holder = state.ticket.holder
        assert holder is not None
        after = reported(state.ticket, holder.id, now)
        moved = TicketMoved(after, Move.REPORTED, now, holder.id)
        return Turn(replace(state, ticket=after, seq=state.seq + 1), (Reply("Em đã cắt."),), (moved,))

    return respond


@pytest.fixture
async def yard(store: SqlStore) -> Yard:
    def add(connection: Connection) -> None:
        for one in EVERYBODY:
            connection.execute(
                insert(people).values(
                    id=one.id, name=one.name, shown=one.shown, role=one.role.name.lower(), areas="",
                    skills="", most=3, watched=one.watched, created_at=NOW,
                )
            )  # fmt: skip

    await store._database.write(add)
    return Yard(store)


async def watched(yard: Yard, account: Account) -> int:
    query = text("SELECT watched FROM people WHERE id = :id")
    left = await yard.store._database.read(
        lambda connection: connection.execute(query, {"id": account.id}).scalar_one()
    )
    return int(left)


async def test_what_is_harmless_is_said_at_once_and_once(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    for _ in range(2):
        said = await yard.watching.say(LAN, ticket, "Bác đừng gửi mã OTP cho ai nhé", "k1")
        assert isinstance(said, Said)
    assert [reply.text for reply in await yard.heard(ticket)] == ["Bác đừng gửi mã OTP cho ai nhé"]
    assert await yard.watching.to_see(TAM) == []


async def test_what_is_dangerous_is_held_explained_and_shown_to_leads_only(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    rung = asyncio.create_task(yard.bell.wait(0, 5))
    await asyncio.sleep(0)
    held = await yard.watching.say(LAN, ticket, ASKS, "k1")
    assert isinstance(held, Held)
    assert held.why == (Danger.CODE,)
    assert "mã OTP" in held.sentence
    assert await rung
    assert await yard.watching.say(LAN, ticket, ASKS, "k1") == held
    assert await yard.heard(ticket) == []
    assert await yard.watching.to_see(MAI) == []
    assert await yard.watching.to_see(LAN) == []
    (one,) = await yard.watching.to_see(TAM)
    assert (one.text, one.name, one.why, one.holds) == (ASKS, "Lan", (Danger.CODE,), True)
    assert await yard.watching.count(TAM) == 1
    assert await yard.watching.count(LAN) == 0


async def test_numbers_in_a_helpers_words_are_masked_before_they_are_kept(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    held = await yard.watching.say(LAN, ticket, "Số cháu là 0912 345 678 bác nhé", "k1")
    assert isinstance(held, Held)
    assert held.why == (Danger.OTHER_CHANNEL,)
    (one,) = await yard.watching.to_see(TAM)
    assert "0912" not in one.text
    assert "[số điện thoại]" in one.text


async def test_a_lead_releases_under_the_authors_name_and_it_is_no_sign_of_life(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    picture = Picture("vneid-start", "Kích hoạt", "Màn hình đầu")
    await yard.watching.say(LAN, ticket, ASKS, "k1", picture)
    (one,) = await yard.watching.to_see(TAM)
    yard.now += 100
    assert isinstance(await yard.watching.release(TAM, one.id), Said)
    (reply,) = await yard.heard(ticket)
    assert (reply.text, reply.author, reply.picture) == (ASKS, "Lan", picture)
    request = await yard.tickets.request(ticket)
    assert request is not None
    assert request.until == NOW + LEASE
    assert await yard.watching.release(ORGANISER, one.id) is Undecided.GONE
    assert await yard.watching.refuse(ORGANISER, one.id) is Undecided.GONE
    assert len(await yard.heard(ticket)) == 1
    assert isinstance(await yard.watching.say(LAN, ticket, ASKS, "k1"), Said)
    assert len(await yard.heard(ticket)) == 1


async def test_two_leads_release_at_the_same_moment_and_it_is_said_once(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    await yard.watching.say(LAN, ticket, ASKS, "k1")
    (one,) = await yard.watching.to_see(TAM)
    done = await asyncio.gather(*(yard.watching.release(account, one.id) for account in (TAM, ORGANISER) * 3))
    assert sum(isinstance(one, Said) for one in done) == 1
    assert len(await yard.heard(ticket)) == 1


async def test_what_was_refused_is_not_sent_and_the_word_is_for_its_author(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    await yard.watching.say(LAN, ticket, ASKS, "k1")
    (one,) = await yard.watching.to_see(TAM)
    assert await yard.watching.refuse(TAM, one.id, "Đừng hỏi mã nhé, gọi 0912345678") is None
    chat = await yard.tickets.chat(ticket, 0, 50)
    assert chat is not None
    (note,) = [entry for entry in chat.log if entry.kind == "mention"]
    assert (note.who, note.to) == (TAM.id, LAN.id)
    assert "0912345678" not in note.text
    assert isinstance(await yard.watching.say(LAN, ticket, ASKS, "k1"), Held)
    assert await yard.watching.to_see(TAM) == []
    assert await yard.heard(ticket) == []


async def test_nothing_is_released_for_somebody_who_has_the_chat_no_more(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    await yard.watching.say(LAN, ticket, ASKS, "k1")
    (one,) = await yard.watching.to_see(TAM)
    assert isinstance(await yard.handoff.hand_to(ticket, LAN.helper, MAI.helper, ""), Acted)
    done = await yard.watching.release(TAM, one.id)
    assert isinstance(done, Refusal)
    assert await yard.heard(ticket) == []
    assert (await yard.watching.mine(LAN, ticket))[0].fate is Fate.LAPSED
    assert await yard.watching.to_see(TAM) == []


async def test_whoever_does_not_hold_the_chat_is_refused_and_nothing_is_kept(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    for words in ("Bác làm đúng rồi", ASKS):
        refusal = await yard.watching.say(MAI, ticket, words, "k1")
        assert isinstance(refusal, Refusal)
        assert (refusal.why, refusal.name) == (No.NOT_YOURS, "Lan")
    assert await yard.watching.mine(MAI, ticket) == []


async def test_said_another_way_the_first_stays_to_be_looked_at_only(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    await yard.watching.say(LAN, ticket, ASKS, "k1")
    assert isinstance(await yard.watching.say(LAN, ticket, "Bác tự nhập mã OTP vào VNeID nhé", "k2"), Said)
    (one,) = await yard.watching.to_see(TAM)
    assert one.fate is Fate.REWRITTEN
    assert await yard.watching.release(TAM, one.id) is Undecided.GONE
    assert await yard.watching.looked(TAM, one.id) is None
    assert await yard.watching.to_see(TAM) == []


async def test_a_question_in_two_messages_is_held_at_the_second(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    assert isinstance(await yard.watching.say(LAN, ticket, "Bác nhận được mã OTP chưa ạ?", "k1"), Said)
    assert isinstance(await yard.watching.say(LAN, ticket, "gửi cháu nhé", "k2"), Held)
    yard.now += 601
    await yard.handoff.claim(ticket, LAN.helper)
    assert isinstance(await yard.watching.say(LAN, ticket, "gửi cháu nhé", "k3"), Said)


async def test_what_was_said_before_the_line_broke_is_not_held_for_it(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    assert isinstance(await yard.watching.say(LAN, ticket, "Gửi cháu", "k1"), Said)
    assert isinstance(await yard.watching.say(LAN, ticket, "Mã OTP về chưa bác?", "k2"), Said | Held)
    assert isinstance(await yard.watching.say(LAN, ticket, "Gửi cháu", "k1"), Said)


async def test_a_newcomers_words_wait_for_others_who_are_not_new_and_on_duty(yard: Yard) -> None:
    ticket = await yard.ask("a", HOA)
    assert isinstance(await yard.watching.say(HOA, ticket, "Chào bác, cháu giúp bác nhé", "k1"), Waiting)
    assert isinstance(await yard.watching.say(HOA, ticket, "Chào bác, cháu giúp bác nhé", "k1"), Waiting)
    assert await yard.heard(ticket) == []
    (one,) = await yard.watching.to_see(MAI)
    assert await yard.watching.to_see(LAN) == []  # not on duty
    assert await yard.watching.release(LAN, one.id) is Undecided.NOT_YOU
    assert await yard.watching.release(HOA, one.id) is Undecided.NOT_YOU
    held = await yard.watching.release(MAI, one.id, ASKS)
    assert isinstance(held, Held)
    done = await yard.watching.release(MAI, one.id, "Chào bác, cháu tên Hoa ạ")
    assert isinstance(done, Said)
    assert [reply.text for reply in await yard.heard(ticket)] == ["Chào bác, cháu tên Hoa ạ"]
    assert isinstance(await yard.watching.say(HOA, ticket, ASKS, "k2"), Held)
    assert await yard.watching.to_see(MAI) == []
    assert len(await yard.watching.to_see(TAM)) == 1


async def test_a_newcomer_is_less_new_with_each_conversation_that_was_seen(yard: Yard) -> None:
    ticket = await yard.ask("a", HOA)
    await yard.watching.say(HOA, ticket, "Chào bác", "k1")
    (one,) = await yard.watching.to_see(MAI)
    await yard.watching.release(MAI, one.id)
    closed = await yard.handoff.close(ticket, HOA.helper, Closing.SOLVED, "", "", "c1")
    assert isinstance(closed, Acted)
    assert await watched(yard, HOA) == 1
    silent = await yard.ask("b", HOA)
    assert isinstance(await yard.handoff.close(silent, HOA.helper, Closing.SOLVED, "", ""), Acted)
    assert await watched(yard, HOA) == 1
    other = await yard.ask("c", LAN)
    assert isinstance(await yard.handoff.close(other, LAN.helper, Closing.SOLVED, "", ""), Acted)
    assert await watched(yard, LAN) == 0


async def test_what_a_newcomer_wrote_leaves_the_list_with_the_chat(yard: Yard) -> None:
    ticket = await yard.ask("a", HOA)
    await yard.watching.say(HOA, ticket, "Chào bác", "k1")
    await yard.handoff.give_back(ticket, HOA.helper)
    assert await yard.watching.to_see(TAM) == []


async def test_one_click_shuts_somebody_out_and_nothing_of_theirs_is_sent(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    await yard.watching.say(LAN, ticket, ASKS, "k1")
    (one,) = await yard.watching.to_see(TAM)
    assert await yard.watching.freeze(MAI, LAN.id) is Undecided.NOT_YOU
    assert await yard.watching.freeze(TAM, ORGANISER.id) is Undecided.NOT_YOU
    assert await yard.watching.freeze(TAM, 99) is Undecided.GONE
    assert await yard.watching.freeze(TAM, LAN.id) is None
    assert yard.frozen.people[LAN.id].disabled
    assert await yard.watching.release(ORGANISER, one.id) is Undecided.GONE


async def test_two_residents_reports_shut_somebody_out(yard: Yard) -> None:
    for person, count in (("a", 1), ("b", 2)):
        await yard.ask(person, LAN)
        await yard.report(person)
        await yard.watching.freeze_reported()
        assert yard.frozen.people[LAN.id].disabled == (count > 1)
    first, second = await yard.watching.complaints(TAM)
    assert (first.name, second.person, second.count) == ("Lan", LAN.id, 2)
    assert await yard.watching.complaints(MAI) == []
    assert await yard.watching.count(TAM) == 2
    assert await yard.watching.looked_at_complaint(MAI, first.id) is Undecided.NOT_YOU
    assert await yard.watching.looked_at_complaint(TAM, first.id) is None
    assert await yard.watching.looked_at_complaint(TAM, first.id) is Undecided.GONE
    assert [one.id for one in await yard.watching.complaints(TAM)] == [second.id]
    yard.frozen.people[LAN.id] = LAN  # an organiser lets them in again
    await yard.watching.freeze_reported()
    assert not yard.frozen.people[LAN.id].disabled


async def test_one_resident_cannot_shut_somebody_out_alone_nor_anybody_an_organiser(yard: Yard) -> None:
    for _ in range(3):
        await yard.ask("a", LAN)
        await yard.report("a")
    for person in ("b", "c", "d"):
        await yard.ask(person, ORGANISER)
        await yard.report(person)
    await yard.watching.freeze_reported()
    assert not any(account.disabled for account in yard.frozen.people.values())


async def test_reports_of_long_ago_do_not_count(yard: Yard) -> None:
    await yard.ask("a", LAN)
    await yard.report("a")
    await yard.watching.freeze_reported()
    yard.now += 31 * 86400
    await yard.ask("b", LAN)
    await yard.report("b")
    await yard.watching.freeze_reported()
    assert not yard.frozen.people[LAN.id].disabled


async def test_a_report_outlives_the_conversation_and_what_was_held_goes_with_it(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    await yard.watching.say(LAN, ticket, ASKS, "k1")
    await yard.report("a")
    await yard.store.purge(NOW + 31 * 86400)
    assert await yard.watching.to_see(TAM) == []
    (one,) = await yard.withheld.complaints(0)
    assert (one.number, one.person, one.count) == (0, LAN.id, 1)
    await yard.store.purge(NOW + 91 * 86400)
    assert await yard.withheld.complaints(0) == []


async def test_what_is_held_is_sealed(yard: Yard) -> None:
    ticket = await yard.ask("a", LAN)
    await yard.watching.say(LAN, ticket, ASKS, "k1")
    rows = await yard.store._database.read(
        lambda connection: connection.execute(text("SELECT * FROM held")).all()
    )
    assert ASKS.encode() not in repr(rows).encode()
    assert "OTP" not in repr(rows)


async def test_a_release_that_looks_first_and_writes_later_says_it_twice(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of deciding once."""
    ticket = await yard.ask("a", LAN)
    await yard.watching.say(LAN, ticket, ASKS, "k1")
    (one,) = await yard.watching.to_see(TAM)
    monkeypatch.setattr(store_watching, "_decide", lambda *_: True)
    await asyncio.gather(yard.watching.release(TAM, one.id), yard.watching.release(ORGANISER, one.id))
    assert len(await yard.heard(ticket)) == 2


def test_who_may_decide_and_shut_out() -> None:
    assert may_freeze(TAM, LAN)
    assert may_freeze(ORGANISER, TAM)
    assert not may_freeze(TAM, replace(TAM, id=9))
    assert not may_freeze(ORGANISER, ORGANISER)
    assert not may_freeze(LAN, MAI)


@pytest.mark.parametrize(
    "drops",
    [
        ["gửi", "cho cháu", "mã", "OTP"],
        ["bác ơi", "gửi", "cháu", "cái", "mã", "O", "T", "P", "nhé"],
        ["mã OTP ạ", "dạ", "vâng", "gửi cháu nhé"],
        ["b", "á", "c", "g", "ử", "i", "m", "ã", "O", "T", "P", "n", "h", "é"],
    ],
)
async def test_a_question_let_out_in_drops_is_held(yard: Yard, drops: list[str]) -> None:
    ticket = await yard.ask("bác", LAN)
    told = []
    for number, drop in enumerate(drops):
        yard.now += 5
        told.append(await yard.watching.say(LAN, ticket, drop, f"k{number}"))
    assert any(isinstance(one, Held) for one in told)


async def test_short_answers_in_a_row_are_not_held(yard: Yard) -> None:
    ticket = await yard.ask("bác", LAN)
    said = [
        "Dạ",
        "Vâng ạ",
        "Bác bấm nút Đăng nhập",
        "Rồi ạ",
        "Giờ bác thấy gì?",
        "Đúng rồi ạ",
        "Bác gõ mã vào ô đó nhé",
    ]
    for number, words in enumerate(said):
        yard.now += 5
        assert isinstance(await yard.watching.say(LAN, ticket, words, f"k{number}"), Said), words


async def test_two_halves_at_the_same_moment_are_held(yard: Yard) -> None:
    ticket = await yard.ask("bác", LAN)
    halves = ("Bác đọc cho cháu", "mã OTP với ạ")
    told = await asyncio.gather(
        *(yard.watching.say(LAN, ticket, half, f"k{number}") for number, half in enumerate(halves))
    )
    assert any(isinstance(one, Held) for one in told)


async def test_without_taking_turns_both_halves_get_through(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watching, "_turn_of", lambda *_: asyncio.Lock())
    looked, both = [], asyncio.Event()
    chat = yard.tickets.chat

    async def together(*which: Any) -> Any:
        seen = await chat(*which)
        looked.append(seen)
        if len(looked) == 2:
            both.set()
        await both.wait()
        return seen

    monkeypatch.setattr(yard.tickets, "chat", together)
    ticket = await yard.ask("bác", LAN)
    halves = ("Bác đọc cho cháu", "mã OTP với ạ")
    told = await asyncio.gather(
        *(yard.watching.say(LAN, ticket, half, f"k{number}") for number, half in enumerate(halves))
    )
    assert all(isinstance(one, Said) for one in told)


async def test_nothing_that_turns_the_line_round_reaches_anybody(yard: Yard) -> None:
    ticket = await yard.ask("bác", LAN)
    said = await yard.watching.say(LAN, ticket, "\u202euáhc ohc PTO ãm iửg cáb\u202c", "k1")
    assert isinstance(said, Said)
    (heard,) = await yard.heard(ticket)
    assert "\u202e" not in heard.text
