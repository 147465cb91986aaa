"""What the simulated platform and the bot's process tell each other: one line of JSON each."""

from __future__ import annotations

import msgspec

from bot.core.message import Reply


class Deliver(msgspec.Struct, frozen=True, tag=True):
    """A resident's message. It comes again, under the same key, until it is acknowledged."""

    key: str
    resident: str
    text: str
    button: str


class Answered(msgspec.Struct, frozen=True, tag=True):
    """What became of a reply that the bot sent; not `ok` means: too busy, try later."""

    line: int
    ok: bool


class Tick(msgspec.Struct, frozen=True, tag=True):
    """The time; the bot's process has no other clock."""

    now: int


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The bot has opened its store."""


class Acked(msgspec.Struct, frozen=True, tag=True):
    key: str
    repeated: bool


class Failed(msgspec.Struct, frozen=True, tag=True):
    key: str
    why: str


class Sending(msgspec.Struct, frozen=True, tag=True):
    """A reply on its way to a resident. `again`: an earlier try may have arrived."""

    line: int
    resident: str
    again: bool
    reply: Reply


ToBot = Deliver | Answered | Tick
FromBot = Ready | Acked | Failed | Sending

_encoder = msgspec.json.Encoder()
to_bot = msgspec.json.Decoder(ToBot)
from_bot = msgspec.json.Decoder(FromBot)


def line_of(thing: ToBot | FromBot) -> bytes:
    return _encoder.encode(thing) + b"\n"
