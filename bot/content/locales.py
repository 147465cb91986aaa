"""The bot's own sentences and the words that work everywhere, in `locales/vi/`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from bot.content.draft import Role, Said
from bot.content.fields import fields, text, texts
from bot.content.problems import Problem, fault, quote
from bot.content.source import Node, parse, read_document
from bot.content.texts import ALL_VARIABLES, read_text
from bot.core.flow import Text
from bot.core.hearing import Word


def read_sentences(
    root: Path, names: Collection[str], said: list[Said], problems: list[Problem]
) -> Mapping[str, Text]:
    """The sentence for each of the names."""
    sentences: dict[str, Text] = {}
    for name, node in _mapping(root, "bot.yaml", names, problems).items():
        scalar = text(node, problems)
        words = read_text(scalar, problems, ALL_VARIABLES) if scalar else None
        if scalar is not None and words is not None:
            said.append(Said(Role.OWN, scalar, words))
            sentences[name] = words
    return sentences


def read_words(root: Path) -> tuple[Mapping[str, tuple[str, ...]], tuple[Problem, ...]]:
    """What people say for each universal word; no phrase may mean two of them."""
    problems: list[Problem] = []
    words: dict[str, tuple[str, ...]] = {}
    owners: dict[str, str] = {}
    for name, node in _mapping(root, "words.yaml", tuple(Word), problems).items():
        phrases = list(texts(node, problems))
        for phrase in phrases:
            owner = owners.setdefault(phrase.value.lower(), name)
            if owner != name:
                message = f"{quote(phrase.value)} đã thuộc {quote(owner)}"
                problems.append(fault(phrase.spot, message, "một câu chỉ có một nghĩa"))
        words[name] = tuple(phrase.value for phrase in phrases)
    return words, tuple(problems)


def _mapping(root: Path, name: str, keys: Collection[str], problems: list[Problem]) -> Mapping[str, Node]:
    document = read_document(root, root / "locales" / "vi" / name, problems)
    node = parse(document, problems) if document else None
    if document is None or node is None:
        return {}
    return fields(node, tuple(sorted(keys)), (), problems) or {}
