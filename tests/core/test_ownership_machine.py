"""Whatever residents, volunteers and the clock do, one of bot, queue and person owns the conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.content.deeds import DESKS
from bot.core import handoff, held, timing
from bot.core.book import Book
from bot.core.events import Move
from bot.core.message import Kind
from bot.core.outage import NO_OUTAGES
from bot.core.session import State
from bot.core.ticket import Closing, Helper, Ticket
from bot.core.ticket import claimed as ticket_claimed
from tests.core.ownership import HELPERS, House

TYPED = (
    *("1", "2", "3", "xong", "không được", "xyz qwk", "ừ", "thôi", "dừng", "menu", "quay lại", "làm tiếp"),
    *("gặp người", "thôi không cần người nữa", "báo người xấu", "giúp được rồi", "mã OTP là 123456"),
    *("/dung", "/riengtu", "/dulieu", "/xoa", "/menu", "xa 22291"),
    *("tôi muốn kích hoạt vneid", "quên mật khẩu rồi", "tôi bị lừa mất tiền rồi", "tổng đài số mấy"),
)

HELPING = st.integers(0, 9)
FAR = st.sampled_from([3, 3, 2, 1, 0])
ALL = (Closing.SOLVED, Closing.OFFICE, Closing.GONE)
SECONDS = st.sampled_from([5, 50, 70, 400, 700, 1900, 8 * 3600, 2 * 86400, 4 * 86400])


class Ownership(RuleBasedStateMachine):
    book: Book

    @initialize(
        desk=st.sampled_from(sorted(DESKS)),
        far=FAR,
        window=st.sampled_from([0, 0, 0, 48 * 3600]),
    )
    def arrive(self, desk: str, far: int, window: int) -> None:
        self.house = House(self.book, desk=DESKS["there" if far else desk], window=window)
        self.house.begin(far, HELPERS[0])

    @precondition(lambda self: self.house.state is None)
    @rule(far=FAR)
    def come_back(self, far: int) -> None:
        self.house.begin(far, HELPERS[1])

    @rule(text=st.sampled_from(TYPED))
    def type(self, text: str) -> None:
        self.house.say(text)

    @rule(number=st.integers(0, 40))
    def press(self, number: int) -> None:
        tokens = self.house.tokens
        self.house.press(tokens[min(number, len(tokens) - 1)])

    @rule(number=st.integers(0, 3))
    def press_the_newest(self, number: int) -> None:
        tokens = self.house.tokens
        self.house.press(tokens[min(number, len(tokens) - 1)])

    @rule(kind=st.sampled_from([Kind.PHOTO, Kind.VOICE, Kind.STICKER, Kind.UNSUPPORTED]))
    def send(self, kind: Kind) -> None:
        self.house.send(kind)

    @rule(really=st.integers(0, 5))
    def erase(self, really: int) -> None:
        self.house.say("/xoa")
        self.house.say("1" if really == 5 else "2")

    @rule(really=st.integers(0, 5))
    def block(self, really: int) -> None:
        if really == 5:
            self.house.block()

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        self.house.wait(seconds)

    @rule(desk=st.sampled_from(sorted(DESKS)))
    def shift(self, desk: str) -> None:
        self.house.desk = replace(DESKS[desk], downtime=self.house.desk.downtime)

    @rule()
    def outage(self) -> None:
        self.house.outage()

    @rule(helper=HELPING)
    def claim(self, helper: int) -> None:
        self.house.claim(self.house.who(helper))

    @rule(helper=HELPING)
    def take_over(self, helper: int) -> None:
        self.house.take_over(self.house.who(helper))

    @rule(helper=HELPING, rounds=st.sampled_from([1, 5]))
    def stay(self, helper: int, rounds: int) -> None:
        """The page is open and says so; the resident says nothing."""
        for _ in range(rounds):
            self.house.keep(self.house.who(helper))
            self.house.wait(500)

    @rule(helper=HELPING, number=st.integers(0, 9))
    def help_out(self, helper: int, number: int) -> None:
        """What mostly happens: somebody takes it, says something, and gives it back or closes."""
        self.house.claim(self.house.who(helper))
        self.house.speak(self.house.who(helper))
        if number < 6:
            self.house.hand_back(self.house.who(helper), "thu", number)
        else:
            self.house.close(self.house.who(helper), ALL[number % len(ALL)])

    @rule(helper=HELPING)
    def speak(self, helper: int) -> None:
        self.house.speak(self.house.who(helper))

    @rule(helper=HELPING, move=st.sampled_from([Move.RETURNED, Move.SHIFT_ENDED]))
    def give_back(self, helper: int, move: Move) -> None:
        self.house.give_back(self.house.who(helper), move)

    @rule(helper=HELPING, to=HELPING)
    def hand_to(self, helper: int, to: int) -> None:
        self.house.hand_to(self.house.who(helper), HELPERS[to % len(HELPERS)])

    @rule(helper=HELPING, flow=st.sampled_from(["thu", "phu", ""]), number=st.integers(0, 9))
    def hand_back(self, helper: int, flow: str, number: int) -> None:
        self.house.hand_back(self.house.who(helper), flow, number)

    @rule(helper=HELPING, closing=st.sampled_from(ALL))
    def close(self, helper: int, closing: Closing) -> None:
        self.house.close(self.house.who(helper), closing)

    @invariant()
    def there_is_a_way_out(self) -> None:
        self.house.check_ways_out()


def run(book: Book, **how: Any) -> None:
    machine = type("Played", (Ownership,), {"book": book})
    kept = {"deadline": None, "stateful_step_count": 30, "suppress_health_check": list(HealthCheck)}
    run_state_machine_as_test(machine, settings=settings(**kept | how))


def test_one_of_bot_queue_and_person_owns_the_conversation(small: Book) -> None:
    run(small, max_examples=300)


# --- the negative controls: what such a machine is worth that finds nothing


def answers_over_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "by_person", lambda _: False)


def reminds_while_a_person_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer that looks at the step alone."""
    honest = timing.wake

    def wake(book: Book, state: State, now: int, desk: Any) -> Any:
        if state.ticket is None or state.ticket.holder is None or state.ticket.holder.until <= now:
            return honest(book, state, now, desk)
        turn = honest(book, replace(state, ticket=None), now, desk)
        return turn and replace(turn, state=turn.state and replace(turn.state, ticket=state.ticket))

    due_at = timing.due_at
    monkeypatch.setattr(timing, "wake", wake)
    monkeypatch.setattr(
        handoff,
        "due_at",
        lambda book, state: due_at(book, replace(state, ticket=None)) or due_at(book, state),
    )


def claims_without_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever clicks has it: what read-then-write comes to."""

    def claimed(ticket: Ticket, helper: Helper, now: int) -> Any:
        return ticket_claimed(replace(ticket, holder=None), helper, now)

    monkeypatch.setattr(handoff, "claimed", claimed)


def forgets_to_close(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who blocks us just goes."""
    from bot.core import dialogue

    monkeypatch.setattr(
        dialogue, "unreachable", lambda _, state, __: dialogue.Turn(replace(state, ticket=None))
    )


def reminds_while_vneid_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer that knows of no outage."""
    honest, due_at = timing._woken, timing.due_at

    def blind(desk: Any) -> Any:
        return replace(desk, downtime=NO_OUTAGES)

    monkeypatch.setattr(
        timing, "_woken", lambda book, state, now, desk: honest(book, state, now, blind(desk))
    )
    monkeypatch.setattr(
        timing, "due_at", lambda book, state, desk, now: due_at(book, state, blind(desk), now)
    )


@pytest.mark.parametrize(
    "broken",
    [
        answers_over_the_person,
        reminds_while_a_person_is_there,
        claims_without_looking,
        forgets_to_close,
        reminds_while_vneid_is_down,
    ],
)
def test_a_broken_one_is_found(
    small: Book, monkeypatch: pytest.MonkeyPatch, broken: Callable[[pytest.MonkeyPatch], None]
) -> None:
    broken(monkeypatch)
    with pytest.raises(AssertionError):
        run(small, max_examples=1000, derandomize=True, phases=[Phase.generate], database=None)
