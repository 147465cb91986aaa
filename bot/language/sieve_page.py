"""A message as the sieve reads it: folded character by character, with the way back to what was typed.

Digits of all scripts become 0-9, letters plain a-z, invisible characters vanish. What is masked is blank: no
pattern matches a blank and no context reaches across one, so a masked text
is judged as the text it came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.message import Secret

LONGEST = 4_000
"""Characters that are read of one message."""

MASKS = {
    Secret.ID_CARD: "[số căn cước]",
    Secret.OLD_ID_CARD: "[số CMND]",
    Secret.PHONE: "[số điện thoại]",
    Secret.OTP: "[mã OTP]",
    Secret.PASSWORD: "[mật khẩu]",
    Secret.PASSCODE: "[mã passcode]",
    Secret.BANK_CARD: "[số thẻ ngân hàng]",
    Secret.BANK_ACCOUNT: "[số tài khoản]",
    Secret.EMAIL: "[email]",
    Secret.CARD_QR: "[mã QR thẻ]",
}
BLANK, CODE_BLANK = "\x00", "\x01"
"""What stands for a mask in the folded text; no character folds to these. Codes often come in pairs."""

JOINED = "\x02"
JOINS = re.compile("\x02++")
"""What stands for "rồi" and "tiếp theo" between two parts of one number."""


@dataclass(frozen=True, slots=True)
class Span:
    """A secret, by its place in the folded text."""

    start: int
    end: int
    kind: Secret


@dataclass(frozen=True, slots=True)
class Page:
    """`positions[i]` is where the folded character i stands in `text`."""

    text: str
    folded: str
    positions: Sequence[int]

    def place(self, at: int) -> int:
        return self.positions[at] if at < len(self.folded) else len(self.text)

    def typed(self, start: int, end: int) -> str:
        return unicodedata.normalize("NFC", self.text[self.place(start) : self.place(end)])


@dataclass(frozen=True, slots=True)
class Number:
    """Digits that may belong together, `o` read as 0, `i` and `l` as 1."""

    start: int
    end: int
    digits: str
    spelt: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """The words beside a number, up to the next number or mask. `chained`: a code stands just before them."""

    start: int
    before: str
    after: str
    chained: bool


def fold(text: str) -> str:
    return text.translate(_FOLD)


def read(text: str, folded: str) -> Page:
    """The page of a text and its fold, with the masks of an earlier sifting already blank."""
    page = Page(text, folded, _positions(text, folded))
    marks = [Span(mark.start(), mark.end(), _KINDS[mark[0]]) for mark in _MARKS.finditer(folded)]
    return blanked(page, marks)


def blanked(page: Page, spans: Sequence[Span]) -> Page:
    """`spans` in order."""
    parts, at = [], 0
    for span in spans:
        blank = CODE_BLANK if span.kind in {Secret.OTP, Secret.PASSCODE} else BLANK
        parts += [page.folded[at : span.start], blank * (span.end - span.start)]
        at = span.end
    return replace(page, folded="".join([*parts, page.folded[at:]])) if spans else page


def masked(page: Page, spans: Sequence[Span]) -> str:
    """The text as typed, with masks for `spans`, which are in order."""
    parts, at = [], 0
    for span in spans:
        parts += [page.text[at : page.place(span.start)], MASKS[span.kind]]
        at = page.place(span.end)  # takes along invisible characters that follow the last digit
    return "".join([*parts, page.text[at:]])


def _positions(text: str, folded: str) -> Sequence[int]:
    if len(text) == len(folded):
        return range(len(text))
    return [place for place, char in enumerate(text) if _FOLD[ord(char)] is not None]


class _Fold(dict[int, str | None]):
    """Learns characters as it meets them: a table of all of Unicode would slow every start."""

    def __missing__(self, code: int) -> str | None:
        folded = _fold(chr(code))
        if len(self) < LONGEST:
            self[code] = folded
        return folded


def _fold(char: str) -> str | None:
    if char in _ALIKE:
        return _ALIKE[char]
    category = unicodedata.category(char)
    if category in {"Lo", "Cs", "Co", "Cn"}:
        return char
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if category[0] == "Z" or char in "\t\r\v\f\x85":
        return " "
    if category in {"Mn", "Me", "Cf", "Cc"}:
        return None
    if category == "Pd":
        return "-"
    lower = unicodedata.normalize("NFKD", char)[0].lower()
    return lower if len(lower) == 1 else char


_ALIKE: dict[str, str | None] = {
    **dict(zip("đĐоОοОıІіІ〇", "ddooooiiii0", strict=True)),
    **dict(zip("⁄∕−•∙·。“”’⠀\n", '//-....""\' \n', strict=True)),
    **dict.fromkeys("\u115f\u1160\u3164\uffa0", None),  # letters of Hangul that show nothing
}
_FOLD = _Fold()
_KINDS = {fold(mask): kind for kind, mask in MASKS.items()}
_MARKS = re.compile("|".join(map(re.escape, _KINDS)))
