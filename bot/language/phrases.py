"""The phrases that people write for the matcher: one file an intent, one line a message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.language.terms import reading

LONGEST = 300
"""Letters of a line. Who writes more says more than one thing."""
LEAST_INTENTS = 3


class FaultyPhrasesError(ValueError):
    """The phrases cannot be learnt from; `faults` has a line for each reason, with file and line."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Phrase:
    """`read` are its plain words, `place` is where it stands."""

    read: str
    intent: str
    place: str


def read_phrases(folder: Path) -> tuple[Phrase, ...]:
    """Every phrase in the order of the files. Raises FaultyPhrasesError."""
    phrases: list[Phrase] = []
    faults: list[str] = []
    paths = sorted(folder.glob("*.txt"))
    for path in paths:
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            faults.append(f"{path}:1: tệp không phải chữ UTF-8, hãy lưu lại bằng bảng mã UTF-8")
            continue
        if not any(line.strip() for line in lines):
            faults.append(f"{path}:1: tệp trống, cần ít nhất một câu")
        for number, line in enumerate(lines, 1):
            place = f"{path}:{number}"
            if len(line) > LONGEST:
                faults.append(f"{place}: câu dài {len(line)} chữ, nhiều nhất là {LONGEST}; hãy tách ra")
            elif line.strip():
                phrases.append(Phrase(reading(line), path.stem, place))
    faults += [*_wordless(phrases), *_in_two_intents(phrases)]
    if len(paths) < LEAST_INTENTS:
        faults.append(f"{folder}: cần phrases của ít nhất ba ý định, mỗi ý định một tệp")
    if faults:
        raise FaultyPhrasesError(tuple(faults))
    return tuple(phrases)


def _wordless(phrases: list[Phrase]) -> Iterator[str]:
    for phrase in phrases:
        if not phrase.read:
            yield f"{phrase.place}: câu không có chữ nào đọc được"


def _in_two_intents(phrases: list[Phrase]) -> Iterator[str]:
    first: dict[str, Phrase] = {}
    for phrase in phrases:
        other = first.setdefault(phrase.read, phrase)
        if phrase.read and other.intent != phrase.intent:
            yield (
                f"{phrase.place}: câu này cũng có ở {other.place}; một câu chỉ thuộc một ý định, "
                f"{phrase.intent} hoặc {other.intent}"
            )
