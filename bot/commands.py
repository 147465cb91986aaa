"""What the commands do beside serving: check, ask, evaluate, statistics, the terminal chat."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.app.inbox import Raw
from bot.app.ports import Sifted, Standing, StoreDown
from bot.app.statistics import Funnel, funnel
from bot.channels import terminal
from bot.config import BadSettings, Database, Settings, read_settings
from bot.content.extract import Unreadable
from bot.content.library import Library
from bot.content.problems import Problem, Severity, fault, quote
from bot.content.transcripts import Player, dump
from bot.content.update import Updated, update
from bot.core.hearing import Verdict
from bot.core.message import Address, Reply
from bot.core.visits import VIET_NAM
from bot.language.sieve import sift
from bot.wiring import ROOT, Busy, Deaf, NotReady, draw, now, read_library, running, trained_matcher


def check(config: Path) -> tuple[list[str], bool]:
    """Every fault in settings and content, a line each; and whether any keeps the bot from running."""
    try:
        settings = read_settings(config)
    except BadSettings as bad:
        return [str(fault) for fault in bad.faults], True
    today = time.strftime("%Y-%m-%d", time.gmtime(now() + VIET_NAM))
    library = read_library(settings, Deaf(), today=today)
    problems = (*library.problems, *_too_high(library))
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    return [str(problem) for problem in problems], failed


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


def ask(text: str) -> tuple[Sifted, Verdict]:
    """What the sieve leaves of a message, and what the matcher takes it to be about."""
    sifted = sift(text)
    return sifted, trained_matcher().verdict(sifted.text)


def evaluate_file(file: Path) -> dict[str, Any]:
    """Accuracy on a file of JSON lines. Raises NotReady with the line that cannot be read."""
    from bot.language.evaluate import evaluate

    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotReady(f"{file}: cannot be read: {error}") from None
    rows = [_row(file, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return evaluate(trained_matcher(), rows)


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
