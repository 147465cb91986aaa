"""What the page of one conversation shows to whom: the lines only to whoever has it, and to leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.app.accounts import Account, Role
from bot.app.knowledge import Suggestion
from bot.app.staff import Staff
from bot.app.tickets import Chat, Request
from bot.app.withheld import Fate, Withheld
from bot.core.routing import visible
from bot.core.ticket import COURTESY, LEASE, Closing, Wish
from bot.web.desk import wording
from bot.web.desk.knowledge import last_words
from bot.web.desk.rows import SHORT_LEASE
from bot.web.desk.standing import (
    Standing,
    Stop,
    Trouble,
    errors_here,
    guides,
    other_errors,
    standing,
    sticking_points,
    ways_on,
)
from bot.web.desk.timeline import Item, timeline
from bot.web.parts import Parts

SHOWN = 60
"""Lines of a conversation that a page shows."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Whose it is. `mine`: whoever looks may write. `left`: seconds until the claim lapses.

    `wish` is the colleague who asks for it; `asked`: whoever looks did, and may take it in `wait` seconds.
    """

    mine: bool
    name: str = ""
    since: str = ""
    left: int = 0
    wish: str = ""
    asked: bool = False
    wait: int = 0

    @property
    def ending(self) -> bool:
        return self.mine and self.left <= SHORT_LEASE

    @property
    def free(self) -> bool:
        return not self.mine and not self.name


@dataclass(frozen=True, slots=True)
class Composer:
    """What the field holds: words that came back, a reply to start from, or what was begun before.

    `canned` is the reply's reference, whose picture goes along; `picture` says what is on it.
    """

    text: str = ""
    canned: str = ""
    picture: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """`mark` is another one as soon as the page is out of date. `reads`: the lines are there to be read."""

    key: str
    number: int
    mark: str
    open: bool
    reads: bool
    hold: Hold
    top: Standing
    items: tuple[Item, ...] = ()
    held: tuple[Withheld, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    ways: tuple[Stop, ...] = ()
    guides: tuple[Stop, ...] = ()
    points: tuple[Stop, ...] = ()
    errors: tuple[Trouble, ...] = ()
    others: tuple[Trouble, ...] = ()
    met: str = ""
    colleagues: tuple[Account, ...] = ()
    on_duty: tuple[Account, ...] = ()
    outcomes: Mapping[Closing, str] = field(default_factory=dict)


async def may_read(staff: Staff, account: Account, request: Request, now: int) -> bool | None:
    """True: the lines as well. False: where it stands only. None: nothing.

    A lead whom the resident reported is nobody's lead there; organisers look into reports.
    """
    if account.role >= Role.ORGANISER or leads_here(account, request):
        return True
    if request.closed_at:
        return None
    if request.holder == account.id and request.until > now:
        return True
    there = [shift.account for shift in await staff.shifts.on_duty(now)]
    return False if visible([request], account, there, now, staff.province_of) else None


def leads_here(account: Account, request: Request) -> bool:
    return account.role >= Role.LEAD and account.id not in request.barred


async def scene(
    parts: Parts, staff: Staff, account: Account, chat: Chat, *, reads: bool, mark: str, after: int = 0
) -> Scene:
    """`after`: only lines that came later, for a page that has the others."""
    now, book, request = parts.now(), parts.book, chat.request
    hold = _hold(account, chat, now)
    plain = Scene(
        key=request.key,
        number=request.number,
        mark=mark,
        open=not request.closed_at,
        reads=reads,
        hold=hold,
        top=standing(book, chat, now),
    )
    if not reads:
        return plain
    everybody = await staff.people.all()
    names = {one.id: one.shown for one in everybody}
    items = timeline(chat.lines, chat.log, names, account, parts, after)
    if not hold.mine:
        return replace(plain, items=items)
    return replace(
        plain,
        items=items,
        held=_held(await staff.watching.mine(account, request.key)),
        suggestions=staff.knowledge.suggest(chat.state, last_words(chat.lines)),
        ways=ways_on(book, chat),
        guides=guides(book, chat),
        points=sticking_points(book, chat),
        errors=errors_here(book, chat),
        others=other_errors(book, chat),
        met=request.error,
        colleagues=_others([one for one in everybody if not one.disabled], account),
        on_duty=_others([shift.account for shift in await staff.shifts.on_duty(now)], account),
        outcomes=wording.OUTCOMES,
    )


async def composer(staff: Staff, account: Account, chat: Chat, canned: str) -> Composer:
    """What the field begins with: the reply that was chosen, else the draft."""
    if canned:
        chosen = staff.knowledge.find(canned, chat.state)
        if chosen is not None:
            picture = chosen.picture.alt if chosen.picture else ""
            return Composer(chosen.text, canned if picture else "", picture)
    return Composer(await staff.drafts.read(account.id, chat.request.key))


def _hold(account: Account, chat: Chat, now: int) -> Hold:
    request = chat.request
    if request.closed_at or not request.holder or request.until <= now:
        return Hold(mine=False)
    ticket = chat.state.ticket
    wish = ticket.wish if ticket is not None else None
    asked = wish is not None and wish.id == account.id
    return Hold(
        mine=request.holder == account.id,
        name=request.holder_name,
        since=wording.since(request.holder_since, now),
        left=min(LEASE, request.until - now),
        wish=wish.name if wish else "",
        asked=asked,
        wait=_wait(wish, now) if wish and asked else 0,
    )


def _wait(wish: Wish, now: int) -> int:
    return max(0, wish.at + COURTESY - now)


def _others(accounts: Sequence[Account], account: Account) -> tuple[Account, ...]:
    return tuple(sorted((one for one in accounts if one.id != account.id), key=lambda one: one.shown))


def _held(mine: Sequence[Withheld]) -> tuple[Withheld, ...]:
    """What still waits; what was refused is told by a note beside the lines."""
    return tuple(one for one in mine if one.fate is Fate.WAITING)
