"""Replies as they arrive at a strict Telegram, and what its refusals mean to us."""

from __future__ import annotations

import traceback

import pytest

from bot.app.platform import Refused, SendError, TryLater, Unreachable
from bot.channels.telegram.calls import AnswerLost, TokenRefused
from bot.channels.telegram.messages import parts_of
from bot.channels.wording import length
from bot.core.contact import FORMS_OF_ADDRESS
from bot.core.message import Address, Choice, Picture, Reply
from tests.channels.telegram.conftest import Line, OpenLine
from tests.platforms.telegram import Down, Fault, Hangs, Nonsense, Refuses, Resets, TooMany, png

STEP = Reply(
    "**Bước 1/7: Mở ứng dụng**\n\nBác mở **VNeID**, bấm «Kích hoạt» & chờ <5 giây>.",
    choices=(
        Choice("Đã bấm", "kich-hoat.mo-app.3f2a.1.1"),
        Choice("Không thấy nút này", "kich-hoat.mo-app.3f2a.1.2"),
    ),
    shortcuts=(Choice("Quay lại", "=back"), Choice("Gặp người", "=human"), Choice("Menu", "=menu")),
)


async def test_a_step_is_one_message_with_numbered_buttons(line: Line) -> None:
    lan, address = await line.lan()
    assert await line.channel.send(address, STEP, 0) == 1
    [message] = lan.chat
    assert message.text == (
        "Bước 1/7: Mở ứng dụng\n\nBác mở VNeID, bấm «Kích hoạt» & chờ <5 giây>.\n\n"
        "1. Đã bấm\n2. Không thấy nút này"
    )
    assert message.bold == ("Bước 1/7: Mở ứng dụng", "VNeID")
    assert [[key.text for key in row] for row in message.rows] == [
        ["1. Đã bấm"],
        ["2. Không thấy nút này"],
        ["Quay lại", "Gặp người", "Menu"],
    ]
    assert [key.data for key in message.keys][-4:] == [
        "kich-hoat.mo-app.3f2a.1.2",
        "=back",
        "=human",
        "=menu",
    ]


def test_shortcuts_break_where_a_narrow_phone_would_cut_them() -> None:
    """Buttons of a row are equally wide: the longest decides for all."""
    long = ("Làm tiếp hướng dẫn", "Tiếng Việt", "Gặp người", "Menu", "English")
    assert rows(Reply("Chào bác", shortcuts=tuple(Choice(label, "=menu") for label in long))) == [
        ["Làm tiếp hướng dẫn"],
        ["Tiếng Việt", "Gặp người", "Menu"],
        ["English"],
    ]
    english = ("Go back", "Talk to a person", "Menu")
    assert rows(Reply("Hello", shortcuts=tuple(Choice(label, "=menu") for label in english))) == [
        ["Go back", "Talk to a person"],
        ["Menu"],
    ]


def test_many_short_choices_stand_side_by_side_and_few_below_each_other() -> None:
    forms = tuple(Choice(form, f"?1.{number}") for number, form in enumerate(FORMS_OF_ADDRESS, 1))
    assert rows(Reply("Em gọi mình là…", forms)) == [
        ["1. bác", "2. cô", "3. chú"],
        ["4. anh", "5. chị", "6. bạn"],
    ]
    assert rows(Reply("Em gọi mình là…", forms[:3])) == [["1. bác"], ["2. cô"], ["3. chú"]]
    assert len(rows(Reply("Chọn ạ", (*forms, Choice("Tên khác nữa", "?1.7"))))) == 7


def rows(reply: Reply) -> list[list[str]]:
    [part] = parts_of(reply)
    return [[choice.label for choice in row] for row in part.rows]


def test_a_button_that_telegram_would_refuse_is_left_to_its_number() -> None:
    [part] = parts_of(Reply("Chọn ạ", (Choice("Một", "a" * 65), Choice("Hai", "b"), Choice("Ba", "ă" * 33))))
    assert part.html == "Chọn ạ\n\n1. Một\n2. Hai\n3. Ba"
    assert [[choice.label for choice in row] for row in part.rows] == [["2. Hai"]]


async def test_a_link_is_shown_as_it_is(line: Line) -> None:
    """As words it may lead to this very machine, which Telegram refuses on a button."""
    lan, address = await line.lan()
    await line.channel.send(
        address, Reply("Đọc cả bài ở đây ạ.", link="http://localhost:8000/guide/kich-hoat"), 0
    )
    assert lan.chat[0].text == (
        "Đọc cả bài ở đây ạ.\n\nXem trên trang web: http://localhost:8000/guide/kich-hoat"
    )
    assert line.telegram.calls.of("sendMessage")[0].params["link_preview_options"] == {"is_disabled": True}


async def test_a_long_reply_comes_in_parts_and_goes_on_where_it_stopped(line: Line) -> None:
    lan, address = await line.lan()
    reply = Reply("**Bác làm thế này ạ.** Bác bấm nút to. " * 300, STEP.choices)
    parts = await line.channel.send(address, reply, 0)
    assert parts > 1
    for part in range(1, parts):
        assert await line.channel.send(address, reply, part) == parts
    assert len(lan.chat) == parts
    assert all(length(message.text) <= 4096 for message in lan.chat)
    assert [bool(message.rows) for message in lan.chat] == [False] * (parts - 1) + [True]
    assert await line.channel.send(address, reply, parts) == parts, "nothing is left"
    assert len(lan.chat) == parts


async def test_a_picture_carries_the_words(line: Line) -> None:
    lan, address = await line.lan()
    reply = Reply(STEP.text, STEP.choices, STEP.shortcuts, picture=line.album.add("vneid-start"))
    assert await line.channel.send(address, reply, 0) == 1
    [message] = lan.chat
    assert message.photo
    assert message.photo.content == png()
    assert message.caption.endswith("1. Đã bấm\n2. Không thấy nút này")
    assert message.bold == ("Bước 1/7: Mở ứng dụng", "VNeID")
    assert len(message.keys) == 5


async def test_a_picture_is_uploaded_once(line: Line) -> None:
    lan, address = await line.lan()
    reply = Reply("Bác xem hình ạ.", picture=line.album.add("vneid-start"))
    for _ in range(3):
        await line.channel.send(address, reply, 0)
    assert line.album.asked == ["vneid-start.nut.0123456789ab"]
    assert len({message.photo.file_id for message in lan.chat if message.photo}) == 1
    assert len(line.telegram.world.photos) == 1


async def test_a_picture_goes_before_words_that_do_not_fit_below_it(line: Line) -> None:
    lan, address = await line.lan()
    reply = Reply("Bác bấm nút to ạ. " * 100, STEP.choices, picture=line.album.add("vneid-start"))
    assert await line.channel.send(address, reply, 0) == 2
    assert await line.channel.send(address, reply, 1) == 2
    first, second = lan.chat
    assert first.photo
    assert first.caption == "Màn hình vneid-start"
    assert not first.keys
    assert not second.photo
    assert len(second.keys) == 2


@pytest.mark.parametrize(
    "content", [None, b"", b"no picture", png(9000, 2000)], ids=["gone", "lost", "broken", "huge"]
)
@pytest.mark.parametrize("long", [False, True])
async def test_a_picture_that_cannot_be_shown_leaves_the_words(
    line: Line, content: bytes | None, long: bool
) -> None:
    lan, address = await line.lan()
    line.telegram.wrongs = _Forgiving()
    picture = line.album.add("vneid-start", content) if content is not None else Picture("gone", "", "Hình")
    reply = Reply("Bác bấm nút to ạ. " * (100 if long else 1), STEP.choices, picture=picture)
    parts = await line.channel.send(address, reply, 0)
    for part in range(1, parts):
        await line.channel.send(address, reply, part)
    assert parts == (2 if long else 1)
    assert lan.chat[-1].text.startswith("Bác bấm nút to ạ.")
    assert len(lan.chat[-1].keys) == 2
    assert not any(message.photo for message in lan.chat)


class _Forgiving(list[str]):
    """A broken picture is what these tests are about."""

    def append(self, _: str) -> None: ...

    def __bool__(self) -> bool:
        return False


async def test_an_id_that_expired_is_replaced(line: Line) -> None:
    lan, address = await line.lan()
    reply = Reply("Bác xem hình ạ.", picture=line.album.add("vneid-start"))
    await line.channel.send(address, reply, 0)
    line.telegram.faults.add(
        Refuses(400, "Bad Request: wrong file identifier/HTTP URL specified"), method="sendPhoto", times=1
    )
    await line.channel.send(address, reply, 0)
    assert len(line.telegram.world.photos) == 2
    assert all(message.photo for message in lan.chat)


async def test_the_memory_for_pictures_is_bounded(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.sending.REMEMBERED", 2)
    _, address = await line.lan()
    pictures = [line.album.add(f"man-hinh-{number}") for number in range(3)]
    for picture in (*pictures, pictures[2], pictures[0]):
        await line.channel.send(address, Reply("Hình ạ.", picture=picture), 0)
    assert [name.split(".")[0] for name in line.album.asked] == [
        "man-hinh-0",
        "man-hinh-1",
        "man-hinh-2",
        "man-hinh-0",
    ]


ERRORS: list[tuple[Fault, type[SendError], float, bool]] = [
    (TooMany(17), TryLater, 17, False),
    (Refuses(403, "Forbidden: bot was blocked by the user"), Unreachable, 0, False),
    (Refuses(403, "Forbidden: user is deactivated"), Unreachable, 0, False),
    (Refuses(400, "Bad Request: chat not found"), Refused, 0, False),
    (Refuses(400, "Bad Request: message text is empty"), Refused, 0, False),
    (Refuses(401, "Unauthorized"), TokenRefused, 60, True),
    (Refuses(404, "Not Found"), TokenRefused, 60, True),
    (Refuses(413, "Request Entity Too Large"), Refused, 0, False),
    (Refuses(429, "Too Many Requests"), TryLater, 1, True),
    (Down(500), TryLater, 1, True),
    (Down(502, b"<html>Bad Gateway</html>"), TryLater, 1, True),
    (Nonsense(), TryLater, 1, True),
    (Nonsense(b"\xff\xfe"), TryLater, 1, True),
    (Nonsense(b"{}"), TryLater, 1, True),
    (Nonsense(b'{"ok": "yes"}'), TryLater, 1, True),
    (Nonsense(b'{"ok":' * 10_000), TryLater, 1, True),
    (Nonsense(b'{"ok": false}'), TryLater, 1, True),
    (Resets(), AnswerLost, 1, True),
    (Hangs(), AnswerLost, 1, True),
]


@pytest.mark.parametrize(("fault", "kind", "after", "away"), ERRORS, ids=lambda value: repr(value)[:50])
async def test_the_table_of_errors(
    line: Line, fault: Fault, kind: type[SendError], after: float, away: bool
) -> None:
    lan, address = await line.lan()
    line.telegram.faults.add(fault, times=1)
    with pytest.raises(kind) as raised:
        await line.channel.send(address, STEP, 0)
    assert type(raised.value) is kind
    if isinstance(raised.value, TryLater):
        assert (raised.value.after, raised.value.away) == (after, away)
    assert lan.chat == []
    shown = "".join(traceback.format_exception(raised.value))
    for secret in (line.telegram.token, str(lan.id), "VNeID", "Kích hoạt"):
        assert secret not in shown
        assert secret not in repr(raised.value)
    assert raised.value.__context__ is None
    assert raised.value.__cause__ is None


async def test_aiograms_own_errors_would_tell_secrets(line: Line) -> None:
    """The check above can fail: what we keep to ourselves holds whom it was for."""
    _, address = await line.lan()
    line.telegram.faults.add(TooMany(17), times=1)
    with pytest.raises(Exception) as raised:  # noqa: PT011 - aiogram's
        await line.channel._calls._bot.send_message(int(address.id), "Kích hoạt")
    assert address.id in str(raised.value)


async def test_nobody_is_at_home(open_line: OpenLine) -> None:
    async with open_line() as line:
        _, address = await line.lan()
        await line.telegram._runner.cleanup()
        with pytest.raises(TryLater) as raised:
            await line.channel.send(address, STEP, 0)
        assert raised.value.away


async def test_a_call_is_given_up_after_ten_seconds(line: Line) -> None:
    _, address = await line.lan()
    line.telegram.faults.add(Hangs(), times=1)
    begin = line.telegram.world.time()
    with pytest.raises(TryLater):
        await line.channel.send(address, STEP, 0)
    assert 9 < line.telegram.world.time() - begin < 11


async def test_what_changes_nothing_is_a_success(line: Line) -> None:
    _, address = await line.lan()
    line.telegram.faults.add(Refuses(400, "Bad Request: message is not modified"), times=1)
    assert await line.channel.send(address, STEP, 0) == 1


async def test_a_wrong_token_is_told_once_and_again_after_it_was_right(line: Line) -> None:
    _, address = await line.lan()
    for _ in range(2):
        line.telegram.faults.add(Refuses(401, "Unauthorized"), times=3)
        for _ in range(3):
            with pytest.raises(TokenRefused):
                await line.channel.send(address, STEP, 0)
        await line.channel.send(address, STEP, 0)
    assert line.reports == [("telegram sending", "TokenRefused")] * 2


async def test_after_closing_nothing_is_sent(line: Line) -> None:
    lan, address = await line.lan()
    await line.channel.close()
    with pytest.raises(TryLater):
        await line.channel.send(address, STEP, 0)
    assert lan.chat == []


async def test_an_address_of_another_channel_is_refused(line: Line) -> None:
    with pytest.raises(Refused):
        await line.channel.send(Address("telegram", "u:777"), STEP, 0)


async def test_paces(line: Line) -> None:
    assert line.channel.per_second == 28
    assert line.channel.gap(Address("telegram", "777")) == 1.05
    assert line.channel.gap(Address("telegram", "-1009876")) == 3.1
