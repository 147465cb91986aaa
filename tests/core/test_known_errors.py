"""The known errors of the real content: found as people quote them, and in nobody's way."""

from __future__ import annotations

import pytest

from bot.core.book import Book
from tests.books import ROOT

URGENT = ("scam-victim", "scam-fake-police", "lost-phone-lock")


def test_every_error_is_found_by_each_of_its_wordings(book: Book) -> None:
    wordings = [error.wordings for error in book.errors]
    lost = [
        (error.id, wording)
        for at, error in enumerate(book.errors)
        for wording in error.wordings
        if book.hearing.quoted(wording, wordings) != at
    ]
    assert lost == []


@pytest.mark.parametrize("intent", URGENT)
def test_no_urgent_message_is_taken_for_an_error(book: Book, intent: str) -> None:
    wordings = [error.wordings for error in book.errors]
    phrases = (ROOT / "faq" / "phrases" / f"{intent}.txt").read_text("utf-8").splitlines()
    assert [line for line in phrases if book.hearing.quoted(line, wordings) is not None] == []


def test_control_the_phrases_of_an_error_are_taken_for_it(book: Book) -> None:
    wordings = [error.wordings for error in book.errors]
    phrases = (ROOT / "faq" / "phrases" / "system-overload.txt").read_text("utf-8").splitlines()
    assert any(book.hearing.quoted(line, wordings) is not None for line in phrases)
