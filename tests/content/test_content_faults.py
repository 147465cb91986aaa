"""One fault in a file that was right gives one problem, at its place, with a way to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults_errors import KNOWN
from faults_guides import KEYS, WAYS
from faults_names import NAMES
from faults_pictures import PICTURES
from faults_speech import SPOKEN
from faults_yaml import SYNTAX, TRAPS
from shelf import Case, Shelf, spoil

from bot.content.problems import LONGEST

CASES = (*SYNTAX, *TRAPS, *KEYS, *WAYS, *NAMES, *SPOKEN, *KNOWN, *PICTURES)


def test_the_table_is_large_and_its_names_differ() -> None:
    assert len(CASES) >= 80
    assert len({(case[1], case[0], case[3]) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_one_fault_one_problem(tmp_path: Path, case: Case) -> None:
    _, file, changes, message, hint = case
    shelf = Shelf.at(tmp_path)
    text, line, column = spoil(file, *changes)
    shelf.write(file, text)
    library = shelf.read()
    assert library.book is None
    assert len(library.problems) == 1, [str(problem) for problem in library.problems]
    (problem,) = library.problems
    assert (problem.file, problem.line, problem.column) == (file, line, column), str(problem)
    assert message in problem.message
    assert hint in problem.hint
    assert str(problem).startswith(f"{file}:{line}:{column}: lỗi: {problem.message[:20]}")
    assert len(str(problem)) <= LONGEST
    assert "\n" not in str(problem)
