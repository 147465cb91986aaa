"""The simulated Official Account: it delivers, takes and refuses as the real one."""

from __future__ import annotations

import asyncio
import json
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from random import Random
from typing import Any

import aiohttp
import pytest

from tests.platforms.zalo_oa import Code, FakeZaloOA, Lost, Nonsense, Pair, Person, Reset, Status, schema
from tests.platforms.zalo_oa.signature import VECTORS, header

NOW = 1_795_000_000
URL = "https://bot.example/webhooks/zalo-oa"


class World:
    """A clock that a test moves, and a webhook that keeps what it got and answers as it is told."""

    def __init__(self) -> None:
        self.now = NOW
        self.status = 200
        self.slow = 0.0
        self.got: list[tuple[Mapping[str, str], dict[str, Any]]] = []
        self.oa = FakeZaloOA(now=lambda: self.now, post=self.post)
        self.pair = Pair("", "")
        self.session = aiohttp.ClientSession()

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        assert url == URL
        self.got.append((headers, json.loads(body)))
        assert headers["X-ZEvent-Signature"] == header(
            self.oa.app_id, body, self.got[-1][1]["timestamp"], self.oa.oa_secret
        )
        await asyncio.sleep(self.slow)
        return self.status, {}, b""

    @property
    def names(self) -> list[str]:
        return [event["event_name"] for _, event in self.got]

    async def call(self, path: str, body: Any, token: str = "") -> dict[str, Any]:
        headers = {"access_token": token or self.pair.access_token}
        async with self.session.post(f"{self.oa.base}/{path}", json=body, headers=headers) as answer:
            assert answer.status == 200
            said: dict[str, Any] = await answer.json()
            return said

    async def send(self, person: Person, message: Any) -> int:
        answer = await self.call(
            "v3.0/oa/message/cs", {"recipient": {"user_id": person.id}, "message": message}
        )
        return int(answer["error"])

    async def get(self, path: str, data: Any) -> dict[str, Any]:
        headers = {"access_token": self.pair.access_token}
        query = {"data": json.dumps(data)}
        async with self.session.get(
            f"{self.oa.base}/v2.0/oa/{path}", params=query, headers=headers
        ) as answer:
            said: dict[str, Any] = await answer.json()
            return said

    async def token(self, **form: str) -> dict[str, Any]:
        headers = {"secret_key": self.oa.app_secret}
        url = f"{self.oa.base}/v4/oa/access_token"
        async with self.session.post(url, data={"app_id": self.oa.app_id, **form}, headers=headers) as answer:
            said: dict[str, Any] = await answer.json()
            return said


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    async with world.oa, world.session:
        world.oa.listen(URL)
        world.pair = world.oa.oauth.grant()
        yield world


def button(*made: Any) -> dict[str, Any]:
    return {"text": "Chọn:", "attachment": {"type": "template", "payload": {"buttons": made}}}


def buttons(*titles: str) -> dict[str, Any]:
    return button(*({"type": "oa.query.hide", "title": title, "payload": f"#{title}"} for title in titles))


def picture(**element: str) -> dict[str, Any]:
    payload = {"template_type": "media", "elements": [{"media_type": "image", **element}]}
    return {"text": "Hình minh họa", "attachment": {"type": "template", "payload": payload}}


@pytest.mark.parametrize("vector", VECTORS)
def test_signatures_are_what_the_sha256sum_program_says(vector: Any) -> None:
    signed = (vector.app_id + vector.body + vector.timestamp + vector.secret).encode()
    program = subprocess.run(["sha256sum"], input=signed, capture_output=True, check=True)
    assert program.stdout.split()[0].decode() == vector.mac
    assert header(vector.app_id, vector.body.encode(), vector.timestamp, vector.secret) == f"mac={vector.mac}"


async def test_every_kind_of_event_is_posted_as_the_notes_say(world: World) -> None:
    nam = world.oa.person("Nam")
    await nam.follows()
    await nam.says("xin chào")
    await nam.sends_image("chú thích")
    await nam.sends_image()
    await nam.sends_audio()
    await nam.sends_video()
    await nam.sends_gif()
    await nam.sends_sticker()
    await nam.sends_location()
    await nam.sends_file()
    await nam.sends_link()
    await nam.sends_business_card()
    await nam.submits_info("Nam", "84900000000", "xã Hòa Xuân")
    await world.oa.admin_writes(nam, "Chào bác")
    await nam.receives()
    await nam.sees()
    await nam.unfollows()
    assert len(world.names) == len(set(world.names)) + 1 == 17
    stamps = [event["timestamp"] for _, event in world.got]
    assert stamps == sorted(set(stamps))
    assert {len(stamp) for stamp in stamps} == {13}
    assert world.got[0][1] == {
        "oa_id": world.oa.oa_id,
        "follower": {"id": nam.id},
        "user_id_by_app": nam.who.user_id_by_app,
        "event_name": "follow",
        "source": "oa_profile",
        "app_id": world.oa.app_id,
        "timestamp": f"{NOW}000",
    }
    assert world.got[13][1]["sender"] == {"id": world.oa.oa_id, "admin_id": "7770000000000000001"}


async def test_the_second_reader_sees_what_is_not_an_event(world: World) -> None:
    await world.oa.person("Nam").says("xin chào")
    good = world.got[0][1]
    assert not schema.trouble_with(json.dumps(good).encode())
    bad: list[dict[str, Any]] = [
        good | {"timestamp": NOW * 1000},
        good | {"oa_id": world.oa.oa_id},
        good | {"event_name": "user_send_thoughts"},
        good | {"sender": {"id": int(good["sender"]["id"])}},
        {name: value for name, value in good.items() if name != "message"},
    ]
    assert all(schema.trouble_with(json.dumps(event).encode()) for event in bad)


async def test_a_tap_comes_back_as_text(world: World) -> None:
    nam = world.oa.person("Nam")
    await nam.follows()
    assert await world.send(nam, buttons("Đã bấm", "Không thấy")) == 0
    await nam.taps("Đã bấm")
    assert world.got[-1][1]["message"]["text"] == "#Đã bấm"
    with pytest.raises(LookupError):
        await nam.taps("Mở")


async def test_what_is_sent_is_seen_and_comes_back_as_an_echo(world: World) -> None:
    nam = world.oa.person("Nam")
    await nam.follows()
    answer = await world.call(
        "v3.0/oa/message/cs", {"recipient": {"user_id": nam.id}, "message": {"text": "Chào bác"}}
    )
    assert answer["error"] == 0
    assert answer["data"]["message_id"] == nam.chat[-1].id
    await world.send(nam, picture(url="https://bot.example/pictures/a.png"))
    await asyncio.sleep(0)
    await world.oa.delivery.settled()
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


async def test_events_come_again_and_then_the_webhook_is_off(world: World) -> None:
    world.status = 503
    begun = asyncio.get_running_loop().time()
    await world.oa.person("Nam").says("xin chào")
    await world.oa.delivery.settled()
    assert [headers.get("num_retry") for headers, _ in world.got] == [None, "1", "2", "3", "4", "5"]
    assert len({event["message"]["msg_id"] for _, event in world.got}) == 1
    minutes = [(attempt.at - begun) / 60 for attempt in world.oa.delivery.attempts]
    assert minutes == pytest.approx([0, 0.5, 5.5, 20.5, 50.5, 110.5], abs=0.1)
    assert world.oa.switched_off_at == NOW
    await world.oa.person("Lan").says("ai đó không")
    assert world.oa.missed == ["user_send_text"]
    assert len(world.got) == 6
    world.status = 200
    world.oa.listen(URL)
    await world.oa.person("Tư").says("chào")
    assert len(world.got) == 7


async def test_a_slow_answer_is_none(world: World) -> None:
    world.slow = 2.5
    await world.oa.person("Nam").says("xin chào")
    world.slow = 1.5
    await world.oa.delivery.settled()
    assert [(attempt.retry, attempt.status) for attempt in world.oa.delivery.attempts] == [
        (0, None),
        (1, 200),
    ]


async def test_events_are_repeated_and_shuffled_on_command(world: World) -> None:
    chance = Random(7)  # noqa: S311
    world.oa.delivery.copies = lambda: chance.randint(1, 5)
    world.oa.delivery.shuffle = chance
    world.oa.delivery.hold()
    nam = world.oa.person("Nam")
    for number in range(50):
        await nam.says(str(number))
    assert not world.got
    world.oa.delivery.release()
    await world.oa.delivery.settled()
    texts = [event["message"]["text"] for _, event in world.got]
    assert 50 < len(texts) <= 250
    assert set(texts) == {str(number) for number in range(50)}
    assert list(dict.fromkeys(texts)) != [str(number) for number in range(50)]


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


def challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


async def test_a_code_is_good_once_and_for_ten_minutes(world: World) -> None:
    verifier = "v" * 43
    link = (
        f"https://oauth.zaloapp.com/v4/oa/permission?app_id={world.oa.app_id}"
        f"&redirect_uri=https%3A%2F%2Fbot.example%2Fzalo&code_challenge={challenge(verifier)}&state=s1"
    )
    consent = world.oa.oauth.consents(link)
    assert consent.location == f"https://bot.example/zalo?code={consent.code}&oa_id={world.oa.oa_id}&state=s1"
    code = {"grant_type": "authorization_code", "code": consent.code}
    answer = await world.token(**code, code_verifier=verifier)
    assert answer["expires_in"] == "90000"
    assert world.oa.oauth.alive(answer["access_token"])
    assert (await world.token(**code, code_verifier=verifier))["error"] == -14003
    late = world.oa.oauth.consents(link)
    world.now += 600
    late_code = {"grant_type": "authorization_code", "code": late.code}
    assert (await world.token(**late_code, code_verifier=verifier))["error"] == -14003
    other = {"grant_type": "authorization_code", "code": world.oa.oauth.consents(link).code}
    assert (await world.token(**other, code_verifier="w" * 43))["error"] == -14003


async def test_a_refresh_token_works_once(world: World) -> None:
    refresh = {"grant_type": "refresh_token", "refresh_token": world.pair.refresh_token}
    world.oa.faults.add(Lost(Reset()), method="access_token", times=1)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await world.token(**refresh)
    assert (await world.token(**refresh))["error"] == -14020
    assert (world.oa.oauth.refreshes, world.oa.oauth.reuses) == (1, 1)
    fresh = world.oa.oauth.grant()
    answer = await world.token(grant_type="refresh_token", refresh_token=fresh.refresh_token)
    assert answer["refresh_token"] != fresh.refresh_token
    world.now += 90 * 86_400
    assert (await world.token(grant_type="refresh_token", refresh_token=answer["refresh_token"]))[
        "error"
    ] == -14020


async def test_a_faulty_token_call_is_noted(world: World) -> None:
    fresh = world.oa.oauth.grant()
    form = {"grant_type": "refresh_token", "refresh_token": fresh.refresh_token}
    assert (await world.token(**form, scope="all"))["error"] == -14003
    async with world.session.post(
        f"{world.oa.base}/v4/oa/access_token", json={"app_id": world.oa.app_id, **form}
    ) as answer:
        assert (await answer.json())["error"] == -14002
    assert len(world.oa.violations) == 3
    world.oa.violations.clear()
    assert "error" not in await world.token(**form)
