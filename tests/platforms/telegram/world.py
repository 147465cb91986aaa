"""What Telegram knows: chats, what stands in them, pressed buttons, pictures, what the bot says of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.telegram.errors import ApiError, Json, bad
from tests.platforms.telegram.markup import Button, Rows
from tests.platforms.telegram.photos import Photo

ANSWERABLE = 150.0
"""Seconds for which a pressed button can be answered."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the bot as a person sees it. `text` and `caption` are the words after parsing."""

    id: int
    chat: int
    date: int
    text: str = ""
    caption: str = ""
    entities: tuple[Json, ...] = ()
    rows: Rows = ()
    photo: Photo | None = None
    edited: bool = False

    @property
    def words(self) -> str:
        return self.text or self.caption

    @property
    def keys(self) -> tuple[Button, ...]:
        return tuple(button for row in self.rows for button in row)

    @property
    def buttons(self) -> tuple[str, ...]:
        """What is written on the buttons."""
        return tuple(button.text for button in self.keys)

    @property
    def bold(self) -> tuple[str, ...]:
        """The words that are printed bold."""
        units = self.words.encode("utf-16-le")
        return tuple(
            units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
            for entity in self.entities
            if entity["type"] == "bold"
        )


@dataclass(slots=True)
class Room:
    """A chat. `started`: the bot may write here. `silent` tells why it may not any more, `closed` why no new
    message may be put here. `moved`: the supergroup that it has become.
    """

    id: int
    told: Json
    started: bool = False
    silent: str = ""
    closed: str = ""
    moved: int = 0
    messages: list[Message] = field(default_factory=list)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, message: Message) -> None:
        self.messages.append(message)
        self.stirred.set()

    def take_away(self, message: Message) -> None:
        self.messages = [one for one in self.messages if one.id != message.id]

    def replace(self, message: Message) -> None:
        at = next(i for i, old in enumerate(self.messages) if old.id == message.id)
        self.messages[at] = message
        self.stirred.set()


@dataclass(slots=True)
class Press:
    """A pressed button; `shown` is what the answer showed to the person, None while there was none."""

    id: str
    chat: int
    at: float
    data: str
    shown: str | None = None
    update: int = 0


class World:
    """Everything but the updates on their way."""

    def __init__(self, bot: Json, now: Callable[[], int], time: Callable[[], float]) -> None:
        self.bot = bot
        self.now = now
        self.time = time
        self.rooms: dict[int, Room] = {}
        self.presses: dict[str, Press] = {}
        self.photos: dict[str, Photo] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.about: dict[tuple[str, str], str] = {}
        self.actions: list[tuple[float, int, str]] = []
        self._message_ids = 16
        self._numbers = 3_343

    def message_id(self) -> int:
        self._message_ids += 1
        return self._message_ids

    def number(self) -> int:
        """For ids of presses and files."""
        self._numbers += 1
        return self._numbers

    def room(self, id: int) -> Room:
        """Where the bot may write."""
        room = self.rooms.get(id)
        if room is None:
            raise bad("chat not found")
        if room.moved:
            raise ApiError(
                400,
                "group chat was upgraded to a supergroup chat",
                parameters={"migrate_to_chat_id": room.moved},
            )
        if room.silent:
            raise ApiError(403, room.silent)
        if not room.started:
            raise ApiError(403, "bot can't initiate conversation with a user")
        return room

    def told(self, message: Message) -> Json:
        """A message of the bot in the API's words."""
        told: dict[str, Any] = {
            "message_id": message.id,
            "from": self.bot,
            "chat": self.rooms[message.chat].told,
            "date": message.date,
        }
        if message.edited:
            told["edit_date"] = message.date
        kind = "caption_entities" if message.photo else "entities"
        if message.photo:
            told["photo"] = message.photo.sizes()
        if message.words:
            told["caption" if message.photo else "text"] = message.words
        if message.entities:
            told[kind] = list(message.entities)
        if message.rows:
            told["reply_markup"] = {"inline_keyboard": [[_key(key) for key in row] for row in message.rows]}
        return told


def _key(button: Button) -> Json:
    return {"text": button.text} | ({"url": button.url} if button.url else {"callback_data": button.data})
