"""The simulated Official Account takes and refuses messages and pictures as the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.platforms.zalo_oa import Code, FakeZaloOA, Lost, Nonsense, Reset, Status
from tests.platforms.zalo_oa_world import NOW, World, button, buttons, opened, picture


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with opened() as world:
        yield world


async def test_what_is_sent_is_seen_and_comes_back_as_an_echo(world: World) -> None:
    nam = world.oa.person("Nam")
    await nam.follows()
    answer = await world.call(
        "v3.0/oa/message/cs", {"recipient": {"user_id": nam.id}, "message": {"text": "Chào bác"}}
    )
    assert answer["error"] == 0
    assert answer["data"]["message_id"] == nam.chat[-1].id
    await world.send(nam, picture(url="https://bot.example/pictures/a.png"))
    await world.oa.settled()
    assert [message.words for message in nam.chat] == ["Chào bác", "Hình minh họa"]
    assert world.names == ["follow", "oa_send_text", "oa_send_image"]
    assert "admin_id" not in world.got[1][1]["sender"]
    assert [call.method for call in world.oa.calls] == ["message/cs", "message/cs"]


BAD_MESSAGES: list[Any] = [
    {},
    {"text": ""},
    {"text": "a" * 2001},
    {"text": "a\u0300"},
    {"text": 1},
    {"text": "a", "parse_mode": "HTML"},
    buttons(),
    buttons("1", "2", "3", "4", "5", "6"),
    buttons("a" * 101),
    {**buttons("a"), "text": ""},
    {name: value for name, value in buttons("a").items() if name == "attachment"},
    button({"title": "a", "payload": "#a"}),
    button({"type": "oa.query.hide", "title": "a", "payload": {"url": "https://a.vn"}}),
    button({"type": "oa.query.hide", "title": "a", "payload": "a" * 1001}),
    button({"type": "oa.open.url", "title": "a", "payload": "https://a.vn"}),
    button({"type": "oa.open.phone", "title": "a", "payload": {"phone_code": "gọi"}}),
    picture(url="http://bot.example/a.png"),
    picture(url="https://127.0.0.1/a.png"),
    picture(url="https://bot.example/a.png", attachment_id="x"),
    picture(),
    picture(attachment_id="unknown"),
]


@pytest.mark.parametrize("message", BAD_MESSAGES)
async def test_a_faulty_message_is_refused_and_noted(world: World, message: Any) -> None:
    nam = world.oa.person("Nam")
    await nam.follows()
    assert await world.send(nam, message) == -201
    assert len(world.oa.violations) == 1
    assert not nam.chat
    world.oa.violations.clear()


async def test_the_five_kinds_of_buttons_are_taken(world: World) -> None:
    nam = world.oa.person("Nam")
    await nam.follows()
    five: list[dict[str, Any]] = [
        {"type": "oa.query.show", "title": "a" * 100, "payload": "#a" * 500},
        {"type": "oa.query.hide", "title": "b", "payload": "#b"},
        {"type": "oa.open.url", "title": "c", "payload": {"url": "https://vneid.gov.vn/"}},
        {"type": "oa.open.phone", "title": "Gọi", "payload": {"phone_code": "19000368"}},
        {"type": "oa.open.sms", "title": "Nhắn", "payload": {"content": "a", "phone_code": "19000368"}},
    ]
    assert await world.send(nam, {**button(*five), "text": "ế" * 2000}) == 0
    assert [key.type for key in nam.chat[0].keys] == [button["type"] for button in five]


async def test_a_violation_fails_the_test_that_made_it() -> None:
    """Negative control: nobody has to look at the list."""

    async def careless() -> None:
        async with (
            FakeZaloOA(now=lambda: NOW) as oa,
            aiohttp.ClientSession() as session,
            session.post(f"{oa.base}/v2.0/oa/message") as answer,
        ):
            assert answer.status == 404

    with pytest.raises(AssertionError, match="nothing is at"):
        await careless()


async def test_the_window_closes(world: World) -> None:
    nam, stranger = world.oa.person("Nam"), world.oa.person("Lạ")
    await nam.says("xin chào")
    hello = {"text": "Chào bác"}
    assert await world.send(stranger, hello) == -213
    world.now += 48 * 3600
    assert await world.send(nam, hello) == -216, "the token died after 25 hours"
    world.pair = world.oa.oauth.grant()
    assert await world.send(nam, hello) == 0
    assert (world.oa.free, world.oa.paid) == (1, 0)
    world.now += 1
    assert await world.send(nam, hello) == 0
    assert (world.oa.free, world.oa.paid) == (1, 1)
    world.now = NOW + 7 * 86_400 + 1
    world.pair = world.oa.oauth.grant()
    assert await world.send(nam, hello) == -230
    await nam.follows()
    assert await world.send(nam, hello) == 0
    await nam.blocks()
    assert await world.send(nam, hello) == -244
    await nam.unblocks()
    await nam.unfollows()
    assert await world.send(nam, hello) == -213


async def test_the_token_comes_bare_in_its_own_header(world: World) -> None:
    nam = world.oa.person("Nam")
    await nam.follows()
    body = {"recipient": {"user_id": nam.id}, "message": {"text": "a"}}
    assert (await world.call("v3.0/oa/message/cs", body, f"Bearer {world.pair.access_token}"))[
        "error"
    ] == -216
    assert len(world.oa.violations) == 1
    world.oa.violations.clear()
    assert (await world.call("v3.0/oa/message/cs", body, "another"))["error"] == -216
    assert not world.oa.violations


async def test_the_rate_is_limited(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.platforms.zalo_oa.server.A_MINUTE", 3)
    nam = world.oa.person("Nam")
    await nam.follows()
    assert [await world.send(nam, {"text": "a"}) for _ in range(4)] == [0, 0, 0, -32]


async def upload(
    world: World, content: bytes, name: str = "a.png", kind: str = "image/png"
) -> dict[str, Any]:
    form = aiohttp.FormData()
    form.add_field("file", content, filename=name, content_type=kind)
    headers = {"access_token": world.pair.access_token}
    url = f"{world.oa.base}/v2.0/oa/upload/image"
    async with world.session.post(url, data=form, headers=headers) as answer:
        said: dict[str, Any] = await answer.json()
        return said


PNG = b"\x89PNG\r\n\x1a\n"


async def test_an_uploaded_picture_lives_seven_days(world: World) -> None:
    nam = world.oa.person("Nam")
    await nam.follows()
    id = (await upload(world, PNG + bytes(100)))["data"]["attachment_id"]
    assert await world.send(nam, picture(attachment_id=id)) == 0
    world.now += 7 * 86_400
    world.pair = world.oa.oauth.grant()
    await nam.says("a")
    assert await world.send(nam, picture(attachment_id=id)) == -201
    world.oa.violations.clear()


async def test_a_faulty_upload_is_refused(world: World) -> None:
    for content, name, kind in (
        (PNG + bytes(1_000_000), "a.png", "image/png"),
        (b"GIF89a", "a.png", "image/png"),
        (PNG, "a.jpg", "image/png"),
        (PNG, "a.png", "application/octet-stream"),
    ):
        assert (await upload(world, content, name, kind))["error"] == -201
    assert len(world.oa.violations) == 4
    world.oa.violations.clear()
    world.oa.uploads.month = 1
    assert [(await upload(world, PNG))["error"] for _ in range(2)] == [0, -211]


async def test_what_was_said_can_be_read_again(world: World) -> None:
    nam, lan = world.oa.person("Nam"), world.oa.person("Lan")
    world.status = 500
    await nam.says("xin chào")
    await lan.sends_image("lỗi này")
    await world.send(nam, {"text": "Chào bác"})
    rows = (await world.get("listrecentchat", {"offset": 0, "count": 10}))["data"]
    assert [(row["src"], row["type"], row["message"]) for row in rows] == [
        (0, "text", "Chào bác"),
        (1, "photo", "lỗi này"),
        (1, "text", "xin chào"),
    ]
    assert rows[2]["message_id"] == world.got[0][1]["message"]["msg_id"]
    assert rows[2]["from_id"] == nam.id
    assert isinstance(rows[2]["time"], int)
    page = (await world.get("conversation", {"user_id": nam.id, "offset": 1, "count": 1}))["data"]
    assert [row["message"] for row in page] == ["xin chào"]
    assert (await world.get("listrecentchat", {"offset": 0, "count": 11}))["error"] == -201
    world.oa.violations.clear()


async def test_faults_on_command(world: World) -> None:
    nam = world.oa.person("Nam")
    await nam.follows()
    hello = {"recipient": {"user_id": nam.id}, "message": {"text": "a"}}
    url = f"{world.oa.base}/v3.0/oa/message/cs"
    headers = {"access_token": world.pair.access_token}
    world.oa.faults.add(Status(502), times=1)
    async with world.session.post(url, json=hello, headers=headers) as answer:
        assert answer.status == 502
    world.oa.faults.add(Nonsense(), times=1)
    async with world.session.post(url, json=hello, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
    world.oa.faults.add(Code(-220), method="message/cs", person=nam.id, times=1)
    assert await world.send(nam, {"text": "a"}) == -220
    world.oa.faults.add(Code(-32), person="somebody else")
    assert await world.send(nam, {"text": "a"}) == 0
    world.oa.faults.heal()
    for fault in (Reset(), Lost(Reset())):
        world.oa.faults.add(fault, times=1)
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await world.send(nam, {"text": "b"})
    world.oa.faults.add(Lost(), times=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await world.send(nam, {"text": "c"})
    assert [message.text for message in nam.chat] == ["a", "b", "c"]
