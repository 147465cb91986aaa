"""Entries put into files that people write, as text: comments, order and all else stay as they were typed."""

from __future__ import annotations

import json
import re
import unicodedata

from bot.content.problems import Problem
from bot.content.source import Document, Items, Node, Pairs, Scalar, parse


class CannotInsert(Exception):
    """The file is not written in a way that leaves one sure place; the message says why."""


def quoted(words: str) -> str:
    """A text on one line; YAML reads what JSON writes."""
    return json.dumps(" ".join(words.split()), ensure_ascii=False)


def block(words: str, indent: int) -> str:
    """A text of several lines after its key, with the sign that opens it."""
    lines = [line.strip() for line in words.strip().splitlines()]
    told = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).split("\n")
    return "|\n" + "\n".join(" " * indent + line if line else "" for line in told)


def listed(names: list[str]) -> str:
    return f"[{', '.join(names)}]"


def entry_added(document: Document, top: str, key: str, entry: str) -> str:
    """The file with an entry at its end. `entry` is what stands under the key, indented by four."""
    entries = _entries(document, top)
    if key in {name.value for name, _ in entries.pairs}:
        raise CannotInsert(f"đã có mục {key}")
    text = document.text.rstrip("\n") + f"\n\n  {key}:\n{entry.rstrip()}\n"
    return _checked(document, text, top, key)


def fact_added(document: Document, key: str, fact: str) -> str:
    """The file of facts with one more, after the last of them; as it is when the fact is there."""
    facts = _entries(document, "facts")
    if key in {name.value for name, _ in facts.pairs}:
        return document.text
    lines = document.text[: facts.pairs[-1][0].start].count("\n")
    rows = document.text.split("\n")
    if not rows[lines].rstrip().endswith("}"):
        raise CannotInsert("thông tin cuối cùng không nằm gọn trên một dòng")
    rows.insert(lines + 1, f"  {key}: {fact}")
    return _checked(document, "\n".join(rows), "facts", key)


def values_replaced(document: Document, top: str, key: str, values: dict[str, str]) -> str:
    """The file with other values in one entry; a key that the entry does not have goes before the last."""
    entry = next((node for name, node in _entries(document, top).pairs if name.value == key), None)
    if not isinstance(entry, Pairs):
        raise CannotInsert(f"không có mục {key}")
    places = {name.value: (name, node) for name, node in entry.pairs}
    edits: list[tuple[int, int, str]] = []
    for wanted, value in values.items():
        if wanted in places:
            edits.append((*_span(places[wanted][1]), value))
        else:
            last = entry.pairs[-1][0]
            edits.append((last.start, last.start, f"{wanted}: {value}\n    "))
    text = document.text
    for start, end, value in sorted(edits, reverse=True):
        text = text[:start] + value + text[end:]
    return _checked(document, text, top, key)


def _entries(document: Document, top: str) -> Pairs:
    """The entries of a file that begins in one column and ends with them."""
    if document.text != unicodedata.normalize("NFC", document.text):
        raise CannotInsert("tệp không ở dạng Unicode dựng sẵn (NFC)")
    problems: list[Problem] = []
    node = parse(document, problems)
    if not isinstance(node, Pairs) or problems:
        raise CannotInsert(str(problems[0]) if problems else "tệp không có các mục")
    entries = next((value for name, value in node.pairs if name.value == top), None)
    if not isinstance(entries, Pairs) or not entries.pairs:
        raise CannotInsert(f"không có {top} trong tệp")
    if {name.spot.column for name, _ in entries.pairs} != {3}:
        raise CannotInsert("các mục không thụt vào hai dấu cách")
    return entries


def _span(node: Node) -> tuple[int, int]:
    """Where a value stands, without the line breaks behind it."""
    match node:
        case Scalar():
            text = node.document.text[node.start : node.end]
            return node.start, node.start + len(text.rstrip())
        case Items() if node.document.text.startswith("[", node.start):
            return node.start, node.document.text.index("]", node.start) + 1
        case _:
            raise CannotInsert("danh sách không viết trong [ ]")


def _checked(before: Document, text: str, top: str, key: str) -> str:
    """The new text, if in it nothing but the one entry is other than before."""
    problems: list[Problem] = []
    old, new = parse(before, []), parse(Document(before.file, text), problems)
    if problems or old is None or new is None:
        raise CannotInsert(str(problems[0]) if problems else "không đọc lại được tệp")
    if _values(old, top, key) != _values(new, top, key):
        raise CannotInsert("chèn vào sẽ làm đổi mục khác")
    return text


def _values(node: Node, top: str, but: str) -> object:
    """All that a file says, without one entry below `top`."""
    if isinstance(node, Pairs):
        return [
            (
                name.value,
                _values(value, "", "") if name.value != top else _values(_without(value, but), "", ""),
            )
            for name, value in node.pairs
        ]
    if isinstance(node, Items):
        return [_values(one, "", "") for one in node.items]
    return (node.value, node.kind)


def _without(node: Node, key: str) -> Node:
    if not isinstance(node, Pairs):
        return node
    return node._replace(pairs=tuple(pair for pair in node.pairs if pair[0].value != key))
