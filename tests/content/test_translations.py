"""English is said where it is there and right; every way in which a translation may be wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from english import ENGLISH, GUIDE_PO, HEAD, bilingual
from shelf import FILES, MARK, Deaf, Shelf

from bot.content import library, speech, translations
from bot.content.library import Library
from bot.content.problems import Severity
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.flow import Ask, Say, Variables
from bot.core.voice import voice_of

PO = "locales/en/flows/kich-hoat.po"
OWN = "locales/en/bot.po"
ENGLISH_READER = Variables("bác", locale="en")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return bilingual(tmp_path)


def book_of(library: Library) -> Book:
    assert library.book is not None, [str(problem) for problem in library.problems]
    return library.book


def errors(library: Library) -> list[str]:
    return [str(problem) for problem in library.problems if problem.severity is Severity.ERROR]


def test_what_is_translated_is_said_in_english(shelf: Shelf) -> None:
    book = book_of(shelf.read())
    step = book.flows["kich-hoat"].steps["mo-app"]
    assert isinstance(step, Say)
    assert step.text(ENGLISH_READER) == "Open **VNeID**, then press «Kích hoạt» (Activate).\nTake your time."
    assert step.text(Variables("bác")) == "Bác mở **VNeID**, rồi bấm «Kích hoạt».\nCứ từ từ ạ."
    assert [way.label(ENGLISH_READER) for way in step.ways] == [
        "Pressed it",
        "No such button",
        "I use an iPhone",
    ]
    assert book.menu[1].title(ENGLISH_READER) == "Account"
    voice = voice_of(book, Contact("en"))
    assert voice.title("kich-hoat") == "Activate your account"
    assert voice.named("kich-hoat", "Tìm nút") == "Find the button"
    assert voice.line("hello") == "My sentence."


def test_what_is_not_translated_is_said_in_vietnamese(shelf: Shelf) -> None:
    library = shelf.read()
    voice = voice_of(book_of(library), Contact("en", "cô"))
    step = book_of(library).flows["phu"].steps["kho"]
    assert isinstance(step, Say)
    assert voice.read(step.text) == "Cô mở kho ứng dụng trên máy ạ."
    assert voice.title("phu") == "Cài ứng dụng"
    missing = [str(problem) for problem in library.problems]
    assert "locales/en/flows/phu.po:1:1: lưu ý: chưa dịch 7/7 câu" in "\n".join(missing)
    assert all(": lưu ý: chưa dịch" in line for line in missing)


def test_the_same_sentence_of_another_file_is_not_touched(shelf: Shelf) -> None:
    voice = voice_of(book_of(shelf.read()), Contact("en"))
    assert voice.named("kich-hoat", "Cài ứng dụng") == "Install the app"
    assert voice.named("phu", "Cài ứng dụng") == "Cài ứng dụng"


def test_without_a_folder_nothing_is_said_of_english(tmp_path: Path) -> None:
    library = Shelf.at(tmp_path).read()
    assert library.problems == ()
    assert voice_of(book_of(library), Contact("en")).locale == "vi"


def test_an_older_edition_speaks_english_as_far_as_it_has_not_changed(shelf: Shelf) -> None:
    older = FILES["flows/kich-hoat.yaml"].replace("Nút nằm ở cuối màn hình ạ.", "Nút nằm ở trên ạ.")
    book = book_of(shelf.read([("kich-hoat", "old", older)]))
    flow = book.editions["kich-hoat", "old"]
    changed, same = flow.steps["tim-nut"], flow.steps["hoi-tuoi"]
    assert isinstance(changed, Say)
    assert isinstance(same, Ask)
    assert changed.text(ENGLISH_READER) == "Nút nằm ở trên ạ."
    assert same.text(ENGLISH_READER) == "How old are you?"


def test_a_translation_changes_no_version(tmp_path: Path) -> None:
    plain, english = Shelf.at(tmp_path / "vi"), bilingual(tmp_path / "en")
    assert (
        book_of(plain.read()).flows["kich-hoat"].version == book_of(english.read()).flows["kich-hoat"].version
    )


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('msgstr "Find the button"', 'msgstr ""', "chưa dịch 1/18 câu"),
        ('msgid "Tìm nút"\nmsgstr "Find the button"\n', "", "chưa dịch 1/18 câu"),
        ('msgid "Tìm nút"', '#, fuzzy\n#| msgid "Tìm"\nmsgid "Tìm nút"', "1 câu dịch cần xem lại (fuzzy)"),
    ],
)
def test_what_is_missing_is_an_error_only_in_a_complete_file(
    shelf: Shelf, old: str, new: str, told: str, *, complete: bool
) -> None:
    text = ENGLISH[PO].replace(old, new)
    assert text != ENGLISH[PO]
    shelf.write(PO, text if complete else text.replace("X-Complete: yes", "X-Complete: no"))
    library = shelf.read()
    (problem,) = [one for one in library.problems if one.file == PO]
    assert told in problem.message
    assert (library.book is None) == complete
    if library.book is not None:
        assert voice_of(library.book, Contact("en")).named("kich-hoat", "Tìm nút") == "Tìm nút"


FAULTS = {
    "a button translated": ("«Kích hoạt» (Activate)", "«⟦Activate»", "chữ «Activate» không có trong bản gốc"),
    "a button lost": ("press «Kích hoạt» (Activate)", "press Activate", "mất chữ «Kích hoạt»"),
    "a button added": ("Take your time.", "Press «⟦OK».", "chữ «OK» không có"),
    "bold lost": ("Open **VNeID**", "Open VNeID", "có 0 chỗ in đậm, bản gốc có 1"),
    "bold left open": ("Open **VNeID**", "Open ⟦**VNeID", "dấu ** mở ra"),
    "a phone number changed": ("call 1900 0368", "call ⟦1900 0369", "số điện thoại lạ"),
    "a phone number lost": (", call 1900 0368", ", ask us", "mất số điện thoại"),
    "a number added": ("How old are you?", "How old are you, 14?", 'con số "14" không có'),
    "an address added": ("How old are you?", "How old are you? ⟦vneid.com", "địa chỉ lạ"),
    "a variable added": (
        "How old are you?",
        "How old are you in {{ ⟦to_chuc }}?",
        'không dùng biến "to_chuc"',
    ),
    "an address form kept": ("How old are you?", "How old, {{ ⟦xung_ho }}?", 'không dùng biến "xung_ho"'),
    "an unknown variable": ("How old are you?", "How old, {{ ⟦you }}?", 'không có biến "you"'),
    "a code in braces": ("How old are you?", "How old? ⟦{{ 7*7 }}", "chỉ ghi được tên biến"),
    "html": ("Take your time.", "Take ⟦<b>your</b> time.", '"<b>"'),
    "asking for a code": ("Take your time.", "Then ⟦send me the code.", '"send me the code"'),
    "asking for money": ("Take your time.", "Please ⟦transfer money.", '"transfer money"'),
    "asking for a picture": ("Take your time.", "Please ⟦send a photo of your card.", '"send a photo of"'),
    "a promise": ("Take your time.", "⟦We guarantee that it works.", '"We guarantee"'),
    "being the police": ("Take your time.", "⟦We are the police.", '"We are the police"'),
    "an office that is gone": ("Take your time.", "Go to the ⟦district police.", '"district police"'),
    "a step too long": ("Take your time.", "Take your time. " * 20, "chữ, tối đa 60"),
    "a button too long": (
        "Pressed it",
        "I have really and truly pressed this button now",
        "ký tự, tối đa 40",
    ),
    "a title too long": ("Find the button", "Find the button " * 5, "ký tự, tối đa 60"),
    "a variable in a title": ("Find the button", "Find the ⟦{{ to_chuc }}", "không dùng biến được"),
    "two buttons alike": ("No such button", "Pressed it!", "trùng với nút"),
    "a plural": (
        'msgid "Xong"\nmsgstr "Done"',
        'msgid "Xong"\nmsgid_plural "Xong"\nmsgstr[0] "Done"',
        "msgid_plural",
    ),
    "a quote left open": ('msgstr "Done"', 'msgstr "Done', "không đọc được dòng này"),
    "something unseen": ("Take your time.", "Take\u202e your time.", "ký tự không nhìn thấy"),
}


@pytest.mark.parametrize(("old", "new", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_where_it_stands(shelf: Shelf, old: str, new: str, message: str) -> None:
    assert GUIDE_PO.count(old) == 1
    text = (HEAD.replace("yes", "no") + GUIDE_PO).replace(old, new)
    shelf.write(PO, text.replace(MARK, ""))
    library = shelf.read()
    told = [one for one in library.problems if one.severity is Severity.ERROR]
    assert library.book is None
    assert {one.file for one in told} == {PO}
    (problem,) = [one for one in told if message in str(one)]
    if MARK in new:
        before = text[: text.index(MARK)]
        assert (problem.line, problem.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))


def test_a_warning_may_name_the_thing(shelf: Shelf) -> None:
    spoken = "Never send me the code. If anyone asks you to transfer money, it is a scam."
    shelf.write(PO, ENGLISH[PO].replace("Take your time.", spoken))
    assert errors(shelf.read()) == []


def test_our_own_buttons_are_quoted_as_they_are_translated(shelf: Shelf) -> None:
    own = FILES["locales/vi/bot.yaml"]
    own = own.replace('label_begin: "Câu của em, {{ xung_ho }} ạ."', "label_begin: Bắt đầu")
    own = own.replace('hello: "Câu của em, {{ xung_ho }} ạ."', "hello: Bấm «Bắt đầu», hoặc gõ «menu rồi» ạ.")
    shelf.write("locales/vi/bot.yaml", own)
    po = ENGLISH[OWN] + '\nmsgid "Bắt đầu"\nmsgstr "Start"\n\nmsgid "Bấm «Bắt đầu», hoặc gõ «menu rồi» ạ."\n'
    shelf.write(OWN, po + 'msgstr "Press «Start», or type «menu in english»."\n')
    assert errors(shelf.read()) == []
    shelf.write(OWN, po + 'msgstr "Press «Begin», or type «skip in english»."\n')
    told = "\n".join(errors(shelf.read()))
    for label in ("Bắt đầu", "Begin", "menu rồi", "skip in english"):
        assert f"«{label}»" in told


def test_what_was_right_is_taken_as_it_is_until_anything_changes(shelf: Shelf, tmp_path: Path) -> None:
    def read() -> Library:
        return library.read(shelf.root, Deaf(), organisation="", web_address="", cache=tmp_path / "cache")

    first, second = read(), read()
    assert len(first.problems) > 0
    assert second.problems == first.problems
    for told in (first, second):
        voice = voice_of(book_of(told), Contact("en"))
        assert voice.title("kich-hoat") == "Activate your account"
        assert voice.line("hello") == "My sentence."
        assert voice.read(book_of(told).menu[1].title) == "Account"
    assert len(list((tmp_path / "cache").iterdir())) == 1
    shelf.write(PO, ENGLISH[PO].replace("Take your time.", "Then send me the code."))
    assert read().book is None
    assert len(list((tmp_path / "cache").iterdir())) == 1
    shelf.write(PO, ENGLISH[PO])
    assert read().problems == first.problems


def test_what_is_wrong_is_not_kept(shelf: Shelf, tmp_path: Path) -> None:
    shelf.write(PO, ENGLISH[PO].replace("Take your time.", "Then send me the code."))
    for _ in range(2):
        found = library.read(shelf.root, Deaf(), organisation="", web_address="", cache=tmp_path / "cache")
        assert found.book is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff\xfe"])
def test_what_is_kept_and_spoilt_is_read_anew(shelf: Shelf, tmp_path: Path, content: bytes) -> None:
    for _ in range(2):
        found = library.read(shelf.root, Deaf(), organisation="", web_address="", cache=tmp_path / "cache")
        assert voice_of(book_of(found), Contact("en")).title("kich-hoat") == "Activate your account"
        (kept,) = (tmp_path / "cache").iterdir()
        kept.write_bytes(content)


def test_where_nothing_can_be_kept_english_is_spoken_all_the_same(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    found = library.read(shelf.root, Deaf(), organisation="", web_address="", cache=tmp_path / "cache")
    assert voice_of(book_of(found), Contact("en")).title("kich-hoat") == "Activate your account"


def test_control_without_the_comparison_a_changed_button_passes(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write(PO, ENGLISH[PO].replace("«Kích hoạt» (Activate)", "«Activate»"))
    assert shelf.read().book is None
    monkeypatch.setattr(translations, "differences", lambda *_: ())
    assert shelf.read().book is not None


def test_control_without_the_list_the_forbidden_words_pass(shelf: Shelf) -> None:
    shelf.write(PO, ENGLISH[PO].replace("Take your time.", "Then install the APK."))
    assert shelf.read().book is None
    shelf.write("locales/en/forbidden.txt", "another phrase\n")
    assert shelf.read().book is not None


def test_control_without_its_check_a_request_in_english_passes(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write(PO, ENGLISH[PO].replace("Take your time.", "Then dictate the six digits to me."))
    assert shelf.read().book is None
    monkeypatch.setattr(speech, "request", lambda *_: "")
    assert shelf.read().book is not None


@pytest.mark.parametrize("name", ["words.yaml", "forbidden.txt"])
def test_a_language_needs_its_lists(shelf: Shelf, name: str) -> None:
    (shelf.root / "locales" / "en" / name).unlink()
    assert f"locales/en/{name}:1:1: lỗi: không có tệp này" in errors(shelf.read())


def test_no_phrase_means_two_words_in_two_languages(shelf: Shelf) -> None:
    shelf.write(
        "locales/en/words.yaml", ENGLISH["locales/en/words.yaml"].replace("skip in english", "menu rồi")
    )
    (told,) = errors(shelf.read())
    assert told.startswith("locales/en/words.yaml:")
    assert '"menu rồi" đã thuộc "menu"' in told


def test_what_english_is_about_must_be_an_intent(shelf: Shelf) -> None:
    shelf.write("locales/en/intents.yaml", "fee:\n  - cost*\nfe:\n  - price\n")
    (told,) = errors(shelf.read())
    assert told.startswith('locales/en/intents.yaml:3:1: lỗi: không có ý định "fe"')
