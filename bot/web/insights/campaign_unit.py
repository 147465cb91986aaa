"""One unit's official figures: each measure by itself, what cannot be, and who entered what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.app.campaign import Entered
from bot.core.campaign import (
    BASES,
    RISING,
    Amount,
    Base,
    Measure,
    Official,
    Reached,
    Standing,
    falls,
    rate_of,
    standing,
    target_key,
    usual_base,
)
from bot.web.desk.wording import moment
from bot.web.insights.campaign_words import (
    MEASURES,
    OF,
    amount,
    date_of,
    key_named,
    number,
    outlook,
    pace,
    share,
    short_date,
    value_shown,
)
from bot.web.insights.lines import Line, line

TABS = {
    Measure.ACTIVATED: "Kích hoạt",
    Measure.ACCOUNTS: "Tài khoản",
    Measure.CARDS: "Thẻ",
    Measure.NO_CARD: "Chưa có thẻ",
}
GONE = "người đã nghỉ"


@dataclass(frozen=True, slots=True)
class Card:
    """One measure of the unit whose page it is."""

    name: str
    value: str
    day: str
    lines: tuple[str, ...]
    line: Line | None
    target: str
    first: str
    last: str
    deadline: str
    alt: str


@dataclass(frozen=True, slots=True)
class Day:
    """What was entered of one day."""

    day: int
    date: str
    figures: tuple[tuple[str, str, str], ...]
    told: str


def cards(official: Official, today: int, sources: Mapping[tuple[str, int], str]) -> list[Card]:
    found = []
    for measure in TABS:
        base = usual_base([official], measure)
        seen = standing(official, measure, base, today)
        if seen.latest or seen.rate:
            found.append(_card(official, measure, base, seen, sources))
    found.extend(
        Card(
            MEASURES[one],
            number(points[-1].value),
            _of_day(points[-1].day, sources.get((one, points[-1].day), "")),
            (),
            None,
            "",
            "",
            "",
            "",
            "",
        )
        for one in (Measure.PEOPLE, Measure.PRESENT)
        if (points := official.get(one, ()))
    )
    return found


def _card(
    official: Official, measure: Measure, base: Base, seen: Standing, sources: Mapping[tuple[str, int], str]
) -> Card:
    lines = [words for base in BASES[measure] if (words := _share_line(official, measure, base))]
    if seen.gap and not isinstance(seen.outlook, Reached):
        lines.append(_missing(seen.gap, seen.deadline, measure, base))
    if seen.needed:
        lines.append(f"Cần {number(seen.needed)} người mỗi ngày từ nay đến hạn")
    if seen.pace is not None:
        lines.append(f"Nhịp gần đây: {pace(seen.pace)} người mỗi ngày")
    if seen.gap:
        lines.append(expected(seen, measure))
    targets = official.get(target_key(measure), ())
    target = targets[-1].value if targets else None
    drawn = line(seen.points, target, seen.deadline) if len(seen.points) > 1 else None
    first, last = (seen.points[0], seen.points[-1]) if seen.points else (None, None)
    return Card(
        MEASURES[measure],
        number(last.value) if last else "",
        _of_day(last.day, sources.get((measure, last.day), "")) if last else "",
        tuple(lines),
        drawn,
        number(target) if target else "",
        short_date(first.day) if first else "",
        short_date(last.day) if last else "",
        short_date(seen.deadline) if seen.deadline is not None else "",
        f"{MEASURES[measure]}: từ {number(first.value)} ngày {date_of(first.day)} đến {number(last.value)} "
        f"ngày {date_of(last.day)}"
        if first and last
        else "",
    )


def _of_day(day: int, source: str) -> str:
    return f"ngày {date_of(day)}" + (f", theo {source}" if source else "")


def _missing(gap: Amount, deadline: int | None, measure: Measure, base: Base) -> str:
    if deadline is not None:
        return f"Còn {amount(gap)} người, hạn {date_of(deadline)}"
    if measure is Measure.NO_CARD:
        return f"Còn {amount(gap)} người"
    return f"Còn {amount(gap)} người so với {OF[base]}"


def _share_line(official: Official, measure: Measure, base: Base) -> str:
    rate = rate_of(official, measure, base)
    if rate is None:
        return ""
    words = f"{share(rate)} {OF[base]}"
    if rate.stated and rate.whole:
        return f"{words} (theo báo cáo; suy ra {OF[base]} là {amount(rate.whole)})"
    if rate.stated or rate.whole is None:
        return f"{words} (theo báo cáo)"
    of_day = f", số ngày {date_of(rate.base_day)}" if rate.base_day is not None else ""
    return f"{words} ({number(rate.whole.low)}{of_day})"


def odd(official: Official) -> list[str]:
    """What cannot be, said where it can be seen."""
    found = [
        f"{MEASURES[Measure(key)]}: ngày {date_of(after.day)} là {number(after.value)}, ít hơn ngày "
        f"{date_of(before.day)} ({number(before.value)})."
        for key in sorted(RISING)
        for before, after in falls(official.get(key, ()))
    ]
    for measure in TABS:
        for base in BASES[measure]:
            rate = rate_of(official, measure, base)
            if rate and base is not Base.TARGET and rate.share > 1:
                found.append(f"{MEASURES[measure]} nhiều hơn {OF[base]}.")
    return found


def days(entered: Sequence[Entered], names: Mapping[int, str]) -> list[Day]:
    by_day: dict[int, list[Entered]] = {}
    for one in entered:
        by_day.setdefault(one.day, []).append(one)
    return [
        Day(
            day,
            date_of(day),
            tuple(
                (
                    key_named(one.key),
                    value_shown(one.key, one.value),
                    f"hạn {date_of(one.until)}" if one.until is not None else "",
                )
                for one in found
            ),
            "; ".join(
                dict.fromkeys(
                    f"{one.source or 'không ghi nguồn'}, {names.get(one.by, GONE)} ghi lúc {moment(one.at)}"
                    for one in found
                )
            ),
        )
        for day, found in by_day.items()
    ]


def expected(seen: Standing, measure: Measure) -> str:
    words = outlook(seen.outlook, measure)
    if seen.is_over and not isinstance(seen.outlook, Reached) and seen.deadline is not None:
        return f"Đã quá hạn {date_of(seen.deadline)}. {words}"
    return words
