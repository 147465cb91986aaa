"""Faults on command, and what the record finds in the calls."""

from __future__ import annotations

import asyncio
from errno import ECONNRESET
from itertools import cycle

import pytest
from aiohttp import ClientConnectionError, ClientOSError, ContentTypeError

from tests.platforms.telegram import (
    Call,
    Calls,
    Down,
    FakeTelegram,
    Fault,
    Hangs,
    LosesAnswer,
    Nonsense,
    Person,
    Refuses,
    Resets,
    Slow,
    TooMany,
)
from tests.platforms.telegram.plain import Client


@pytest.fixture
async def lan(telegram: FakeTelegram) -> Person:
    person = telegram.person("Lan")
    await person.starts()
    return person


async def test_too_many_until_the_time_is_over(telegram: FakeTelegram, call: Client, lan: Person) -> None:
    minh = telegram.person("Minh")
    await minh.starts()
    telegram.faults.add(TooMany(5), chat=lan.id, times=1)
    assert await call("sendMessage", chat_id=lan.id, text="một") == (429, "Too Many Requests: retry after 5")
    assert (await call("sendMessage", chat_id=minh.id, text="một"))[0] == 200
    await asyncio.sleep(2)
    assert await call("sendMessage", chat_id=lan.id, text="một") == (429, "Too Many Requests: retry after 3")
    await asyncio.sleep(3)
    assert (await call("sendMessage", chat_id=lan.id, text="một"))[0] == 200
    assert [call.at for call in telegram.calls.early()] == [telegram.calls[0].at + 2]


async def test_too_many_everywhere(telegram: FakeTelegram, call: Client, lan: Person) -> None:
    telegram.faults.add(TooMany(5, everywhere=True), times=1)
    await call("sendMessage", chat_id=lan.id, text="một")
    assert (await call("getMe"))[0] == 429
    assert not telegram.calls.early(), "it may have been on its way"
    await asyncio.sleep(1)
    assert (await call("getMe"))[0] == 429
    assert telegram.calls.early()


async def test_an_answer_may_be_lost_after_the_deed(
    telegram: FakeTelegram, call: Client, lan: Person
) -> None:
    telegram.faults.add(LosesAnswer(), times=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(call("sendMessage", chat_id=lan.id, text="một"), 10)
    telegram.faults.add(LosesAnswer(breaks=True), times=1)
    with pytest.raises(ClientConnectionError):
        await call("sendMessage", chat_id=lan.id, text="hai")
    assert [message.text for message in lan.chat] == ["một", "hai"]
    assert [(sent.done, sent.status) for sent in telegram.calls] == [(True, 0), (True, 0)]


@pytest.mark.parametrize("fault", [Hangs(), Resets(), Nonsense(), Down(503, b"<html>"), Refuses(403, "x")])
async def test_nothing_happened(telegram: FakeTelegram, call: Client, lan: Person, fault: Fault) -> None:
    telegram.faults.add(fault, method="sendmessage", seconds=60)
    expected = (TimeoutError, ClientConnectionError, ContentTypeError)
    try:
        status, _ = await asyncio.wait_for(call("sendMessage", chat_id=lan.id, text="một"), 10)
    except expected:
        status = 0
    assert status in {0, 403}
    assert not lan.chat
    assert (await call("getMe"))[0] == 200
    await asyncio.sleep(60)
    assert (await call("sendMessage", chat_id=lan.id, text="một"))[0] == 200


async def test_a_reset_is_a_reset(telegram: FakeTelegram, call: Client) -> None:
    telegram.faults.add(Resets())
    with pytest.raises(ClientOSError) as caught:
        await call("getMe")
    assert caught.value.errno == ECONNRESET


async def test_slow_is_well_in_the_end(telegram: FakeTelegram, call: Client) -> None:
    telegram.faults.add(Slow(9))
    begun = asyncio.get_running_loop().time()
    assert (await call("getMe"))[0] == 200
    assert asyncio.get_running_loop().time() - begun == pytest.approx(9)


async def test_faults_may_be_drawn_and_taken_back(telegram: FakeTelegram, call: Client) -> None:
    draws = cycle([Down(), None, Refuses(401, "")])
    take_back = telegram.faults.add(lambda: next(draws))
    assert [(await call("getMe"))[0] for _ in range(4)] == [502, 200, 401, 502]
    take_back()
    assert [(await call("getMe"))[0] for _ in range(3)] == [200, 200, 200]


async def test_away_means_that_nobody_gets_through(telegram: FakeTelegram, call: Client) -> None:
    assert (await call("getMe"))[0] == 200
    await telegram.goes_away()
    for _ in range(2):
        with pytest.raises((ClientConnectionError, OSError)):
            await call("getMe")
    assert len(telegram.calls) == 1
    await telegram.comes_back()
    assert (await call("getMe"))[0] == 200


def sent(*moments: float, chat: int = 1) -> Calls:
    return Calls(Call(at, "sendMessage", {"chat_id": chat}) for at in moments)


def test_speed_in_one_chat() -> None:
    assert not sent(0, 1, 2, 3.5).too_fast()
    assert sent(0, 0.9).too_fast() == ["second message at 0.9 to 1"]


def test_speed_in_a_group() -> None:
    assert not sent(*(3 * n for n in range(60)), chat=-7).too_fast()
    assert len(sent(*(2.9 * n for n in range(21)), chat=-7).too_fast()) == 1


def test_speed_in_all() -> None:
    at_once = Calls(Call(0.01 * n, "sendPhoto", {"chat_id": n + 1}) for n in range(31))
    assert len(at_once.too_fast()) == 1
    at_once.pop()
    assert not at_once.too_fast()
    assert not Calls(Call(0, "sendChatAction", {"chat_id": 1}) for _ in range(99)).too_fast()
