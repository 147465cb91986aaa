"""Whole guides in large print: no script, no cookie, nothing stored, and no database behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.book import Book
from bot.core.flow import Branch, Call, Flow, Variables
from bot.core.voice import Voice
from bot.web.parts import Parts, Site
from bot.web.render import PUBLIC, page
from bot.web.tongue import VIETNAMESE, Tongue, asked, marked, tongue_of
from bot.web.views import paragraphs, picture_view
from bot.web.visitor import admit_host
from bot.web.walk import read

READER = "bác"
"""How a page speaks to whoever reads it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    title: str
    guides: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    title: str
    date: str
    url: str


def routes(site: Site) -> list[Route]:
    return [
        Route("/guide", partial(_list, site), methods=["GET"]),
        Route("/guide/{flow}", partial(_guide, site), methods=["GET"]),
    ]


async def _list(site: Site, request: Request) -> Response:
    admit_host(site, request)
    parts = site.parts
    tongue = tongue_of(parts.book, asked(parts.book, request))
    found = shelves(parts.book, variables(parts, tongue.locale), tongue)
    titles = titles_in(parts, tongue.locale)
    return page(parts, request, "guides.html", cache=PUBLIC, shelves=found, titles=titles)


async def _guide(site: Site, request: Request) -> Response:
    admit_host(site, request)
    parts, book = site.parts, site.parts.book
    flow = book.flows.get(request.path_params["flow"])
    if flow is None:
        raise HTTPException(404)
    tongue = tongue_of(book, asked(book, request))
    said = variables(parts, tongue.locale)
    named = partial(Voice(book, said).named, flow.id)
    return page(
        parts,
        request,
        "guide.html",
        cache=PUBLIC,
        flow=flow,
        goal=in_a_sentence(named(flow.goal)),
        stops=read(flow, said, named, tongue),
        paragraphs=paragraphs,
        picture_of=lambda picture: picture_view(picture, site.parts.pictures),
        unfolded=request.query_params.get("het") == "1",
        titles=titles_in(parts, tongue.locale),
        cited=cited(parts, flow),
        reviewed=written(flow.reviewed),
    )


def variables(parts: Parts, locale: str) -> Variables:
    return Variables(READER, parts.organisation, parts.web_address, locale=locale)


def titles_in(parts: Parts, locale: str) -> Mapping[str, str]:
    """What each guide is called."""
    voice = Voice(parts.book, variables(parts, locale))
    return {id: voice.title(id) for id in parts.book.flows}


def shelves(book: Book, said: Variables, tongue: Tongue = VIETNAMESE) -> tuple[Shelf, ...]:
    """The menu's groups, and at the end what no group holds."""
    placed = {flow for group in book.menu for flow in group.flows}
    groups = [
        Shelf(group.title(said), tuple(book.flows[flow] for flow in group.flows if flow in book.flows))
        for group in book.menu
    ]
    rest = tuple(flow for id, flow in book.flows.items() if id not in placed)
    title = marked("Các hướng dẫn khác") if groups else marked("Các hướng dẫn")
    return tuple(shelf for shelf in (*groups, Shelf(tongue(title), rest)) if shelf.guides)


def cited(parts: Parts, flow: Flow) -> tuple[Cited, ...]:
    """What the guide and its steps rest on, each once; a source we have no record of is left out."""
    known = (parts.sources[id] for id in _source_ids(flow) if id in parts.sources)
    entries = (
        Cited(title, written(date), url if url.startswith(("https://", "http://")) else "")
        for title, date, url in known
    )
    return tuple(dict.fromkeys(entries))


def in_a_sentence(goal: str) -> str:
    """A goal as the second half of "Làm xong, bác …"; a name such as VNeID keeps its capitals."""
    return goal if goal[1:2].isupper() else goal[:1].lower() + goal[1:]


def written(date: str) -> str:
    """2026-11-21 as people write it: 21/11/2026."""
    return "/".join(reversed(date.split("-"))) if date else ""


def _source_ids(flow: Flow) -> Iterable[str]:
    yield from flow.sources
    for step in flow.steps.values():
        if not isinstance(step, (Branch, Call)):
            yield from step.sources
