"""Catalogues are brought up to date without losing a translation, and hold all that is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from english import ENGLISH, bilingual
from shelf import FILES, REPOSITORY, Deaf, Shelf

from bot.content import library
from bot.content.catalogue import path_of
from bot.content.draft import Role, Said
from bot.content.extract import Unreadable, msgid
from bot.content.pages import PAGES
from bot.content.update import Updated, _extracted, update

GUIDE = "flows/kich-hoat.yaml"
PO = "locales/en/flows/kich-hoat.po"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = bilingual(tmp_path)
    shutil.copy(REPOSITORY / "babel.cfg", tmp_path)
    update(tmp_path, "en")
    return shelf


def entry(shelf: Shelf, words: str, file: str = PO) -> str:
    """The entry of a catalogue in which the words stand."""
    found = [one for one in (shelf.root / file).read_text("utf-8").split("\n\n") if words in one]
    assert len(found) == 1, found
    return found[0]


def state(shelf: Shelf, path: str = PO) -> Updated:
    (found,) = [one for one in update(shelf.root, "en") if one.path == path]
    return found


def test_translations_stay_and_the_file_says_that_it_is_complete(shelf: Shelf) -> None:
    assert state(shelf) == Updated(PO, 18, 0, 0)
    text = (shelf.root / PO).read_text("utf-8")
    assert '"X-Complete: yes\\n"' in text
    assert entry(shelf, "Find the button") == (
        '#. tim-nut › title: title, at most 60 letters\nmsgid "Tìm nút"\nmsgstr "Find the button"'
    )
    assert shelf.read().book is not None


def test_each_place_and_its_limit_is_told(shelf: Shelf) -> None:
    assert entry(shelf, "Mở ứng dụng").startswith("#. mo-app › title: title, at most 60 letters\n")
    assert entry(shelf, "Pressed it").startswith("#. mo-app › label: button, at most 40 letters\n")
    assert entry(shelf, "Em chưa rõ").startswith("#. hoi-tuoi › retry: at most 60 words\n")


def test_what_is_written_again_is_the_same_file(shelf: Shelf) -> None:
    before = {path: path.read_bytes() for path in shelf.root.rglob("*.po")}
    times = {path: path.stat().st_mtime_ns for path in before}
    update(shelf.root, "en")
    assert {path: path.read_bytes() for path in shelf.root.rglob("*.po")} == before
    assert {path: path.stat().st_mtime_ns for path in before} == times


def test_a_changed_original_marks_its_translation(shelf: Shelf) -> None:
    shelf.write(GUIDE, FILES[GUIDE].replace("Nút nằm ở cuối màn hình ạ.", "Nút nằm ở cuối màn hình đó ạ."))
    assert state(shelf) == Updated(PO, 18, 0, 1)
    assert entry(shelf, "The button is at the end") == (
        "#. tim-nut › say: at most 60 words\n#, fuzzy\n"
        '#| msgid "Nút nằm ở cuối màn hình ạ."\n'
        'msgid "Nút nằm ở cuối màn hình đó ạ."\n'
        'msgstr "The button is at the end of the screen."'
    )


def test_the_original_before_stays_until_the_mark_is_taken_away(shelf: Shelf) -> None:
    shelf.write(GUIDE, FILES[GUIDE].replace("Cứ từ từ ạ.", "Cứ từ từ nhé."))
    state(shelf)
    before = entry(shelf, "Take your time.")
    assert before.startswith(
        "#. mo-app › say: at most 60 words\n#, fuzzy\n"
        '#| msgid "" "{{ xung_ho|capitalize }} mở **VNeID**, rồi bấm «Kích hoạt».\\n" "Cứ\n#| từ từ ạ."\n'
    )
    state(shelf)
    assert entry(shelf, "Take your time.") == before
    shelf.write(PO, (shelf.root / PO).read_text("utf-8").replace("#, fuzzy\n", ""))
    assert state(shelf) == Updated(PO, 18, 0, 0)
    assert entry(shelf, "Take your time.").startswith(
        '#. mo-app › say: at most 60 words\nmsgid ""\n"{{ xung_ho'
    )


def test_what_is_new_is_empty_and_what_is_gone_is_dropped(shelf: Shelf) -> None:
    shelf.write(GUIDE, FILES[GUIDE].replace("label: Tôi dùng iPhone", "label: Máy cũ quá"))
    assert state(shelf) == Updated(PO, 18, 1, 0)
    assert entry(shelf, "Máy cũ quá").endswith('msgid "Máy cũ quá"\nmsgstr ""')
    assert "iPhone" not in (shelf.root / PO).read_text("utf-8")


def test_a_translators_note_stays(shelf: Shelf) -> None:
    text = (shelf.root / PO).read_text("utf-8")
    shelf.write(PO, text.replace("#. tim-nut › title", "# as on iPhones\n#. tim-nut › title"))
    update(shelf.root, "en")
    assert entry(shelf, "Find the button").startswith("# as on iPhones\n")


def test_a_file_with_a_fault_costs_no_translation(shelf: Shelf) -> None:
    """Nothing is written: an original that cannot be read would look like one without sentences."""
    before = {path: path.read_bytes() for path in shelf.root.rglob("*.po")}
    shelf.write(GUIDE, FILES[GUIDE].replace("title: Tìm nút", "title: *no"))
    with pytest.raises(Unreadable, match=r"kich-hoat\.yaml:\d+"):
        update(shelf.root, "en")
    assert {path: path.read_bytes() for path in shelf.root.rglob("*.po")} == before


def test_a_catalogue_without_an_original_is_told_and_left(shelf: Shelf) -> None:
    path = "locales/en/flows/cu.po"
    shelf.write(path, ENGLISH[PO])
    assert state(shelf, path) == Updated(path, needed=False)
    assert (shelf.root / path).exists()


def test_all_that_is_said_is_extracted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new kind of file, or a new key, whose sentences nobody could translate, fails here.

    Canned replies are no such file: volunteers read and write Vietnamese.
    """
    said: list[Said] = []
    monkeypatch.setattr(library, "check_said", lambda one, *_: said.append(one))
    book = library.read(REPOSITORY, Deaf(), organisation="", web_address="").book
    assert book is not None
    found = _extracted(REPOSITORY)
    ids = {file: {message.id for message in catalog} for file, catalog in found.items()}
    said = [one for one in said if one.role is not Role.CANNED]
    assert len(said) > 1000
    assert [
        str(one.scalar.spot) for one in said if msgid(one.scalar) not in ids[one.scalar.document.file]
    ] == []
    for flow in book.flows.values():
        titles = {
            flow.title,
            flow.goal,
            *(getattr(step, "title", flow.title) for step in flow.steps.values()),
        }
        assert titles <= ids[f"flows/{flow.id}.yaml"]


def test_the_catalogues_of_pages_and_own_sentences_are_up_to_date() -> None:
    found = _extracted(REPOSITORY)
    for file in (PAGES, "locales/vi/bot.yaml"):
        text = (REPOSITORY / path_of(file, "en")).read_text("utf-8")
        kept = {message.id for message in read_po(text.splitlines(keepends=True))}
        assert {message.id for message in found[file]} == kept, "make catalogue"
