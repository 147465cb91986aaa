"""What of the content nobody has compared with VNeID for long, or rests on old sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.book import Book
from bot.core.flow import Branch, Call, Flow, Variables
from bot.web.insights.naming import error
from bot.web.parts import Sources

REVIEWED_WITHIN = timedelta(days=90)
SOURCES_WITHIN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Dated:
    name: str
    date: date


@dataclass(frozen=True, slots=True)
class Freshness:
    """`stale` were reviewed too long ago, `unreviewed` never; `old` rest on old sources only, with the newest
    of them. The oldest first.
    """

    contents: int
    stale: tuple[Dated, ...]
    unreviewed: tuple[str, ...]
    old: tuple[Dated, ...]


def freshness(book: Book, sources: Sources, today: date) -> Freshness:
    """Of guides, answers and known errors; advice of the editors has no date and is left out."""
    reviewed = [
        *((f"Hướng dẫn «{flow.title}»", flow.reviewed) for flow in book.flows.values()),
        *((_quoted(one.question(Variables())), one.credit.reviewed) for one in book.answers.values()),
        *((f"Lỗi «{error(book, one.id)}»", one.credit.reviewed) for one in book.errors),
    ]
    cited = [
        *((f"Hướng dẫn «{flow.title}»", _cited(flow)) for flow in book.flows.values()),
        *((_quoted(one.question(Variables())), one.sources) for one in book.answers.values()),
    ]
    newest = ((name, _newest(ids, sources)) for name, ids in cited)
    return Freshness(
        len(reviewed),
        _before(today - REVIEWED_WITHIN, ((name, _day(day)) for name, day in reviewed)),
        tuple(f"Hướng dẫn «{flow.title}»" for flow in book.flows.values() if not _day(flow.reviewed)),
        _before(today - SOURCES_WITHIN, newest),
    )


def _before(limit: date, dated: Iterable[tuple[str, date | None]]) -> tuple[Dated, ...]:
    found = (Dated(name, day) for name, day in dated if day and day < limit)
    return tuple(sorted(found, key=lambda one: (one.date, one.name)))


def _cited(flow: Flow) -> tuple[str, ...]:
    steps = (step.sources for step in flow.steps.values() if not isinstance(step, (Branch, Call)))
    return (*flow.sources, *(id for ids in steps for id in ids))


def _newest(ids: Iterable[str], sources: Sources) -> date | None:
    days = (_day(sources[id][1]) for id in ids if id in sources)
    return max(filter(None, days), default=None)


def _day(written: str) -> date | None:
    """A day such as 2026-07-15; of a month its first day, of a year its first too."""
    try:
        return date.fromisoformat(f"{written}-01-01"[:10] if len(written) == 4 else (written + "-01")[:10])
    except ValueError:
        return None


def _quoted(question: str) -> str:
    return f"Câu trả lời «{question.replace('**', '').strip()}»"
