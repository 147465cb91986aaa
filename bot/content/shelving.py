"""A proposed answer written into the content's files, once all checks have passed on a copy of them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app.proposals import Change, Kind, Piece, Plan, Proposed, Written
from bot.content import canned
from bot.content.extract import Unreadable
from bot.content.fields import is_name
from bot.content.folding import fold
from bot.content.inserting import (
    CannotInsert,
    block,
    entry_added,
    fact_added,
    listed,
    quoted,
    values_replaced,
)
from bot.content.locales import spoken
from bot.content.problems import Problem, Severity
from bot.content.source import Document, Pairs, parse, read_document
from bot.content.update import update
from bot.core.contact import SOURCE

FACTS, ERRORS = "faq/facts.yaml", "faq/errors.yaml"
_COPIED = ("faq", "locales")
_LINKED = ("flows", "babel.cfg")
_LONGEST_NAME = 24

Checks = Callable[[Path, str], Sequence[Problem]]
"""All faults of the content below a folder on a day: what `bot check` lists."""

_ADDRESSED = re.compile(r"\b([Bb])ác\b(?!\s+(?:sĩ|bỏ)\b)")
_COMPLETE = '"X-Complete: yes\\n"'


class FileShelf:
    """`bot.app.proposals.Shelf` over the files below `root`."""

    def __init__(self, root: Path, checks: Checks) -> None:
        self._root = root
        self._checks = checks

    def plan(self, proposed: Proposed, today: str, /) -> Plan:
        try:
            with TemporaryDirectory() as folder:
                copy = Path(folder)
                pieces = self._tried(copy, proposed, today)
                problems = self._checks(copy, today)
                changes = self._changes(copy)
        except (CannotInsert, Unreadable) as refused:
            return Plan(faults=(str(refused),))
        except OSError:
            return Plan(faults=("không chép được tệp để thử",))
        faults = [problem for problem in problems if problem.severity is Severity.ERROR]
        notes = [problem for problem in problems if problem.severity is Severity.WARNING]
        return Plan(changes, pieces, tuple(map(str, faults)), tuple(map(str, notes)))

    def write(self, plan: Plan, /) -> Written:
        if any(_text(self._root / change.path) != change.before for change in plan.changes):
            return Written.STALE
        done: list[Change] = []
        try:
            for change in plan.changes:
                _put(self._root / change.path, change.after)
                done.append(change)
        except OSError:
            for change in done:
                _put(self._root / change.path, change.before)
            return Written.READ_ONLY
        return Written.YES

    def _tried(self, copy: Path, proposed: Proposed, today: str) -> tuple[Piece, ...]:
        """Write into a copy of the files; what is new in each, for whoever has to type it."""
        for name in _COPIED:
            shutil.copytree(self._root / name, copy / name)
        for name in _LINKED:
            if (self._root / name).exists():
                (copy / name).symlink_to(self._root / name)
        fact = f"P-{today}"
        row = f"{{grade: bien-soan, sources: [], text: {quoted(_by_whom(today))}}}"
        _put(copy / FACTS, fact_added(_document(copy, FACTS), fact, row))
        sources = [*filter(None, re.split(r"[,\s]+", proposed.sources)), fact]
        pieces = [_answer(copy, proposed, sources, today)] if proposed.kind is Kind.ANSWER else []
        pieces += [_error(copy, proposed, sources, today)] if proposed.kind is Kind.ERROR else []
        pieces += [_canned(copy, proposed, sources, today)] if proposed.kind is Kind.CANNED else []
        pieces.append(Piece(FACTS, f"  {fact}: {row}\n"))
        if proposed.teach and proposed.question:
            pieces.append(_phrase(copy, proposed))
        _bring_catalogues(copy)
        return tuple(pieces)

    def _changes(self, copy: Path) -> tuple[Change, ...]:
        """What is other than in the real files; nothing is ever taken away."""
        found = []
        for name in _COPIED:
            for path in sorted((copy / name).rglob("*")):
                where = path.relative_to(copy).as_posix()
                before, after = _text(self._root / where), _text(path)
                if path.is_file() and before != after:
                    found.append(Change(where, before, after))
        return tuple(found)


def _answer(copy: Path, proposed: Proposed, sources: list[str], today: str) -> Piece:
    """An answer that is there gets other words; what no answer is for has a guide."""
    values = {
        "answer": block(_addressed(proposed.text), 6),
        "sources": listed(sources),
        "reviewed": quoted(today),
    }
    for path in sorted((copy / "faq").glob("*.yaml")):
        file = path.relative_to(copy).as_posix()
        document = _document(copy, file)
        node = parse(document, [])
        entries = {key.value: value for key, value in node.pairs} if isinstance(node, Pairs) else {}
        of_file = entries.get("entries")
        if isinstance(of_file, Pairs) and any(key.value == proposed.intent for key, _ in of_file.pairs):
            _put(path, values_replaced(document, "entries", proposed.intent, values))
            return Piece(file, f"  {proposed.intent}:\n{_lines(values)}")
    raise CannotInsert("câu hỏi này chưa có câu trả lời trong kho: hãy đề xuất làm câu mẫu")


def _error(copy: Path, proposed: Proposed, sources: list[str], today: str) -> Piece:
    values = {
        "name": quoted(proposed.title),
        "shown": quoted(proposed.shown),
        "meaning": block(_addressed(proposed.meaning), 6),
        "todo": block(_addressed(proposed.text), 6),
        **({"intent": proposed.intent} if proposed.intent else {}),
        "sources": listed(sources),
        "reviewed": quoted(today),
    }
    return _added(copy, ERRORS, "errors", proposed.title, values)


def _canned(copy: Path, proposed: Proposed, sources: list[str], today: str) -> Piece:
    values = {
        "title": quoted(proposed.title),
        "text": block(_addressed(proposed.text), 6),
        "sources": listed(sources),
        **({"intents": listed([proposed.intent])} if proposed.intent else {}),
        "reviewed": quoted(today),
    }
    return _added(copy, canned.FILE, "replies", proposed.title, values)


def _added(copy: Path, file: str, top: str, title: str, values: Mapping[str, str]) -> Piece:
    document = _document(copy, file)
    key = _name(title, document.text)
    _put(copy / file, entry_added(document, top, key, _lines(values)))
    return Piece(file, f"  {key}:\n{_lines(values)}")


def _phrase(copy: Path, proposed: Proposed) -> Piece:
    """One more way to ask; the bot learns it when it is trained."""
    file = f"faq/phrases/{proposed.intent}.txt"
    before = _text(copy / file)
    line = " ".join(proposed.question.split())
    if not is_name(proposed.intent) or not before:
        raise CannotInsert(f"không có tệp câu hỏi {file}")
    if line not in before.splitlines():
        _put(copy / file, before.rstrip("\n") + f"\n{line}\n")
    return Piece(file, f"{line}\n")


def _bring_catalogues(copy: Path) -> None:
    """What has no translation is said in Vietnamese; its catalogue says no more that all is there."""
    if not (copy / "babel.cfg").exists():
        return
    for locale in spoken(copy):
        if locale == SOURCE:
            continue
        for one in update(copy, locale):
            path = copy / one.path
            if one.needed and (one.missing or one.changed):
                _put(path, _text(path).replace(_COMPLETE, _COMPLETE.replace("yes", "no")))


def _lines(values: Mapping[str, str]) -> str:
    return "".join(f"    {key}: {value}\n" for key, value in values.items())


def _by_whom(today: str) -> str:
    """No label, number or address stands in it: a fact's are those that the bot may tell."""
    day = "/".join(reversed(today.split("-")))
    return f"(theo người phụ trách, ngày {day}) Tình nguyện viên đề xuất, người phụ trách đã duyệt."


def _addressed(words: str) -> str:
    """«bác» stands for whatever somebody is called."""
    return _ADDRESSED.sub(lambda bac: "{{ xung_ho|capitalize }}" if bac[1] == "B" else "{{ xung_ho }}", words)


def _name(title: str, taken: str) -> str:
    """A name that is not in the file yet, from the words of a title."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-") or "cau"
    short = (
        plain
        if len(plain) <= _LONGEST_NAME - 3
        else plain[: _LONGEST_NAME - 3].rpartition("-")[0] or plain[:20]
    )
    names = [short, *(f"{short}-{number}" for number in range(2, 100))]
    return next(name for name in names if f"\n  {name}:" not in taken)


def _document(copy: Path, file: str) -> Document:
    problems: list[Problem] = []
    document = read_document(copy, copy / file, problems)
    if document is None:
        raise CannotInsert(str(problems[0]))
    if document.text != _text(copy / file):
        raise CannotInsert(f"{file}: xuống dòng kiểu Windows hoặc có dấu BOM, xin chép tay")
    return document


def _text(path: Path) -> str:
    """Letter for letter; empty when it is not there or no text."""
    try:
        return path.read_bytes().decode() if path.is_file() else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _put(path: Path, text: str) -> None:
    """All of it or nothing, whenever the machine stops."""
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_bytes(text.encode())
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
