"""Replies as people in Zalo see them, and what Zalo's refusals mean for a message."""

from __future__ import annotations

import asyncio
import json
import unicodedata

import pytest

from bot.app.platform import Door, Refused, SendError, TryLater, Unreachable
from bot.channels.zalo_oa.calls import fault_of
from bot.channels.zalo_oa.messages import Words, parts_of
from bot.channels.zalo_oa.tokens import PAUSE
from bot.channels.zalo_oa.uploads import KEPT
from bot.core.message import Choice, Reply
from tests.channels.zalo_oa.parts import PICTURE, Commune, address, commune
from tests.platforms.zalo.faults import Code, Fault, Hang, Lost, Nonsense, Reset, Status
from tests.platforms.zalo_oa import Person

STEP = Reply(
    "Bác mở **VNeID**, bấm nút «Kích hoạt».",
    choices=(
        Choice("Đã bấm", "kich-hoat.mo-app.3f2a.1.1"),
        Choice("Không thấy nút này", "kich-hoat.mo-app.3f2a.1.2"),
    ),
    shortcuts=(Choice("Quay lại", "=back"), Choice("Gặp người", "=human"), Choice("Danh mục", "=menu")),
)


async def befriend(bot: Commune) -> Person:
    lan = bot.zalo.person("Lan")
    await lan.follows()
    return lan


async def test_a_step_is_plain_text_with_numbers_and_buttons_that_come_back() -> None:
    async with commune() as bot:
        lan = await befriend(bot)
        await bot.send(address(lan.id), STEP)
        (message,) = lan.chat
        assert message.text == ("Bác mở VNeID, bấm nút «Kích hoạt».\n\n1. Đã bấm\n2. Không thấy nút này")
        labels = ["1. Đã bấm", "2. Không thấy nút này", "Quay lại", "Gặp người", "Danh mục"]
        assert list(message.buttons) == labels
        assert {key.type for key in message.keys} == {"oa.query.hide"}
        for label, choice in zip(labels, (*STEP.choices, *STEP.shortcuts), strict=True):
            await lan.taps(label)
            assert bot.inbox.events[-1].button == choice.token  # type: ignore[union-attr]


def buttons(reply: Reply) -> list[object]:
    last = parts_of(reply)[-1]
    assert isinstance(last, Words)
    return [button["title"] for button in last.buttons]


def test_there_are_five_buttons_at_most_and_the_numbers_do_the_rest() -> None:
    many = tuple(Choice(f"Việc {number}", f"?1.{number}") for number in range(1, 9))
    reply = Reply("Bác cần việc gì?", choices=many, shortcuts=STEP.shortcuts)
    assert buttons(reply) == [f"{number}. Việc {number}" for number in range(1, 6)]
    last = parts_of(reply)[-1]
    assert isinstance(last, Words)
    assert last.text.endswith(
        "8. Việc 8\n\nChưa thấy nút thì gõ số, ví dụ: 6.\nHoặc gõ: «Quay lại», «Gặp người», «Danh mục»."
    )


def test_the_way_to_a_human_is_the_last_button_to_go() -> None:
    four = tuple(Choice(f"Việc {number}", f"?1.{number}") for number in range(1, 5))
    for count, left in ((2, ["Quay lại", "Gặp người", "Danh mục"]), (3, ["Quay lại", "Gặp người"])):
        assert buttons(Reply("Chọn ạ.", four[:count], STEP.shortcuts))[count:] == left
    full = Reply("Chọn ạ.", four, STEP.shortcuts)
    assert buttons(full)[4:] == ["Gặp người"]
    (part,) = parts_of(full)
    assert isinstance(part, Words)
    assert part.text.endswith("4. Việc 4")


def test_a_link_is_a_button_where_there_is_room_and_words_where_there_is_none() -> None:
    link = "https://bot.example/guide/kich-hoat"
    free = Reply("Cả bài ở đây.", link=link)
    assert parts_of(free) == (
        Words(
            "Cả bài ở đây.",
            ({"type": "oa.open.url", "title": "Mở trang web", "payload": {"url": link}},),
        ),
    )
    assert buttons(Reply("The guide.", link=link, locale="en")) == ["Open the web page"]
    full = parts_of(Reply(STEP.text, STEP.choices, STEP.shortcuts, link=link))[-1]
    assert isinstance(full, Words)
    assert full.text.startswith(f"{full.text.splitlines()[0]}\n\nXem trên trang web: {link}\n\n1. ")
    assert len(full.buttons) == 5
    trial = parts_of(Reply("Cả bài.", link="http://127.0.0.1:8000/guide"))[-1]
    assert trial == Words("Cả bài.\n\nXem trên trang web: http://127.0.0.1:8000/guide")


def test_titles_are_cut_and_letters_composed() -> None:
    long = Choice("Đã bấm " * 30, "?1.1")
    (title,) = buttons(Reply("a", choices=(long,)))
    assert len(str(title)) <= 100
    apart = unicodedata.normalize("NFD", "Bấm nút «Kích hoạt»")
    (part,) = parts_of(Reply(apart, choices=(Choice(apart, "?1.1"),)))
    assert isinstance(part, Words)
    assert unicodedata.is_normalized("NFC", json.dumps([part.text, part.buttons], ensure_ascii=False))


async def test_a_long_text_is_cut_at_sentence_ends_with_the_buttons_under_the_last_part() -> None:
    async with commune() as bot:
        lan = await befriend(bot)
        sentence = "Bác bấm nút «Tiếp tục» rồi chờ một chút nhé 👍. "
        await bot.send(address(lan.id), Reply(sentence * 120, STEP.choices))
        assert len(lan.chat) == 4
        assert all(len(message.text) <= 1900 for message in lan.chat)
        assert all(message.text.endswith(".") for message in lan.chat[:-1])
        assert [bool(message.buttons) for message in lan.chat] == [False, False, False, True]


async def test_the_parts_of_a_reply_stay_the_same_ones() -> None:
    """Whoever counts the parts that arrived must not lose one when a picture is gone in between."""
    async with commune() as bot:
        lan = await befriend(bot)
        reply = Reply("Một câu vừa phải. " * 300, picture=PICTURE)
        assert [await bot.door.send(address(lan.id), reply, part) for part in range(4)] == [4] * 4
        whole = [message.words for message in lan.chat]
        assert whole[0] == PICTURE.alt
        assert len(whole) == 4
        bot.pictures.gone = True
        assert await bot.door.send(address(lan.id), reply, 0) == 4
        assert await bot.door.send(address(lan.id), reply, 3) == 4
        assert await bot.door.send(address(lan.id), reply, 4) == 4, "all of it has arrived"
        assert [message.words for message in lan.chat] == [*whole, whole[3]]


async def test_a_picture_goes_first_by_its_address_with_its_words() -> None:
    async with commune() as bot:
        lan = await befriend(bot)
        await bot.send(address(lan.id), Reply("Bác bấm nút này.", STEP.choices, picture=PICTURE))
        first, second = lan.chat
        assert first.photo == "https://bot.example/pictures/vneid-start.kich-hoat.0123abcd.png"
        assert first.caption == PICTURE.alt
        assert second.text.startswith("Bác bấm nút này.")
        assert bot.zalo.called("upload/image") == []


async def test_without_an_https_address_a_picture_is_uploaded_once_and_again_before_zalo_forgets() -> None:
    async with commune(web_address="http://127.0.0.1:8000") as bot:
        people = [await befriend(bot) for _ in range(10)]
        reply = Reply("Bác bấm nút này.", picture=PICTURE)
        await asyncio.gather(*(bot.send(address(lan.id), reply) for lan in people))
        assert all(lan.chat[0].photo for lan in people)
        assert len(bot.zalo.called("upload/image")) == 1
        await asyncio.sleep(KEPT + 60)
        await people[0].says("còn ở đây")
        await bot.send(address(people[0].id), reply)
        assert len(bot.zalo.called("upload/image")) == 2
        assert people[0].chat[2].photo != people[0].chat[0].photo


@pytest.mark.parametrize("trouble", ["missing", "big", "quota", "refused"])
async def test_a_picture_that_cannot_be_shown_keeps_no_words_back(trouble: str) -> None:
    async with commune(web_address="") as bot:
        lan = await befriend(bot)
        match trouble:
            case "missing":
                bot.pictures.data = None
            case "big":
                bot.pictures.data = b"\x89PNG\r\n\x1a\n" + bytes(1_000_000)
            case "quota":
                bot.zalo.uploads.month = 0
            case _:
                bot.zalo.faults.add(Code(-201), method="message/cs", times=1)
        await bot.send(address(lan.id), Reply("Bác bấm nút này.", picture=PICTURE))
        assert [message.text for message in lan.chat] == ["Bác bấm nút này."]
        assert bot.reports.kinds == ["Refused"]


async def test_a_failed_upload_is_tried_again() -> None:
    async with commune(web_address="") as bot:
        lan = await befriend(bot)
        reply = Reply("Bác bấm nút này.", picture=PICTURE)
        bot.zalo.faults.add(Status(500), method="upload/image", times=1)
        with pytest.raises(TryLater):
            await bot.send(address(lan.id), reply)
        await bot.send(address(lan.id), reply)
        assert len(lan.chat) == 2


@pytest.mark.parametrize(
    ("code", "becomes", "after", "away"),
    [
        (-32, TryLater, 10, True),
        (-201, Refused, 0, False),
        (-211, TryLater, 3600, True),
        (-213, Unreachable, 0, False),
        (-217, Unreachable, 0, False),
        (-218, Refused, 0, False),
        (-221, TryLater, PAUSE, True),
        (-223, TryLater, PAUSE, True),
        (-224, TryLater, PAUSE, True),
        (-227, Unreachable, 0, False),
        (-230, Unreachable, 0, False),
        (-232, Unreachable, 0, False),
        (-233, Refused, 0, False),
        (-234, Refused, 0, False),
        (-237, Refused, 0, False),
        (-240, Refused, 0, False),
        (-244, Unreachable, 0, False),
        (-248, Unreachable, 0, False),
        (-321, TryLater, 3600, False),
        (-14003, TryLater, PAUSE, True),
        (-99999, Refused, 0, False),
    ],
)
async def test_errors_that_come_with_http_200(
    code: int, becomes: type[SendError], after: float, away: bool
) -> None:
    async with commune() as bot:
        lan = await befriend(bot)
        bot.zalo.faults.add(Code(code), method="message/cs")
        with pytest.raises(becomes) as why:
            await bot.send(address(lan.id), STEP)
        assert type(why.value) is type(fault_of(code)) is becomes
        if isinstance(why.value, TryLater):
            assert (why.value.after, why.value.away) == (after, away)
        alarmed = {-211, -221, -223, -224, -321, -14003}
        assert bot.reports.kinds == (["NeedsOrganiser"] if code in alarmed else [])
        assert len(bot.zalo.called("message/cs")) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Status(500),
        Status(503),
        Status(429),
        Status(404),
        Hang(),
        Reset(),
        Nonsense(),
        Nonsense(b"{}"),
        Lost(),
    ],
)
async def test_a_zalo_that_does_not_answer_sensibly_is_away(fault: Fault) -> None:
    async with commune() as bot:
        lan = await befriend(bot)
        await bot.door.tokens.access()
        bot.zalo.faults.add(fault, method="message/cs")
        begun = asyncio.get_running_loop().time()
        with pytest.raises(TryLater) as why:
            await bot.send(address(lan.id), STEP)
        assert why.value.away
        assert asyncio.get_running_loop().time() - begun < 11


async def test_strangers_and_people_of_long_ago_cannot_be_reached() -> None:
    async with commune() as bot:
        nobody = bot.zalo.person("Nobody")
        with pytest.raises(Unreachable):
            await bot.send(address(nobody.id), STEP)
        lan = await befriend(bot)
        await asyncio.sleep(8 * 86_400)
        with pytest.raises(Unreachable):
            await bot.send(address(lan.id), STEP)


async def test_the_door_for_a_poster() -> None:
    async with commune() as bot:
        link = f"https://zalo.me/{bot.zalo.oa_id}"
        assert bot.door.door("26734") == Door("zalo_oa", link, "XA 26734")
        assert bot.door.door("") == Door("zalo_oa", link)
