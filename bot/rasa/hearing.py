"""What people say for their commune and for their phone, heard into the few values that a slot may hold."""

from __future__ import annotations

import re

from bot.language.pick import pick

PHONES = {
    "android": (
        "Android", "điện thoại Android", "Samsung", "Oppo", "Xiaomi", "Redmi", "Vivo", "Realme", "Nokia",
        "Huawei", "Vsmart", "Tecno", "Honor", "Sony", "LG", "máy Samsung", "sam sung", "an đroi", "androi",
    ),
    "iphone": (
        "iPhone", "điện thoại iPhone", "Apple", "ip", "táo", "táo khuyết", "máy táo", "ai phôn", "ai phon",
        "iphon", "IOS",
    ),
    "khac": (
        "Máy khác", "khác", "không rõ", "không biết", "chưa rõ", "cục gạch", "điện thoại cục gạch",
        "điện thoại bàn phím", "máy bàn phím", "không có điện thoại thông minh",
    ),
}  # fmt: skip
_MODEL = re.compile(
    r"\b(?:ip|iphone|ss|samsung|oppo|redmi|note|xs|pro|max|plus|mini|galaxy)?\s?[a-z]?\d{1,3}[a-z]?\b"
)
_CODE = re.compile(
    r"(?:(?:mã|ma)\s*)?(?:(?:xã|xa|phường|phuong|đặc khu|dac khu)\s*)?:?\s*(\d{5})", re.IGNORECASE
)


def phone_of(text: str) -> str | None:
    """android, iphone or khac; a model ("iphone 12", "samsung a03") says no more than its maker."""
    values = tuple(PHONES)
    if text.strip() in values:
        return text.strip()
    at = pick(text, tuple(PHONES.values()))
    if at is None:
        maker = " ".join(_MODEL.sub(_maker, text.casefold()).split())
        at = pick(maker, tuple(PHONES.values())) if maker else None
    return None if at is None else values[at]


def _maker(model: re.Match[str]) -> str:
    word = re.match(r"[a-z]+", model[0])
    return word[0] if word and len(word[0]) > 1 else ""


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
