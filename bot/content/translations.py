"""What the bot says gets its words in another language; each translation is checked against its original."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.content.catalogue import Catalogue, path_of, read_catalogue, untold
from bot.content.draft import Said
from bot.content.extract import msgid
from bot.content.facts import Facts
from bot.content.folding import fold
from bot.content.kept import Kept, Told, keep, recall
from bot.content.likeness import Difference, Labels, differences, in_variables
from bot.content.pages import PAGES, read_pages
from bot.content.parts import Fixed, Template
from bot.content.problems import Problem, Severity, fault, quote
from bot.content.source import Kind, Scalar
from bot.content.speech import Forbidden, check_said, read_forbidden
from bot.content.steps import LONGEST_ALT, LONGEST_TITLE
from bot.content.texts import ALL_VARIABLES, read_text
from bot.core.contact import SOURCE
from bot.core.flow import Ask, Flow, Say, Variables

OWN = f"locales/{SOURCE}/bot.yaml"
_LONGEST_GOAL = 200
_UNADDRESSED = frozenset({"xung_ho"})
"""What other languages have no word for: in English everybody is "you"."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language: what is said in it by file, titles by guide, and the words of the web pages."""

    locale: str
    told: Told
    names: Mapping[tuple[str, str], str]

    @property
    def pages(self) -> Mapping[str, str]:
        return self.told.get(PAGES, {})

    def lend(self, said: Iterable[Said]) -> None:
        """Give sentences of an older edition their words, as far as these have not changed."""
        for one in said:
            told = self.told.get(one.scalar.document.file.partition("@")[0], {})
            _give(one, self.locale, told.get(msgid(one.scalar), ""))


@dataclass(frozen=True, slots=True)
class Speech:
    """What a language's sentences are checked with: words never to be said, and the bot's own buttons."""

    forbidden: Forbidden | None
    facts: Facts | None
    labels: Labels


@dataclass(frozen=True, slots=True)
class _File:
    """What of one file is translated: sentences by their words, and titles with their greatest length."""

    said: dict[str, list[Said]]
    titles: dict[str, int]


def translate(
    root: Path,
    locale: str,
    said: Collection[Said],
    flows: Collection[Flow],
    words: Mapping[str, tuple[str, ...]],
    facts: Facts | None,
    problems: list[Problem],
    cache: Path | None = None,
) -> Tongue:
    """Give every sentence its words in the language, and list what is wrong or missing.

    `words` are the universal words: a sentence of the bot's own may tell what to type. With a `cache`, what
    was found to be right before is taken as it is.
    """
    files = _files(said, flows)
    before = len(problems)
    kept = recall(root, cache, locale) if cache else None
    if kept is not None:
        told = kept.told
        problems.extend(kept.notes)
        _give_all(files, locale, told)
    else:
        told = _checked(root, locale, files, words, facts, problems)
        _give_all(files, locale, told)
        for flow in flows:
            _tell_apart(root, flow, locale, problems)
        if cache and not any(problem.severity is Severity.ERROR for problem in problems):
            keep(root, cache, locale, Kept(told, tuple(problems[before:])))
    names = {
        (Path(file).stem, title): told[file][title]
        for file, wanted in files.items()
        for title in wanted.titles
        if title in told.get(file, ())
    }
    return Tongue(locale, told, names)


def _checked(
    root: Path,
    locale: str,
    files: Mapping[str, _File],
    words: Mapping[str, tuple[str, ...]],
    facts: Facts | None,
    problems: list[Problem],
) -> Told:
    """What there is and can be used, each compared with its original."""
    forbidden = read_forbidden(root, problems, locale)
    read = {file: read_catalogue(root, path_of(file, locale), problems) for file in files}
    buttons = _buttons(read.get(OWN), read_catalogue(root, path_of(PAGES, locale), []))
    told: dict[str, Mapping[str, str]] = {PAGES: read_pages(root, locale, buttons, forbidden, problems)}
    for file, wanted in files.items():
        catalogue = read[file]
        problems.extend(untold(catalogue, path_of(file, locale), {*wanted.said, *wanted.titles}))
        if catalogue is None:
            continue
        labels = {**_typed(words), **buttons} if file == OWN else buttons
        speech = Speech(forbidden, facts, labels)
        told[file] = {
            **_sentences(wanted, catalogue, speech, problems),
            **_titles(wanted, catalogue, labels, problems),
        }
    return told


def _files(said: Iterable[Said], flows: Iterable[Flow]) -> dict[str, _File]:
    files: dict[str, _File] = {}
    for one in said:
        file = files.setdefault(one.scalar.document.file, _File({}, {}))
        file.said.setdefault(msgid(one.scalar), []).append(one)
    for flow in flows:
        files.setdefault(_file_of(flow), _File({}, {})).titles.update(_named_in(flow))
    return files


def _file_of(flow: Flow) -> str:
    return f"flows/{flow.id}.yaml"


def _named_in(flow: Flow) -> Iterator[tuple[str, int]]:
    yield flow.goal, _LONGEST_GOAL
    yield flow.title, LONGEST_TITLE
    for step in flow.steps.values():
        title: str = getattr(step, "title", "")
        if title:
            yield title, LONGEST_TITLE
        if isinstance(step, Say) and step.picture is not None:
            yield step.picture.alt, LONGEST_ALT


def _buttons(*own: Catalogue | None) -> dict[str, set[str]]:
    """Our own sentences by their translations: some are buttons, which other sentences quote."""
    found: dict[str, set[str]] = {}
    for catalogue in filter(None, own):
        for original in catalogue.entries:
            scalar = catalogue.find(original)
            if scalar is not None:
                found.setdefault(scalar.value.casefold(), set()).add(original.casefold())
    return found


def _typed(words: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """What may be typed for the same thing."""
    alike = ({phrase.casefold() for phrase in phrases} for phrases in words.values())
    return {phrase: phrases for phrases in alike for phrase in phrases}


def _sentences(
    wanted: _File, catalogue: Catalogue, speech: Speech, problems: list[Problem]
) -> dict[str, str]:
    told: dict[str, str] = {}
    for original, places in wanted.said.items():
        scalar = catalogue.find(original)
        words = read_text(scalar, problems, ALL_VARIABLES) if scalar else None
        if scalar is None or words is None:
            continue
        told[original] = scalar.value
        problems.extend(_at(scalar, one) for one in in_variables(places[0].text, words, _UNADDRESSED))
        problems.extend(_at(scalar, one) for one in differences(original, scalar.value, speech.labels))
        spoken = {(one.role, one.cited, one.acts): one for one in places}
        for one in spoken.values():
            translated = replace(one, scalar=scalar, text=words)
            check_said(translated, speech.facts, speech.forbidden, problems)
    return told


def _titles(wanted: _File, catalogue: Catalogue, labels: Labels, problems: list[Problem]) -> dict[str, str]:
    told: dict[str, str] = {}
    for original, most in wanted.titles.items():
        scalar = catalogue.find(original)
        if scalar is None:
            continue
        words = told[original] = " ".join(scalar.value.split())
        if len(words) > most:
            problems.append(fault(scalar.spot, f"dài {len(words)} ký tự, tối đa {most}", "viết ngắn lại"))
        if "{" in words:
            problems.append(fault(scalar.find(r"\{"), "chỗ này không dùng biến được", "viết thẳng ra chữ"))
        problems.extend(_at(scalar, one) for one in differences(original, words, labels))
    return told


def _tell_apart(root: Path, flow: Flow, locale: str, problems: list[Problem]) -> None:
    """Two buttons under one step that differ in Vietnamese must not become the same."""
    for step in flow.steps.values():
        taken: dict[str, str] = {}
        for way in step.ways if isinstance(step, (Say, Ask)) else ():
            label, original = way.label(Variables(locale=locale)), way.label(Variables())
            other = taken.setdefault(fold(label), original)
            if other == original:
                continue
            catalogue = read_catalogue(root, path_of(_file_of(flow), locale), [])
            scalar = catalogue.find(original) if catalogue else None
            if scalar is not None:
                message = f"{quote(label)} trùng với nút {quote(other)} của cùng bước"
                problems.append(fault(scalar.spot, message, "dịch cho khác nhau"))


def _give_all(files: Mapping[str, _File], locale: str, told: Told) -> None:
    for file, wanted in files.items():
        there = told.get(file, {})
        for original, places in wanted.said.items():
            for one in places if original in there else ():
                _give(one, locale, there[original])


def _give(said: Said, locale: str, translation: str) -> None:
    scalar = Scalar(translation, Kind.TEXT, said.scalar.document, 0, 0)
    words = read_text(scalar, [], ALL_VARIABLES) if translation else None
    if words is not None and isinstance(said.text, (Fixed, Template)):
        said.text.others[locale] = words


def _at(scalar: Scalar, found: Difference) -> Problem:
    snippet = r"\s+".join(map(re.escape, found.snippet.split()))
    return fault(scalar.find(snippet) if snippet else scalar.spot, found.message, found.hint)
