"""All published numbers as a file."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.export import Form, Stamp
from bot.app.journal import Did
from bot.core.weeks import Weeks, code_of, last_complete, span_named
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.insights.naming import PARTS
from bot.web.parts import Site
from bot.web.render import PRIVATE

PAGE = "/insights/export"
PIECE = 256 * 1024

MEDIA_TYPES = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
    Form.DB: "application/vnd.sqlite3",
}

FORMS = (
    (Form.XLSX, "Excel (.xlsx)", "Mở bằng Excel, LibreOffice, Google Sheets; có sẵn bảng bước và bảng xã."),
    (Form.CSV, "Bảng chữ (.csv)", "Một bảng dài, cho phần mềm thống kê."),
    (Form.DB, "SQLite (.db)", "Có sẵn các bảng trả lời câu hay hỏi; mở bằng Datasette hay DB Browser."),
)


def routes(site: Site) -> list[Route]:
    return [
        Route(PAGE, partial(_page, site), methods=["GET"]),
        Route(PAGE, partial(_file, site), methods=["POST"]),
    ]


async def _page(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    weeks = await _weeks(site)
    said = {
        "weeks": span_named(weeks) if len(weeks) else "",
        "forms": FORMS,
        "views": [name.lower() for name in PARTS.values()],
    }
    return desk_page(site, request, account, "insights/export.html", said)


async def _file(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    if form.get("dang", "") not in set(Form):
        raise HTTPException(400)
    staff = staff_of(site)
    kind = Form(form["dang"])
    weeks = await _weeks(site)
    if not len(weeks):
        raise HTTPException(404)
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="so-lieu-"))
    try:
        path = folder / f"so-lieu.{kind}"
        await staff.export.write(kind, path, _stamp(site, account, weeks))
        file = path.open("rb")
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # an open file stays until it is closed
    span = f"{code_of(weeks.first)} {code_of(weeks.last)}"
    await staff.journal.note(account.id, Did.EXPORTED, f"{kind} {span}")
    headers = {
        "Cache-Control": PRIVATE,
        "Content-Disposition": f'attachment; filename="so-lieu-vneid-{code_of(weeks.last)}.{kind}"',
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(_pieces(file), headers=headers, media_type=MEDIA_TYPES[kind])


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _stamp(site: Site, account: Account, weeks: Weeks) -> Stamp:
    simulated = staff_of(site).simulated
    return Stamp(site.parts.now(), account.shown, weeks, site.parts.organisation, simulated)


async def _weeks(site: Site) -> Weeks:
    """All that are over."""
    span = await staff_of(site).insights.span()
    return span.until(last_complete(site.parts.now()))
