"""What may be said of a ticket outside the desk: its number, where the person stands, how long they wait.

Nobody's words, no name of a resident: it goes to lock screens and to groups.
"""

from __future__ import annotations

from bot.app.tickets import Request
from bot.core.book import Book
from bot.core.desk import clock
from bot.core.ticket import Reason

_MINUTE = 60
_HOUR = 3600


def headline(book: Book, request: Request) -> str:
    """One line: "Phiếu 123 · Kích hoạt tài khoản, bước 5/8 · xã Hòa Xuân"."""
    urgent = "Cần gấp" if request.reason == Reason.DISTRESS else ""
    parts = (urgent, f"Phiếu {request.number}", _place(book, request), _commune(book, request.commune))
    return " · ".join(part for part in parts if part)


def waiting(request: Request, now: int) -> str:
    """How long, and since when: the first grows old on a screen, the second does not."""
    return f"chờ {span(now - request.opened_at)}, từ {clock(request.opened_at)}"


def span(seconds: int) -> str:
    """A duration as people say it: "dưới 1 phút", "25 phút", "2 giờ 5 phút", "3 ngày"."""
    if seconds < _MINUTE:
        return "dưới 1 phút"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} phút"
    if seconds < 24 * _HOUR:
        hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
        return f"{hours} giờ {minutes} phút" if minutes else f"{hours} giờ"
    return f"{seconds // (24 * _HOUR)} ngày"


def _place(book: Book, request: Request) -> str:
    flow = book.edition(request.flow, request.version) or book.flows.get(request.flow)
    if flow is None:
        return "chưa vào hướng dẫn nào"
    place = flow.places.get(request.step)
    return f"{flow.title}, bước {place.number}/{place.total}" if place and place.number else flow.title


def _commune(book: Book, code: str) -> str:
    commune = book.places.commune(code) if code else None
    return f"{commune.name[:1].lower()}{commune.name[1:]}" if commune else ""
