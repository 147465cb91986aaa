"""Official figures in the store: units, what was counted of them, and imports that can be taken back."""

from __future__ import annotations

import itertools
import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, func, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.app.campaign import KEPT, OFFERED, Change, Entered, Import
from bot.app.campaign_rows import Entry
from bot.app.campaign_units import New, Unit
from bot.core.campaign import Official, Point
from bot.store.backing import Backing
from bot.store.insight_tables import imports, official, units

_AT_ONCE = 5_000
"""Ids in one question: databases have limits."""

_ADD_UNIT = text(
    "INSERT INTO units (name, code, within) VALUES (:name, :code, :within) "
    "ON CONFLICT (name, within) DO UPDATE SET name = excluded.name RETURNING id"
)
_SAVE = text(
    "INSERT INTO official (unit_id, measure, day, value, until, source, origin, by, at) "
    "VALUES (:unit_id, :measure, :day, :value, :until, :source, :origin, :by, :at) "
    "ON CONFLICT (unit_id, measure, day) DO UPDATE SET value = excluded.value, until = excluded.until, "
    "source = excluded.source, origin = excluded.origin, by = excluded.by, at = excluded.at"
)
_NOTE = text(
    "INSERT INTO imports (key, kind, person_id, at, body) VALUES (:key, :kind, :by, :at, :body) "
    "ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, person_id = excluded.person_id, "
    "at = excluded.at, body = excluded.body"
)
_COLUMNS = ("unit_id", "measure", "day", "value", "until", "source", "origin", "by", "at")


class SqlOfficialFigures:
    """`bot.app.campaign.OfficialFigures` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def units(self) -> Sequence[Unit]:
        query = select(units.c.id, units.c.name, units.c.code, units.c.within).order_by(units.c.id)
        return await self._database.read(lambda connection: [Unit(*row) for row in connection.execute(query)])

    async def official(self, wanted: Collection[int] | None, keys: Collection[str]) -> Mapping[int, Official]:
        def work(connection: Connection) -> Mapping[int, Official]:
            found: defaultdict[int, defaultdict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
            for unit, key, *point in _rows(connection, wanted, keys):
                found[unit][key].append(Point(*point))
            return found

        return await self._database.read(work)

    async def entered(self, unit: int, limit: int) -> Sequence[Entered]:
        figure = official.c
        query = (
            select(
                figure.day, figure.measure, figure.value, figure.until, figure.source, figure.by, figure.at
            )
            .where(figure.unit_id == unit)
            .order_by(figure.day.desc(), figure.measure)
            .limit(limit)
        )
        return await self._database.read(
            lambda connection: [Entered(*row) for row in connection.execute(query)]
        )

    async def newest(self, wanted: Collection[int]) -> Mapping[int, Official]:
        figure = official.c
        last = select(figure.unit_id, figure.measure, func.max(figure.day).label("day")).group_by(
            figure.unit_id, figure.measure
        )

        def work(connection: Connection) -> Mapping[int, Official]:
            found: defaultdict[int, dict[str, list[Point]]] = defaultdict(dict)
            for ids in _batches(sorted(wanted)):
                ends = last.where(figure.unit_id.in_(ids)).subquery()
                same = and_(
                    figure.unit_id == ends.c.unit_id,
                    figure.measure == ends.c.measure,
                    figure.day == ends.c.day,
                )
                query = select(figure.unit_id, figure.measure, figure.day, figure.value, figure.until)
                for unit, key, *point in connection.execute(query.join(ends, same)):
                    found[unit][key] = [Point(*point)]
            return found

        return await self._database.read(work)

    async def sources(self, wanted: Collection[int], key: str) -> Sequence[str]:
        figure = official.c
        newest = func.max(figure.day).label("newest")
        query = select(figure.source, newest).where(figure.measure == key, figure.source != "")

        def work(connection: Connection) -> Sequence[str]:
            found: dict[str, int] = {}
            for ids in _batches(sorted(wanted)):
                for row in connection.execute(query.where(figure.unit_id.in_(ids)).group_by(figure.source)):
                    found[row.source] = max(row.newest, found.get(row.source, 0))
            return sorted(found, key=lambda source: (-found[source], source))

        return await self._database.read(work)

    async def keep(
        self, new: Sequence[New], entries: Sequence[Entry], by: int, at: int, origin: str
    ) -> Change | None:
        def work(connection: Connection) -> Change | None:
            if origin and _waiting(connection, origin) is None:
                return None
            return _keep(connection, new, entries, by, at, origin)

        return await self._database.write(work)

    async def change_unit(self, unit: Unit) -> bool:
        def work(connection: Connection) -> bool:
            above = {row.id: row.within for row in connection.execute(select(units.c.id, units.c.within))}
            if unit.id not in above or (unit.within and unit.within not in above):
                return False
            at = unit.within
            while at:
                if at == unit.id:
                    return False
                at = above[at]
            same = select(units.c.id).where(
                units.c.name == unit.name, units.c.within == unit.within, units.c.id != unit.id
            )
            if connection.execute(same).first():
                return False
            values = {"name": unit.name, "code": unit.code, "within": unit.within}
            connection.execute(update(units).where(units.c.id == unit.id).values(values))
            return True

        try:
            return await self._database.write(work)
        except IntegrityError:  # another took the name just now
            return False

    async def drop_unit(self, unit: int) -> bool:
        def work(connection: Connection) -> bool:
            return _drop_empty(connection, [unit]) == 1

        return await self._database.write(work)

    async def drop_day(self, unit: int, day: int) -> int:
        def work(connection: Connection) -> int:
            gone = delete(official).where(official.c.unit_id == unit, official.c.day == day)
            return int(connection.execute(gone).rowcount)

        return await self._database.write(work)

    async def offer(self, offered: Import, stale: int) -> None:
        def work(connection: Connection) -> None:
            old = delete(imports).where(imports.c.kind == OFFERED, imports.c.at < stale)
            connection.execute(old)
            connection.execute(_NOTE, {**offered._asdict(), "kind": OFFERED})

        await self._database.write(work)

    async def answer(self, offered: Import, body: bytes) -> bool:
        def work(connection: Connection) -> bool:
            if _waiting(connection, offered.key) != offered.body:
                return False
            connection.execute(update(imports).where(imports.c.key == offered.key).values(body=body))
            return True

        return await self._database.write(work)

    async def offered(self, key: str) -> Import | None:
        query = select(imports.c.key, imports.c.person_id, imports.c.at, imports.c.body).where(
            imports.c.key == key, imports.c.kind == OFFERED
        )

        def work(connection: Connection) -> Import | None:
            row = connection.execute(query).first()
            return Import(row.key, row.person_id, row.at, bytes(row.body)) if row else None

        return await self._database.read(work)

    async def discard(self, key: str) -> None:
        def work(connection: Connection) -> None:
            connection.execute(delete(imports).where(imports.c.key == key, imports.c.kind == OFFERED))

        await self._database.write(work)

    async def latest(self) -> Import | None:
        query = select(imports.c.key, imports.c.person_id, imports.c.at).where(imports.c.kind == KEPT)

        def work(connection: Connection) -> Import | None:
            row = connection.execute(query).first()
            return Import(row.key, row.person_id, row.at, b"") if row else None

        return await self._database.read(work)

    async def undo(self, key: str) -> int:
        return await self._database.write(lambda connection: _undo(connection, key))


def _waiting(connection: Connection, key: str) -> bytes | None:
    """The body of an import that nobody has decided about; nobody else does meanwhile."""
    waits = select(imports.c.body).where(imports.c.key == key, imports.c.kind == OFFERED).with_for_update()
    body = connection.scalar(waits)
    return None if body is None else bytes(body)


def _rows(
    connection: Connection, wanted: Collection[int] | None, keys: Collection[str]
) -> Iterable[Sequence[Any]]:
    figure = official.c
    query = (
        select(figure.unit_id, figure.measure, figure.day, figure.value, figure.until)
        .where(figure.measure.in_(sorted(keys)))
        .order_by(figure.unit_id, figure.measure, figure.day)
    )
    if wanted is None:
        yield from connection.execute(query)
        return
    for ids in _batches(sorted(wanted)):
        yield from connection.execute(query.where(figure.unit_id.in_(ids)))


def _keep(
    connection: Connection, new: Sequence[New], entries: Sequence[Entry], by: int, at: int, origin: str
) -> Change:
    ids: dict[int, int] = {}
    for unit in new:  # parents come first
        within = ids.get(unit.within, unit.within)
        values = {"name": unit.name, "code": unit.code, "within": within}
        ids[unit.key] = int(connection.execute(_ADD_UNIT, values).scalar_one())
    rows = [
        {
            "unit_id": ids.get(entry.unit, entry.unit),
            "measure": entry.key,
            "day": entry.day,
            "value": entry.value,
            "until": entry.until,
            "source": entry.source,
            "origin": origin,
            "by": by,
            "at": at,
        }
        for entry in entries
    ]
    before = _before(connection, {ids.get(entry.unit, entry.unit) for entry in entries})
    changed = [row for row in rows if _said(before.get(_place(row))) != (row["value"], row["until"])]
    if changed:
        connection.execute(_SAVE, changed)
    if origin and (changed or new):
        replaced = [
            [*_place(row), list(before[_place(row)]) if _place(row) in before else None] for row in changed
        ]
        body = zlib.compress(json.dumps([sorted(ids.values()), replaced], ensure_ascii=False).encode(), 3)
        connection.execute(delete(imports).where(imports.c.kind == KEPT))
        connection.execute(_NOTE, {"key": origin, "kind": KEPT, "by": by, "at": at, "body": body})
    elif origin:
        connection.execute(delete(imports).where(imports.c.key == origin))
    return Change(len(changed), len(rows) - len(changed), len(new))


Place = tuple[int, str, int]


def _place(row: Mapping[str, Any]) -> Place:
    return row["unit_id"], row["measure"], row["day"]


def _said(row: Sequence[Any] | None) -> tuple[int, int | None] | None:
    return (row[3], row[4]) if row is not None else None


def _before(connection: Connection, wanted: Collection[int]) -> dict[Place, Sequence[Any]]:
    query = select(*(official.c[name] for name in _COLUMNS))
    return {
        (row.unit_id, row.measure, row.day): tuple(row)
        for ids in _batches(sorted(wanted))
        for row in connection.execute(query.where(official.c.unit_id.in_(ids)))
    }


def _undo(connection: Connection, key: str) -> int:
    kept = select(imports.c.body).where(imports.c.key == key, imports.c.kind == KEPT).with_for_update()
    body = connection.scalar(kept)
    if body is None:
        return 0
    made, replaced = json.loads(zlib.decompress(bytes(body)))
    here = select(official.c.unit_id, official.c.measure, official.c.day).where(official.c.origin == key)
    ours = {tuple(row) for row in connection.execute(here)}
    put_back, gone = [], []
    for unit, measure, day, row in replaced:
        if (unit, measure, day) not in ours:
            continue  # somebody changed it since
        if row is None:
            gone.append({"u": unit, "m": measure, "d": day})
        else:
            put_back.append(dict(zip(_COLUMNS, row, strict=True)))
    if put_back:
        connection.execute(_SAVE, put_back)
    if gone:
        connection.execute(
            text("DELETE FROM official WHERE unit_id = :u AND measure = :m AND day = :d"), gone
        )
    _drop_empty(connection, sorted(made, reverse=True))
    connection.execute(delete(imports).where(imports.c.key == key))
    return len(put_back) + len(gone)


def _drop_empty(connection: Connection, wanted: Sequence[int]) -> int:
    """Units without figures and parts go; newest first, so that parts go before what they are parts of."""
    part = units.alias()
    count = 0
    for unit in wanted:
        gone = delete(units).where(
            units.c.id == unit,
            ~exists().where(official.c.unit_id == unit),
            ~exists(select(part.c.id).where(part.c.within == unit)),
        )
        count += int(connection.execute(gone).rowcount)
    return count


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in itertools.count(0, _AT_ONCE):
        batch = ids[start : start + _AT_ONCE]
        if not batch:
            return
        yield batch
