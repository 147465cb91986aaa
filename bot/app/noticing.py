"""Who at the desk is told what, and when: decided from how things stand, not from what happened.

What should stand on somebody's phone is worked out anew each time; `telling` compares it with what was told
there. So nothing is told twice, what others solved goes away, and a shift begins with no stack of old news.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from bot.app.accounts import Account, Role
from bot.app.headline import headline, waiting
from bot.app.tickets import Request
from bot.core.book import Book
from bot.core.desk import Desk
from bot.core.routing import Why, visible
from bot.core.ticket import LEASE, Reason

GRACE = 10
"""Seconds in which somebody who has the conversation open has seen a reply."""

RECENT = 600
"""Seconds for which something that happened is still news."""

REPORT_STANDS = 3600
DISTRESS_WAITS = 600
"""Seconds after which organisers hear of somebody in distress though they are off duty."""

UNSTAFFED_WAITS = 900
REVIEW_WAITS = 120


class Kind(StrEnum):
    """What a notice is about."""

    QUEUE = "queue"
    URGENT = "urgent"
    CHAT = "chat"
    PASSED = "passed"
    MENTION = "mention"
    RELEASED = "released"
    REFUSED = "refused"
    REVIEW = "review"
    REPORT = "report"
    UNSTAFFED = "unstaffed"
    DOORBELL = "doorbell"
    TEST = "test"
    DIGEST = "digest"


NEWS = frozenset({Kind.MENTION, Kind.RELEASED, Kind.REFUSED, Kind.REPORT})
"""What happened once; the others are so or not so, and go away when they are not."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody with a device that can be told. `since`: when their shift began; 0: off duty."""

    account: Account
    since: int = 0


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that concerns one person (`to`), or whoever leads (0)."""

    kind: Kind
    at: int
    to: int
    ticket: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A message that waits for a second pair of eyes. `newcomer`: only because its author is new."""

    id: int
    at: int
    author: int
    newcomer: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """How things stand. `requests` are the open tickets, oldest first; `on_duty` who is there, device or not.

    `bell_lost`: the Telegram doorbell cannot write into its group.
    """

    requests: tuple[Request, ...] = ()
    happened: tuple[Happened, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    on_duty: tuple[Account, ...] = ()
    bell_lost: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What should stand on a phone. Told again when `mark` changes, with a sound unless `count` fell."""

    topic: str
    title: str
    body: str
    url: str
    mark: str = ""
    count: int = 1
    urgent: bool = False


TO_TELL = frozenset({Why.NEAR, Why.NOBODY_NEARER, Why.WAITED})
"""Why somebody is told of a request that they see: leads see all, and hear of their own."""


def wanted(scene: Scene, watcher: Watcher, book: Book, desk: Desk, now: int) -> tuple[Notice, ...]:
    """What should stand on somebody's phone now, the most pressing first."""
    found: list[Notice | None] = []
    if watcher.since:
        found += _on_duty(scene, watcher, book, desk, now)
    elif watcher.account.role >= Role.ORGANISER:
        found.append(_distress(_queued(scene, now - DISTRESS_WAITS), book, now))
    if watcher.account.role >= Role.ORGANISER:
        found.append(_unstaffed(scene, desk, now))
    if watcher.account.role >= Role.ORGANISER or (watcher.since and watcher.account.role >= Role.LEAD):
        found += _reports(scene, book, now)
    return tuple(notice for notice in found if notice is not None)


def _on_duty(scene: Scene, watcher: Watcher, book: Book, desk: Desk, now: int) -> list[Notice | None]:
    me = watcher.account
    own = [request for request in scene.requests if request.holder == me.id]
    seen = visible(_queued(scene, now), me, scene.on_duty, now, desk.province_of)
    waits = [one.request for one in seen if one.free and one.why in TO_TELL]
    calm = [request for request in waits if request.reason != Reason.DISTRESS]
    found = [_distress(waits, book, now)]
    found += [_reply(request, book, now) for request in own]
    found += [_passed(request, scene, watcher, book) for request in own]
    found += _news(scene, watcher, book, now)
    if len(own) < me.most:  # who has no hand free can only be disturbed
        found.append(_queue(calm, book, now))
    found.append(_review(scene, me, now))
    if scene.bell_lost and me.role >= Role.ORGANISER:
        found.append(_BELL_LOST)
    return found


def _queued(scene: Scene, before: int) -> list[Request]:
    """Who waits since then or longer."""
    return [request for request in scene.requests if not request.holder and request.opened_at <= before]


def _queue(waits: Sequence[Request], book: Book, now: int) -> Notice | None:
    if not waits:
        return None
    longest = f"{headline(book, waits[0])} · {waiting(waits[0], now)}"
    body = longest if len(waits) == 1 else f"Lâu nhất: {longest}"
    return Notice(Kind.QUEUE, f"{len(waits)} người đang chờ", body, "/desk", _mark(waits), len(waits))


def _distress(waits: Sequence[Request], book: Book, now: int) -> Notice | None:
    pressing = [request for request in waits if request.reason == Reason.DISTRESS]
    if not pressing:
        return None
    title = "Có người cần giúp gấp" if len(pressing) == 1 else f"{len(pressing)} người cần giúp gấp"
    body = f"{headline(book, pressing[0])} · {waiting(pressing[0], now)}"
    return Notice(Kind.URGENT, title, body, "/desk", _mark(pressing), len(pressing), urgent=True)


def _reply(request: Request, book: Book, now: int) -> Notice | None:
    """The holder showed no sign of life since the resident wrote. Told once until they do."""
    last_seen = max(request.spoke_at, request.until - LEASE)
    if request.heard_at <= last_seen or now - request.heard_at < GRACE:
        return None
    topic, url = f"{Kind.CHAT}.{request.key}", f"/desk/c/{request.key}"
    return Notice(topic, "Bà con vừa trả lời bạn", headline(book, request), url, str(last_seen))


def _passed(request: Request, scene: Scene, watcher: Watcher, book: Book) -> Notice | None:
    """Gone as soon as they touch the conversation."""
    given = [
        one.at
        for one in scene.happened
        if one.kind == Kind.PASSED and one.to == watcher.account.id and one.ticket == request.key
    ]
    if not given or request.until - LEASE > max(given):
        return None
    topic, url = f"{Kind.PASSED}.{request.key}", f"/desk/c/{request.key}"
    return Notice(topic, "Đồng đội chuyển một phiếu cho bạn", headline(book, request), url, str(max(given)))


_NEWS = {
    Kind.MENTION: "Đồng đội nhắc đến bạn",
    Kind.RELEASED: "Tin của bạn đã được duyệt và gửi đi",
    Kind.REFUSED: "Tin của bạn chưa được gửi",
}


def _news(scene: Scene, watcher: Watcher, book: Book, now: int) -> list[Notice | None]:
    since = max(watcher.since, now - RECENT)
    mine = [
        one
        for one in scene.happened
        if one.kind in _NEWS and one.to == watcher.account.id and one.at >= since
    ]
    return [_told_of(one, _NEWS[one.kind], f"/desk/c/{one.ticket}", scene, book) for one in mine]


def _reports(scene: Scene, book: Book, now: int) -> list[Notice | None]:
    recent = [one for one in scene.happened if one.kind == Kind.REPORT and one.at >= now - REPORT_STANDS]
    title = "Bà con báo một cuộc trò chuyện"
    return [_told_of(one, title, "/desk/cho-duyet", scene, book, urgent=True) for one in recent]


def _told_of(
    one: Happened, title: str, url: str, scene: Scene, book: Book, *, urgent: bool = False
) -> Notice:
    found = next((request for request in scene.requests if request.key == one.ticket), None)
    body = headline(book, found) if found else "Mở bàn trực để xem."
    return Notice(f"{one.kind}.{one.ticket}", title, body, url, str(one.at), urgent=urgent)


def _review(scene: Scene, me: Account, now: int) -> Notice | None:
    """Leads hear at once; who only may look after newcomers is reminded when nobody else did it."""
    leads = me.role >= Role.LEAD
    helps = me.watched == 0
    mine = [
        one
        for one in scene.withheld
        if one.author != me.id and (leads or (helps and one.newcomer and now - one.at >= REVIEW_WAITS))
    ]
    if not mine:
        return None
    mark = _digest(str(one.id) for one in mine)
    body = "Đồng đội đang đợi bạn xem giúp."
    return Notice(Kind.REVIEW, f"{len(mine)} tin chờ duyệt", body, "/desk/cho-duyet", mark, len(mine))


def _unstaffed(scene: Scene, desk: Desk, now: int) -> Notice | None:
    """Only in the hours in which residents were promised somebody: nobody is woken for the others."""
    if scene.on_duty:
        return None
    waits = [
        request
        for request in _queued(scene, now - UNSTAFFED_WAITS)
        if desk.hours_of(request.commune).is_open(now)
    ]
    if not waits:
        return None
    body = f"{len(waits)} người đã chờ hơn {UNSTAFFED_WAITS // 60} phút."
    title = "Giờ trực nhưng chưa có ai vào ca"
    return Notice(Kind.UNSTAFFED, title, body, "/desk/ca", _mark(waits), len(waits))


_BELL_LOST = Notice(
    Kind.DOORBELL,
    "Chuông báo trong nhóm Telegram đã tắt",
    "Chương trình không còn gửi được vào nhóm. Bà con vẫn nhắn được như thường.",
    "/desk/thong-bao",
)


def _mark(requests: Iterable[Request]) -> str:
    return _digest(sorted(request.key for request in requests))


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
