"""The communes of Viet Nam since 1/7/2025, from the data of the library vietnam-provinces."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import msgspec

from bot.core.places import CODE_LENGTH, Commune

_LIBRARY = "vietnam_provinces"
_DATA = Path("data") / "nested-divisions.json"


class _Ward(msgspec.Struct):
    code: int
    name: str


class _Province(msgspec.Struct):
    code: int
    name: str
    division_type: str
    wards: tuple[_Ward, ...]


def read_communes() -> tuple[Commune, ...]:
    """All of them, in the order of the data.

    The library's own module makes an enumeration of 3,321 members, which takes as long as its import of
    everything else and is of no use here: its file is read, and nothing of it is imported.
    """
    spec = find_spec(_LIBRARY)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(_LIBRARY)
    data = (Path(spec.origin).parent / _DATA).read_bytes()
    provinces = msgspec.json.decode(data, type=tuple[_Province, ...])
    return tuple(
        Commune(f"{ward.code:0{CODE_LENGTH}}", ward.name.replace("’", "'"), called, f"{province.code:02}")
        for province in provinces
        for called in (_called(province),)
        for ward in province.wards
    )


def _called(province: _Province) -> str:
    """Inside a sentence: the library says "Cao Bằng", but "Thành phố Huế"."""
    if province.name.startswith("Thành phố "):
        return f"thành phố {province.name.removeprefix('Thành phố ')}"
    return f"{province.division_type} {province.name}"
