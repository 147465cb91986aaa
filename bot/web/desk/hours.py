"""Opening hours on the page: what holds where, and what is wrong with what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.app.accounts import Account, Role
from bot.app.timetables import Timetable, holidays_around, hours_of
from bot.core.desk import EVERYWHERE, Desk
from bot.core.opening import (
    Fault,
    What,
    read_days_off,
    read_week,
    write_date,
    write_days_off,
    write_week,
)
from bot.core.visits import day_of
from bot.web.desk.admission import staff_of
from bot.web.desk.areas import areas_in, named
from bot.web.desk.wording import moment
from bot.web.parts import Site

ALL = "Mọi nơi"
"""How EVERYWHERE is read out."""


@dataclass(frozen=True, slots=True)
class Row:
    """The hours of one place. `now` says whether it is open and until when; `own`: written for this place."""

    place: str
    name: str
    week: str
    days_off: str
    now: str
    own: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Holiday:
    day: str
    name: str


@dataclass(frozen=True, slots=True)
class Hours:
    """`may_add`: hours for other places may be written here."""

    rows: tuple[Row, ...]
    holidays: tuple[Holiday, ...]
    may_add: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote into the form, and what is wrong with it."""

    place: str = EVERYWHERE
    name: str = ""
    week: str = ""
    days_off: str = ""
    faults: tuple[str, ...] = ()


def shown(site: Site, account: Account, timetables: Iterable[Timetable], now: int) -> Hours:
    """Everything an organiser has written; for others their own places."""
    staff = staff_of(site)
    kept = {one.place: one for one in timetables}
    holidays = holidays_around(staff.days_off, now)
    desk = Desk(hours=hours_of(kept.values(), holidays), province_of=staff.province_of)
    places = sorted({EVERYWHERE, *account.areas, *(kept if account.role >= Role.ORGANISER else ())})
    names = {EVERYWHERE: ALL, **named(site, [place for place in places if place])}
    rows = tuple(
        Row(
            place,
            names[place],
            write_week(desk.hours_of(place).week),
            write_days_off(kept[place].days_off) if place in kept else "",
            _now(desk, place, now),
            place in kept,
            may_write(site, account, place),
        )
        for place in places
    )
    return Hours(rows, _ahead(holidays, now), account.role >= Role.LEAD)


def may_write(site: Site, account: Account, place: str) -> bool:
    """A lead for the places they have and the communes of their provinces, an organiser for all."""
    province_of = staff_of(site).province_of
    if place and place not in province_of and place not in province_of.values():
        return False
    mine = {place, province_of.get(place, place)} & set(account.areas)
    return account.role >= Role.ORGANISER or (account.role >= Role.LEAD and bool(mine))


def read(site: Site, account: Account, form: Mapping[str, str]) -> Timetable | Written:
    """What a form says, or what is wrong with it. `cho_khac` is a place by name or code."""
    place, typed = form.get("cho", EVERYWHERE), form.get("cho_khac", "").strip()
    week, days_off = form.get("gio", ""), form.get("nghi", "")
    faults: list[str] = []
    if typed:
        found, unknown = areas_in(site, typed)
        place = found[0] if found else EVERYWHERE
        if unknown or len(found) != 1:
            faults.append(f"Chưa rõ nơi «{unknown or typed}». Bạn ghi mã xã (5 số), hoặc tên kèm tỉnh.")
    if not faults and not may_write(site, account, place):
        faults.append("Nơi này không thuộc địa bàn của bạn.")
    written = read_week(week)
    days, slips = read_days_off(days_off)
    faults += [_told(fault) for fault in (*written.faults, *slips)]
    if faults:
        return Written(place, typed, week, days_off, tuple(faults))
    return Timetable(place, write_week(written.openings), days)


def _now(desk: Desk, place: str, now: int) -> str:
    hours = desk.hours_of(place)
    change = hours.next_change(now)
    if hours.is_open(now):
        return f"đang mở đến {moment(change)}" if change else "mở cả ngày đêm"
    return f"đang đóng, mở lại lúc {moment(change)}" if change else "không mở"


def _ahead(holidays: Mapping[date, str], now: int) -> tuple[Holiday, ...]:
    today = date.fromordinal(date(1970, 1, 1).toordinal() + day_of(now))
    return tuple(Holiday(write_date(day), holidays[day]) for day in sorted(holidays) if day >= today)[:12]


def _told(fault: Fault) -> str:
    where = f"Chỗ «{fault.piece[:40]}» (chữ thứ {fault.at + 1})"
    match fault.what:
        case What.DAY:
            return f"{where}: chưa rõ là ngày nào. Bạn viết T2, T3 … T7, CN, hoặc «hằng ngày»."
        case What.TIME:
            return f"{where}: chưa rõ là giờ nào. Bạn viết như 18:00-21:00."
        case What.NO_LENGTH:
            return f"{where}: giờ mở và giờ đóng giống nhau."
        case What.NO_DAYS:
            return f"{where}: thiếu ngày, ví dụ T2-T6 18:00-21:00."
        case What.NO_TIMES:
            return f"{where}: thiếu giờ, ví dụ T2-T6 18:00-21:00."
        case What.OVERLAP:
            return f"{where}: trùng với một khung giờ khác."
        case What.DATE:
            return f"{where}: không phải là ngày có thật. Bạn viết như 24/12/2026."
        case What.DATES:
            return f"{where}: ngày sau phải muộn hơn ngày trước, và không quá ba tháng."
        case never:
            assert_never(never)
