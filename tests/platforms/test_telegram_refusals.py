"""What the real server refuses is refused, and what it overlooks as well."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest
from aiohttp import FormData

from tests.platforms.telegram import FakeTelegram, html, png
from tests.platforms.telegram.errors import ApiError
from tests.platforms.telegram.photos import uploaded
from tests.platforms.telegram.plain import Client

SEND = {"chat_id": 777_000_101, "text": "Chào bác"}


def keys(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": [list(buttons)]}}


def data(token: str) -> dict[str, Any]:
    return {"text": "Đã bấm", "callback_data": token}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": ""}, "message text is empty"),
    ("sendMessage", {"text": " \n "}, "message text is empty"),
    ("sendMessage", {"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    ("sendMessage", {"text": "ạ" * 4097}, "message is too long"),
    ("sendMessage", {"text": "1 < 2", "parse_mode": "HTML"}, "Unclosed start tag at byte offset 2"),
    ("sendMessage", {"text": "ạ<p>", "parse_mode": "html"}, 'Unsupported start tag "p" at byte offset 3'),
    ("sendMessage", {"text": "<b>Mở", "parse_mode": "HTML"}, 'end tag corresponding to start tag "b"'),
    ("sendMessage", {"text": "Mở</b>", "parse_mode": "HTML"}, "Unexpected end tag"),
    ("sendMessage", {"text": "<b><i>Mở</b></i>", "parse_mode": "HTML"}, "Unmatched end tag"),
    ("sendMessage", keys(data("x" * 65)), "BUTTON_DATA_INVALID"),
    ("sendMessage", keys(data("đ" * 33)), "BUTTON_DATA_INVALID"),
    ("sendMessage", keys(data("")), "Text buttons are unallowed"),
    ("sendMessage", keys({"text": "Đã bấm"}), "Text buttons are unallowed"),
    ("sendMessage", keys({"text": "", "callback_data": "a"}), "Button text must be non-empty"),
    ("sendMessage", keys({"callback_data": "a"}), 'Field "text" must be of type String'),
    ("sendMessage", keys({"text": "a", "callback_data": 1}), 'Field "callback_data" must be of type String'),
    ("sendMessage", keys({"text": "Web", "url": "http://localhost:8080/"}), "Wrong HTTP URL"),
    ("sendMessage", keys({"text": "Web", "url": "http://127.0.0.1/"}), "Wrong HTTP URL"),
    ("sendMessage", keys({"text": "Web", "url": "ftp://bot.example/"}), "Unsupported URL protocol"),
    ("sendMessage", keys(*[data(str(number)) for number in range(101)]), "reply markup is too long"),
    ("sendMessage", {"reply_markup": {"inline_keyboard": [data("a")]}}, "Arrays of InlineKeyboardButton"),
    ("sendMessage", {"reply_markup": "{"}, "can't parse reply markup JSON object"),
    ("sendMessage", {"chat_id": 5}, "chat not found"),
    ("sendMessage", {"message_thread_id": 3}, "message thread not found"),
    ("sendPhoto", {"photo": "AgAC-nobody-knows-it"}, "wrong file identifier"),
    ("sendPhoto", {"photo": "http://bot.example/a.png"}, "failed to get HTTP URL content"),
    ("sendPhoto", {"photo": "https://10.0.0.1/a.png"}, "failed to get HTTP URL content"),
    ("sendPhoto", {}, "there is no photo in the request"),
    ("sendPhoto", {"photo": "attach://f"}, "there is no file f in the request"),
    ("sendPhoto", {"photo": "https://bot.example/a.png", "caption": "ạ" * 1025}, "caption is too long"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action"),
    ("setMyCommands", {"commands": [{"command": "Menu", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "quay-lai", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "menu", "description": ""}]}, "DESCRIPTION_INVALID"),
    (
        "setMyCommands",
        {"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]},
        "BOT_COMMANDS_TOO_MUCH",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "menu", "description": "x"}], "language_code": "vie"},
        "language code",
    ),
    ("getMyCommands", {"scope": {"type": "everybody"}}, "Unsupported type"),
    ("setMyDescription", {"description": "x" * 513}, "DESCRIPTION_TOO_LONG"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "ABOUT_TOO_LONG"),
    ("setWebhook", {"url": "http://bot.example/"}, "An HTTPS URL must be provided"),
    ("setWebhook", {"url": "https://bot.example:8080/"}, "only on ports 80, 88, 443 or 8443"),
    ("setWebhook", {"url": "https://localhost/"}, "Failed to resolve host"),
    ("setWebhook", {"url": "https://192.168.1.4/"}, "IP address 192.168.1.4 is reserved"),
    ("setWebhook", {"url": "https://bot.example/", "secret_token": "bí mật"}, "unallowed characters"),
    ("setWebhook", {"url": "https://bot.example/", "secret_token": "x" * 257}, "secret token is too long"),
    ("getUpdates", {"timeout": -1}, "timeout must be non-negative"),
]

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"disable_web_page_preview": True}, "no parameter disable_web_page_preview"),
    ("sendMessage", {"text": 5}, "text must be text"),
    ("sendMessage", {"chat_id": "@somebody"}, "chat_id must be a whole number"),
    ("sendMessage", {"protect_content": "yes"}, "protect_content must be true or false"),
    ("sendMessage", {"reply_markup": []}, "reply_markup must be a JSON object"),
    ("sendMessage", {"parse_mode": "MarkdownV2"}, "does not write MarkdownV2"),
    ("sendMessage", {"reply_markup": {"keyboard": [[{"text": "a"}]]}}, "not for this bot"),
    ("sendMessage", {"reply_markup": {"inline_keyboard": [[]]}}, "a row of the keyboard is empty"),
    ("sendMessage", keys(data("a") | {"colour": "red"}), "no field colour"),
    ("getMe", {"chat_id": 1}, "no parameter chat_id"),
    ("getUpdates", {"limit": 101}, "limit must be 1-100"),
    ("getUpdates", {"allowed_updates": ["messages"]}, "no updates of kind"),
    ("setMyCommands", {"commands": []}, "without commands"),
    (
        "setMyCommands",
        {"commands": [{"command": "menu", "description": "x"}] * 2},
        "twice",
    ),
    ("setWebhook", {"url": "https://bot.example/"}, "a webhook without a secret"),
    (
        "setWebhook",
        {"url": "https://bot.example/", "secret_token": "s", "max_connections": 101},
        "max_connections must be 1-100",
    ),
    ("logOut", {}, "not for a test"),
    ("close", {}, "not for a test"),
]


@pytest.mark.parametrize(("method", "params", "words"), REFUSED)
async def test_refused(
    telegram: FakeTelegram, call: Client, method: str, params: dict[str, Any], words: str
) -> None:
    await telegram.person("Lan").starts()
    given = {"sendMessage": SEND, "sendPhoto": {"chat_id": SEND["chat_id"]}, "sendChatAction": SEND}
    whole = {name: value for name, value in given.get(method, {}).items() if method != "sendChatAction"}
    status, said = await call(method, **(whole | params))
    assert (status, words in said) == (400, True), said
    assert (telegram.calls[-1].status, telegram.calls[-1].description) == (400, said)
    assert not telegram.calls[-1].done
    assert not telegram.people[0].chat


@pytest.mark.parametrize(("method", "params", "words"), WRONG)
async def test_what_no_correct_bot_does_fails_the_test(
    method: str, params: dict[str, Any], words: str, call: Client
) -> None:
    with pytest.raises(AssertionError, match=words):  # noqa: PT012 - leaving is what fails
        async with FakeTelegram() as telegram:
            await telegram.person("Lan").starts()
            call.telegram = telegram
            whole = SEND if method == "sendMessage" else {}
            status, said = await call(method, **(whole | params))
            assert (status, words in said) == (400, True), said


async def test_what_is_just_right_is_taken(telegram: FakeTelegram, call: Client) -> None:
    await telegram.person("Lan").starts()
    for params in (
        {"text": "ạ" * 4096},
        {"text": "<b>" + "ạ" * 4096 + "</b>", "parse_mode": "HTML"},
        {"text": "a > b &amp; c", "parse_mode": "HTML"},
        keys(data("x" * 64)),
        keys({"text": "Web", "url": "https://bot.example/c/26734"}),
        {"reply_markup": {"inline_keyboard": [[data(str(number))] for number in range(100)]}},
    ):
        assert (await call("sendMessage", **(SEND | params)))[0] == 200
    assert telegram.people[0].chat[2].text == "a > b & c"


async def test_an_unknown_method_is_not_found(telegram: FakeTelegram, call: Client) -> None:
    assert (await call("sendMesage", **SEND))[0] == 404
    assert telegram.wrongs
    telegram.wrongs.clear()


async def test_a_file_that_nobody_asked_for(telegram: FakeTelegram, call: Client) -> None:
    form = FormData({"chat_id": "1", "text": "Chào bác"})
    form.add_field("f", b"x", filename="f")
    assert (await call.post("sendMessage", data=form))[0] == 400
    assert telegram.wrongs
    telegram.wrongs.clear()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file must be non-empty"),
        (b"\xff\xd8\xff\xe0 a JPEG", "IMAGE_PROCESS_FAILED"),
        (png()[:-20], "IMAGE_PROCESS_FAILED"),
        (png().replace(b"IDAT", b"IDAX"), "IMAGE_PROCESS_FAILED"),
        (png(5_001, 5_000), "PHOTO_INVALID_DIMENSIONS"),
        (png(10, 201), "PHOTO_INVALID_DIMENSIONS"),
        (png() + b"x" * 10_000_000, "Request Entity Too Large"),
    ],
    ids=["empty", "jpeg", "cut", "broken", "large", "thin", "heavy"],
)
def test_pictures_that_are_none(content: bytes, words: str) -> None:
    with pytest.raises(ApiError, match=words):
        uploaded(content, "f")


def test_pictures_that_are_just_right() -> None:
    for width, height in ((5_000, 5_000), (10, 200), (1, 1)):
        assert uploaded(png(width, height), "f").width == width
    assert zlib.crc32(b"IEND") == struct.unpack(">I", png()[-4:])[0]


@pytest.mark.parametrize(
    ("source", "words", "marks"),
    [
        ("Bấm <b>Mở</b>", "Bấm Mở", [("bold", 4, 2)]),
        ("🙏 <b>Mở</b>", "🙏 Mở", [("bold", 3, 2)]),
        ("  <b> Mở </b>  ", "Mở", [("bold", 0, 2)]),
        ("&lt;b&gt; &amp;amp; &#7841; &#x1EA1; &nbsp; &quot;", '<b> &amp; ạ ạ &nbsp; "', []),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ('<a href="https://bot.example/?a=1&amp;b=2">đây</a>', "đây", [("text_link", 0, 3)]),
        ("<B>a</>", "a", [("bold", 0, 1)]),
        ("a & b &ltx", "a & b &ltx", []),
    ],
)
def test_html(source: str, words: str, marks: list[tuple[str, int, int]]) -> None:
    read, entities = html.parsed(source)
    assert read == words
    assert [(mark["type"], mark["offset"], mark["length"]) for mark in entities] == marks


async def test_what_groups_refuse(telegram: FakeTelegram, call: Client) -> None:
    group = telegram.group(basic=True)
    _, sent = await call("sendMessage", chat_id=group.id, text="a")
    edit = {"chat_id": group.id, "message_id": sent["message_id"], "text": "b"}
    assert (await call("editMessageText", **edit))[0] == 200
    assert (await call("editMessageText", **edit))[1].startswith("Bad Request: message is not modified")
    group.deletes(group.chat[0])
    assert (await call("editMessageText", **edit))[1] == "Bad Request: message to edit not found"
    group.closes_topic()
    assert (await call("sendMessage", chat_id=group.id, text="a"))[1] == "Bad Request: TOPIC_CLOSED"
    group.removes_bot()
    assert (await call("sendMessage", chat_id=group.id, text="a"))[0] == 403
    group.adds_bot()
    grown = group.grows()
    assert (await call("sendMessage", chat_id=group.id, text="a"))[0] == 400
    assert telegram.calls[-1].description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert (await call("sendMessage", chat_id=grown.id, text="a"))[0] == 200
