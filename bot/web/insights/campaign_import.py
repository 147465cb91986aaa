"""Official figures from a file: uploaded, looked through, and kept when an organiser says so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.campaign import Preview
from bot.app.campaign_columns import COLUMNS, UNIT, NoTable
from bot.app.campaign_rows import Asked, Bad, Good, What
from bot.app.campaign_units import exact
from bot.app.sheets import MOST_BYTES, Unreadable, Why
from bot.core.cells import Unread, one_line, read_day
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.wording import moment
from bot.web.insights.campaign_words import date_of, fault, key_named, number, unreadable, value_shown
from bot.web.insights.uploads import uploaded
from bot.web.parts import Site
from bot.web.render import PRIVATE

BOARD = "/insights/campaign"
PAGE = f"{BOARD}/nhap"
MOST_BAD, MOST_ODD, MOST_GOOD, MOST_UNSURE = 200, 100, 20, 30

EXPLAINED: dict[str, str] = {
    UNIT: "Tên đơn vị, như trong báo cáo. Bắt buộc.",
    "within": "Đơn vị cấp trên, khi có nhiều nơi trùng tên hoặc muốn xếp theo tỉnh, huyện.",
    "code": "Mã xã 5 số hoặc mã tỉnh 2 số của hiện nay. Có mã thì bảng hiện thêm phần giúp của bot ở nơi đó.",
    "day": "Ngày của số liệu: 30/11/2026 hoặc 2026-11-30.",
    "deadline": "Hạn của các chỉ tiêu trong dòng.",
    "source": "Báo cáo nào, của ai.",
}


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """A name that looks like a unit's; `rows` wait for an answer."""

    name: str
    meant: str
    unit: int
    rows: int


def routes(site: Site) -> list[Route]:
    return [
        Route(PAGE, partial(_form, site), methods=["GET"]),
        Route(PAGE, partial(_upload, site), methods=["POST"]),
        Route(f"{PAGE}/hoan-tac", partial(_undo, site), methods=["POST"]),
        Route(f"{BOARD}/mau.{{name}}", partial(_sample, site), methods=["GET"]),
        Route(f"{PAGE}/{{token}}", partial(_preview, site), methods=["GET"]),
        Route(f"{PAGE}/{{token}}", partial(_decide, site), methods=["POST"]),
        Route(f"{PAGE}/{{token}}/ten", partial(_settle, site), methods=["POST"]),
        Route(f"{PAGE}/{{token}}/loi.csv", partial(_faults, site), methods=["GET"]),
    ]


async def _form(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    return await _asking(site, request, account, "", request.query_params.get("trong", ""))


async def _upload(site: Site, request: Request) -> Response:
    account, form, upload = await uploaded(site, request, Role.ORGANISER, "tep", MOST_BYTES)
    within = form.get("trong", "")
    if upload.body is None:
        return await _asking(site, request, account, unreadable(Why.TOO_BIG), within)
    day = read_day(form["ngay"]) if form.get("ngay", "").strip() else None
    if isinstance(day, Unread):
        return await _asking(site, request, account, "Ngày chưa đọc được: ghi kiểu 30/11/2026.", within)
    units = {str(unit.id): unit.id for unit in await staff_of(site).campaign.units()}
    asked = Asked(day, one_line(form.get("nguon", ""))[:200] or upload.name, units.get(within, 0))
    made = await staff_of(site).campaign.offer(upload.body, upload.name, asked, account.id)
    if isinstance(made, Unreadable):
        return await _asking(site, request, account, unreadable(made.why), within)
    if isinstance(made, NoTable):
        seen = f" Máy thấy: {', '.join(made.closest)}." if made.closest else ""
        words = f"Không thấy dòng tên cột: cần cột «Đơn vị» và ít nhất một cột số liệu.{seen}"
        return await _asking(site, request, account, words, within)
    return RedirectResponse(f"{PAGE}/{made}", 303, headers={"Cache-Control": PRIVATE})


async def _preview(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    found = await staff_of(site).campaign.preview(request.path_params["token"])
    if found is None:
        return RedirectResponse(f"{BOARD}?xong=het", 303, headers={"Cache-Control": PRIVATE})
    names = {one.id: one.shown for one in await staff_of(site).people.all()}
    good = [row for row in found.reading.good if row.entries]
    odd = [row for row in found.reading.good if row.odd]
    said = {
        "found": found,
        "by": f"{names.get(found.by, 'người đã nghỉ')}, {moment(found.at)}",
        "good": number(len(found.reading.good)),
        "bad": number(len(found.reading.bad)),
        "changed": number(found.changed),
        "same": number(found.same),
        "unsure": _unsure(found)[:MOST_UNSURE],
        "bad_lines": [_bad(row) for row in found.reading.bad[:MOST_BAD]],
        "more_bad": max(0, len(found.reading.bad) - MOST_BAD),
        "odd_lines": [Line(row.line, row.name, tuple(map(fault, row.odd))) for row in odd[:MOST_ODD]],
        "more_odd": max(0, len(odd) - MOST_ODD),
        "good_lines": [_good(row) for row in good[:MOST_GOOD]],
        "more_good": max(0, len(good) - MOST_GOOD),
        "new": [unit.name for unit in found.reading.new],
        "page": PAGE,
    }
    return desk_page(site, request, account, "insights/campaign_preview.html", said)


async def _decide(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    campaign = staff_of(site).campaign
    token = request.path_params["token"]
    if form.get("lam") == "bo":
        await campaign.discard(token)
        told = "bo"
    elif form.get("lam") == "giu":
        told = "nhap" if await campaign.keep(token, account.id) else "het"
    else:
        raise HTTPException(400)
    return RedirectResponse(f"{BOARD}?xong={told}", 303, headers={"Cache-Control": PRIVATE})


async def _settle(site: Site, request: Request) -> Response:
    _, form = await posted(site, request, Role.ORGANISER)
    unit, token = form.get("la", ""), request.path_params["token"]
    if not (unit.isascii() and unit.isdecimal() and len(unit) < 16):
        raise HTTPException(400)
    settled = await staff_of(site).campaign.settle(token, form.get("ten", ""), int(unit))
    where = f"{PAGE}/{token}#ten" if settled else f"{BOARD}?xong=het"
    return RedirectResponse(where, 303, headers={"Cache-Control": PRIVATE})


async def _undo(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    count = await staff_of(site).campaign.undo(form.get("lan", ""), account.id)
    told = "het" if count is None else "hoan-tac"
    return RedirectResponse(f"{BOARD}?xong={told}", 303, headers={"Cache-Control": PRIVATE})


async def _faults(site: Site, request: Request) -> Response:
    """Every bad row, to be mended beside the file."""
    await signed_in(site, request, Role.ORGANISER)
    found = await staff_of(site).campaign.preview(request.path_params["token"])
    if found is None:
        raise HTTPException(404)
    rows = [(str(row.line), row.name, " ".join(map(fault, row.faults))) for row in found.reading.bad]
    return _file(_csv([("Dòng", "Đơn vị", "Vì sao"), *rows]), "text/csv; charset=utf-8", "dong-chua-duoc.csv")


async def _sample(site: Site, request: Request) -> Response:
    """An empty table with all columns, to be filled in."""
    await signed_in(site, request, Role.LEAD)
    heads = [names[0].capitalize() for names in COLUMNS.values()]
    match request.path_params["name"]:
        case "csv":
            return _file(_csv([heads]), "text/csv; charset=utf-8", "so-lieu-mau.csv")
        case "xlsx":
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            return _file(_workbook(heads), kind, "so-lieu-mau.xlsx")
        case _:
            raise HTTPException(404)


async def _asking(site: Site, request: Request, account: Account, trouble: str, within: str) -> Response:
    units = await staff_of(site).campaign.units()
    said = {
        "fault": trouble,
        "within": next((unit for unit in units if str(unit.id) == within), None),
        "columns": explained(),
        "most": MOST_BYTES >> 20,
        "page": PAGE,
    }
    status = 422 if trouble else 200
    return desk_page(site, request, account, "insights/campaign_import.html", said, status=status)


def explained() -> list[tuple[str, str]]:
    """The columns by their first names, with what belongs there."""
    return [
        (names[0].capitalize(), EXPLAINED[column] if column in EXPLAINED else f"{key_named(column)}.")
        for column, names in COLUMNS.items()
    ]


def _unsure(found: Preview) -> list[Unsure]:
    seen: dict[str, Unsure] = {}
    for row in found.reading.bad:
        for one in row.faults:
            if one.what is What.UNIT_UNSURE:
                key = exact(one.typed)
                rows = seen[key].rows + 1 if key in seen else 1
                seen[key] = Unsure(one.typed, one.meant, one.line, rows)
    return list(seen.values())


def _bad(row: Bad) -> Line:
    return Line(row.line, row.name, tuple(map(fault, row.faults)))


def _good(row: Good) -> Line:
    first = row.entries[0]
    figures = (f"{key_named(one.key)}: {value_shown(one.key, one.value)}" for one in row.entries)
    return Line(row.line, row.name, (f"ngày {date_of(first.day)}", *figures))


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    """As Excel in Vietnamese opens it. What a sheet would take for a formula is text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerows(
        [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in row]
        for row in rows
    )
    return ("\ufeff" + out.getvalue()).encode()


def _workbook(heads: list[str]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    table = book.worksheets[0]
    table.title = "Số liệu"
    table.append(heads)
    guide = book.create_sheet("Cách ghi")
    for row in explained():
        guide.append(row)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 34, 90
    for cell in table[1]:
        table.column_dimensions[cell.column_letter].width = 18
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _file(body: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": PRIVATE}
    return Response(body, headers=headers, media_type=kind)
