"""The residents' chat: plain forms that a script makes quicker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from functools import partial

import msgspec
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.platform import Raw
from bot.app.ports import Line, StoreDown, Taken
from bot.core.buttons import DoorButton, parse
from bot.core.contact import SOURCE
from bot.core.dialogue import welcome, welcome_back
from bot.core.message import Choice, Reply
from bot.core.places import real_poster
from bot.core.timing import ABSENT
from bot.web.parts import Site
from bot.web.phones import phone_of
from bot.web.render import PRIVATE, page, wants_json
from bot.web.rest import LONGEST, widget_events
from bot.web.tongue import asked
from bot.web.views import LineView, unkept, unkept_words, view
from bot.web.visitor import (
    TOKEN_BYTES,
    address_of,
    admit_host,
    admit_person,
    cookie_token,
    host_of,
    key_of,
    read_form,
    receive,
    refuse_foreign,
    remember,
    token_for,
)

SHOWN = 50
"""Lines of a conversation that a page shows."""

LOOK_AGAIN = 10.0
"""Seconds after which a stream looks for what another process committed."""

PING = 15
BUTTON_LONGEST = 64
BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Shown:
    """What the chat page shows, in which language. `kept` says whether anything of it is stored.

    `go` is where the page goes on when it is not in the language that is now spoken.
    """

    kept: bool
    lines: tuple[LineView, ...]
    locale: str = SOURCE
    go: str = ""


def routes(site: Site) -> list[Route]:
    return [
        Route("/", partial(_chat, site), methods=["GET", "POST"]),
        Route("/chat/stream", partial(_stream, site), methods=["GET"]),
    ]


async def _chat(site: Site, request: Request) -> Response:
    admit_host(site, request)
    if request.method == "POST":
        return await _take(site, request)
    wanted = request.query_params.get("viec", "")[:BUTTON_LONGEST]
    locale = asked(site.parts.book, request) or SOURCE
    return chat_page(site, request, await so_far(site, cookie_token(request), wanted, locale))


async def so_far(site: Site, token: str, wanted: str, locale: str, commune: str = "") -> Shown:
    """The conversation behind a token; without one the welcome, in the language of the page."""
    parts = site.parts
    now = parts.now()
    state = await parts.store.state(address_of(token)) if token else None
    if state is None:
        first = welcome(parts.book, wanted if parts.book.leads_to(wanted) else "", locale, commune)
        shown_first = unkept(first, now, parts.web_address, parts.pictures)
        return Shown(kept=False, lines=(shown_first,), locale=locale)
    lines = await parts.store.lines(address_of(token), 0, SHOWN)
    # who has just been answered is not welcomed back, whatever their guide's state
    away = not lines or now - lines[-1].at >= ABSENT
    back = welcome_back(parts.book, state, now) if away else None
    shown = [view(line, parts.web_address, parts.pictures) for line in lines]
    if back is not None:
        shown.append(unkept(back, now, parts.web_address, parts.pictures))
    return Shown(kept=True, lines=tuple(shown), locale=state.contact.locale)


async def _take(site: Site, request: Request) -> Response:
    refuse_foreign(request)
    form = await read_form(request)
    token = token_for(site, request, form.get("moi", ""))
    admit_person(site, token)
    text = form.get("tin", "")[:LONGEST].strip()
    button = form.get("nut", "")[:BUTTON_LONGEST]
    if not text and not button:
        if wants_json(request):
            raise HTTPException(422)
        return RedirectResponse("/", 303)
    own_id = form.get("ma_tin", "")[:128] or site.parts.draw(TOKEN_BYTES)
    taken = await receive(
        site,
        request,
        Raw(
            address=address_of(token),
            key=key_of(token, own_id),
            text=text,
            button=button,
            locale=asked(site.parts.book, request),
            commune=_poster(site, request),
            phone=phone_of(request.headers.get("user-agent", "")),
        ),
    )
    response = await _answer(
        site, request, taken, token=token, text=text, button=button, after=_number(form.get("sau", ""))
    )
    remember(site, request, response, token)
    return response


async def _answer(
    site: Site, request: Request, taken: Taken, *, token: str, text: str, button: str, after: int
) -> Response:
    if taken.conversation is not None and not wants_json(request):
        return RedirectResponse("/#moi-nhat", 303, headers={"Cache-Control": PRIVATE})
    parts = site.parts
    if taken.conversation is not None:
        lines = await parts.store.lines(address_of(token), after, SHOWN)
        shown = Shown(kept=True, lines=tuple(view(line, parts.web_address, parts.pictures) for line in lines))
    else:
        now = parts.now()
        mine = (unkept_words(parts.sieve(text).text, now),) if text else ()
        replies = tuple(
            unkept(line.reply, now, parts.web_address, parts.pictures)
            for line in taken.lines
            if not line.mine
        )
        shown = Shown(kept=False, lines=(*mine, *replies))
    shown = _spoken(site, request, shown, button)
    if wants_json(request):
        return Response(
            msgspec.json.encode(shown), media_type="application/json", headers={"Cache-Control": PRIVATE}
        )
    return chat_page(site, request, shown, fresh=token, commune=_poster(site, request))


def _poster(site: Site, request: Request) -> str:
    """The code of the poster whose page a form came from; whoever sends it chooses it."""
    form: dict[str, str] = getattr(request.state, "form", {})
    return real_poster(site.parts.book.places, form.get("xa", ""))


def _spoken(site: Site, request: Request, shown: Shown, button: str) -> Shown:
    """The language of the newest reply, and where a page in another one should go on."""
    book = site.parts.book
    page_in = asked(book, request) or SOURCE
    locale = next((line.lang for line in reversed(shown.lines) if not line.mine), page_in)
    if locale == page_in:
        return replace(shown, locale=locale)
    door = parse(button) if button else None
    wanted = f"&viec={door.flow}" if isinstance(door, DoorButton) and book.leads_to(door.flow) else ""
    poster = _poster(site, request)
    return replace(shown, locale=locale, go=f"{home_of(poster)}?lang={locale}{wanted}")


def home_of(poster: str) -> str:
    """Where a conversation is read again."""
    return f"/c/{poster}" if poster else "/"


def chat_page(
    site: Site, request: Request, shown: Shown, *, fresh: str = "", commune: str = "", poster: object = None
) -> Response:
    """The conversation with what can be answered; what is sent from here tells the `commune`.

    `poster` is what the page of a poster shows around it.
    """
    draw = site.parts.draw
    known = cookie_token(request)
    drawn = fresh or ("" if known else draw(TOKEN_BYTES))
    waiting = asking(shown.lines)
    if waiting is not None and not shown.kept:
        choices = tuple(Choice(label, token) for label, token in waiting.choices)
        site.parts.inbox.showed(address_of(drawn or known), Reply("", choices))
    return page(
        site.parts,
        request,
        "poster.html" if poster else "chat.html",
        home=home_of(commune),
        commune=commune,
        locale=shown.locale,
        fixed=shown.kept,
        kept=shown.kept,
        lines=shown.lines,
        newest=newest(shown.lines),
        asking=waiting,
        fresh=drawn,
        ids=(draw(16), draw(16)),
        longest=LONGEST,
        last=max((line.id for line in shown.lines), default=0),
        poster=poster,
    )


def newest(lines: tuple[LineView, ...]) -> int:
    """Where the eye should land: the first line after the person's last own one."""
    mine = [place for place, line in enumerate(lines) if line.mine]
    return min(mine[-1] + 1, len(lines) - 1) if mine else len(lines) - 1


def asking(lines: tuple[LineView, ...]) -> LineView | None:
    """The one line whose buttons are shown: the newest that has any, unless the person wrote since. Those
    below a helper's words stay all the same: nobody has to wait for an answer to report somebody.
    """
    wrote = False
    for line in reversed(lines):
        if line.mine:
            wrote = True
        elif line.choices or line.shortcuts:
            return line if not wrote or line.is_beside_person else None
    return None


async def _stream(site: Site, request: Request) -> Response:
    admit_host(site, request)
    widget = request.query_params.get("sender", "")[:128]
    token = widget or cookie_token(request)
    after = _number(request.headers.get("last-event-id") or request.query_params.get("after", ""))
    conversation = await site.parts.store.conversation(address_of(token)) if token else None
    if conversation is None:
        return Response(status_code=204)  # tells an EventSource not to come back
    host = host_of(request)
    if not (site.streams.enter(token) and site.hosts.take(host, site.parts.now()) == 0):
        raise HTTPException(429, headers={"Retry-After": "30"})
    events = _events(site, token, conversation, after, widget=bool(widget))
    return EventSourceResponse(
        events, ping=PING, ping_message_factory=_ping, headers={"Cache-Control": PRIVATE}
    )


async def _events(
    site: Site, token: str, conversation: int, after: int, *, widget: bool
) -> AsyncIterator[ServerSentEvent]:
    """Every line after `after`, as it is committed, until the conversation is gone."""
    parts = site.parts
    address = address_of(token)
    try:
        while True:
            # listen before looking: what is committed in between rings
            rung = asyncio.ensure_future(parts.bell.wait(conversation, LOOK_AGAIN))
            try:
                await asyncio.sleep(0)
                lines = await parts.store.lines(address, after, SHOWN)
                for line in lines:
                    after = line.id
                    if not (widget and line.mine):
                        for event in _told(site, line, token if widget else ""):
                            yield event
                if len(lines) == SHOWN:
                    continue
                if await parts.store.conversation(address) != conversation:
                    yield ServerSentEvent(event="gone", data="")
                    return
                await rung
            finally:
                rung.cancel()
    except StoreDown:
        return  # the browser comes back by itself and goes on from its last line
    finally:
        site.streams.leave(token)


def _told(site: Site, line: Line, recipient: str) -> Iterator[ServerSentEvent]:
    """A line as events. The last has its id: who hears only a part of it hears all of it again."""
    parts = site.parts
    if not recipient:
        data = msgspec.json.encode(view(line, parts.web_address, parts.pictures)).decode()
        yield ServerSentEvent(id=str(line.id), event="line", data=data)
        return
    *before, last = widget_events(site, line.reply, recipient)
    for data in before:
        yield ServerSentEvent(event="message", data=data)
    yield ServerSentEvent(id=str(line.id), event="message", data=last)


def _ping() -> ServerSentEvent:
    # an event and not a comment: a script can hear it and knows that the line is alive
    return ServerSentEvent(event="ping", data="")


def _number(text: str) -> int:
    return min(int(text), BIGGEST_ID) if text.isascii() and text.isdigit() and len(text) < 20 else 0
