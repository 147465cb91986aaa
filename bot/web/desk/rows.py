"""Requests as lists show them: where somebody stands and how long they wait, no words of anybody."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.tickets import Request
from bot.core.book import Book
from bot.core.flow import Flow
from bot.core.routing import HOME
from bot.core.ticket import Reason
from bot.web.desk import wording

SHORT_LEASE = 120
"""Seconds left of a claim from which on its holder is warned."""


@dataclass(frozen=True, slots=True)
class Row:
    """`holder` and `since` are empty in the queue; `wish` is the colleague who would like to have it.
    `left` is how long a claim still holds.
    """

    key: str
    number: int
    waits: str
    guide: str
    step: str
    commune: str
    reason: str
    channel: str
    language: str
    urgent: bool
    unread: bool
    holder: str
    since: str
    wish: str
    left: str
    ending: bool
    last: str


def row(book: Book, request: Request, now: int) -> Row:
    guide = guide_of(book, request)
    held = request.holder != 0
    left = max(0, request.until - now)
    wrote = max(request.heard_at, request.spoke_at)
    return Row(
        key=request.key,
        number=request.number,
        waits=wording.lasting(now - request.opened_at),
        guide=guide.title if guide else "",
        step=step_name(guide, request.step) if guide else "chưa vào hướng dẫn nào",
        commune=commune_of(book, request.commune),
        reason=wording.reason(request.reason),
        channel=wording.channel(request.channel),
        language="" if request.locale == HOME else wording.language(request.locale),
        urgent=request.reason == Reason.DISTRESS,
        unread=request.is_unread or (held and not request.spoke_at),
        holder=request.holder_name if held else "",
        since=wording.since(request.holder_since, now) if held else "",
        wish=request.wish,
        left=wording.lasting(left) if held else "",
        ending=held and left <= SHORT_LEASE,
        last=_last(request, wrote, now),
    )


def commune_of(book: Book, code: str, *, whole: bool = False) -> str:
    """Its name; `whole`: with its province."""
    found = book.places.commune(code) if code else None
    if found is None:
        return ""
    return found.label if whole else found.name


def guide_of(book: Book, request: Request) -> Flow | None:
    """The guide in the version that was walked, or as it is now."""
    return book.edition(request.flow, request.version) or book.flows.get(request.flow)


def step_name(guide: Flow, step: str) -> str:
    """Such as "Bước 5/8: Gõ mã trong tin nhắn"; a step beside the main way has no number."""
    if step not in guide.steps:
        return ""
    at, title = guide.places.get(step), str(getattr(guide.steps[step], "title", ""))
    return f"Bước {at.number}/{at.total}: {title}" if at and at.number else title


def _last(request: Request, wrote: int, now: int) -> str:
    if not wrote:
        return "chưa ai nhắn gì từ khi nhận" if request.claimed_at else ""
    who = "người dân nhắn" if request.heard_at >= request.spoke_at else "bạn nhắn"
    return f"{who} {wording.lasting(now - wrote)} trước"
