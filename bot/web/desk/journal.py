"""Who did and read what, and whether the chain is whole."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.accounts import Role
from bot.app.journal import Did
from bot.core.visits import VIET_NAM
from bot.web.desk.admission import desk_page, signed_in, staff_of
from bot.web.parts import Site

AT_ONCE = 100

WORDS: Mapping[str, str] = {
    Did.VIEWED: "mở xem cuộc",
    Did.CLAIMED: "nhận cuộc",
    Did.TOOK_OVER: "tiếp quản cuộc",
    Did.SPOKE: "nhắn cho bà con ở cuộc",
    Did.NOTED: "ghi chú vào cuộc",
    Did.HELD: "có tin bị giữ lại ở cuộc",
    Did.RELEASED: "duyệt gửi tin ở cuộc",
    Did.REFUSED: "không duyệt tin ở cuộc",
    Did.RETURNED: "trả về hàng chờ cuộc",
    Did.PASSED: "chuyển cho đồng đội cuộc",
    Did.HANDED_BACK: "giao lại cho máy cuộc",
    Did.CLOSED: "đóng cuộc",
    Did.REPORTED: "bị bà con báo ở cuộc",
    Did.SIGNED_IN: "đăng nhập",
    Did.SIGN_IN_FAILED: "đăng nhập hỏng",
    Did.SIGNED_OUT: "đăng xuất",
    Did.INVITED: "gửi lời mời cho",
    Did.JOINED: "nhận lời mời",
    Did.DISABLED: "khóa tài khoản",
    Did.ENABLED: "mở lại tài khoản",
    Did.ROLE_CHANGED: "đổi vai trò của",
    Did.ACCOUNT_CHANGED: "sửa tài khoản",
    Did.HOURS_CHANGED: "sửa giờ trực",
    Did.SHIFT_BEGAN: "vào ca",
    Did.SHIFT_ENDED: "hết ca",
    Did.VISIT_CHANGED: "sửa lịch đến nhà",
    Did.VISIT_VIEWED: "mở xem lịch đến nhà",
    Did.PROPOSED: "đề xuất câu trả lời",
    Did.DECIDED: "quyết định đề xuất",
    Did.EXPORTED: "tải số liệu",
}

_OF_PEOPLE = frozenset(
    {Did.INVITED, Did.DISABLED, Did.ENABLED, Did.ROLE_CHANGED, Did.ACCOUNT_CHANGED, Did.SIGNED_OUT}
)
"""Deeds whose `what` begins with a person's id."""


def routes(site: Site) -> list[Route]:
    return [Route("/desk/nhat-ky", partial(_page, site), methods=["GET"])]


async def _page(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    staff = staff_of(site)
    asked = request.query_params
    who, before = _number(asked.get("ai", "")), _number(asked.get("truoc", ""))
    did = asked.get("viec", "") if asked.get("viec", "") in WORDS else ""
    people = {person.id: person.shown for person in await staff.people.all()}
    records = await staff.journal.records(before, AT_ONCE, who, did)
    said = {
        "rows": [
            {
                "at": _told(record.at),
                "who": people.get(record.who, "máy" if not record.who else f"số {record.who}"),
                "did": WORDS.get(record.did, record.did),
                "what": _what(record.did, record.what, people),
            }
            for record in records
        ],
        "older": records[-1].id if len(records) == AT_ONCE else 0,
        "verdict": await staff.journal.verify() if asked.get("kiem") else None,
        "people": people,
        "words": WORDS,
        "who": who,
        "did": did,
    }
    return desk_page(site, request, account, "desk/journal.html", said)


def _what(did: str, what: str, people: Mapping[int, str]) -> str:
    first, _, rest = what.partition(" ")
    if did not in _OF_PEOPLE or not first.isdigit():
        return what
    roles = {role.name.lower(): role.word for role in Role}
    changed = " → ".join(roles.get(word, word) for word in rest.split())
    return f"{people.get(int(first), first)}{f' ({changed})' if changed else ''}"


def _told(at: int) -> str:
    return time.strftime("%d/%m/%Y %H:%M:%S", time.gmtime(at + VIET_NAM))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
