"""Opening hours as people write them ("T2-T6 18:00-21:00; T7 CN 8:00-11:00"), read and written back.

A week is parts between semicolons or lines; a part is days, then times. Days off are dates and spans of
dates ("24/12/2026, 4/2/2027-10/2/2027"). What cannot be read is told with its place, and everything else is
read all the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.core.desk import MINUTES, Opening

LONGEST = 92
"""Days from the first to the last of a span: longer ones are a slip."""

DAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


class What(StrEnum):
    """What is wrong with a piece of text."""

    DAY = "day"
    TIME = "time"
    NO_LENGTH = "no_length"
    NO_DAYS = "no_days"
    NO_TIMES = "no_times"
    OVERLAP = "overlap"
    DATE = "date"
    DATES = "dates"


@dataclass(frozen=True, slots=True)
class Fault:
    """`at`: how many characters stand before the piece."""

    what: What
    piece: str
    at: int


@dataclass(frozen=True, slots=True)
class Week:
    openings: tuple[Opening, ...]
    faults: tuple[Fault, ...]


def read_week(text: str) -> Week:
    openings: list[Opening] = []
    faults: list[Fault] = []
    for part in re.finditer(r"[^;\n]+", text):
        if part.group().strip():
            _read_part(part.group(), part.start(), openings, faults)
    return Week(tuple(sorted(openings, key=_begins)), tuple(faults))


def read_days_off(text: str) -> tuple[tuple[date, ...], tuple[Fault, ...]]:
    days: set[date] = set()
    faults: list[Fault] = []
    for found in _DATES.finditer(text):
        first, last = _ends(found.group())
        begins, ends = _date(first), _date(last or first)
        if begins is None or ends is None:
            faults.append(Fault(What.DATE, found.group(), found.start()))
        elif not 0 <= (ends - begins).days <= LONGEST:
            faults.append(Fault(What.DATES, found.group(), found.start()))
        else:
            days.update(begins + timedelta(later) for later in range((ends - begins).days + 1))
    return tuple(sorted(days)), tuple(faults)


def write_days_off(days: Iterable[date]) -> str:
    """Days in a row are written as one span."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and (day - spans[-1][1]).days == 1:
            spans[-1] = spans[-1][0], day
        else:
            spans.append((day, day))
    return ", ".join(
        write_date(begins) if begins == ends else f"{write_date(begins)}-{write_date(ends)}"
        for begins, ends in spans
    )


def write_date(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def write_week(openings: Sequence[Opening]) -> str:
    """The shortest way to write it that people read at a glance: days with the same times together."""
    times: dict[int, list[Opening]] = defaultdict(list)
    for opening in sorted(openings, key=_begins):
        times[opening.weekday].append(opening)
    together: dict[str, list[int]] = defaultdict(list)
    for weekday, spans in sorted(times.items()):
        together[", ".join(map(_span, spans))].append(weekday)
    return "; ".join(f"{_days(weekdays)} {spans}" for spans, weekdays in together.items())


_DAY = re.compile(r"(?:t([2-7])|(cn))\Z", re.IGNORECASE)
_TIME = re.compile(r"([0-9]{1,2})(?:[:h.]([0-9]{2})|h)?\Z", re.IGNORECASE)
_DAILY = re.compile(r"(?:hằng|hàng|mỗi)\s+ngày", re.IGNORECASE)
_UNTIL = re.compile(r"\s*[-–—]\s*|\s+đến\s+", re.IGNORECASE)
_PIECE = re.compile(rf"{_DAILY.pattern}|[^\s,–—-]+(?:(?:{_UNTIL.pattern})[^\s,–—-]+)?|[^\s,]", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})\Z")
_DATES = re.compile(rf"[^\s,;–—-]+(?:(?:{_UNTIL.pattern})[^\s,;–—-]+)?|[^\s,;]", re.IGNORECASE)
_AND = "và"


def _read_part(part: str, start: int, openings: list[Opening], faults: list[Fault]) -> None:
    weekdays: list[int] = []
    spans: list[tuple[int, int]] = []
    before = len(faults)
    for found in _PIECE.finditer(part):
        piece, at = found.group(), start + found.start()
        if piece.casefold() == _AND:
            continue
        days = None if spans else _read_days(piece)
        if days is not None:
            weekdays += [day for day in days if day not in weekdays]
            continue
        span = _read_span(piece)
        if isinstance(span, What):
            faults.append(Fault(span if spans or piece[0].isdigit() else What.DAY, piece, at))
        else:
            spans.append(span)
    if len(faults) > before:
        return
    if not weekdays or not spans:
        faults.append(Fault(What.NO_DAYS if spans else What.NO_TIMES, part.strip(), start))
        return
    for weekday in weekdays:
        for begins, ends in spans:
            opening = Opening(weekday, begins, ends)
            if any(_overlap(opening, other) for other in openings):
                faults.append(Fault(What.OVERLAP, f"{DAYS[weekday]} {_span(opening)}", start))
            else:
                openings.append(opening)


def _read_days(piece: str) -> list[int] | None:
    """From Friday to Monday goes over the weekend."""
    first, last = _ends("T2-CN" if _DAILY.match(piece) else piece)
    begins, ends = _weekday(first), _weekday(last or first)
    if begins is None or ends is None:
        return None
    return [(begins + step) % 7 for step in range((ends - begins) % 7 + 1)]


def _ends(piece: str) -> tuple[str, str]:
    first, *last = _UNTIL.split(piece, maxsplit=1)
    return first, last[0] if last else ""


def _date(piece: str) -> date | None:
    found = _DATE.match(piece)
    if found is None:
        return None
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(piece: str) -> int | None:
    found = _DAY.match(piece)
    return None if found is None else int(found[1]) - 2 if found[1] else 6


def _read_span(piece: str) -> tuple[int, int] | What:
    """What ends earlier than it begins ends on the day after."""
    first, last = _ends(piece)
    begins, ends = _minutes(first), _minutes(last)
    if begins is None or ends is None or begins == MINUTES:
        return What.TIME
    if begins == ends:
        return What.NO_LENGTH
    return begins, ends if ends > begins else ends + MINUTES


def _minutes(piece: str) -> int | None:
    found = _TIME.match(piece)
    if found is None:
        return None
    minutes = 60 * int(found[1]) + int(found[2] or 0)
    return minutes if minutes <= MINUTES and int(found[2] or 0) < 60 else None


def _overlap(one: Opening, other: Opening) -> bool:
    """Over the week's end too: Sunday's late hours reach into Monday."""
    week = 7 * MINUTES
    ahead = (_begins(other)[0] - _begins(one)[0]) % week
    return ahead < one.ends - one.begins or (week - ahead) % week < other.ends - other.begins


def _begins(opening: Opening) -> tuple[int, int]:
    return opening.weekday * MINUTES + opening.begins, opening.ends


def _days(weekdays: Sequence[int]) -> str:
    """Three or more in a row are written as one: "T2-T6 CN"."""
    runs: list[list[int]] = []
    for weekday in weekdays:
        if runs and runs[-1][-1] == weekday - 1:
            runs[-1].append(weekday)
        else:
            runs.append([weekday])
    return " ".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) > 2 else " ".join(DAYS[day] for day in run)
        for run in runs
    )


def _span(opening: Opening) -> str:
    ends = opening.ends if opening.ends <= MINUTES else opening.ends - MINUTES
    return f"{_clock(opening.begins)}-{_clock(ends)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
