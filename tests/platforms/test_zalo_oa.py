"""The simulated Official Account tells as the real one: every event, signed, again when it is not taken."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Mapping
from random import Random
from typing import Any

import pytest

from tests.platforms.zalo_oa import FakeZaloOA, schema
from tests.platforms.zalo_oa.signature import VECTORS, header
from tests.platforms.zalo_oa_world import NOW, URL, World, buttons, opened


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with opened() as world:
        yield world


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
    assert [attempt.status for attempt in world.oa.delivery.attempts] == [None, 200]


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


async def test_more_events_than_connections_all_arrive(world: World) -> None:
    world.oa.delivery.connections = 2
    world.slow = 1.0
    people = [world.oa.person(f"người {number}") for number in range(9)]
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(person.says("chào") for person in people))
    assert len(world.got) == 9
    assert asyncio.get_running_loop().time() - begun == pytest.approx(5, abs=0.1)
    await asyncio.gather(*(person.says("chào") for person in people))
    assert len(world.got) == 18


async def test_events_can_be_signed_with_the_other_secret(world: World) -> None:
    body = b'{"timestamp":"1795000000123"}'
    signed = world.oa.signed(body)["X-ZEvent-Signature"]
    assert signed == header(world.oa.app_id, body, "1795000000123", world.oa.oa_secret)
    world.oa.signs_with = "app"
    other = world.oa.signed(body)["X-ZEvent-Signature"]
    assert other == header(world.oa.app_id, body, "1795000000123", world.oa.app_secret) != signed


async def test_a_webhook_that_raises_is_a_fault_of_ours() -> None:
    async def broken(
        _url: str, _headers: Mapping[str, str], _body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        raise KeyError("message")

    async def careless() -> None:
        async with FakeZaloOA(now=lambda: NOW, post=broken) as oa:
            oa.listen(URL)
            await oa.person("Nam").says("xin chào")

    with pytest.raises(AssertionError, match="the webhook raised KeyError"):
        await careless()
