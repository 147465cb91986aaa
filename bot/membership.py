"""`python -m bot user` and `journal`: who may answer people, and what was done; also beside a running bot."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.app.accounts import NEWCOMER, Credentials, Draft, Role
from bot.app.entrance import Entrance, Invited, fault_of_draft, plain_name
from bot.app.journal import Head, Journal, Record, Whole
from bot.app.ports import StoreDown
from bot.config import Settings
from bot.content.places import read_communes
from bot.core.visits import VIET_NAM
from bot.keys import NotReady
from bot.staffing import entrance_of
from bot.wiring import now, open_beside_a_bot

T = TypeVar("T")


def add(
    settings: Settings, name: str, role: str, shown: str, areas: str, watched: int | None = None
) -> list[str]:
    """What to print: the invitation. `watched` is for volunteers only. Raises NotReady."""
    draft = Draft(
        name=plain_name(name),
        shown=shown or plain_name(name).partition(".")[0].capitalize(),
        role=Role[role.upper()],
        areas=_areas(areas),
        watched=(NEWCOMER if watched is None else watched) if role == "volunteer" else 0,
    )
    fault = fault_of_draft(draft)
    if fault:
        raise NotReady(fault)

    async def work(entrance: Entrance, _: Journal) -> Invited | None:
        return await entrance.invite(0, draft)

    invited = _done(settings, work)
    if invited is None:
        raise NotReady(
            f"Đã có người tên {draft.name}. Gửi lời mời mới: python -m bot user invite {draft.name}"
        )
    return _told(settings, invited)


def invite(settings: Settings, name: str) -> list[str]:
    async def work(entrance: Entrance, _: Journal) -> Invited:
        account = (await _known(entrance, name)).account
        if account.disabled:
            raise NotReady(
                f"{account.name} đang bị khóa. Mở lại trước: python -m bot user enable {account.name}"
            )
        return await entrance.invite_again(0, account)

    return _told(settings, _done(settings, work))


def listed(settings: Settings) -> list[str]:
    async def work(entrance: Entrance, _: Journal) -> list[str]:
        return [
            f"{one.account.name:20} {one.account.role.name.lower():10} {one.account.shown:20} "
            f"{' '.join(one.account.areas) or 'mọi nơi':20} "
            + ("đang khóa" if one.account.disabled else "" if one.ready else "chưa nhận lời mời")
            for one in await entrance.members()
        ]

    return [line.rstrip() for line in _done(settings, work)] or ["Chưa có ai."]


def disable(settings: Settings, name: str) -> str:
    async def work(entrance: Entrance, _: Journal) -> str:
        account = (await _known(entrance, name)).account
        if not await entrance.shut_out(account.id, 0):
            raise NotReady(f"{account.name} là người tổ chức cuối cùng: mời một người tổ chức khác trước đã.")
        return f"Đã khóa {account.name}; mọi máy đang đăng nhập đã bị đăng xuất."

    return _done(settings, work)


def enable(settings: Settings, name: str) -> str:
    async def work(entrance: Entrance, _: Journal) -> str:
        account = (await _known(entrance, name)).account
        await entrance.enable(0, account.id)
        return f"Đã mở lại {account.name}."

    return _done(settings, work)


def journal(settings: Settings, head: str, last: int) -> tuple[list[str], bool]:
    """The latest entries and what the chain says; False when it is broken."""
    kept = _head(head)

    async def work(entrance: Entrance, journal: Journal) -> tuple[list[str], bool]:
        verdict = await journal.verify(kept)
        names = {account.id: account.name for account in await entrance.accounts.all()}
        records = await journal.records(0, last) if last else []
        lines = [_line(record, names.get(record.who, "-")) for record in reversed(records)]
        if isinstance(verdict, Whole):
            mark = f" Dấu của dòng cuối: {verdict.head}" if verdict.head else ""
            return [*lines, f"Nhật ký còn nguyên: {verdict.count} dòng.{mark}"], True
        return [*lines, f"Nhật ký đã bị can thiệp từ dòng {verdict.id} ({verdict.why})."], False

    return _done(settings, work)


def _done(settings: Settings, work: Callable[[Entrance, Journal], Awaitable[T]]) -> T:
    """Open the store, beside a running bot if there is one, do one thing, close it."""
    return asyncio.run(_worked(settings, work))


async def _worked(settings: Settings, work: Callable[[Entrance, Journal], Awaitable[T]]) -> T:
    from bot.store.journal import SqlJournal

    store = open_beside_a_bot(settings)
    try:
        book = SqlJournal(store.backing, now)
        return await work(entrance_of(store.backing, book, now, secrets.token_urlsafe), book)
    except StoreDown as down:
        raise NotReady(f"Cơ sở dữ liệu không trả lời ({down}). Thử lại sau một lát.") from None
    finally:
        await store.close()


async def _known(entrance: Entrance, name: str) -> Credentials:
    known = await entrance.accounts.credentials(plain_name(name))
    if known is None:
        raise NotReady(f"Không có ai tên {plain_name(name)}. Xem danh sách: python -m bot user list")
    return known


def _areas(typed: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(typed.replace(",", " ").split()))
    communes = read_communes()
    known = {commune.code for commune in communes} | {commune.within for commune in communes}
    for code in codes:
        if code not in known:
            raise NotReady(f"--areas: không có xã hay tỉnh nào mang mã {code[:20]}")
    return codes


def _told(settings: Settings, invited: Invited) -> list[str]:
    address = settings.organisation.web_address or f"http://{settings.http.host}:{settings.http.port}"
    return [
        f"Lời mời cho {invited.account.shown} ({invited.account.name}), dùng một lần, trong 7 ngày:",
        f"{address}/desk/moi/{invited.token}",
        "Chỉ hiện ở đây, lần này. Gửi cho riêng người ấy.",
    ]


def _head(typed: str) -> Head | None:
    if not typed:
        return None
    id, _, hash = typed.strip().partition(":")
    if not id.isdigit() or len(hash) != 64:
        raise NotReady("--head: cần dấu như lệnh này in ra, ví dụ 120:3f… (số dòng, hai chấm, 64 ký tự)")
    return Head(int(id), hash)


def _line(record: Record, who: str) -> str:
    return f"{record.id:6} {_when(record.at)} {who:20} {record.did} {record.what}".rstrip()


def _when(at: int) -> str:
    return time.strftime("%d/%m/%Y %H:%M:%S", time.gmtime(at + VIET_NAM))
