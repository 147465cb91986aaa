"""What is to be translated, found in the files that people write: a method for Babel (`babel.cfg`).

A sentence is translated once in each file, however often it stands there; a comment tells each place and the
limit that holds there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from bot.content.problems import Problem
from bot.content.source import Document, Kind, Node, Pairs, Scalar, parse


@dataclass(frozen=True, slots=True)
class Each:
    """Every entry of a list or mapping looks like this."""

    entry: Shape


Shape = str | Each | Mapping[str, "Shape"]
"""Where the sentences are: a string says what one is, and its limit."""

_TITLE = "title, at most 60 letters"
_STEP = "at most 60 words"
_LABEL = "button, at most 40 letters"

_SHAPES: Mapping[str, Shape] = {
    "guide": {
        "title": _TITLE,
        "goal": "goal, at most 200 letters; it goes on after “When you are done, you can”",
        "steps": Each(
            {
                "title": _TITLE,
                "say": _STEP,
                "ask": _STEP,
                "handoff": _STEP,
                "retry": _STEP,
                "choices": Each({"label": _LABEL}),
                "picture": {"alt": "what the picture shows, at most 200 letters"},
            }
        ),
    },
    "menu": {"groups": Each({"title": _LABEL})},
    "answers": {"entries": Each({"question": "at most 120 letters", "answer": "at most 120 words"})},
    "errors": {
        "errors": Each({"name": _LABEL, "meaning": "at most 120 words", "todo": "at most 120 words"}),
    },
    "topics": {"topics": Each({"question": "at most 120 letters"})},
    "sentences": Each(""),
}

Extracted = tuple[int, None, str, list[str]]


def content(
    file: IO[bytes], _keywords: object, _tags: object, options: Mapping[str, str]
) -> Iterator[Extracted]:
    """Babel's extraction method for YAML; `kind` among the options says what the file is.

    Raises Unreadable when the file has a fault: to extract nothing would throw its translations away.
    """
    problems: list[Problem] = []
    document = Document(file.name, file.read().decode().replace("\r\n", "\n"))
    node = parse(document, problems)
    if node is None or problems:
        raise Unreadable(str(problems[0]))
    for place, limit, scalar in _sentences(node, _SHAPES[options["kind"]], ()):
        comment = ": ".join(part for part in (" › ".join(place), limit) if part)
        yield scalar.spot.line, None, msgid(scalar), [comment]


class Unreadable(Exception):
    """A file whose sentences cannot be told; the message is the problem."""


def msgid(scalar: Scalar) -> str:
    """What a sentence is found by in a catalogue: itself, as it was written."""
    return scalar.value.strip()


def _sentences(
    node: Node, shape: Shape, place: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str, Scalar]]:
    if isinstance(shape, str):
        if isinstance(node, Scalar) and node.kind is Kind.TEXT:
            yield place, shape, node
        return
    if isinstance(shape, Each):
        for name, entry in _entries(node):
            yield from _sentences(entry, shape.entry, (*place, name) if name else place)
        return
    for name, entry in _entries(node):
        if name in shape:
            here = place if name in _UNSAID else (*place, name)
            yield from _sentences(entry, shape[name], here)


_UNSAID: Collection[str] = ("steps", "entries", "errors", "topics", "groups", "choices", "picture")


def _entries(node: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Pairs):
        yield from ((key.value, value) for key, value in node.pairs)
    elif not isinstance(node, Scalar):
        yield from (("", item) for item in node.items)
