"""People with the Zalo app who write to a bot, and groups that have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.platforms.zalo_bot import events

if TYPE_CHECKING:
    from tests.platforms.zalo_bot.server import FakeZaloBot


@dataclass(frozen=True, slots=True)
class Message:
    """What is seen in a chat, from the bot."""

    id: str
    text: str = ""
    photo: str = ""
    caption: str = ""
    sticker: str = ""
    voice: str = ""


@dataclass(eq=False, slots=True)
class Group:
    """A group with the bot in it; the bot hears only what mentions it."""

    id: str
    name: str
    chat: list[Message] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Person:
    """`special`: belongs to a group of people whose words the platform keeps from bots."""

    bot: FakeZaloBot
    id: str
    name: str
    special: bool = False
    met: bool = False
    blocked: bool = False
    typing_seen: int = 0
    chat: list[Message] = field(default_factory=list)

    async def says(self, words: str, group: Group | None = None) -> None:
        sender = self._from(group)
        await self._sends(events.text(sender, self.bot.new_id(), self.bot.stamp(), words), group)

    async def sends_image(self, caption: str = "", group: Group | None = None) -> None:
        sender = self._from(group)
        await self._sends(events.image(sender, self.bot.new_id(), self.bot.stamp(), caption), group)

    async def sends_photo(self, caption: str = "") -> None:
        await self.sends_image(caption)

    async def sends_sticker(self) -> None:
        await self._sends(events.sticker(self._from(None), self.bot.new_id(), self.bot.stamp()))

    async def sends_voice(self) -> None:
        await self._sends(events.voice(self._from(None), self.bot.new_id(), self.bot.stamp()))

    async def sends_unsupported(self) -> None:
        """A file, a contact card, a location: bots are not given them."""
        await self._sends(events.unsupported(self._from(None), self.bot.new_id(), self.bot.stamp()))

    def blocks(self) -> None:
        """No event tells of it."""
        self.blocked = True

    def unblocks(self) -> None:
        self.blocked = False

    def _from(self, group: Group | None) -> events.From:
        if group is None:
            return events.From(self.id, self.name, self.id, "PRIVATE")
        return events.From(self.id, self.name, group.id, "GROUP")

    async def _sends(self, event: events.Event, group: Group | None = None) -> None:
        if group is None:
            self.met = True
        if self.special:
            event = events.unsupported(
                self._from(group), event["message"]["message_id"], event["message"]["date"]
            )
        await self.bot.tell(event)
