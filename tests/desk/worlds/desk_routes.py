"""Who may open what at the desk: one line for each route. A route without a line here fails the tests."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.accounts import Role

ANYBODY = None
VOLUNTEER, LEAD, ORGANISER = Role


@dataclass(frozen=True)
class Rule:
    """`least`: who may, and all above them; None: strangers too.

    Routes with a `{key}` are about one conversation. Whoever does not have it is shown no word of it and
    changes nothing; `anyone` says that any volunteer may change it here all the same (take it, ask for it).
    """

    least: Role | None
    anyone: bool = False
    streams: bool = False


RULES: dict[tuple[str, str], Rule] = {
    # signing in
    ("GET", "/desk/vao"): Rule(ANYBODY),
    ("POST", "/desk/vao"): Rule(ANYBODY),
    ("GET", "/desk/vao/khoa"): Rule(ANYBODY),
    ("POST", "/desk/vao/khoa"): Rule(ANYBODY),
    ("GET", "/desk/moi/{token}"): Rule(ANYBODY),
    ("POST", "/desk/moi/{token}"): Rule(ANYBODY),
    ("GET", "/desk/moi/{token}/khoa"): Rule(ANYBODY),
    ("POST", "/desk/moi/{token}/khoa"): Rule(ANYBODY),
    ("POST", "/desk/ra"): Rule(VOLUNTEER),
    # one's own account
    ("GET", "/desk/tai-khoan"): Rule(VOLUNTEER),
    ("POST", "/desk/tai-khoan/ra-het"): Rule(VOLUNTEER),
    ("POST", "/desk/tai-khoan/doi"): Rule(VOLUNTEER),
    # the queue, and what I have
    ("GET", "/desk"): Rule(VOLUNTEER),
    ("GET", "/desk/live"): Rule(VOLUNTEER, streams=True),
    ("GET", "/desk/toi"): Rule(VOLUNTEER),
    ("GET", "/desk/them"): Rule(VOLUNTEER),
    ("POST", "/desk/tiep"): Rule(VOLUNTEER),
    ("POST", "/desk/toi/tra-het"): Rule(VOLUNTEER),
    # one conversation
    ("GET", "/desk/c/{key}"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/nhan"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/xin"): Rule(VOLUNTEER, anyone=True),
    ("POST", "/desk/c/{key}/nhuong"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/giu"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/noi"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/nhap"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/ghi-chu"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/chuyen"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/tra"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/lai-may"): Rule(VOLUNTEER),
    ("POST", "/desk/c/{key}/dong"): Rule(VOLUNTEER),
    # what was held back; whoever may decide about it is asked again for each
    ("GET", "/desk/cho-duyet"): Rule(VOLUNTEER),
    ("GET", "/desk/cho-duyet.json"): Rule(VOLUNTEER),
    ("POST", "/desk/cho-duyet/gui"): Rule(VOLUNTEER),
    ("POST", "/desk/cho-duyet/khong-gui"): Rule(VOLUNTEER),
    ("POST", "/desk/cho-duyet/da-xem"): Rule(VOLUNTEER),
    ("POST", "/desk/cho-duyet/khoa"): Rule(VOLUNTEER),
    # the team
    ("GET", "/desk/nhom"): Rule(LEAD),
    ("GET", "/desk/nhom/moi"): Rule(ORGANISER),
    ("POST", "/desk/nhom/moi"): Rule(ORGANISER),
    ("GET", "/desk/nhom/{id:int}"): Rule(ORGANISER),
    ("POST", "/desk/nhom/{id:int}"): Rule(ORGANISER),
    ("POST", "/desk/nhom/{id:int}/moi-lai"): Rule(ORGANISER),
    ("POST", "/desk/nhom/{id:int}/khoa"): Rule(ORGANISER),
    ("POST", "/desk/nhom/{id:int}/mo"): Rule(ORGANISER),
    ("POST", "/desk/nhom/{id:int}/ra-het"): Rule(ORGANISER),
    ("GET", "/desk/nhat-ky"): Rule(ORGANISER),
    # shifts and opening hours
    ("GET", "/desk/ca"): Rule(VOLUNTEER),
    ("POST", "/desk/ca/vao"): Rule(VOLUNTEER),
    ("POST", "/desk/ca/het"): Rule(VOLUNTEER),
    ("POST", "/desk/ca/gio"): Rule(LEAD),
    # ready answers
    ("GET", "/desk/kho"): Rule(VOLUNTEER),
    ("GET", "/desk/kho.json"): Rule(VOLUNTEER),
    ("GET", "/desk/kho/de-xuat"): Rule(VOLUNTEER),
    ("POST", "/desk/kho/de-xuat"): Rule(VOLUNTEER),
    ("GET", "/desk/kho/duyet"): Rule(ORGANISER),
    ("GET", "/desk/kho/duyet/{id:int}"): Rule(ORGANISER),
    ("POST", "/desk/kho/duyet/{id:int}"): Rule(ORGANISER),
    # visits at home: seen by those whose areas hold the commune (test_visits_pages.py)
    ("GET", "/desk/tham-nha"): Rule(VOLUNTEER),
    ("GET", "/desk/tham-nha/moi"): Rule(VOLUNTEER),
    ("POST", "/desk/tham-nha/moi"): Rule(VOLUNTEER),
    ("GET", "/desk/tham-nha/ngay/{day}"): Rule(VOLUNTEER),
    ("GET", "/desk/tham-nha/{visit}"): Rule(VOLUNTEER),
    ("POST", "/desk/tham-nha/{visit}/hen"): Rule(VOLUNTEER),
    ("POST", "/desk/tham-nha/{visit}/xong"): Rule(VOLUNTEER),
    ("POST", "/desk/tham-nha/{visit}/thoi"): Rule(VOLUNTEER),
    # VNeID is down: leads are there at night
    ("GET", "/insights/outage"): Rule(LEAD),
    ("POST", "/insights/outage/bat-dau"): Rule(LEAD),
    ("POST", "/insights/outage/het"): Rule(LEAD),
    # the calendar of mobile sessions, posters
    ("GET", "/insights/calendar"): Rule(LEAD),
    ("POST", "/insights/calendar/moi"): Rule(ORGANISER),
    ("POST", "/insights/calendar/nhap"): Rule(ORGANISER),
    ("GET", "/insights/calendar/{id:int}"): Rule(ORGANISER),
    ("POST", "/insights/calendar/{id:int}"): Rule(ORGANISER),
    ("POST", "/insights/calendar/{id:int}/huy"): Rule(ORGANISER),
    ("POST", "/insights/calendar/{id:int}/lai"): Rule(ORGANISER),
    ("GET", "/insights/posters"): Rule(LEAD),
    ("POST", "/insights/posters/moi"): Rule(ORGANISER),
    ("GET", "/insights/posters/{code}"): Rule(LEAD),
    ("GET", "/insights/posters/{code}/thu"): Rule(LEAD),
    ("POST", "/insights/posters/{code}/go"): Rule(ORGANISER),
    ("POST", "/insights/posters/{code}/treo"): Rule(ORGANISER),
    # notices; what a phone fetches by itself holds nothing of anybody
    ("GET", "/desk/sw.js"): Rule(ANYBODY),
    ("GET", "/desk/app.webmanifest"): Rule(ANYBODY),
    ("GET", "/desk/icon-{name}.png"): Rule(ANYBODY),
    ("GET", "/desk/thong-bao"): Rule(VOLUNTEER),
    ("POST", "/desk/thong-bao/bat"): Rule(VOLUNTEER),
    ("POST", "/desk/thong-bao/tat"): Rule(VOLUNTEER),
    ("POST", "/desk/thong-bao/thu"): Rule(VOLUNTEER),
    ("POST", "/desk/thong-bao/ghi-danh"): Rule(VOLUNTEER),
    ("POST", "/desk/thong-bao/bo-ghi-danh"): Rule(VOLUNTEER),
    # pages for organisers
    ("GET", "/insights"): Rule(LEAD),
    ("GET", "/insights/them"): Rule(LEAD),
    ("GET", "/insights/places"): Rule(LEAD),
    # numbers for organisers
    ("GET", "/insights/{flow}"): Rule(LEAD),
    ("GET", "/insights/export"): Rule(ORGANISER),
    ("POST", "/insights/export"): Rule(ORGANISER),
    # official figures
    ("GET", "/insights/report"): Rule(LEAD),
    ("GET", "/insights/report.docx"): Rule(LEAD),
    ("GET", "/insights/digests"): Rule(LEAD),
    ("POST", "/insights/digests/telegram"): Rule(ORGANISER),
    ("POST", "/insights/digests/may"): Rule(ORGANISER),
    ("POST", "/insights/digests/{id:int}/thu"): Rule(ORGANISER),
    ("POST", "/insights/digests/{id:int}/tat"): Rule(ORGANISER),
    ("POST", "/insights/digests/{id:int}/bat"): Rule(ORGANISER),
    ("POST", "/insights/digests/{id:int}/bo"): Rule(ORGANISER),
    ("GET", "/insights/campaign"): Rule(LEAD),
    ("GET", "/insights/campaign/{id:int}"): Rule(LEAD),
    ("POST", "/insights/campaign/{id:int}/sua"): Rule(ORGANISER),
    ("POST", "/insights/campaign/{id:int}/xoa"): Rule(ORGANISER),
    ("GET", "/insights/campaign/ghi"): Rule(ORGANISER),
    ("POST", "/insights/campaign/ghi"): Rule(ORGANISER),
    ("GET", "/insights/campaign/nhap"): Rule(ORGANISER),
    ("POST", "/insights/campaign/nhap"): Rule(ORGANISER),
    ("POST", "/insights/campaign/nhap/hoan-tac"): Rule(ORGANISER),
    ("GET", "/insights/campaign/mau.{name}"): Rule(LEAD),
    ("GET", "/insights/campaign/nhap/{token}"): Rule(ORGANISER),
    ("POST", "/insights/campaign/nhap/{token}"): Rule(ORGANISER),
    ("POST", "/insights/campaign/nhap/{token}/ten"): Rule(ORGANISER),
    ("GET", "/insights/campaign/nhap/{token}/loi.csv"): Rule(ORGANISER),
}


def rule_of(route: tuple[str, str]) -> Rule:
    """What is asserted of a route that has no line yet, so that one test alone complains of that."""
    return RULES.get(route, Rule(VOLUNTEER))
