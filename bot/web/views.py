"""Messages as a page draws them: plain pieces of text, never markup.

The template and the script build their elements from the same pieces, so nothing that anybody wrote
is ever read as HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.app.ports import Line, NoPictures, Pictures
from bot.core.buttons import word_token
from bot.core.contact import SOURCE
from bot.core.hearing import Word
from bot.core.message import Choice, Picture, Reply, signature
from bot.core.visits import VIET_NAM

Piece = tuple[str, bool]
"""Some words, and whether they are bold."""

Paragraph = tuple[Piece, ...]

_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_GAP = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class PictureView:
    path: str
    width: int
    height: int
    alt: str


REPORT = word_token(Word.REPORT)
"""How the button begins that reports a helper."""


@dataclass(frozen=True, slots=True)
class LineView:
    """`id` is 0 for what is not stored. Line breaks inside a paragraph stay in its text. `by` is the person
    at the desk who says it; empty for the bot.
    """

    id: int
    mine: bool
    at: str
    body: tuple[Paragraph, ...]
    lang: str = SOURCE
    link: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    shortcuts: tuple[tuple[str, str], ...] = ()
    picture: PictureView | None = None
    by: str = ""

    @property
    def is_beside_person(self) -> bool:
        """Whether a person has the conversation: they can be reported with one of the buttons."""
        return any(token.startswith(REPORT) for _, token in self.shortcuts)


NONE = NoPictures()


def view(line: Line, web_address: str, pictures: Pictures = NONE) -> LineView:
    reply = line.reply
    return LineView(
        id=line.id,
        mine=line.mine,
        at=clock(line.at),
        body=plain(reply.text) if line.mine or reply.author else paragraphs(reply.text),
        lang=reply.locale,
        link=local_link(reply.link, web_address),
        choices=_pairs(reply.choices),
        shortcuts=_pairs(reply.shortcuts),
        picture=picture_view(reply.picture, pictures),
        by=signature(reply),
    )


def picture_view(picture: Picture | None, pictures: Pictures) -> PictureView | None:
    shown = pictures.shown(picture) if picture is not None else None
    if picture is None or shown is None:
        return None
    return PictureView(shown.path, shown.width, shown.height, picture.alt)


def unkept(reply: Reply, now: int, web_address: str, pictures: Pictures = NONE) -> LineView:
    """A reply that is shown and stored nowhere."""
    return view(Line(id=0, mine=False, at=now, reply=reply), web_address, pictures)


def unkept_words(text: str, now: int) -> LineView:
    """What a person wrote of whom nothing is stored; the text has been through the sieve."""
    return LineView(id=0, mine=True, at=clock(now), body=plain(text))


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Text of ours: blank lines part paragraphs, **so** is bold, everything else is itself."""
    return tuple(_pieces(part) for part in _GAP.split(text.strip()) if part)


def plain(text: str) -> tuple[Paragraph, ...]:
    """Text of others: nothing in it means anything."""
    return tuple(((part, False),) for part in _GAP.split(text.strip()) if part)


def clock(at: int) -> str:
    """Time and day on Viet Nam's clock."""
    moment = datetime.fromtimestamp(at, UTC) + timedelta(seconds=VIET_NAM)
    return f"{moment:%H:%M · %d/%m}"


def day(at: int) -> str:
    moment = datetime.fromtimestamp(at, UTC) + timedelta(seconds=VIET_NAM)
    return f"{moment:%d/%m/%Y}"


def local_link(link: str, web_address: str) -> str:
    """A link that a page may show: ours without the host (it works at any address), or a secure one."""
    if web_address and link.startswith(f"{web_address}/"):
        link = link.removeprefix(web_address)
    own = link.startswith("/") and not link.startswith(("//", "/\\"))
    return link if own or link.startswith("https://") else ""


def _pieces(text: str) -> Paragraph:
    # split by a pattern with one group gives plain, bold, plain, bold, …
    return tuple((part, index % 2 == 1) for index, part in enumerate(_BOLD.split(text)) if part)


def _pairs(choices: tuple[Choice, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((choice.label, choice.token) for choice in choices)
