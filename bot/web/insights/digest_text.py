"""The weekly digest in words: the same numbers and the same sentences as the overview and the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.app.digests import Digest
from bot.app.insights import Insights, Parts
from bot.core.book import Book
from bot.core.figures import Figures
from bot.core.session import RunOutcome
from bot.core.visits import View
from bot.core.weeks import Weeks, code_of, named
from bot.web.insights import naming
from bot.web.insights.changes import changed
from bot.web.insights.hurdles import Hurdle, Sort, added_up, hurdles, in_need
from bot.web.insights.numbers import counted, of_all, percent
from bot.web.insights.telling import worst_told

REPORT = "/insights/report"

MOST_HURDLES = 3

NOTE = "Số người làm tròn chục. Làm xong hướng dẫn chưa phải là đã kích hoạt."


async def week_digest(insights: Insights, book: Book, week: int) -> Digest:
    """Raises StoreDown."""
    this, before = Weeks(week, week), Weeks(week - 1, week - 1)
    seen = await insights.guides(this)
    span = await insights.span()
    was = await insights.guides(before) if span and span.first <= before.last else None
    communes = await insights.parts(View.COMMUNE, this)
    lines = (
        _in_all(seen, was),
        worst_told(book, seen, ()),
        _place(book, communes),
        _stuck(book, hurdles(seen, was)[:MOST_HURDLES]),
    )
    told = tuple(filter(None, lines)) if seen else ("Tuần này chưa có số liệu.",)
    return Digest(f"Bản tin VNeID, {named(week)}", told, NOTE, f"{REPORT}?tuan={code_of(week)}")


def _in_all(seen: Mapping[str, Figures], was: Mapping[str, Figures] | None) -> str:
    now = added_up(seen.values())
    done = now.runs.get(RunOutcome.COMPLETED, 0)
    told = f"{counted(now.started)} người bắt đầu, {of_all(done, now.started)} làm xong"
    told += f", {of_all(now.lost, now.started)} bỏ dở."
    then = added_up(was.values()) if was is not None else None
    if then is None or not then.started:
        return told
    change = changed(now.lost, now.started, then.lost, then.started)
    return f"{told} Tuần trước {counted(then.started)} người bắt đầu; tỷ lệ bỏ dở {change}."


def _place(book: Book, communes: Parts) -> str:
    """Where somebody should go for sure; else nothing, for whoever reads this cannot ask back."""
    needing = next((one for one in in_need(communes) if one.sure), None)
    if needing is None:
        return ""
    known = book.places.commune(needing.part)
    here, others = needing.figures, needing.elsewhere
    shares = f"{percent(here.lost, here.started)}; nơi khác {percent(others.lost, others.started)}"
    where = known.label[:1].upper() + known.label[1:] if known else needing.part
    return f"Nơi cần đến: {where}, {counted(here.lost)} trong {counted(here.started)} người bỏ dở ({shares})."


def _stuck(book: Book, found: Iterable[Hurdle]) -> str:
    told = "; ".join(f"{_hurdle(book, one)} ({counted(one.people)} người)" for one in found)
    return f"Vướng nhiều nhất: {told}." if told else ""


def _hurdle(book: Book, one: Hurdle) -> str:
    if one.sort is Sort.ERROR:
        return f"VNeID báo «{naming.error(book, one.what)}»"
    return f"«{naming.reason(book, one.flow, one.step, one.what)}»"
