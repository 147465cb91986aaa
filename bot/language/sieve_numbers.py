"""Finds the numbers in a message that identify a person or open an account, and leaves the others alone.

Nine digits and more are always a secret, except official numbers, dates and money. Fewer are left to
`sieve_codes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.core.message import Secret
from bot.language.sieve_codes import short_secret
from bot.language.sieve_harmless import are_years, harmless_spans, is_official
from bot.language.sieve_page import BLANK, CODE_BLANK, JOINED, Around, Number, Page, Span


def numbers(page: Page) -> Iterator[Span]:
    if _THREE_DIGITS.search(page.folded) is None and not spells_digits(page.folded):
        return
    page = replace(page, folded=_AND_THEN.sub(lambda match: JOINED * len(match[0]), page.folded))
    candidates = _candidates(page.folded)
    if len(candidates) > _MOST:
        yield from (Span(number.start, number.end, _kind(number.digits, "")) for number in candidates)
        return
    floor, code_end = 0, -1
    for place, number in enumerate(candidates):
        ceiling = candidates[place + 1].start if place + 1 < len(candidates) else len(page.folded)
        around = _around(page, number, floor, ceiling, code_end)
        found = list(_judge(page, number, around))
        yield from found
        floor = number.end
        if found and found[-1].kind in {Secret.OTP, Secret.PASSCODE}:
            code_end = floor


def spells_digits(folded: str) -> bool:
    return _SPELT.search(folded) is not None


def _around(page: Page, number: Number, floor: int, ceiling: int, code_end: int) -> Around:
    text = page.folded
    low = max(floor, number.start - 60)
    low = max(low, text.rfind(BLANK, low, number.start) + 1, text.rfind(CODE_BLANK, low, number.start) + 1)
    chained = low == code_end or text[low - 1 : low] == CODE_BLANK
    after = _BLANKS.split(text[number.end : min(ceiling, number.end + 40)], 1)[0]
    return Around(low, text[low : number.start], after, chained)


# Where numbers are.


def _candidates(folded: str) -> list[Number]:
    spelt = (_spelt(match) for match in _SPELT.finditer(folded))
    runs = (_run(folded, match) for match in _RUN.finditer(folded) if match.end() - match.start() > 2)
    numbers = [number for number in (*spelt, *runs) if number]
    found: list[Number] = []
    for number in sorted(numbers, key=lambda number: (number.start, -number.end)):
        if found and number.start < found[-1].end:
            found[-1] = _joined(found[-1], number)
        else:
            found.append(number)
    return found


def _joined(first: Number, second: Number) -> Number:
    """Digits said partly in words, seen by both patterns."""
    if second.end <= first.end:
        return first
    return Number(first.start, second.end, first.digits + second.digits, spelt=True)


def _run(folded: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    lead = _LOOKALIKE_LEAD.search(folded[max(0, start - 4) : start])
    start -= len(lead[1]) if lead else 0
    digits = text = folded[start:end]
    if not text.isdigit():
        digits = _digits(text)
        if sum(map(text.count, "0123456789")) * 2 < len(digits):
            return None
    if len(digits) < 4:
        return None
    tone = _TONE.match(folded, start, end)
    if tone and start and folded[start - 1].isalpha() and not _complete(digits):
        rest = digits[len(tone[1]) :]  # VNI writes tones as digits: "ma4 654000"
        if len(rest) > 8 or (len(digits) < 9 and len(rest) > 3 and folded[start - 3 : start] != "otp"):
            start, digits = tone.end(), rest
        elif len(rest) < 4:
            return None
    while start and folded[start - 1] in "+(":
        start -= 1
    return Number(start, end, digits)


def _digits(text: str) -> str:
    return text.translate(_TO_DIGITS)


def _spelt(match: re.Match[str]) -> Number | None:
    """Words like "năm" and "ba" mean many things: only many of them, or a whole number, are digits."""
    tokens = [token for token in _BETWEEN.split(match[0]) if token]
    digits = "".join(_SPELT_VALUES.get(token[:2], token) for token in tokens)
    words = sum(token[0].isalpha() for token in tokens)
    if not digits.isdigit():
        return None
    whole = words > 1 and digits[0] == "0" and len(digits) > 9 and _complete(digits)
    many = words > 5 and len(digits) > 7
    code = (
        words > 1 and 4 <= len(digits) <= 8 and all(len(token) == 1 or token[0].isalpha() for token in tokens)
    )
    return Number(match.start(), match.end(), digits, spelt=True) if whole or many or code else None


def _complete(digits: str) -> bool:
    """Whether these digits are a whole number by themselves: a phone, an identity card, a bank card."""
    match len(digits):
        case 9:
            return digits[0] != "0"
        case 10:
            return digits[0] == "0" and digits[1] > "1"
        case 11:
            return digits[:2] in {"02", "84"}
        case 12:
            return digits[0] == "0"
        case 16 | 19:
            return _luhn(digits)
        case _:
            return False


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


_MOST = 120
"""Numbers that are looked at closely. Nobody writes more by hand; a pasted list is masked as it stands."""

_BLANKS = re.compile(f"[{BLANK}{CODE_BLANK}]")
_THREE_DIGITS = re.compile(r"[0-9](?:[^0-9]{0,25}+[0-9]){2}")
_SEP = r"[ .,\-/_()+\n]"
_AND_THEN = re.compile(
    r"(?<=[0-9])[ .,]{1,2}(?:roi|tiep(?: theo)?|sau do|cham|gach(?: ngang)?|xuyet)[ .,:]{1,2}(?=[0-9])"
)
_RUN = re.compile(
    rf"[0-9](?:(?:{_SEP}{{1,3}}+(?:(?:o{{1,3}}+|[il]){_SEP}{{1,3}}+)*+|\x02++)?[oil]{{0,3}}+[0-9])*+"
    r"(?:[oil]{1,3}(?![a-z0-9]))?"
)
_LOOKALIKE_LEAD = re.compile(r"(?:^|[^a-z])([oil]{1,3})\Z")
_TONE = re.compile(rf"([0-9]{{1,3}}){_SEP}+")
_TO_DIGITS = str.maketrans("oil", "011", "".join(set(map(chr, range(128))) - set("0123456789oil")))
_WORDS = (
    "kho(?:o|6)?ng|mo(?:o|65)?tj?|hai|ba(?:yr?|ry|3y)?|bo(?:o|61)?ns?|tu|na(?:w|8)?m|lam|sa(?:us?|su|1u)"
    "|ta(?:ms?|sm|1m)|chi(?:ns?|sn|1n)|muoi|linh|le"
)
_SPELT = re.compile(
    rf"(?<![a-z])(?:(?:{_WORDS})(?![a-z0-9])|(?<![0-9])[0-9]{{1,9}}(?![0-9a-z]))"
    rf"(?:[ ,.\-/\n]{{1,3}}+(?:(?:{_WORDS})(?![a-z0-9])|[0-9]{{1,9}}+(?![a-z]))){{3,}}+"
)
_BETWEEN = re.compile(r"[ ,.\-/\n]+")
_SPELT_VALUES = {
    "kh": "0",
    "mo": "1",
    "ha": "2",
    "ba": "3",
    "bo": "4",
    "tu": "4",
    "na": "5",
    "la": "5",
    "sa": "6",
    "ta": "8",
    "ch": "9",
    "mu": "",
    "li": "",
    "le": "",
}

# What numbers are.


def _judge(page: Page, number: Number, around: Around) -> Iterator[Span]:
    if len(number.digits) > 8 or (number.spelt and len(number.digits) > 7):
        yield from _long(page, number, around)
    elif kind := short_secret(page, number, around):
        yield Span(number.start, number.end, kind)


def _long(page: Page, number: Number, around: Around) -> Iterator[Span]:
    """All of it, unless what is left beside dates, money and official numbers is too little for a secret."""
    text = page.folded[number.start : number.end]
    if number.spelt or (text.isdigit() and not is_official(text)):
        yield Span(number.start, number.end, _kind(number.digits, around.before))
        return
    harmless = harmless_spans(text, around.after)
    if sum(len(_digits(text[start:end])) for start, end in _rest(text, harmless)) < 3:
        return
    # "113" and "1414" stay when nothing else is there; beside other digits they may be a part of them.
    pieces = _rest(text, [(start, end) for start, end in harmless if end - start > 4])
    if any(0 < len(_digits(text[start:end])) < 9 for start, end in pieces):
        pieces = [(0, len(text))]
    for start, end in pieces:
        for low, high, digits in _split(text, start, end):
            yield Span(number.start + low, number.start + high, _kind(digits, around.before))


def _rest(text: str, harmless: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces with digits between what may stay."""
    edges = [0, *(edge for span in harmless for edge in span), len(text)]
    pieces = [
        (start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if _digits(text[start:end])
    ]
    return [(start, end) for start, end in pieces if not are_years(text[start:end])]


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Whole numbers that stand side by side, each by itself."""
    groups = list(_GROUP.finditer(text, start, end))
    left = sum(len(group[0]) for group in groups)
    digits, begun = "", groups[0].start()
    for place, group in enumerate(groups):
        listed = len(digits) < 3 and text[group.start() - 2 : group.start()] in {". ", ") "}  # "2. 0912…"
        if listed and len(group[0]) > 8 and _complete(_digits(group[0])):
            digits, begun = "", group.start()
        digits += _digits(group[0])
        left -= len(group[0])
        if left == 0 or (left > 8 and _complete(digits)):
            # a plus or bracket before the number goes with it
            yield (0 if begun == groups[0].start() and start == 0 else begun), group.end(), digits
            digits, begun = "", groups[place + 1].start() if left else 0


def _kind(digits: str, before: str) -> Secret:
    words = _OWNER_WORDS.findall(before)
    owner = _OWNER_OF[words[-1]] if words else ""
    if len(digits) < 8:
        return Secret.OTP
    if 13 <= len(digits) <= 19 and _luhn(digits):
        return Secret.BANK_CARD
    if owner == "account":
        return Secret.BANK_ACCOUNT
    if len(digits) == 9 and owner != "phone":
        return Secret.OLD_ID_CARD
    if len(digits) < (14 if digits.startswith(("84", "0084")) else 12 if digits[0] in "09" else 0):
        return Secret.PHONE
    return Secret.ID_CARD if len(digits) == 12 else Secret.BANK_ACCOUNT


_GROUP = re.compile(r"[0-9oil]++")
_OWNERS = {
    "account": ("stk", "so tk", "so tai khoan", "account", "ngan hang", "bank", "bidv", "vcb"),
    "phone": ("sdt", "dt", "dien thoai", "phone", "zalo", "sim"),
    "id": ("cccd", "can cuoc", "dinh danh", "cmnd", "cmt", "chung minh"),
}
_OWNER_OF = {word: owner for owner, words in _OWNERS.items() for word in words}
_OWNER_WORDS = re.compile(
    "|".join(f"{word[0]}(?<![a-z].){word[1:]}(?![a-z])" for word in _OWNER_OF).replace("b(?<![a-z].)", "b")
)
