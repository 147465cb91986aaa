"""The overview in words: what happened, where people are stuck, and where somebody should go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bot.app.insights import Parts, Spell
from bot.app.puzzles import Puzzled
from bot.core.book import Book
from bot.core.figures import Counted, Figures
from bot.core.publishing import SHOWN_FROM
from bot.core.session import RunOutcome
from bot.core.visits import View
from bot.core.weeks import Weeks, monday, named
from bot.web.desk.wording import lasting
from bot.web.insights import naming
from bot.web.insights.changes import changed
from bot.web.insights.charts import Bar, Bars, Lines, Mark, Point
from bot.web.insights.hurdles import (
    Hurdle,
    Loss,
    Sort,
    added_up,
    errors_in,
    first_seen,
    most_needing,
    runs_in,
    sure,
)
from bot.web.insights.hurdles import hurdles as ranked_hurdles
from bot.web.insights.hurdles import losses as ranked_losses
from bot.web.insights.marks import Event
from bot.web.insights.numbers import FEW, counted, in_brief, of_all, percent
from bot.web.insights.periods import Period, capital
from bot.web.parts import Site

TOP = 10
TOP_LOSSES = 5
APART = 4
"""Weeks between two names above a chart."""

NEW = "mới"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of those who started a guide, or all of them: `started` is the sum of the rest."""

    name: str
    href: str
    started: int
    done: int
    office: int
    human: int
    lost: int
    still: int
    outage: int
    change: str
    change_done: str

    @property
    def lost_told(self) -> str:
        return in_brief(self.lost, self.started)

    @property
    def done_told(self) -> str:
        return in_brief(self.done, self.started)


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of a list: where, what, how many, and whether it changed."""

    title: str
    more: str
    href: str
    people: int
    told: str
    change: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """`sentences` can be read in half a minute; `guides` are sorted by loss."""

    sentences: tuple[str, ...]
    everything: Line
    guides: tuple[Line, ...]
    needing: str
    needing_href: str


@dataclass(frozen=True, slots=True)
class Wider:
    """More weeks, for what too few people tell in one; `said` as " (4 tuần)"."""

    guides: Mapping[str, Figures]
    communes: Parts
    query: str
    said: str


def overview(
    site: Site,
    period: Period,
    now: Mapping[str, Figures],
    then: Mapping[str, Figures] | None,
    communes: Parts,
    stuck: Iterable[Spot],
    wider: Sequence[Wider],
) -> Told:
    book = site.parts.book
    everything = line(
        "Tất cả hướng dẫn", "", added_up(now.values()), added_up(then.values()) if then is not None else None
    )
    guides = [
        line(
            naming.guide(book, flow),
            f"/insights/{flow}?{period.query()}",
            seen,
            then.get(flow, Figures()) if then else None,
        )
        for flow, seen in now.items()
        if seen.started > 0
    ]
    needing, href = _needing(site, period.query(), communes, wider)
    return Told(
        tuple(
            filter(
                None, (_in_all(period, everything, then), worst_told(book, now, wider), needing, _new(stuck))
            )
        ),
        everything,
        tuple(sorted(guides, key=lambda one: (-one.lost, -one.started, one.name))),
        needing,
        href,
    )


def line(name: str, href: str, seen: Figures, was: Figures | None) -> Line:
    runs = {outcome: seen.runs.get(outcome, 0) for outcome in RunOutcome}
    done = runs[RunOutcome.COMPLETED]
    lost_change = changed(seen.lost, seen.started, was.lost, was.started) if was else ""
    done_before = was.runs.get(RunOutcome.COMPLETED, 0) if was else 0
    return Line(
        name,
        href,
        seen.started,
        done,
        runs[RunOutcome.WENT_OFFLINE],
        runs[RunOutcome.ESCALATED],
        seen.lost,
        runs[RunOutcome.OPEN],
        runs[RunOutcome.OUTAGE],
        lost_change,
        changed(done, seen.started, done_before, was.started) if was else "",
    )


def hurdles(
    site: Site,
    period: Period,
    now: Mapping[str, Figures],
    then: Mapping[str, Figures] | None,
    weekly: Mapping[int, set[str]],
    earlier: Iterable[Counted],
) -> list[Spot]:
    """What most people were stuck at. An error nobody had met before is the first sign that an update of the
    app broke something, so it is told among them however few they are.
    """
    known = errors_in(earlier)
    ranked = ranked_hurdles(now, then)
    since = {one.what: first_seen(one.what, weekly, known) for one in ranked if one.sort is Sort.ERROR}
    began = min(weekly, default=0)
    told_of = bool(known) or any(week < period.weeks.first and met for week, met in weekly.items())

    def mark(one: Hurdle) -> str:
        week = since.get(one.what) if one.sort is Sort.ERROR else None
        if week is None or (week == began and not known):
            return ""
        return NEW if week >= period.weeks.first and told_of else f"từ {named(week).partition(' (')[0]}"

    marked = [(one, mark(one)) for one in ranked]
    listed = sure(ranked)[:TOP]
    top = [pair for pair in marked if pair[0] in listed or pair[1] == NEW]
    return [_spot(site.parts.book, period, one, told) for one, told in top]


def losses(
    site: Site, period: Period, now: Mapping[str, Figures], then: Mapping[str, Figures] | None
) -> list[Spot]:
    book = site.parts.book
    return [
        Spot(
            capital(naming.step(book, one.flow, one.step)),
            naming.guide(book, one.flow),
            f"/insights/{one.flow}?{period.query()}",
            one.lost,
            of_all(one.lost, one.reached),
            changed(one.lost, one.reached, one.lost_before, one.reached_before) if then is not None else "",
        )
        for one in ranked_losses(now, then)[:TOP_LOSSES]
    ]


def outcomes_chart(period: Period, now: Mapping[str, Figures], then: Mapping[str, Figures] | None) -> Bars:
    seen = line("", "", added_up(now.values()), None)
    was = line("", "", added_up(then.values()), None) if then is not None else None
    if not seen.started:
        return Bars("", ())
    rows = tuple(
        Bar(
            name,
            getattr(seen, field),
            in_brief(getattr(seen, field), seen.started),
            getattr(was, field) * seen.started / was.started if was and was.started else None,
            in_brief(getattr(was, field), was.started) if was else "",
        )
        for name, field in (
            ("Làm xong", "done"),
            ("Bỏ dở", "lost"),
            ("Xin gặp người", "human"),
            ("Ra Công an xã hoặc làm ở ngoài", "office"),
            ("Còn đang làm", "still"),
            ("Gặp lúc VNeID ngừng", "outage"),
        )
        if getattr(seen, field) or (was and getattr(was, field))
    )
    note = f"Vạch mảnh: {period.than_name}, tính theo phần trăm." if was and was.started else ""
    return Bars(f"{counted(seen.started)} người bắt đầu thì", rows, note)


def weekly_chart(weekly: Mapping[int, Iterable[Counted]], whole: int, happened: Iterable[Event]) -> Lines:
    """Through the last week that is over: a part of a week would look like a fall."""
    points = []
    weeks = {week: cells for week, cells in sorted(weekly.items()) if week <= whole}
    for week, cells in weeks.items():
        seen = runs_in(cells)
        at = f"{monday(week):%d/%m}"
        for name, number in (
            ("Bắt đầu", seen.started),
            ("Làm xong", seen.runs.get(RunOutcome.COMPLETED, 0)),
            ("Bỏ dở", seen.lost),
        ):
            points.append(Point(name, at, number, counted(number)))
    if len(weeks) < 2:
        return Lines("", ())
    return Lines("Từng tuần (ngày thứ Hai)", tuple(points), _marks(weeks, tuple(happened)))


def _marks(weeks: Iterable[int], happened: Sequence[Event]) -> tuple[Mark, ...]:
    """The outages; names only where they do not lie over each other."""
    marks: list[Mark] = []
    named_at = -APART
    for place, week in enumerate(weeks):
        if any(event.outage and event.within(Weeks(week, week)) for event in happened):
            named_here = place - named_at >= APART
            named_at = place if named_here else named_at
            marks.append(Mark(f"{monday(week):%d/%m}", "VNeID ngừng" if named_here else ""))
    return tuple(marks)


def puzzled(book: Book, known: Puzzled) -> dict[str, object]:
    """Messages that were not understood, with what they are likely about in words."""
    return {
        "at": known.at,
        "people": known.people,
        "wordings": [
            (one.text, one.people, naming.question(book, one.meant) if one.meant else "")
            for one in known.wordings[:TOP]
        ],
        "themes": [
            (naming.question(book, one.meant) if one.meant else "Chưa rõ hỏi gì", one.people)
            for one in known.themes[:TOP]
        ],
    }


def with_the_bot(book: Book, flow: str, spells: Mapping[str, Spell]) -> str:
    """How long people take at the steps of a guide, by the bot alone."""
    if not spells:
        return ""
    usual = lasting(round(median(one.median for one in spells.values())))
    step, longest = max(spells.items(), key=lambda item: (item[1].median, item[0]))
    return (
        f"Ở «{naming.guide(book, flow)}», một bước thường mất khoảng {usual}; "
        f"lâu nhất là {naming.step(book, flow, step)}: khoảng {lasting(round(longest.median))}."
    )


def _in_all(period: Period, seen: Line, then: Mapping[str, Figures] | None) -> str:
    if not seen.started:
        return ""
    told = f"{period.title}: {counted(seen.started)} người bắt đầu, {counted(seen.done)} làm xong"
    if seen.started < FEW:
        return f"{told}: còn ít, xem thêm tuần khác."
    was = added_up(then.values()) if then else None
    before = ""
    if was and was.started >= FEW:
        before = f", kỳ trước {percent(was.runs.get(RunOutcome.COMPLETED, 0), was.started)}"
    return f"{told} ({percent(seen.done, seen.started)}{before})."


def worst_told(book: Book, now: Mapping[str, Figures], wider: Sequence[Wider]) -> str:
    worst = next(iter(ranked_losses(now, None)), None)
    if worst is None:
        return ""
    where = f"{naming.step(book, worst.flow, worst.step)} của «{naming.guide(book, worst.flow)}»"
    why = _why(book, worst, now[worst.flow])
    for more in wider:
        why = why or _why(book, worst, more.guides.get(worst.flow, Figures()), more.said)
    return f"Mất nhiều người nhất: {where}, {_lost(worst)}.{why}"


def _new(stuck: Iterable[Spot]) -> str:
    found = [
        f"{one.title} ({counted(one.people)} người)"
        for one in stuck
        if one.mark == NEW and one.people >= SHOWN_FROM
    ]
    told = "; ".join(found).replace("Màn hình báo ", "")
    return f"Lỗi mới, trước đây chưa ai gặp: {told}. Có khi ứng dụng VNeID vừa đổi." if found else ""


def _lost(loss: Loss) -> str:
    told = f"{counted(loss.lost)} trong {counted(loss.reached)} người bỏ dở"
    few = loss.reached < FEW
    return f"{told} (còn ít, xem thêm)" if few else f"{told} ({percent(loss.lost, loss.reached)})"


def _why(book: Book, worst: Loss, seen: Figures, when: str = "") -> str:
    """What people at that step were stuck at: the reason they chose, or what their screen said."""
    step = seen.step(worst.step)
    stuck = {naming.reason(book, worst.flow, worst.step, why): people for why, people in step.reasons.items()}
    met = {naming.error(book, error): people for error, people in step.errors.items()}
    found = max(stuck.items() or met.items(), key=lambda item: item[1], default=("", 0))
    if found[1] <= 0:
        return ""
    return f" Lý do hay gặp nhất ở đó{when}: «{found[0]}» ({counted(found[1])} người)."


def _needing(site: Site, query: str, communes: Parts, wider: Sequence[Wider]) -> tuple[str, str]:
    """Of the fewest weeks in which a place stands out for sure; else of the most in which one may."""
    looks = [(most_needing(communes), query, "")]
    looks += [(most_needing(more.communes), more.query, more.said) for more in wider]
    found = [(one, address, when) for one, address, when in looks if one is not None]
    if not found:
        return "", ""
    certain = [look for look in found if look[0].sure]
    needing, asked, when = (certain or found[::-1])[0]
    here, others = needing.figures, needing.elsewhere
    name = naming.part(site, View.COMMUNE, needing.part)
    people = f"{counted(here.lost)} trong {counted(here.started)} người bỏ dở"
    shares = f"{percent(here.lost, here.started)}; nơi khác {percent(others.lost, others.started)}"
    head, tail = ("Nơi cần đến", "") if needing.sure else ("Có thể nên ghé", " Số còn ít nên chưa chắc.")
    return f"{head}{when}: {name}, {people} ({shares}).{tail}", f"/insights/places?chia=commune&{asked}"


def _spot(book: Book, period: Period, one: Hurdle, mark: str) -> Spot:
    change = _counted_change(one)
    if one.sort is Sort.ERROR:
        words = naming.error(book, one.what)
        return Spot(
            f"Màn hình báo «{words}»",
            "Lỗi của VNeID, gặp ở bất cứ bước nào",
            "",
            one.people,
            "",
            change,
            mark,
        )
    where = f"{naming.step(book, one.flow, one.step)} của «{naming.guide(book, one.flow)}»"
    return Spot(
        f"«{naming.reason(book, one.flow, one.step, one.what)}»",
        f"Ở {where}",
        f"/insights/{one.flow}?{period.query()}",
        one.people,
        "",
        change,
        mark,
    )


def _counted_change(one: Hurdle) -> str:
    return "" if one.before is None else f"kỳ trước {counted(one.before)}"
