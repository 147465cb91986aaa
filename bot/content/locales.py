"""The bot's own sentences, in `locales/vi/`, and the words that work everywhere, in each language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from bot.content.draft import Role, Said
from bot.content.fields import fields, text, texts
from bot.content.problems import Problem, fault, quote, suggest
from bot.content.source import Node, Pairs, parse, read_document
from bot.content.texts import ALL_VARIABLES, read_text
from bot.core.contact import LOCALES, SOURCE
from bot.core.flow import Text
from bot.core.hearing import Word


def read_sentences(
    root: Path, names: Collection[str], said: list[Said], problems: list[Problem]
) -> Mapping[str, Text]:
    """The sentence for each of the names."""
    sentences: dict[str, Text] = {}
    for name, node in _mapping(root, f"{SOURCE}/bot.yaml", names, problems).items():
        scalar = text(node, problems)
        words = read_text(scalar, problems, ALL_VARIABLES) if scalar else None
        if scalar is not None and words is not None:
            said.append(Said(Role.OWN, scalar, words))
            sentences[name] = words
    return sentences


def read_words(root: Path) -> tuple[Mapping[str, tuple[str, ...]], tuple[Problem, ...]]:
    """What people say for each universal word, in all languages; no phrase may mean two of them."""
    problems: list[Problem] = []
    words: dict[str, tuple[str, ...]] = {}
    owners: dict[str, str] = {}
    for locale in spoken(root):
        for name, node in _mapping(root, f"{locale}/words.yaml", tuple(Word), problems).items():
            phrases = list(texts(node, problems))
            for phrase in phrases:
                owner = owners.setdefault(phrase.value.lower(), name)
                if owner != name:
                    message = f"{quote(phrase.value)} đã thuộc {quote(owner)}"
                    problems.append(fault(phrase.spot, message, "một câu chỉ có một nghĩa"))
            words[name] = (*words.get(name, ()), *(phrase.value for phrase in phrases))
    return words, tuple(problems)


def read_asked(
    root: Path, intents: Collection[str] | None = None
) -> tuple[Mapping[str, tuple[str, ...]], tuple[Problem, ...]]:
    """By which words an English message tells what it is about; each line is words that must all be there."""
    problems: list[Problem] = []
    path = root / "locales" / "en" / "intents.yaml"
    document = read_document(root, path, problems) if path.exists() else None
    node = parse(document, problems) if document else None
    if not isinstance(node, Pairs):
        return {}, tuple(problems)
    asked: dict[str, tuple[str, ...]] = {}
    for key, lines in node.pairs:
        if intents is not None and key.value not in intents:
            hint = suggest(key.value, intents)
            problems.append(fault(key.spot, f"không có ý định {quote(key.value)}", hint))
        asked[key.value] = tuple(line.value for line in texts(lines, problems))
    return asked, tuple(problems)


def spoken(root: Path) -> tuple[str, ...]:
    """The languages that there is anything in: Vietnamese first, then those it is translated into."""
    return tuple(locale for locale in LOCALES if locale == SOURCE or (root / "locales" / locale).is_dir())


def _mapping(root: Path, name: str, keys: Collection[str], problems: list[Problem]) -> Mapping[str, Node]:
    document = read_document(root, root / "locales" / name, problems)
    node = parse(document, problems) if document else None
    if document is None or node is None:
        return {}
    return fields(node, tuple(sorted(keys)), (), problems) or {}
