"""Areas as people write them, by code or by name, and as they are kept: codes of communes and provinces."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.core.places import Commune
from bot.web.desk.admission import staff_of
from bot.web.parts import Site

AREA_FAULT = (
    "Chưa rõ địa bàn «{}». Hãy ghi mã xã (5 số), hoặc tên kèm tỉnh, ví dụ: xã Hòa Xuân, Đắk Lắk; "
    "mỗi nơi cách nhau dấu chấm phẩy."
)

_KINDS = re.compile(r"^(tỉnh|thành phố|tp\.?)\s+", re.IGNORECASE)


def areas_in(site: Site, typed: str) -> tuple[tuple[str, ...], str]:
    """Codes, and the first place that could not be told."""
    codes: list[str] = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", typed))):
        pieces = [part] if not re.fullmatch(r"[\d\s,]+", part) else part.replace(",", " ").split()
        for piece in pieces:
            code = _code_of(site, piece)
            if not code:
                return tuple(codes), piece[:60]
            codes.append(code)
    return tuple(dict.fromkeys(codes)), ""


def named(site: Site, codes: Iterable[str]) -> dict[str, str]:
    """How codes are read out."""
    return {code: _name_of(site, code) for code in codes}


def _code_of(site: Site, typed: str) -> str:
    if typed.isdigit():
        known = site.parts.book.places.commune(typed) is not None or typed in _provinces(site)
        return typed if known else ""
    wanted = _KINDS.sub("", typed).casefold()
    for code, name in _provinces(site).items():
        if _KINDS.sub("", name).casefold() == wanted:
            return code
    found = site.parts.book.places.named(typed)
    communes = found.communes if found else ()
    return communes[0].code if len(communes) == 1 else ""


def _name_of(site: Site, code: str) -> str:
    commune = site.parts.book.places.commune(code)
    return commune.label if commune else _provinces(site).get(code, code)


def _provinces(site: Site) -> dict[str, str]:
    """Code and name of each province, by one commune of it."""
    one_each = {province: code for code, province in staff_of(site).province_of.items()}
    communes: dict[str, Commune | None] = {
        province: site.parts.book.places.commune(code) for province, code in one_each.items()
    }
    return {province: commune.province for province, commune in communes.items() if commune}
