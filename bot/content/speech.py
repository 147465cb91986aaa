"""What may be said to a resident: short, with sources, nothing a swindler would say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.asking import request
from bot.content.draft import Role, Said
from bot.content.facts import HOST, PHONE, Facts, digits
from bot.content.pointing import once, spot_of
from bot.content.problems import Problem, fault, quote
from bot.content.prose import sentences, syllables, without_labels
from bot.content.texts import renderings
from bot.content.wordlist import Wordlist, read_wordlist
from bot.core.contact import SOURCE

_MOST_LETTERS: Mapping[Role, int] = {Role.LABEL: 40, Role.QUESTION: 120}
_LONGEST = 1500
_MOST_WORDS: Mapping[Role, int] = {Role.STEP: 60, Role.RETRY: 60, Role.ANSWER: 120, Role.CANNED: 80}

_RESIDENTS_VOICE = frozenset({Role.LABEL, Role.QUESTION})

_QUOTED = re.compile(r"«[^»]*»")
_LONG_NUMBER = re.compile(r"(?<![\w.,/])\d(?:[ .\-]?\d){8,}(?![\d/])")
_NOT = re.compile(
    # "Không sao, …" and "Không được thì …" warn of nothing
    r"\b(?:không|đừng|chớ|chẳng)\b(?!\s+(?:sao|lo|ngại|sợ|vội)\b)"
    r"(?!.*\b(?:thì|nhưng)\s+(?:bác|cô|chú|anh|chị|bạn|em|mời)\b)",
    re.IGNORECASE | re.DOTALL,
)
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
    """What the bot must never say in a language: phrases, and requests in whatever words.

    `warns` finds what makes a sentence a warning when it stands before a phrase, `swindle` wherever it
    stands: such a sentence may name the thing.
    """

    phrases: Wordlist
    locale: str = SOURCE
    warns: re.Pattern[str] = _NOT
    swindle: re.Pattern[str] = _SWINDLE


def read_forbidden(root: Path, problems: list[Problem], locale: str = SOURCE) -> Forbidden | None:
    phrases = read_wordlist(root, f"locales/{locale}/forbidden.txt", problems)
    return Forbidden(phrases, locale, *_WARNINGS[locale]) if phrases else None


def check_said(said: Said, facts: Facts | None, forbidden: Forbidden | None, problems: list[Problem]) -> None:
    """List what is wrong in any form that the sentence may take, each fault once."""
    found: dict[Problem, None] = {}
    forms = renderings(said.text)
    for words in forms:
        found.update(dict.fromkeys(_faults(said, words, facts)))
    if forbidden is not None and said.role not in _RESIDENTS_VOICE:
        found.update(dict.fromkeys(_never(said, forms, forbidden)))
    problems.extend(once(found))


def never(said: Said, words: str, forbidden: Forbidden) -> Iterator[Problem]:
    """What must not be said."""
    return _never(said, (words,), forbidden)


def _faults(said: Said, words: str, facts: Facts | None) -> Iterator[Problem]:
    yield from _length(said, words)
    yield from _marks(said, words)
    if facts is not None:
        yield from _addresses(said, words, facts)
    if not said.cited and said.role is not Role.RETRY:
        stated = _FACT.search(words) or PHONE.search(words)
        if stated:
            yield fault(
                spot_of(said, stated[0]),
                f"nói {quote(stated[0])} mà không dẫn nguồn",
                'thêm "sources" từ faq/facts.yaml',
            )


def _length(said: Said, words: str) -> Iterator[Problem]:
    most = _MOST_LETTERS.get(said.role, _LONGEST)
    if len(words) > most:
        yield fault(said.scalar.spot, f"dài {len(words)} ký tự, tối đa {most}", "viết ngắn lại")
    many = syllables(words)
    limit = _MOST_WORDS.get(said.role)
    if limit is not None and many > limit:
        yield fault(said.scalar.spot, f"dài {many} chữ, tối đa {limit}", "bớt chữ hoặc tách thành hai bước")


def _marks(said: Said, words: str) -> Iterator[Problem]:
    if said.role is Role.LABEL and ("**" in words or "\n" in words):
        yield fault(said.scalar.spot, "chữ trên nút chỉ một dòng, không in đậm")
    elif words.count("**") % 2:
        yield fault(spot_of(said, "**"), "dấu ** mở ra mà không đóng lại", "viết **chữ đậm**")
    rest = _QUOTED.sub("", words)
    stray = re.search("[«»]", rest)
    if stray:
        yield fault(spot_of(said, stray[0]), "dấu « » không đi thành đôi", "viết «Tên nút»")
    markup = _MARKUP.search(words)
    if markup:
        shown = quote(markup[0])
        yield fault(
            spot_of(said, markup[0].strip()), f"không dùng được {shown}", "chỉ có **chữ đậm** và xuống dòng"
        )
    added = _ADDED.search(words)
    if added:
        yield fault(spot_of(said, added[0]), f"bot tự thêm {quote(added[0])}", "bỏ khỏi câu")


def _addresses(said: Said, words: str, facts: Facts) -> Iterator[Problem]:
    for host in HOST.finditer(words):
        name = host[1].lower()
        if not (name.endswith(".gov.vn") and name in facts.hosts):
            hint = "chỉ dẫn trang .gov.vn có trong faq/facts.yaml; nếu là hai câu, thêm dấu cách sau dấu chấm"
            yield fault(spot_of(said, host[0]), f"địa chỉ lạ {quote(host[1])}", hint)
    for pattern, what in ((PHONE, "số điện thoại"), (_LONG_NUMBER, "dãy số")):
        for number in pattern.finditer(words):
            if digits(number[0]) not in facts.phones:
                hint = "chỉ nói số có trong faq/facts.yaml"
                yield fault(spot_of(said, number[0]), f"{what} lạ {quote(number[0])}", hint)
                return


def _never(said: Said, forms: Sequence[str], forbidden: Forbidden) -> Iterator[Problem]:
    spoken = tuple(dict.fromkeys(sentence for words in forms for sentence in sentences(words)))
    named: list[Problem] = []
    if any(map(forbidden.phrases.may_be_in, forms)):
        named = [problem for sentence in spoken for problem in _phrases(said, sentence, forbidden)]
    yield from named
    # The first request is enough: others are mostly the same one with another form of address.
    asked = next(filter(None, (request(sentence, forbidden.locale) for sentence in spoken)), "")
    if asked and not named:
        hint = "mã, số, ảnh, tiền: người dân không bao giờ gửi vào chat"
        yield fault(spot_of(said, asked), f"bot không được xin {quote(asked)}", hint)


def _phrases(said: Said, sentence: str, forbidden: Forbidden) -> Iterator[Problem]:
    """A warning may name the thing: «Đừng …», or a sentence about swindlers."""
    spoken = without_labels(sentence)
    for phrase in forbidden.phrases.search(spoken):
        if forbidden.warns.search(spoken[: phrase.start()]) or forbidden.swindle.search(spoken):
            continue
        better = forbidden.phrases.better(phrase[0])
        hint = f"nên viết: {better}" if better else "bỏ khỏi câu, hoặc nói là đừng làm"
        yield fault(spot_of(said, phrase[0]), f"bot không được nói {quote(phrase[0])}", hint)
