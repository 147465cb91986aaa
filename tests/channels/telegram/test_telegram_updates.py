"""Every kind of update becomes what it means to us, and no bytes at all break the decoder."""

from __future__ import annotations

import importlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import telegram

from bot.app.platform import Left, Raw, Unreadable
from bot.channels.telegram.updates import WANTED, Heard, heard, number_in
from bot.core.message import Address, Kind

PAYLOADS = Path(__file__).parent.parent / "payloads" / "telegram"
LAN = Address("telegram", "777")


def said(text: str = "", kind: Kind = Kind.TEXT, key: str = "", button: str = "", commune: str = "") -> Raw:
    return Raw(LAN, key, text=text, kind=kind, button=button, commune=commune)


TABLE: dict[str, tuple[Raw | Left | None, str]] = {
    "text": (said("Tôi chưa bấm được"), ""),
    "text_decomposed": (said("Bà hải"), ""),
    "start": (said("/start"), ""),
    "start_poster": (said("/start", commune="26734"), ""),
    "start_poster_numbered": (said("/start", commune="26734-3"), ""),
    "start_tampered": (said("/start"), ""),
    "start_volunteer": (said("/start"), ""),
    "command_mentioned": (said("/menu@huong_dan_thu_bot"), ""),
    "button": (said(button="kich-hoat.mo-app.3f2a.4.1"), "3344"),
    "button_old": (said(button="kich-hoat.mo-app.3f2a.4.1"), "3345"),
    "button_inline": (None, "3346"),
    "button_game": (None, "3347"),
    "button_group": (None, "3348"),
    "edited": (said("Tôi đã bấm được", Kind.EDITED), ""),
    "edited_caption": (said("máy báo thế này", Kind.EDITED), ""),
    "edited_photo": (None, ""),
    "edited_live_location": (None, ""),
    "photo": (said(kind=Kind.PHOTO), ""),
    "photo_caption": (said("máy báo lỗi này", Kind.PHOTO), ""),
    "album_first": (said("ba tấm hình", Kind.PHOTO), ""),
    "album_second": (said(kind=Kind.PHOTO, key="album-13900000000000001"), ""),
    "album_third": (said(kind=Kind.PHOTO, key="album-13900000000000001"), ""),
    "video": (said("quay màn hình", Kind.PHOTO), ""),
    "document": (said(kind=Kind.PHOTO), ""),
    "voice": (said(kind=Kind.VOICE), ""),
    "audio": (said(kind=Kind.VOICE), ""),
    "video_note": (said(kind=Kind.VOICE), ""),
    "sticker": (said(kind=Kind.STICKER), ""),
    "animation": (said(kind=Kind.STICKER), ""),
    "location": (said(kind=Kind.LOCATION), ""),
    "venue": (said(kind=Kind.LOCATION), ""),
    "contact": (said(kind=Kind.CONTACT), ""),
    "dice": (said(kind=Kind.OTHER), ""),
    "poll": (said(kind=Kind.OTHER), ""),
    "pinned": (None, ""),
    "blocked": (Left(LAN, ""), ""),
    "unblocked": (None, ""),
    "group_text": (None, ""),
    "group_removed": (None, ""),
    "reaction": (None, ""),
    "channel_post": (None, ""),
}


def payloads() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(PAYLOADS.glob("*.json"))}


def test_every_payload_has_its_row() -> None:
    assert set(payloads()) == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_an_update_becomes_an_event(name: str) -> None:
    body = (PAYLOADS / f"{name}.json").read_bytes()
    number = json.loads(body)["update_id"]
    event, press = TABLE[name]
    if event is not None:
        event = type(event)(**{**_fields(event), "key": event.key or str(number)})
    assert heard(body) == Heard(event, press, number)


def _fields(event: Raw | Left) -> dict[str, Any]:
    return {**asdict(event), "address": event.address}


@pytest.mark.parametrize("name", TABLE)
def test_a_second_decoder_agrees_that_it_is_an_update(name: str) -> None:
    update = telegram.Update.de_json(json.loads((PAYLOADS / f"{name}.json").read_bytes()), None)
    assert update.api_kwargs == {}


@pytest.mark.parametrize("name", TABLE)
def test_no_name_is_kept(name: str) -> None:
    kept = repr(heard((PAYLOADS / f"{name}.json").read_bytes()))
    assert not any(
        word in kept for word in ("Lan", "lan_thu", "Hồ", "84900000000", "108.2", "can-cuoc", "Xóm")
    )


def test_a_long_text_is_cut() -> None:
    update = json.loads((PAYLOADS / "text.json").read_bytes())
    update["message"]["text"] = "ạ" * 100_000
    one = heard(json.dumps(update).encode())
    assert one is not None
    assert isinstance(one.event, Raw)
    assert len(one.event.text) == 4096


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", None),
        (b"{", None),
        (b"\xff\xfe{}", None),
        (b'{"update_id": NaN', None),
        (b"[]", Heard(Unreadable("telegram", ""))),
        (b"7", Heard(Unreadable("telegram", ""))),
        (b'{"update_id": "7"}', Heard(Unreadable("telegram", ""))),
        (b'{"update_id": true}', Heard(Unreadable("telegram", ""))),
        (b'{"update_id": 7, "message": []}', Heard(Unreadable("telegram", "7"), "", 7)),
        (b'{"update_id": 7, "message": {"chat": {"id": "7"}}}', Heard(Unreadable("telegram", "7"), "", 7)),
        (b'{"update_id": 7, "x": ' + b"[" * 100_000, Heard(Unreadable("telegram", "7"), "", 7)),
        (
            b'{"update_id": 7, "callback_query": {"id": "91", "data": 5}}',
            Heard(Unreadable("telegram", "7"), "91", 7),
        ),
        (b'{"update_id": 7, "callback_query": {"id": 91}}', Heard(Unreadable("telegram", "7"), "", 7)),
        (b'{"update_id": 7, "message": null}', Heard(None, "", 7)),
    ],
)
def test_what_is_not_an_update(body: bytes, expected: Heard | None) -> None:
    assert heard(body) == expected


def test_an_update_that_cannot_be_decoded_still_has_its_number() -> None:
    assert number_in(b'{"update_id" : 90001, "message": {"text": "\\ud800') == 90001
    assert number_in(b"{}") is None


@pytest.mark.parametrize("number", [2**63, 10**400, -1])
def test_a_number_that_nobody_can_be_asked_from_is_none(number: int) -> None:
    one = heard(f'{{"update_id": {number}, "message": 1}}'.encode())
    assert one == Heard(Unreadable("telegram", ""), "", None)


@pytest.mark.parametrize("seed", range(4))
def test_no_mutation_breaks_the_decoder(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be repeatable
    originals = list(payloads().values())
    seen = {"heard": 0, "unreadable": 0, "not json": 0}
    for _ in range(500):
        one = heard(_mutated(chance, chance.choice(originals)))
        if one is None:
            seen["not json"] += 1
        elif isinstance(one.event, Unreadable):
            seen["unreadable"] += 1
        else:
            seen["heard"] += 1
            if isinstance(one.event, Raw):
                assert len(one.event.text) <= 4096
    assert all(seen.values()), seen


POISON: list[Any] = [
    None,
    True,
    -1,
    2**63,
    10**30,
    1.5,
    "",
    "x" * 1_000_000,
    "\u202e\u200b",
    "\ud800",
    [],
    [[]],
    {},
    {"id": {}},
]


def _mutated(chance: random.Random, body: bytes) -> bytes:
    match chance.randrange(6):
        case 0:
            cut = chance.randrange(len(body))
            return body[:cut]
        case 1:
            at = chance.randrange(len(body))
            return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
        case 2:
            return body.replace(b'"date"', b'"x": ' + b"[" * 10_000 + b"]" * 10_000 + b', "date"', 1)
        case 3:
            return body.replace(b'"id":', b'"id": NaN, "id":', 1)
        case _:
            update = json.loads(body)
            holder, key = chance.choice(list(_places(update)))
            if chance.random() < 0.2:
                del holder[key]
            else:
                holder[key] = chance.choice(POISON)
            return json.dumps(update).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from _places(inner)


def test_we_ask_for_what_we_understand() -> None:
    understood = {
        key for name, body in payloads().items() if TABLE[name] != (None, "") for key in json.loads(body)
    }
    assert understood - {"update_id"} == set(WANTED)


@pytest.mark.parametrize("module", ["updates", "messages", "webhook", "alarm"])
def test_aiogram_stays_out(module: str) -> None:
    probe = f"import bot.channels.telegram.{module}, sys; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_aiogram_comes_with_the_platform() -> None:
    """What the probe above looks for can be found."""
    importlib.import_module("bot.channels.telegram.platform")
    assert "aiogram" in sys.modules


def test_programs_are_not_answered() -> None:
    """Two of them would go on for ever."""
    body = json.loads((PAYLOADS / "text.json").read_bytes())
    assert heard(json.dumps(body).encode()) != Heard(None, "", body["update_id"])
    body["message"]["from"]["is_bot"] = True
    assert heard(json.dumps(body).encode()) == Heard(None, "", body["update_id"])


def test_a_megabyte_of_marks_stops_nobody() -> None:
    body = json.loads((PAYLOADS / "text.json").read_bytes())
    body["message"]["text"] = "a" + "\u0301\u0323" * 250_000
    began = process_time()
    one = heard(json.dumps(body).encode())
    assert process_time() - began < 1  # half an hour, before
    assert one is not None
    assert isinstance(one.event, Raw)
    assert len(one.event.text) <= 4096


@pytest.mark.parametrize("number", ["9" * 30, "-" + "9" * 30, str(2**53), "1e400"])
def test_a_number_that_no_update_can_have_is_none(number: str) -> None:
    """The next one is asked for by it: a larger one than can be said would stop us for good."""
    one = heard(b'{"update_id": %b}' % number.encode())
    assert one is not None
    assert one.number is None
