"""What somebody sent beside words, whoever it is: its kind, and which sentence answers it."""

from __future__ import annotations

import unicodedata

from bot.core.message import Incoming, Kind

WITH_WORDS = frozenset({Kind.TEXT, Kind.PHOTO, Kind.VOICE, Kind.OTHER})
"""Kinds whose words are read. A place or a contact brings an address or a name with it, which we do not need;
an edit changes words that were answered before.
"""

SENTENCES_FOR = {
    Kind.TEXT: 0,
    Kind.LEFT: 0,
    Kind.EDITED: 1,
    Kind.VOICE: 2,
    Kind.STICKER: 2,
    Kind.LOCATION: 2,
    Kind.CONTACT: 2,
    Kind.OTHER: 2,
    Kind.PHOTO: 3,
    Kind.UNSUPPORTED: 3,
}
"""How many sentences there are for things of a kind that come in a row: one is said once, two by turns; of
three the first is long and the others are short.
"""

_SIGNS = frozenset({"So", "Sk", "Mn", "Cf", "Zs", "Cc"})


def kind_of(message: Incoming) -> Kind:
    """A text of nothing but small pictures (👍, ❤️) is a sticker that somebody typed."""
    is_text = message.kind is Kind.TEXT and not message.button
    return Kind.STICKER if is_text and _is_drawn(message.text) else message.kind


def is_left_unanswered(kind: Kind, again: int, *, quick: bool) -> bool:
    """Whether enough was said: `again` of the kind came just before, the last one a moment ago if `quick`.

    An album comes as five messages in one second; it gets one answer and one short sentence.
    """
    if not again or kind is Kind.UNSUPPORTED:  # it may be all that a person is able to send
        return False
    return SENTENCES_FOR[kind] == 1 or (again > 1 and quick)


def sentence_for(kind: Kind, again: int) -> str:
    """The name of the sentence when `again` of the kind came just before: never the same twice in a row."""
    if SENTENCES_FOR[kind] == 3 and again:
        return f"{kind}_{2 + (again + 1) % 2}"
    return f"{kind}_{1 + again % 2}"


def _is_drawn(text: str) -> bool:
    if text.isascii() or text[0].isalnum():
        return False
    kinds = {unicodedata.category(letter) for letter in text}
    return "So" in kinds and kinds <= _SIGNS
