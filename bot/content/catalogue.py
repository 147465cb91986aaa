"""One file's sentences in another language, as gettext has them: `locales/en/flows/otp.po`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from bot.content.problems import Problem, Severity, Spot, fault
from bot.content.source import Document, Kind, Scalar, is_visible, read_document
from bot.core.contact import SOURCE

_COMPLETE = re.compile(r'^"X-Complete: yes\\n"$', re.MULTILINE)

_LINE = re.compile(r'(?:#.*|(?:msg\w+(?:\[\d+\])? +)?"(?:[^"\\\n]|\\.)*")?\s*')


class Entry(NamedTuple):
    """A translation, empty until there is one, and its place. `fuzzy`: the original has changed since."""

    words: str
    fuzzy: bool
    start: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    document: Document
    entries: Mapping[str, Entry]

    def find(self, id: str) -> Scalar | None:
        """The translation of a sentence with its place, if there is one that can be used."""
        entry = self.entries.get(id)
        if entry is None or entry.fuzzy or not entry.words:
            return None
        text = self.document.text
        start = max(entry.start, text.find("msgstr", entry.start))
        end = text.find("\n\n", start)
        return Scalar(entry.words, Kind.TEXT, self.document, start, end if end > 0 else len(text))


def is_complete(text: str) -> bool:
    """Whether a catalogue says of itself that nothing may be missing in it."""
    return _COMPLETE.search(text) is not None


def path_of(file: str, locale: str) -> str:
    """The catalogue of a file."""
    name = file.removeprefix(f"locales/{SOURCE}/")
    return f"locales/{locale}/{Path(name).with_suffix('.po').as_posix()}"


def read_catalogue(root: Path, path: str, problems: list[Problem]) -> Catalogue | None:
    """None when there is none, or when it cannot be read."""
    if not (root / path).exists():
        return None
    document = read_document(root, root / path, problems)
    if document is None or not is_visible(document, problems):
        return None
    from babel.messages.pofile import PoFileError, read_po  # not needed where nothing is translated

    lines = document.text.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]
    strange = next((number for number, line in enumerate(lines) if not _LINE.fullmatch(line)), None)
    try:
        messages = [message for message in read_po(lines, abort_invalid=True) if message.id]
    except PoFileError as error:
        strange, messages = error.lineno or 0, []
    if strange is not None:  # the library itself lets pass a quote that is left open, and loses a letter
        spot = document.spot(starts[min(strange, len(lines))])
        problems.append(fault(spot, "không đọc được dòng này của tệp .po", "xem lại dấu ngoặc kép"))
        return None
    entries: dict[str, Entry] = {}
    for message in messages:
        if not isinstance(message.id, str) or not isinstance(message.string, str):
            spot = document.spot(starts[(message.lineno or 1) - 1])
            problems.append(fault(spot, "không dùng msgid_plural ở đây"))
            continue
        entries[message.id] = Entry(message.string, message.fuzzy, starts[(message.lineno or 1) - 1])
    return Catalogue(document, entries)


def untold(catalogue: Catalogue | None, path: str, ids: set[str]) -> list[Problem]:
    """What is not translated, or not any more, in one line; a fault only where all should be there."""
    known = {id: catalogue.entries[id] for id in ids if id in catalogue.entries} if catalogue else {}
    changed = sum(entry.fuzzy for entry in known.values() if entry.words)
    missing = len(ids) - sum(bool(entry.words) for entry in known.values())
    if not missing and not changed:
        return []
    counts = [f"chưa dịch {missing}/{len(ids)} câu"] if missing else []
    counts += [f"{changed} câu dịch cần xem lại (fuzzy)"] if changed else []
    severity = Severity.ERROR if catalogue and is_complete(catalogue.document.text) else Severity.WARNING
    hint = "bot nói những câu này bằng tiếng Việt; cập nhật tệp: make catalogue"
    return [replace(fault(Spot(path), ", ".join(counts), hint), severity=severity)]
