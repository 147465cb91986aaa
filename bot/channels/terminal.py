"""The chat in a terminal: one person, lines in, texts out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from bot.core.buttons import is_token
from bot.core.message import Choice, Reply, numbered

NAME = "terminal"


def shown(reply: Reply) -> str:
    """A reply as lines of text; bold is drawn with the terminal's own bold."""
    seen = f"\n\n[Hình: {reply.picture.alt}]" if reply.picture else ""
    text = numbered(replace(reply, text=reply.text + seen))
    parts = text.split("**")
    bold = "".join(part if index % 2 == 0 else f"\033[1m{part}\033[0m" for index, part in enumerate(parts))
    return f"{bold}\n{reply.link}" if reply.link else bold


def pressed(line: str, replies: Sequence[Reply]) -> Choice | None:
    """The choice of the last message that a bare number means: a terminal has no buttons.

    Needed where nothing is remembered, so that the number alone could not be understood later.
    """
    choices = replies[-1].choices if replies else ()
    number = line.strip()
    if not (number.isascii() and number.isdigit()) or not 1 <= int(number) <= len(choices):
        return None
    choice = choices[int(number) - 1]
    return choice if is_token(choice.token) else None


class Say(Protocol):
    def __call__(self, text: str, button: str, /) -> Awaitable[Sequence[Reply]]:
        """Send what was typed, or the button that it means; returns the bot's replies."""
        ...


async def talk(say: Say, before: Sequence[Reply]) -> list[dict[str, Any]]:
    """Talk until the end of the input; returns what was typed, as the turns of a transcript.

    `before` is what the bot said last, if this person was here earlier.
    """
    turns: list[dict[str, Any]] = []
    replies = before or await say(HELLO, "")
    if not before:
        turns.append({"user": HELLO})
    _print(replies)
    while (typed := await asyncio.to_thread(_read)) is not None:
        choice = pressed(typed, replies)
        if choice is not None:
            turns.append({"press": int(typed)})
            replies = await say("", choice.token) or replies
        else:
            turns.append({"user": typed})
            replies = await say(typed, "") or replies
        _print(replies)
    return turns


HELLO = "xin chào"


def _print(replies: Sequence[Reply]) -> None:
    for reply in replies:
        print(f"\n{shown(reply)}", flush=True)


def _read() -> str | None:
    """One line that says something; None at the end of the input."""
    while True:
        try:
            line = input("\n> ").strip()
        except EOFError:
            print()
            return None
        if line:
            return line
