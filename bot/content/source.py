"""A strict reading of YAML: text, whole numbers, lists and mappings, each with its place in the file.

Nothing is constructed, so nothing can be executed; what YAML would silently turn into something else
(`no`, `0123`, `12:30`) is kept as a scalar that says so, for the reader to refuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.content.problems import Problem, Spot, fault, quote

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_NODES = 20_000

_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd\ue000-\uf8ff]"
)
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")
# Numbers to other readers of YAML, though not to this one: 1e3, 0o17.
_NUMBER_ELSEWHERE = re.compile(r"[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|0o[0-7]+")
_TEXT_TAG = "tag:yaml.org,2002:str"


class Kind(StrEnum):
    TEXT = "text"
    WHOLE = "whole"
    NOTHING = "nothing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Document:
    """One file's text. `file` is how it is called in messages."""

    file: str
    text: str

    def spot(self, index: int) -> Spot:
        return Spot(self.file, self.text.count("\n", 0, index) + 1, index - self.text.rfind("\n", 0, index))


class Scalar(NamedTuple):
    """A tuple and not a dataclass, like its sisters, because a start makes tens of thousands of them."""

    value: str
    kind: Kind
    document: Document
    start: int
    end: int

    @property
    def spot(self) -> Spot:
        return self.document.spot(self.start)

    def find(self, pattern: str) -> Spot:
        """Where in the file the pattern stands within this scalar; its beginning when it does not."""
        found = re.compile(pattern).search(self.document.text, self.start, self.end)
        return self.document.spot(found.start(found.lastindex or 0)) if found else self.spot


class Items(NamedTuple):
    items: tuple[Node, ...]
    document: Document
    start: int

    @property
    def spot(self) -> Spot:
        return self.document.spot(self.start)


class Pairs(NamedTuple):
    pairs: tuple[tuple[Scalar, Node], ...]
    document: Document
    start: int

    @property
    def spot(self) -> Spot:
        return self.document.spot(self.start)


Node = Scalar | Items | Pairs


def read_document(root: Path, path: Path, problems: list[Problem]) -> Document | None:
    """The text of a file with LF line endings; None when it cannot be taken."""
    spot = Spot(path.relative_to(root).as_posix())
    try:
        if not path.is_file():
            problems.append(fault(spot, "không có tệp này" if not path.exists() else "đây không phải là tệp"))
            return None
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 4).removeprefix(b"\xef\xbb\xbf")
    except OSError:
        problems.append(fault(spot, "không đọc được tệp", "xem lại quyền đọc của tệp"))
        return None
    if len(raw) > MAX_BYTES:
        problems.append(fault(spot, "tệp lớn hơn 256 kB", "tách thành nhiều tệp nhỏ"))
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        before = Document(spot.file, raw[: error.start].decode() + "?")
        problems.append(
            fault(before.spot(len(before.text) - 1), "tệp không phải UTF-8", "lưu lại với bảng mã UTF-8")
        )
        return None
    return Document(spot.file, text.replace("\r\n", "\n").replace("\r", "\n"))


def is_visible(document: Document, problems: list[Problem]) -> bool:
    """Whether every letter of the file can be seen; the first that cannot is listed."""
    found = _INVISIBLE.search(document.text)
    if found:
        problems.append(_unseen(found[0], document.spot(found.start())))
    return not found


def parse(document: Document, problems: list[Problem]) -> Node | None:
    """The one document of the file; None, with the problem listed, when it is not plain YAML."""
    if not is_visible(document, problems):
        return None
    composed = Document(document.file, unicodedata.normalize("NFC", document.text))
    try:
        return _tree(composed, problems)
    except _Refused as refused:
        problems.append(refused.problem)
    except yaml.YAMLError:
        problems.append(fault(Spot(document.file), "không đọc được YAML"))
    return None


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet."""

    mapping: bool
    start: int = 0
    children: list[Node] = field(default_factory=list)


def _tree(document: Document, problems: list[Problem]) -> Node | None:
    """Read events with a stack of our own: nesting costs no recursion and stops at MAX_DEPTH."""
    top = _Open(mapping=False)
    stack = [top]
    for number, event in enumerate(_events(document)):
        if number > MAX_NODES:
            raise _Refused(fault(_at(document, event), "tệp có quá nhiều mục", "tách thành nhiều tệp nhỏ"))
        match event:
            case yaml.ScalarEvent():
                _refuse_cleverness(document, event)
                stack[-1].children.append(_scalar(document, event, stack[-1], problems))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                _refuse_cleverness(document, event)
                if len(stack) > MAX_DEPTH:
                    raise _Refused(fault(_at(document, event), "các mục lồng nhau quá sâu"))
                stack.append(_Open(isinstance(event, yaml.MappingStartEvent), _index(event)))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                closed = stack.pop()
                stack[-1].children.append(_closed(closed, document, problems))
            case yaml.AliasEvent():
                raise _Refused(
                    fault(_at(document, event), 'không dùng "*…" để chép lại mục khác', "viết lại cho đủ")
                )
            case yaml.DocumentStartEvent() if top.children:
                raise _Refused(fault(_at(document, event), "một tệp chỉ có một phần", 'bỏ dòng "---"'))
            case _:
                pass
    if not top.children or (isinstance(top.children[0], Scalar) and top.children[0].kind is Kind.NOTHING):
        raise _Refused(fault(Spot(document.file), "tệp trống"))
    return top.children[0]


class _Quoted(NamedTuple):
    """A quoted text over several lines. One left open ends at the next quote, and only there looks wrong."""

    start: int
    ends: int


def _events(document: Document) -> Iterator[yaml.Event]:
    quoted: _Quoted | None = None
    try:
        for event in yaml.parse(document.text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.ScalarEvent) and event.style in {"'", '"'} and event.end_mark:
                start, end = _index(event), event.end_mark.index
                if "\n" in document.text[start:end]:
                    quoted = _Quoted(start, document.spot(end).line)
            yield event
    except yaml.MarkedYAMLError as error:
        raise _Refused(_syntax(error, document, quoted)) from error


def _refuse_cleverness(document: Document, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
    if event.anchor is not None:
        raise _Refused(fault(_at(document, event), 'không dùng "&…" để đặt tên cho mục', "viết lại cho đủ"))
    if event.tag is not None:
        message = 'không dùng "!…" (kiểu của YAML)'
        raise _Refused(fault(_at(document, event), message, "đặt cả câu trong ngoặc kép"))


def _index(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _at(document: Document, event: yaml.Event) -> Spot:
    return document.spot(_index(event))


def _scalar(document: Document, event: yaml.ScalarEvent, parent: _Open, problems: list[Problem]) -> Scalar:
    value = event.value
    start, end = _index(event), event.end_mark.index if event.end_mark else 0
    if start == end and parent.mapping and len(parent.children) % 2:
        start = parent.children[-1].start  # nothing stands there, so the key is what can be shown
    if event.style == '"':  # an escape such as "\u202e" makes what the file's own check could not see
        found = _INVISIBLE.search(value)
        if found:
            problems.append(_unseen(found[0], document.spot(start)))
        value = unicodedata.normalize("NFC", value)
    return Scalar(value, _kind(value) if event.implicit[0] else Kind.TEXT, document, start, end)


def _kind(value: str) -> Kind:
    if not value or value in {"~", "null", "Null", "NULL"}:
        return Kind.NOTHING
    if _WHOLE.fullmatch(value):
        return Kind.WHOLE
    if _NUMBER_ELSEWHERE.fullmatch(value):
        return Kind.OTHER
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(value[0], ()):
        if tag != _TEXT_TAG and pattern.match(value):
            return Kind.OTHER
    return Kind.TEXT


def _closed(closed: _Open, document: Document, problems: list[Problem]) -> Node:
    if not closed.mapping:
        return Items(tuple(closed.children), document, closed.start)
    pairs: dict[str, tuple[Scalar, Node]] = {}
    for key, value in zip(closed.children[::2], closed.children[1::2], strict=True):
        if not isinstance(key, Scalar):
            problems.append(fault(key.spot, "tên mục phải là một từ"))
        elif key.kind is not Kind.TEXT:
            shown = quote(key.value)
            problems.append(
                fault(
                    key.spot,
                    f"YAML hiểu tên mục {shown} thành thứ khác",
                    f"viết '{key.value}' trong ngoặc kép",
                )
            )
        elif key.value in pairs:
            first = pairs[key.value][0].spot.line
            problems.append(
                fault(key.spot, f"mục {quote(key.value)} viết hai lần", f"lần đầu ở dòng {first}")
            )
        else:
            pairs[key.value] = (key, value)
    return Pairs(tuple(pairs.values()), document, closed.start)


def _unseen(character: str, spot: Spot) -> Problem:
    if character == "\t":
        return fault(spot, "có dấu tab", "thay bằng dấu cách")
    return fault(spot, f"có ký tự không nhìn thấy (U+{ord(character):04X})", "xoá ký tự đó rồi gõ lại")


_SYNTAX = (
    (
        "mapping values are not allowed",
        "dấu hai chấm hoặc thụt lề sai chỗ",
        "câu có dấu hai chấm thì đặt trong ngoặc kép",
    ),
    ("cannot start any token", "dòng bắt đầu bằng ký tự YAML không nhận", "đặt cả câu trong ngoặc kép"),
    ("unexpected end of stream", "dấu ngoặc mở ra mà không đóng lại", "thêm dấu ngoặc đóng"),
    ("',' or '}'", "thiếu dấu phẩy hoặc dấu } đóng", "câu có dấu phẩy, dấu hai chấm thì đặt trong ngoặc kép"),
    ("',' or ']'", "thiếu dấu phẩy hoặc dấu ] đóng", "câu có dấu phẩy, dấu hai chấm thì đặt trong ngoặc kép"),
    ("could not find expected ':'", "thiếu dấu hai chấm sau tên mục", ""),
    ("did not find expected key", "thụt lề không thẳng hàng hoặc thiếu dấu", "so với dòng ngay trên"),
    (
        "did not find expected '-' indicator",
        "thụt lề không thẳng hàng hoặc thiếu dấu gạch",
        "so với dòng ngay trên",
    ),
    ("unknown escape character", "dấu \\ trong ngoặc kép không đúng", "viết \\\\ hoặc dùng ngoặc đơn"),
    ("found unexpected ':'", "thiếu dấu cách sau dấu hai chấm", ""),
    ("undefined alias", 'không dùng "*…" để chép lại mục khác', "viết lại cho đủ"),
    ("undefined tag handle", 'không dùng "!…" (kiểu của YAML)', "đặt cả câu trong ngoặc kép"),
    ("block sequence entries are not allowed", "dấu gạch đầu dòng sai chỗ", "xuống dòng và thụt lề"),
)
# Where these end is only where the parser gave up; the fault is where they began.
_OPENED_BEFORE = ("unexpected end of stream", "could not find expected ':'", "',' or '}'", "',' or ']'")
_SEEN_A_LINE_LATE = ("mapping values are not allowed", "did not find expected key")


def _syntax(error: yaml.MarkedYAMLError, document: Document, quoted: _Quoted | None) -> Problem:
    what = error.problem or ""
    mark = error.problem_mark or error.context_mark
    if error.context_mark is not None and any(part in what for part in _OPENED_BEFORE):
        mark = error.context_mark
    spot = Spot(document.file, mark.line + 1, mark.column + 1) if mark else Spot(document.file)
    if quoted is not None and quoted.ends == spot.line:
        what, spot = "unexpected end of stream", document.spot(quoted.start)
    elif any(part in what for part in _SEEN_A_LINE_LATE):
        what, spot = _line_above(what, spot, document)
    for part, message, hint in _SYNTAX:
        if part in what:
            return fault(spot, message, hint)
    return fault(spot, "sai cú pháp YAML", "xem lại thụt lề, dấu ngoặc và dấu hai chấm")


def _line_above(what: str, spot: Spot, document: Document) -> tuple[str, Spot]:
    """The line before, when that is the one out of step: its indent, or a name that lost its colon."""
    lines = document.text.split("\n")[: spot.line]
    number = next((n for n in range(spot.line - 1, 0, -1) if lines[n - 1].strip()), 0)
    if not number:
        return what, spot
    above = lines[number - 1]
    indents = [len(line) - len(line.lstrip(" ")) for line in (above, lines[spot.line - 1])]
    start = Spot(spot.file, number, indents[0] + 1)
    if indents[0] % 2 and not indents[1] % 2:
        return "did not find expected key", start
    word = above.split()[0]
    if not word.endswith(":") and re.search(rf"^ *(?:- )?{re.escape(word)}:", document.text, re.MULTILINE):
        return "could not find expected ':'", start
    return what, spot
