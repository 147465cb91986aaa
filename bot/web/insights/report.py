"""The week on one page, to print or to go on writing in."""

from __future__ import annotations

import asyncio
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.accounts import Role
from bot.app.journal import Did
from bot.core.weeks import code_of, last_complete, named, week_named
from bot.web.desk.admission import desk_page, signed_in, staff_of
from bot.web.insights.asking import MOST_WEEKS
from bot.web.insights.document import COUNTRY, MEDIA_TYPE, document
from bot.web.insights.weekly import ROUNDED, week_report
from bot.web.parts import Site
from bot.web.render import PRIVATE

PAGE = "/insights/report"

LONGEST_WISH = 2_000
"""Letters of what an organiser asks for."""


def routes(site: Site) -> list[Route]:
    return [
        Route(PAGE, partial(_page, site), methods=["GET"]),
        Route(f"{PAGE}.docx", partial(_file, site), methods=["GET"]),
    ]


async def _page(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    week, wish = _asked(site, request)
    span = await staff_of(site).insights.span()
    latest = last_complete(site.parts.now())
    first = max(span.first, latest - MOST_WEEKS + 1) if span else latest
    said = {
        "report": await week_report(site, week),
        "wish": wish,
        "lines": wish.splitlines(),
        "week": code_of(week),
        "weeks": [(code_of(one), named(one)) for one in range(latest, min(first, latest) - 1, -1)],
        "country": COUNTRY,
        "rounded": ROUNDED,
    }
    return desk_page(site, request, account, "insights/report.html", said)


async def _file(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    week, wish = _asked(site, request)
    report = await week_report(site, week)
    body = await asyncio.to_thread(document, report, wish)  # the library takes its time, also to be imported
    await staff_of(site).journal.note(account.id, Did.REPORT_FETCHED, code_of(week))
    headers = {
        "Cache-Control": PRIVATE,
        "Content-Disposition": f'attachment; filename="bao-cao-{code_of(week)}.docx"',
    }
    return Response(body, headers=headers, media_type=MEDIA_TYPE)


def _asked(site: Site, request: Request) -> tuple[int, str]:
    """The week, the last whole one unless another that is over is named; and what is asked for."""
    latest = last_complete(site.parts.now())
    told = request.query_params.get("tuan", "")
    week = week_named(told) if told else latest
    if week is None or not latest - MOST_WEEKS < week <= latest:
        raise HTTPException(404)
    wish = "".join(
        sign for sign in request.query_params.get("kien-nghi", "") if sign.isprintable() or sign == "\n"
    )
    return week, wish[:LONGEST_WISH].strip()
