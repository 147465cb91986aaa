"""Translations that have been read and checked once, kept so that a start need not do it again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec

from bot.content.problems import Problem

Told = Mapping[str, Mapping[str, str]]
"""By file: each sentence and its translation, only where it is there and right."""


class Kept(msgspec.Struct, frozen=True):
    """`notes` are what was found besides, none of it an error: who asks is told each time."""

    told: Told
    notes: tuple[Problem, ...]


_JSON = msgspec.json.Decoder(Kept)


def recall(root: Path, cache: Path, locale: str) -> Kept | None:
    """What was kept for the files as they are now; None when there is nothing."""
    try:
        return _JSON.decode(_place(root, cache, locale).read_bytes())
    except (OSError, msgspec.DecodeError):
        return None


def keep(root: Path, cache: Path, locale: str, kept: Kept) -> None:
    """Keep it in place of what was kept before; where nothing can be written the next start reads again."""
    place = _place(root, cache, locale)
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        for older in cache.glob(f"{locale}-*.json"):
            older.unlink(missing_ok=True)
        fresh = place.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(kept))
        fresh.replace(place)


def _place(root: Path, cache: Path, locale: str) -> Path:
    """Named after all that a check looks at: originals, translations, lists, and the checks themselves."""
    digest = blake2b(digest_size=8)
    ours = Path(__file__).parent
    files = [*root.glob("flows/*.yaml"), *root.glob("faq/*.yaml"), *(root / "locales").rglob("*.*")]
    for path in sorted(files) + sorted(ours.glob("*.py")):
        with suppress(OSError):
            content = path.read_bytes()
            digest.update(f"{path.name} {len(content)}\n".encode())
            digest.update(content)
    return cache / f"{locale}-{digest.hexdigest()}.json"
