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
    where: str
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
    held = request.holder != 0
    left = max(0, request.until - now)
    wrote = max(request.heard_at, request.spoke_at)
    return Row(
        key=request.key,
        number=request.number,
        waits=wording.lasting(now - request.opened_at),
        where=place(book, request.flow, request.version, request.step),
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


def commune_of(book: Book, code: str) -> str:
    found = book.places.commune(code) if code else None
    return found.label if found else ""


def place(book: Book, flow: str, version: str, step: str) -> str:
    """The guide and its step: "Kích hoạt tài khoản VNeID · Bước 5/8: Gõ mã trong tin nhắn"."""
    guide = book.edition(flow, version) or book.flows.get(flow)
    if guide is None:
        return "chưa vào hướng dẫn nào"
    named = step_name(guide, step)
    return f"{guide.title} · {named}" if named else guide.title


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
