"""Masks numbers, codes and passwords before anything stores, matches or shows a resident's message.

Detectors find spans in the folded text, most certain first, and what one has found is blank for the next.
Every pattern is linear: repetitions are possessive or bounded, and nothing longer than `LONGEST` is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.app.ports import Sifted
from bot.core.message import Secret
from bot.language.sieve_numbers import numbers, spells_digits
from bot.language.sieve_page import BLANK, CODE_BLANK, LONGEST, Page, Span, blanked, fold, masked, read
from bot.language.syllables import SYLLABLES, untyped


def sift(text: str) -> Sifted:
    """The text without its secrets, and the kinds that were found, in order of appearance."""
    text = _capped(text)
    folded = fold(text)
    if not _suspicious(folded):
        return Sifted(text, ())
    page = read(text, folded)
    spans: list[Span] = []
    while found := list(_round(page)):
        # A mask may leave a neighbour standing alone, which is then judged alone, as in a second sifting.
        found.sort(key=lambda span: span.start)
        page = blanked(page, found)
        spans += found
    if not spans:
        return Sifted(text, ())
    spans.sort(key=lambda span: span.start)
    sifted = masked(page, spans)
    kinds = tuple(dict.fromkeys(span.kind for span in spans))
    if len(sifted) <= LONGEST:
        return Sifted(sifted, kinds)
    # Masks are longer than codes: what they pushed over the limit is judged once more after the cut.
    again = sift(sifted)
    return Sifted(again.text, tuple(dict.fromkeys(kinds + again.found)))


def _round(page: Page) -> Iterator[Span]:
    for detect in (_card_codes, _machine_lines, _emails, _passwords, numbers):
        found = list(detect(page))
        page = blanked(page, found)
        yield from found


def _capped(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    end = LONGEST - 1
    while end and not text[end - 1].isalpha():  # half a number is still half a secret
        end -= 1
    return text[:end] + "…"


def _suspicious(folded: str) -> bool:
    """Whether anything here could be a secret; most messages end at this point."""
    return (
        _THREE_DIGITS.search(folded) is not None
        or any(sign in folded for sign in _SIGNS)
        or spells_digits(folded)
    )


_THREE_DIGITS = re.compile(r"[0-9](?:[^0-9]*+[0-9]){2}")
_SIGNS = (
    "@",
    "<<",
    "mk",
    "kha",
    "mat ma",
    "pass",
    "pw",
    "pd",
    "m.k",
    "mkh",
    "(at)",
    "[at]",
    " a cong ",
    " a moc ",
)


# What the QR code on a card says, and the machine-readable lines on its back.


def _card_codes(page: Page) -> Iterator[Span]:
    if "|" not in page.folded:
        return
    floor = 0
    for code in _QR.finditer(page.folded):
        start = code.start()
        if not code["id"]:  # read without its first fields: the name stands before the date of birth
            start = max(floor, *(page.folded.rfind(edge, 0, start) + 1 for edge in ("\n", BLANK, CODE_BLANK)))
        yield Span(start, code.end(), Secret.CARD_QR)
        floor = code.end()


def _machine_lines(page: Page) -> Iterator[Span]:
    if "<<" not in page.folded:
        return
    for lines in _MACHINE_LINES.finditer(page.folded):
        if "<<" in lines[0] and len(lines[0].replace("<", "")) > 4:
            yield Span(lines.start(), lines.end(), Secret.CARD_QR)


_QR = re.compile(
    r"(?:(?P<id>[0-9oil](?<![0-9oil].)[0-9oil]{8}(?:[0-9oil]{3})?+) ?\|"
    r"|\| ?[0-9oil]{8} ?\|(?= ?(?:nam|nu) ?\|))"
    r"(?:[^|\x00\x01]{0,160}+\|){1,9}+(?: ?[0-9]{8}(?![0-9])|[^|\n\x00\x01]{0,120}+)"
)
_LINE = r"(?<![a-z0-9<])[a-z0-9<]{20,}+(?![a-z0-9<])"
_MACHINE_LINES = re.compile(rf"{_LINE}(?:\s{{1,2}}{_LINE}){{0,2}}")


# E-mail, also "ten a còng gmail chấm com".


def _emails(page: Page) -> Iterator[Span]:
    floor = 0
    for at in _AT.finditer(page.folded):
        low = max(floor, at.start() - 66)
        before = page.folded[low : at.start()].rstrip(" ")
        start = low + len(before.rstrip(_MAILBOX))
        if start < low + len(before):
            yield Span(start, at.end(), Secret.EMAIL)
            floor = at.end()


_AT = re.compile(
    r"(?:@|[(\[]at[)\]]|a (?:cong|moc)(?= )) {0,2}"
    r"(?:[a-z0-9-]{1,63}+"
    r"(?:\.[a-z0-9-]{2,63}+| ?(?:[.,]|cham|dot) ?(?:com|vn|net|org|edu|gov|info|me)(?![a-z0-9])){1,4}+"
    r"|(?:gmail|yahoo|hotmail|outlook|icloud)(?![a-z0-9]))"
)
_MAILBOX = "abcdefghijklmnopqrstuvwxyz0123456789._%+-"


# Passwords, recognised by the word before them (or "… là mật khẩu" after) and by not being a word themselves.


def _passwords(page: Page) -> Iterator[Span]:
    floor = 0
    for word in _PASSWORD_WORD.finditer(page.folded):
        if word.start() < floor:
            continue
        value = _value_after(page, word.end()) or _value_before(page, word.start(), floor)
        if value:
            yield value
            floor = value.end


def _value_after(page: Page, start: int) -> Span | None:
    """The first value with only small words before it, or an unmistakable one in the same sentence."""
    near, told, end = True, False, start
    for token in _TOKEN.finditer(page.folded, start):
        value = token["value"].rstrip(".,;?)\"'>…")
        if token.start() != end or token.end("lead") > start + 90 or _is_password_word(value):
            return None  # a blank lies between, or the next word for a password begins
        told = told or not {":", "="}.isdisjoint(token["lead"])
        if (near or not value.isalpha()) and _looks_like_password(value, near=near, told=told):
            place = token.start("value")
            return Span(place, place + len(value), Secret.PASSWORD)
        near = near and (not value or _SMALL_WORD.fullmatch(value) is not None)
        told = near and (told if not value else value in {"la", "laf", "la2", "day", "ne"})
        end = token.end()
        if token[0][-1] in ".?!;":
            return None
    return None


def _is_password_word(value: str) -> bool:
    word = _PASSWORD_WORD.match(value)
    return word is not None and not value[word.end() : word.end() + 1].isalnum()


def _value_before(page: Page, end: int, floor: int) -> Span | None:
    start = max(floor, end - 60)
    said = _SAID_BEFORE.search(page.folded[start:end])
    if said and _looks_like_password(said[1], near=True, told=False):
        return Span(start + said.start(1), start + said.end(1), Secret.PASSWORD)
    return None


def _looks_like_password(value: str, *, near: bool, told: bool) -> bool:
    """`near`: beside the word for it. `told`: after "là" or a colon, where a word is not expected."""
    digits = sum(map(str.isdigit, value))
    if len(value) < (4 if digits else 6):
        return False
    if _SPECIAL.search(value, 0, len(value) - 1) and any(map(str.isalnum, value)):
        return near or digits > 0
    if not near or _NO_PASSWORD.match(value):
        return False
    if value.isdigit():
        return len(value) <= 8
    if digits:
        return (digits > 1 or told) and (told or value.rstrip("!").isalnum()) and untyped(value) is None
    return told and value.isascii() and value.isalpha() and value not in SYLLABLES and untyped(value) is None


_PASSWORD_WORD = re.compile(
    r"(?<![a-z])(?:ma[at6]{0,2}5?t[j5]? ?k(?:haa?6?u[r3]?|ha63u)|mat ma|m\.?k(?:hau)?"
    r"|pass?(?:w(?:or)?d|wrod)?|p\.?w?d|pw)(?! ?code)(?![a-z@#$%^&*_+])"
)
_TOKEN = re.compile(r"(?P<lead>[\s:=,\"'(>-]{0,9}+)(?P<value>[^\s\x00\x01]++)")
_SMALL_WORD = re.compile(
    r"laf?|la2|cua|toi|tui|em|e|anh|a|chi|c|bac|co|chu|con|chau|minh|me|bo|ba|ong|t|vneid|app|cu|moi|nay|day|ne|do|no|ho"
    r"|hien|tai|dang|nhap|khoan|tk|zalo|wifi|vao|cho|thi|dat|nhu|sau|dn|is|my|dien|thoai|may"
)
_SPECIAL = re.compile(r"[@#$%^&*!_+]")
_NO_PASSWORD = re.compile(
    r"[0-9]{1,3}[a-z]{1,6}$|[0-9]{1,2}-[0-9]|(?:19|20)[0-9]{2}$|sm-"
    r"|(?:iphone|android|ios|win|galaxy|samsung|oppo|vivo|vneid|google|facebook|password|captcha|passcode|chrome|gmail)"
)
_SAID_BEFORE = re.compile(r"(?<![^\s\x00\x01])([^\s\x00\x01]{4,40}+) (?:la|do la|laf) \Z")
