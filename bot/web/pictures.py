"""Pictures of screens: drawn when they are first asked for, kept by browsers for ever."""

from __future__ import annotations

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.web.parts import Site
from bot.web.render import PUBLIC
from bot.web.visitor import admit_host

FOR_EVER = "public, max-age=31536000, immutable"


def routes(site: Site) -> list[Route]:
    return [Route("/pictures/{name}.png", partial(_picture, site), methods=["GET"])]


async def _picture(site: Site, request: Request) -> Response:
    admit_host(site, request)
    pictures = site.parts.pictures
    name = request.path_params["name"]
    headers = {"Cache-Control": FOR_EVER, "ETag": f'"{name}"'}
    data = await pictures.png(name)
    if data is None:
        newest = pictures.newest(name)
        if newest is None:
            raise HTTPException(404)
        # a page that was loaded before the picture changed still gets the place it speaks of
        return RedirectResponse(f"/pictures/{newest}.png", 302, headers={"Cache-Control": PUBLIC})
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type="image/png")
