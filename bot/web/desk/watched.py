"""What was held back before it reached a resident, for a second pair of eyes; and what residents reported."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account
from bot.app.dangers import LOOKS
from bot.app.journal import Did
from bot.app.staff import Staff
from bot.app.watching import Held, Said, Undecided, may_freeze
from bot.app.withheld import Complaint, Fate, Withheld
from bot.core.ticket import Refusal
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.chat import note_view
from bot.web.desk.lately import Lately
from bot.web.desk.wording import lasting, refused
from bot.web.parts import Site

HERE = "/desk/cho-duyet"
LINES = 30
"""Lines of a conversation among which those that explain a message are looked for."""

SHOWN = 4
AGAIN = 600
"""Seconds after which looking at the same words is written down anew."""

_TOLD = {
    "gui": "Đã gửi tin cho người dân.",
    "khong": "Đã giữ lại, không gửi. Người viết sẽ thấy lời nhắn của bạn.",
    "xem": "Đã ghi là bạn xem rồi.",
    "khoa": "Đã khóa tài khoản. Người đó bị đưa ra khỏi bàn trực ngay.",
    Undecided.GONE: "Việc này đã có người xử lý rồi.",
    Undecided.NOT_YOU: "Bạn không quyết định được việc này. Nhờ một trưởng nhóm khác nhé.",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line beside a message: who said it, and what."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A message to decide about. `error` says why what the reader wrote instead may not go either."""

    one: Withheld
    name: str
    waited: str
    why: str
    lines: Sequence[Spoken]
    freezable: bool
    text: str
    error: str = ""

    @property
    def open(self) -> bool:
        return self.one.fate is Fate.WAITING


@dataclass(frozen=True, slots=True)
class Accusation:
    one: Complaint
    name: str
    ago: str
    lines: Sequence[Spoken]
    freezable: bool
    frozen: bool


def routes(site: Site) -> list[Route]:
    lately = Lately(AGAIN)
    acts: dict[str, Callable[[Site, Lately, Request], Coroutine[Any, Any, Response]]] = {
        "gui": _release,
        "khong-gui": _refuse,
        "da-xem": _looked,
        "khoa": _freeze,
    }
    return [
        Route(HERE, partial(_page, site, lately), methods=["GET"]),
        Route(f"{HERE}.json", partial(_count, site), methods=["GET"]),
        *(
            Route(f"{HERE}/{name}", partial(act, site, lately), methods=["POST"])
            for name, act in acts.items()
        ),
    ]


async def _page(site: Site, lately: Lately, request: Request) -> Response:
    account = await signed_in(site, request)
    return await _shown(site, lately, request, account)


async def _count(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    count = await staff_of(site).watching.count(account)
    return JSONResponse({"count": count}, headers={"Cache-Control": "no-store"})


async def _release(site: Site, lately: Lately, request: Request) -> Response:
    account, form = await posted(site, request)
    staff, id, text = staff_of(site), _number(form.get("tin", "")), form.get("chu", "")
    done = await staff.watching.release(account, id, text or None)
    match done:
        case Said():
            return await _done(staff, account, Did.RELEASED, form, "gui")
        case Held(sentence=sentence):
            return await _shown(site, lately, request, account, instead=(id, text, sentence))
        case Refusal():
            said = f"Không gửi được nữa. {refused(done, site.parts.now(), account.most)}"
            return await _shown(site, lately, request, account, told=said, status=409)
        case Undecided():
            return await _shown(site, lately, request, account, told=_TOLD[done], status=409)


async def _refuse(site: Site, lately: Lately, request: Request) -> Response:
    account, form = await posted(site, request)
    staff = staff_of(site)
    fault = await staff.watching.refuse(account, _number(form.get("tin", "")), form.get("loi", "")[:500])
    if fault is not None:
        return await _shown(site, lately, request, account, told=_TOLD[fault], status=409)
    return await _done(staff, account, Did.REFUSED, form, "khong")


async def _looked(site: Site, lately: Lately, request: Request) -> Response:
    account, form = await posted(site, request)
    staff = staff_of(site)
    if form.get("bao", ""):
        fault = await staff.watching.looked_at_complaint(account, _number(form["bao"]))
    else:
        fault = await staff.watching.looked(account, _number(form.get("tin", "")))
    if fault is not None:
        return await _shown(site, lately, request, account, told=_TOLD[fault], status=409)
    return await _done(staff, account, Did.DECIDED, form, "xem")


async def _freeze(site: Site, lately: Lately, request: Request) -> Response:
    account, form = await posted(site, request)
    staff = staff_of(site)
    fault = await staff.watching.freeze(account, _number(form.get("nguoi", "")))
    if fault is not None:
        return await _shown(site, lately, request, account, told=_TOLD[fault], status=409)
    return RedirectResponse(f"{HERE}?bao=khoa", 303)


async def _done(staff: Staff, account: Account, did: Did, form: dict[str, str], told: str) -> Response:
    await staff.journal.note(account.id, did, form.get("phieu", "")[:64])
    return RedirectResponse(f"{HERE}?bao={told}", 303)


async def _shown(
    site: Site,
    lately: Lately,
    request: Request,
    account: Account,
    *,
    instead: tuple[int, str, str] | None = None,
    told: str = "",
    status: int = 0,
) -> Response:
    """`instead`: which message was written anew, how, and why that may not go."""
    staff, now = staff_of(site), site.parts.now()
    people = {one.id: one for one in await staff.people.all()}
    cards = [
        await _card(staff, account, one, people.get(one.person), now, instead)
        for one in await staff.watching.to_see(account)
    ]
    accusations = [
        await _accusation(staff, account, one, people.get(one.person), now)
        for one in await staff.watching.complaints(account)
    ]
    tickets = {card.one.ticket for card in cards} | {one.one.ticket for one in accusations}
    for ticket in tickets:
        await note_view(staff.journal, lately, account, ticket, now)
    return desk_page(
        site,
        request,
        account,
        "desk/watched.html",
        {
            "cards": cards,
            "accusations": accusations,
            "told": told or _TOLD.get(request.query_params.get("bao", ""), ""),
        },
        status=status or (422 if instead else 200),
    )


async def _card(
    staff: Staff,
    account: Account,
    one: Withheld,
    author: Account | None,
    now: int,
    instead: tuple[int, str, str] | None,
) -> Card:
    anew = instead if instead is not None and instead[0] == one.id else None
    return Card(
        one,
        _name(author, one.name),
        lasting(now - one.at),
        " ".join(LOOKS[danger] for danger in one.why),
        await _lines(staff, one.ticket),
        author is not None and may_freeze(account, author),
        one.text if anew is None else anew[1],
        "" if anew is None else anew[2],
    )


async def _accusation(
    staff: Staff, account: Account, one: Complaint, author: Account | None, now: int
) -> Accusation:
    frozen = author is not None and author.disabled
    freezable = author is not None and not frozen and may_freeze(account, author)
    name = _name(author, one.name)
    lines = await _lines(staff, one.ticket, name)
    return Accusation(one, name, lasting(now - one.at), lines, freezable, frozen)


async def _lines(staff: Staff, ticket: str, of: str = "") -> list[Spoken]:
    """What the resident said last; `of`: what this person said last."""
    chat = await staff.tickets.chat(ticket, 0, LINES)
    if chat is None:
        return []
    lines = [line for line in chat.lines if (line.reply.author == of if of else line.mine)]
    return [Spoken(of or "Người dân", line.reply.text) for line in lines[-SHOWN:]]


def _name(author: Account | None, name: str) -> str:
    return author.shown if author is not None else name or "Một tình nguyện viên"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
