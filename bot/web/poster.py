"""What the code on a poster opens: the chat of that commune right there, and the other ways to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.platform import Door
from bot.core import mobile_team
from bot.core.calendar import Near
from bot.core.contact import SOURCE, Contact
from bot.core.places import Commune, commune_of, real_poster
from bot.core.voice import Voice, voice_of
from bot.web.chat import BUTTON_LONGEST, chat_page, so_far
from bot.web.errors import Trouble, json_error
from bot.web.parts import Site
from bot.web.render import page, wants_json
from bot.web.tongue import asked, marked
from bot.web.views import Paragraph, paragraphs
from bot.web.visitor import admit_host, cookie_token

NAMES = {"zalo_oa": "Zalo", "zalo_bot": "Zalo", "telegram": "Telegram"}
"""What people call a channel."""

NO_COMMUNE = Trouble(
    "not_found",
    marked("Em chưa thấy xã, phường này"),
    marked(
        "Có thể mã trên áp phích đã cũ, hoặc đường dẫn bị thiếu số. Bác vẫn hỏi em được ở trang trò chuyện."
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A door as the page shows it; `words` are to be sent there."""

    name: str
    link: str
    words: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A session of the mobile team, in words."""

    when: str
    where: str
    called_off: bool = False


@dataclass(frozen=True, slots=True)
class Poster:
    """`sessions` are the next of the mobile team, `advice` what to know before going to one."""

    place: Commune
    doors: tuple[Entry, ...]
    sessions: tuple[Coming, ...] = ()
    advice: tuple[Paragraph, ...] = ()


def routes(site: Site) -> list[Route]:
    return [Route("/c/{code}", partial(_poster, site), methods=["GET"])]


async def _poster(site: Site, request: Request) -> Response:
    """Looking keeps nothing and sets no cookie: only what is sent from here tells where it came from."""
    admit_host(site, request)
    parts = site.parts
    code = real_poster(parts.book.places, request.path_params["code"])
    commune = parts.book.places.commune(commune_of(code)) if code else None
    if commune is None:
        return _unknown(site, request)
    wanted = request.query_params.get("viec", "")[:BUTTON_LONGEST]
    locale = asked(parts.book, request) or SOURCE
    shown = await so_far(site, cookie_token(request), wanted, locale, code)
    voice = voice_of(parts.book, Contact(locale))
    found = mobile_team.near_to(parts.desk(), commune, parts.now())
    sessions = tuple(_coming(voice, found, parts.now()))
    advice = paragraphs(voice.line("team_bring")) if sessions else ()
    poster = Poster(commune, tuple(entries(parts.doors(code))), sessions, advice)
    return chat_page(site, request, shown, commune=code, poster=poster)


def _coming(voice: Voice, found: Near, now: int) -> Iterator[Coming]:
    """Those that take place, and those that people may have heard of and that do not."""
    for session in (*found.here, *found.around, *found.off):
        away = session in found.around
        yield Coming(
            mobile_team.when(voice, session, now),
            mobile_team.where(voice, session, away=away),
            session.called_off,
        )


def entries(doors: Sequence[Door]) -> Iterator[Entry]:
    """One door of each name: people know «Zalo», not its kinds of accounts. Only secure links are shown."""
    shown: set[str] = set()
    for door in doors:
        name = NAMES.get(door.channel, door.channel)
        if name not in shown and door.link.startswith("https://"):
            shown.add(name)
            yield Entry(name, door.link, door.words)


def _unknown(site: Site, request: Request) -> Response:
    """What was asked for is not repeated: it may hold anything."""
    if wants_json(request):
        return json_error(404, NO_COMMUNE.code, f"{NO_COMMUNE.title}. {NO_COMMUNE.advice}")
    return page(
        site.parts,
        request,
        "error.html",
        status=404,
        trouble=NO_COMMUNE,
        again={},
        retry=False,
        path="/",
    )
