"""Catalogues brought up to date with what people wrote: `make catalogue`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from bot.content.catalogue import is_complete, path_of, read_catalogue
from bot.content.extract import Unreadable
from bot.content.pages import PAGES
from bot.content.problems import Problem

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

_HEADER = """\
# {name} in {locale}. msgid is the Vietnamese original: never change it; write the translation into msgstr.
# How to translate: docs/noi-dung.md, "Bản dịch". After the original has changed: make catalogue.
# X-Complete: yes, once nothing may be missing any more.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"X-Complete: {complete}\\n"

"""
"""Without dates and names: the same content is the same file, whoever brings it up to date and when."""


@dataclass(frozen=True, slots=True)
class Updated:
    """A catalogue and how much of it is left to do. `needed` is false when its file is gone."""

    path: str
    total: int = 0
    missing: int = 0
    changed: int = 0
    needed: bool = True


def update(root: Path, locale: str) -> list[Updated]:
    """Write each file's catalogue: translations are kept, those of changed originals are marked fuzzy, and
    those of sentences that are gone are dropped.

    Raises `extract.Unreadable` when a file has a fault, before anything is written.
    """
    fresh = _extracted(root)
    for file in sorted(fresh):
        _refuse_unreadable(root, path_of(file, locale))
    done = [
        _written(root / path_of(file, locale), path_of(file, locale), catalog, Path(file).stem, locale)
        for file, catalog in sorted(fresh.items())
    ]
    paths = {one.path for one in done}
    found = (path.relative_to(root).as_posix() for path in sorted((root / "locales" / locale).rglob("*.po")))
    return [*done, *(Updated(path, needed=False) for path in found if path not in paths)]


def _extracted(root: Path) -> dict[str, Catalog]:
    """What there is to translate, by file."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir
    from babel.messages.frontend import parse_mapping_cfg

    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # not typed in Babel
    found: dict[str, Catalog] = {}
    for name, _, message, comments, context in extract_from_dir(
        str(root),
        methods,
        options,
        comment_tags=["i18n:"],
        strip_comment_tags=True,
        directory_filter=_may_hold_words,
    ):
        page = name.startswith("bot/web/")
        catalog = found.setdefault(PAGES if page else name, Catalog(fuzzy=False))
        place = [Path(name).name] if page else []
        catalog.add(message, auto_comments=[*comments, *place], context=context)
    return found


def _refuse_unreadable(root: Path, path: str) -> None:
    """A catalogue that was spoilt by hand is mended by hand: what cannot be read would be lost."""
    problems: list[Problem] = []
    read_catalogue(root, path, problems)
    if problems:
        raise Unreadable(str(problems[0]))


def _originals_before(message: Message) -> list[str]:
    """What a fuzzy translation was made from: the library writes it, but reads it as a comment."""
    from babel.messages.pofile import denormalize

    told = [comment[1:].strip() for comment in message.user_comments if comment.startswith("|")]
    message.user_comments = [comment for comment in message.user_comments if not comment.startswith("|")]
    quoted = re.findall(r'"(?:[^"\\]|\\.)*"', " ".join(told))  # it was wrapped like any comment
    return [denormalize("\n".join(quoted))] if quoted else []


def _may_hold_words(folder: str) -> bool:
    name = Path(folder).name
    return not name.startswith((".", "_")) and name not in {"tests", "data"}


def _written(file: Path, path: str, fresh: Catalog, name: str, locale: str) -> Updated:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    text = file.read_text("utf-8") if file.exists() else ""
    catalog = read_po(text.splitlines(keepends=True), abort_invalid=True) if text else Catalog()
    earlier = {message.id: _originals_before(message) for message in catalog}
    catalog.update(fresh, update_creation_date=False)
    for message in catalog:
        if message.fuzzy and not message.previous_id:
            message.previous_id = earlier.get(message.id, [])
        if path != path_of(PAGES, locale):
            message.flags &= {"fuzzy"}  # what looks like Python's way of inserting is Jinja's
    out = BytesIO()
    write_po(
        out, catalog, width=0, no_location=True, omit_header=True, ignore_obsolete=True, include_previous=True
    )
    header = _HEADER.format(name=name, locale=locale, complete="yes" if is_complete(text) else "no")
    updated = header + out.getvalue().decode().rstrip("\n") + "\n"
    if updated != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(updated, "utf-8")
    messages = [message for message in catalog if message.id]
    changed = sum(message.fuzzy for message in messages)
    return Updated(path, len(messages), sum(not message.string for message in messages), changed)
