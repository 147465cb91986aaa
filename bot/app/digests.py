"""The week in a few sentences, Mondays at eight, to whoever asked for it: once for each address and week."""

from __future__ import annotations

import asyncio
from base64 import b32encode
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import NoReturn, Protocol, assert_never

from bot.app.bell import Bell
from bot.app.insights import Insights
from bot.app.platform import Refused, SendError, TryLater, Unreachable
from bot.app.ports import StoreDown
from bot.core.weeks import begins_at, last_complete, week_at

HOUR = 3600
BEGINS = 8 * HOUR
ENDS = (24 + 20) * HOUR
"""After the first second of Monday: when a digest is sent, and until when it is tried."""

CODE_LASTS = 24 * HOUR
LONGEST = 900
"""Letters of a digest: it is read on a phone, in one look."""

LONGEST_NAME = 60

DIGESTS = -1
"""Rung, and waited for like a conversation, when somebody wants to see a digest at once."""

LOOK = 20.0
GAP = 1.1
"""Seconds between two looks, and between two that are sent: platforms do not like bursts."""

STORE_PAUSE = 5.0
AGAIN = 30.0
LONGEST_PAUSE = 900.0

TELEGRAM = "telegram"
PUSH = "push"


class Joined(StrEnum):
    """What became of a code that was typed in a chat."""

    NOW = "now"
    BEFORE = "before"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """An address as the page shows it. `until`: how long its code waits to be typed; 0: it was typed."""

    id: int
    channel: str
    name: str
    until: int
    told_week: int
    resting: bool
    lost_at: int
    at: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address that a digest is to be sent to. `trial`: somebody wants to see one, whatever the week."""

    id: int
    address: str
    told_week: int
    trial: bool


class KeptDigests(Protocol):
    """What is kept of the addresses; all methods raise StoreDown."""

    async def offer(self, name: str, code: str, by: int, now: int, until: int) -> int:
        """Let a code that is typed in a chat of Telegram enrol that chat until then."""
        ...

    async def join(self, code: str, address: str, told_week: int, now: int) -> Joined:
        """A code was typed there. A chat is enrolled once, whoever types what."""
        ...

    async def add(self, name: str, address: str, told_week: int, by: int, now: int) -> int | None:
        """Somebody's own devices; None when they are there already."""
        ...

    async def entries(self, now: int) -> Sequence[Entry]:
        """Those that get it and those whose code is good still, the oldest first."""
        ...

    async def rest(self, id: int, resting: bool) -> bool: ...

    async def remove(self, id: int) -> bool: ...

    async def try_out(self, id: int) -> bool: ...

    async def waiting(self, channel: str, week: int | None) -> Sequence[Waiting]:
        """Whom the week's digest was not sent to yet (None: none is due), and who is to see one now."""
        ...

    async def claim(self, waiting: Waiting, week: int | None) -> bool:
        """Note that it was sent (`week` None: the trial) before it is; True for one claimant of all."""
        ...

    async def unclaim(self, waiting: Waiting, week: int | None) -> None:
        """It was not sent."""
        ...

    async def moved(self, id: int, address: str) -> bool:
        """The chat has another address now; False when that one gets it by itself."""
        ...

    async def lost(self, id: int, now: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Digest:
    """What is sent. `lines` are its sentences, those that matter least last; `path` leads to the report."""

    title: str
    lines: tuple[str, ...]
    note: str
    path: str

    def text(self, web_address: str, before: str = "") -> str:
        """At most LONGEST letters."""
        foot = f"Báo cáo một trang: {web_address.rstrip('/')}{self.path}"
        lines = list(self.lines)
        while True:
            whole = "\n\n".join(filter(None, (before, self.title, *lines, self.note, foot)))
            if len(whole) <= LONGEST or not lines:
                return whole
            lines.pop()


class Elsewhere(SendError):
    """The chat has another address since it grew."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self.to = to


Compose = Callable[[int], Awaitable[Digest]]
"""The digest of a week. Raises StoreDown."""

Send = Callable[[str, Digest, bool], Awaitable[None]]
"""Send it to an address; the last argument: as a trial. Raises TryLater only where it was surely not sent,
Unreachable, Refused and Elsewhere.
"""


def due(now: int) -> int | None:
    """The week whose digest is to be sent at this moment, if it is the time for that."""
    return last_complete(now) if BEGINS <= _since_monday(now) < ENDS else None


def begun(now: int) -> int:
    """The last week whose digest was due already."""
    return last_complete(now) - (_since_monday(now) < BEGINS)


class Digests:
    """Addresses, and what is sent to them. `draw(n)` is a random url-safe token of n bytes."""

    def __init__(
        self,
        kept: KeptDigests,
        compose: Compose,
        insights: Insights,
        bell: Bell,
        now: Callable[[], int],
        draw: Callable[[int], str],
        web_address: str,
    ) -> None:
        self.kept = kept
        self.compose = compose
        self.web_address = web_address
        self._insights = insights
        self._bell = bell
        self._now = now
        self._draw = draw

    async def offer(self, name: str, by: int) -> tuple[int, str]:
        """Its id, and the code to be typed in the chat; eight letters that nobody mistakes for each other."""
        code = b32encode(blake2b(self._draw(16).encode(), digest_size=5).digest()).decode()
        now = self._now()
        return await self.kept.offer(name[:LONGEST_NAME], code, by, now, now + CODE_LASTS), code

    async def join(self, address: str, code: str) -> str:
        """What a chat is told in which a code was typed. The first digest comes when the next is due."""
        now = self._now()
        try:
            joined = await self.kept.join(code.upper(), address, begun(now), now)
        except StoreDown:
            return "Máy chủ đang bận. Bạn gõ lại sau ít phút nhé."
        match joined:
            case Joined.NOW:
                return "Xong rồi. Từ giờ, 8 giờ sáng thứ Hai hằng tuần, bản tin tuần gửi vào đây."
            case Joined.BEFORE:
                return "Nơi này đã nhận bản tin tuần rồi, không cần làm lại."
            case Joined.UNKNOWN:
                return (
                    "Mã này đã hết hạn hoặc đã dùng rồi. Bạn nhờ người tổ chức lấy mã mới ở trang "
                    "«Bản tin tuần» nhé."
                )
            case never:
                assert_never(never)

    async def add_own(self, name: str, person: int) -> int | None:
        """Send it to the devices on which somebody switched notices on."""
        now = self._now()
        return await self.kept.add(name[:LONGEST_NAME], str(person), begun(now), person, now)

    async def try_out(self, id: int) -> bool:
        asked = await self.kept.try_out(id)
        self._bell.ring((DIGESTS,), ())
        return asked

    async def run(self, channel: str, send: Send) -> NoReturn:
        """Send what is due on a channel, until cancelled."""
        failures = 0
        while True:
            pause = 0.0
            try:
                await self.deliver(channel, send)
            except TryLater as fault:
                failures += 1
                pause = min(LONGEST_PAUSE, max(fault.after, AGAIN * 2.0 ** min(failures - 1, 5)))
            except StoreDown:
                pause = STORE_PAUSE
            else:
                failures = 0
            if pause:
                await asyncio.sleep(pause)
            else:
                await self._bell.wait(DIGESTS, LOOK)

    async def deliver(self, channel: str, send: Send) -> None:
        """Send to everybody what waits for them. Raises StoreDown, and TryLater when any has to wait."""
        week = await self._due()
        later: TryLater | None = None
        for one in await self.kept.waiting(channel, week):
            try:
                for about in _owed(one, week):
                    await self._give(one, about, send)
            except TryLater as fault:
                later = fault
            if later is not None and later.away:
                break  # nobody else can be reached either
        if later is not None:
            raise later

    async def _due(self) -> int | None:
        """Not before the last minutes of the week are among the sums."""
        week = due(self._now())
        if week is None or await self._insights.summed_at() < begins_at(week + 1):
            return None
        return week

    async def _give(self, one: Waiting, week: int | None, send: Send) -> None:
        """Noted before it is sent: after a crash nobody gets the same digest a second time."""
        digest = await self.compose(last_complete(self._now()) if week is None else week)
        if not await self.kept.claim(one, week):
            return
        try:
            await self._sent(one, digest, week is None, send)
        except TryLater:
            with suppress(StoreDown):
                await self.kept.unclaim(one, week)
            raise
        except (Unreachable, Refused):
            await self.kept.lost(one.id, self._now())
        await asyncio.sleep(GAP)

    async def _sent(self, one: Waiting, digest: Digest, trial: bool, send: Send) -> None:
        try:
            await send(one.address, digest, trial)
        except Elsewhere as moved:
            if await self.kept.moved(one.id, moved.to):
                await send(moved.to, digest, trial)


def _owed(one: Waiting, week: int | None) -> Iterator[int | None]:
    """What is to be sent there: a trial (None), the week's digest."""
    if one.trial:
        yield None
    if week is not None and one.told_week < week:
        yield week


def _since_monday(now: int) -> int:
    return now - begins_at(week_at(now))
