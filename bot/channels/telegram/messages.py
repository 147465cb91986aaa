"""A reply as Telegram shows it: HTML, numbered choices in the words, the same choices as buttons below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.channels.wording import as_html, length, parts_of_text, with_link, without_bold
from bot.core.buttons import LONGEST_TOKEN
from bot.core.message import Choice, Picture, Reply, numbered

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024

MOST_BOLD = 100

ROOM = (38, 16, 10)
"""Letters that a button has room for alone in its row, beside another one, and as one of three.

The buttons of a row are equally wide, and a phone may be as narrow as 360 pixels.
"""

FEW = 3
"""Choices up to here stand one below the other, however short: the easiest to read and to hit."""

Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One message. Without its picture it still says all that it has to say."""

    html: str
    picture: Picture | None = None
    rows: Rows = ()


def parts_of(reply: Reply) -> tuple[Part, ...]:
    """The messages that a reply becomes: one wherever it fits; buttons are below the last.

    They depend on the reply alone, so that a reply half of which has arrived goes on where it stopped.
    """
    text = numbered(with_link(reply))
    rows = tuple(_rows(reply))
    if reply.picture and length(without_bold(text)) <= LONGEST_CAPTION:
        return (Part(_html(text), reply.picture, rows),)
    alone = (_alone(reply.picture),) if reply.picture else ()
    *others, last = (_html(part) for part in parts_of_text(text, LONGEST_TEXT))
    return (*alone, *(Part(html) for html in others), Part(last, None, rows))


def keyboard(rows: Rows) -> dict[str, list[list[dict[str, str]]]]:
    return {
        "inline_keyboard": [
            [{"text": choice.label, "callback_data": choice.token} for choice in row] for row in rows
        ]
    }


def _alone(picture: Picture) -> Part:
    """Too much to say below the picture: it goes first, and says what it shows."""
    return Part(_html(parts_of_text(picture.alt, LONGEST_CAPTION)[0]), picture)


def _html(text: str) -> str:
    """A text in which more is bold than Telegram counts is read better plain than not at all."""
    return as_html(text if text.count("**") <= 2 * MOST_BOLD else without_bold(text))


def _rows(reply: Reply) -> Iterator[tuple[Choice, ...]]:
    """Choices one a row, numbered as in the words above, or many short ones side by side; then shortcuts."""
    choices = [
        replace(choice, label=f"{number}. {choice.label}")
        for number, choice in enumerate(reply.choices, 1)
        if _fits(choice)
    ]
    if len(choices) > FEW and all(len(choice.label) <= ROOM[-1] for choice in choices):
        yield from _side_by_side(choices)
    else:
        yield from ((choice,) for choice in choices)
    yield from _side_by_side(filter(_fits, reply.shortcuts))


def _side_by_side(buttons: Iterable[Choice]) -> Iterator[tuple[Choice, ...]]:
    """As many a row as none of them is cut for."""
    row: tuple[Choice, ...] = ()
    for button in buttons:
        wider = (*row, button)
        if row and (len(wider) > len(ROOM) or max(len(one.label) for one in wider) > ROOM[len(row)]):
            yield row
            wider = (button,)
        row = wider
    if row:
        yield row


def _fits(choice: Choice) -> bool:
    """One button too long would cost the whole message; its number can be typed."""
    return 0 < len(choice.token.encode()) <= LONGEST_TOKEN and bool(choice.label)
