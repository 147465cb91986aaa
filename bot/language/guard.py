"""Which dangers a helper's words hold: asking a resident for secrets or money, or to go elsewhere.

A request is somebody who gives (or tells, photographs, pays) something that must stay with the resident, to
the helper. Entering it into the app, warning of it and forbidding it are none. Read from left to right, every
look ahead or back is bounded, so the work grows with the length of the text and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.app.dangers import Danger, Guard
from bot.language.guard_english import requests_in_english
from bot.language.guard_links import has_foreign_link
from bot.language.guard_marks import Item, marked
from bot.language.guard_reading import unadorned, words_of
from bot.language.guard_requests import requests

NEAR = 1000
"""Letters of what was said before that may belong to a question."""


def guarding(web_address: str) -> Guard:
    """A guard that knows our own address."""
    ours = urlsplit(web_address).hostname or ""

    def dangers(text: str, before: str = "", /) -> tuple[Danger, ...]:
        return dangers_of(text, before, ours)

    return dangers


def dangers_of(text: str, before: str = "", ours: str = "") -> tuple[Danger, ...]:
    """In the order of `Danger`. `before` is what the same person said just before: a question that is asked
    in two messages is found, one that was asked before is not found again.
    """
    found = set(_alone(text, ours))
    before = before[-NEAR:]  # filled up in front, the words themselves would be out of reach
    if before:
        found |= set(_alone(f"{before.rstrip(_ENDS)}\n{text}", ours)) - set(_alone(before, ours))
        found |= set(_alone(f"{before.rstrip(_ENDS)} {text}", ours)) - set(_alone(before, ours))
    return tuple(danger for danger in Danger if danger in found)


def _alone(text: str, ours: str) -> Iterator[Danger]:
    if has_foreign_link(text, ours):
        yield Danger.LINK
    items: list[Item] = marked(words_of(text))
    yield from requests(items)
    yield from requests_in_english(unadorned(text))


_ENDS = " .!?…\n\t"
