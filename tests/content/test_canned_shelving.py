"""What an organiser approves is written as a person would write it, or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from shelf import REPOSITORY, TODAY, Deaf, Shelf

from bot.app.proposals import Kind, Plan, Proposed, Written
from bot.content import inserting
from bot.content.inserting import CannotInsert, entry_added, fact_added, values_replaced
from bot.content.library import read
from bot.content.problems import Problem
from bot.content.shelving import FileShelf
from bot.content.source import Document
from bot.core.flow import Variables

CANNED = """\
# A comment at the top.
replies:

  # ── Beginning ──

  chao:   # said first
    title: Chào
    text: |
      Em chào {{ xung_ho }} ạ.
    reviewed: "2026-11-01"
"""
REPLY = Proposed(Kind.CANNED, "Chờ một lát", "Bác chờ em một lát ạ. Bác sĩ cũng thế.", intent="fee")
ANSWER = Proposed(Kind.ANSWER, text="Bác không mất phí ạ.\n\nGọi 1900 0368 nhé.", intent="fee", sources="N5")
ERROR = Proposed(
    Kind.ERROR, "Báo số 1404", "Bác thử lại ạ.", "activate-error", shown="Lỗi số 1404 rồi", meaning="Máy bận."
)


def checks(root: Path, today: str) -> Sequence[Problem]:
    return read(root, Deaf(), organisation="", web_address="", today=today).problems


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf.at(tmp_path / "content")
    shelf.write("faq/mau-tra-loi.yaml", CANNED)
    return shelf


def planned(shelf: Shelf, proposed: Proposed) -> Plan:
    return FileShelf(shelf.root, checks).plan(proposed, TODAY)


def everything(root: Path) -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("proposed", [REPLY, ANSWER, ERROR], ids=lambda proposed: proposed.kind)
def test_what_is_approved_passes_every_check(shelf: Shelf, proposed: Proposed) -> None:
    plan = planned(shelf, proposed)
    assert plan.faults == ()
    assert FileShelf(shelf.root, checks).write(plan) is Written.YES
    assert shelf.read().problems == ()


def test_a_reply_is_put_at_the_end_and_all_else_stays(shelf: Shelf) -> None:
    FileShelf(shelf.root, checks).write(planned(shelf, REPLY))
    written = (shelf.root / "faq/mau-tra-loi.yaml").read_text("utf-8")
    assert written.startswith(CANNED)
    assert written.removeprefix(CANNED) == (
        "\n  cho-mot-lat:\n"
        '    title: "Chờ một lát"\n'
        "    text: |\n"
        "      {{ xung_ho|capitalize }} chờ em một lát ạ. Bác sĩ cũng thế.\n"
        f"    sources: [P-{TODAY}]\n"
        "    intents: [fee]\n"
        f'    reviewed: "{TODAY}"\n'
    )
    book = shelf.read().book
    assert book is not None
    assert book.canned[-1].text(Variables("cô")) == "Cô chờ em một lát ạ. Bác sĩ cũng thế."


def test_an_answer_gets_other_words_in_its_place(shelf: Shelf) -> None:
    before = (shelf.root / "faq/chung.yaml").read_text("utf-8").splitlines()
    FileShelf(shelf.root, checks).write(planned(shelf, ANSWER))
    after = (shelf.root / "faq/chung.yaml").read_text("utf-8").splitlines()
    assert [line for line in before if line not in after] == [
        "    answer: Không mất phí ạ. Cần hỏi thêm thì gọi 1900 0368.",
        "    sources: [N5]",
        '    reviewed: "2026-11-01"',
    ]
    book = shelf.read().book
    assert book is not None
    assert book.answers["fee"].text(Variables("cô")) == "Cô không mất phí ạ.\n\nGọi 1900 0368 nhé."
    assert book.answers["fee"].credit.reviewed == TODAY


def test_the_source_is_whoever_answers_for_it_and_tells_nothing_new(shelf: Shelf) -> None:
    FileShelf(shelf.root, checks).write(planned(shelf, ANSWER))
    facts = (shelf.root / "faq/facts.yaml").read_text("utf-8")
    assert f"  P-{TODAY}: {{grade: bien-soan, sources: [], text: " in facts
    assert "theo người phụ trách, ngày 21/11/2026" in facts
    again = planned(shelf, REPLY)  # a second one of the same day rests on the same fact
    assert "faq/facts.yaml" not in {change.path for change in again.changes}


@pytest.mark.parametrize(
    ("proposed", "told"),
    [
        (Proposed(Kind.CANNED, "Xin mã", "Bác đọc mã OTP cho em ạ."), "không được nói"),
        (Proposed(Kind.CANNED, "Số lạ", "Bác gọi 0912345678 ạ."), "lạ"),
        (Proposed(Kind.CANNED, "Trang lạ", "Bác vào vneid.com.vn ạ."), "địa chỉ lạ"),
        (Proposed(Kind.CANNED, "Dài", "Bác làm đi ạ. " * 60), "tối đa 80"),
        (Proposed(Kind.CANNED, "Biến", "Bác {{ otp }} ạ."), "không có biến"),
        (Proposed(Kind.CANNED, "", "Bác chờ ạ."), "còn trống"),
        (Proposed(Kind.CANNED, "Chào", "Bác chờ ạ."), "cũng có tên"),
        (Proposed(Kind.CANNED, "Nguồn", "Bác chờ ạ.", sources="F99"), "F99"),
        (Proposed(Kind.ANSWER, text="Bác chờ ạ.", intent="install-how"), "chưa có câu trả lời"),
        (Proposed(Kind.ERROR, "Ngắn", "Bác chờ ạ.", shown="Lỗi", meaning="Bận."), "ngắn quá"),
        (Proposed(Kind.CANNED, "Học", "Bác chờ ạ.", intent="../../x", question="a", teach=True), "không"),
    ],
)
def test_with_a_fault_nothing_can_be_written(shelf: Shelf, proposed: Proposed, told: str) -> None:
    before = everything(shelf.root)
    plan = planned(shelf, proposed)
    assert any(told in fault for fault in plan.faults), plan
    assert everything(shelf.root) == before


@pytest.mark.parametrize(
    "words",
    ['Bác chờ "ạ".', "- a: b\n  - c", "a: b # c", "'", "\\", "*x &y !z", "%TAG", "?\n:\n-", "x\n\n\n\ny  "],
)
def test_no_words_break_out_of_their_place(shelf: Shelf, words: str) -> None:
    proposed = Proposed(Kind.CANNED, f"Câu {words}"[:50], f"Bác chờ ạ.\n{words}")
    plan = planned(shelf, proposed)
    change = next(change for change in plan.changes if change.path == "faq/mau-tra-loi.yaml")
    shelf.write(change.path, change.after)
    others = [one for one in shelf.read().problems if "YAML" in one.message]
    assert others == []


def test_a_folder_that_may_not_be_written_stays_as_it_was(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(shelf, ANSWER)
    assert len(plan.changes) == 2
    before = everything(shelf.root)
    real = Path.replace

    def full(path: Path, target: Path) -> Path:
        if target.name == plan.changes[-1].path.rpartition("/")[2]:
            raise OSError(28, os.strerror(28))
        return real(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        assert FileShelf(shelf.root, checks).write(plan) is Written.READ_ONLY
    assert everything(shelf.root) == before
    assert plan.pieces[0].text  # to be copied by hand


def test_what_changed_meanwhile_is_not_overwritten(shelf: Shelf) -> None:
    plan = planned(shelf, REPLY)
    shelf.write("faq/mau-tra-loi.yaml", CANNED.replace("Em chào", "Cháu chào"))
    before = everything(shelf.root)
    assert FileShelf(shelf.root, checks).write(plan) is Written.STALE
    assert everything(shelf.root) == before


def test_negative_control_an_insertion_that_changes_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document("faq/mau-tra-loi.yaml", CANNED)
    with pytest.raises(CannotInsert):  # breaks out of its entry
        entry_added(document, "replies", "xin", "    title: x\n  chen-vao:\n    title: y\n")
    monkeypatch.setattr(inserting, "_values", lambda *_: None)
    assert "chen-vao" in entry_added(document, "replies", "xin", "    title: x\n  chen-vao:\n    title: y\n")


@pytest.mark.parametrize("file", ["faq/errors.yaml", "faq/mau-tra-loi.yaml", "faq/ma-otp.yaml"])
def test_the_real_files_can_be_added_to(file: str) -> None:
    text = (REPOSITORY / file).read_text("utf-8")
    top = next(line for line in text.splitlines() if line[:1].isalpha()).removesuffix(":")
    added = entry_added(Document(file, text), top, "moi-them", '    title: "Mới"\n')
    assert added.startswith(text.rstrip("\n"))


def test_every_real_answer_can_be_replaced_without_touching_another() -> None:
    done = 0
    for path in sorted((REPOSITORY / "faq").glob("*.yaml")):
        document = Document(path.name, path.read_text("utf-8"))
        if not document.text.startswith("entries:"):
            continue
        keys = [
            line[2:-1] for line in document.text.splitlines() if line[:3].strip() and line.startswith("  ")
        ]
        for key in keys:
            if key.startswith("#"):
                continue
            changed = values_replaced(
                document, "entries", key, {"answer": "|\n      Mới.", "reviewed": '"x"'}
            )
            assert changed.count("\n      Mới.\n") == 1
            done += 1
    assert done > 50


def test_a_fact_is_put_before_the_sources() -> None:
    text = (REPOSITORY / "faq/facts.yaml").read_text("utf-8")
    row = '{grade: bien-soan, sources: [], text: "x"}'
    added = fact_added(Document("faq/facts.yaml", text), "P-1", row)
    assert added.replace(f"  P-1: {row}\n", "") == text
    assert fact_added(Document("faq/facts.yaml", added), "P-1", row) == added
