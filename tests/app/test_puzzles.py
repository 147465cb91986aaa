"""What was not understood, summed up: nobody's own words, no request that waits for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from bot.app.ports import StoreDown, Unmatched
from bot.app.puzzles import EVERY, MOST, Puzzled, Puzzling, puzzled, run_puzzling
from bot.language.alike import alike
from bot.language.sieve import sift

NOW = 1_795_000_000


def said(text: str, people: range, meant: str = "") -> list[Unmatched]:
    return [Unmatched(person, NOW, "kich-hoat", "nhap-ma", text, meant) for person in people]


def nearest(text: str) -> str:
    return "otp" if "ma" in text.split() else ""


def summed(messages: Sequence[Unmatched]) -> Puzzled:
    return puzzled(messages, alike, sift, nearest, NOW)


def test_a_wording_is_shown_when_ten_people_are_behind_it() -> None:
    shown = summed(said("cho hoai khong thay ma", range(23)))
    assert [(one.text, one.people, one.meant) for one in shown.wordings] == [
        ("cho hoai khong thay ma", 20, "otp")
    ]
    assert shown.people == 20
    assert summed(said("cho hoai khong thay ma", range(9))) == Puzzled(NOW)


def test_what_one_person_says_ten_times_is_said_by_one() -> None:
    assert summed(said("cho hoai khong thay ma", range(1)) * 30) == Puzzled(NOW)


def test_a_wording_that_only_one_person_used_is_never_shown() -> None:
    messages = [
        one
        for person in range(12)
        for one in said(
            f"toi ten nguyen thi so {'abcdefghijkl'[person]} cho ma hoai", range(person, person + 1)
        )
    ]
    shown = summed(messages)
    assert shown.wordings == ()
    assert [(one.meant, one.people) for one in shown.themes] == [("otp", 10)]


def test_other_messages_are_told_by_what_they_are_about_if_many_are() -> None:
    odd = [
        said(words, range(start, start + 4))
        for start, words in ((0, "ma dau"), (10, "khong nhan duoc ma gi het"), (20, "ma bi sai hoai vay"))
    ]
    shown = summed([one for some in odd for one in some] + said("troi mua qua", range(40, 44)))
    assert [(one.meant, one.people) for one in shown.themes] == [("otp", 10)]
    assert shown.wordings == ()


def test_what_people_picked_counts_more_than_what_it_is_like() -> None:
    shown = summed(said("cho hoai khong thay ma", range(12), "approval-sms-lost"))
    assert shown.wordings[0].meant == "approval-sms-lost"


def test_numbers_of_somebody_are_not_shown() -> None:
    shown = summed(said("ma 4821 dung khong", range(30)))
    assert all("4821" not in one.text for one in shown.wordings)


class Kept:
    """A store that counts how often it is read."""

    def __init__(self, *down: int) -> None:
        self.read = 0
        self.down = down

    async def unmatched(self, since: int, most: int) -> Sequence[Unmatched]:
        assert since < NOW
        assert most == MOST
        self.read += 1
        if self.read in self.down:
            raise StoreDown
        return said("cho hoai khong thay ma", range(10 * self.read))


async def test_it_is_read_when_somebody_looks_and_not_again_for_ten_minutes() -> None:
    kept, slept = Kept(2), asyncio.Queue[float]()
    goes_on = asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept.put_nowait(seconds)
        await goes_on.wait()
        goes_on.clear()

    puzzling = Puzzling(kept, alike, sift, nearest, lambda: NOW)
    task = asyncio.create_task(run_puzzling(puzzling, sleep))
    await asyncio.sleep(0)
    assert kept.read == 0, "nobody looked"
    assert puzzling.latest().at == 0
    assert await slept.get() == EVERY
    assert puzzling.latest().people == 10
    assert puzzling.latest().people == 10
    assert kept.read == 1
    goes_on.set()
    await slept.get()
    assert puzzling.latest().people == 10, "what was known stays known while the store is away"
    goes_on.set()
    await slept.get()
    assert puzzling.latest().people == 30
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
