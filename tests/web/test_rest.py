"""Rasa's REST protocol: what widgets send and get, each message once, nothing for strangers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from web_world import Away, World, world

from bot.core.message import Address
from bot.web.limits import Rate
from bot.web.rest import LONGEST, Message, raw_of
from bot.web.visitor import key_of

URL = "/webhooks/rest/webhook"
SENDER = "widget-0123456789"
BEGIN = "!begin."


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as built:
        yield built


@pytest.fixture
def widget(here: World) -> httpx.AsyncClient:
    return here.browser(headers={"Accept": "*/*", "Sec-Fetch-Site": "cross-site"})


def body(message: str, sender: str = SENDER, **metadata: object) -> dict[str, Any]:
    return {"sender": sender, "message": message, **({"metadata": metadata} if metadata else {})}


async def test_a_text_gets_replies_in_rasas_words(widget: httpx.AsyncClient) -> None:
    answer = await widget.post(URL, json=body("xin chào", commune="26734"))
    assert answer.status_code == 200
    (said,) = answer.json()
    assert said["recipient_id"] == SENDER
    assert said["buttons"][0] == {"title": "Bắt đầu", "payload": BEGIN}
    assert "1. Bắt đầu" in said["text"]  # widgets without buttons: it can be typed


async def test_a_message_that_is_a_token_of_ours_is_a_button(here: World, widget: httpx.AsyncClient) -> None:
    said = (await widget.post(URL, json=body(BEGIN))).json()
    assert await here.store.conversation(Address("web", SENDER)) is not None
    answer = await widget.post(URL, json=body(said[-1]["buttons"][0]["payload"]))
    assert "bác" in answer.json()[0]["text"]


async def test_the_same_id_again_gets_the_first_answer_and_changes_nothing(
    here: World, widget: httpx.AsyncClient
) -> None:
    await widget.post(URL, json=body(BEGIN))
    first = await widget.post(URL, json=body("1", client_msg_id="m1"))
    kept = await here.store.kept(Address("web", SENDER))
    again = await widget.post(URL, json=body("1", client_msg_id="m1"))
    assert again.json() == first.json()
    assert await here.store.kept(Address("web", SENDER)) == kept


async def test_without_an_id_two_messages_are_two(here: World, widget: httpx.AsyncClient) -> None:
    """Negative control of the test above."""
    await widget.post(URL, json=body(BEGIN))
    await widget.post(URL, json=body("1"))
    kept = await here.store.kept(Address("web", SENDER))
    await widget.post(URL, json=body("1"))
    assert await here.store.kept(Address("web", SENDER)) != kept


async def test_nobody_gets_anothers_answer_by_its_id(widget: httpx.AsyncClient) -> None:
    await widget.post(URL, json=body(BEGIN))
    mine = await widget.post(URL, json=body("1", client_msg_id="m1"))
    other = await widget.post(URL, json=body("1", sender="somebody else", client_msg_id="m1"))
    assert mine.json()[0]["text"] != other.json()[0]["text"]
    assert key_of("a", "bc") != key_of("ab", "c")


async def test_streamed_replies_are_one_object_a_line(widget: httpx.AsyncClient) -> None:
    answer = await widget.post(f"{URL}?stream=true", json=body("xin chào"))
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0]["recipient_id"] == SENDER


async def test_the_channel_says_it_is_there(widget: httpx.AsyncClient) -> None:
    answer = await widget.get("/webhooks/rest/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_message_is_cut_and_a_greeting_understood(here: World) -> None:
    site = cast("Any", here)
    assert len(raw_of(site, Message(SENDER, "a" * 9999)).text) == LONGEST
    assert raw_of(site, Message(SENDER, "/session_start")).text == "/start"
    assert raw_of(site, Message(SENDER, "=menu")).button == "=menu"
    assert raw_of(site, Message(SENDER, "Menu")).button == ""


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"{}", "application/json", 422),
        (b'{"sender":"a","message":5}', "application/json", 422),
        (b'{"sender":"","message":"a"}', "application/json", 422),
        (b'{"sender":"a","message":""}', "application/json", 422),
        (json.dumps(body("a", sender="a" * 129)).encode(), "application/json", 422),
        (json.dumps(body("a", client_msg_id=7)).encode(), "application/json", 422),
        (json.dumps(body("a" * 17000)).encode(), "application/json", 413),
        (b"[" * 15000, "application/json", 422),
        (b'{"sender":"a","x":' + b"[" * 15000, "application/json", 400),
        (b'{"sender":"a","message":' + b'{"a":' * 3000, "application/json", 422),
        (b'{"sender":"a","message":"\\ud800"}', "application/json", 400),
        (b"sender=a", "application/x-www-form-urlencoded", 415),
    ],
)
async def test_faults_have_one_shape(
    widget: httpx.AsyncClient, content: bytes, kind: str, status: int
) -> None:
    answer = await widget.post(URL, content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message"}


async def test_a_body_without_a_length_is_cut_off_too(widget: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    answer = await widget.post(URL, content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_other_methods(widget: httpx.AsyncClient, method: str) -> None:
    answer = await widget.request(method, URL)
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


async def test_a_database_that_is_away(tmp_path: Path) -> None:
    async with world(tmp_path, inbox=cast("Any", Away()), store=cast("Any", Away())) as here:
        answer = await here.browser().post(URL, json=body("a"))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["error"]["code"] == "unavailable"


async def test_who_floods_is_told_when_to_come_back_and_others_are_not_harmed(
    here: World, widget: httpx.AsyncClient
) -> None:
    statuses = [(await widget.post(URL, json=body("a"))).status_code for _ in range(30)]
    assert statuses == [200] * 20 + [429] * 10
    refused = await widget.post(URL, json=body("a"))
    assert (await widget.post(URL, json=body("a", sender="neighbour"))).status_code == 200
    here.clock.forward(int(refused.headers["retry-after"]))
    assert (await widget.post(URL, json=body("a"))).status_code == 200


async def test_a_network_that_floods_with_new_senders_is_held(tmp_path: Path) -> None:
    async with world(tmp_path, host_rate=Rate(burst=5, per_second=1)) as here:
        widget = here.browser()
        statuses = [(await widget.post(URL, json=body("a", sender=f"s{n}"))).status_code for n in range(8)]
        assert statuses == [200] * 5 + [429] * 3
        assert (await here.browser("10.0.0.2").post(URL, json=body("a"))).status_code == 200


async def test_one_household_of_ipv6_is_one(tmp_path: Path) -> None:
    async with world(tmp_path, host_rate=Rate(burst=1, per_second=1)) as here:
        first = await here.browser("2001:db8:1:2::1").get("/webhooks/rest/webhook")
        assert first.status_code == 405
        assert (await here.browser("2001:db8:1:2::1").post(URL, json=body("a"))).status_code == 200
        assert (await here.browser("2001:db8:1:2:ffff::9").post(URL, json=body("a"))).status_code == 429
        assert (await here.browser("2001:db8:1:3::1").post(URL, json=body("a"))).status_code == 200


async def test_it_is_described(widget: httpx.AsyncClient) -> None:
    described = (await widget.get("/openapi.json")).json()
    assert set(described["paths"]["/webhooks/rest/webhook"]["post"]["responses"]) == {
        *("200", "400", "413", "415", "422", "429", "503")
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["sender", "message", "metadata", "client_msg_id", "x"]),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=10,
        ).map(lambda value: json.dumps(value).encode()),
    )
)
async def test_whatever_comes_the_answer_is_one_of_the_described(
    here: World, widget: httpx.AsyncClient, content: bytes
) -> None:
    here.clock.forward(60)
    answer = await widget.post(URL, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in {200, 400, 413, 415, 422, 429, 503}
    msgspec.json.decode(answer.content)
