"""A doorbell for volunteers in a group of theirs: what hangs there for each ticket, and who may press it.

Ticket number, step, commune and waiting time; never a resident's word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from bot.app.accounts import Account
from bot.app.bell import Bell
from bot.app.handoff import Handoff
from bot.app.headline import headline, span, waiting
from bot.app.journal import Did, Journal
from bot.app.ports import Safe, StoreDown
from bot.app.push import ENROLMENT_LASTS, Enrolled
from bot.app.tickets import Request, Tickets
from bot.core.book import Book
from bot.core.desk import clock
from bot.core.ticket import No, Refusal

_MINUTE = 60
_STEPS = (0, 5, 10, 20, 30, 60)
"""Minutes after which the waiting time on the bell is brought up to date; then once an hour."""


@dataclass(frozen=True, slots=True)
class Hung:
    """What hangs in the group for a ticket. `message` 0: nothing, because it was lost there. `shown` is the
    state it shows.
    """

    ticket: str
    message: int
    shown: str
    at: int


class Doorbells(Protocol):
    """What is kept of the doorbell and of who may press it; all methods raise StoreDown."""

    async def hung(self) -> tuple[Hung, ...]: ...

    async def hang(self, hung: Hung) -> None: ...

    async def take_down(self, ticket: str) -> None: ...

    async def unhook(self) -> None:
        """None of the messages can be reached any more."""
        ...

    async def offer(self, person: int, code: str, now: int, until: int) -> None:
        """Let a code enrol this person's Telegram account until then; it replaces an earlier one."""
        ...

    async def enrol(self, code: str, telegram: str, now: int) -> Enrolled | None:
        """Whose account it is now; None when the code is unknown, used or over. An account there belongs to
        one person at most.
        """
        ...

    async def leave(self, person: int) -> None: ...

    async def is_enrolled(self, person: int) -> bool: ...

    async def presser(self, telegram: str) -> Account | None:
        """Who presses a button there; None for strangers and for accounts that are disabled."""
        ...


@dataclass(frozen=True, slots=True)
class Card:
    """What the message of a ticket says. `claimable`: with the button. When `state` changes it has to."""

    text: str
    claimable: bool
    state: str


class Haste(IntEnum):
    """Of what has to be done in the group, where only so much may be done in a minute."""

    NEW = 0
    TURNED = 1
    OLDER = 2


@dataclass(frozen=True, slots=True)
class Post:
    ticket: str
    card: Card


@dataclass(frozen=True, slots=True)
class Edit:
    """`last`: nothing more will happen to it."""

    ticket: str
    message: int
    card: Card
    last: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """Nothing hangs there and nothing needs to."""

    ticket: str


Errand = Post | Edit | Drop


def card(book: Book, request: Request, now: int) -> Card:
    name = headline(book, request)
    if request.closed_at:
        return Card(f"{name} · xong sau {span(request.closed_at - request.opened_at)}", False, "closed")
    if request.holder:
        taken = f"{request.holder_name} đang giúp, từ {clock(request.holder_since)}"
        return Card(f"{name} · {taken}", False, f"held {request.holder} {request.holder_since}")
    return Card(f"{name} · {waiting(request, now)}", True, f"queued {_age(now - request.opened_at)}")


def errands(
    book: Book,
    requests: Sequence[Request],
    closed: Mapping[str, Request | None],
    hung: Sequence[Hung],
    now: int,
) -> tuple[Errand, ...]:
    """What has to be done so that the group shows how things stand, the most pressing first.

    `requests` are the open tickets, `closed` those that hang there and are not among them; None: erased.
    """
    there = {one.ticket: one for one in hung}
    todo: list[tuple[Haste, Errand]] = []
    for request in requests:
        found, what = there.pop(request.key, None), card(book, request, now)
        if found is not None and found.message:
            if found.shown != what.state:
                older = found.shown.startswith("queued") and what.claimable
                todo.append((Haste.OLDER if older else Haste.TURNED, Edit(request.key, found.message, what)))
        elif what.claimable:  # who is being helped needs no bell
            todo.append((Haste.NEW, Post(request.key, what)))
    for key, found in there.items():
        over = closed.get(key)
        gone = card(book, over, now) if over else Card("Phiếu này đã khép lại.", False, "closed")
        if found.message:
            todo.append((Haste.TURNED, Edit(key, found.message, gone, last=True)))
        else:
            todo.append((Haste.TURNED, Drop(key)))
    return tuple(errand for _, errand in sorted(todo, key=lambda one: one[0]))


class Group:
    """Which group the bell hangs in. Telegram may give a group another number; the setting stays as it is."""

    def __init__(self, safe: Safe, configured: int, now: Callable[[], int]) -> None:
        self._safe = safe
        self._configured = configured
        self._now = now

    async def id(self) -> int:
        return (await self._read()).id

    async def is_lost(self) -> bool:
        return (await self._read()).lost

    async def moved(self, to: int) -> None:
        await self._write(_Whereabouts(to))

    async def lost(self) -> None:
        await self._write(_Whereabouts(await self.id(), lost=True))

    async def found(self) -> None:
        if await self.is_lost():
            await self._write(_Whereabouts(await self.id()))

    async def _read(self) -> _Whereabouts:
        kept = await self._safe.secret(_SECRET)
        known = json.loads(kept.value) if kept is not None and kept.value else {}
        if known.get("configured") != self._configured:  # somebody chose another group
            return _Whereabouts(self._configured)
        return _Whereabouts(known["id"], known["lost"])

    async def _write(self, where: _Whereabouts) -> None:
        kept = await self._safe.secret(_SECRET)
        known = {"configured": self._configured, "id": where.id, "lost": where.lost}
        revision = kept.revision if kept else 0
        await self._safe.keep_secret(_SECRET, json.dumps(known).encode(), revision, self._now())


@dataclass(frozen=True, slots=True)
class _Whereabouts:
    id: int
    lost: bool = False


_SECRET = "telegram group"  # noqa: S105 - a name in the safe


class Enrolment:
    """Let somebody's Telegram account press the bell: a link that works once, opened beside the bot."""

    def __init__(self, doorbells: Doorbells, now: Callable[[], int], draw: Callable[[int], str]) -> None:
        """`draw(n)` is a random url-safe token of n bytes."""
        self._doorbells = doorbells
        self._now = now
        self._draw = draw

    async def offer(self, account: Account) -> str:
        """What the link carries; known to nobody but who gets it."""
        code = self._draw(24)
        now = self._now()
        await self._doorbells.offer(account.id, code, now, now + ENROLMENT_LASTS)
        return f"{PREFIX}{code}"

    async def leave(self, account: Account) -> None:
        await self._doorbells.leave(account.id)

    async def is_enrolled(self, account: Account) -> bool:
        return await self._doorbells.is_enrolled(account.id)


PREFIX = "ghidanh_"


@dataclass(frozen=True, slots=True)
class Doorstep:
    """What a doorbell needs of the desk; also what it answers to who presses it or wants to."""

    group: Group
    doorbells: Doorbells
    tickets: Tickets
    handoff: Handoff
    book: Book
    bell: Bell
    now: Callable[[], int]
    web_address: str
    journal: Journal

    async def errands(self, most: int) -> tuple[Errand, ...]:
        """What has to be done in the group now. Raises StoreDown."""
        requests = await self.tickets.open(most)
        hung = await self.doorbells.hung()
        open = {request.key for request in requests}
        closed = {
            one.ticket: await self.tickets.request(one.ticket) for one in hung if one.ticket not in open
        }
        still = {key for key, request in closed.items() if request is not None and not request.closed_at}
        known = tuple(one for one in hung if one.ticket not in still)  # open, but beyond `most`
        return errands(self.book, requests, closed, known, self.now())

    async def press(self, telegram: str, ticket: str) -> str:
        """Claim a ticket for whoever pressed; returns what they are told."""
        try:
            account = await self.doorbells.presser(telegram)
            if account is None:
                return STRANGER
            done = await self.handoff.claim(ticket, account.helper)
            if isinstance(done, Refusal):
                return refused(done)
            await self.journal.note(account.id, Did.CLAIMED, ticket)
            request = await self.tickets.request(ticket)
        except StoreDown:
            return BUSY
        return f"Bạn đã nhận phiếu {request.number}. Mở bàn trực để trả lời." if request else BUSY

    async def enrol(self, telegram: str, code: str) -> str:
        try:
            enrolled = await self.doorbells.enrol(code, telegram, self.now())
            account = None if enrolled else await self.doorbells.presser(telegram)
        except StoreDown:
            return BUSY
        if enrolled is not None:
            return f"Xong rồi, {enrolled.shown}. Từ giờ bạn bấm «Nhận» ngay trong nhóm được."
        if account is not None:
            return "Bạn đã ghi danh từ trước, không cần làm lại."
        return (
            "Liên kết này đã hết hạn hoặc đã dùng rồi. Bạn vào bàn trực, mục Thông báo, lấy liên kết mới nhé."
        )


STRANGER = (
    "Nút này dành cho tình nguyện viên đã ghi danh. Bạn vào bàn trực, mục Thông báo, để ghi danh nhé. "
    "Cảm ơn bạn đã muốn giúp!"
)
BUSY = "Máy chủ đang bận. Bạn bấm lại sau ít phút nhé."


def refused(refusal: Refusal) -> str:
    """Why a press did not claim, in the length of a toast."""
    match refusal.why:
        case No.TAKEN | No.NOT_YOURS | No.ASK_FIRST if not refusal.name:
            return BUSY  # a claim lapsed this very second
        case No.TAKEN | No.NOT_YOURS | No.ASK_FIRST:
            return f"{refusal.name} đã nhận phiếu này, từ {clock(refusal.since)}."
        case No.FULL:
            return "Bạn đang giúp đủ số người rồi. Xong một người rồi nhận tiếp nhé."
        case No.BARRED:
            return "Phiếu này cần một bạn khác giúp. Cảm ơn bạn!"
        case No.CLOSED | No.NO_SUCH_STEP | No.NO_SUCH_PERSON:
            return "Phiếu này đã xong rồi."


def _age(seconds: int) -> int:
    """The step of waiting, in minutes, that has been reached."""
    minutes = seconds // _MINUTE
    return (
        max((step for step in _STEPS if step <= minutes), default=0) if minutes < 60 else minutes // 60 * 60
    )
