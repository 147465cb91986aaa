"""Units that figures are about: a tree of free names, and which of them somebody means."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NewType

from rapidfuzz import process
from rapidfuzz.distance import OSA

UnitKey = NewType("UnitKey", int)
"""A unit's id; below zero: one that is to be added, by its place among those."""

LEVELS = ("thành phố", "tỉnh", "tp", "quận", "huyện", "thị xã", "thị trấn", "đặc khu", "phường", "xã")
_LEVEL = re.compile(rf"({'|'.join(LEVELS)})\.?\s+", re.IGNORECASE)
_SLIPS = 2
"""Letters that a name may be off by and still be asked about."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`within` is the unit that it is a part of, 0: of none. `code` is of a commune or province of today."""

    id: int
    name: str
    code: str = ""
    within: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    unit: UnitKey


@dataclass(frozen=True, slots=True)
class Likely:
    """Nearly that one: to be asked."""

    unit: UnitKey


@dataclass(frozen=True, slots=True)
class Several:
    units: tuple[UnitKey, ...]


@dataclass(frozen=True, slots=True)
class New:
    """A unit that is not there yet. `within` is a key as well."""

    name: str = ""
    within: UnitKey = UnitKey(0)
    code: str = ""
    key: UnitKey = UnitKey(0)


Found = Known | Likely | Several | New


def plain(text: str) -> str:
    """Without case, marks and signs; words apart."""
    marked = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(one for one in marked if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^\w]+|_", " ", letters).split())


def exact(name: str) -> str:
    """The same name, however it is spaced and capitalised."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


class Names:
    """Finds units by their names, those that were added meanwhile among them."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units: dict[UnitKey, Unit] = {}
        self._by_exact: defaultdict[str, list[UnitKey]] = defaultdict(list)
        self._new: dict[UnitKey, New] = {}
        self._new_by_plain: dict[tuple[str, UnitKey], UnitKey] = {}
        self._found: dict[tuple[str, UnitKey | None], Found] = {}
        self._plain: dict[UnitKey, str] = {}
        self._by_bare: defaultdict[str, list[UnitKey]] = defaultdict(list)
        for unit in units:
            key = UnitKey(unit.id)
            self._units[key] = unit
            self._by_exact[exact(unit.name)].append(key)
            self._plain[key] = plain(unit.name)
            self._by_bare[_bare(plain(unit.name))].append(key)

    @property
    def any(self) -> bool:
        return bool(self._units)

    def find(self, name: str, within: UnitKey | None, meant: Mapping[str, int]) -> Found:
        """`within`: only parts of that unit; None: whichever. `meant`: what was answered when asked."""
        asked = (exact(name), within)
        if asked not in self._found or isinstance(self._found[asked], New):
            self._found[asked] = self._look(name, within, meant)
        return self._found[asked]

    def add(self, name: str, within: UnitKey | None, code: str) -> UnitKey:
        key = UnitKey(-len(self._new) - 1)
        above = within or UnitKey(0)
        self._new[key] = New(" ".join(name.split()), above, code, key)
        self._units[key] = Unit(key, name, code, above)
        self._by_exact[exact(name)].append(key)
        self._new_by_plain.setdefault((plain(name), above), key)
        return key

    def twin(self, key: UnitKey) -> str:
        """Another new unit whose name differs in its marks alone; empty when there is none."""
        new = self._new.get(key)
        first = self._new_by_plain.get((plain(new.name), new.within)) if new else None
        return self._new[first].name if first is not None and first != key else ""

    def label(self, key: UnitKey) -> str:
        unit = self._units[key]
        above = self._units.get(UnitKey(unit.within))
        return f"{unit.name} ({above.name})" if above else unit.name

    def added(self, wanted: Collection[UnitKey]) -> tuple[New, ...]:
        """Those of the new ones that are wanted, and what they are parts of; parents first."""
        needed: set[UnitKey] = set()
        for one in wanted:
            key = one
            while key in self._new and key not in needed:
                needed.add(key)
                key = self._new[key].within
        return tuple(new for key, new in self._new.items() if key in needed)

    def _look(self, name: str, within: UnitKey | None, meant: Mapping[str, int]) -> Found:
        same = [key for key in self._by_exact.get(exact(name), ()) if self._is_in(key, within)]
        if len(same) == 1:
            return Known(same[0])
        if same:
            at_top = [key for key in same if not self._units[key].within]
            return Known(at_top[0]) if len(at_top) == 1 and within is None else Several(tuple(same))
        if within is not None and within in self._units and exact(self._units[within].name) == exact(name):
            return Known(within)  # the line of the whole, among its parts
        answered = meant.get(exact(name))
        if answered == 0:
            return New()
        if answered is not None and answered in self._units:
            return Known(UnitKey(answered))
        return self._like(name, within)

    def _like(self, name: str, within: UnitKey | None) -> Found:
        told = plain(name)
        slips = min(_SLIPS, len(_bare(told)) // 4)
        for _, _, key in process.extract(
            told, self._plain, scorer=OSA.distance, score_cutoff=slips, limit=5, processor=None
        ):
            if self._is_in(key, within) and _may_be_same(name, self._units[key].name):
                return Likely(key)
        bare = _bare(told)
        for key in self._by_bare.get(bare, ()):
            if self._is_in(key, within) and bare in {told, self._plain[key]}:
                return Likely(key)  # "Hà Tĩnh" and "Tỉnh Hà Tĩnh"
        return New()

    def _is_in(self, key: UnitKey, within: UnitKey | None) -> bool:
        return within is None or self._units[key].within == within


def _bare(folded: str) -> str:
    return _PLAIN_LEVEL.sub("", folded, count=1)


_PLAIN_LEVEL = re.compile(rf"^(?:{'|'.join(plain(level) for level in LEVELS)})\s+")


def _may_be_same(one: str, other: str) -> bool:
    """Numbers tell wards apart, and so does what kind of unit it is."""
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    kinds = [found[1].casefold() if (found := _LEVEL.match(name)) else "" for name in (one, other)]
    return kinds[0] == kinds[1] or "" in kinds
