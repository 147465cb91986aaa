"""People at their phones: what they do in Telegram, and what they see of the bot."""

from __future__ import annotations

import asyncio
import re
from typing import Protocol

from tests.platforms.telegram import updates
from tests.platforms.telegram.errors import Json
from tests.platforms.telegram.mail import DAY, PRESS, Mail, Update
from tests.platforms.telegram.markup import Button
from tests.platforms.telegram.world import Message, Press, Room, World

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
BLOCKED = "bot was blocked by the user"
DELETED = "user is deactivated"
KICKED = "bot was kicked from the supergroup chat"
NUMBERED = re.compile(r"\d+\. ")


class Post(Protocol):
    """Put an update on its way to the bot."""

    def __call__(self, kind: str, body: Json, queue: str, life: float = DAY) -> Update | None: ...


class Group:
    """A group that the bot is in."""

    def __init__(self, world: World, id: int, title: str, *, basic: bool = False) -> None:
        self.id = id
        self.title = title
        self.told = updates.group_chat(id, title, basic=basic)
        self.room = world.rooms[id] = Room(id, self.told, started=True)
        self._world = world

    @property
    def chat(self) -> list[Message]:
        """What the bot wrote, oldest first."""
        return self.room.messages

    def deletes(self, message: Message) -> None:
        """Somebody deletes a message; bots are not told of that."""
        self.room.take_away(message)

    def grows(self) -> Group:
        """The group becomes a supergroup, with another number; what was written stays behind."""
        grown = Group(self._world, -1_000_000_000_000 + self.id, self.title)
        self.room.moved = grown.id
        return grown

    def removes_bot(self) -> None:
        self.room.silent = KICKED

    def adds_bot(self) -> None:
        self.room.silent = ""

    def closes_topic(self) -> None:
        """Nobody may write into the general topic any more."""
        self.room.closed = "TOPIC_CLOSED"


class Person:
    """Somebody with a phone. All that she does is queued at once and reaches the bot when it asks or is told.

    The methods return the update, or None when the bot has not asked for its kind.
    """

    def __init__(self, world: World, mail: Mail, put: Post, id: int, name: str, language: str) -> None:
        self.id = id
        self.name = name
        self.told = updates.user(id, name, language)
        self.place = updates.private_chat(id, name)
        self.room = world.rooms[id] = Room(id, self.place)
        self.presses_made: list[Press] = []
        self._world = world
        self._mail = mail
        self._put = put
        self._seen = 0
        self._latest: Json | None = None

    @property
    def chat(self) -> list[Message]:
        """What the bot wrote to her, oldest first."""
        return self.room.messages

    async def hears(self, count: int = 1, within: float = 60) -> list[Message]:
        """Wait for so many messages more than there were when she last did something or heard something."""
        async with asyncio.timeout(within):
            while len(self.chat) < self._seen + count:
                self.room.stirred.clear()
                await self.room.stirred.wait()
        heard = self.chat[self._seen : self._seen + count]
        self._seen += count
        return heard

    async def starts(self, payload: str = "") -> Update | None:
        """Press START, with what a link t.me/<bot>?start=… carries."""
        if payload and not PAYLOAD.fullmatch(payload):
            raise AssertionError("Telegram lets no such payload through")
        if self.room.silent == BLOCKED:
            await self.unblocks()
        return await self.says(f"/start {payload}".strip())

    async def says(self, words: str, *, group: Group | None = None) -> Update | None:
        if not words.strip() or len(words) > 4096:
            raise AssertionError("Telegram lets nobody send this")
        return self._message(updates.text(words.strip()), group)

    async def edits(self, words: str) -> Update | None:
        """Change the message that she wrote last."""
        if self._latest is None:
            raise AssertionError(f"{self.name} has written nothing yet")
        kept = {name: self._latest[name] for name in ("message_id", "from", "chat", "date")}
        self._latest = kept | {"edit_date": self._world.now()} | updates.text(words)
        return self._put("edited_message", self._latest, f"chat {self.id}")

    async def presses(self, label: str = "", *, token: str = "", on: Message | None = None) -> Update | None:
        """Press a button by its label, with or without its number: of `on`, or of the newest that has it."""
        message, button = self._button(label, token, on)
        press = Press(str(self._world.number()), message.chat, self._world.time(), button.data)
        self._world.presses[press.id] = press
        self.presses_made.append(press)
        self._mark()
        body = updates.callback(press.id, self.told, self._world.told(message), button.data)
        update = self._put("callback_query", body, f"user {self.id}", PRESS)
        press.update = update.id if update else 0
        return update

    async def sends_photo(self, caption: str = "") -> Update | None:
        return self._message(updates.photo(self._world.number(), caption))

    async def sends_document(self, caption: str = "") -> Update | None:
        return self._message(updates.document(self._world.number(), caption))

    async def sends_video(self, caption: str = "") -> Update | None:
        return self._message(updates.video(self._world.number(), caption))

    async def sends_voice(self) -> Update | None:
        return self._message(updates.voice(self._world.number()))

    async def sends_sticker(self) -> Update | None:
        return self._message(updates.sticker(self._world.number()))

    async def sends_location(self, *, live: bool = False) -> Update | None:
        return self._message(updates.location(16.03, 108.2, live))

    async def moves(self) -> Update | None:
        """A live location changes: an edit of the message that nobody wrote."""
        if self._latest is None or "live_period" not in self._latest.get("location", {}):
            raise AssertionError(f"{self.name} shares no live location")
        self._latest = self._latest | {"edit_date": self._world.now()} | updates.location(16.04, 108.21, True)
        return self._put("edited_message", self._latest, f"chat {self.id}")

    async def sends_contact(self, phone: str = "84900000000") -> Update | None:
        return self._message(updates.contact(self.name, phone, self.id))

    async def blocks(self) -> Update | None:
        self.room.silent = BLOCKED
        return self._membership(kicked=True)

    async def unblocks(self) -> Update | None:
        self.room.silent = ""
        return self._membership(kicked=False)

    async def disappears(self) -> None:
        """Delete the account; nobody tells the bot."""
        self.room.silent = DELETED

    async def reacts(self, emoji: str = "👍") -> Update | None:
        now = self._world.now()
        body = updates.reaction(self.told, self.place, self.chat[-1].id, now, emoji)
        return self._put("message_reaction", body, f"reaction {self.id}")

    def _message(self, content: Json, group: Group | None = None) -> Update | None:
        if not group and self.room.silent:
            raise AssertionError(f"{self.name} cannot write here: {self.room.silent}")
        place = group.told if group else self.place
        self.room.started |= group is None
        message = updates.message(self._world.message_id(), self.told, place, self._world.now(), **content)
        if not group:
            self._latest = message
        self._mark()
        return self._put("message", message, f"chat {place['id']}")

    def _membership(self, *, kicked: bool) -> Update | None:
        body = updates.membership(self.told, self.place, self._world.bot, self._world.now(), kicked=kicked)
        return self._put("my_chat_member", body, f"member {self.id}")

    def _mark(self) -> None:
        self._seen = len(self.chat)

    def _button(self, label: str, token: str, on: Message | None) -> tuple[Message, Button]:
        shown = [on] if on else list(reversed(self.chat))
        for message in shown:
            for key in message.keys:
                if key.data and (
                    key.data == token if token else label in {key.text, NUMBERED.sub("", key.text)}
                ):
                    return message, key
        raise AssertionError(f"no button «{label or token}» in front of {self.name}")
