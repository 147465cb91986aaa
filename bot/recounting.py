"""`python -m bot recount`: do the counters say what the stays say? Needs the store for itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

from bot.config import Settings
from bot.content.places import read_communes
from bot.core.tally import Tally
from bot.store.recounting import SqlRecounting
from bot.store.weekly import SqlWeeklyCounts
from bot.wiring import now, open_the_store

MOST_TOLD = 10
"""Counters that are named; of more only their number is told."""


def recount(settings: Settings, *, repair: bool) -> tuple[list[str], bool]:
    """What to print, and whether the counters are right now. Raises NotReady."""
    return asyncio.run(_recounted(settings, repair=repair))


async def _recounted(settings: Settings, *, repair: bool) -> tuple[list[str], bool]:
    store = open_the_store(settings)
    try:
        recounting = SqlRecounting(store.backing)
        lasting = await recounting.lasting()
        wrong: dict[str, Tally] = {}
        for flow in await recounting.guides():
            missing = await recounting.differing(flow, lasting, now())
            if _rows(missing):
                wrong[flow] = missing
                if repair:
                    await recounting.repair(missing, now())
        if repair:
            await recounting.sum_up_again()
            provinces = {commune.code: commune.within for commune in read_communes()}
            await SqlWeeklyCounts(store.backing, provinces).bring_up_to_date(now())
        return list(_told(wrong, repair=repair)), repair or not wrong
    finally:
        await store.close()


def _rows(missing: Tally) -> int:
    return sum(map(len, missing.changes()))


def _told(wrong: Mapping[str, Tally], *, repair: bool) -> Iterator[str]:
    if not wrong:
        yield "Các bộ đếm khớp với từng lượt đã ghi."
    for flow, missing in wrong.items():
        yield f"{flow}: {_rows(missing)} bộ đếm lệch với các lượt đã ghi"
        changes = [(key, change) for part in missing.changes() for key, change in part.items()]
        for key, change in sorted(changes, key=lambda item: tuple(map(str, item[0])))[:MOST_TOLD]:
            yield f"  {' '.join(str(part) for part in key if part != '')}: {_signed(change)}"
        if len(changes) > MOST_TOLD:
            yield f"  … và {len(changes) - MOST_TOLD} bộ đếm nữa"
    if repair:
        yield "Đã sửa các bộ đếm và cộng lại số theo tuần." if wrong else "Đã cộng lại số theo tuần."
    elif wrong:
        yield "Sửa: python -m bot recount --repair"


def _signed(change: list[int]) -> str:
    return " ".join(f"{number:+}" if number else "." for number in change)
