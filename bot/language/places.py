"""Which commune a message names, when it says nothing else: by the code of a poster or by its name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from bot.core.places import CODE_LENGTH, Commune, Named, poster_code
from bot.language.normalise import fold, plain, tokens
from bot.language.syllables import SYLLABLES
from bot.language.words import cores

LONGEST = 120
"""Characters; nobody needs more to say where they are."""


class Gazetteer:
    """`bot.core.places.Places` of the communes it is given."""

    def __init__(self, communes: Sequence[Commune]) -> None:
        self._by_code = {commune.code: commune for commune in communes}
        self._by_name: dict[str, list[Commune]] = {}
        self._provinces = _provinces(communes)
        for commune in communes:
            self._by_name.setdefault(_key(_without(commune.name, _KINDS.values())), []).append(commune)
        self._ends = {name.split()[-1] for name in self._provinces}

    def commune(self, code: str, /) -> Commune | None:
        return self._by_code.get(code)

    def named(self, text: str, /) -> Named | None:
        if len(text) > LONGEST:
            return None
        typed = tokens(text)
        words = [plain(token) for token in typed]
        if not words or len(words) > _MOST_WORDS or not (_may_be_code(words) or self._may_name(words)):
            return None
        code, number = _poster_alone(text) or _code_in(words)
        if code:
            commune = self._by_code.get(code)
            poster = poster_code(code, number) if commune else ""
            return Named((commune,) if commune else (), sure=commune is not None, poster=poster)
        return self._by_words(typed) or self._by_words(fold(text).split())

    def _may_name(self, words: Sequence[str]) -> bool:
        """Most messages are about something else; this finds out in little time."""
        return words[-1] in self._ends or any(
            word in _SHORT or word.startswith(_BEGINNINGS) for word in words
        )

    def _by_words(self, typed: list[str]) -> Named | None:
        """The longest reading first, with less and less politeness around it."""
        for core in cores([plain(token) for token in typed]):
            words = core.split()
            at = _position(typed, words)
            led = next((count for count, word in enumerate(words) if word not in _BEFORE), 0)
            for start in dict.fromkeys((at, at + led)):
                found = self._read(typed[start : at + len(words)])
                if found is not None:
                    return found
        return None

    def _read(self, typed: list[str]) -> Named | None:
        """A kind, a name, a district, a province, in this order; a kind or a province must be there."""
        words = [plain(token) for token in typed]
        kind = next((kind for kind in _KINDS if tuple(words[: len(kind)]) == kind), ())
        words, rest = words[len(kind) :], typed[len(kind) :]
        for name, province, district in self._readings(words):
            if not kind and not province:
                continue
            if not province and len(name) == 1 and name[0] in SYLLABLES and not _marked(typed):
                continue  # "xa tien" may mean many things
            known = self._by_name.get("".join(name))
            if known:
                likely = _fitting(known, _KINDS.get(kind, ""), rest[: len(name)], province)
                if _marked(typed):
                    likely = _kept(likely, partial(_spelt, rest[: len(name)]))
                told_apart = not district and (not province or likely[0].province == province)
                said = typed[: len(kind) + len(name)]
                return Named(likely, sure=len(likely) == 1 and told_apart, name=" ".join(said))
        return None

    def _readings(self, words: list[str]) -> Iterator[tuple[list[str], str, bool]]:
        """Name, province and whether a district stands between them, the surest reading first."""
        yield words, "", False
        ends = [(end, self._province(words[end:])) for end in range(len(words) - 1, 0, -1)]
        told = [(end, province) for end, province in ends if province]
        for end, province in told:
            yield words[:end], province, False
        for end, province in (*told, (len(words), "")):
            for cut in range(end - 2, 0, -1):
                if words[cut] in _DISTRICTS:
                    yield words[:cut], province, True

    def _province(self, words: list[str]) -> str:
        kind = 1 if words[0] in {"tinh", "tp"} else 2 if words[:2] == ["thanh", "pho"] else 0
        bare = words[kind:]
        return self._provinces.get(" ".join(bare), "") or self._provinces.get(" ".join(words), "")


def _provinces(communes: Sequence[Commune]) -> dict[str, str]:
    """Each province under what people call it, in plain words."""
    now = {plain(_without(province, _PROVINCE_KINDS).lower()): province for province in _all_of(communes)}
    said = {old: now[new] for old, new in (_MERGED | _ALSO).items() if new in now}
    return said | now


def _all_of(communes: Sequence[Commune]) -> dict[str, None]:
    return dict.fromkeys(commune.province for commune in communes)


def _may_be_code(words: Sequence[str]) -> bool:
    return len(words) == 2 and len(words[0]) == CODE_LENGTH and words[0].isdigit()


def _poster_alone(text: str) -> tuple[str, int] | None:
    """A poster's code with nothing around it: "22291-3". Five digits alone may be anything."""
    match = _POSTER.fullmatch(text)
    return (match[1], int(match[2])) if match else None


def _code_in(words: list[str]) -> tuple[str, int]:
    """The five digits after a word for a commune, and a poster's number, or 0: "xa 22291", "XA22291-3"."""
    for core in cores(words):
        match = _CODE.fullmatch(core)
        if match is not None:
            return match[1], int(match[2] or 0)
    return "", 0


def _fitting(known: Sequence[Commune], kind: str, name: Sequence[str], province: str) -> tuple[Commune, ...]:
    """Those that fit best: the province that was said, the marks that were typed, the kind, in this order."""
    best = _kept(known, lambda commune: not province or commune.province == province)
    best = _kept(best, lambda commune: _agrees(name, commune.name))
    return _kept(best, lambda commune: not kind or commune.name.startswith(kind))


def _kept(communes: Sequence[Commune], fits: Callable[[Commune], bool]) -> tuple[Commune, ...]:
    """Those that fit, unless none does."""
    return tuple(filter(fits, communes)) or tuple(communes)


def _marked(typed: Sequence[str]) -> bool:
    """Whether somebody writes diacritics, so that a word without any has none."""
    return not all(token.isascii() for token in typed)


def _spelt(typed: Sequence[str], commune: Commune) -> bool:
    written = tokens(_without(commune.name, _KINDS.values()))
    return [*map(_letters, typed)] == [*map(_letters, written)]


def _agrees(typed: Sequence[str], name: str) -> bool:
    """Whether each typed word has the marks of the written one, or none; "Hoà" and "Hòa" are the same."""
    written = tokens(_without(name, _KINDS.values()))
    return len(typed) != len(written) or all(
        token.isascii() or _letters(token) == _letters(word)
        for token, word in zip(typed, written, strict=True)
    )


def _letters(token: str) -> Counter[str]:
    return Counter(unicodedata.normalize("NFD", token))


def _position(typed: Sequence[str], words: Sequence[str]) -> int:
    """Where the plain words stand among those that were typed."""
    said = [plain(token) for token in typed]
    length = len(words)
    return next(at for at in range(len(said) - length + 1) if said[at : at + length] == list(words))


def _key(name: str) -> str:
    """A name as it is looked up: plain, without spaces, for "Ea M'Droh" is typed in many ways."""
    return "".join(filter(str.isalnum, plain(name.lower())))


def _without(name: str, kinds: Iterable[str]) -> str:
    kind = next((kind for kind in kinds if name.startswith(f"{kind} ")), "")
    return name[len(kind) :].lstrip()


_MOST_WORDS = 18
_BEGINNINGS = ("xa", "phuo", "phuw", "dac", "dawc", "ddac", "commune", "ward")
"""How a word for a commune begins, in Telex too."""
_SHORT = frozenset({"x", "p"})
_KINDS = {
    ("xa",): "Xã",
    ("phuong",): "Phường",
    ("dac", "khu"): "Đặc khu",
    ("x",): "Xã",
    ("p",): "Phường",
    ("commune",): "Xã",
    ("ward",): "Phường",
}
_PROVINCE_KINDS = ("tỉnh", "thành phố")
_BEFORE = frozenset({"o", "tai", "thuoc", "la", "song", "nha", "que"})
_DISTRICTS = frozenset({"huyen", "quan", "thi", "tx", "h", "q", "tp", "thanh"})
_CODE = re.compile(
    r"(?:(?:o|la|ma|so|code) ){0,3}(?:xa|phuong|dac khu|x|p|commune|ward)(?: ?(?:so|ma|code))? ?([0-9]{5})"
    r"(?: (?:so )?([1-9][0-9]{0,2}))?"
)
_POSTER = re.compile(r"[\s«\"']*([0-9]{5})[-–]([1-9][0-9]{0,2})[\s»\"'.]*", re.ASCII)

_MERGED = {
    "ha giang": "tuyen quang",
    "yen bai": "lao cai",
    "bac kan": "thai nguyen",
    "vinh phuc": "phu tho",
    "hoa binh": "phu tho",
    "bac giang": "bac ninh",
    "thai binh": "hung yen",
    "hai duong": "hai phong",
    "ha nam": "ninh binh",
    "nam dinh": "ninh binh",
    "quang binh": "quang tri",
    "quang nam": "da nang",
    "kon tum": "quang ngai",
    "binh dinh": "gia lai",
    "ninh thuan": "khanh hoa",
    "dak nong": "lam dong",
    "binh thuan": "lam dong",
    "phu yen": "dak lak",
    "ba ria vung tau": "ho chi minh",
    "binh duong": "ho chi minh",
    "binh phuoc": "dong nai",
    "long an": "tay ninh",
    "tien giang": "dong thap",
    "ben tre": "vinh long",
    "tra vinh": "vinh long",
    "kien giang": "an giang",
    "soc trang": "can tho",
    "hau giang": "can tho",
    "bac lieu": "ca mau",
}
"""Provinces that became a part of others on 1/7/2025 (Resolution 202/2025/QH15); people still say them."""

_ALSO = {
    "hcm": "ho chi minh",
    "tphcm": "ho chi minh",
    "sai gon": "ho chi minh",
    "vung tau": "ho chi minh",
    "brvt": "ho chi minh",
    "hn": "ha noi",
    "thua thien hue": "hue",
    "dac lac": "dak lak",
    "dac lak": "dak lak",
    "dac nong": "lam dong",
}
"""What else people write for a province."""
