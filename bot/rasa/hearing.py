"""What people say for their commune and for their phone, heard into the few values that a slot may hold."""

from __future__ import annotations

import re

from bot.language.pick import pick

PHONES = {
    "android": (
        *("Android", "điện thoại Android", "an đroi", "androi"),
        *("Samsung", "máy Samsung", "sam sung", "samsum", "sam xung", "xam xung"),
        *("Oppo", "Xiaomi", "Redmi", "Vivo", "Realme", "Nokia", "Huawei", "Vsmart", "Tecno", "Honor", "Sony"),
    ),
    "iphone": (
        *("iPhone", "điện thoại iPhone", "ip", "ai phôn", "ai phon", "iphon"),
        *("Apple", "IOS", "táo", "táo khuyết", "máy táo"),
    ),
    "khac": (
        *("Máy khác", "khác", "không rõ", "không biết", "chưa rõ"),
        *("cục gạch", "điện thoại cục gạch", "điện thoại bàn phím", "máy bàn phím"),
        "không có điện thoại thông minh",
    ),
}
_MODELS = frozenset(["plus", "pro", "max", "mini", "xs", "xr", "se", "note", "galaxy", "ultra", "promax"])
_NUMBER = re.compile(r"\d+\w*")
_CODE = re.compile(
    r"(?:(?:mã|ma)\s*)?(?:(?:xã|xa|phường|phuong|đặc khu|dac khu)\s*)?:?\s*(\d{5})", re.IGNORECASE
)


def phone_of(text: str) -> str | None:
    """android, iphone or khac; a model ("iphone 12", "samsung a03") says no more than its maker."""
    values = tuple(PHONES)
    if text.strip() in values:
        return text.strip()
    words = _NUMBER.sub(" ", text.casefold()).split()
    maker = " ".join(word for word in words if len(word) > 1 and word not in _MODELS)
    for said in (text, maker):
        at = pick(said, tuple(PHONES.values())) if said else None
        if at is not None:
            return values[at]
    return None


def commune_code(text: str) -> str | None:
    """The five digits of a commune's code, if the text is nothing else."""
    found = _CODE.fullmatch(text.strip())
    return found[1] if found else None


def communes(text: str) -> list[tuple[str, str]]:
    """The communes that may be meant, by code or name: their codes, and their names with the province."""
    from vietnam_provinces import Province, Ward, WardCode

    if not text.isdecimal():
        return []
    try:
        ward = Ward.from_code(WardCode(int(text)))
    except ValueError:
        return []
    return [(f"{ward.code:05}", f"{ward.name}, {Province.from_code(ward.province_code).name}")]
