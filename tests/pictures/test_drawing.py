"""Every picture of the real guides: complete, legible, small, and the same on a machine without fonts."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from bot.content.pictures import photos
from bot.content.screens import DRAWABLE, KINDS, Screens, read_screens
from bot.core.book import Book
from bot.core.flow import Say
from bot.core.png import LARGEST, MOST_PIXELS, png_size
from bot.core.screen import (
    Button,
    Frame,
    Icon,
    Icons,
    Press,
    Program,
    Row,
    Screen,
    Sight,
    Tone,
    Words,
    labels,
)
from bot.pictures import render
from bot.pictures.drawing import HIGHEST, WIDE, lay_out, size, svg
from bot.pictures.gallery import Gallery
from bot.pictures.icons import arrow, hand
from bot.pictures.measure import FAMILY, font_file, width, wrap
from bot.pictures.render import SHARP, TooLarge, png
from bot.pictures.shapes import Text
from bot.wiring import CACHE
from tests.books import book_of

ROOT = Path(__file__).resolve().parents[2]
VIETNAMESE = sorted(letter for letter in DRAWABLE if letter.isalpha() and not letter.isascii())


@pytest.fixture(scope="module")
def screens() -> Screens:
    problems: list[object] = []
    found = read_screens(ROOT, problems)  # type: ignore[arg-type]
    assert problems == []
    return found


@pytest.fixture(scope="module")
def book() -> Book:
    return book_of(ROOT)


def test_every_picture_of_the_guides_is_sharp_and_small(book: Book) -> None:
    """Those that `bot train` has drawn are only read again."""
    gallery = Gallery(book.screens, ROOT / "flows" / "pictures", CACHE / "pictures")
    pictures = {
        (step.picture.phone, step.picture.highlight): step.picture
        for flow in book.flows.values()
        for step in flow.steps.values()
        if isinstance(step, Say) and step.picture
    }
    assert len(pictures) > 40
    weights: list[int] = []
    for picture in pictures.values():
        shown = gallery.shown(picture)
        assert shown is not None, picture
        data = gallery.make(shown.path.removeprefix("/pictures/").removesuffix(".png"))
        weights.append(len(data))
        assert len(data) <= LARGEST, picture
        with Image.open(BytesIO(data)) as image:
            image.load()
            assert image.mode == "P"
            if picture.step not in {photo.step for photo in photos(ROOT)}:
                assert image.size == (SHARP * shown.width, SHARP * shown.height) == png_size(data)
                assert shown.width == WIDE
                assert shown.height <= HIGHEST
                assert max(image.size) <= MOST_PIXELS
    weights.sort()
    print("kB of a picture: median", weights[len(weights) // 2] / 1000, "largest", weights[-1] / 1000)


def test_every_label_can_be_pointed_at(screens: Screens) -> None:
    for screen in screens.read.values():
        sheet = lay_out(screen)
        named = {label for element in screen.show for label in labels(element)}
        assert set(sheet.spots) == named
        for label, spot in sheet.spots.items():
            where = (screen.id, label)
            assert spot.w >= 24, where
            assert spot.h >= 24, where
            assert spot.x >= 8, where
            assert spot.x + spot.w <= WIDE - 8, where
            assert spot.y >= 30, where
            assert spot.bottom <= sheet.height, where


def test_no_words_leave_the_screen_and_none_are_tiny(screens: Screens) -> None:
    for screen in screens.read.values():
        sheet = lay_out(screen)
        assert size(screen) == (WIDE, sheet.height)
        assert sheet.height <= HIGHEST, screen.id
        for shape in sheet.shapes:
            if isinstance(shape, Text):
                where = (screen.id, shape.words)
                wide = width(shape.words, shape.size, bold=shape.bold)
                left = shape.x - wide * {"start": 0, "middle": 0.5, "end": 1}[shape.anchor]
                assert left >= 14, where
                assert left + wide <= WIDE - 14, where
                assert shape.y <= sheet.height, where
                assert shape.size >= 15 or shape.words == "VNeID", where


def test_every_kind_of_element_and_every_sight_can_be_drawn(tmp_path: Path) -> None:
    """Also those that no guide needs today."""
    said = {"icons": "{Nhà: home}", "tabs": "{Tôi: person}"}
    more = {"message": "says: Xin chào", "alert": "title: Hỏi", "row": "value: Bật", "card": "note: Mức 2"}
    several = {"camera": ("card", "card-qr", "card-back", "paper", "qr"), "hold": ("android", "iphone")}
    elements = [
        ", ".join(part for part in (f"{kind}: {said.get(kind, 'Chữ ở đây')}", more.get(kind, ""), of) if part)
        for kind in KINDS
        for of in ([f"of: {one}" for one in several.get(kind, ())] or [""])
    ]
    lines = [f"  m-{n}:\n    show:\n      - {{{element}}}\n" for n, element in enumerate(elements)]
    (tmp_path / "flows/_screens").mkdir(parents=True)
    (tmp_path / "flows/_screens/moi.yaml").write_text("screens:\n" + "".join(lines), "utf-8")
    problems: list[object] = []
    found = read_screens(tmp_path, problems)  # type: ignore[arg-type]
    assert problems == []
    assert len(found.read) == len(KINDS) + 5
    sights = {sight for screen in found.read.values() for sight in _sights(screen)}
    assert sights == set(Sight)
    for screen in found.read.values():
        for label in lay_out(screen).spots:
            drawn = svg(screen, label)
            assert drawn.count('stroke="#b00030"') == 1
            assert "nan" not in drawn


@pytest.mark.parametrize("icon", Icon)
def test_every_icon_stands_wherever_an_icon_may(icon: Icon) -> None:
    show = (
        Row("Hàng", icon),
        Icons((("Hình", icon),)),
        Program("App", icon),
        Icons((("Thẻ", icon),), bar=True),
    )
    assert set(lay_out(Screen("moi", Frame.IPHONE, "", "", show)).spots) == {"Hàng", "Hình", "App", "Thẻ"}


def _sights(screen: Screen) -> list[Sight]:
    return [sight for element in screen.show if (sight := getattr(element, "sight", None))]


def test_a_hand_points_at_what_is_tapped_and_an_arrow_at_what_is_read() -> None:
    """A hand on a fault that the screen tells would say: press here."""
    screen = Screen(
        "hai", Frame.ANDROID, "", "", (Words(Tone.ERROR, "Lỗi mạng"), Button(Press.BUTTON, "Tiếp tục"))
    )
    tapped, read = svg(screen, "Tiếp tục"), svg(screen, "Lỗi mạng")
    assert (hand(0, 0).d in tapped, arrow(0, 0).d in tapped) == (True, False)
    assert (hand(0, 0).d in read, arrow(0, 0).d in read) == (False, True)
    assert len(svg(screen, "")) < min(len(tapped), len(read))


def test_what_is_written_in_a_label_stays_words(screens: Screens) -> None:
    assert "&lt;" in svg(_one_button("<b>&"), "<b>&")


def _one_button(label: str) -> Screen:
    return Screen("mot", Frame.ANDROID, "", "", (Button(Press.BUTTON, label),))


def test_a_picture_says_that_it_is_one(screens: Screens) -> None:
    for screen in screens.read.values():
        assert "Hình minh hoạ" in [shape.words for shape in lay_out(screen).shapes if isinstance(shape, Text)]


def test_lines_are_about_equally_long() -> None:
    assert wrap("Đăng ký tài khoản mức 1", 20, 200, bold=True) == ("Đăng ký tài", "khoản mức 1")
    assert wrap("một", 20, 10) == ("một",)
    assert wrap("", 20, 10) == ()


# --- letters ------------------------------------------------------------------------------------


def letter_as_pixels(letter: str, family: str = FAMILY) -> Image.Image:
    mark = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60" font-family="{family}">'
        f'<text x="10" y="44" font-size="32">{letter}</text></svg>'
    )
    return Image.open(BytesIO(png(mark))).convert("L")


def ink(image: Image.Image) -> int:
    return sum(count * (255 - level) for level, count in enumerate(image.histogram()))


def undrawn(letters: str, family: str = FAMILY) -> list[str]:
    """Letters that look like a sign which no font has, or like nothing."""
    missing = letter_as_pixels("\ue000", family).tobytes()
    return [
        letter
        for letter in letters
        if (image := letter_as_pixels(letter, family)).tobytes() == missing or not ink(image)
    ]


def test_vietnamese_letters_are_drawn_with_their_marks() -> None:
    assert ink(letter_as_pixels("ế")) > ink(letter_as_pixels("ê")) > ink(letter_as_pixels("e")) > 0
    assert ink(letter_as_pixels("ộ")) > ink(letter_as_pixels("o"))
    assert undrawn("ếộữằỹĐỬẪ") == []


def test_control_a_font_without_vietnamese_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ImageFont.load_default(20)
    assert isinstance(plain, ImageFont.FreeTypeFont)
    file = tmp_path / "plain.ttf"
    file.write_bytes(plain.font_bytes)
    monkeypatch.setattr(render, "font_file", lambda **_: str(file))
    family = str(plain.getname()[0])
    assert ink(letter_as_pixels("e", family)) > 0
    assert undrawn("ếộữằỹĐỬẪ", family) == list("ếộữằỹĐỬẪ")


@pytest.mark.parametrize("bold", [False, True])
def test_the_font_has_every_sign_that_may_be_written(bold: bool) -> None:
    font = ImageFont.truetype(font_file(bold=bold), 40)
    assert font.getname()[0] == FAMILY
    missing = font.getmask("\ue000")
    drawn = {letter: font.getmask(letter) for letter in DRAWABLE - {" "}}
    assert [
        letter for letter, mask in drawn.items() if (mask.size, bytes(mask)) == (missing.size, bytes(missing))
    ] == []
    assert len({(mask.size, bytes(mask)) for mask in (drawn[letter] for letter in VIETNAMESE)}) == len(
        VIETNAMESE
    )


def test_a_machine_without_fonts_draws_the_same(tmp_path: Path, screens: Screens) -> None:
    """The other process sees an empty font configuration and an empty home."""
    empty = tmp_path / "fonts.conf"
    empty.write_text("<fontconfig></fontconfig>")
    program = (
        "import sys; from pathlib import Path; from bot.content.screens import read_screens;"
        "from bot.pictures.drawing import svg; from bot.pictures.render import png;"
        f"screen = read_screens(Path({str(ROOT)!r}), []).read['vneid-dang-nhap'];"
        "sys.stdout.buffer.write(png(svg(screen, 'Kích hoạt')))"
    )
    bare = {
        "FONTCONFIG_FILE": str(empty),
        "FONTCONFIG_PATH": str(tmp_path),
        "HOME": str(tmp_path),
        "PATH": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=bare, capture_output=True, check=True
    )
    assert done.stdout == png(svg(screens.read["vneid-dang-nhap"], "Kích hoạt"))


def test_control_without_its_own_font_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the letters of the other tests come from the package, whatever is installed on this machine."""
    monkeypatch.setattr(render, "font_file", lambda **_: "/nowhere.ttf")
    assert ink(letter_as_pixels("e")) == 0


def test_a_picture_that_stays_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "LARGEST", 100)
    with pytest.raises(TooLarge, match="bytes"):
        letter_as_pixels("ế")
