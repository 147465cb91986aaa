"""Official figures typed into a form: those of a day, or a target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.campaign_columns import CODE, DAY, DEADLINE, SOURCE, UNIT, WITHIN, NoTable
from bot.app.campaign_rows import Asked, Reading
from bot.app.campaign_units import Unit, exact
from bot.core.campaign import BASES, COUNT_KEYS, RATE_KEYS, Measure, target_key
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.insights.campaign_words import MEASURES, date_of, fault, key_named
from bot.web.parts import Site
from bot.web.render import PRIVATE

PAGE = "/insights/campaign/ghi"
_PLAIN = {"thuoc": WITHIN, "ten": UNIT, "ma": CODE, "ngay": DAY, "nguon": SOURCE}
NEW = "moi"
"""The answer that a name which looks like another is a unit of its own."""


def routes(site: Site) -> list[Route]:
    return [
        Route(PAGE, partial(_form, site), methods=["GET"]),
        Route(PAGE, partial(_write, site), methods=["POST"]),
    ]


async def _form(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    unit = await _unit(site, request.query_params.get("don_vi", ""))
    typed = {"thuoc": ""}
    if not unit and (above := await _unit(site, request.query_params.get("trong", ""))):
        typed["thuoc"] = above.name
    return _shown(site, request, account, unit, typed, ())


async def _write(site: Site, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    campaign = staff_of(site).campaign
    unit = await _unit(site, form.get("don_vi", ""))
    cells = _cells(form)
    name = unit.name if unit else cells.get(UNIT, "")
    meant = {exact(name): 0} if form.get("la") == NEW else {}
    asked = Asked(unit=unit.id if unit else 0, meant=meant)
    reading = await campaign.write({**cells, UNIT: name}, asked, account.id)
    bad = reading.bad if isinstance(reading, Reading) else ()
    if isinstance(reading, NoTable) or bad or not reading.good:
        faults = [fault(one) for row in bad for one in row.faults] or ["Bạn chưa ghi số nào."]
        return _shown(site, request, account, unit, form, faults)
    made = unit or await _named(site, name, cells.get(WITHIN, ""))
    where = f"/insights/campaign/{made.id}" if made else "/insights/campaign"
    return RedirectResponse(f"{where}?xong=ghi", 303, headers={"Cache-Control": PRIVATE})


def _cells(form: Mapping[str, str]) -> dict[str, str]:
    """The row that the form describes."""
    cells = {column: form[field] for field, column in _PLAIN.items() if form.get(field, "").strip()}
    if form.get("viec") == "chi-tieu":
        measure = next((one for one in BASES if one == form.get("muc")), Measure.ACTIVATED)
        cells[target_key(measure)] = form.get("chi_tieu", "")
        cells[DEADLINE] = form.get("han", "")
    else:
        cells |= {key: form[key] for key in COUNT_KEYS if form.get(key, "").strip()}
        if form.get("ty_le", "").strip() and form.get("ty_le_gi") in RATE_KEYS:
            cells[form["ty_le_gi"]] = form["ty_le"]
    return {column: cell for column, cell in cells.items() if cell.strip()}


def _shown(
    site: Site,
    request: Request,
    account: Account,
    unit: Unit | None,
    typed: Mapping[str, str],
    faults: list[str] | tuple[()],
) -> Response:
    said = {
        "unit": unit,
        "typed": defaultdict(str, typed),
        "faults": faults,
        "unsure": any("Có phải «" in one and "Chưa có đơn vị" in one for one in faults),
        "counts": [(key, MEASURES[Measure(key)]) for key in COUNT_KEYS],
        "rates": [(key, key_named(key)) for key in RATE_KEYS],
        "targets": [(str(one), MEASURES[one]) for one in BASES],
        "today": date_of(staff_of(site).campaign.today),
        "new": NEW,
    }
    status = 422 if faults else 200
    return desk_page(site, request, account, "insights/campaign_entry.html", said, status=status)


async def _unit(site: Site, id: str) -> Unit | None:
    if not (id.isascii() and id.isdecimal() and len(id) < 16):
        return None
    return next((unit for unit in await staff_of(site).campaign.units() if unit.id == int(id)), None)


async def _named(site: Site, name: str, within: str) -> Unit | None:
    """The unit that was just written of."""
    units = await staff_of(site).campaign.units()
    above = {unit.id for unit in units if exact(unit.name) == exact(within)} if within else None
    found = [
        unit for unit in units if exact(unit.name) == exact(name) and (above is None or unit.within in above)
    ]
    return found[-1] if found else None
