"""What the matcher was taught, noted beside its artefact, so that a change of the phrases can be told.

Notes hold hashes, not the lines. They also spare reading all lines again to find one phrase in two files:
reading as the matcher does is the slow part, and only files that have changed since are read.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bot.language.sieve import sift
from bot.language.terms import reading

KEPT = 2
"""Artefacts that are kept: the one in use and the one before, to compare with."""

_NOTES = ".json"
_UNFINISHED = ".part"


class Notes(msgspec.Struct, frozen=True, array_like=True):
    """One file of phrases, line by line: a hash of what is typed, a hash of what is read in it.

    Both are empty where a line says nothing. `secret` are the numbers of lines in which the sieve masks.
    """

    digest: str
    typed: tuple[str, ...]
    read: tuple[str, ...]
    secret: tuple[int, ...]


class Lesson(msgspec.Struct, frozen=True):
    """All files of phrases by intent, and the code that read them."""

    code: str
    files: Mapping[str, Notes]


@dataclass(frozen=True, slots=True)
class Change:
    """How many lines of an intent were added and taken away since."""

    intent: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Untaught:
    """The matcher was taught something else than what lies there now. `latest` is what it knows.

    `changes` are empty when the phrases are the same, and the code or the topics are not; None when it was
    not noted what it knows.
    """

    latest: Path
    changes: tuple[Change, ...] | None


def untaught(artefact: Path, lesson: Lesson) -> Untaught | None:
    """What the artefact of the present phrases would bring; None when it is there, or nothing to compare."""
    latest = artefacts(artefact.parent)
    if artefact.exists() or not latest:
        return None
    before = recall(latest[0])
    return Untaught(latest[0], changes(before, lesson) if before else None)


def study(phrases_dir: Path, earlier: Lesson | None = None) -> Lesson:
    """Notes of all phrases as they are now; files that `earlier` knows are not read again."""
    code = _code()
    known = earlier.files if earlier and earlier.code == code else {}
    files: dict[str, Notes] = {}
    for path in sorted(phrases_dir.glob("*.txt")):
        content = path.read_bytes()
        digest = _hash(content)
        notes = known.get(path.stem)
        files[path.stem] = notes if notes and notes.digest == digest else _notes(digest, content)
    return Lesson(code, files)


def changes(before: Lesson, after: Lesson) -> tuple[Change, ...]:
    """The intents whose phrases are others now; the order of the lines does not matter."""
    found: list[Change] = []
    for intent in sorted({*before.files, *after.files}):
        old, new = (Counter(filter(None, _typed(lesson, intent))) for lesson in (before, after))
        change = Change(intent, (new - old).total(), (old - new).total())
        if change.added or change.removed:
            found.append(change)
    return tuple(found)


def note(artefact: Path, lesson: Lesson) -> None:
    """Write down what an artefact was taught."""
    unfinished = artefact.with_suffix(_UNFINISHED + _NOTES)
    unfinished.write_bytes(msgspec.json.encode(lesson))
    unfinished.replace(artefact.with_suffix(_NOTES))


def recall(artefact: Path) -> Lesson | None:
    """What an artefact was taught; None when that was not noted, or by another program."""
    try:
        return msgspec.json.decode(artefact.with_suffix(_NOTES).read_bytes(), type=Lesson)
    except (OSError, msgspec.DecodeError):
        return None


def artefacts(cache_dir: Path) -> list[Path]:
    """All that were trained or used, the latest first."""
    whole = (path for path in cache_dir.glob("matcher-*.npz") if _UNFINISHED not in path.suffixes)
    return sorted(whole, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def tidy(cache_dir: Path) -> None:
    """Delete all artefacts but the latest, with their notes."""
    for old in artefacts(cache_dir)[KEPT:]:
        old.unlink(missing_ok=True)
        old.with_suffix(_NOTES).unlink(missing_ok=True)


def _notes(digest: str, content: bytes) -> Notes:
    lines = content.decode("utf-8-sig", "replace").splitlines()
    secret = tuple(number for number, line in enumerate(lines, 1) if sift(line).found)
    return Notes(
        digest, tuple(_hash_text(line.strip()) for line in lines), tuple(map(_hash_read, lines)), secret
    )


def _typed(lesson: Lesson, intent: str) -> tuple[str, ...]:
    notes = lesson.files.get(intent)
    return notes.typed if notes else ()


def _hash_read(line: str) -> str:
    return _hash_text(reading(line))


def _hash_text(text: str) -> str:
    return _hash(text.encode()) if text else ""


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _code() -> str:
    """Any change of this package may change how a line is read."""
    return _hash(b"\0".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))))
