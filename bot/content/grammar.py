"""The part of Jinja2's grammar that sentences may use, taken over into parts of our own.

Jinja2 only parses: no template is ever compiled or run, so there is no code to break out of.
"""

from __future__ import annotations

import re

from jinja2 import Environment, TemplateSyntaxError, nodes

from bot.content.parts import FILTERS, Either, Insert, NotAllowed, Part
from bot.content.problems import quote, suggest

_GRAMMAR = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 - it only parses
_STRANGE_COMMAND = r"\{%[-+]?\s*(?!(?:if|elif|else|endif)\b)"
_STRANGE_OUTPUT = r"\{\{(?!\s*[a-z_]+\s*(?:\|\s*[a-z]+\s*)*\}\})"


def parts_of(source: str) -> tuple[Part, ...]:
    """Raises NotAllowed."""
    try:
        return _parts(_GRAMMAR.parse(source).body)
    except TemplateSyntaxError as error:
        hint = "viết như {{ xung_ho }} hoặc {{ xung_ho|capitalize }}"
        raise NotAllowed(r"\{[{%#]|[}%#]\}", "biến trong câu viết chưa đúng", hint) from error
    except RecursionError as error:
        raise NotAllowed(r"\{[{%]", "câu có biến quá phức tạp") from error


def _parts(body: list[nodes.Node]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for node in body:
        match node:
            case nodes.Output():
                parts.extend(_output(inner) for inner in node.nodes)
            case nodes.If():
                parts.append(_either(node))
            case _:
                word = type(node).__name__.lower()
                raise NotAllowed(r"\{%", f'không dùng được lệnh "{word}" trong câu', "chỉ có if, else, endif")
    return tuple(parts)


def _output(node: nodes.Node) -> Part:
    match node:
        case nodes.TemplateData():
            return node.data
        case nodes.Filter(name=str(name), node=nodes.Expr() as inside, args=[], kwargs=[]) if name in FILTERS:
            before = _output(inside)
            if isinstance(before, Insert):
                return Insert(before.variable, (*before.filters, name))
        case nodes.Filter(name=str(name)) if name not in FILTERS:
            pattern = rf"\|\s*({re.escape(name)})\b"
            raise NotAllowed(pattern, f"không có bộ lọc {quote(name)}", suggest(name, FILTERS))
        case nodes.Name():
            return Insert(node.name)
        case _:
            pass
    raise NotAllowed(_STRANGE_OUTPUT, "trong {{ }} chỉ ghi được tên biến", "như {{ xung_ho }}")


def _either(node: nodes.If) -> Either:
    test, negated = node.test, False
    value: str | None = None
    while isinstance(test, nodes.Not):
        test, negated = test.node, not negated
    match test:
        case nodes.Compare(
            expr=inside, ops=[nodes.Operand(op="eq" | "ne" as op, expr=nodes.Const(value=str(literal)))]
        ):
            test, value, negated = inside, literal, negated is not (op == "ne")
        case _:
            pass
    if not isinstance(test, nodes.Name):
        raise NotAllowed(r"\{%", "điều kiện if quá phức tạp", 'viết như {% if xung_ho == "bạn" %}')
    rest = _either_else(node.elif_, node.else_)
    return Either(test.name, value, negated, _parts(node.body), rest)


def _either_else(others: list[nodes.If], otherwise: list[nodes.Node]) -> tuple[Part, ...]:
    if not others:
        return _parts(otherwise)
    first = _either(others[0])
    rest = _either_else(others[1:], otherwise)
    return (Either(first.variable, first.value, first.negated, first.then, rest),)
