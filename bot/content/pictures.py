"""Whether every step that speaks of a place on the screen shows it, and the picture shows what is said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.content.draft import Draft, Pictured, Said
from bot.content.facts import Facts
from bot.content.problems import Problem, Spot, fault, quote, suggest
from bot.content.screens import Screens
from bot.content.source import Scalar
from bot.core.png import LARGEST, MOST_PIXELS, png_size
from bot.core.screen import labels

PHOTOS = "flows/pictures"
"""Real screenshots: `<flow>/<step>.png` takes the place of that step's drawing."""

QUOTED = re.compile(r"«([^»]+)»")


def check_pictures(
    root: Path,
    drafts: Collection[Draft],
    screens: Screens,
    facts: Facts | None,
    said: Collection[Said],
    problems: list[Problem],
) -> None:
    for draft in drafts:
        problems.extend(_unshown(words) for words in draft.unshown)
        for pictured in draft.pictured:
            problems.extend(_misplaced(pictured, screens))
    if facts is not None:
        problems.extend(_invented(screens, facts, said))
    problems.extend(_photos(root, drafts))


def _unshown(words: Scalar) -> Problem:
    named = QUOTED.search(words.value)
    label = " ".join(named[1].split()) if named else ""
    hint = f'thêm picture: {{phone: …, highlight: "{label}", alt: "…"}}'
    return fault(words.find(r"«"), f"bước này nói đến «{label}» mà không có hình", hint)


def _misplaced(pictured: Pictured, screens: Screens) -> Iterator[Problem]:
    phone, highlight = pictured.phone, pictured.highlight
    if phone.value not in screens.places:
        if screens.lost:
            return
        hint = suggest(phone.value, screens.places) or "tả màn hình ấy trong flows/_screens"
        yield fault(phone.spot, f"không có màn hình {quote(phone.value)}", hint)
        return
    screen = screens.read.get(phone.value)
    if screen is None or highlight is None:
        return  # a screen with a fault of its own is told once
    shown = [label for element in screen.show for label in labels(element)]
    words = " ".join(highlight.value.split())
    if words not in shown:
        hint = suggest(words, shown) or "trên đó có: " + ", ".join(shown)
        yield fault(highlight.spot, f"màn hình {quote(phone.value)} không có chữ {quote(words)}", hint)


def _invented(screens: Screens, facts: Facts, said: Collection[Said]) -> Iterator[Problem]:
    """A button is drawn with the words that a fact or a guide names; another would be made up."""
    named = {label.casefold() for label in facts.labels}
    for sentence in said:
        named.update(" ".join(label.split()).casefold() for label in QUOTED.findall(sentence.scalar.value))
    for button in screens.buttons:
        label = " ".join(button.value.split())
        if label.casefold() not in named:
            hint = suggest(label, facts.labels) or "ghi «tên nút» vào faq/facts.yaml trước"
            yield fault(button.spot, f"chưa có nguồn nào nói đến nút «{label}»", hint)


@dataclass(frozen=True, slots=True)
class Photo:
    """A screenshot and the step it belongs to, as its path says."""

    path: Path
    step: str


def photos(root: Path) -> list[Photo]:
    folder = root / PHOTOS
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [Photo(path, path.relative_to(folder).with_suffix("").as_posix()) for path in paths]


def _photos(root: Path, drafts: Collection[Draft]) -> Iterator[Problem]:
    steps = {f"{draft.id}/{pictured.step}" for draft in drafts for pictured in draft.pictured}
    for photo in photos(root):
        spot = Spot(photo.path.relative_to(root).as_posix())
        if photo.path.suffix != ".png":
            yield fault(spot, "ảnh chụp màn hình phải là tệp .png")
        elif photo.step not in steps:
            hint = suggest(photo.step, steps) or 'đặt ở <luồng>/<bước>.png; bước ấy phải có "picture"'
            yield fault(spot, f"không có bước {quote(photo.step)} nào có hình", hint)
        else:
            yield from _unfit(spot, photo.path)


def _unfit(spot: Spot, path: Path) -> Iterator[Problem]:
    try:
        data = path.read_bytes()
    except OSError:
        yield fault(spot, "không đọc được tệp", "xem lại quyền đọc của tệp")
        return
    size = png_size(data)
    if size is None:
        yield fault(spot, "đây không phải ảnh PNG, hoặc ảnh bị cụt", "lưu lại ảnh với kiểu PNG")
    elif max(size) > MOST_PIXELS:
        yield fault(spot, f"ảnh {size[0]}x{size[1]}, mỗi cạnh tối đa {MOST_PIXELS} điểm", "thu nhỏ ảnh lại")
    elif len(data) > LARGEST:
        hint = "cắt bớt, thu nhỏ hoặc giảm số màu"
        yield fault(spot, f"ảnh nặng {len(data) / 1000:.1f} kB, tối đa {LARGEST // 1000} kB", hint)
