"""A guide whose words were changed in the middle of the campaign: before and after can be compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from bot.app.ports import Edition
from bot.config import Settings
from bot.core.book import Book
from bot.keys import NotReady
from bot.wiring import read_library, trained_matcher

CHANGED = ("kich-hoat", "mat-khau")
"""The guide, and the step whose words were changed."""

_ADDED = "{{ xung_ho|capitalize }} viết ra giấy trước, rồi nhìn giấy mà gõ cho chắc ạ."
_NOTE = "Bước đặt mật khẩu: thêm lời nhắc viết ra giấy trước khi gõ, vì nhiều người gõ xong quên ngay."


@dataclass(frozen=True, slots=True)
class Printed:
    """What the bot says with from some time on, and the editions that are current then."""

    book: Book
    current: tuple[Edition, ...]


def printed(settings: Settings) -> tuple[Printed, Printed]:
    """Before the change, and after it. Raises NotReady."""
    matcher = trained_matcher()
    sources = read_library(settings, matcher).sources
    now = {id: Edition(id, version, source) for id, (version, source) in sources.items()}
    flow = CHANGED[0]
    source = now[flow].source if flow in now else ""
    old = _edition(flow, source.replace(_ADDED, ""))
    new = _edition(flow, f'change: "{_NOTE}"\n{source}')
    library = read_library(settings, matcher, (old, new))
    if library.book is None:
        raise NotReady("\n".join(str(problem) for problem in library.problems))
    return _printed(library.book, now, old), _printed(library.book, now, new)


def _edition(flow: str, source: str) -> Edition:
    return Edition(flow, hashlib.sha256(source.encode()).hexdigest()[:12], source)


def _printed(book: Book, now: dict[str, Edition], one: Edition) -> Printed:
    """With this edition as the current one of its guide, where it can be read."""
    flow = book.edition(one.flow, one.version)
    if flow is None:
        return Printed(book, tuple(now.values()))
    book = replace(book, flows={**book.flows, one.flow: flow})
    return Printed(book, tuple({**now, one.flow: one}.values()))
