"""Four to eight digits: a code or an account if the words beside them say so, or if nothing else is said."""

from __future__ import annotations

import re

from bot.core.message import Secret
from bot.language.sieve_harmless import are_years, is_date_or_version, is_money, is_official
from bot.language.sieve_page import JOINS, Around, Number, Page


def short_secret(page: Page, number: Number, around: Around) -> Secret | None:
    text = JOINS.sub(" ", page.folded[number.start : number.end])
    if is_official(number.digits):
        return None
    account = _ACCOUNT.search(around.before)
    if account and len(number.digits) > 5 and _FILLERS.fullmatch(account["rest"]):
        return Secret.BANK_ACCOUNT
    kept = not number.spelt and (is_date_or_version(text) or is_money(text, around.after))
    year = are_years(text)
    if _alone(page, number):
        return None if kept or year else Secret.OTP
    whole = number.spelt or text.isdigit() or _EVEN.fullmatch(text) is not None
    words = [word for word in _CODE_WORDS.finditer(around.before) if _says_code(page, around, word)]
    if words:
        between = around.before[words[-1].end() :]
        counted = _counted(number, around)
        if _FILLERS.fullmatch(between):
            harmless = counted or is_money(text, around.after) or _DAY.fullmatch(text)
            return None if harmless else _code_kind(words[-1][0])
        sure = len(text) == 6 or not (counted or _NOT_A_CODE.search(between))
        if words[-1][0] != "ma" and whole and sure and not (kept or year):
            return _code_kind(words[-1][0])
    return _after(number, around, whole=whole and not kept)


def _after(number: Number, around: Around, *, whole: bool) -> Secret | None:
    if not whole:
        return None
    if said := _CODE_AFTER.match(around.after):
        return Secret.PASSCODE if said["passcode"] else Secret.OTP
    six = len(number.digits) == 6 and not _counted(number, around)
    if six and (word := next((w for w in _CODE_WORDS.findall(around.after) if w != "ma"), None)):
        return _code_kind(word)
    return Secret.OTP if six and around.chained else None


def _code_kind(word: str) -> Secret:
    return Secret.PASSCODE if word.startswith(("pass", "pin", "ma pin", "mat khau")) else Secret.OTP


def _says_code(page: Page, around: Around, word: re.Match[str]) -> bool:
    """True of "mã" and, without marks, "ma"; but not "mà", "má", and no error codes."""
    if word[0] != "ma":
        return True
    typed = page.typed(around.start + word.start(), around.start + word.end()).lower()
    return typed in {"mã", "ma", "mả", "mâ"} and not _OTHER_CODE.match(around.before, word.end())


def _alone(page: Page, number: Number) -> bool:
    """Whether the message says nothing else, but for politeness."""
    before, after = page.folded[: number.start], page.folded[number.end :]
    return len(page.folded) < 80 and bool(_POLITE.fullmatch(before) and _POLITE.fullmatch(after))


def _counted(number: Number, around: Around) -> bool:
    return len(number.digits) != 6 and _UNIT.match(around.after) is not None


def _starting(*words: str, apart_from: str = "") -> str:
    """Alternatives that begin a word, by first letter, the check behind it: a search skips to letters."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?<![a-z0-9].){apart_from}(?:{'|'.join(rest)})" for first, rest in rests.items())


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
    r"|ad|t|ho|no|nguoi ta|app|vneid|gui|goi|ve|den|nhan|duoc|dc|dk|vua|moi|cu|nay|day|ne|ni|do|nha|nhe|giup"
    r"|gium|dum|dui|vao|nhap|dien|may|dt|dien thoai|tin nhan|sms|sau|bon|[468]|otp|ma|xac nhan|xac thuc"
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
    r"(?:(?:d|k|tr|cu)|\s?(?:vnd|dong|nghin|ngan|trieu|ty|lan|phut|giay|gio|ngay|thang|nam|tuoi|nguoi|ng|ky tu"
    r"|mb|gb|mah|mega|met|m2|km|cn|cong nhan|ho|tin|trang|cai))(?![a-z0-9])|\s?%"
)
_DAY = re.compile(r"[0-9]{1,2}[/\-][0-9]{1,2}")
_D = "[0-9oil]"
_GAP = r"[ .\-/]{1,3}"
_EVEN = re.compile(
    rf"{_D}++|{_D}(?:{_GAP}{_D})++"
    rf"|{_D}{{2}}(?:{_GAP}{_D}{{2}})++|{_D}{{3}}{_GAP}{_D}{{3}}|{_D}{{4}}{_GAP}{_D}{{4}}"
)
_POLITE = re.compile(
    r"(?:[^a-z0-9\x00\x01]*+(?:da|a|ah|vang|day|ne|nay|nha|nhe|do|la|em|con|bac|chau|oi|so|ok|oke|roi|gui"
    r"|chao|thua)(?![a-z0-9]))*+[^a-z0-9\x00\x01]*+"
)
