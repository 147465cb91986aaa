"""One action a step: what the resident is told to do on the screen before the next answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.content.prose import sentences, without_quotations


class Kind(StrEnum):
    """What the fingers do. Opening something is only the way to what is done there."""

    OPEN = "open"
    TYPE = "type"
    MOVE = "move"
    PRESS = "press"


@dataclass(frozen=True, slots=True)
class Act:
    """`words` as they stand in the text, from the verb to the end of its clause; sentences count from 0."""

    kind: Kind
    words: str
    sentence: int


MOST = 2
"""To fill in a form and send it, to tick a box and confirm: two acts may be one action, three are not."""

_VERBS: Mapping[Kind, str] = {
    Kind.OPEN: "mở|vào|bật|tắt",
    Kind.TYPE: "nhập|gõ|điền",
    Kind.MOVE: "quét|kéo|vuốt|úp|áp",
    Kind.PRESS: "bấm|nhấn|ấn|chạm|chọn|gạt|tích|đánh dấu",
}
_KINDS = {verb: kind for kind, verbs in _VERBS.items() for verb in verbs.split("|")}
_LABEL = re.compile(r"[^,;]*?(?:«|\*\*|\b(?:dòng|mục|nút|ô|phần)\b)")
_VERB = re.compile(
    rf"(?<![\w-])(?<!đăng )(?:{'|'.join(_KINDS)})\b"
    r"(?!\s+(?:xong|rồi|được|sai|nhầm|sẵn|lâu|mắt|câu thứ|thong thả|hoa hay)\b)",
    re.IGNORECASE,
)
_JOINT = re.compile(r"[,;:()]|\b(?:rồi|sau đó|xong)\b(?:\s+thì\b)?|\bvà\b", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:nếu|khi|hễ|lỡ|trường hợp)\b|\bcòn\b(?=.*\bthì\b)|^\s*ai\b|\bai\s+(?:bảo|gọi|đòi)\b", re.IGNORECASE
)
_NOT_TOLD = re.compile(
    r"\b(?:không|đừng|chớ|chưa|khoan|chỉ|sẽ|đã|đang|vừa|thì|hoặc|hay|để|mà|cho|bảo|hỏi)\b"
    r"|\b(?:ô|chỗ|nút|hình|cách|lần|ứng dụng)\s*$"
    r"|^\s*(?:trên |trong )?(?:vneid|máy|app|màn hình)\s*$",
    re.IGNORECASE,
)
_GOING = re.compile(r"(?:^|\b(?:bác|cô|chú|anh|chị|bạn|hãy|cứ))\s*$", re.IGNORECASE)


def acts(words: str) -> tuple[Act, ...]:
    """All that is told, as it stands; conditions, warnings and what will be seen are not."""
    return tuple(_acts(words))


def counted(told: tuple[Act, ...]) -> tuple[Act, ...]:
    """What of it counts: the way to a place belongs to what is done there, and a form is filled in once."""
    kept: list[Act] = []
    for place, act in enumerate(told):
        if act.kind is Kind.OPEN and place + 1 < len(told):
            continue
        if kept and act.kind is Kind.TYPE and kept[-1].kind is Kind.TYPE:
            continue
        kept.append(act)
    return tuple(kept)


def _acts(words: str) -> Iterator[Act]:
    for number, sentence in enumerate(sentences(words)):
        plain = without_quotations(sentence)
        if not _VERB.search(plain) or _SUPPOSED.search(plain):
            continue
        joints = [joint.span() for joint in _JOINT.finditer(plain)]
        starts = (0, *(end for _, end in joints))
        ends = (*(start for start, _ in joints), len(plain))
        for start, end in zip(starts, ends, strict=True):
            told = _told(plain, start, end)
            if told:
                yield Act(told[0], sentence[told[1] : end].strip(), number)


def _told(plain: str, start: int, end: int) -> tuple[Kind, int] | None:
    """The first verb of the clause that is an order, and where it stands."""
    for verb in _VERB.finditer(plain, start):
        if verb.start() >= end:
            break
        before, rest = plain[start : verb.start()], plain[verb.end() :]
        if _NOT_TOLD.search(before):
            break
        word = verb[0].lower()
        if word == "vào" and not _GOING.search(before):
            continue
        if word == "chọn" and not _LABEL.match(rest):
            continue
        return (Kind.PRESS if rest.startswith(" «") else _KINDS[word]), verb.start()
    return None
