"""Official figures of a campaign: entered or imported by organisers, kept with their source."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from bot.app.campaign_columns import COLUMNS, NoTable, head_of
from bot.app.campaign_rows import Asked, Entry, Kept, Reading, read_rows
from bot.app.campaign_units import Names, New, Unit, exact
from bot.app.journal import Did, Journal
from bot.app.sheets import ReadSheet, Row, Sheet, Unreadable
from bot.core.campaign import KEYS, Official
from bot.core.visits import day_of

OFFERED, KEPT = "figures", "figures-kept"
"""Kinds of imports: read but not kept yet; and what an import replaced, so that it can be taken back."""

WAITS = 2 * 86_400
"""Seconds that an import waits for somebody to say that it shall be kept."""


class Entered(NamedTuple):
    """A figure as somebody entered it."""

    day: int
    key: str
    value: int
    until: int | None
    source: str
    by: int
    at: int


class Change(NamedTuple):
    """What keeping figures did: figures that are new or differ, those that were there already, new units."""

    changed: int
    same: int
    units: int


class Import(NamedTuple):
    """`by` and `at`: who brought it, and when."""

    key: str
    by: int
    at: int
    body: bytes


class OfficialFigures(Protocol):
    """The store's side. All methods raise StoreDown."""

    async def units(self) -> Sequence[Unit]: ...

    async def official(self, units: Collection[int] | None, keys: Collection[str]) -> Mapping[int, Official]:
        """By unit, then by key; each oldest first. `units` None: of all."""
        ...

    async def entered(self, unit: int, limit: int) -> Sequence[Entered]:
        """Newest first."""
        ...

    async def newest(self, units: Collection[int]) -> Mapping[int, Official]:
        """The last point of each figure."""
        ...

    async def sources(self, units: Collection[int], key: str) -> Sequence[str]:
        """Where figures come from, the newest first."""
        ...

    async def keep(
        self, new: Sequence[New], entries: Sequence[Entry], by: int, at: int, origin: str
    ) -> Change | None:
        """All or nothing. Figures that are there already are left as they are, with who entered them. With an
        `origin`, which is an import's key, what was replaced is noted, in place of the import; None when that
        import is gone: whoever pressed at the same moment kept it.
        """
        ...

    async def change_unit(self, unit: Unit) -> bool:
        """False when it is gone, or its place has another unit of that name, or it would be within itself."""
        ...

    async def drop_unit(self, unit: int) -> bool:
        """False while it has figures or parts."""
        ...

    async def drop_day(self, unit: int, day: int) -> int: ...

    async def offer(self, offered: Import, stale: int) -> None:
        """Keep an import until somebody decides, and forget those from before `stale`."""
        ...

    async def answer(self, offered: Import, body: bytes) -> bool:
        """Another body for an import that still waits, with the body that was read."""
        ...

    async def offered(self, key: str) -> Import | None: ...

    async def discard(self, key: str) -> None: ...

    async def latest(self) -> Import | None:
        """The newest import that was kept; no body."""
        ...

    async def undo(self, key: str) -> int:
        """Put back what an import replaced, except what was changed since; how many figures."""
        ...


@dataclass(frozen=True, slots=True)
class Preview:
    """An import that waits. `changed` figures would be new or differ, `same` are there already."""

    key: str
    name: str
    asked: Asked
    reading: Reading
    changed: int
    same: int
    by: int
    at: int
    cut: bool


class Campaign:
    """What organisers do with official figures, and what the board shows."""

    def __init__(
        self,
        figures: OfficialFigures,
        journal: Journal,
        read: ReadSheet,
        is_place: Callable[[str], bool],
        now: Callable[[], int],
        token: Callable[[int], str],
    ) -> None:
        self._figures = figures
        self._journal = journal
        self._read = read
        self._is_place = is_place
        self._now = now
        self._token = token

    @property
    def today(self) -> int:
        return day_of(self._now())

    def is_place(self, code: str) -> bool:
        return self._is_place(code)

    async def units(self) -> Sequence[Unit]:
        return await self._figures.units()

    async def official(
        self, units: Collection[int] | None, keys: Collection[str] = KEYS
    ) -> Mapping[int, Official]:
        return await self._figures.official(units, keys)

    async def newest(self, units: Collection[int]) -> Mapping[int, Official]:
        return await self._figures.newest(units)

    async def entered(self, unit: int, limit: int = 400) -> Sequence[Entered]:
        return await self._figures.entered(unit, limit)

    async def sources(self, units: Collection[int], key: str) -> Sequence[str]:
        return await self._figures.sources(units, key)

    async def write(self, cells: Mapping[str, str], asked: Asked, by: int) -> Reading | NoTable:
        """One row, typed into a form. It is kept if it is good."""
        sheet = Sheet((Row(1, tuple(_HEADS[key] for key in cells)), Row(2, tuple(cells.values()))))
        names = Names(await self._figures.units())
        reading = read_rows(sheet, names, await self._kept(names), asked, self.today, self._is_place)
        if isinstance(reading, Reading) and reading.good and not reading.bad:
            entries = [entry for row in reading.good for entry in row.entries]
            change = await self._figures.keep(reading.new, entries, by, self._now(), "")
            if change is not None:
                await self._journal.note(by, Did.FIGURES_CHANGED, f"form:{change.changed}")
        return reading

    async def offer(self, body: bytes, name: str, asked: Asked, by: int) -> str | Unreadable | NoTable:
        """Read a file and keep what it says until somebody decides; the key of its preview."""
        sheet = await asyncio.to_thread(self._read, body)
        if isinstance(sheet, Unreadable):
            return sheet
        head = head_of(sheet)
        if isinstance(head, NoTable):
            return head
        now = self._now()
        key = self._token(18)
        packed = await asyncio.to_thread(_packed, sheet, name, asked)
        await self._figures.offer(Import(key, by, now, packed), now - WAITS)
        return key

    async def preview(self, key: str) -> Preview | None:
        offered = await self._figures.offered(key)
        if offered is None:
            return None
        sheet, name, asked = await asyncio.to_thread(_unpacked, offered.body)
        names = Names(await self._figures.units())
        kept = await self._kept(names)
        reading = await asyncio.to_thread(read_rows, sheet, names, kept, asked, self.today, self._is_place)
        if isinstance(reading, NoTable):
            return None
        changed, same = _compared((entry for row in reading.good for entry in row.entries), kept)
        return Preview(key, name, asked, reading, changed, same, offered.by, offered.at, sheet.cut)

    async def settle(self, key: str, name: str, unit: int) -> bool:
        """Answer what a name means: a unit, or 0 for a new one."""
        while offered := await self._figures.offered(key):
            sheet, file, asked = await asyncio.to_thread(_unpacked, offered.body)
            asked = replace(asked, meant={**asked.meant, exact(name): unit})
            packed = await asyncio.to_thread(_packed, sheet, file, asked)
            if await self._figures.answer(offered, packed):
                return True
        return False

    async def keep(self, key: str, by: int) -> Change | None:
        """Keep the good rows of an import; None when it is gone, perhaps because it was kept already."""
        preview = await self.preview(key)
        if preview is None:
            return None
        entries = [entry for row in preview.reading.good for entry in row.entries]
        change = await self._figures.keep(preview.reading.new, entries, by, self._now(), key)
        if change is not None:
            await self._journal.note(by, Did.FIGURES_CHANGED, f"import:{change.changed}")
        return change

    async def discard(self, key: str) -> None:
        await self._figures.discard(key)

    async def latest(self) -> Import | None:
        return await self._figures.latest()

    async def undo(self, key: str, by: int) -> int | None:
        """Take back the newest import; None when there is none, or a newer one."""
        latest = await self._figures.latest()
        if latest is None or latest.key != key:
            return None
        count = await self._figures.undo(key)
        await self._journal.note(by, Did.FIGURES_CHANGED, f"undone:{count}")
        return count

    async def change_unit(self, unit: Unit, by: int) -> bool:
        done = await self._figures.change_unit(unit)
        if done:
            await self._journal.note(by, Did.FIGURES_CHANGED, f"unit:{unit.id}")
        return done

    async def drop_unit(self, unit: int, by: int) -> bool:
        done = await self._figures.drop_unit(unit)
        if done:
            await self._journal.note(by, Did.FIGURES_CHANGED, f"unit-gone:{unit}")
        return done

    async def drop_day(self, unit: int, day: int, by: int) -> int:
        count = await self._figures.drop_day(unit, day)
        if count:
            await self._journal.note(by, Did.FIGURES_CHANGED, f"dropped:{count}")
        return count

    async def _kept(self, names: Names) -> Kept:
        return await self._figures.official(None, KEYS) if names.any else {}


_HEADS = {column: names[0] for column, names in COLUMNS.items()}


def _compared(entries: Iterable[Entry], kept: Kept) -> tuple[int, int]:
    changed = same = 0
    known: dict[tuple[int, str], dict[int, tuple[int, int | None]]] = {}
    for entry in entries:
        where = (entry.unit, entry.key)
        if where not in known:
            points = kept.get(entry.unit, {}).get(entry.key, ())
            known[where] = {point.day: (point.value, point.until) for point in points}
        if known[where].get(entry.day) == (entry.value, entry.until):
            same += 1
        else:
            changed += 1
    return changed, same


def _packed(sheet: Sheet, name: str, asked: Asked) -> bytes:
    told = {
        "name": name,
        "cut": sheet.cut,
        "day": asked.day,
        "source": asked.source,
        "within": asked.within,
        "meant": asked.meant,
        "rows": sheet.rows,
    }
    return zlib.compress(json.dumps(told, ensure_ascii=False).encode(), 3)


def _unpacked(body: bytes) -> tuple[Sheet, str, Asked]:
    told = json.loads(zlib.decompress(body))
    rows = tuple(Row(line, tuple(cells)) for line, cells in told["rows"])
    asked = Asked(told["day"], told["source"], told["within"], meant=told["meant"])
    return Sheet(rows, told["cut"]), told["name"], asked
