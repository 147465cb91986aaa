"""Names that change with what they show; each picture drawn once, outside the event loop, and kept."""

from __future__ import annotations

import asyncio
import threading
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.core.message import Picture
from bot.core.png import png_size
from bot.core.screen import Button, Frame, Press, Screen
from bot.pictures import gallery
from bot.pictures.gallery import AT_ONCE, Gallery
from bot.pictures.render import png

START = Screen(
    "vneid-start",
    Frame.ANDROID,
    "Đăng nhập",
    "",
    (Button(Press.BUTTON, "Kích hoạt"), Button(Press.OUTLINE, "Đăng ký")),
)
PICTURE = Picture("vneid-start", "Kích hoạt", "Nút Kích hoạt", "kich-hoat/mo-app")


def built(folder: Path, screen: Screen = START) -> Gallery:
    return Gallery({screen.id: screen}, folder / "photos", folder / "kept")


def name_of(shown: Gallery, picture: Picture = PICTURE) -> str:
    found = shown.shown(picture)
    assert found is not None
    return found.path.removeprefix("/pictures/").removesuffix(".png")


def photo(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("P", (width, height)).save(file, "PNG")
    return file.getvalue()


def test_a_name_says_what_is_shown_and_changes_with_it(tmp_path: Path) -> None:
    name = name_of(built(tmp_path))
    assert name.startswith("vneid-start.kich-hoat.")
    assert name == name_of(built(tmp_path))
    other = Screen(START.id, START.frame, "Đăng nhập lại", "", START.show)
    assert name_of(built(tmp_path, other)) != name
    assert name_of(built(tmp_path), Picture("vneid-start", "Đăng ký", "")) != name


def test_a_name_changes_with_what_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = name_of(built(tmp_path))
    monkeypatch.setattr(gallery, "_pen", lambda: b"another pen")
    assert name_of(built(tmp_path)) != before


@pytest.mark.parametrize(("phone", "highlight"), [("lost", "Kích hoạt"), ("vneid-start", "Mất rồi")])
def test_what_no_screen_describes_any_more_is_not_shown(tmp_path: Path, phone: str, highlight: str) -> None:
    assert built(tmp_path).shown(Picture(phone, highlight, "")) is None


def test_a_picture_without_a_highlight(tmp_path: Path) -> None:
    assert name_of(built(tmp_path), Picture("vneid-start", "", "")).startswith("vneid-start..")


async def test_it_is_drawn_once_and_elsewhere_however_many_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    real = png

    def drawing(text: str) -> bytes:
        threads.append(threading.current_thread())
        return real(text)

    monkeypatch.setattr(gallery, "png", drawing)
    shown = built(tmp_path)
    answers = await asyncio.gather(*(shown.png(name_of(shown)) for _ in range(5)))
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
    assert len(set(answers)) == 1
    data = answers[0]
    assert data is not None
    place = shown.shown(PICTURE)
    assert place is not None
    assert png_size(data) == (2 * place.width, 2 * place.height)
    # another process finds it
    assert built(tmp_path).make(name_of(shown)) == data
    assert len(threads) == 1


async def test_few_are_drawn_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy: list[int] = []
    now: list[str] = []
    lock = threading.Lock()
    enough = threading.Barrier(AT_ONCE, timeout=20)

    def drawing(text: str) -> bytes:
        with lock:
            now.append(text)
            busy.append(len(now))
        enough.wait()
        with lock:
            now.remove(text)
        return photo(2, 2)

    monkeypatch.setattr(gallery, "png", drawing)
    screens = {f"m-{n}": Screen(f"m-{n}", Frame.ANDROID, "", "", START.show) for n in range(4 * AT_ONCE)}
    shown = Gallery(screens, tmp_path, tmp_path / "kept")
    names = [name_of(shown, Picture(id, "Kích hoạt", "")) for id in screens]
    await asyncio.gather(*(shown.png(name) for name in names))
    assert max(busy) == AT_ONCE
    assert len(busy) == len(screens)


async def test_who_leaves_while_it_is_drawn_spoils_nothing(tmp_path: Path) -> None:
    shown = built(tmp_path)
    gone = asyncio.ensure_future(shown.png(name_of(shown)))
    await asyncio.sleep(0)
    gone.cancel()
    assert await shown.png(name_of(shown)) is not None


async def test_a_fault_in_drawing_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = built(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(gallery, "png", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await shown.png(name_of(shown))
    assert await shown.png(name_of(shown)) is not None


async def test_an_old_name_keeps_its_picture_while_it_is_there(tmp_path: Path) -> None:
    old = built(tmp_path)
    before = await old.png(name_of(old))
    new = built(tmp_path, Screen(START.id, Frame.IPHONE, "", "", START.show))
    assert await new.png(name_of(old)) == before != await new.png(name_of(new))
    (tmp_path / "kept" / f"{name_of(old)}.png").unlink()
    assert await new.png(name_of(old)) is None
    assert new.newest(name_of(old)) == name_of(new)


@pytest.mark.parametrize(
    "name",
    ["", "..", "../kept/x", "vneid-start", "vneid-start.kich-hoat", "a.b." + "0" * 12, "x/y.z." + "0" * 12],
)
async def test_a_strange_name_finds_nothing(tmp_path: Path, name: str) -> None:
    shown = built(tmp_path)
    await shown.png(name_of(shown))
    assert await shown.png(name) is None
    assert shown.newest(name) is None


def test_a_file_that_was_cut_off_is_drawn_again(tmp_path: Path) -> None:
    shown = built(tmp_path)
    data = shown.make(name_of(shown))
    file = tmp_path / "kept" / f"{name_of(shown)}.png"
    file.write_bytes(data[:-4])
    assert shown.make(name_of(shown)) == data == file.read_bytes()


def test_a_folder_that_cannot_be_written_costs_no_picture(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("in the way")
    shown = built(tmp_path)
    assert png_size(shown.make(name_of(shown)))


@pytest.mark.parametrize(
    ("pixels", "page"), [((1080, 1440), (360, 480)), ((300, 200), (300, 200)), ((640, 1280), (320, 640))]
)
async def test_a_screenshot_takes_the_place_of_its_step_only(
    tmp_path: Path, pixels: tuple[int, int], page: tuple[int, int]
) -> None:
    folder = tmp_path / "photos" / "kich-hoat"
    folder.mkdir(parents=True)
    (folder / "mo-app.png").write_bytes(photo(*pixels))
    (folder / "khac.png").write_bytes(b"no picture")
    shown = built(tmp_path)
    place = shown.shown(PICTURE)
    assert place is not None
    assert (place.width, place.height) == page
    assert place.path.startswith("/pictures/kich-hoat-mo-app.anh.")
    assert await shown.png(name_of(shown)) == photo(*pixels)
    assert name_of(shown, Picture("vneid-start", "Kích hoạt", "", "kich-hoat/khac")).startswith(
        "vneid-start."
    )


def test_all_are_drawn_ahead(tmp_path: Path) -> None:
    shown = built(tmp_path)
    lost = Picture("lost", "", "")
    assert shown.draw([PICTURE, PICTURE, Picture("vneid-start", "Đăng ký", ""), lost]) == 2
    assert len(list((tmp_path / "kept").glob("*.png"))) == 2
