"""Rows of a sheet become official figures: what is wrong with a row, and what was probably meant."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bot.app.campaign_columns import CODE, DAY, DEADLINE, SOURCE, UNIT, WITHIN, NoTable, head_of
from bot.app.campaign_units import Known, Likely, Names, New, Several, UnitKey, plain
from bot.app.sheets import Row, Sheet
from bot.core.campaign import (
    BASES,
    COUNT_KEYS,
    RATE_KEYS,
    RISING,
    TARGET_KEYS,
    Base,
    Measure,
    Official,
    Point,
    falls,
)
from bot.core.cells import (
    Cell,
    Unread,
    is_blank,
    is_fraction,
    read_count,
    read_day,
    read_rate,
    shown,
)

MOST_NAME, MOST_SOURCE = 80, 200
EARLIEST = 18_262  # 1/1/2020, before the first card of today's kind
_SUMS = frozenset({"tong cong", "tong", "cong", "toan tinh cong", "tong so"})


class What(StrEnum):
    """What is wrong, or odd, about a row; or about a cell of it."""

    # nothing of the row is kept
    NO_UNIT = "no_unit"
    SUM = "sum"
    UNIT_UNSURE = "unit_unsure"
    UNIT_SEVERAL = "unit_several"
    NO_SUCH_CODE = "no_such_code"
    NO_DAY = "no_day"
    CELL = "cell"
    FUTURE = "future"
    NOTHING = "nothing"
    CONFLICT = "conflict"
    # kept all the same
    REPEATED = "repeated"
    TWIN = "twin"
    OVER = "over"
    FALLING = "falling"
    OVER_WHOLE = "over_whole"
    FRACTION = "fraction"
    EARLY = "early"
    DEADLINE_BEFORE = "deadline_before"


class Fault(NamedTuple):
    """`column` and `typed` are what it is about; `meant` what was probably meant; `line` another line;
    `why` says of a cell what cannot be read.
    """

    what: What
    column: str = ""
    typed: str = ""
    meant: str = ""
    line: int = 0
    why: Unread | None = None
    than: Point | None = None


class Entry(NamedTuple):
    """One figure that a row states. `until` is the deadline of a target."""

    unit: UnitKey
    day: int
    key: str
    value: int
    until: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Good:
    line: int
    name: str
    entries: tuple[Entry, ...]
    odd: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Bad:
    line: int
    name: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet says. `new` are units that would be added, parents first; `unread` are columns that
    nobody knows.
    """

    good: tuple[Good, ...]
    bad: tuple[Bad, ...]
    new: tuple[New, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever brings a sheet says beside it: the day and the source of rows that state none, and the
    unit whose parts they are about, or which all of them are about (`unit`). `meant` are answers to "did you
    mean": a name as it was typed, and the unit that it means, 0: a new one.
    """

    day: int | None = None
    source: str = ""
    within: int = 0
    unit: int = 0
    meant: Mapping[str, int] = field(default_factory=dict)


Kept = Mapping[int, Official]
"""What is known already, by unit."""


def read_rows(
    sheet: Sheet, names: Names, kept: Kept, asked: Asked, today: int, is_place: Callable[[str], bool]
) -> Reading | NoTable:
    head = head_of(sheet)
    if isinstance(head, NoTable):
        return head
    at, columns, unread = head
    reader = _Reader(names, asked, today, is_place, columns)
    rows = [reader.row(row) for row in sheet.rows[at + 1 :]]
    good, bad = _without_conflicts(one for one in rows if one is not None)
    good = _with_falls(good, kept)
    bad.sort(key=lambda one: one.line)
    wanted = {entry.unit for one in good for entry in one.entries}
    return Reading(tuple(good), tuple(bad), reader.names.added(wanted), unread)


@dataclass(slots=True)
class _Reader:
    names: Names
    asked: Asked
    today: int
    is_place: Callable[[str], bool]
    columns: Mapping[int, str]

    def row(self, row: Row) -> Good | Bad | None:
        """None for a row that holds nothing but its number."""
        cells = {
            column: row.cells[index]
            for index, column in self.columns.items()
            if index < len(row.cells) and not is_blank(row.cells[index])
        }
        if not cells:
            return None
        faults: list[Fault] = []
        odd: list[Fault] = []
        name = shown(cells.get(UNIT, ""))
        unit = self._unit(cells, name, faults)
        day = self._day(cells, faults, odd)
        values = dict(_values(cells, faults, odd))
        until = self._deadline(cells, day, faults, odd)
        if not values and not faults:
            faults.append(Fault(What.NOTHING))
        if faults or unit is None or day is None:
            return Bad(row.line, name, tuple(faults))
        source = shown(cells.get(SOURCE, "")) or self.asked.source[:MOST_SOURCE]
        entries = tuple(
            Entry(unit, day, key, value, until if key in TARGET_KEYS else None, source)
            for key, value in values.items()
        )
        if twin := self.names.twin(unit):
            odd.append(Fault(What.TWIN, UNIT, name, twin))
        return Good(row.line, name, entries, (*odd, *_impossible(values)))

    def _unit(self, cells: Mapping[str, Cell], name: str, faults: list[Fault]) -> UnitKey | None:
        if self.asked.unit:
            return UnitKey(self.asked.unit)
        if not name:
            faults.append(Fault(What.NO_UNIT))
            return None
        if plain(name) in _SUMS:
            faults.append(Fault(What.SUM, typed=name))
            return None
        code = _code(cells.get(CODE))
        if code and not self.is_place(code):
            faults.append(Fault(What.NO_SUCH_CODE, CODE, code))
            return None
        within = self.asked.within
        parent = shown(cells.get(WITHIN, ""))
        if parent:
            above = self._found(parent, None, "", faults)
            if above is None:
                return None
            return self._found(name, above, code, faults)
        return self._found(name, UnitKey(within) if within else None, code, faults)

    def _found(self, name: str, within: UnitKey | None, code: str, faults: list[Fault]) -> UnitKey | None:
        match self.names.find(name[:MOST_NAME], within, self.asked.meant):
            case Known(unit):
                return unit
            case Likely(unit):
                faults.append(Fault(What.UNIT_UNSURE, UNIT, name, self.names.label(unit), line=unit))
                return None
            case Several(units):
                labels = "; ".join(self.names.label(unit) for unit in units[:3])
                faults.append(Fault(What.UNIT_SEVERAL, UNIT, name, labels))
                return None
            case New():
                return self.names.add(name[:MOST_NAME], within, code)

    def _day(self, cells: Mapping[str, Cell], faults: list[Fault], odd: list[Fault]) -> int | None:
        if DAY not in cells:
            if self.asked.day is None:
                faults.append(Fault(What.NO_DAY))
            return self.asked.day
        day = read_day(cells[DAY])
        if isinstance(day, Unread):
            faults.append(Fault(What.CELL, DAY, shown(cells[DAY]), day.meant, why=day))
            return None
        if day > self.today:
            faults.append(Fault(What.FUTURE, DAY, shown(cells[DAY])))
            return None
        if day < EARLIEST:
            odd.append(Fault(What.EARLY, DAY, shown(cells[DAY])))
        return day

    def _deadline(
        self, cells: Mapping[str, Cell], day: int | None, faults: list[Fault], odd: list[Fault]
    ) -> int | None:
        if DEADLINE not in cells:
            return None
        until = read_day(cells[DEADLINE])
        if isinstance(until, Unread):
            faults.append(Fault(What.CELL, DEADLINE, shown(cells[DEADLINE]), until.meant, why=until))
            return None
        if day is not None and until < day:
            odd.append(Fault(What.DEADLINE_BEFORE, DEADLINE, shown(cells[DEADLINE])))
        return until


def _values(cells: Mapping[str, Cell], faults: list[Fault], odd: list[Fault]) -> Iterable[tuple[str, int]]:
    for key in (*COUNT_KEYS, *TARGET_KEYS, *RATE_KEYS):
        if key not in cells:
            continue
        cell = cells[key]
        value = read_rate(cell) if key in RATE_KEYS else read_count(cell)
        if isinstance(value, Unread):
            faults.append(Fault(What.CELL, key, shown(cell), value.meant, why=value))
            continue
        if key in RATE_KEYS and is_fraction(cell):
            odd.append(Fault(What.FRACTION, key, shown(cell), str(value)))
        if key in RATE_KEYS and not key.endswith(Base.TARGET) and value > 10_000:
            odd.append(Fault(What.OVER_WHOLE, key, shown(cell)))
        yield key, value


def _impossible(values: Mapping[str, int]) -> Iterable[Fault]:
    for measure, bases in BASES.items():
        for base in bases:
            whole = values.get(base)
            if whole is not None and values.get(measure, 0) > whole:
                yield Fault(What.OVER, measure, meant=base)
    if values.get(Measure.PRESENT, 0) > values.get(Measure.PEOPLE, 1 << 60):
        yield Fault(What.OVER, Measure.PRESENT, meant=Measure.PEOPLE)


def _without_conflicts(rows: Iterable[Good | Bad]) -> tuple[list[Good], list[Bad]]:
    """A second row about the same figures is odd if it says the same, and wrong if it says something else:
    which of the two is right cannot be known.
    """
    good: list[Good] = []
    bad: list[Bad] = []
    told: dict[tuple[UnitKey, int, str], tuple[int, int | None, int]] = {}
    for row in rows:
        if isinstance(row, Bad):
            bad.append(row)
            continue
        before = [
            (entry, told[where])
            for entry in row.entries
            if (where := (entry.unit, entry.day, entry.key)) in told
        ]
        against = [(entry, first) for entry, first in before if first[:2] != (entry.value, entry.until)]
        if against:
            entry, (value, _, line) = against[0]
            bad.append(
                Bad(
                    row.line, row.name, (Fault(What.CONFLICT, entry.key, str(entry.value), str(value), line),)
                )
            )
            continue
        told.update({(one.unit, one.day, one.key): (one.value, one.until, row.line) for one in row.entries})
        if len(before) == len(row.entries):
            odd = (*row.odd, Fault(What.REPEATED, line=before[0][1][2]))
            good.append(Good(row.line, row.name, (), odd))
        else:
            good.append(row)
    return good, bad


def _with_falls(rows: Iterable[Good], kept: Kept) -> list[Good]:
    """Running totals that fall, among what is known and what is new."""
    rows = list(rows)
    wanted: defaultdict[tuple[UnitKey, str], dict[int, int]] = defaultdict(dict)
    for row in rows:
        for entry in row.entries:
            if entry.key in RISING:
                wanted[entry.unit, entry.key][entry.day] = entry.value
    fallen: dict[tuple[UnitKey, str, int], Point] = {}
    for (unit, key), new in wanted.items():
        known = {point.day: point.value for point in kept.get(unit, {}).get(key, ())} | new
        for before, after in falls(Point(day, value) for day, value in known.items()):
            fallen[unit, key, after.day] = before
            fallen.setdefault((unit, key, before.day), after)
    return [_with_odd(row, _fallen(row, fallen)) for row in rows]


def _fallen(row: Good, fallen: Mapping[tuple[UnitKey, str, int], Point]) -> Collection[Fault]:
    return [
        Fault(What.FALLING, entry.key, str(entry.value), than=than)
        for entry in row.entries
        if (than := fallen.get((entry.unit, entry.key, entry.day))) is not None
    ]


def _with_odd(row: Good, odd: Collection[Fault]) -> Good:
    return Good(row.line, row.name, row.entries, (*row.odd, *odd)) if odd else row


def _code(cell: Cell) -> str:
    """A sheet turns "01234" into a number, and forgets its nought."""
    text = str(int(cell)) if isinstance(cell, float) and abs(cell) < 1e9 else shown(cell)
    text = unicodedata.normalize("NFC", text).strip()
    if text.isascii() and text.isdigit():
        return text.zfill(2) if len(text) <= 2 else text.zfill(5)
    return text
