"""What is counted under ids, as organisers know it: guides, steps, reasons, errors, parts of a view."""

from __future__ import annotations

from bot.core.book import Book
from bot.core.flow import Branch, Flow, Text, Variables
from bot.core.visits import View
from bot.web.desk import wording
from bot.web.desk.areas import named
from bot.web.parts import Site

PARTS = {
    View.PROVINCE: "Tỉnh, thành phố",
    View.COMMUNE: "Xã, phường",
    View.CHANNEL: "Kênh",
    View.VERSION: "Bản hướng dẫn",
    View.PHONE: "Loại máy",
    View.POSTER: "Tờ dán",
}
"""What a part of each view is called."""

_PHONES = {"android": "Máy Android", "iphone": "iPhone"}


def guide(book: Book, flow: str) -> str:
    known = book.flows.get(flow)
    return known.title if known else flow


def step(book: Book, flow: str, step: str) -> str:
    """As "bước 3 «Chờ tin duyệt»"; steps that only help have no number."""
    known = edition_with(book, flow, step)
    if known is None:
        return f"«{step}»"
    said = known.steps[step]
    title = step if isinstance(said, Branch) else said.title
    number = known.places[step].number if step in known.places else 0
    return f"bước {number} «{title}»" if number else f"bước giúp thêm «{title}»"


def reason(book: Book, flow: str, step: str, reason: str) -> str:
    """What people pressed who were stuck so."""
    known = edition_with(book, flow, step)
    ways = getattr(known.steps[step], "ways", ()) if known else ()
    return next((_plain(way.label) for way in ways if way.stuck == reason), reason.replace("-", " "))


def error(book: Book, id: str) -> str:
    """The text that VNeID shows; of what has no text, how it is called."""
    found = next((one for one in book.errors if one.id == id), None)
    if found is None:
        return id.replace("-", " ")
    if found.shown:
        return found.shown[0]
    return _plain(found.name) if found.name else next(iter(found.heard), id.replace("-", " "))


def question(book: Book, intent: str) -> str:
    """What a message that is about it asks."""
    found = book.answers.get(intent)
    if found is not None:
        return _plain(found.question)
    entrance = book.starts.get(intent, "")
    flow = book.leads_to(entrance) if entrance else None
    return flow.title if flow else intent


def part(site: Site, view: View, part: str) -> str:
    match view:
        case View.CHANNEL:
            return wording.channel(part)
        case View.PHONE:
            return _PHONES.get(part, part)
        case View.VERSION:
            return _edition(site.parts.book, part)
        case View.POSTER:
            commune, _, number = part.partition("-")
            return f"Tờ {number or 'chung'} · {named(site, (commune,))[commune]}"
        case _:
            name = named(site, (part,))[part]
            return name[:1].upper() + name[1:]


def _edition(book: Book, version: str) -> str:
    flow = next((flow for (_, known), flow in book.editions.items() if known == version), None)
    if flow is None:
        return f"Bản cũ ({version[:6]})"
    now = book.flows.get(flow.id)
    return f"{flow.title}, bản {'đang dùng' if now and now.version == version else 'cũ'} ({version[:6]})"


def edition_with(book: Book, flow: str, step: str) -> Flow | None:
    """The current edition, or another one when the step is no longer there."""
    current = book.flows.get(flow)
    if current and step in current.steps:
        return current
    return next((one for (id, _), one in book.editions.items() if id == flow and step in one.steps), None)


def _plain(text: Text) -> str:
    return text(Variables()).replace("**", "").strip()
