"""`python -m bot export FILE`: all published numbers as a file, made beside a running bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from bot.app.export import Form, Stamp
from bot.app.journal import Did
from bot.app.ports import StoreDown
from bot.config import Settings
from bot.core.weeks import last_complete
from bot.keys import NotReady
from bot.staffing import export_of
from bot.wiring import Deaf, now, open_beside_a_bot, read_library

BY = "dòng lệnh"
"""Who made a file that was asked for at the machine itself."""


def export(
    settings: Settings, file: Path, whole: Callable[[int], None], more: Callable[[int], None]
) -> list[str]:
    """What to print. `whole` hears how many sums will be read, `more` how many more were. Raises NotReady."""
    form = _form_of(file)
    try:
        return asyncio.run(_exported(settings, form, file, whole, more))
    except StoreDown as down:
        raise NotReady(f"Cơ sở dữ liệu không trả lời ({down}). Thử lại sau một lát.") from None
    except OSError as fault:
        raise NotReady(f"Không ghi được {file}: {fault.strerror}") from None


def _form_of(file: Path) -> Form:
    ending = file.suffix.removeprefix(".").lower()
    if ending not in set(Form):
        raise NotReady(f"{file.name}: chỉ xuất được .db, .csv, .xlsx")
    return Form(ending)


async def _exported(
    settings: Settings, form: Form, file: Path, whole: Callable[[int], None], more: Callable[[int], None]
) -> list[str]:
    from bot.store.exported_db import metadata_of
    from bot.store.journal import SqlJournal
    from bot.store.simulated import SqlSimulation
    from bot.store.weekly import SqlWeeklyCounts

    library = read_library(settings, Deaf())
    if library.book is None:
        raise NotReady("\n".join(str(problem) for problem in library.problems))
    store = open_beside_a_bot(settings)
    try:
        out = export_of(store.backing, library.book, now)
        weeks = (await SqlWeeklyCounts(store.backing, {}).span()).until(last_complete(now()))
        simulated = await SqlSimulation(store.backing).is_marked()
        stamp = Stamp(now(), BY, weeks, library.book.organisation, simulated)
        whole(await out.size())
        made = file.with_name(f"{file.name}.dang-ghi")  # a file that is there is whole
        made.unlink(missing_ok=True)
        try:
            count = await out.write(form, made, stamp, more)
            made.replace(file)
        finally:
            made.unlink(missing_ok=True)
        await SqlJournal(store.backing, now).note(0, Did.EXPORTED, str(form))
    finally:
        await store.close()
    told = [f"{file}: {_counted(count)} dòng số liệu, không có người nào trong đó."]
    if form is Form.DB:
        beside = file.with_suffix(".metadata.json")
        beside.write_text(json.dumps(metadata_of(file.stem, stamp), ensure_ascii=False, indent=2), "utf-8")
        told.append(f"Xem bằng Datasette: datasette {file} --metadata {beside}")
    return told


def _counted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
