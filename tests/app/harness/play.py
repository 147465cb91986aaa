"""One whole run: residents, platform, a bot that is killed, and the verdict."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.app.harness.killer import Killer, Stuck
from tests.app.harness.platform import Plan, platform_of
from tests.app.harness.verdict import Figures, judge, known_keys, replay
from tests.books import book_of, small_root


@dataclass(frozen=True, slots=True)
class Outcome:
    """`restarts`: seconds from each start to the first reply that arrived."""

    plan: Plan
    figures: Figures
    replies: int
    tried_later: int
    restarts: tuple[float, ...]
    seconds: float


def play(plan: Plan, folder: Path) -> Outcome:
    began = monotonic()
    content = small_root(folder)
    book = book_of(content)
    database = folder / "bot.db"
    platform = platform_of(plan)
    limit = began + 60 + plan.messages * 0.05 + plan.kills * 10
    with (folder / "errors").open("w+b") as errors:
        killer = Killer(platform, database, content, errors, limit)
        stuck: list[str] = []
        known: tuple[set[str], int] = (set(), 0)
        try:
            killer.run(lambda: sum(len(one.replies) for one in replay(book, platform)[0].values()))
            known = known_keys(database, platform)
            killer.repeat()
        except Stuck as fault:
            stuck.append(str(fault))
        errors.seek(0)
        complaints = errors.read().decode()[-4000:]
    shutil.rmtree(content)
    replays, tally = replay(book, platform)
    figures = judge(platform, database, known, replays, tally)
    figures.faults += stuck
    if complaints:
        figures.faults.append(f"the bot complained: {complaints}")
    replies = sum(len(one.replies) for one in replays.values())
    restarts = tuple(killer.restarts)
    return Outcome(plan, figures, replies, platform.tried_later, restarts, monotonic() - began)
