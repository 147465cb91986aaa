"""What nobody has looked at for long is listed, the oldest first; advice without a date is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from web_world import small_book, text

from bot.core.faq import Answer, Credit
from bot.web.insights.freshness import freshness

TODAY = date(2026, 11, 22)


def answer(id: str, reviewed: str, *sources: str) -> Answer:
    return Answer(id, text(f"Hỏi {id}?"), text(""), "", sources, Credit("", reviewed))


def test_what_is_older_than_ninety_days_is_stale() -> None:
    book = replace(
        small_book(),
        answers={
            one.id: one
            for one in (
                answer("moi", "2026-08-24"),
                answer("cu", "2026-08-23"),
                answer("rat-cu", "2025-01-01"),
                answer("khuyen", ""),
            )
        },
    )
    found = freshness(book, {}, TODAY)
    assert [one.name for one in found.stale] == ["Câu trả lời «Hỏi rat-cu?»", "Câu trả lời «Hỏi cu?»"]
    assert found.unreviewed == ()
    assert found.contents == 2 + 4


def test_a_guide_that_was_never_compared_is_named() -> None:
    book = small_book()
    guide = replace(book.flows["kich-hoat"], reviewed="")
    found = freshness(replace(book, flows={guide.id: guide}), {}, TODAY)
    assert found.unreviewed == ("Hướng dẫn «Kích hoạt tài khoản VNeID»",)


def test_what_rests_on_old_sources_only_is_named_with_the_newest_of_them() -> None:
    sources = {
        "A": ("", "2024-05", ""),
        "B": ("", "2025-03-04", ""),
        "C": ("", "2026-07-15", ""),
        "D": ("", "", ""),
    }
    book = replace(
        small_book(),
        flows={},
        answers={
            one.id: one
            for one in (
                answer("cu", "2026-11-21", "A", "B", "D"),
                answer("moi", "2026-11-21", "A", "C"),
                answer("khong-ngay", "2026-11-21", "D", "khong-co"),
            )
        },
    )
    found = freshness(book, sources, TODAY)
    assert [(one.name, one.date) for one in found.old] == [("Câu trả lời «Hỏi cu?»", date(2025, 3, 4))]
