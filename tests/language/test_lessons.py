"""What the matcher was taught is told apart from what lies there now, line by line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.language import lessons
from bot.language.lessons import Change, artefacts, changes, note, recall, study, tidy, untaught


@pytest.fixture
def phrases(tmp_path: Path) -> Path:
    folder = tmp_path / "phrases"
    folder.mkdir()
    (folder / "otp.txt").write_text("mã không về\nchờ mã mãi\n", "utf-8")
    (folder / "nfc.txt").write_text("quét thẻ không được\n", "utf-8")
    return folder


def artefact(folder: Path, name: str, at: int) -> Path:
    path = folder / f"matcher-{name}.npz"
    path.write_bytes(b"")
    os.utime(path, (at, at))
    return path


def test_added_and_removed_lines_are_counted(phrases: Path) -> None:
    before = study(phrases)
    (phrases / "otp.txt").write_text("chờ mã mãi\nmã đâu\nmã đâu rồi\n\n", "utf-8")
    (phrases / "moi.txt").write_text("câu mới\n", "utf-8")
    (phrases / "nfc.txt").unlink()
    assert changes(before, study(phrases)) == (Change("moi", 1, 0), Change("nfc", 0, 1), Change("otp", 2, 1))
    assert changes(before, before) == ()


def test_order_and_empty_lines_are_no_change(phrases: Path) -> None:
    before = study(phrases)
    (phrases / "otp.txt").write_text("\ufeffchờ mã mãi  \r\n\r\nmã không về", "utf-8")
    assert changes(before, study(phrases)) == ()


def test_only_changed_files_are_read_again(phrases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = study(phrases)
    read: list[str] = []

    def noted(line: str) -> str:
        read.append(line)
        return line

    monkeypatch.setattr(lessons, "reading", noted)
    assert study(phrases, before) == before
    assert read == []
    (phrases / "nfc.txt").write_text("chip hỏng\n", "utf-8")
    after = study(phrases, before)
    assert read == ["chip hỏng"]
    assert after.files["otp"] == before.files["otp"]
    study(phrases)
    assert len(read) == 4


def test_notes_of_other_code_are_not_trusted(phrases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = study(phrases)
    monkeypatch.setattr(lessons, "_code", lambda: "other")
    monkeypatch.setattr(lessons, "reading", str.upper)
    after = study(phrases, before)
    assert after.files["otp"].read != before.files["otp"].read
    assert changes(before, after) == ()


def test_notes_hold_no_line_and_mark_secrets(phrases: Path, tmp_path: Path) -> None:
    (phrases / "otp.txt").write_text("mã không về\nmã OTP là 123456\n???\n", "utf-8")
    lesson = study(phrases)
    assert lesson.files["otp"].secret == (2,)
    assert [bool(mark) for mark in lesson.files["otp"].read] == [True, True, False]
    note(tmp_path / "matcher-a.npz", lesson)
    kept = (tmp_path / "matcher-a.json").read_text()
    assert "mã" not in kept
    assert "123456" not in kept
    assert recall(tmp_path / "matcher-a.npz") == lesson


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"code": 1}', b"\xff"])
def test_notes_that_cannot_be_read_are_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "matcher-a.json").write_bytes(content)
    assert recall(tmp_path / "matcher-a.npz") is None


def test_what_was_not_taught_yet(phrases: Path, tmp_path: Path) -> None:
    lesson = study(phrases)
    new = tmp_path / "matcher-new.npz"
    assert untaught(new, lesson) is None  # nothing to compare with
    old = artefact(tmp_path, "old", 1)
    unknown = untaught(new, lesson)
    assert unknown is not None
    assert (unknown.latest, unknown.changes) == (old, None)
    note(old, lesson)
    same = untaught(new, lesson)
    assert same is not None
    assert same.changes == ()
    (phrases / "nfc.txt").write_text("quét thẻ không được\nchip hỏng\n", "utf-8")
    other = untaught(new, study(phrases))
    assert other is not None
    assert other.changes == (Change("nfc", 1, 0),)
    artefact(tmp_path, "new", 2)
    assert untaught(new, lesson) is None


def test_the_two_latest_artefacts_are_kept_with_their_notes(phrases: Path, tmp_path: Path) -> None:
    lesson = study(phrases)
    paths = [artefact(tmp_path, name, at) for at, name in enumerate("cab", 1)]
    for path in paths:
        note(path, lesson)
    unfinished = tmp_path / "matcher-x.part.npz"
    unfinished.write_bytes(b"")
    other = tmp_path / "pictures.npz"
    other.write_bytes(b"")
    assert artefacts(tmp_path) == paths[::-1]
    tidy(tmp_path)
    assert artefacts(tmp_path) == [paths[2], paths[1]]
    assert not paths[0].with_suffix(".json").exists()
    assert paths[1].with_suffix(".json").exists()
    assert unfinished.exists()
    assert other.exists()
