"""Faults of the phrases that the matcher learns from: `faq/phrases/<intent>.txt`, a message a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from bot.content.faq import Known
from bot.content.problems import Problem, Spot, fault, quote, suggest
from bot.content.source import Document, read_document
from bot.content.topics import read_topics

LONGEST = 300
"""Letters of a phrase. Who writes more says more than one thing."""


class Read(Protocol):
    """What the language ring notes of a file, line by line: a mark of what is read, empty when nothing is."""

    @property
    def read(self) -> Sequence[str]: ...

    @property
    def secret(self) -> Sequence[int]:
        """Numbers of the lines in which the sieve masks something."""
        ...


class _Place(NamedTuple):
    intent: str
    file: str
    line: int


def check_phrases(root: Path, notes: Mapping[str, Read]) -> list[Problem]:
    """Every line that would teach nothing, something wrong, or somebody's number."""
    problems: list[Problem] = []
    known = _intents(root)
    first: dict[str, _Place] = {}
    for intent, of_file in notes.items():
        document = read_document(root, root / "faq" / "phrases" / f"{intent}.txt", problems)
        if document is None:
            continue
        if known is not None and intent not in known:
            message = f"{quote(intent)} không phải ý định nào trong faq/topics.yaml"
            problems.append(fault(Spot(document.file), message, suggest(intent, known)))
        _check_lines(intent, document, of_file, first, problems)
    return problems


def _intents(root: Path) -> frozenset[str] | None:
    """What topics are about; their own faults are told where they are read for the book."""
    if not (root / "faq" / "topics.yaml").exists():
        return None
    return frozenset(read_topics(root, Known({}, None, None, ""), [], []))


def _check_lines(
    intent: str, document: Document, notes: Read, first: dict[str, _Place], problems: list[Problem]
) -> None:
    file = document.file
    lines = document.text.splitlines()
    if not any(line.strip() for line in lines):
        problems.append(fault(Spot(file), "tệp chưa có câu nào", "thêm câu, mỗi câu một dòng, hoặc xóa tệp"))
    problems.extend(
        fault(Spot(file, number), "câu có số hoặc mã riêng của người dân", "che đi trước khi lưu")
        for number in notes.secret
    )
    for number, (line, read) in enumerate(zip(lines, notes.read, strict=False), 1):
        if len(line) > LONGEST:
            message = f"câu dài {len(line)} chữ cái, tối đa {LONGEST}"
            problems.append(fault(Spot(file, number, LONGEST + 1), message, "tách thành nhiều câu"))
        if not read:
            if line.strip():
                problems.append(fault(Spot(file, number), "câu không có chữ nào máy đọc được", "bỏ dòng này"))
            continue
        place = first.setdefault(read, _Place(intent, file, number))
        if place.intent != intent:
            message = f"câu {quote(line)} cũng nằm ở {place.file}:{place.line}"
            problems.append(fault(Spot(file, number), message, "một câu chỉ thuộc một tệp"))
