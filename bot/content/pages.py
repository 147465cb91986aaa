"""The words of the web pages in another language; the originals stand in templates and in Python."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.content.catalogue import path_of, read_catalogue, untold
from bot.content.draft import Role, Said
from bot.content.likeness import Difference, Labels, differences
from bot.content.parts import Fixed
from bot.content.problems import Problem, fault, quote
from bot.content.speech import Forbidden, never
from bot.core.contact import SOURCE

PAGES = f"locales/{SOURCE}/web"
"""The file that all words of the pages go by."""

_FILLED = re.compile(r"%\(\w+\)s|\{\w+\}|<[^>]*>|[%&\"]")
"""What is put in when a page is made, and its markup."""


def read_pages(
    root: Path, locale: str, labels: Labels, forbidden: Forbidden | None, problems: list[Problem]
) -> Mapping[str, str]:
    path = path_of(PAGES, locale)
    catalogue = read_catalogue(root, path, problems)
    if catalogue is None:
        return {}
    problems.extend(untold(catalogue, path, set(catalogue.entries)))
    told: dict[str, str] = {}
    for original in catalogue.entries:
        scalar = catalogue.find(original)
        if scalar is None:
            continue
        told[original] = scalar.value
        different = (*_in_fillings(original, scalar.value), *differences(original, scalar.value, labels))
        problems.extend(fault(scalar.spot, found.message, found.hint) for found in different)
        if forbidden is not None:
            problems.extend(never(Said(Role.OWN, scalar, Fixed(scalar.value)), scalar.value, forbidden))
    return told


def _in_fillings(original: str, translation: str) -> Iterator[Difference]:
    kept, given = Counter(_FILLED.findall(original)), Counter(_FILLED.findall(translation))
    yield from (Difference(f"mất {quote(one)} của bản gốc", "chép y nguyên") for one in kept - given)
    yield from (Difference(f"{quote(one)} không có trong bản gốc", "bỏ đi") for one in given - kept)
