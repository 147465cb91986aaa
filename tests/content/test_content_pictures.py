"""What pictures show, screenshots in their place, and what an older edition is spared."""

from __future__ import annotations

from pathlib import Path

import pytest
from shelf import FILES, Shelf

from bot.content import screens
from bot.content.flows import version_of
from bot.content.source import Document
from bot.core.flow import Say
from bot.core.png import LARGEST, png_size
from bot.core.screen import Alert, Entry, Field, Frame, Icon, Icons, Mark, Row, Toggle, labels

GUIDE = "flows/kich-hoat.yaml"
SCREENS = "flows/_screens/chung.yaml"
PHOTO = "flows/pictures/kich-hoat/mo-app.png"
PICTURE = '    picture: {phone: vneid-start, highlight: "Kích hoạt", alt: "Nút Kích hoạt được khoanh"}\n'


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.at(tmp_path)


def faults(shelf: Shelf) -> list[str]:
    return [str(problem) for problem in shelf.read().problems]


def png(width: int, height: int, bytes: int = 0) -> bytes:
    """What a reader of headers takes for a PNG, of any weight."""
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4) + height.to_bytes(4)
    tail = b"\x00\x00\x00\x00IEND\xaeB`\x82"
    return head + b"x" * max(0, bytes - len(head) - len(tail)) + tail


def test_a_screen_becomes_its_elements(shelf: Shelf) -> None:
    book = shelf.read().book
    assert book is not None
    screen = book.screens["vneid-start"]
    assert (screen.id, screen.frame, screen.title, screen.address) == (
        "vneid-start",
        Frame.ANDROID,
        "VNeID",
        "",
    )
    assert screen.show[0] == Field(Entry.FIELD, "Số điện thoại", "0")
    assert screen.show[2] == Toggle(Mark.CHECK, "Đồng ý", on=True)
    assert screen.show[3] == Row("Ví", Icon.WALLET, note="Giấy tờ")
    assert screen.show[5] == Icons((("Nhà", Icon.HOME), ("Tôi", Icon.PERSON)), bar=True)
    box = book.screens["hop-thoai"]
    assert box.frame is Frame.IPHONE
    assert box.show[0] == Alert("Máy hỏi", buttons=("Kích hoạt",))
    assert labels(box.show[0]) == ("Máy hỏi", "Kích hoạt")


def test_a_step_that_goes_on_needs_no_picture(shelf: Shelf) -> None:
    shelf.write(
        GUIDE,
        FILES[GUIDE].replace("Nút nằm ở cuối màn hình ạ.", "Nút «Kích hoạt» ở cuối.\n    sources: [F1]"),
    )
    assert faults(shelf) == []


def test_an_older_edition_may_be_without_a_picture_and_name_a_lost_screen(shelf: Shelf) -> None:
    """What the rules ask of new guides must not take the ground from people who walk an old one."""
    for changed in (FILES[GUIDE].replace(PICTURE, ""), FILES[GUIDE].replace("vneid-start", "man-hinh-cu")):
        version = version_of(Document(GUIDE, changed))
        library = shelf.read([("kich-hoat", version, changed)])
        assert library.problems == ()
        assert library.book is not None
        assert library.book.edition("kich-hoat", version) is not None


def test_the_same_screen_in_two_files(shelf: Shelf) -> None:
    shelf.write("flows/_screens/khac.yaml", FILES[SCREENS])
    found = faults(shelf)
    assert len(found) == 2
    assert 'flows/_screens/khac.yaml:2:3: lỗi: màn hình "vneid-start" đã có' in found[0]
    assert "chung.yaml dòng 2" in found[0]


def test_screens_must_have_names(shelf: Shelf) -> None:
    shelf.write(SCREENS, "screens: []\n")
    (found,) = faults(shelf)  # the guide's screen is not told to be missing as well
    assert "screens" in found


def test_a_guide_may_name_the_button_where_no_fact_does(shelf: Shelf) -> None:
    shelf.write(SCREENS, FILES[SCREENS].replace("button: Kích hoạt", "button: Mở ra"))
    shelf.write(
        GUIDE, FILES[GUIDE].replace("«Kích hoạt»", "«Mở ra»").replace('"Kích hoạt", alt', '"Mở ra", alt')
    )
    assert faults(shelf) == []


def test_a_screenshot_in_the_place_of_a_drawing(shelf: Shelf) -> None:
    shelf.write(PHOTO, png(720, 1280, LARGEST))
    assert faults(shelf) == []
    book = shelf.read().book
    assert book is not None
    step = book.flows["kich-hoat"].steps["mo-app"]
    assert isinstance(step, Say)
    assert step.picture is not None
    assert f"flows/pictures/{step.picture.step}.png" == PHOTO


@pytest.mark.parametrize(
    ("file", "data", "message"),
    [
        (PHOTO, png(720, 1280, LARGEST + 1), "40.0 kB, tối đa 40 kB"),
        (PHOTO, png(720, 1441), "720x1441, mỗi cạnh tối đa 1440"),
        (PHOTO, b"GIF89a", "không phải ảnh PNG"),
        (PHOTO, png(720, 1280)[:-1], "bị cụt"),
        (PHOTO, png(0, 10), "không phải ảnh PNG"),
        (PHOTO.replace(".png", ".jpg"), b"", "phải là tệp .png"),
        (PHOTO.replace("mo-app", "mo-ap"), png(9, 9), 'không có bước "kich-hoat/mo-ap"'),
        (PHOTO.replace("mo-app", "hoi-tuoi"), png(9, 9), 'không có bước "kich-hoat/hoi-tuoi"'),
        ("flows/pictures/mo-app.png", png(9, 9), 'không có bước "mo-app"'),
    ],
)
def test_a_screenshot_that_does_not_do(shelf: Shelf, file: str, data: bytes, message: str) -> None:
    shelf.write(file, data)
    (found,) = faults(shelf)
    assert found.startswith(f"{file}:1:1: lỗi: ")
    assert message in found


def test_the_size_is_read_from_the_file() -> None:
    assert png_size(png(720, 1280)) == (720, 1280)
    assert png_size(b"") is None


def test_control_without_its_check_a_button_without_a_picture_passes(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write(GUIDE, FILES[GUIDE].replace(PICTURE, ""))
    assert len(faults(shelf)) == 1
    monkeypatch.setattr("bot.content.library.check_pictures", lambda *_: None)
    assert faults(shelf) == []


def test_control_without_its_check_a_strange_sign_passes(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.write(SCREENS, FILES[SCREENS].replace("Xin chào", "Xin → chào"))
    assert len(faults(shelf)) == 1
    monkeypatch.setattr(screens, "DRAWABLE", screens.DRAWABLE | {"→"})
    assert faults(shelf) == []
