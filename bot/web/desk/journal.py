"""Who did and read what, and whether the chain is whole."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.accounts import Role
from bot.app.journal import Did, Record
from bot.app.staff import Staff
from bot.core.visits import VIET_NAM
from bot.web.desk.admission import desk_page, signed_in, staff_of
from bot.web.parts import Site

AT_ONCE = 100

WORDS: Mapping[str, str] = {
    Did.VIEWED: "mở xem phiếu",
    Did.CLAIMED: "nhận phiếu",
    Did.TOOK_OVER: "tiếp quản phiếu",
    Did.SPOKE: "nhắn cho bà con ở phiếu",
    Did.NOTED: "ghi chú vào phiếu",
    Did.HELD: "có tin bị giữ lại ở phiếu",
    Did.RELEASED: "duyệt gửi tin ở phiếu",
    Did.REFUSED: "không duyệt tin ở phiếu",
    Did.RETURNED: "trả về hàng chờ phiếu",
    Did.PASSED: "chuyển cho đồng đội phiếu",
    Did.HANDED_BACK: "giao lại cho máy phiếu",
    Did.CLOSED: "đóng phiếu",
    Did.REPORTED: "bị bà con báo ở phiếu",
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
    Did.OUTAGE_BEGAN: "báo VNeID ngừng",
    Did.OUTAGE_ENDED: "báo VNeID chạy lại",
    Did.POSTER_CHANGED: "sửa áp phích",
    Did.CALENDAR_CHANGED: "sửa lịch lưu động",
    Did.FIGURES_CHANGED: "sửa số liệu chiến dịch",
    Did.REPORT_FETCHED: "tải báo cáo tuần",
    Did.DIGEST_CHANGED: "sửa nơi nhận bản tin tuần",
}

_OF_PEOPLE = frozenset(
    {Did.INVITED, Did.DISABLED, Did.ENABLED, Did.ROLE_CHANGED, Did.ACCOUNT_CHANGED, Did.SIGNED_OUT}
)
"""Deeds whose `what` begins with a person's id."""

_OF_TICKETS = frozenset(did for did, words in WORDS.items() if words.endswith("phiếu"))
"""Deeds whose `what` begins with a ticket's key."""


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
    numbers = await _numbers(staff, records)
    said = {
        "rows": [
            {
                "at": _told(record.at),
                "who": people.get(record.who, "máy" if not record.who else f"số {record.who}"),
                "did": WORDS.get(record.did, record.did),
                "what": _what(record.did, record.what, people, numbers),
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


async def _numbers(staff: Staff, records: Sequence[Record]) -> Mapping[str, int]:
    """The numbers of tickets by their keys, as the desk calls them; none once they are erased."""
    keys = {record.what.partition(" ")[0] for record in records if record.did in _OF_TICKETS}
    found = [await staff.tickets.request(key) for key in sorted(keys)]
    return {one.key: one.number for one in found if one is not None}


def _what(did: str, what: str, people: Mapping[int, str], numbers: Mapping[str, int]) -> str:
    first, _, rest = what.partition(" ")
    if did in _OF_TICKETS and first in numbers:
        return f"{numbers[first]}{f' ({rest})' if rest else ''}"
    if did not in _OF_PEOPLE or not first.isdigit():
        return what
    roles = {role.name.lower(): role.word for role in Role}
    changed = " → ".join(roles.get(word, word) for word in rest.split())
    return f"{people.get(int(first), first)}{f' ({changed})' if changed else ''}"


def _told(at: int) -> str:
    return time.strftime("%d/%m/%Y %H:%M:%S", time.gmtime(at + VIET_NAM))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
