"""What can be done to a conversation: forms that also work without script, and answer a script in JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, assert_never

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account
from bot.app.journal import Did
from bot.app.ports import Acted
from bot.app.staff import Staff
from bot.app.tickets import Note
from bot.app.watching import Held, Said, Waiting
from bot.core.ticket import LEASE, Closing, Helper, No, Refusal
from bot.web.desk import wording
from bot.web.desk.admission import posted, staff_of
from bot.web.desk.scene import Composer, may_read
from bot.web.parts import Site
from bot.web.render import wants_json

LONGEST = 2000
"""Letters of one message; platforms part what is longer."""

LONGEST_NOTE = 1000
LONGEST_KEY = 64
NO_STORE = {"Cache-Control": "no-store"}


class Page(Protocol):
    """The page of the conversation again, with what became of it."""

    async def __call__(
        self,
        request: Request,
        account: Account,
        key: str,
        /,
        *,
        said: str = "",
        refusal: Refusal | None = None,
        back: Composer | None = None,
    ) -> Response: ...


def routes(site: Site, page: Page) -> list[Route]:
    deeds: dict[str, Callable[[Site, Page, Request], Awaitable[Response]]] = {
        "nhan": _claim,
        "xin": _take_over,
        "giu": _keep,
        "nhuong": _yield,
        "noi": _speak,
        "nhap": _draft,
        "tra": _give_back,
        "chuyen": _hand_to,
        "lai-may": _hand_back,
        "dong": _close,
        "ghi-chu": _note,
    }
    return [
        Route(f"/desk/c/{{key}}/{name}", partial(deed, site, page), methods=["POST"])
        for name, deed in deeds.items()
    ]


async def _claim(site: Site, page: Page, request: Request) -> Response:
    account, key, _ = await _asked(site, request)
    staff = staff_of(site)
    done = await _if_seen(site, account, key, lambda: staff.handoff.claim(key, account.helper))
    return await _answered(site, page, request, account, key, done, Did.CLAIMED, f"/desk/c/{key}?bao=nhan")


async def _take_over(site: Site, page: Page, request: Request) -> Response:
    """Ask for a colleague's conversation, or take it when they did not say no."""
    account, key, _ = await _asked(site, request)
    staff = staff_of(site)
    done = await _if_seen(site, account, key, lambda: staff.handoff.take_over(key, account.helper))
    standing = await staff.tickets.request(key)
    got = standing is not None and standing.holder == account.id
    did = Did.TOOK_OVER if got else None
    return await _answered(
        site, page, request, account, key, done, did, f"/desk/c/{key}?bao={'nhan' if got else 'xin'}"
    )


async def _keep(site: Site, page: Page, request: Request) -> Response:
    """A sign of life. `khe`: by itself it is no answer to a colleague who asks."""
    account, key, form = await _asked(site, request)
    done = await staff_of(site).handoff.keep(key, account.helper, kindly=bool(form.get("khe")))
    if isinstance(done, Acted) and wants_json(request):
        return JSONResponse({"left": LEASE}, headers=NO_STORE)
    return await _answered(site, page, request, account, key, done, None, f"/desk/c/{key}?bao=giu")


async def _yield(site: Site, page: Page, request: Request) -> Response:
    """Give it to the colleague who asks for it."""
    account, key, _ = await _asked(site, request)
    staff = staff_of(site)
    chat = await staff.tickets.chat(key, 0, 1)
    wish = chat.state.ticket.wish if chat and chat.state.ticket else None
    to = await _colleague(staff, wish.id) if wish else None
    if to is None:
        done: Acted | Refusal = await staff.handoff.give_back(key, account.helper)
    else:
        done = await staff.handoff.hand_to(key, account.helper, to, "")
    return await _answered(site, page, request, account, key, done, Did.PASSED, "/desk/toi?bao=nhuong")


async def _speak(site: Site, page: Page, request: Request) -> Response:
    account, key, form = await _asked(site, request)
    text, own, canned = form.get("chu", "").strip(), form.get("ma", ""), form.get("mau", "")
    if not text or not own or len(own) > LONGEST_KEY:
        return _gone_on(request, f"/desk/c/{key}")
    staff = staff_of(site)
    picture = None
    if canned:
        chosen = staff.knowledge.find(canned)
        picture = chosen.picture if chosen else None
    told = await staff.watching.say(account, key, text[:LONGEST], own, picture)
    match told:
        case Said():
            await staff.journal.note(account.id, Did.SPOKE, key)
            await staff.drafts.drop(account.id, key)
            return _gone_on(request, f"/desk/c/{key}#moi-nhat")
        case Waiting(sentence=sentence):
            await staff.drafts.drop(account.id, key)
            return _gone_on(request, f"/desk/c/{key}?bao=dang-cho#moi-nhat", {"waiting": sentence})
        case Held(sentence=sentence):
            await staff.journal.note(account.id, Did.HELD, key)
            if wants_json(request):
                return JSONResponse({"held": sentence}, 422, headers=NO_STORE)
            return await page(request, account, key, back=Composer(text, canned, error=sentence))
        case Refusal():
            return await _refused(site, page, request, account, key, told, Composer(text, canned))
        case never:
            assert_never(never)


async def _draft(site: Site, _: Page, request: Request) -> Response:
    """What was begun, kept while it is written; what cannot be kept is still on the page."""
    account, key, form = await _asked(site, request)
    standing = await staff_of(site).tickets.request(key)
    kept = False
    if standing is not None and standing.holder == account.id:
        text = form.get("chu", "")[:LONGEST]
        kept = await staff_of(site).drafts.save(account.id, key, text, site.parts.now())
    return _gone_on(request, f"/desk/c/{key}", {"kept": kept})


async def _give_back(site: Site, page: Page, request: Request) -> Response:
    account, key, form = await _asked(site, request)
    note = _sieved(site, form.get("chu", ""))
    done = await staff_of(site).handoff.give_back(key, account.helper, note)
    return await _answered(site, page, request, account, key, done, Did.RETURNED, "/desk?bao=tra")


async def _hand_to(site: Site, page: Page, request: Request) -> Response:
    account, key, form = await _asked(site, request)
    staff = staff_of(site)
    there = [shift.account for shift in await staff.shifts.on_duty(site.parts.now())]
    to = next((one.helper for one in there if one.id == _number(form.get("cho", ""))), None)
    note = _sieved(site, form.get("chu", ""))
    done: Acted | Refusal = Refusal(No.NO_SUCH_PERSON)
    if to is not None:
        done = await staff.handoff.hand_to(key, account.helper, to, note)
    return await _answered(site, page, request, account, key, done, Did.PASSED, "/desk?bao=chuyen")


async def _hand_back(site: Site, page: Page, request: Request) -> Response:
    """To the bot, at a step: "kich-hoat/nhap-ma", or a guide that begins anew."""
    account, key, form = await _asked(site, request)
    step = form.get("buoc", "")[:200]
    own = form.get("ma", "")[:LONGEST_KEY]
    done = await staff_of(site).handoff.hand_back(key, account.helper, step, own)
    return await _answered(site, page, request, account, key, done, Did.HANDED_BACK, "/desk?bao=lai-may")


async def _close(site: Site, page: Page, request: Request) -> Response:
    account, key, form = await _asked(site, request)
    closing = form.get("ket-qua", "")
    if closing not in wording.OUTCOMES:
        return _gone_on(request, f"/desk/c/{key}#dong")
    book = site.parts.book
    step, error = form.get("buoc", ""), form.get("loi", "")
    done = await staff_of(site).handoff.close(
        key,
        account.helper,
        Closing(closing),
        step if book.leads_to(step) else "",
        error if any(known.id == error for known in book.errors) else "",
        form.get("ma", "")[:LONGEST_KEY],
    )
    return await _answered(site, page, request, account, key, done, Did.CLOSED, "/desk?bao=dong")


async def _note(site: Site, page: Page, request: Request) -> Response:
    """Words for colleagues; with `cho` one of them is told."""
    account, key, form = await _asked(site, request)
    staff = staff_of(site)
    text = _sieved(site, form.get("chu", ""))
    standing = await staff.tickets.request(key)
    now = site.parts.now()
    if standing is None or not await may_read(staff, account, standing, now):
        return await _refused(site, page, request, account, key, Refusal(No.NOT_YOURS))
    if text:
        to = await _colleague(staff, _number(form.get("cho", "")))
        kind = "mention" if to else "note"
        await staff.handoff.note(key, Note(account.id, text, kind, to.id if to else 0))
        await staff.journal.note(account.id, Did.NOTED, key)
    return _gone_on(request, f"/desk/c/{key}?bao=ghi-chu#moi-nhat")


async def _asked(site: Site, request: Request) -> tuple[Account, str, dict[str, str]]:
    account, form = await posted(site, request)
    return account, request.path_params["key"], form


async def _if_seen(
    site: Site, account: Account, key: str, deed: Callable[[], Awaitable[Acted | Refusal]]
) -> Acted | Refusal:
    """Nobody takes what is not shown to them, by an address that they were told."""
    staff = staff_of(site)
    standing = await staff.tickets.request(key)
    if standing is None or standing.closed_at:
        return Refusal(No.CLOSED)
    if await may_read(staff, account, standing, site.parts.now()) is None:
        barred = account.id in standing.barred
        return (
            Refusal(No.BARRED) if barred else Refusal(No.TAKEN, standing.holder_name, standing.holder_since)
        )
    return await deed()


async def _answered(
    site: Site,
    page: Page,
    request: Request,
    account: Account,
    key: str,
    done: Acted | Refusal,
    did: Did | None,
    onward: str,
) -> Response:
    if isinstance(done, Refusal):
        return await _refused(site, page, request, account, key, done)
    if did is not None:  # also when it is repeated: the first time, the line to the journal may have broken
        await staff_of(site).journal.note(account.id, did, key)
    return _gone_on(request, onward)


async def _refused(
    site: Site,
    page: Page,
    request: Request,
    account: Account,
    key: str,
    refusal: Refusal,
    back: Composer | None = None,
) -> Response:
    if wants_json(request):
        sentence = wording.refused(refusal, site.parts.now(), account.most)
        return JSONResponse({"refused": sentence, "why": refusal.why}, 409, headers=NO_STORE)
    return await page(request, account, key, refusal=refusal, back=back)


def _gone_on(request: Request, onward: str, told: dict[str, object] | None = None) -> Response:
    if wants_json(request):
        return JSONResponse({"onward": onward, **(told or {})}, headers=NO_STORE)
    return RedirectResponse(onward, 303, headers=NO_STORE)


async def _colleague(staff: Staff, id: int) -> Helper | None:
    found = await staff.people.one(id) if id else None
    return found.helper if found and not found.disabled else None


def _sieved(site: Site, text: str) -> str:
    """Notes hold no numbers of residents either."""
    return site.parts.sieve(text.strip()[:LONGEST_NOTE]).text if text.strip() else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
