"""A stored reply keeps its picture, also one that was stored before pictures knew their step."""

from __future__ import annotations

import msgspec

from bot.core.message import Picture, Reply
from bot.store.codec import decode_reply, encode

PICTURE = Picture("vneid-start", "Kích hoạt", "Nút Kích hoạt được khoanh", "kich-hoat/mo-app")


def test_a_picture_comes_back_as_it_was() -> None:
    reply = Reply("Bấm nút.", picture=PICTURE)
    assert decode_reply(encode(reply)) == reply


def test_a_picture_from_before_is_read() -> None:
    old = {"text": "Bấm nút.", "picture": {"phone": "a", "highlight": "b", "alt": "c"}}
    assert decode_reply(b"\x01" + msgspec.msgpack.encode(old)).picture == Picture("a", "b", "c")
