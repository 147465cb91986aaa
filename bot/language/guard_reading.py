"""A helper's words as the guard reads them: disguises taken off, cut into sentences of plain words."""

from __future__ import annotations

import re
import unicodedata

from bot.language.gluing import unglued
from bot.language.guard_links import without_links
from bot.language.normalise import LONGEST, fold, plain
from bot.language.syllables import SYLLABLES, listed

STOP, COMMA = ".", ","
AMOUNT = "9" * 12
"""Stands for a sum of money; no word, so that nothing is read into it."""


def words_of(text: str) -> list[str]:
    """Plain words with STOP and COMMA between sentences and their parts."""
    typed = _joined(without_links(_NEVER.sub("đừng", unadorned(text))))
    typed = _SAID.sub(" dòng chữ ", _BUTTON.sub(_button, typed))
    typed = _AMOUNTS.sub(f" {AMOUNT} ", typed)
    typed = _PASSWORD.sub("mật khẩu", _RECEIVE.sub("lãnh", typed))
    typed = _WORD.sub(lambda word: _READ.get(word[0], word[0]), typed)
    typed = _NO_END.sub(" ", typed)
    typed = _LEET.sub(lambda word: _leet(word[0]), typed)
    words: list[str] = []
    for chunk in _CHUNKS.findall(typed):
        if chunk[0] in _STOPS or chunk[0] in _COMMAS:
            words.append(STOP if chunk[0] in _STOPS else COMMA)
        else:
            words += _unglued(fold(chunk).split())
    return words


def unadorned(text: str) -> str:
    """Small letters, without those that only look like others or are not seen."""
    return unicodedata.normalize("NFKC", text[:LONGEST]).translate(_ALIKE).lower()


def _unglued(words: list[str]) -> list[str]:
    """Words that a helper runs together, cut even where there are several ways to cut."""
    cut = [_cut(word) or word if 7 < len(word) < 400 and word.isalpha() else word for word in words]
    return " ".join(cut).split()


def _joined(typed: str) -> str:
    return _SHORT.sub("mã", _APART.sub(_together, typed))


def _together(run: re.Match[str]) -> str:
    """Letters apart become words: "m.ậ.t  k.h.ẩ.u", "o t p"; as typed when they spell nothing."""
    words = ["".join(filter(str.isalnum, part)) for part in _WIDE.split(run[0])]
    read = [_spelt(word) for word in words]
    return f" {' '.join(read)} " if len("".join(words)) > 3 or read != words else run[0]


def _spelt(word: str) -> str:
    bare = plain(word)
    if (found := _HIDDEN.sub(lambda secret: f" {_SECRETS[secret[0]]} ", bare)) != bare:
        return found
    return unglued(bare) or _cut(bare) or word


def _cut(letters: str) -> str:
    """Fewest syllables that fill it; empty when none do."""
    best: list[tuple[float, str] | None] = [(0, "")]
    for end in range(1, len(letters) + 1):
        ways = [
            (before[0] + (0.9 if piece in _NAMES else 1), f"{before[1]} {piece}")
            for start in range(max(0, end - 8), end)
            if (before := best[start]) is not None
            and ((piece := letters[start:end]) in SYLLABLES or piece in _NAMES)
        ]
        best.append(min(ways, default=None))
    return best[-1][1] if best[-1] else ""


def _button(quoted: re.Match[str]) -> str:
    """The name on a button says nothing, unless it speaks of the helper."""
    return quoted[0] if _SELF.search(quoted["name"]) else f"{quoted['before']} "


def _leet(word: str) -> str:
    bare = word.translate(_DIGITS)
    return bare if bare in _LEET_WORDS else word


_LOOKING = "аеорсухіјѕԁԛԝᴏοαενρτυκιнтмвкАЕОРСУХІΟΑΕΡΤΥΚΙНТМВК"
_LIKE = "aeopcyxijsdqwooaevptukihtmbkaeopcyxioaeptukihtmbk"
_SMALL = dict(zip(map(ord, "ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıɡ"), "abcdeghijklmnoprstuvwyzig", strict=True))
_RANGES = ((0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2065), (0xFE00, 0xFE10))
_INVISIBLE = (
    *(0xAD, 0x34F, 0x180E, 0xFEFF),
    *(code for first, last in _RANGES for code in range(first, last)),
)
_ALIKE: dict[int, str | None] = {
    **dict(zip(map(ord, _LOOKING), _LIKE, strict=True)),
    **_SMALL,
    **dict.fromkeys(_INVISIBLE),
}
_APART = re.compile(r"(?<![^\W_])[^\W_](?:[\s.\-_*,·•|/+~]{1,3}[^\W_](?![^\W_])){2,200}+")
_NAMES = frozenset(listed("app otp nfc sim pass code zalo link file video vneid 4 6 12"))
_SHORT = re.compile(r"(?<!\w)m[\s.\-_*]{1,2}[ãa](?!\w)(?! (?:e|c|b|a)(?!\w))")
_WIDE = re.compile(r"\s{2,}")
_SECRETS = {
    "matkhau": "mật khẩu", "otp": "otp", "passcode": "passcode", "cccd": "cccd", "cmnd": "cmnd",
    "cancuoc": "căn cước", "chungminh": "chứng minh", "zalo": "zalo", "facebook": "facebook",
    "telegram": "telegram", "stk": "stk", "sotaikhoan": "số tài khoản", "chuyenkhoan": "chuyển khoản",
    "thecao": "thẻ cào", "sodienthoai": "số điện thoại", "sdt": "sđt", "ultraview": "ultraviewer",
    "teamview": "teamviewer", "anydesk": "anydesk", "apk": "apk", "xacnhan": "xác nhận",
    "chandung": "chân dung", "khuonmat": "khuôn mặt", "dinhdanh": "định danh",
}  # fmt: skip
_HIDDEN = re.compile("|".join(_SECRETS))
_BUTTON = re.compile(
    r"(?P<before>(?:bấm|bam|nhấn|ấn|an|nút|nut|chọn|chon|mục|muc|chữ|chu|phần|phan|nhắn|nhan|gõ|go)"
    r"(?: vào| vao)?) ?"
    r"[«“\"](?P<name>[^»”\"]{1,40})[»”\"]"
)
_SAID = re.compile(
    r"[«“\"](?:quên|quen|đổi|doi|đăng ký|dang ky|cài|cai|kích hoạt|kich hoat|gặp|gap|khai|đưa giấy|dua giay"
    r"|khóa|khoa|làm|lam|bị|bi|giấy tờ|giay to|trẻ em|tre em|thiết bị|thiet bi|mã không|ma khong)"
    r"(?!\w)[^»”\"]{0,40}[»”\"]"
)
"""What the bot is to be told, by the words that such wishes begin with."""
_SELF = re.compile(r"\b(?:cháu|chau|em|con|mình|minh|tôi|toi|đây|day)\b")
_AMOUNTS = re.compile(
    r"(?<![\w.])[0-9][0-9.,]{0,12}\s{0,2}"
    r"(?:k|nghìn|nghin|ngàn|ngan|triệu|trieu|tr|đồng|dong|đ|d|vnđ|vnd|củ|lít|xị)(?!\w)"
    r"|(?<!\w)(?:mươi|chục|trăm|tram|chuc) (?:nghìn|nghin|ngàn|k)(?!\w)"
)
_WORD = re.compile(r"[^\W_]+")
_READ = {
    "nhấn": "bấm", "ấn": "bấm", "mà": "nhưng", "má": "mẹ", "ảnh": "hình", "chờ": "đợi", "chỗ": "vị trí",
    "chợ": "phố", "còn": "vẫn", "mấy": "bao nhiêu", "lỡ": "trót", "nơi": "vị trí", "bảo": "dặn",
    "nhân": "người", "chuyện": "việc", "cân": "đo", "lô": "dãy", "dọc": "dài", "dùng": "xài", "đúng": "chuẩn",
    "đứng": "đậu", "quầy": "một cửa", "cấm": "không được", "mả": "mộ", "mạ": "mẹ", "ck": "chuyển khoản",
    "ib": "inbox", "inb": "inbox", "fb": "facebook", "zl": "zalo", "tele": "telegram", "add": "kết bạn",
    "bn": "bao nhiêu",
}  # fmt: skip
"""Words that look like others without their marks, by others that do not; and a helper's shorthand, which
`fold` reads as residents mean it.
"""
_NEVER = re.compile(r"\b(?:never|don['’]?t|do not)\b")
_RECEIVE = re.compile(r"(?<!xác )(?<!\w)nhận(?!\w)")
_PASSWORD = re.compile(
    r"(?<!\w)mk(?=(?: (?:vneid|cu|cũ|moi|mới|cua|của|la|là|bac|bác|co|cô|chu|chú|ba|bà|dang|đang|dn))(?!\w))|"
    + "|".join(rf"(?<=\b{word} )mk\b" for word in listed("e em c chau cháu con va và xin dat đặt doc đọc"))
)
_LEET = re.compile(r"(?<!\w)(?=[a-z]*[0-9@$])(?=[0-9@$]*[a-z])[a-z0-9@$]{2,12}(?!\w)")
_DIGITS = str.maketrans("01345780@$", "oieastboas")
_LEET_WORDS = frozenset(
    listed(
        "otp zalo mat khau pass passcode telegram facebook tien ngan hang cccd stk ma"
        " bac co chau em gui doc cho nhan chup chuyen khoan so"
    )
)
_NO_END = re.compile(r"(?<=\w)\.(?=\w)")
_STOPS, _COMMAS = ".!?;…\n", ",:()–—"
_CHUNKS = re.compile(r"[.!?;…\n]+|[,:()–—]+|[^.!?;…\n,:()–—]+")
