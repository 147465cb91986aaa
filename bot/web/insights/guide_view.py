"""All that the page of a guide shows of its numbers, in words, made of one outline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.app.insights import Group, Seen, Spell
from bot.core.comparing import Trend
from bot.core.sticking import error_of
from bot.core.visits import View
from bot.core.weeks import Weeks
from bot.web.insights.asking import query_of
from bot.web.insights.comparing import Change, change, compared, lost
from bot.web.insights.drawing import NARROW, SHEET, WIDE, drawn
from bot.web.insights.guide_words import OUTCOMES, RUNS, SIGNS, exit_told, lasting, place_of
from bot.web.insights.numbers import counted, of_all, percent
from bot.web.insights.outline import Outline, Stop
from bot.web.insights.shapes import Drawing
from bot.web.insights.worst import (
    Reason,
    Sign,
    most_told,
    of_those,
    reason_told,
    reasons,
    worst_of,
    worst_told,
)

MOST_HURDLES = 8
_CLEAR = frozenset({Trend.UP, Trend.DOWN})


@dataclass(frozen=True, slots=True)
class Needy:
    """A commune that loses people at the worst step. `longer`: in more weeks than the page shows; `anywhere`:
    it stands out in all guides together, for at that step too few are known of any.
    """

    code: str
    name: str
    lost: int
    reached: int
    weeks: Weeks
    longer: bool = False
    anywhere: bool = False

    @property
    def told(self) -> str:
        if self.anywhere:
            share = percent(self.lost, self.reached)
            return f"{counted(self.lost)} trong {counted(self.reached)} người bỏ dở ({share})"
        return of_those(self.lost, self.reached)

    @property
    def span(self) -> str:
        return f"{len(self.weeks)} tuần"

    @property
    def query(self) -> dict[str, str]:
        return query_of(self.weeks, Group(View.COMMUNE, self.code))

    @property
    def all_guides(self) -> dict[str, str]:
        return {"chia": str(View.COMMUNE), **query_of(self.weeks)}


@dataclass(frozen=True, slots=True)
class Line:
    """A number with what it is of; `share` says it of all, empty when it is all."""

    words: str
    number: str
    share: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """A known error at a step, by what the screen says."""

    words: str
    number: str
    since: str


@dataclass(frozen=True, slots=True)
class Hurdle:
    """What kept people at a step, among those of the whole guide. `shown`: VNeID said it."""

    stop: Stop
    words: str
    number: str
    shown: bool
    since: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One step told in full."""

    stop: Stop
    reached: str
    visits: str
    lost: str
    cells: tuple[Line, ...]
    outcomes: tuple[Line, ...]
    exits: tuple[Line, ...]
    reasons: tuple[Line, ...]
    errors: tuple[Met, ...]
    signs: tuple[Line, ...]
    time: str


@dataclass(frozen=True, slots=True)
class GuideView:
    started: str
    runs: tuple[Line, ...]
    columns: tuple[str, ...]
    steps: tuple[Detail, ...]
    narrow: Drawing
    wide: Drawing
    sheet: Drawing
    worst: Stop | None
    sentences: tuple[str, ...]
    hurdles: tuple[Hurdle, ...]
    since: Change | None
    whole: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Change, ...]
    needy: Needy | None
    then_few: bool


def view_of(
    outline: Outline,
    seen: Seen,
    then: Seen | None,
    *,
    compared: bool = False,
    errors: Mapping[str, str] | None = None,
    first_seen: Mapping[tuple[str, str], str] | None = None,
    needy: Needy | None = None,
    guides: Mapping[str, str] | None = None,
) -> GuideView:
    """`then` is what it is compared with; unless `compared`, only the worst step is."""
    figures = outline.figures
    worst = worst_of(outline)
    most = worst.most if worst else None
    eye = most.id if most else ""
    whole, changes = _changes(outline, then) if compared else ((), ())
    return GuideView(
        counted(figures.started),
        tuple(
            Line(words, counted(count), of_all(count, figures.started))
            for outcome, words in RUNS.items()
            if (count := figures.runs.get(outcome, 0))
        ),
        tuple(OUTCOMES.values()),
        tuple(_detail(stop, seen.spells.get(stop.id), errors or {}, first_seen or {}) for stop in outline),
        drawn(outline, NARROW, eye, guides),
        drawn(outline, WIDE, eye, guides),
        drawn(outline, SHEET, eye, guides),
        most,
        _sentences(outline, errors or {}),
        _hurdles(outline, errors or {}, first_seen or {}),
        _since(most, then) if most and then and not compared else None,
        whole,
        tuple(one for one in changes if one.trend in _CLEAR),
        tuple(one for one in changes if one.trend not in _CLEAR),
        needy,
        then is None,
    )


def _changes(outline: Outline, then: Seen | None) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    return compared(outline, then.figures) if then else ((), ())


def _sentences(outline: Outline, errors: Mapping[str, str]) -> tuple[str, ...]:
    worst = worst_of(outline)
    if worst is None:
        return ("Chưa thấy ai bỏ dở trong những tuần này.",)
    told = [most_told(worst.most), reason_told(worst.most, errors)]
    if worst.worst is not None:
        told.append(worst_told(worst.worst))
    return tuple(told)


def _hurdles(
    outline: Outline, errors: Mapping[str, str], first_seen: Mapping[tuple[str, str], str]
) -> tuple[Hurdle, ...]:
    found = [(one, stop) for stop in outline for one in reasons(stop, errors) if one.kind is not Sign.HABIT]
    found.sort(key=lambda pair: -pair[0].count)
    return tuple(
        Hurdle(
            stop,
            one.words,
            one.told,
            one.kind is Sign.ERROR,
            first_seen.get((stop.id, one.sign), ""),
        )
        for one, stop in found[:MOST_HURDLES]
    )


def _since(stop: Stop, then: Seen) -> Change | None:
    before = lost(then.figures.step(stop.id))
    return change(stop.id, place_of(stop), before, lost(stop.figures)) if before.all else None


def _detail(
    stop: Stop, spell: Spell | None, errors: Mapping[str, str], first_seen: Mapping[tuple[str, str], str]
) -> Detail:
    figures = stop.figures
    met = [(error_of(sign), sign, count) for sign, count in figures.signs.items() if error_of(sign)]
    return Detail(
        stop,
        counted(figures.reached),
        counted(figures.visits),
        counted(figures.lost) if figures.lost else "",
        tuple(
            Line(words, counted(count), of_all(count, figures.reached) if count else "")
            for outcome, words in OUTCOMES.items()
            for count in (figures.outcomes.get(outcome, 0),)
        ),
        tuple(
            Line(words, counted(count), of_all(count, figures.reached))
            for outcome, words in OUTCOMES.items()
            if (count := figures.outcomes.get(outcome, 0))
        ),
        tuple(
            Line(exit_told(exit), counted(exit.way.persons), f"{counted(exit.way.stays)} lượt")
            for exit in stop.exits
        ),
        tuple(_reason(one) for one in reasons(stop, errors) if one.kind is Sign.STUCK),
        tuple(
            Met(errors.get(error, error), counted(count), first_seen.get((stop.id, sign), ""))
            for error, sign, count in sorted(met, key=lambda one: (-one[2], one[0]))
        ),
        tuple(
            Line(SIGNS.get(sign, sign), counted(count))
            for sign, count in sorted(figures.signs.items(), key=lambda one: -one[1])
            if not error_of(sign)
        ),
        _time(spell) if spell else "",
    )


def _reason(one: Reason) -> Line:
    return Line(one.words, one.told)


def _time(spell: Spell) -> str:
    """As "khoảng 2 phút; 9 trong 10 lượt dưới 8 phút"."""
    return f"khoảng {lasting(spell.median)}; 9 trong 10 lượt không quá {lasting(spell.most)}"
