"""Typed reading of one value of a file: what is not as declared becomes a problem and a None."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping

from bot.content.problems import Problem, fault, nearest, quote, suggest
from bot.content.source import Items, Kind, Node, Pairs, Scalar

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 24
NAME_HINT = f"chỉ dùng a-z, 0-9, gạch nối; tối đa {_LONGEST_ID} ký tự"


def fields(
    node: Node,
    required: Collection[str],
    optional: Collection[str],
    problems: list[Problem],
    name: Scalar | None = None,
) -> Mapping[str, Node] | None:
    """The values of a mapping by key. A missing key is reported at the mapping's `name`, if it has one."""
    if not isinstance(node, Pairs):
        problems.append(fault(node.spot, "chỗ này phải là các mục, mỗi dòng một mục: giá trị"))
        return None
    known = (*required, *optional)
    written = {key.value for key, _ in node.pairs}
    found: dict[str, Node] = {}
    for key, value in node.pairs:
        if key.value in known:
            found[key.value] = value
            continue
        # Read on as what was meant: a misspelt key is one fault, not also a missing one.
        meant = nearest(key.value, [other for other in known if other not in written and other not in found])
        if meant:
            found[meant] = value
        hint = f'ý bạn là "{meant}"?' if meant else ""
        problems.append(fault(key.spot, f"không có mục {quote(key.value)} ở đây", hint))
    problems.extend(
        fault((name or node).spot, f"thiếu mục {quote(key)}") for key in required if key not in found
    )
    return found


def text(node: Node | None, problems: list[Problem]) -> Scalar | None:
    """A piece of text that is not empty and that YAML leaves alone; a missing one is nobody's fault here."""
    if node is None:
        return None
    if not isinstance(node, Scalar):
        problems.append(fault(node.spot, "chỗ này phải là chữ"))
    elif node.kind is Kind.NOTHING or not node.value.strip():
        problems.append(fault(node.spot, "chỗ này còn trống"))
    elif node.kind is not Kind.TEXT:
        shown = quote(node.value)
        problems.append(
            fault(node.spot, f"YAML hiểu {shown} thành thứ khác", f"viết '{node.value}' trong ngoặc kép")
        )
    else:
        return node
    return None


def plain(node: Node | None, most: int, problems: list[Problem]) -> str | None:
    """A short text without variables, such as a title."""
    scalar = text(node, problems)
    if scalar is None:
        return None
    value = " ".join(scalar.value.split())
    if "{" in value:
        problems.append(fault(scalar.find(r"\{"), "chỗ này không dùng biến được", "viết thẳng ra chữ"))
    elif len(value) > most:
        problems.append(fault(scalar.spot, f"dài {len(value)} ký tự, tối đa {most}"))
    else:
        return value
    return None


def identifier(node: Node | None, problems: list[Problem]) -> Scalar | None:
    scalar = text(node, problems)
    return scalar if scalar is not None and is_id(scalar, problems) else None


def is_id(scalar: Scalar, problems: list[Problem]) -> bool:
    if is_name(scalar.value):
        return True
    problems.append(fault(scalar.spot, f"tên {quote(scalar.value)} không hợp lệ", NAME_HINT))
    return False


def is_name(value: str) -> bool:
    return len(value) <= _LONGEST_ID and _ID.fullmatch(value) is not None


def one_of(node: Node | None, known: Collection[str], problems: list[Problem]) -> str | None:
    scalar = text(node, problems)
    if scalar is None or scalar.value in known:
        return scalar.value if scalar else None
    hint = suggest(scalar.value, known) or "chọn: " + ", ".join(known)
    problems.append(fault(scalar.spot, f"không có giá trị {quote(scalar.value)} ở đây", hint))
    return None


def whole(node: Node | None, problems: list[Problem]) -> int | None:
    if node is None:
        return None
    if isinstance(node, Scalar) and node.kind is Kind.WHOLE:
        return int(node.value)
    problems.append(fault(node.spot, "chỗ này phải là số nguyên, không có ngoặc kép"))
    return None


def truth(node: Node | None, problems: list[Problem]) -> bool:
    """True or false; false when nothing is written."""
    if node is None:
        return False
    if isinstance(node, Scalar) and node.value in ("true", "false"):
        return node.value == "true"
    problems.append(fault(node.spot, "chỗ này phải là true hoặc false"))
    return False


def items(node: Node | None, problems: list[Problem]) -> tuple[Node, ...]:
    if node is None:
        return ()
    if isinstance(node, Items):
        return node.items
    problems.append(
        fault(node.spot, "chỗ này phải là danh sách", "viết trong [ ] hoặc mỗi dòng một dấu gạch")
    )
    return ()


def texts(node: Node | None, problems: list[Problem]) -> Iterator[Scalar]:
    """A list of texts, none of them twice."""
    seen: set[str] = set()
    for item in items(node, problems):
        scalar = text(item, problems)
        if scalar is None:
            continue
        if scalar.value in seen:
            problems.append(fault(scalar.spot, f"{quote(scalar.value)} có hai lần trong danh sách"))
            continue
        seen.add(scalar.value)
        yield scalar


def date(node: Node | None, today: str, problems: list[Problem]) -> str | None:
    """A day as 2026-11-21, not after `today` when that is given."""
    scalar = node if isinstance(node, Scalar) and node.kind is Kind.OTHER else text(node, problems)
    if scalar is None:
        return None
    if not _is_day(scalar.value):
        problems.append(
            fault(scalar.spot, f"{quote(scalar.value)} không phải là ngày", 'viết như "2026-11-21"')
        )
    elif scalar.kind is not Kind.TEXT:
        problems.append(
            fault(scalar.spot, "YAML hiểu ngày này thành thứ khác", f'đặt trong ngoặc kép: "{scalar.value}"')
        )
    elif today and scalar.value > today:
        problems.append(fault(scalar.spot, f"ngày {scalar.value} còn ở tương lai"))
    else:
        return scalar.value
    return None


def _is_day(value: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True
