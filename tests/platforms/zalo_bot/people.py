"""People with the Zalo app who write to a bot, and groups that have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.platforms.zalo.seeing import Screen
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

    @property
    def words(self) -> str:
        return self.text or self.caption


@dataclass(eq=False, slots=True)
class Group:
    """A group with the bot in it; the bot hears only what mentions it."""

    id: str
    name: str
    screen: Screen[Message] = field(default_factory=Screen)

    @property
    def chat(self) -> list[Message]:
        return self.screen.messages


@dataclass(eq=False, slots=True)
class Person:
    """`special`: belongs to a group of people whose words the platform keeps from bots.

    What a person does returns when the platform has tried once to tell the bot, or at once without a webhook.
    """

    bot: FakeZaloBot
    id: str
    name: str
    special: bool = False
    met: bool = False
    blocked: bool = False
    typing_seen: int = 0
    screen: Screen[Message] = field(default_factory=Screen)

    @property
    def chat(self) -> list[Message]:
        """What the bot wrote, oldest first."""
        return self.screen.messages

    async def hears(self, count: int = 1, within: float = 60) -> list[Message]:
        """Wait for so many messages more than there were when she last did something or heard something."""
        return await self.screen.hears(count, within)

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

    async def blocks(self) -> None:
        """No event tells of it."""
        self.blocked = True

    async def unblocks(self) -> None:
        self.blocked = False

    def _from(self, group: Group | None) -> events.From:
        if group is None:
            return events.From(self.id, self.name, self.id, "PRIVATE")
        return events.From(self.id, self.name, group.id, "GROUP")

    async def _sends(self, event: events.Event, group: Group | None = None) -> None:
        self.met |= group is None
        self.screen.mark()
        if self.special:
            event = events.unsupported(
                self._from(group), event["message"]["message_id"], event["message"]["date"]
            )
        await self.bot.tell(event)
