"""What people say for their commune and for their phone, heard into the few values that a slot may hold."""

from __future__ import annotations

import re

from bot.core.places import Named, Places
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
KINDS = ("xã", "phường", "đặc khu")


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


def commune_named(places: Places, text: str) -> Named:
    """What is meant where a commune was asked for: there a bare code or a bare name is enough."""
    commune = places.commune(text.strip())
    if commune is not None:
        return Named((commune,), sure=True)
    whole = places.named(text)
    if whole is not None:
        return whole
    kinds = [found for kind in KINDS if (found := places.named(f"{kind} {text}")) is not None]
    communes = tuple(dict.fromkeys(commune for found in kinds for commune in found.communes))
    return Named(communes, sure=len(communes) == 1 and all(found.sure for found in kinds))
