"""Sentences with variables, written in a small part of Jinja2's grammar."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from dataclasses import fields

from bot.content.parts import FILTERS, Either, Fixed, Insert, NotAllowed, Part, Template
from bot.content.problems import Problem, fault, quote, suggest
from bot.content.source import Scalar
from bot.core.contact import FORMS_OF_ADDRESS
from bot.core.flow import Text, Variables

GUIDE_VARIABLES = ("xung_ho", "to_chuc", "dia_chi_web")
"""What guides and answers may mention; the rest is filled for the bot's own sentences only."""
ALL_VARIABLES = tuple(variable.name for variable in fields(Variables) if variable.name != "locale")

LONGEST_SOURCE = 4000

_LONE_BRACE = r"(?<!\{)\{(?![{%#])|(?<![}%#])\}(?!\})"
_INSERT = re.compile(r"\{\{ *([a-z_]+) *((?:\| *[a-z]+ *)*)\}\}")


def read_text(
    scalar: Scalar, problems: list[Problem], variables: Collection[str] = GUIDE_VARIABLES
) -> Text | None:
    source = scalar.value.strip()
    if "{" not in source and "}" not in source:
        return Fixed(source)
    if len(source) > LONGEST_SOURCE:
        problems.append(fault(scalar.spot, f"dài {len(source)} ký tự, tối đa {LONGEST_SOURCE}"))
        return None
    try:
        parts = _inserts(source) or _grammar(source)
        _refuse(parts, variables)
    except NotAllowed as refused:
        problems.append(fault(scalar.find(refused.pattern), refused.message, refused.hint))
        return None
    return Template(parts)


def renderings(text: Text) -> tuple[str, ...]:
    """All that a sentence may become, for checks: where nothing is conditional, one form stands for all."""
    if isinstance(text, Fixed):
        return (text.words,)
    full = Variables("bác", "Tổ công nghệ số", "địa chỉ", "bước", "việc", "điều")
    if isinstance(text, Template) and not any(isinstance(part, Either) for part in text.parts):
        return (text(full),)
    everything = itertools.product(FORMS_OF_ADDRESS, ("", full.to_chuc), ("", full.dia_chi_web))
    some = (Variables(*values, full.buoc, full.viec, full.dieu) for values in everything)
    return tuple(dict.fromkeys(text(variables) for variables in some))


def _inserts(source: str) -> tuple[Part, ...]:
    """What most sentences are, words and `{{ xung_ho|capitalize }}`, read at a tenth of the grammar's time.

    Empty when there is more to it.
    """
    pieces = _INSERT.split(source)
    parts: list[Part] = []
    for words, variable, filters in itertools.zip_longest(pieces[::3], pieces[1::3], pieces[2::3]):
        if words:
            parts.append(words)
        if variable is not None:
            parts.append(Insert(variable, tuple(name.strip() for name in filters.split("|")[1:])))
    plain = all(
        "{" not in part if isinstance(part, str) else set(part.filters) <= set(FILTERS)
        for part in parts
        if not isinstance(part, Either)
    )
    return tuple(parts) if plain else ()


def _grammar(source: str) -> tuple[Part, ...]:
    from bot.content.grammar import parts_of  # Jinja2 is slow to import and seldom needed

    return parts_of(source)


def _refuse(parts: tuple[Part, ...], variables: Collection[str]) -> None:
    """Variables that are not filled here, and braces that were meant to be one."""
    for part in parts:
        if isinstance(part, str):
            if "{" in part or "}" in part:
                raise NotAllowed(_LONE_BRACE, "dấu { } lẻ loi", "biến viết là {{ xung_ho }}")
            continue
        if part.variable not in variables:
            pattern = rf"\{{[{{%][^}}%]*?\b({re.escape(part.variable)})\b"
            hint = suggest(part.variable, variables) or "các biến: " + ", ".join(variables)
            raise NotAllowed(pattern, f"không có biến {quote(part.variable)}", hint)
        if isinstance(part, Either):
            _refuse((*part.then, *part.otherwise), variables)
