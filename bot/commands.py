"""What the commands do beside serving: check, ask, evaluate, statistics, the terminal chat."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from bot.app.learning import Group, groups, since
from bot.app.platform import Raw
from bot.app.ports import Sifted, Standing, StoreDown
from bot.app.statistics import Funnel, funnel
from bot.channels import terminal
from bot.config import BadSettings, Database, Settings, read_settings
from bot.content.extract import Unreadable
from bot.content.library import Library
from bot.content.phrases import check_phrases
from bot.content.problems import Problem, Severity, fault, quote
from bot.content.transcripts import Player, dump
from bot.content.update import Updated, update
from bot.core.hearing import Verdict
from bot.core.message import Address, Reply
from bot.core.visits import VIET_NAM
from bot.keys import NotReady, key_beside
from bot.language.accuracy import Accuracy, Share
from bot.language.lessons import Untaught
from bot.language.listening import Listener
from bot.language.sieve import sift
from bot.wiring import (
    ROOT,
    Busy,
    Deaf,
    accuracy_of,
    draw,
    now,
    read_library,
    running,
    studied,
    train_matcher,
    trained_matcher,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Every fault in settings and content, a line each; and whether any keeps the bot from running.

    `untaught` is how the phrases differ from what the matcher was taught; None when they do not.
    """

    problems: tuple[str, ...]
    failed: bool
    untaught: Untaught | None = None


def check(config: Path) -> Checked:
    try:
        settings = read_settings(config)
    except BadSettings as bad:
        return Checked(tuple(str(fault) for fault in bad.faults), True)
    today = time.strftime("%Y-%m-%d", time.gmtime(now() + VIET_NAM))
    library = read_library(settings, Deaf(), today=today)
    lesson, untaught = studied()
    found = (*library.problems, *_too_high(library), *check_phrases(ROOT, lesson.files))
    problems = sorted(found, key=lambda problem: (problem.severity is Severity.WARNING, problem))
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    return Checked(tuple(str(problem) for problem in problems), failed, untaught)


def teach(untaught: Untaught) -> str:
    """Train the matcher anew; what that did to its accuracy, in a line."""
    before = accuracy_of(untaught.latest)  # it may be gone when the new one is there
    after = accuracy_of(train_matcher())
    return told_effect(before, after, [change.intent for change in untaught.changes or ()])


def _too_high(library: Library) -> Iterator[Problem]:
    """Screens of which a phone would show only a part; how high they become is known when they are drawn."""
    from bot.pictures.drawing import HIGHEST, size

    for id, screen in library.book.screens.items() if library.book else ():
        high = size(screen)[1]
        if high > HIGHEST:
            message = f"màn hình {quote(id)} vẽ ra cao {high}, tối đa {HIGHEST}"
            yield fault(library.screens[id], message, "bớt phần tử, hoặc viết chữ ngắn lại")


def translate(locale: str) -> list[Updated]:
    """Bring the catalogues of a language up to date."""
    try:
        return update(ROOT, locale)
    except Unreadable as fault:
        raise NotReady(str(fault)) from None


def standing(settings: Settings) -> list[tuple[Standing, bool]]:
    """Who stands on which step, and whether that step's guide is still the current version."""
    from bot.store.beside import standing_beside

    library = read_library(settings, Deaf())
    current = {flow: version for flow, (version, _) in library.sources.items()}
    with _answering():
        found = standing_beside(settings.database.url)
    return [(place, current.get(place.flow) == place.version) for place in found]


def ask(settings: Settings, text: str) -> tuple[Sifted, Verdict, str]:
    """What the sieve leaves of a message, what it is taken to be about, and the known error it quotes."""
    sifted = sift(text)
    listener = _listener(settings)
    error = listener.error(sifted.text)
    return sifted, listener.verdict(sifted.text), error.id if error else ""


def _listener(settings: Settings) -> Listener:
    matcher = trained_matcher()
    library = read_library(settings, matcher)
    if library.book is None:
        raise NotReady("\n".join(str(problem) for problem in library.problems))
    return Listener(matcher, library.book)


def evaluate_file(settings: Settings, file: Path) -> dict[str, Any]:
    """Accuracy on a file of JSON lines. Raises NotReady with the line that cannot be read."""
    from bot.language.evaluate import evaluate

    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotReady(f"{file}: cannot be read: {error}") from None
    rows = [_row(file, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return evaluate(_listener(settings), rows)


def _row(file: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        return {**row, "text": sift(str(row["text"])).text, "intent": str(row["intent"])}
    except (ValueError, KeyError, TypeError) as error:
        raise NotReady(f'{file}:{number}:1: must be {{"text": …, "intent": …}}: {error!r}') from None


def funnel_of(settings: Settings, flow: str) -> Funnel:
    """The funnel of a guide, read beside a running bot."""
    from bot.store.beside import counts_beside

    library = read_library(settings, Deaf())
    if library.book is None or flow not in library.book.flows:
        known = ", ".join(library.book.flows) if library.book else ""
        raise NotReady(f'no guide "{flow}"; there are: {known}')
    with _answering():
        return funnel(library.book.flows[flow], counts_beside(settings.database.url, flow))


def unmatched(settings: Settings, weeks: int, flow: str | None) -> tuple[Group, ...]:
    """What was not understood, grouped; read beside a running bot."""
    from bot.language.alike import alike
    from bot.store.beside import unmatched_beside
    from bot.store.open import WrongKey

    with _answering():
        try:
            messages = unmatched_beside(
                settings.database.url, lambda: key_beside(settings), since(now(), weeks)
            )
        except WrongKey as wrong:
            raise NotReady(str(wrong)) from None
    if flow is not None:
        messages = [message for message in messages if message.flow == flow]
    return groups(messages, alike, sift, _nearest())


def _nearest() -> Callable[[str], str]:
    """The known intent that a text comes nearest to; none while the matcher is not trained."""
    try:
        matcher = trained_matcher()
    except NotReady:
        return lambda _: ""
    return lambda text: next((guess.intent for guess in matcher.verdict(text).guesses), "")


@contextmanager
def _answering() -> Iterator[None]:
    """A database that does not answer is told in a line."""
    try:
        yield
    except StoreDown as down:
        raise NotReady(str(down)) from None


def chat(settings: Settings, record: Path | None) -> None:
    """Talk in the terminal over the real path; beside a running bot nothing is remembered."""
    try:
        transcript = asyncio.run(_chat(settings))
    except Busy:
        print("(Bot đang chạy ở cửa sổ khác, nên cuộc trò chuyện này sẽ không được nhớ.)")
        with tempfile.TemporaryDirectory() as folder:
            apart = Database(url=f"sqlite:///{folder}/chat.db")
            transcript = asyncio.run(_chat(settings.model_copy(update={"database": apart})))
    if record is not None:
        record.write_text(transcript, "utf-8")


async def _chat(settings: Settings) -> str:
    async with running(settings) as bot:
        address = Address(terminal.NAME, "local")

        async def say(text: str, button: str) -> list[Reply]:
            taken = await bot.inbox.receive(Raw(address, draw(), text, button))
            return [line.reply for line in taken.lines]

        before = [line.reply for line in await bot.store.lines(address, 0, 1) if not line.mine]
        turns = await terminal.talk(say, before)
        played = Player(bot.book, sift).play(turns)
        return dump({"title": "Ghi từ cửa sổ dòng lệnh", "turns": played})


TEACHING = "Đang dạy lại máy để xem máy hiểu đúng hơn hay kém đi, mất vài phút…"
MOST_TOLD = 30
"""Groups of a week, and intents of a training, that are told; programs get all of them as JSON."""


def told_changes(untaught: Untaught) -> Iterator[str]:
    """How the phrases differ from what the matcher knows."""
    if untaught.changes is None:
        yield "Câu mẫu hoặc cách máy đọc câu đã khác lần dạy trước."
        return
    if not untaught.changes:
        yield "Cách máy đọc câu đã khác lần dạy trước, câu mẫu thì vẫn vậy."
        return
    yield "Câu mẫu đã khác lần dạy trước:"
    for change in untaught.changes:
        counts = {"thêm": change.added, "bớt": change.removed}
        told = ", ".join(f"{what} {count} câu" for what, count in counts.items() if count)
        yield f"  faq/phrases/{change.intent}.txt: {told}"


def told_effect(before: Accuracy | None, after: Accuracy | None, intents: Iterable[str]) -> str:
    """As "Hiểu đúng (đo chéo): 86,9 % → 87,1 %; otp-limit 84,0 % → 86,2 %", what changed most first."""
    if after is None:
        return "Đã dạy lại máy."
    old = before.by_intent if before else {}
    told = [
        (intent, old.get(intent), after.by_intent[intent]) for intent in intents if intent in after.by_intent
    ]
    told.sort(key=lambda row: (-abs(row[2].top1 - row[1].top1) if row[1] else 0, row[0]))
    whole = _step(before.overall if before else None, after.overall)
    parts = [f"{intent} {_step(was, now)}" for intent, was, now in told[:MOST_TOLD]]
    more = [f"và {len(told) - MOST_TOLD} tệp nữa"] if len(told) > MOST_TOLD else []
    return "Hiểu đúng (đo chéo): " + "; ".join([whole, *parts, *more])


def _step(before: Share | None, after: Share) -> str:
    return " → ".join(_percent(share) for share in (before, after) if share is not None)


def _percent(share: Share) -> str:
    return f"{share.top1 * 100:.1f} %".replace(".", ",") if share.phrases else "chưa đo được"


def told_unmatched(groups: Sequence[Group]) -> Iterator[str]:
    """Week by week, a group in two lines; at the end how to teach the bot."""
    if not groups:
        yield "Không có câu nào máy chưa hiểu trong những tuần này."
        yield "(Chỉ giữ câu của người đã bấm «Bắt đầu», đã che số, trong 30 ngày.)"
        return
    for week, of_week in groupby(groups, lambda group: group.week):
        yield _named(week)
        told = list(of_week)
        for group in told[:MOST_TOLD]:
            yield from _told_group(group)
        if len(told) > MOST_TOLD:
            yield f"  … và {len(told) - MOST_TOLD} nhóm nữa, xem đủ: python -m bot unmatched --json"
        yield ""
    yield "Dạy máy: mở tệp faq/phrases/<ý>.txt, viết thêm câu như bà con hay nói, mỗi câu một dòng,"
    yield "bỏ tên và số của người ta. Rồi gõ: python -m bot check"


def _told_group(group: Group) -> Iterator[str]:
    place = f"{group.flow}/{group.step}" if group.flow else "ngoài hướng dẫn"
    example = f"«{group.example}»" if group.example else "(không hiện câu vì có số)"
    yield f"  {group.count:4} lần, {group.people:4} người  {place}: {example}"
    picked = ", ".join(f"{intent} {count} lần" for intent, count in group.meant.items())
    hints = [f"người dân chọn: {picked}"] * bool(picked) + [f"gần nhất: {group.nearest}"] * bool(
        group.nearest
    )
    if hints:
        yield " " * 25 + "; ".join(hints)


def _named(week: str) -> str:
    """As "Tuần 47 (16/11 đến 22/11/2026)"."""
    year, number = map(int, week.split("-W"))
    monday, sunday = date.fromisocalendar(year, number, 1), date.fromisocalendar(year, number, 7)
    return f"Tuần {number} ({monday:%d/%m} đến {sunday:%d/%m/%Y})"
