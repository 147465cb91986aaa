"""Canned replies and suggestions: what to say next, looked for by words or by what the resident wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.knowledge import Suggestion
from bot.app.tickets import Chat
from bot.core.session import State
from bot.web.desk import proposing
from bot.web.desk.admission import desk_page, signed_in, staff_of
from bot.web.desk.asking import last_words
from bot.web.parts import Site

__all__ = ["chat_of", "last_words", "routes"]

ADDRESS = "/desk/kho"
LINES = 20
"""Of a conversation: the resident's last words are among them."""

LONGEST_QUERY = 200


def routes(site: Site) -> list[Route]:
    return [
        Route(ADDRESS, partial(_page, site), methods=["GET"]),
        Route(f"{ADDRESS}.json", partial(_json, site), methods=["GET"]),
        *proposing.routes(site),
    ]


@dataclass(frozen=True, slots=True)
class Found:
    """What is offered in one conversation (`chat` is its key) or in none. `place` has no words of anybody."""

    chat: str
    query: str
    suggestions: Sequence[Suggestion]
    canned: Sequence[Suggestion]
    links: Mapping[str, str] = field(default_factory=dict)


async def _page(site: Site, request: Request) -> Response:
    """The same without script: each text with a link that puts it into the chat, to be changed there."""
    account = await signed_in(site, request)
    found = await _found(site, request, account)
    return desk_page(
        site,
        request,
        account,
        "desk/knowledge.html",
        {"found": found, "address": ADDRESS},
    )


async def _json(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    found = await _found(site, request, account)
    told = {
        "suggestions": [_told(site, one) for one in found.suggestions],
        "canned": [_told(site, one) for one in found.canned],
    }
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def _found(site: Site, request: Request, account: Account) -> Found:
    knowledge = staff_of(site).knowledge
    query = request.query_params.get("q", "")[:LONGEST_QUERY].strip()
    key = request.query_params.get("c", "")
    chat = await chat_of(site, account, key) if key else None
    state: State | None = chat.state if chat else None
    suggestions = knowledge.suggest(chat.state, last_words(chat.lines)) if chat and not query else ()
    canned = tuple(knowledge.ready(one, state) for one in knowledge.search(query, state))
    links = {
        one.ref: f"/desk/c/{key}?{urlencode({'mau': one.ref})}" for one in (*suggestions, *canned) if chat
    }
    return Found(key, query, suggestions, canned, links)


async def chat_of(site: Site, account: Account, key: str) -> Chat:
    """The conversation, for whoever holds it and for leads."""
    chat = await staff_of(site).tickets.chat(key, 0, LINES)
    if chat is None:
        raise HTTPException(404)
    holds = chat.request.holder == account.id and chat.request.until > site.parts.now()
    leads = account.role >= Role.ORGANISER or (
        account.role >= Role.LEAD and account.id not in chat.request.barred
    )
    if not holds and not leads:
        raise HTTPException(403)
    return chat


def _told(site: Site, one: Suggestion) -> dict[str, object]:
    shown = site.parts.pictures.shown(one.picture) if one.picture else None
    return {
        "ref": one.ref,
        "title": one.title,
        "text": one.text,
        "sources": one.sources,
        "reviewed": one.reviewed,
        "dated": one.dated,
        "flow": one.flow,
        "urgent": one.urgent,
        "picture": (
            {"src": shown.path, "width": shown.width, "height": shown.height, "alt": one.picture.alt}
            if shown and one.picture
            else None
        ),
    }
