"""Who may answer people: invite, change, shut out. Leads see those of their areas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import MOST, NEWCOMER, Account, Draft, Member, Role
from bot.app.entrance import Entrance, Invited, fault_of_draft, plain_name
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.areas import AREA_FAULT, areas_in, named
from bot.web.parts import Site
from bot.web.render import PRIVATE

PAGE = "/desk/nhom"

_LAST = "Đây là người tổ chức cuối cùng. Hãy mời một người tổ chức khác trước đã."


def routes(site: Site) -> list[Route]:
    entrance = staff_of(site).entrance
    one = f"{PAGE}/{{id:int}}"
    return [
        Route(PAGE, partial(_list, site, entrance), methods=["GET"]),
        Route(f"{PAGE}/moi", partial(_new, site), methods=["GET"]),
        Route(f"{PAGE}/moi", partial(_invite, site, entrance), methods=["POST"]),
        Route(one, partial(_one, site, entrance), methods=["GET"]),
        Route(one, partial(_change, site, entrance), methods=["POST"]),
        Route(f"{one}/moi-lai", partial(_invite_again, site, entrance), methods=["POST"]),
        Route(f"{one}/khoa", partial(_shut_out, site, entrance), methods=["POST"]),
        Route(f"{one}/mo", partial(_let_in_again, site, entrance), methods=["POST"]),
        Route(f"{one}/ra-het", partial(_out_everywhere, site, entrance), methods=["POST"]),
    ]


async def _list(site: Site, entrance: Entrance, request: Request) -> Response:
    account = await signed_in(site, request, Role.LEAD)
    within = staff_of(site).province_of
    shown = [member for member in await entrance.members() if _may_see(account, member.account, within)]
    said = {"members": shown, "areas": named(site, shown_areas(shown)), "now": site.parts.now()}
    return desk_page(site, request, account, "desk/team.html", said)


async def _new(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    blank = Draft("", "", Role.VOLUNTEER, watched=NEWCOMER, most=MOST)
    return _form(site, request, account, blank, "", {})


async def _invite(site: Site, entrance: Entrance, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    draft, fault = _drafted(site, form, plain_name(form.get("ten", "")))
    if fault:
        return _form(site, request, account, draft, fault, form)
    invited = await entrance.invite(account.id, draft)
    if invited is None:
        return _form(site, request, account, draft, "Tên đăng nhập này đã có người dùng.", form)
    return _invitation(site, request, account, invited)


async def _one(site: Site, entrance: Entrance, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    return _member(site, request, account, await _asked(entrance, request))


async def _change(site: Site, entrance: Entrance, request: Request) -> Response:
    account, form = await posted(site, request, Role.ORGANISER)
    member = await _asked(entrance, request)
    draft, fault = _drafted(site, form, member.account.name)
    if not fault and not await entrance.change(account, member.account, draft):
        fault = _LAST
    if fault:
        return _member(site, request, account, member, fault)
    return RedirectResponse(PAGE, 303, headers={"Cache-Control": PRIVATE})


async def _invite_again(site: Site, entrance: Entrance, request: Request) -> Response:
    account, _ = await posted(site, request, Role.ORGANISER)
    member = await _asked(entrance, request)
    if member.account.disabled:
        return _member(site, request, account, member, "Tài khoản đang bị khóa. Hãy mở lại trước.")
    return _invitation(site, request, account, await entrance.invite_again(account.id, member.account))


async def _shut_out(site: Site, entrance: Entrance, request: Request) -> Response:
    account, _ = await posted(site, request, Role.ORGANISER)
    member = await _asked(entrance, request)
    if not await entrance.shut_out(member.account.id, account.id):
        return _member(site, request, account, member, _LAST)
    return RedirectResponse(PAGE, 303, headers={"Cache-Control": PRIVATE})


async def _let_in_again(site: Site, entrance: Entrance, request: Request) -> Response:
    account, _ = await posted(site, request, Role.ORGANISER)
    member = await _asked(entrance, request)
    await entrance.enable(account.id, member.account.id)
    return RedirectResponse(f"{PAGE}/{member.account.id}", 303, headers={"Cache-Control": PRIVATE})


async def _out_everywhere(site: Site, entrance: Entrance, request: Request) -> Response:
    account, _ = await posted(site, request, Role.ORGANISER)
    member = await _asked(entrance, request)
    await entrance.sign_out_everywhere(account, member.account.id)
    return RedirectResponse(f"{PAGE}/{member.account.id}", 303, headers={"Cache-Control": PRIVATE})


async def _asked(entrance: Entrance, request: Request) -> Member:
    id = request.path_params["id"]
    for member in await entrance.members():
        if member.account.id == id:
            return member
    raise HTTPException(404)


def _may_see(who: Account, other: Account, within: Mapping[str, str]) -> bool:
    """Organisers see all; leads those who answer for a place that they answer for too."""
    if who.role >= Role.ORGANISER or not who.areas or not other.areas:
        return True
    return any(
        one == two or within.get(one) == two or within.get(two) == one
        for one in who.areas
        for two in other.areas
    )


def shown_areas(members: Iterable[Member]) -> set[str]:
    return {area for member in members for area in member.account.areas}


def _drafted(site: Site, form: Mapping[str, str], name: str) -> tuple[Draft, str]:
    """An account as a form describes it, and what is wrong with it."""
    areas, unknown = areas_in(site, form.get("dia_ban", ""))
    role = next((role for role in Role if role.name.lower() == form.get("vai_tro")), Role.VOLUNTEER)
    draft = Draft(
        name=name,
        shown=" ".join(form.get("ten_hien", "").split()),
        role=role,
        areas=areas,
        skills=tuple(dict.fromkeys(form.get("ky_nang", "").lower().replace(",", " ").split()))[:10],
        most=_number(form.get("toi_da", "")),
        watched=_number(form.get("xem_lai", "")),
    )
    return draft, fault_of_draft(draft) or (AREA_FAULT.format(unknown) if unknown else "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _form(
    site: Site, request: Request, account: Account, draft: Draft, fault: str, form: Mapping[str, str]
) -> Response:
    said = {"draft": draft, "fault": fault, "typed_areas": form.get("dia_ban", ""), "roles": tuple(Role)}
    return desk_page(site, request, account, "desk/team_new.html", said, status=422 if fault else 200)


def _member(site: Site, request: Request, account: Account, member: Member, fault: str = "") -> Response:
    said = {
        "member": member,
        "fault": fault,
        "typed_areas": "; ".join(named(site, member.account.areas).values()),
        "roles": tuple(Role),
        "now": site.parts.now(),
    }
    return desk_page(site, request, account, "desk/team_one.html", said, status=422 if fault else 200)


def _invitation(site: Site, request: Request, account: Account, invited: Invited) -> Response:
    """Shown once: only its hash is kept."""
    base = site.parts.web_address or f"{request.url.scheme}://{request.headers.get('host', '')}"
    said = {"who": invited.account, "link": f"{base}/desk/moi/{invited.token}"}
    return desk_page(site, request, account, "desk/team_invited.html", said)
