"""Official figures in both databases: kept once, by whom, and taken back."""

from __future__ import annotations

from bot.app.campaign import Change, Import
from bot.app.campaign_rows import Entry
from bot.app.campaign_units import New, Unit, UnitKey
from bot.core.campaign import Point
from bot.store.campaign import SqlOfficialFigures
from bot.store.open import SqlStore

NEW = (New("Hà Tĩnh", UnitKey(0), "42", UnitKey(-1)), New("Hương Khê", UnitKey(-1), "", UnitKey(-2)))


def entry(unit: int, value: int, *, day: int = 20_000, key: str = "cards", until: int | None = None) -> Entry:
    return Entry(UnitKey(unit), day, key, value, until, "Báo cáo")


async def test_figures_are_kept_with_their_units(store: SqlStore) -> None:
    figures = SqlOfficialFigures(store.backing)
    said = (entry(-1, 10), entry(-2, 4), entry(-2, 9, key="cards>", until=20_100))
    assert await figures.keep(NEW, said, 1, 50, "") == Change(3, 0, 2)
    above, part = await figures.units()
    assert (above.name, above.code, part.within) == ("Hà Tĩnh", "42", above.id)
    found = await figures.official([part.id], ["cards", "cards>"])
    assert found[part.id] == {"cards": [Point(20_000, 4)], "cards>": [Point(20_000, 9, 20_100)]}
    assert await figures.keep((), (entry(part.id, 4),), 2, 60, "") == Change(0, 1, 0)
    await figures.keep((), (entry(part.id, 3, day=19_000),), 1, 50, "")
    assert (await figures.newest([part.id]))[part.id]["cards"] == [Point(20_000, 4)]
    assert await figures.sources([part.id, above.id], "cards") == ["Báo cáo"]
    (one,) = await figures.entered(above.id, 5)
    assert (one.value, one.source, one.by, one.at) == (10, "Báo cáo", 1, 50)


async def test_the_same_unit_is_added_once(store: SqlStore) -> None:
    figures = SqlOfficialFigures(store.backing)
    for _ in range(2):
        await figures.keep(NEW, (entry(-2, 4),), 1, 50, "")
    assert [unit.name for unit in await figures.units()] == ["Hà Tĩnh", "Hương Khê"]


async def test_the_newest_import_is_taken_back_but_for_what_was_changed_since(store: SqlStore) -> None:
    figures = SqlOfficialFigures(store.backing)
    await figures.keep(NEW[:1], (entry(-1, 10), entry(-1, 20, day=20_001)), 1, 50, "")
    (above,) = await figures.units()
    await figures.offer(Import("k1", 2, 60, b"rows"), 0)
    said = (
        entry(above.id, 11),
        entry(above.id, 22, day=20_001),
        entry(above.id, 30, day=20_002),
        entry(-2, 4),
    )
    new = (New("Hương Khê", UnitKey(above.id), "", UnitKey(-2)),)
    assert await figures.keep(new, said, 2, 60, "k1") == Change(4, 0, 1)
    assert await figures.offered("k1") is None, "what was kept waits no longer"
    latest = await figures.latest()
    assert latest is not None
    assert (latest.key, latest.by) == ("k1", 2)
    await figures.keep((), (entry(above.id, 25, day=20_001),), 3, 70, "")
    assert await figures.undo("k1") == 3
    assert [one.value for one in (await figures.official(None, ["cards"]))[above.id]["cards"]] == [10, 25]
    assert [unit.name for unit in await figures.units()] == ["Hà Tĩnh"]
    assert (await figures.undo("k1"), await figures.latest()) == (0, None)


async def test_an_import_that_changes_nothing_does_not_hide_the_one_before(store: SqlStore) -> None:
    figures = SqlOfficialFigures(store.backing)
    for key in ("k1", "k2"):
        await figures.offer(Import(key, 1, 40, b"rows"), 0)
    await figures.keep(NEW[:1], (entry(-1, 10),), 1, 50, "k1")
    (above,) = await figures.units()
    assert await figures.keep((), (entry(above.id, 10),), 1, 60, "k2") == Change(0, 1, 0)
    latest = await figures.latest()
    assert latest is not None
    assert latest.key == "k1"


async def test_two_who_decide_at_the_same_moment_decide_once(store: SqlStore) -> None:
    """Both have read the import before either of them keeps it, or answers what a name means."""
    figures = SqlOfficialFigures(store.backing)
    read = Import("k1", 1, 40, b"rows")
    await figures.offer(read, 0)
    assert await figures.keep(NEW, (entry(-1, 10), entry(-2, 4)), 1, 50, "k1") == Change(2, 0, 2)
    assert await figures.keep(NEW, (entry(-1, 10), entry(-2, 4)), 2, 51, "k1") is None
    assert not await figures.answer(read, b"answered")
    assert await figures.offered("k1") is None, "it does not wait once more"
    assert await figures.undo("k1") == 2, "and can be taken back as a whole"
    assert not await figures.units()


async def test_an_answer_overwrites_no_other(store: SqlStore) -> None:
    figures = SqlOfficialFigures(store.backing)
    read = Import("k1", 1, 40, b"rows")
    await figures.offer(read, 0)
    assert await figures.answer(read, b"first")
    assert not await figures.answer(read, b"second")
    assert await figures.offered("k1") == read._replace(body=b"first")


async def test_units_move_but_not_into_themselves(store: SqlStore) -> None:
    figures = SqlOfficialFigures(store.backing)
    await figures.keep(NEW, (entry(-2, 4),), 1, 50, "")
    above, part = await figures.units()
    assert not await figures.change_unit(Unit(above.id, above.name, "", part.id))
    assert not await figures.change_unit(Unit(99, "X"))
    assert not await figures.drop_unit(above.id)
    assert await figures.change_unit(Unit(part.id, "Hương Khê mới", "", 0))
    assert not await figures.change_unit(Unit(part.id, "Hà Tĩnh", "", 0)), "the name is taken"
    assert await figures.drop_unit(above.id)
    assert await figures.drop_day(part.id, 20_000) == 1
    assert await figures.drop_unit(part.id)


async def test_imports_that_nobody_decided_about_go(store: SqlStore) -> None:
    figures = SqlOfficialFigures(store.backing)
    await figures.offer(Import("old", 1, 100, b"x"), 0)
    await figures.offer(Import("new", 1, 300, b"y"), 200)
    assert await figures.offered("old") is None
    offered = await figures.offered("new")
    assert offered is not None
    assert offered.body == b"y"
    await figures.discard("new")
    assert await figures.offered("new") is None
