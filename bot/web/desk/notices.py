"""Push notices, and what a phone needs to install the desk."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.notices import Notices
from bot.app.push import subscription_of
from bot.web.assets import ASSETS
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.icons import ICONS, icon
from bot.web.parts import Site
from bot.web.render import PUBLIC
from bot.web.visitor import admit_host

PAGE = "/desk/thong-bao"
SCOPE = "/desk"
"""What the service worker looks after: the desk, and nothing of the residents' pages."""

MANIFEST = {
    "name": "Bàn trực VNeID",
    "short_name": "Bàn trực",
    "lang": "vi",
    "id": "/desk",
    "start_url": "/desk",
    "scope": SCOPE,
    "display": "standalone",
    "background_color": "#fffdf8",
    "theme_color": "#0f5c4d",
    "icons": [
        {"src": f"/desk/icon-{name}.png", "sizes": f"{one.size}x{one.size}", "type": "image/png"}
        | ({"purpose": "maskable"} if one.maskable else {})
        for name, one in ICONS.items()
    ],
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page tells. `key` is empty where notices cannot be had. `tried`: how many devices took a test
    notice. `link`: opened once in Telegram, it enrols.
    """

    key: str
    devices: int
    tried: int | None
    has_bell: bool
    bell_lost: bool
    enrolled: bool
    link: str = ""
    unlinked: bool = False


def routes(site: Site) -> list[Route]:
    return [
        Route("/desk/sw.js", partial(_worker, site), methods=["GET"]),
        Route("/desk/app.webmanifest", partial(_manifest, site), methods=["GET"]),
        Route("/desk/icon-{name}.png", partial(_icon, site), methods=["GET"]),
        Route(PAGE, partial(_page, site), methods=["GET"]),
        Route(f"{PAGE}/bat", partial(_switch_on, site), methods=["POST"]),
        Route(f"{PAGE}/tat", partial(_switch_off, site), methods=["POST"]),
        Route(f"{PAGE}/thu", partial(_try_out, site), methods=["POST"]),
        Route(f"{PAGE}/ghi-danh", partial(_enrol, site), methods=["POST"]),
        Route(f"{PAGE}/bo-ghi-danh", partial(_leave, site), methods=["POST"]),
    ]


async def _worker(site: Site, request: Request) -> Response:
    """Always asked for anew: a worker that browsers kept would go on for days after a change."""
    admit_host(site, request)
    asset = ASSETS["sw.js"]
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": SCOPE}
    return Response(asset.plain, headers=headers, media_type=asset.kind)


async def _manifest(site: Site, request: Request) -> Response:
    admit_host(site, request)
    kind = "application/manifest+json"
    return JSONResponse(MANIFEST, headers={"Cache-Control": PUBLIC}, media_type=kind)


async def _icon(site: Site, request: Request) -> Response:
    admit_host(site, request)
    name = request.path_params["name"]
    if name not in ICONS:
        raise HTTPException(404)
    drawn = await asyncio.to_thread(icon, name)
    return Response(drawn, headers={"Cache-Control": "public, max-age=86400"}, media_type="image/png")


async def _page(site: Site, request: Request) -> Response:
    account = await signed_in(site, request)
    return await _shown(site, request, account)


async def _switch_on(site: Site, request: Request) -> Response:
    account, form = await posted(site, request)
    fields = [form.get(name, "") for name in ("endpoint", "p256dh", "auth")]
    device = subscription_of(*fields)
    if device is None or not await _notices(site).switch_on(account, device):
        raise HTTPException(422)
    return Response(status_code=204)


async def _switch_off(site: Site, request: Request) -> Response:
    account, form = await posted(site, request)
    await _notices(site).switch_off(account, form.get("endpoint", ""))
    return Response(status_code=204)


async def _try_out(site: Site, request: Request) -> Response:
    account, _ = await posted(site, request)
    reached = await _notices(site).try_out(account)
    return RedirectResponse(f"{PAGE}?thu={min(reached, 9)}", 303)


async def _enrol(site: Site, request: Request) -> Response:
    account, _ = await posted(site, request)
    enrolment = staff_of(site).enrolment
    if enrolment is None:
        raise HTTPException(404)
    door = next((door for door in site.parts.doors("") if door.channel == "telegram"), None)
    link = f"{door.link}?start={await enrolment.offer(account)}" if door else ""
    return await _shown(site, request, account, link=link, unlinked=not link)


async def _leave(site: Site, request: Request) -> Response:
    account, _ = await posted(site, request)
    enrolment = staff_of(site).enrolment
    if enrolment is None:
        raise HTTPException(404)
    await enrolment.leave(account)
    return RedirectResponse(PAGE, 303)


async def _shown(
    site: Site, request: Request, account: Account, *, link: str = "", unlinked: bool = False
) -> Response:
    staff = staff_of(site)
    notices, enrolment = staff.notices, staff.enrolment
    tried = request.query_params.get("thu", "")
    shown = Shown(
        key=await notices.key() if notices else "",
        devices=await notices.devices(account) if notices else 0,
        tried=int(tried) if tried.isascii() and tried.isdigit() and len(tried) == 1 else None,
        has_bell=enrolment is not None,
        bell_lost=await _is_lost(notices) if account.role >= Role.ORGANISER else False,
        enrolled=await enrolment.is_enrolled(account) if enrolment else False,
        link=link,
        unlinked=unlinked,
    )
    return desk_page(site, request, account, "desk/notices.html", {"notices": shown})


async def _is_lost(notices: Notices | None) -> bool:
    return await notices.bell_is_lost() if notices else False


def _notices(site: Site) -> Notices:
    notices = staff_of(site).notices
    if notices is None:
        raise HTTPException(404)
    return notices
