"""What may be said to a resident: short, one action a time, with sources, nothing a swindler would say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.draft import Role, Said
from bot.content.facts import HOST, PHONE, Facts, digits
from bot.content.problems import Problem, Spot, fault, quote
from bot.content.source import read_document
from bot.content.texts import renderings
from bot.core.contact import SOURCE

_MOST_LETTERS: Mapping[Role, int] = {Role.LABEL: 40, Role.QUESTION: 120}
_LONGEST = 1500
_MOST_WORDS: Mapping[Role, int] = {Role.STEP: 60, Role.RETRY: 60, Role.ANSWER: 120}

_RESIDENTS_VOICE = frozenset({Role.LABEL, Role.QUESTION})

_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.](?=\S)[^.!?…\n]*)*[.!?…]*\n?")
_QUOTED = re.compile(r"«[^»]*»")
_LONG_NUMBER = re.compile(r"(?<![\w.,/])\d(?:[ .\-]?\d){8,}(?![\d/])")
_PRESSES = re.compile(r"\b(?:bấm|nhấn|ấn|chạm|chọn|gạt|tích|gõ vào)\b[^.!?\n]*?«", re.IGNORECASE)
_IF = re.compile(r"\b(?:nếu|khi|còn|trường hợp|hễ|lỡ|hoặc)\b|\bnào\b.*\bthì\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:không|đừng|chớ|chẳng)\b", re.IGNORECASE)
_SWINDLE = re.compile(r"\b(?:lừa đảo|kẻ gian|kẻ xấu|kẻ lừa|giả mạo|mạo danh|giả danh)\b", re.IGNORECASE)
_WARNINGS = {
    SOURCE: (_NOT, _SWINDLE),
    "en": (
        re.compile(r"\b(?:not|never|nobody|no one|cannot)\b|n't\b", re.IGNORECASE),
        re.compile(r"\b(?:scams?|scammers?|frauds?|fraudsters?|swindlers?|criminals?|fake)\b", re.IGNORECASE),
    ),
}
_ADDED = re.compile(r"\b(?:bước|step)\s+\d+\s*/\s*\d+", re.IGNORECASE)
_MARKUP = re.compile(r"`|__|\]\(|<[a-z/!][^>]*>|^#+ |^\s*>", re.IGNORECASE | re.MULTILINE)
_FACT = re.compile(
    r"«[^»]+»"
    r"|\b\d+\s+(?:ngày|giờ|tháng|tuổi)\b"
    r"|\bcông an (?:xã|phường|cấp xã|tỉnh|thành phố)\b|\bpc06\b|\bmột cửa\b|\bubnd\b|\bủy ban\b|\bbưu điện\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Words the bot must never say in a language, and what to write in their place.

    `warns` finds what makes a sentence a warning when it stands before the words, `swindle` wherever it
    stands: such a sentence may name the thing.
    """

    pattern: re.Pattern[str]
    instead: Mapping[str, str]
    warns: re.Pattern[str] = _NOT
    swindle: re.Pattern[str] = _SWINDLE


def read_forbidden(root: Path, problems: list[Problem], locale: str = SOURCE) -> Forbidden | None:
    """One phrase a line, with `=> better words` after it where there are any."""
    document = read_document(root, root / "locales" / locale / "forbidden.txt", problems)
    if document is None:
        return None
    lines = [line.split("#")[0].strip() for line in document.text.splitlines()]
    pairs = [line.partition("=>")[::2] for line in lines if line]
    instead = {" ".join(phrase.lower().split()): better.strip() for phrase, better in pairs}
    if not instead or "" in instead:
        problems.append(fault(Spot(document.file), "mỗi dòng phải có một cụm từ không được nói"))
        return None
    phrases = (
        r"\s+".join(map(re.escape, phrase.split())) for phrase in sorted(instead, key=len, reverse=True)
    )
    pattern = re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)
    return Forbidden(pattern, instead, *_WARNINGS[locale])


def check_said(said: Said, facts: Facts | None, forbidden: Forbidden | None, problems: list[Problem]) -> None:
    """List what is wrong in any form that the sentence may take, each fault once."""
    found: dict[Problem, None] = {}
    for words in renderings(said.text):
        found.update(dict.fromkeys(_faults(said, words, facts, forbidden)))
    problems.extend(_longest_only(found))


def _longest_only(found: Mapping[Problem, None]) -> Iterator[Problem]:
    """Of faults that differ only in a count, because forms of address differ in length, the first."""
    seen: set[tuple[int, int, str]] = set()
    for problem in found:
        key = (problem.line, problem.column, re.sub(r"\d+", "", problem.message))
        if key not in seen:
            seen.add(key)
            yield problem


def _faults(said: Said, words: str, facts: Facts | None, forbidden: Forbidden | None) -> Iterator[Problem]:
    yield from _length(said, words)
    yield from _marks(said, words)
    if facts is not None:
        yield from _addresses(said, words, facts)
    if forbidden is not None and said.role not in _RESIDENTS_VOICE:
        yield from never(said, words, forbidden)
    if said.acts and said.role is Role.STEP:
        yield from _actions(said, words)
    if not said.cited and said.role is not Role.RETRY:
        stated = _FACT.search(words) or PHONE.search(words)
        if stated:
            yield fault(
                _find(said, stated[0]),
                f"nói {quote(stated[0])} mà không dẫn nguồn",
                'thêm "sources" từ faq/facts.yaml',
            )


def _length(said: Said, words: str) -> Iterator[Problem]:
    most = _MOST_LETTERS.get(said.role, _LONGEST)
    if len(words) > most:
        yield fault(said.scalar.spot, f"dài {len(words)} ký tự, tối đa {most}", "viết ngắn lại")
    many = sum(any(map(str.isalnum, word)) for word in words.split())
    limit = _MOST_WORDS.get(said.role)
    if limit is not None and many > limit:
        yield fault(said.scalar.spot, f"dài {many} chữ, tối đa {limit}", "bớt chữ hoặc tách thành hai bước")


def _marks(said: Said, words: str) -> Iterator[Problem]:
    if said.role is Role.LABEL and ("**" in words or "\n" in words):
        yield fault(said.scalar.spot, "chữ trên nút chỉ một dòng, không in đậm")
    elif words.count("**") % 2:
        yield fault(_find(said, "**"), "dấu ** mở ra mà không đóng lại", "viết **chữ đậm**")
    rest = _QUOTED.sub("", words)
    stray = re.search("[«»]", rest)
    if stray:
        yield fault(_find(said, stray[0]), "dấu « » không đi thành đôi", "viết «Tên nút»")
    markup = _MARKUP.search(words)
    if markup:
        shown = quote(markup[0])
        yield fault(
            _find(said, markup[0].strip()), f"không dùng được {shown}", "chỉ có **chữ đậm** và xuống dòng"
        )
    added = _ADDED.search(words)
    if added:
        yield fault(_find(said, added[0]), f"bot tự thêm {quote(added[0])}", "bỏ khỏi câu")


def _addresses(said: Said, words: str, facts: Facts) -> Iterator[Problem]:
    for host in HOST.finditer(words):
        name = host[1].lower()
        if not (name.endswith(".gov.vn") and name in facts.hosts):
            hint = "chỉ dẫn trang .gov.vn có trong faq/facts.yaml; nếu là hai câu, thêm dấu cách sau dấu chấm"
            yield fault(_find(said, host[0]), f"địa chỉ lạ {quote(host[1])}", hint)
    for pattern, what in ((PHONE, "số điện thoại"), (_LONG_NUMBER, "dãy số")):
        for number in pattern.finditer(words):
            if digits(number[0]) not in facts.phones:
                hint = "chỉ nói số có trong faq/facts.yaml"
                yield fault(_find(said, number[0]), f"{what} lạ {quote(number[0])}", hint)
                return


def never(said: Said, words: str, forbidden: Forbidden) -> Iterator[Problem]:
    """What must not be said. A warning may name the thing: «Đừng …», or a sentence about swindlers."""
    lowered = " ".join(words.lower().split())
    if not any(phrase in lowered for phrase in forbidden.instead):
        return  # the common case; the pattern is slower
    for sentence in _sentences(words):
        spoken = _QUOTED.sub(lambda quoted: "«" + "_" * (len(quoted[0]) - 2) + "»", sentence)
        for phrase in forbidden.pattern.finditer(spoken):
            if forbidden.warns.search(spoken[: phrase.start()]) or forbidden.swindle.search(spoken):
                continue
            better = forbidden.instead.get(" ".join(phrase[0].lower().split()), "")
            hint = f"nên viết: {better}" if better else "bỏ khỏi câu, hoặc nói là đừng làm"
            yield fault(_find(said, phrase[0]), f"bot không được nói {quote(phrase[0])}", hint)


def _actions(said: Said, words: str) -> Iterator[Problem]:
    """Two sentences that each tell to press a button; "if not, press …" is the same action."""
    presses = [
        sentence
        for sentence in _sentences(words)
        if (press := _PRESSES.search(sentence))
        and not _IF.search(sentence)
        and not _NOT.search(sentence[: press.end()])
    ]
    if len(presses) > 1:
        quoted = _QUOTED.search(presses[1])
        spot = _find(said, quoted[0]) if quoted else said.scalar.spot
        yield fault(spot, "bước này có hơn một việc phải bấm", "tách thành hai bước")


def _sentences(words: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.findall(words) if sentence.strip()]


def _find(said: Said, snippet: str) -> Spot:
    """Where the words stand in the file, however the YAML broke its lines."""
    return said.scalar.find(r"\s+".join(map(re.escape, snippet.split())))
