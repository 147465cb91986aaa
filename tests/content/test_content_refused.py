"""Files made to harm, by malice or by accident, are refused; nothing raises and nothing is run."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from shelf import FILES, Shelf

from bot.content import source, speech
from bot.content.problems import LONGEST, Problem, Spot, fault
from bot.content.source import Document, Kind, Scalar, parse

GUIDE = "flows/kich-hoat.yaml"
SCREENS = "flows/_screens/chung.yaml"
ALIAS_BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))

BOMBS: Mapping[str, tuple[str | bytes, str]] = {
    "aliases": (ALIAS_BOMB, '"&…"'),
    "10,000 brackets": ("[" * 10_000, "quá sâu"),
    "10,000 braces": ("{a: " * 10_000, "quá sâu"),
    "10,000 indents": ("".join(" " * n + "a:\n" for n in range(200)), "quá sâu"),
    "10,000 dashes": ("- " * 10_000 + "a", "quá sâu"),
    "a line of 1 MB": ("title: " + "a" * 1_000_000, "256 kB"),
    "100,000 items": ("[" + "a," * 100_000 + "]", "quá nhiều mục"),
    "10,000 templates": ("say: " + "{{" * 10_000, "quá sâu"),
    "code": ("!!python/object/apply:os.system ['touch hacked']", '"!…"'),
    "NUL bytes": (b"\0" * 1000, "U+0000"),
    "random bytes": (random.Random(1).randbytes(1000), "UTF-8"),  # noqa: S311 - not a secret
    "UTF-16": (FILES[GUIDE].encode("utf-16"), "UTF-8"),
    "cut in a letter": ("title: ạ".encode()[:-1], "UTF-8"),
    "lone surrogate": (b"title: \xed\xa0\x80\n", "UTF-8"),
    "one word": ("xin-chao", "mục: giá trị"),
    "a list": ("- a\n- b\n", "mục: giá trị"),
    "nothing": ("", "trống"),
    "one null": ("~", "trống"),
}


@pytest.mark.parametrize(("content", "message"), BOMBS.values(), ids=BOMBS.keys())
@pytest.mark.parametrize("file", [GUIDE, SCREENS, "faq/facts.yaml", "faq/chung.yaml", "flows/_menu.yaml"])
def test_bombs_and_rubbish(tmp_path: Path, file: str, content: str | bytes, message: str) -> None:
    shelf = Shelf.at(tmp_path)
    shelf.write(file, content)
    library = shelf.read()
    assert library.book is None
    assert [problem.file for problem in library.problems] == [file]
    assert message in str(library.problems[0])
    assert not Path("hacked").exists()


def test_control_the_plain_loader_takes_what_is_refused_here() -> None:
    """Why the reading is our own: the usual one silently accepts each of these."""
    assert yaml.safe_load("a: 1\na: 2") == {"a": 2}
    assert yaml.safe_load("[no, 0123, 12:30]") == [False, 83, 750]
    assert yaml.safe_load("a: &x [1]\nb: *x") == {"a": [1], "b": [1]}


def test_control_depth_is_stopped_by_our_limit_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = Document("x", "[" * 50 + "]" * 50)
    problems: list[Problem] = []
    assert parse(deep, problems) is None
    monkeypatch.setattr(source, "MAX_DEPTH", 60)
    problems.clear()
    assert parse(deep, problems) is not None


def test_control_without_the_list_the_forbidden_words_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf.at(tmp_path)
    shelf.write("faq/chung.yaml", FILES["faq/chung.yaml"].replace("Không mất phí ạ.", "Em cam đoan ạ."))
    assert shelf.read().book is None
    shelf.write("locales/vi/forbidden.txt", "một cụm từ khác\n")
    assert shelf.read().book is not None


def test_control_without_its_check_a_link_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf.at(tmp_path)
    shelf.write(GUIDE, FILES[GUIDE].replace("Cứ từ từ ạ.", "Vào vneid.com ạ."))
    assert shelf.read().book is None
    monkeypatch.setattr(speech, "_addresses", lambda *_: iter(()))
    assert shelf.read().book is not None


@pytest.mark.parametrize("file", sorted(FILES.keys() - {f for f in FILES if f.endswith(".txt")}))
def test_a_missing_file_or_a_directory_in_its_place(tmp_path: Path, file: str) -> None:
    shelf = Shelf.at(tmp_path)
    (tmp_path / file).unlink()
    (tmp_path / file).mkdir()
    problems = shelf.read().problems
    assert any(problem.file == file and "không phải là tệp" in problem.message for problem in problems)


@pytest.mark.parametrize(
    "file",
    [
        "flows/_menu.yaml",
        "faq/facts.yaml",
        "locales/vi/bot.yaml",
        "locales/vi/forbidden.txt",
        "locales/vi/official.txt",
    ],
)
def test_a_file_that_must_be_there(tmp_path: Path, file: str) -> None:
    shelf = Shelf.at(tmp_path)
    (tmp_path / file).unlink()
    assert f"{file}:1:1: lỗi: không có tệp này" in map(str, shelf.read().problems)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    shelf = Shelf.at(tmp_path)
    os.mkfifo(tmp_path / "flows/ong.yaml")
    assert any("không phải là tệp" in problem.message for problem in shelf.read().problems)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "secret place")

    shelf = Shelf.at(tmp_path)
    monkeypatch.setattr(Path, "open", refuse)
    problems = shelf.read().problems
    assert all("không đọc được tệp" in problem.message for problem in problems)
    assert "secret" not in "".join(map(str, problems))


def test_an_empty_folder(tmp_path: Path) -> None:
    lines = [str(problem) for problem in Shelf(tmp_path).read().problems]
    assert any("chưa có luồng nào" in line for line in lines)


@pytest.mark.parametrize("name", ["KichHoat", "kích-hoạt", "a b", "x" * 25])
def test_a_file_name_that_is_no_id(tmp_path: Path, name: str) -> None:
    shelf = Shelf.at(tmp_path)
    shelf.write(f"flows/{name}.yaml", FILES["flows/phu.yaml"].replace("[install-how]", "[fee]"))
    problems = shelf.read().problems
    assert any(f"flows/{name}.yaml:1:1: lỗi: tên tệp" in str(problem) for problem in problems)


def test_the_other_ending_of_yaml(tmp_path: Path) -> None:
    shelf = Shelf.at(tmp_path)
    shelf.write("flows/them.yml", "title: x\n")
    (problem,) = shelf.read().problems
    assert str(problem) == "flows/them.yml:1:1: lỗi: tên tệp phải kết thúc bằng .yaml (đổi .yml thành .yaml)"


def test_a_menu_too_large(tmp_path: Path) -> None:
    shelf = Shelf.at(tmp_path)
    names = [f"them-{number}" for number in range(5)]
    for name in names:
        shelf.write(f"flows/{name}.yaml", FILES["flows/phu.yaml"].replace("intents: [install-how]\n", ""))
    groups = [["phu"], ["kich-hoat"], *([name] for name in names)]
    lines = [f"  - {{title: Nhóm, flows: [{', '.join(group)}]}}\n" for group in groups]
    shelf.write("flows/_menu.yaml", "groups:\n" + "".join(lines))
    assert [str(problem) for problem in shelf.read().problems] == [
        "flows/_menu.yaml:8:5: lỗi: có 7 nhóm, tối đa 6 (gộp nhóm lại)"
    ]
    shelf.write(
        "flows/_menu.yaml", f"groups:\n  - {{title: Hết, flows: [phu, kich-hoat, {', '.join(names[:4])}]}}\n"
    )
    assert "nhóm có 6 luồng, tối đa 5" in "".join(map(str, shelf.read().problems))


def test_all_faults_of_all_files_are_listed_in_order(tmp_path: Path) -> None:
    shelf = Shelf.at(tmp_path)
    guide = FILES[GUIDE].replace("window: 1h", "window: 1").replace("end: completed", "end: xong")
    shelf.write(GUIDE, guide.replace("next: tim-nut", "next: tim-nuut"))
    shelf.write("faq/chung.yaml", FILES["faq/chung.yaml"].replace("[N5]", "[N6]"))
    shelf.write("locales/vi/bot.yaml", FILES["locales/vi/bot.yaml"] + "them: thừa\n")
    problems = shelf.read().problems
    assert list(problems) == sorted(problems)
    assert {(problem.file, problem.message[:12]) for problem in problems} == {
        ("faq/chung.yaml", "không có dữ "),
        (GUIDE, '"1" không ph'),
        (GUIDE, "không có bướ"),
        (GUIDE, "không có giá"),
        ("locales/vi/bot.yaml", "không có mục"),
    }


def test_no_message_is_long_or_has_two_lines() -> None:
    long = fault(Spot("f" * 300 + "\n.yaml", 10**6, 10**6), "sai\n" + "x" * 500, "y" * 500)
    assert len(str(long)) <= LONGEST
    assert "\n" not in str(long)
    assert ": lỗi: sai x" in str(long)


def test_every_byte_may_be_spoilt(tmp_path: Path) -> None:
    """Whatever happens to a file, reading it ends with problems, never with an exception."""
    shelf = Shelf.at(tmp_path)
    chance = random.Random(21)  # noqa: S311 - not a secret
    good = FILES[GUIDE].encode()
    for _ in range(150):
        spoilt = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(spoilt))
            kind = chance.choice("adr")
            if kind == "d":
                del spoilt[place : place + chance.randint(1, 20)]
            else:
                spoilt[place : place + (kind == "r")] = bytes(
                    [chance.choice(b" \n\t:-{}[]|>&*!%@`'\"#,?~\xff\x00a0")]
                )
        problems: list[Problem] = []
        shelf.write(GUIDE, bytes(spoilt))
        problems.extend(shelf.read().problems)
        assert all(len(str(problem)) <= LONGEST for problem in problems)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *(
            (trap, Kind.OTHER)
            for trap in ("no", "YES", "On", "012", "0b1", "1_0", "1e3", "0o7", ".5", "12:30:45", "=", "<<")
        ),
        *(
            (text, Kind.TEXT)
            for text in ("không", "1h", "T3.2.1", "1900 0368", "a-b", "nope", "12h30", "v2", "1.2.3")
        ),
        *((whole, Kind.WHOLE) for whole in ("0", "7", "-3", "120")),
        *((nothing, Kind.NOTHING) for nothing in ("~", "null", "NULL")),
    ],
)
def test_what_yaml_makes_of_a_value(value: str, kind: Kind) -> None:
    problems: list[Problem] = []
    node = parse(Document("x", f"- {value}\n- '{value}'\n"), problems)
    assert isinstance(node, source.Items)
    plain, quoted = node.items
    assert isinstance(plain, Scalar)
    assert isinstance(quoted, Scalar)
    assert (plain.kind, quoted.kind) == (kind, Kind.TEXT)
