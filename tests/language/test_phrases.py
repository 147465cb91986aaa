"""The training phrases as they lie in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.language.sieve import sift
from bot.language.terms import reading

FILES = sorted((Path(__file__).parents[2] / "faq/phrases").glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_phrases_are_sorted_whole_and_hold_no_secret(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) >= 20
    assert lines == sorted(set(lines))
    assert all(line == " ".join(line.split()) and reading(line) for line in lines)
    assert [line for line in lines if sift(line).found] == []


def test_no_phrase_stands_for_two_intents() -> None:
    seen: dict[str, str] = {}
    twice = [
        f"{path.stem} and {other}: {line}"
        for path in FILES
        for line in path.read_text("utf-8").splitlines()
        if (other := seen.setdefault(reading(line), path.stem)) != path.stem
    ]
    assert twice == []
