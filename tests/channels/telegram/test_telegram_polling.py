"""Updates are fetched until they have taken effect, whatever stands between."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.app.platform import Again, Left, Raw, Unreadable
from bot.app.ports import StoreDown
from bot.channels.telegram.polling import AT_ONCE
from bot.core.message import Choice, Kind, Reply
from tests.channels.telegram.conftest import Line
from tests.platforms.telegram import Down, Fault, Hangs, Nonsense, Refuses, Resets, TooMany
from tests.platforms.telegram.webhook import Hook

MINUTES = 300


async def settled(line: Line) -> None:
    """Until Telegram has seen that all updates are taken."""
    async with asyncio.timeout(MINUTES):
        await line.telegram.delivered(MINUTES)


async def test_updates_of_all_kinds_take_effect_in_order(line: Line) -> None:
    lan, address = await line.lan()
    async with line.tended():
        await lan.says("xin chào")
        await lan.edits("xin chào ạ")
        await lan.sends_photo("máy báo thế này")
        await lan.blocks()
        await settled(line)
    start, _, edited, photo, left = line.inbox.taken
    assert [event.key for event in line.inbox.taken] == line.inbox.tried
    assert isinstance(start, Raw)
    assert start.text == "/start"
    assert isinstance(edited, Raw)
    assert edited.kind is Kind.EDITED
    assert isinstance(photo, Raw)
    assert photo.text == "máy báo thế này"
    assert left == Left(address, left.key)
    assert line.reports == []


async def test_a_pressed_button_is_answered(line: Line) -> None:
    lan, address = await line.lan()
    await line.channel.send(address, _step(), 0)
    async with line.tended():
        await lan.presses("Đã bấm")
        await settled(line)
        await asyncio.sleep(1)
    assert line.telegram.unanswered() == []
    assert line.inbox.words == ["/start", "a.b.c.1.1"]


async def test_a_press_that_makes_no_sense_is_answered_too(line: Line) -> None:
    lan, address = await line.lan()
    await line.channel.send(address, _step(), 0)
    update = await lan.presses("Đã bấm")
    assert update is not None
    update.body["data"] = 5
    async with line.tended():
        await settled(line)
        await asyncio.sleep(1)
    assert line.telegram.unanswered() == []
    assert isinstance(line.inbox.taken[-1], Unreadable)
    assert "data: int" in line.inbox.shapes[0]


async def test_a_press_is_taken_though_its_answer_fails(line: Line) -> None:
    lan, address = await line.lan()
    await line.channel.send(address, _step(), 0)
    line.telegram.faults.add(Refuses(400, "Bad Request: query is too old"), method="answerCallbackQuery")
    async with line.tended():
        await lan.presses("Đã bấm")
        await settled(line)
    assert line.inbox.words == ["/start", "a.b.c.1.1"]
    assert line.reports == []


async def test_people_do_not_wait_for_each_other(line: Line) -> None:
    for number in range(50):
        person = line.telegram.person(f"Người {number}")
        await person.starts()
        await person.says("xin chào")
    begin = line.telegram.world.time()
    async with line.tended():
        await line.inbox.has(100)
        assert line.telegram.world.time() - begin < 0.1, "a hundred commits one after the other take 0.3 s"
        await settled(line)


async def test_more_than_one_batch(line: Line) -> None:
    lan, _ = await line.lan()
    words = [f"câu {number}" for number in range(250)]
    for word in words:
        await lan.says(word)
    async with line.tended():
        await settled(line)
    assert line.inbox.words == ["/start", *words]


async def test_while_the_database_is_away_nothing_is_confirmed(line: Line) -> None:
    lan, _ = await line.lan()
    minh = line.telegram.person("Minh")
    await minh.starts()
    await lan.says("một")
    await lan.says("hai")
    line.inbox.troubles["một"] = [StoreDown() for _ in range(6)]
    async with line.tended():
        await asyncio.sleep(20)
        waiting = line.telegram.mail.waiting()
        assert len(waiting) == 4
        assert line.inbox.words == ["/start", "/start"]
        await settled(line)
    assert line.inbox.words[-2:] == ["một", "hai"], "in order, though one had to wait"
    assert line.inbox.words.count("/start") == 2, "what had taken effect is not taken again"


async def test_an_event_that_fails_is_tried_again_until_it_is_parked(line: Line) -> None:
    lan, _ = await line.lan()
    await lan.says("độc")
    await lan.says("sau đó")
    line.inbox.troubles["độc"] = [Again(), Again()]
    async with line.tended():
        await settled(line)
    assert line.inbox.words == ["/start", "độc", "sau đó"]
    assert len(line.inbox.tried) == 5


async def test_an_event_that_nobody_parks_does_not_spin(line: Line) -> None:
    lan, _ = await line.lan()
    await lan.says("độc")
    line.inbox.troubles["độc"] = [Again() for _ in range(10_000)]
    async with line.tended():
        await asyncio.sleep(60)
    assert len(line.inbox.tried) < 10 * AT_ONCE


async def test_an_update_that_is_not_one_is_passed(line: Line) -> None:
    lan, _ = await line.lan()
    bad = await lan.says("méo")
    await lan.says("sau đó")
    assert bad is not None
    bad.body["chat"] = "x"
    async with line.tended():
        await settled(line)
    assert [type(event) for event in line.inbox.taken].count(Unreadable) == 1
    assert line.inbox.words == ["/start", "sau đó"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"update_id": 7, "message": {"text": "\\ud800"}}',
        b'{"update_id": 7, "message": {"text": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
    ],
    ids=["surrogate", "deep"],
)
async def test_an_update_that_cannot_be_decoded_is_passed(line: Line, body: bytes) -> None:
    assert await line.channel._poller.take_all([body]) == [7]
    assert line.inbox.taken == [Unreadable("telegram", "7")]


FAULTS = [
    Down(502),
    Resets(),
    Hangs(),
    Nonsense(),
    Nonsense(b'{"ok": true}'),
    Nonsense(b'{"ok": true, "result": 5}'),
    TooMany(20),
    Refuses(401, "Unauthorized"),
    Refuses(409, "Conflict: terminated by other getUpdates request"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: repr(fault)[:40])
async def test_it_goes_on_after_trouble_and_tells_of_it_once(line: Line, fault: Fault) -> None:
    lan, _ = await line.lan()
    heal = line.telegram.faults.add(fault, method="getUpdates")
    async with line.tended():
        await lan.says("còn đó không")
        await asyncio.sleep(MINUTES)
        calls = len(line.telegram.calls.of("getUpdates"))
        assert 2 <= calls <= 20, "it neither gives up nor hammers"
        assert line.inbox.taken == []
        heal()
        await settled(line)
    assert line.inbox.words == ["/start", "còn đó không"]
    assert [where for where, _ in line.reports] == ["telegram polling"]
    assert not line.telegram.calls.early()


async def test_trouble_that_comes_back_is_told_again(line: Line) -> None:
    lan, _ = await line.lan()
    async with line.tended():
        for _ in range(2):
            line.telegram.faults.add(Down(502), method="getUpdates", times=3)
            await lan.says("xin chào")
            await settled(line)
            await asyncio.sleep(60)
    assert line.reports == [("telegram polling", "TryLater")] * 2


async def test_a_webhook_of_former_days_is_removed_and_nothing_is_lost(line: Line) -> None:
    lan, _ = await line.lan()
    _set_webhook(line)
    async with line.tended():
        await lan.says("xin chào")
        await settled(line)
    assert line.inbox.words == ["/start", "xin chào"]
    assert line.telegram.webhook.hook is None


async def test_a_webhook_set_meanwhile_is_removed(line: Line) -> None:
    lan, _ = await line.lan()
    async with line.tended():
        await settled(line)
        _set_webhook(line)
        await asyncio.sleep(60)
        await lan.says("xin chào")
        await settled(line)
    assert line.inbox.words == ["/start", "xin chào"]
    assert line.reports == [("telegram polling", "TwoReaders")]


async def test_numbers_that_begin_anew_are_not_overlooked(line: Line) -> None:
    lan, _ = await line.lan()
    async with line.tended():
        await settled(line)
        await asyncio.sleep(120)  # a week is as good as two polls
        line.telegram.mail.jump(4711)
        await lan.says("tuần sau")
        await settled(line)
    assert line.inbox.words == ["/start", "tuần sau"]
    assert line.telegram.calls.of("getUpdates")[-1].params.get("offset") in {None, 4713, 4712}


async def test_it_asks_for_what_it_understands_and_waits_for_it(line: Line) -> None:
    async with line.tended():
        await asyncio.sleep(120)
    asked = line.telegram.calls.of("getUpdates")
    assert 4 <= len(asked) <= 6
    assert asked[0].params == {
        "limit": 100,
        "timeout": 30,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }


async def test_empty_answers_that_come_at_once_do_not_spin(line: Line) -> None:
    line.telegram.faults.add(Nonsense(json.dumps({"ok": True, "result": []}).encode()), method="getUpdates")
    async with line.tended():
        await asyncio.sleep(30)
    assert len(line.telegram.calls.of("getUpdates")) <= 31


async def test_stopping_in_the_middle_loses_nothing(line: Line) -> None:
    lan, _ = await line.lan()
    await lan.says("một")
    line.inbox.troubles["một"] = [StoreDown() for _ in range(3)]
    async with line.tended():
        await asyncio.sleep(3)
    assert len(line.telegram.mail.waiting()) == 2
    async with line.tended():
        await settled(line)
    assert line.inbox.words[-1] == "một"


def _set_webhook(line: Line) -> None:
    line.telegram.webhook.hook = Hook("https://former.example/hook", "secret")
    line.telegram.mail.interrupt("setWebhook request")


def _step() -> Reply:
    return Reply("Bấm ạ", (Choice("Đã bấm", "a.b.c.1.1"),))


async def test_a_webhook_is_removed_though_telegram_was_away_at_first(line: Line) -> None:
    lan, _ = await line.lan()
    _set_webhook(line)
    line.telegram.faults.add(Down(502), times=3)
    async with line.tended():
        await lan.says("xin chào")
        await settled(line)
    assert line.inbox.words == ["/start", "xin chào"]
    assert line.telegram.calls.of("getUpdates")[0].status == 200
