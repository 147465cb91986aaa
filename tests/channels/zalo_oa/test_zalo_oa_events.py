"""What Zalo posts, read: a table of payloads, and two thousand broken ones."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from bot.app.platform import Event, Left, Raw, Unreadable
from bot.channels.zalo_oa.events import WINDOW, NotJson, events_of, stamp_of
from bot.core.message import Address, Kind
from tests.channels.zalo_oa.parts import OA, PAYLOADS, PERSON, payload

WHO = Address("zalo_oa", PERSON)
KEY = "96d3cdf3af150460909"


def read(body: bytes, oa_id: str = OA) -> tuple[Event, ...]:
    stamp = stamp_of(body)
    assert stamp is not None
    return events_of(stamp, body, oa_id)


READ: dict[str, Event | None] = {
    "text": Raw(WHO, KEY, window=WINDOW, text="xin chào"),
    "text_mention": Raw(WHO, KEY, window=WINDOW, text="con quên mật khẩu"),
    "text_commune": Raw(WHO, KEY, window=WINDOW, text="XA 26734"),
    "text_hash": Raw(WHO, KEY, window=WINDOW, text="#1 là gì"),
    "text_empty": Raw(WHO, KEY, window=WINDOW, kind=Kind.OTHER),
    "button_step": Raw(WHO, KEY, window=WINDOW, button="kich-hoat.mo-app.3f2a.1.1"),
    "button_word": Raw(WHO, KEY, window=WINDOW, button="=human"),
    "image": Raw(WHO, KEY, window=WINDOW, kind=Kind.PHOTO),
    "image_caption": Raw(WHO, KEY, window=WINDOW, kind=Kind.PHOTO, text="nó báo lỗi này"),
    "audio": Raw(WHO, KEY, window=WINDOW, kind=Kind.VOICE),
    "video": Raw(WHO, KEY, window=WINDOW, kind=Kind.OTHER),
    "gif": Raw(WHO, KEY, window=WINDOW, kind=Kind.STICKER),
    "sticker": Raw(WHO, KEY, window=WINDOW, kind=Kind.STICKER),
    "location": Raw(WHO, KEY, window=WINDOW, kind=Kind.LOCATION),
    "file": Raw(WHO, KEY, window=WINDOW, kind=Kind.OTHER),
    "link": Raw(WHO, KEY, window=WINDOW, text="https://la.example/ có phải lừa đảo không"),
    "link_bare": Raw(WHO, KEY, window=WINDOW, kind=Kind.OTHER),
    "business_card": Raw(WHO, KEY, window=WINDOW, kind=Kind.CONTACT),
    "follow": Raw(WHO, f"follow:{PERSON}:1795000000456", window=WINDOW, text="/start"),
    "unfollow": Left(WHO, f"unfollow:{PERSON}:1795000000456"),
    "group_text": None,
    "seen": None,
    "received": None,
    "chat_now": None,
    "submit_info": None,
    "data_request": None,
    "reaction": None,
    "echo": None,
    "echo_admin": None,
}


@pytest.mark.parametrize("name", sorted(path.stem for path in PAYLOADS.glob("*.json")))
def test_each_payload_is_read(name: str) -> None:
    expected = READ[name]
    assert read(payload(name)) == ((expected,) if expected else ())


def test_words_are_composed() -> None:
    """Some keyboards send letters and their marks apart."""
    body = payload("text").replace("xin chào".encode(), unicodedata.normalize("NFD", "xin chào").encode())
    (event,) = read(body)
    assert isinstance(event, Raw)
    assert event.text == "xin chào"


def test_another_account_of_the_same_app_is_not_us() -> None:
    assert read(payload("text"), "3880000000000000002") == ()
    assert read(payload("follow"), "3880000000000000002") == ()
    assert read(payload("text"), "") != (), "where our own id is not configured, all are taken"


@pytest.mark.parametrize(
    "change",
    [
        {"sender": {"id": 2460000000000000001}},
        {"sender": None},
        {"sender": {"id": ""}},
        {"sender": {"id": "2" * 200}},
        {"sender": {"id": "khoảng trắng"}},
        {"message": "xin chào"},
        {"message": {"msg_id": "x" * 200, "text": "a"}},
        {"message": {"msg_id": 1, "text": "a"}},
        {"message": {"msg_id": "a", "text": ["a"]}},
        {"event_name": None},
        {"event_name": 1},
    ],
)
def test_what_makes_no_sense_is_unreadable_under_one_key(change: dict[str, Any]) -> None:
    body = json.dumps(json.loads(payload("text")) | change).encode()
    (event,) = read(body)
    assert isinstance(event, Unreadable)
    assert (event,) == read(body)
    assert PERSON not in repr(event)


def test_two_thousand_broken_events_are_read_or_refused() -> None:
    """No exception but the one that is promised, and nothing enormous comes out."""
    kinds: Counter[str] = Counter()
    for body in mutations(2000):
        try:
            stamp = stamp_of(body)
        except NotJson:
            kinds["NotJson"] += 1
            continue
        events = events_of(stamp, body, OA) if stamp else ()
        kinds.update(type(event).__name__ for event in events)
        kinds["refused"] += stamp is None
        for event in events:
            assert len(event.key) <= 128
            if isinstance(event, Raw):
                assert len(event.text) <= 4000
                event.text.encode()  # no half of a letter
    assert set(kinds) == {"Raw", "Left", "Unreadable", "NotJson", "refused"}, kinds


ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    2**200,
    1e308,
    "",
    "x" * 1_000_000,
    "\u202eđảo\u200b",
    "\x00",
    [],
    {},
    [[]],
    {"id": {"id": {}}},
    ["a"] * 50,
)


def mutations(count: int) -> Iterator[bytes]:
    """The payloads with a part taken away, changed, doubled, or with broken bytes; always the same ones."""
    random = Random(18)  # noqa: S311 - the same ones every time
    bodies = [path.read_bytes() for path in sorted(PAYLOADS.glob("*.json"))]
    for _ in range(count):
        body = random.choice(bodies)
        match random.randrange(6):
            case 0 | 1 | 2:
                event = json.loads(body)
                _change(event, random)
                yield json.dumps(event, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
            case 3:
                at = random.randrange(len(body))
                yield body[:at] + bytes([random.randrange(256)]) + body[at + random.randrange(3) :]
            case 4:
                yield body[: random.randrange(len(body))]
            case _:
                odd = random.choice(DEEP)
                yield body.replace(b'"message"', b'"message":' + odd + b',"message"', 1).replace(
                    b'"1795', b'"\\ud800' if random.random() < 0.1 else b'"1795', 1
                )


DEEP = (
    b"[" * 10_000 + b"]" * 10_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b"NaN",
    b"Infinity",
    b'"\\ud800"',
    b"1e999",
    b"9223372036854775808",
    b'{"msg_id":"a","msg_id":"b"}',
)


def _change(event: Any, random: Random) -> None:
    """Change one place, however deep."""
    while True:
        keys = list(event) if isinstance(event, dict) else list(range(len(event)))
        if not keys:
            return
        key = random.choice(keys)
        if isinstance(event[key], dict | list) and event[key] and random.random() < 0.6:
            event = event[key]
            continue
        if random.random() < 0.3:
            del event[key]
        else:
            event[key] = random.choice(ODD)
        return
