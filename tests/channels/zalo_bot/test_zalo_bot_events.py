"""What Zalo Bot sends becomes an event of ours or nothing, whatever is in it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from bot.app.platform import Event, Raw, Unreadable
from bot.channels.zalo_bot.events import LONGEST, NotJson, events
from bot.core.message import Address, Kind
from tests.channels.zalo_bot.zalo_bot_mutants import PAYLOADS, changed, mutants, payload

LAN = Address("zalo_bot", "6ede9afa66b88fe6d6a9")
KEY = "2d758cb5e222177a4e35"


def raw(text: str = "", kind: Kind = Kind.TEXT) -> tuple[Event, ...]:
    return (Raw(LAN, KEY, text, kind=kind),)


MEANT: dict[str, tuple[Event, ...]] = {
    "text": raw("xin chào"),
    "text-without-wrap": raw("xin chào"),
    "text-marks-apart": raw("quên mật khẩu rồi"),
    "image-with-words": raw("máy báo lỗi này", Kind.PHOTO),
    "image": raw(kind=Kind.PHOTO),
    "sticker": raw(kind=Kind.STICKER),
    "voice": raw(kind=Kind.VOICE),
    "link": raw(kind=Kind.OTHER),
    "unsupported": raw(kind=Kind.UNSUPPORTED),
    "unsupported-without-message": (),
    "reaction": (),
    "group": (),
    "another-bot": (),
    "nothing-new": (),
    "time-out": (),
}


def test_every_payload_has_a_meaning() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == set(MEANT)


@pytest.mark.parametrize("name", MEANT)
def test_decoding(name: str) -> None:
    assert events(payload(name)) == MEANT[name]


@pytest.mark.parametrize(
    "body",
    [
        changed(text=7),
        changed(text=["xin chào"]),
        changed(message_id=None),
        changed(message_id=""),
        changed(message_id="có dấu"),
        changed(message_id="x" * 201),
        changed(message_id=2**63),
        changed(chat=None),
        changed(chat={"id": "6ede"}),
        changed(chat={"id": 6, "chat_type": "PRIVATE"}),
        changed(**{"from": "Lan"}),
        b'{"ok":true,"result":[]}',
        b'{"ok":"yes","result":{}}',
        b'{"event_name":"message.text.received","message":null}',
        b"[]",
        b"null",
        b"7",
    ],
)
def test_what_is_json_and_makes_no_sense_is_kept_as_unreadable(body: bytes) -> None:
    (event,) = events(body)
    assert isinstance(event, Unreadable)
    assert event.channel == "zalo_bot"
    assert events(body) == (event,)


def test_two_unreadable_events_are_not_taken_for_one() -> None:
    assert events(changed(text=7)) != events(changed(text=8))


@pytest.mark.parametrize(
    "body", [b"", b"xin", b"\xff", b'{"a":NaN}', b'"\\ud800"', b"[" * 100_000, b"{", b"[7"]
)
def test_what_is_not_json_is_said_so(body: bytes) -> None:
    with pytest.raises(NotJson) as caught:
        events(body)
    assert caught.value.__context__ is None


def test_of_a_very_long_text_the_beginning_is_read() -> None:
    (event,) = events(changed(text="à" * 1_000_000))
    assert isinstance(event, Raw)
    assert event.text == "à" * LONGEST


def uncaught(decode: Callable[[bytes], object]) -> int:
    """How many of the mutated events come out as an error that nobody expects."""
    count = 0
    for body in mutants(2000):
        try:
            decode(body)
        except NotJson:
            pass
        except Exception:  # noqa: BLE001 - that is what is counted
            count += 1
    return count


def test_no_mutated_event_gets_past_the_decoder() -> None:
    assert uncaught(events) == 0


def test_a_trusting_decoder_would_be_caught() -> None:
    """Negative control: the mutants do break one that believes what it reads."""

    def trusting(body: bytes) -> str:
        update = json.loads(body)["result"]
        return str(update["message"]["chat"]["id"] + update["message"]["text"].strip())

    assert uncaught(trusting) > 1000


def test_what_is_decoded_can_be_stored_and_answered() -> None:
    found = [event for body in mutants(2000) for event in _decoded(body)]
    assert len({type(event) for event in found}) == 2
    for event in found:
        assert event.key.isascii()
        assert event.key.isprintable()
        if isinstance(event, Raw):
            assert event.address.id
            assert event.address.id.isascii()
            assert len(event.text) <= LONGEST


def _decoded(body: bytes) -> tuple[Event, ...]:
    try:
        return events(body)
    except NotJson:
        return ()
