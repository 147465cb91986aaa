"""What the bot may state: facts with grades, and the dated sources behind them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import yaml

from bot.content.fields import fields, one_of, text, texts
from bot.content.problems import Problem, fault, quote, suggest
from bot.content.source import Node, Pairs, Scalar, parse, read_document

PHONE = re.compile(
    r"(?<![\w.,/])(?!\d{1,2}[.\-]\d{1,2}[.\-]\d{4}\b)(?:\+\s?84|84|0|1[89]00)(?:[ .\-]{0,2}\d){4,12}(?![\d/])"
)
HOST = re.compile(
    r"(?<![\w.@/-])(?!TP\.HCM\b)(?:https?://|www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?![\w-])", re.IGNORECASE
)


_LABEL = re.compile(r"«([^»]+)»")
_DAY = re.compile(r"\d{4}(?:-\d{2}){0,2}")


class Grade(StrEnum):
    CERTAIN = "chac"
    LIKELY = "vua"
    OLD = "cu"
    UNVERIFIED = "chua-xac-minh"
    DISPUTED = "mau-thuan"
    EDITORIAL = "bien-soan"


NOT_CITED = frozenset({Grade.UNVERIFIED, Grade.DISPUTED})
_SOURCED = frozenset({Grade.CERTAIN, Grade.LIKELY})
_SOURCE_GRADES = ("A", "B", "C")
_TOLD_GRADES = ("A", "B")
"""A source of grade C may support a fact, but it is no name to show to a reader."""
_MOST_TOLD = 2
_REPRINT = "(đăng lại)"
_PUBLISHER = re.compile(r"(.{2,40}?) – ")


@dataclass(frozen=True, slots=True)
class Source:
    """`publisher` is who says it, `month` when, as readers write it: "7/2026"; empty where not known."""

    grade: str
    publisher: str
    date: str

    @property
    def month(self) -> str:
        year, _, month = self.date.partition("-")
        return f"{int(month[:2])}/{year}" if month else year


@dataclass(frozen=True, slots=True)
class Facts:
    """Grades and sources by fact id; hosts, phone numbers and buttons that residents may be told of."""

    grades: Mapping[str, Grade]
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()

    @property
    def outdated(self) -> frozenset[str]:
        """Facts that rest on old sources only."""
        return frozenset(id for id, grade in self.grades.items() if grade is Grade.OLD)


def read_facts(root: Path, problems: list[Problem]) -> Facts | None:
    document = read_document(root, root / "faq" / "facts.yaml", problems)
    node = parse(document, problems) if document else None
    if node is None:
        return None
    found = fields(node, ("facts", "sources"), (), problems)
    if found is None or len(found) < 2:
        return None
    listed = _entries(found["sources"], problems)
    sources = {key.value: _source(key, entry, problems) for key, entry in listed}
    rows = [_fact(key, entry, sources, problems) for key, entry in _entries(found["facts"], problems)]
    told = [words for _, grade, words, _ in rows if grade not in NOT_CITED]
    return Facts(
        {id: grade for id, grade, _, _ in rows},
        {id: tuple(source for name in cited if (source := sources[name])) for id, _, _, cited in rows},
        frozenset(host for words in told for host in hosts(words) if host.endswith(".gov.vn")),
        frozenset(digits(phone) for words in told for phone in PHONE.findall(words)),
        frozenset(" ".join(label.split()) for words in told for label in _LABEL.findall(words)),
    )


def citations(root: Path) -> dict[str, tuple[str, str, str]]:
    """Each fact's first source as readers see it: title, date (as far as it is known) and web address.

    The file must have been read without a problem before.
    """
    written = yaml.load((root / "faq" / "facts.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    sources = written["sources"]
    first = {id: sources[fact["sources"][0]] for id, fact in written["facts"].items() if fact["sources"]}
    return {
        id: (
            source["title"],
            _DAY.findall(source["date"])[0] if _DAY.search(source["date"]) else "",
            source["url"],
        )
        for id, source in first.items()
    }


def credited(cites: Iterable[str], facts: Facts | None) -> str:
    """Who says it, at most two: "Công an Phú Thọ 7/2026, Dân trí 11/2025".

    Official sources come first, then who is cited most, then newer before older; reprints are not named.
    """
    sources = [source for cite in cites for source in (facts.sources.get(cite, ()) if facts else ())]
    told = [
        source
        for source in sources
        if source.grade in _TOLD_GRADES and source.publisher and _REPRINT not in source.publisher
    ]
    often = Counter(source.publisher for source in told)
    newest: dict[str, Source] = {}
    for source in sorted(told, key=lambda source: (source.date, source.grade), reverse=True):
        newest.setdefault(source.publisher, source)
    by_date = sorted(newest.values(), key=lambda source: (source.date, source.publisher), reverse=True)
    ordered = sorted(by_date, key=lambda source: (source.grade, -often[source.publisher]))
    return ", ".join(f"{source.publisher} {source.month}".strip() for source in ordered[:_MOST_TOLD])


def hosts(words: str) -> list[str]:
    return [host.lower() for host in HOST.findall(words)]


def digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def _entries(node: Node, problems: list[Problem]) -> tuple[tuple[Scalar, Node], ...]:
    if isinstance(node, Pairs):
        return node.pairs
    problems.append(fault(node.spot, "chỗ này phải là các mục, mỗi dòng một mục: giá trị"))
    return ()


def _source(key: Scalar, node: Node, problems: list[Problem]) -> Source | None:
    found = fields(node, ("date", "grade", "title", "url"), (), problems, key)
    if found is None:
        return None
    date = text(found.get("date"), problems)
    title = text(found.get("title"), problems)
    grade = one_of(found.get("grade"), _SOURCE_GRADES, problems)
    url = text(found.get("url"), problems)
    if url is not None and not url.value.startswith(("https://", "http://", "urn:")):
        problems.append(
            fault(url.spot, f"{quote(url.value)} không phải địa chỉ web", "bắt đầu bằng https://")
        )
    if date is None or title is None or grade is None:
        return None
    publisher, day = _PUBLISHER.match(title.value), _DAY.search(date.value)
    return Source(grade, publisher[1] if publisher else "", day[0] if day else "")


def _fact(
    key: Scalar, node: Node, sources: Collection[str], problems: list[Problem]
) -> tuple[str, Grade, str, list[str]]:
    """The id is known even when its row has a fault, so that citing it is not a second one."""
    found = fields(node, ("grade", "sources", "text"), (), problems, key) or {}
    words = text(found.get("text"), problems)
    grade = one_of(found.get("grade"), tuple(Grade), problems)
    cited = list(texts(found.get("sources"), problems))
    problems.extend(
        fault(code.spot, f"không có nguồn {quote(code.value)}", suggest(code.value, sources))
        for code in cited
        if code.value not in sources
    )
    if grade in _SOURCED and not cited and "sources" in found:
        problems.append(
            fault(key.spot, f"{quote(key.value)} không có nguồn nào", "thêm nguồn hoặc hạ mức tin cậy")
        )
    known = [code.value for code in cited if code.value in sources]
    return key.value, Grade(grade or Grade.CERTAIN), words.value if words else "", known
