"""Vietnamese as people type it on telephones → plain words that compare equal when they mean the same.

`fold` removes what carries no meaning here (case, diacritics, punctuation, stretched letters) and reads
what stands for something else (chat shorthand, leftovers of Telex and VNI, words run together, names
said out loud).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.language.gluing import unglued
from bot.language.keyboards import telex, vni
from bot.language.shorthand import COUNTED, PROTECTED, SHORTHAND, SPOKEN
from bot.language.syllables import SYLLABLES, listed, untyped

LONGEST = 4000
"""Characters that are read; a longer message says nothing more."""

_LONGEST_WORD = 80


def fold(text: str) -> str:
    """The plain words of any text, separated by single spaces; empty when it has none."""
    words: list[str] = []
    for token in tokens(text):
        word = fold_token(token)
        if " " in word:
            words.extend(word.split())
        else:
            words.append(word)
    if not _TRIGGERS.isdisjoint(words):
        words = _in_context(words)
    return " ".join(words)


def tokens(text: str) -> list[str]:
    """The words as typed, in lower case, with their diacritics composed."""
    text = text[:LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_CLEANED))[:LONGEST]
        text = _MARKS.sub("", text.lower())
    return _WORD.findall(text.lower())


def plain(token: str) -> str:
    """Without diacritics, đ and foreign digits; nothing else changes."""
    if token.isascii():
        return token
    token = token.translate(_PLAIN)
    if not token.isascii() and token.isdecimal():
        return "".join(str(unicodedata.digit(digit)) for digit in token)
    return token


def fold_token(token: str) -> str:
    """The plain word, or words, that one token of `tokens` stands for, seen by itself."""
    short = SHORTHAND.get(token)
    if short is not None:
        return short
    word = plain(token)
    short = _TYPED_SHORTHAND.get(word)
    if short is not None:
        return short
    if word in SYLLABLES or word in PROTECTED or word.isdigit() or len(word) > _LONGEST_WORD:
        return word
    return _repaired(word)


def _repaired(word: str) -> str:
    """What a plain word that is no syllable most likely is; itself when nothing fits."""
    calm = _STRETCHED.sub(r"\1\1", word)
    once = _DOUBLED.sub(r"\1", word)
    for form in (calm, once):
        if form in PROTECTED:
            return form
    split = _SPLIT_NUMBER.fullmatch(calm)
    if split is not None:
        number, unit = split.groups()
        return f"{number} {fold_token(unit)}"
    counted = _COUNTED.fullmatch(calm)
    if counted is not None and counted[2] in COUNTED.get(counted[1], ""):
        return f"{counted[1]} {counted[2]}"
    read = untyped(calm) or untyped(once)
    if read is not None:
        return read
    if once in SYLLABLES:
        return once
    short = SHORTHAND.get(once)
    if short is not None:
        return short
    return _respelt(once) or unglued(calm) or (once if calm != word else word)


def _respelt(word: str) -> str | None:
    """Chat spelling: "fải", "wên", "jấy", "khog", "mih", "nge"."""
    for pattern, right in _RESPELLINGS:
        spelt = pattern.sub(right, word)
        if spelt != word and spelt in SYLLABLES:
            return spelt
    return None


def _in_context(words: list[str]) -> list[str]:
    """Shorthand with two meanings is read by its neighbours; several words said for a name become it."""
    around = ["", *words, ""]
    seen: list[str] = []
    position = 1
    while position <= len(words):
        word = around[position]
        before, after = around[position - 1], around[position + 1]
        if word in _SPOKEN_LENGTHS:
            length = _spoken_at(around, position)
            if length:
                seen += SPOKEN[tuple(around[position : position + length])].split()
                position += length
                continue
        seen.append(_MEANINGS[word](before, after) if word in _MEANINGS else word)
        position += 1
    return " ".join(seen).split()


def _spoken_at(words: list[str], position: int) -> int:
    for length in _SPOKEN_LENGTHS[words[position]]:
        if tuple(words[position : position + length]) in SPOKEN:
            return length
    return 0


def _mk(before: str, after: str) -> str:
    secret = before in _BEFORE_PASSWORD or after in _AFTER_PASSWORD
    return "mat khau" if secret and before not in _BEFORE_ME else "minh"


def _dk(before: str, after: str) -> str:
    if after in {"khong", "ko"}:
        return "duoc"
    return "duoc khong" if before and not after and before not in {"cach", "muon"} else "dang ky"


def _ca(before: str, after: str) -> str:
    office = after in {"xa", "phuong", "huyen", "tinh", "quan", "tp", "thi", "p", "x", "ap"}
    return "cong an" if office or before in {"len", "chu"} else "ca"


def _m1(before: str, _: str) -> str:
    return "m1" if before.isdigit() else "muc 1"


def _m2(before: str, _: str) -> str:
    """A level of the account, but "100 m2" is land."""
    return "m2" if before.isdigit() else "muc 2"


def _max(before: str, _: str) -> str:
    """The keys of "mã", unless it names a telephone."""
    return "max" if before in {"pro", "iphone", "ip", "plus", "note"} or before.isdigit() else "ma"


_BEFORE_PASSWORD = frozenset(
    listed("quen doi nhap dat mat sai go dung tao nho lay ma la phuc cap reset cai co khoan va hoac")
)
_AFTER_PASSWORD = frozenset(
    listed("moi cu sai dung vneid dang cap manh yeu gi phai 6 8 20 bao hien hop khong")
)
_BEFORE_ME = frozenset(listed("cho giup ho cua voi nhu toi be ban vo chong me bo ba con hoi may nha chi"))

_MEANINGS: dict[str, Callable[[str, str], str]] = {
    "mk": _mk,
    "dk": _dk,
    "đk": _dk,
    "ca": _ca,
    "m1": _m1,
    "m2": _m2,
    "max": _max,
}
_SPOKEN_LENGTHS = {
    first: sorted({len(said) for said in SPOKEN if said[0] == first}, reverse=True)
    for first in {said[0] for said in SPOKEN}
}
_TRIGGERS = frozenset(_MEANINGS) | frozenset(_SPOKEN_LENGTHS)

_TYPED_SHORTHAND = {
    keys: meaning
    for spelling, meaning in SHORTHAND.items()
    for keys in (telex(spelling), vni(spelling))
    if keys != spelling and keys not in SYLLABLES | PROTECTED | SHORTHAND.keys()
} | {"ddk": "dk", "d9k": "dk"}
"""Shorthand with diacritics, as a keyboard leaves it that is not in Vietnamese mode: "ddc", "ho6ng3"."""

_PLAIN = {
    code: base
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (base := unicodedata.normalize("NFD", chr(code))[0].lower()) != chr(code)
} | {ord("đ"): "d", ord("ð"): "d", ord("ı"): "i"}
_INVISIBLE = (
    0xAD,
    0x34F,
    0xFEFF,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0xFE00, 0xFE10),
)
_CLEANED = dict.fromkeys(_INVISIBLE) | {
    ord("²"): " 2",
    ord("³"): " 3",
    ord("👍"): " ok ",
    ord("👌"): " ok ",
    ord("✅"): " ok ",
}

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"([a-z])\1+")
_SPLIT_NUMBER = re.compile(r"([0-9]{1,4})([a-z]{1,6})")
_COUNTED = re.compile(r"([a-z]+)([0-9])")
_RESPELLINGS = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        (r"^f", "ph"),
        (r"^w", "qu"),
        (r"^j", "gi"),
        (r"^z", "d"),
        (r"^k(?=[aou])", "c"),
        (r"^c(?=[eiy])", "k"),
        (r"^ng(?=[ei])", "ngh"),
        (r"^g(?=e)", "gh"),
        (r"gn$", "ng"),
        (r"(?<=[aeiou])g$", "ng"),
        (r"(?<=[aei])h$", "nh"),
        (r"(?<=[aeiou])k$", "ch"),
    )
)
