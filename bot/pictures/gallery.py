"""All pictures by name: each is drawn once, outside the event loop, and kept beside the matcher's artefact.

A name holds the hash of what is drawn and of what draws it, so a browser may keep the file for ever.
"""

from __future__ import annotations

import asyncio
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from bot.app.ports import Shown
from bot.core.message import Picture
from bot.core.png import png_size
from bot.core.screen import Screen, labels
from bot.pictures.drawing import WIDE, size, svg
from bot.pictures.render import png

AT_ONCE = 2
"""Pictures drawn at the same time, however many are asked for."""

_TALL = 640
_NAME = re.compile(r"([a-z0-9-]+\.[a-z0-9-]*)\.[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class _Drawing:
    screen: Screen
    highlight: str


@dataclass(frozen=True, slots=True)
class _Photo:
    data: bytes
    size: tuple[int, int]


class Gallery:
    """`photos` holds real screenshots, `<flow>/<step>.png`; `kept` is where drawings are put."""

    def __init__(self, screens: Mapping[str, Screen], photos: Path, kept: Path) -> None:
        self._kept = kept
        self._sources: dict[str, _Drawing | _Photo] = {}
        self._drawn: dict[tuple[str, str], str] = {}
        self._photos: dict[str, str] = {}
        self._shown: dict[str, Shown] = {}
        self._made: dict[str, bytes] = {}
        self._making: dict[str, asyncio.Task[bytes]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)
        pen = _pen()
        for screen in screens.values():
            said = repr(screen).encode() + pen
            for label in ("", *(label for element in screen.show for label in labels(element))):
                name = _name(f"{screen.id}.{_slug(label)}", said, label.encode())
                self._drawn[screen.id, label] = name
                self._sources[name] = _Drawing(screen, label)
        for path in sorted(photos.glob("*/*.png")):
            data = path.read_bytes()
            measured = png_size(data)
            if measured is None:
                continue  # `check` has told of it
            step = f"{path.parent.name}/{path.stem}"
            self._photos[step] = _name(f"{path.parent.name}-{path.stem}.anh", data)
            self._sources[self._photos[step]] = _Photo(data, measured)
        self._newest = {name.rpartition(".")[0]: name for name in self._sources}

    def shown(self, picture: Picture) -> Shown | None:
        """Where a picture is and how large; None when nothing describes it any more."""
        name = self._photos.get(picture.step) or self._drawn.get((picture.phone, picture.highlight))
        return (self._shown.get(name) or self._measured(name)) if name else None

    def prepare(self) -> None:
        """Measure every picture, so that no page has to wait for it."""
        for name in self._sources:
            self._measured(name)

    async def png(self, name: str) -> bytes | None:
        """A picture that is shown now, or one that was shown before and is still kept."""
        if name not in self._sources:
            return await asyncio.to_thread(self._old, name)
        made = self._made.get(name)
        if made is None:
            making = self._making.get(name)
            if making is None:
                making = self._making[name] = asyncio.create_task(self._in_turn(name))
                making.add_done_callback(lambda _: self._making.pop(name, None))
            made = await asyncio.shield(making)
        return made

    def newest(self, name: str) -> str | None:
        """The name that what an old name showed has now."""
        found = _NAME.fullmatch(name)
        return self._newest.get(found[1]) if found else None

    def draw(self, pictures: Iterable[Picture]) -> int:
        """Make all of them now; returns how many there are."""
        names = {shown.path for picture in pictures if (shown := self.shown(picture))}
        for path in names:
            self.make(path.removeprefix("/pictures/").removesuffix(".png"))
        return len(names)

    def make(self, name: str) -> bytes:
        """Read it where it is kept, or draw it and keep it. Slow: not for the event loop."""
        source = self._sources[name]
        if isinstance(source, _Photo):
            return source.data
        path = self._kept / f"{name}.png"
        with suppress(OSError):
            data = path.read_bytes()
            if png_size(data):
                return data
        data = png(svg(source.screen, source.highlight))
        with suppress(OSError):  # a folder that cannot be written costs time, not pictures
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_bytes(data)
            part.replace(path)
        return data

    def _measured(self, name: str) -> Shown:
        match self._sources[name]:
            case _Drawing(screen=screen):
                wide, high = size(screen)
            case _Photo(size=(w, h)):
                scale = min(1, WIDE / w, _TALL / h)
                wide, high = round(w * scale), round(h * scale)
        measured = self._shown[name] = Shown(f"/pictures/{name}.png", wide, high)
        return measured

    async def _in_turn(self, name: str) -> bytes:
        async with self._turns:
            made = self._made[name] = await asyncio.to_thread(self.make, name)
        return made

    def _old(self, name: str) -> bytes | None:
        if _NAME.fullmatch(name):
            with suppress(OSError):
                return (self._kept / f"{name}.png").read_bytes()
        return None


def _pen() -> bytes:
    """Changes with every change of what draws."""
    here = Path(__file__).parent
    said = b"".join(path.read_bytes() for path in sorted((*here.glob("*.py"), *here.glob("*.svg"))))
    return blake2b(said).digest()


def _name(stem: str, *said: bytes) -> str:
    mark = blake2b(digest_size=6)
    for part in said:
        mark.update(part)
    return f"{stem}.{mark.hexdigest()}"


def _slug(label: str) -> str:
    """A label as part of a file's name: it says which picture this is, the hash tells them apart."""
    plain = unicodedata.normalize("NFD", label.lower().replace("đ", "d"))
    return "-".join(re.findall("[a-z0-9]+", plain.encode("ascii", "ignore").decode()))[:40]
