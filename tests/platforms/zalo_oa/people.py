"""People with the Zalo app: what they do, and what they see."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.platforms.zalo.seeing import Screen
from tests.platforms.zalo_oa import events

if TYPE_CHECKING:
    from tests.platforms.zalo_oa.server import FakeZaloOA

BLOCKED = -244
NUMBERED = re.compile(r"\d+\. ")


@dataclass(frozen=True, slots=True)
class Button:
    """`payload` is what comes back, or where it leads."""

    text: str
    type: str
    payload: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a person sees in the chat, from the account. A picture's words are its caption."""

    id: str
    text: str = ""
    keys: tuple[Button, ...] = ()
    photo: str = ""
    caption: str = ""
    human: bool = False

    @property
    def words(self) -> str:
        return self.text or self.caption

    @property
    def buttons(self) -> tuple[str, ...]:
        """What is written on the buttons."""
        return tuple(key.text for key in self.keys)


@dataclass(eq=False, slots=True)
class Person:
    """`refuses` is the error that a message to this person meets, or 0. `met`: wrote since unfollowing.

    What a person does returns when Zalo has tried once to tell the bot, or at once while deliveries are held.
    """

    oa: FakeZaloOA
    name: str
    who: events.Who
    follower: bool = False
    met: bool = False
    last_at: int = 0
    refuses: int = 0
    screen: Screen[Message] = field(default_factory=Screen)

    @property
    def id(self) -> str:
        return self.who.user_id

    @property
    def chat(self) -> list[Message]:
        """What the account wrote, oldest first."""
        return self.screen.messages

    async def hears(self, count: int = 1, within: float = 60) -> list[Message]:
        """Wait for so many messages more than there were when she last did something or heard something."""
        return await self.screen.hears(count, within)

    async def follows(self, source: str = "oa_profile") -> None:
        self.follower = True
        self._touch()
        await self.oa.tell(events.followed(self.who, "follow", self.oa.stamp(), source))

    async def unfollows(self) -> None:
        self.follower = self.met = False
        await self.oa.tell(events.followed(self.who, "unfollow", self.oa.stamp(), "oa_profile"))

    async def says(self, words: str) -> None:
        await self._sends("user_send_text", events.text(self.oa.new_id(), words))

    async def taps(self, title: str) -> None:
        """Tap a button in the newest message that has it. One that opens or dials tells the bot nothing."""
        button = self._button(title)
        if button.type in ("oa.query.show", "oa.query.hide"):
            await self.says(button.payload)

    async def presses(self, title: str) -> None:
        await self.taps(title)

    async def sends_image(self, caption: str = "") -> None:
        await self._sends("user_send_image", events.image(self.oa.new_id(), caption))

    async def sends_photo(self, caption: str = "") -> None:
        await self.sends_image(caption)

    async def sends_audio(self) -> None:
        await self._sends("user_send_audio", events.media(self.oa.new_id(), "audio"))

    async def sends_video(self) -> None:
        await self._sends("user_send_video", events.media(self.oa.new_id(), "video"))

    async def sends_gif(self) -> None:
        await self._sends("user_send_gif", events.media(self.oa.new_id(), "gif"))

    async def sends_sticker(self) -> None:
        await self._sends("user_send_sticker", events.sticker(self.oa.new_id()))

    async def sends_location(self, latitude: float = 16.03, longitude: float = 108.2) -> None:
        await self._sends("user_send_location", events.location(self.oa.new_id(), latitude, longitude))

    async def sends_file(self, name: str = "giay-to.pdf", size: int = 48213) -> None:
        await self._sends("user_send_file", events.file(self.oa.new_id(), name, size))

    async def sends_link(self, url: str = "https://dichvucong.gov.vn/") -> None:
        await self._sends("user_send_link", events.link(self.oa.new_id(), url))

    async def sends_business_card(self) -> None:
        await self._sends("user_send_business_card", events.business_card(self.oa.new_id()))

    async def submits_info(self, name: str, phone: str, address: str) -> None:
        self._touch()
        info = {"name": name, "phone": phone, "full_address": address}
        await self.oa.tell(events.submitted(self.who, info, self.oa.stamp()))

    async def receives(self) -> None:
        """The phone tells that the newest message arrived."""
        ids = [self.chat[-1].id]
        await self.oa.tell(events.seen(self.who, "user_received_message", ids, self.oa.stamp()))

    async def sees(self) -> None:
        ids = [message.id for message in self.chat]
        await self.oa.tell(events.seen(self.who, "user_seen_message", ids, self.oa.stamp()))

    async def blocks(self, code: int = BLOCKED) -> None:
        """Refuse messages; nobody tells the bot. -217 and -227 are other ways of being out of reach."""
        self.refuses = code

    async def unblocks(self) -> None:
        self.refuses = 0

    def _button(self, title: str) -> Button:
        for message in reversed(self.chat):
            for key in message.keys:
                if title in (key.text, NUMBERED.sub("", key.text)):
                    return key
        raise LookupError(f"no button «{title}» is in sight")

    def _touch(self) -> None:
        self.screen.mark()
        self.met = True
        self.last_at = self.oa.now()

    async def _sends(self, name: str, message: dict[str, Any]) -> None:
        self._touch()
        stamp = self.oa.stamp()
        self.oa.history.keep(self.who, message, stamp, from_person=True)
        await self.oa.tell(events.from_person(self.who, name, message, stamp))
