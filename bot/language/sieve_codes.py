"""Four to eight digits: a code or an account if the words beside them say so, or if nothing else is said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.message import Secret
from bot.language.sieve_harmless import are_years, is_date_or_version, is_money, is_official, is_poster
from bot.language.sieve_page import JOINED, JOINS, Around, Number, Page


def short_secret(page: Page, number: Number, around: Around) -> Secret | None:
    if is_official(number.digits):
        return None
    text = page.folded[number.start : number.end]
    if JOINED in text:
        text = JOINS.sub(" ", text)
    account = _ACCOUNT.search(around.before) if len(number.digits) > 5 else None
    if account and _FILLERS.fullmatch(account["rest"]):
        return Secret.BANK_ACCOUNT
    dated = not number.spelt and (is_date_or_version(text) or is_money(text, around.after))
    if _alone(page, number):
        return None if dated or are_years(text) or is_poster(text) else Secret.OTP
    if (code := _last_code_word(page, around)) and (kind := _beside(text, number, around, code, dated=dated)):
        return kind
    if dated or _DAY.fullmatch(text) or not (number.spelt or _UNIFORM.fullmatch(text)):
        return None
    return _before(number, around)


def _beside(text: str, number: Number, around: Around, code: _CodeWord, *, dated: bool) -> Secret | None:
    """The kind of a number after a word for a code."""
    between = around.before[code.end :]
    told = _TOLD.search(between) is not None
    counted = len(number.digits) != 6 and _UNIT.match(around.after) is not None
    if _FILLERS.fullmatch(between) or (told and code.sure):
        harmless = (
            is_money(text, around.after) or _DAY.fullmatch(text) or (dated and not _EVEN.fullmatch(text))
        )
        return None if harmless or (counted and not told) else code.kind
    if code.plain or dated or are_years(text) or not (number.spelt or _UNIFORM.fullmatch(text)):
        return None
    return code.kind if len(text) == 6 or not (counted or _NOT_A_CODE.search(between)) else None


def _before(number: Number, around: Around) -> Secret | None:
    """The kind of a number before a word for a code, or after another code."""
    if said := _CODE_AFTER.match(around.after):
        return Secret.PASSCODE if said["passcode"] else Secret.OTP
    if len(number.digits) != 6:
        return None
    word = next((word for word in _CODE_WORDS.findall(around.after) if word != "ma"), None)
    return _code_kind(word) if word else Secret.OTP if around.chained else None


@dataclass(frozen=True, slots=True)
class _CodeWord:
    """`plain`: "ma", which may also be "mà". `sure`: certainly a word for a code."""

    end: int
    kind: Secret
    plain: bool
    sure: bool


def _last_code_word(page: Page, around: Around) -> _CodeWord | None:
    last = None
    for word in _CODE_WORDS.finditer(around.before):
        plain = word[0] == "ma"
        typed = page.typed(around.start + word.start(), around.start + word.end()).lower() if plain else ""
        if plain and (typed in {"mà", "má", "mạ"} or _OTHER_CODE.match(around.before, word.end())):
            continue
        last = _CodeWord(word.end(), _code_kind(word[0]), plain, sure=not plain or typed == "mã")
    return last


def _code_kind(word: str) -> Secret:
    return Secret.PASSCODE if word.startswith(("pass", "pin", "ma pin", "mat khau")) else Secret.OTP


def _alone(page: Page, number: Number) -> bool:
    """Whether the message says nothing else, but for politeness."""
    if len(page.folded) > 80:
        return False
    before, after = page.folded[: number.start], page.folded[number.end :]
    return bool(_POLITE.fullmatch(before) and _POLITE.fullmatch(after))


def _starting(*words: str, apart_from: str = "") -> str:
    """Alternatives that begin a word, by first letter, the check behind it: a search skips to letters."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?<![a-z].){apart_from}(?:{'|'.join(rest)})" for first, rest in rests.items())


_END = "(?![a-z0-9])"
_BANK = "(?:ngan hang|nh|[a-z]{0,10}bank|bidv|vcb|acb|mb)"
_ACCOUNT = re.compile(
    f"(?:{_starting('stk', 'so tk', 'so tai khoan', f'tk {_BANK}', f'tai khoan {_BANK}', 'account')}){_END}"
    r"(?P<rest>(?:(?!stk)[\s\S])*+)\Z"
)
# The small words between "mã" and the code: whose it is, where it came from.
_FILLERS = re.compile(
    r"(?:[\s:=,\-\"'(>.]*+"
    r"(?:laf?|la2|so|so1|so61|soos|cua|cuar|toi|tui|em|e|anh|a|chi|c|bac|co|chu|con|chau|minh|mk|me|bo|ba|ong"
    r"|ad|t|ho|no|nguoi ta|app|vneid|gui|goi|ve|den|nhan|duoc|dc|dk|vua|moi|cu|roi|xong|ra|bao|ghi|thanh|nay"
    r"|day|ne|ni|do|nha|nhe|giup|gium|dum|dui|vao|nhap|dien|may|dt|dien thoai"
    r"|tin nhan|sms|sau|bon|[468]|otp|ma|xac nhan|xac thuc"
    r"|xac minh|kich hoat|bao mat|dang nhap|hien tai|tk|tai khoan|ngan hang|[a-z]{1,10}bank|bidv|vcb|cho|thi"
    r"|ben|trong|nhu|code|number|is|my|the|vs|voi|hien|bi mat|dat|dung)(?![a-z0-9]))*+[\s:=,\-\"'(>.]*+"
)
_CODE_WORDS = re.compile(
    _starting(
        *("pass? ?code", "pin code", "ma pin(?![a-z])", "mat khau (?:6|sau) so", f"mat ma{_END}"),
        *("o[ .]?t[ .]?p(?![a-z])", "code(?![a-z])", f"xac (?:nhan|thuc|minh){_END}", f"ma[x4]{_END}"),
        "ma (?:xac )?(?:otp|nhan|thuc|minh|xac|kich hoat|bao mat|bi mat|dang nhap)" + _END,
        f"ma (?:6|sau|4|bon) so{_END}",
        f"ma{_END}",
        apart_from="(?<!loi .)(?<!error .)",
    )
)
_OTHER_CODE = re.compile(
    r"[ :](?:loi|vung|tinh|xa|phuong|huyen|buu|vach|giam|ho so|so thue|van don|don|chung khoan|mau|nuoc"
    r"|quoc gia|so bi mat)(?![a-z0-9])"
)
_NOT_CODED = (
    *(
        "loi",
        "error",
        "dau so",
        "tong dai",
        "goi",
        "nam",
        "tu",
        "den",
        "android",
        "ios",
        "iphone",
        "duoi",
        "buoc",
    ),
    *("nghi dinh", "luat", "ban", "version", "sinh", "gia", "nop", "tra", "muc", "so nha", "duong"),
)
_NOT_A_CODE = re.compile(rf"(?:{_starting(*_NOT_CODED)})\W{{1,3}}(?:[a-z]{{1,9}}\W{{1,2}})?\Z")
_CODE_AFTER = re.compile(
    r"[\s,.\-:!)\"']{0,3}+(?:(?:la|laf|day|do|ne|nay|chinh|cai|so)\s){0,3}+"
    r"(?:(?P<passcode>pass ?code|ma pin|pin)|otp|ma otp|(?:ma|code) xac|(?<=la )ma(?! loi))(?![a-z0-9])"
)
_UNIT = re.compile(
    r"(?:(?:d|k|tr|cu)|\s?(?:vnd|dong|nghin|ngan|trieu|ty|lan|phut|giay|gio|ngay|thang|nam|tuoi|nguoi|ng"
    r"|ky tu|mb|gb|mah|mega|met|m2|km|cn|cong nhan|ho|tin|trang|cai))(?![a-z0-9])|\s?%"
)
_TOLD = re.compile(r"(?:[:=]|(?<![a-z])(?:la|laf|la2|is|ra|thanh|otp))[\s:=\"'(]*\Z")
_DAY = re.compile(r"[0-9]{1,2}[/\-][0-9]{1,2}")
_D = "[0-9oil]"
_GAP = r"[ .\-/_]{1,3}"
_UNIFORM = re.compile(rf"{_D}++(?:([ .,\-/_\n]{{1,3}}){_D}++(?:\1{_D}++)*+)?")
_EVEN = re.compile(
    rf"{_D}++|{_D}(?:{_GAP}{_D})++"
    rf"|{_D}{{2}}(?:{_GAP}{_D}{{2}})++"
    rf"|{_D}{{3}}{_GAP}{_D}{{3}}|{_D}{{4}}{_GAP}{_D}{{4}}"
)
_POLITE = re.compile(
    r"(?:[^a-z0-9\x00\x01]*+(?:da|a|ah|vang|day|ne|nay|nha|nhe|do|la|em|con|bac|chau|oi|so|ok|oke|roi|gui"
    r"|chao|thua)(?![a-z0-9]))*+[^a-z0-9\x00\x01]*+"
)
