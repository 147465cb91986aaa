"""Core objects ↔ bytes. The first byte numbers the format, so that what older programs wrote still loads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from bot.core.home_visit import HomeVisit
from bot.core.message import Address, Reply
from bot.core.session import State


class Saved(msgspec.Struct, frozen=True, array_like=True):
    """A conversation's sealed part. `offers` are the labels of the buttons that were shown last, by token."""

    state: State
    offers: dict[str, str] = {}


class Words(msgspec.Struct, frozen=True, array_like=True):
    """The sealed part of a message that was not understood: what was said, and what was meant."""

    text: str
    meant: str


class UnknownFormat(Exception):
    """Bytes that a newer program wrote."""


_T = TypeVar("_T")

_encoder = msgspec.msgpack.Encoder()
_FORMAT = b"\x01"

_saved = {1: msgspec.msgpack.Decoder(Saved)}
_reply = {1: msgspec.msgpack.Decoder(Reply)}
_address = {1: msgspec.msgpack.Decoder(Address)}
_words = {1: msgspec.msgpack.Decoder(Words)}
_home_visit = {1: msgspec.msgpack.Decoder(HomeVisit)}


def encode(thing: Saved | Reply | Address | Words | HomeVisit) -> bytes:
    return _FORMAT + _encoder.encode(thing)


def decode_saved(data: bytes) -> Saved:
    return _pick(_saved, data).decode(memoryview(data)[1:])


def decode_reply(data: bytes) -> Reply:
    return _pick(_reply, data).decode(memoryview(data)[1:])


def decode_address(data: bytes) -> Address:
    return _pick(_address, data).decode(memoryview(data)[1:])


def decode_words(data: bytes) -> Words:
    return _pick(_words, data).decode(memoryview(data)[1:])


def decode_home_visit(data: bytes) -> HomeVisit:
    return _pick(_home_visit, data).decode(memoryview(data)[1:])


def _pick(decoders: Mapping[int, msgspec.msgpack.Decoder[_T]], data: bytes) -> msgspec.msgpack.Decoder[_T]:
    try:
        return decoders[data[0]]
    except (KeyError, IndexError):
        raise UnknownFormat(f"format {data[:1].hex() or 'empty'} is newer than this program") from None
