"""The weeks that a page shows and those it compares with, and how to choose others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bot.core.weeks import Weeks, code_of, last_complete, named, span_named, week_at
from bot.web.insights.asking import MOST_WEEKS, asked

CHOOSING = frozenset({"tu", "den", "so_tu", "so_den"})
"""Fields of an address that say which weeks."""


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """`than` None: there is nothing to compare with. `running`: the present week is among them. `others` lead
    to weeks that are often wanted, `choices` are all of them by their code, `kept` is what else the address
    asks for.
    """

    weeks: Weeks
    than: Weeks | None
    running: bool
    others: tuple[Link, ...]
    choices: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return span_named(self.weeks)

    @property
    def title(self) -> str:
        return capital(self.name)

    @property
    def than_first(self) -> str:
        return code_of(self.than.first) if self.than else ""

    @property
    def than_last(self) -> str:
        return code_of(self.than.last) if self.than else ""

    @property
    def than_name(self) -> str:
        return span_named(self.than) if self.than else ""

    @property
    def first(self) -> str:
        return code_of(self.weeks.first)

    @property
    def last(self) -> str:
        return code_of(self.weeks.last)

    def query(self, **more: str) -> str:
        """These weeks in the address of another page."""
        told = {"tu": self.first, "den": self.last}
        if self.than:
            told |= {"so_tu": code_of(self.than.first), "so_den": code_of(self.than.last)}
        return urlencode(told | more)


def period(path: str, query: Mapping[str, str], span: Weeks, now: int) -> Period:
    """What the address asks for; else the last whole week, or the present one when the bot began in it."""
    this, whole = week_at(now), last_complete(now)
    usual = this if len(span) and span.first > whole else whole
    wanted = asked(query, usual)
    running = wanted.weeks.last >= this
    than = wanted.than or (None if running else wanted.weeks.before())
    if wanted.than is None and than is not None and (not len(span) or than.first < span.first):
        than = None  # fewer weeks than are shown: they would not compare
    kept = tuple((name, value) for name, value in query.items() if name not in CHOOSING and value)
    often = (
        ("Tuần này (chưa đủ)", Weeks(this, this)),
        ("Tuần trước", Weeks(whole, whole)),
        ("4 tuần", Weeks(whole - 3, whole)),
        ("Tất cả", Weeks(max(span.first, whole - MOST_WEEKS + 1), whole)),
    )
    others = tuple(
        Link(text, f"{path}?{urlencode([*kept, *_told(weeks)])}", weeks == wanted.weeks)
        for text, weeks in often
        if len(span) and len(weeks) and weeks.last >= span.first
    )
    return Period(wanted.weeks, than, running, others, _choices(span, this), kept)


def _choices(span: Weeks, this: int) -> tuple[tuple[str, str], ...]:
    """Every week there is, the newest first, by its code."""
    if not len(span):
        return ()
    latest = max(this, span.last)
    first = max(span.first, latest - MOST_WEEKS + 1)
    return tuple((code_of(week), capital(named(week))) for week in range(latest, first - 1, -1))


def capital(words: str) -> str:
    """At the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def _told(weeks: Weeks) -> list[tuple[str, str]]:
    return [("tu", code_of(weeks.first)), ("den", code_of(weeks.last))]
