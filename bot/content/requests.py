"""How people are asked for a secret, in each language: what is secret, and the shapes of a request for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.contact import FORMS_OF_ADDRESS, SOURCE


@dataclass(frozen=True, slots=True)
class Shape:
    """How a request is made. Something secret stands in it, or so many letters before or after it.

    One of `cues` is in every sentence of the shape: they are quick to look for, the pattern is not.
    """

    cues: tuple[str, ...]
    pattern: re.Pattern[str]
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Language:
    """What keeps a request from being one: `warned` is looked for in what is said up to its verb, `others`,
    that somebody else asks, before it, and `exposed`, that it is a trick, after it.
    """

    secret: re.Pattern[str]
    shapes: tuple[Shape, ...]
    warned: re.Pattern[str]
    others: re.Pattern[str]
    exposed: re.Pattern[str]


def _any(words: str) -> str:
    """One of the phrases between the bars."""
    return "(?:" + "|".join(r"\s+".join(phrase.split()) for phrase in words.split("|")) + ")"


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


_WITHIN = r"\s(?:(?:[^.!?;:\n]|\.(?=\d)){0,60}?\s)??"
_WITHIN_NOT_VNEID = r"\s(?:(?:(?!\bvneid\b)[^.!?;:\n]){0,60}?\s)??"
_RESIDENT = "|".join(FORMS_OF_ADDRESS)

_CUES = ("em", "tôi", "bot", "đây", "chat", "này")
_US = _any("em | tôi | bot | chúng em | chúng tôi | bên em")
_HERE = _any(
    "đây | dưới đây | trong đây | ngay đây | chat | khung chat | ô chat | khung trò chuyện | cuộc trò chuyện"
    "| ô trả lời | tin nhắn này | tin này | bot này | chat này | khung này | ô này | khung chat này"
    "| ô chat này | ô bên dưới tin này | số này | tài khoản này | số tài khoản này"
)
_TO_US = (
    rf"(?:{_any('cho | đến | tới | sang | qua | với')}\s+{_US}\b|em\s+{_any('nghe | xem | biết | ghi')}\b"
    rf"|{_any('vào | qua | lên | ở | tại | xuống | ngay | về')}\s+{_HERE}\b|đây\s+em\b)"
)
_SEND = _any(
    r"gửi | (?<!tin.)nhắn | đọc | cung cấp | chụp | quay video | quay phim | quay mặt | nhập | gõ | điền"
    "| ghi | viết | dán | chia sẻ | đưa | chuyển | nộp | đóng | nạp | trả | đăng | soạn | để lại | nói"
    r"| để(?=\s+(?:mật|mã|số|pass)) | trả lời(?=\s+tin\b)"
)
_SECRET = _any(
    "căn cước | cccd | cmnd | số chứng minh | số định danh | số máy | số hộ chiếu | số thẻ | 12 số"
    "| mười hai số | 6 số | sáu số | 6 chữ số | sáu chữ số | dãy số | otp | mật khẩu | passcode | pin"
    r"| mã(?!\s+(?:lỗi|vùng|hồ)\b) | số điện thoại | số di động | số zalo | sđt | số tài khoản | stk | cvv"
    "| tài khoản ngân hàng | thẻ ngân hàng | thẻ atm | thẻ tín dụng | mặt trước | mặt sau | hai mặt"
    "| ảnh thẻ | ảnh giấy | ảnh chân dung | ảnh mặt | ảnh khuôn mặt | ảnh của thẻ | ảnh bằng | ảnh sổ"
    "| hình thẻ | hình giấy | hình khuôn mặt | video | giấy tờ | giấy khai sinh | khuôn mặt | chân dung"
    "| bằng lái | hộ chiếu | hộ khẩu | số nhà | địa chỉ | ngày sinh | ngày tháng năm sinh | họ tên"
    r"| họ và tên | tiền | phí | \d[\d.]*\s*(?:k|nghìn|ngàn|đồng|triệu)"
)
_VIETNAMESE = Language(
    secret=_pattern(rf"\b{_SECRET}\b"),
    shapes=(
        # "gửi mã cho em", "số căn cước thì bác nhắn vào đây"
        Shape(_CUES, _pattern(rf"\b(?P<verb>{_SEND}){_WITHIN}{_TO_US}"), before=60, after=40),
        # "đọc giúp em 6 số": a favour done in VNeID is none to us
        Shape(
            _CUES,
            _pattern(rf"\b(?P<verb>{_SEND}){_WITHIN_NOT_VNEID}(?:giúp|hộ|giùm|dùm)\s+{_US}\b"),
            before=60,
            after=40,
        ),
        # "trả lời tin này bằng mã"
        Shape(("tin",), _pattern(r"\b(?P<verb>trả\s+lời)\s+tin\s+(?:nhắn\s+)?này\b"), after=40),
        # "cho em xin số căn cước", "báo cho em biết mật khẩu", "nhắn em số điện thoại"
        Shape(
            _CUES,
            _pattern(rf"\b(?P<verb>cho|báo|trả\s+lời|{_SEND})\s+(?:lại\s+)?(?:cho\s+)?{_US}\b"),
            after=60,
        ),
        # "chụp hai mặt thẻ gửi em"
        Shape(_CUES, _pattern(r"\b(?P<verb>gửi|đưa|đọc)\s+em\b(?!\s*«)"), before=60),
        # "em cần số căn cước", "em xin mã"
        Shape(
            _CUES,
            _pattern(
                rf"\b(?P<verb>{_US}\s+(?:chỉ\s+|đang\s+)?"
                r"(?:xin(?!\s+(?:lỗi|phép))|xin\s+phép\s+hỏi|cần|muốn|hỏi|phải\s+có|lấy))\b"
            ),
            after=40,
        ),
        # "cho xin số căn cước", "xin bác số tài khoản"
        Shape(("xin",), _pattern(rf"\b(?P<verb>cho\s+xin|xin\s+(?:{_RESIDENT}))\b"), after=30),
        # "số căn cước của bác là gì ạ?"
        Shape(
            ("?",),
            _pattern(
                rf"\b(?P<verb>(?:là|ở)\s+{_any('gì | bao nhiêu | số mấy | số nào | địa chỉ nào | mấy | đâu')}"
                r"|bao\s+nhiêu|số\s+mấy)\b(?!\s+không\b)[^.!?,;\n]{0,12}\?"
            ),
            before=40,
        ),
        # "mời bác gửi ảnh thẻ": to whom, if not to us?
        Shape(
            ("gửi", "nhắn", "đọc", "cung cấp"),
            _pattern(
                rf"\b(?:{_RESIDENT}|{_any('mời | hãy | nhờ | xin | cứ | giúp | vui lòng | làm ơn')})\s+"
                r"(?P<verb>gửi|nhắn|đọc|cung\s+cấp)\b(?![^.!?\n]*\b"
                + _any("vneid|máy|màn hình|rồi gõ|rồi nhập|ngân hàng|công an|nhà mạng|quầy|cán bộ|cổng")
                + r"\b)"
            ),
            after=25,
        ),
    ),
    # "Không được thì gửi …" and "Đừng lo, bác gửi …" warn of nothing: the warning must reach the verb
    warned=_pattern(
        r"\blỡ\s+\S+$"
        r"|\b(?:không|đừng|chớ|chẳng|khỏi|tránh)\s+(?!(?:sao|lo|ngại|sợ|vội|khó)\b)"
        r"(?:(?!(?:thì|nhưng)\b)[^\s,;:]+\s+){0,4}?"
        rf"(?:{_SEND}|báo|khai|kể|cho|hỏi|xin|đòi|nhận|bảo|cần|lưu|giữ|thu|có)\b"
        rf"(?:(?![,;:]\s*(?:{_RESIDENT}|em|mời|hãy|cứ|còn|nhưng)\b|\b(?:thì|nhưng|mà)\b)[^.!?\n])*$"
    ),
    others=_pattern(
        rf"\b{_any('ai | họ | kẻ gian | kẻ xấu | kẻ lừa đảo | người lạ | người gọi | người ta | người nào')}"
        r"\s+(?:[^\s,;]+\s+){0,4}?"
        rf"{_any('gọi | nhắn | bảo | đòi | xin | giục | hỏi | hứa | đến | mời | dụ | nhận | xưng')}\b"
    ),
    exposed=_pattern(rf"\blà\s+{_any('lừa đảo | mắc lừa | kẻ gian | kẻ xấu | giả mạo | mạo danh | giả')}\b"),
)

_ENGLISH = Language(
    secret=_pattern(
        r"\b(?:codes?|otp|passwords?|passcodes?|pin"
        r"|(?:id|identity|phone|telephone|account|card|passport)\s+numbers?|(?:six|6|12|twelve)\s+digits|(?:id|bank|credit)\s+cards?"
        r"|(?:photos?|pictures?|videos?|selfies?)\s+of|address|money|fees?)\b"
    ),
    shapes=(
        Shape(
            ("me", "us", "here", "chat"),
            _pattern(
                r"\b(?P<verb>send|text(?=\s+(?:me|us|the|your)\b)|tell|give|type|enter|read|share|forward|write|show|dictate|message"
                rf"|provide|post|paste|upload|put|transfer|pay|take){_WITHIN}(?:to\s+|with\s+)?(?<!let\s)"
                rf"{_any('me | us | here | in this chat | in the chat | into this chat | into the chat')}\b"
            ),
            after=40,
        ),
        Shape(
            ("i ", "we "),
            _pattern(
                r"\b(?P<verb>(?:I|we)\s+(?:need|want|require|must\s+have|ask\s+for))\s+(?:to\s+\w+\s+)?your\b"
            ),
            after=40,
        ),
        Shape(("what",), _pattern(r"\b(?P<verb>what(?:'s|\s+is)\s+your)\b"), after=40),
    ),
    # "If you cannot log in, give me …" warns of nothing
    warned=_pattern(r"(?:\b(?:not|never|nobody|no\s+one|cannot|without)\b|n't\b)[^,.!?\n]*$"),
    others=_pattern(r"\b(?:anyone|anybody|someone|somebody|people|they|callers?|strangers?|scammers?)\b"),
    exposed=_pattern(r"\b(?:is|are)\s+(?:an?\s+)?(?:scam|fraud|swindl|trick|fake|lie)"),
)

LANGUAGES: Mapping[str, Language] = {SOURCE: _VIETNAMESE, "en": _ENGLISH}
