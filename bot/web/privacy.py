"""What is kept: in general, of the visitor, and how it goes away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.platform import Raw
from bot.app.ports import Kept
from bot.core import home_news
from bot.core.contact import Contact
from bot.core.session import Run, Session, State
from bot.core.voice import Voice, voice_of
from bot.web.parts import Parts, Site
from bot.web.render import PRIVATE, PUBLIC, page
from bot.web.tongue import NAMES, asked
from bot.web.views import day, view
from bot.web.visitor import (
    TOKEN_BYTES,
    address_of,
    admit_host,
    admit_person,
    cookie_token,
    key_of,
    read_form,
    refuse_foreign,
    remember,
)

ERASE = "/xoa"


@dataclass(frozen=True, slots=True)
class Standing:
    """A guide somebody is in, in their words."""

    title: str
    step: str
    answers: tuple[tuple[str, str], ...]


def routes(site: Site) -> list[Route]:
    return [
        Route("/privacy", partial(_privacy, site), methods=["GET"]),
        Route("/du-lieu", partial(_data, site), methods=["GET"]),
        Route("/du-lieu.json", partial(_download, site), methods=["GET"]),
        Route("/du-lieu/xoa", partial(_erase, site), methods=["POST"]),
    ]


async def _privacy(site: Site, request: Request) -> Response:
    admit_host(site, request)
    return page(site.parts, request, "privacy.html", cache=PUBLIC, data_contact=site.parts.data_contact)


async def _data(site: Site, request: Request) -> Response:
    admit_host(site, request)
    parts = site.parts
    kept, state = await _all_of(parts, cookie_token(request))
    if kept is None or state is None:
        return page(parts, request, "data.html", kept=False)
    return page(
        parts,
        request,
        "data.html",
        kept=True,
        since=day(kept.since),
        tickets=kept.tickets,
        contact=state.contact,
        commune=parts.book.places.commune(state.contact.commune),
        language=NAMES[state.contact.locale],
        locale=asked(parts.book, request) or state.contact.locale,
        agreed=tuple((str(consent.purpose), day(consent.at)) for consent in state.contact.consents),
        standings=standings(parts, state, asked(parts.book, request) or state.contact.locale),
        visits=visits_of(parts, kept, asked(parts.book, request) or state.contact.locale),
        lines=tuple(view(line, parts.web_address) for line in kept.lines),
        id=parts.draw(16),
    )


async def _download(site: Site, request: Request) -> Response:
    admit_host(site, request)
    kept, state = await _all_of(site.parts, cookie_token(request))
    data: dict[str, Any] = {"kept": kept, "state": state}
    return Response(
        msgspec.json.format(msgspec.json.encode(data), indent=2),
        media_type="application/json",
        headers={
            "Cache-Control": PRIVATE,
            "Content-Disposition": 'attachment; filename="du-lieu-vneid-guide.json"',
        },
    )


async def _erase(site: Site, request: Request) -> Response:
    """Says "/xoa" for the person; the chat asks whether they are sure."""
    admit_host(site, request)
    refuse_foreign(request)
    form = await read_form(request)
    token = cookie_token(request)
    if token:
        admit_person(site, token)
        own_id = form.get("ma_tin", "")[:128] or site.parts.draw(TOKEN_BYTES)
        await site.parts.inbox.receive(Raw(address_of(token), key_of(token, own_id), text=ERASE))
    response = RedirectResponse("/#moi-nhat", 303, headers={"Cache-Control": PRIVATE})
    if token:
        remember(site, request, response, token)
    return response


async def _all_of(parts: Parts, token: str) -> tuple[Kept | None, State | None]:
    if not token:
        return None, None
    return await parts.store.kept(address_of(token)), await parts.store.state(address_of(token))


def visits_of(parts: Parts, kept: Kept, locale: str) -> tuple[str, ...]:
    voice = voice_of(parts.book, Contact(locale))
    return tuple(home_news.kept(voice, visit).removeprefix("- ") for visit in kept.home_visits)


def standings(parts: Parts, state: State, locale: str) -> tuple[Standing, ...]:
    voice = voice_of(parts.book, Contact(locale))
    sessions: tuple[Session, ...] = (*((state.session,) if state.session else ()), *state.parked)
    return tuple(_standing(voice, run) for session in sessions for run in session.runs)


def _standing(voice: Voice, run: Run) -> Standing:
    guide = voice.book.edition(run.flow, run.version) or voice.book.flows.get(run.flow)
    step = run.visit.step
    found = guide.steps.get(step) if guide else None
    return Standing(
        title=voice.named(run.flow, guide.title) if guide else run.flow,
        step=voice.named(run.flow, getattr(found, "title", "")) or step,
        answers=tuple((name, str(value)) for name, value in run.answers.items()),
    )
