"""What volunteers propose goes through every check of the content before it is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.proposals import Proposing
from bot.content.library import read
from bot.content.phrases import check_phrases
from bot.content.problems import Problem
from bot.core.hearing import Verdict
from bot.language.ear import Ear
from bot.language.lessons import artefacts, recall, study
from bot.language.sieve import sift

if TYPE_CHECKING:
    from bot.store.backing import Backing

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"


def proposing_of(backing: Backing, now: Callable[[], int]) -> Proposing:
    from bot.content.shelving import FileShelf
    from bot.store.proposals import SqlProposals

    return Proposing(SqlProposals(backing), FileShelf(ROOT, checks_of(CACHE)), sift, now)


def checks_of(cache: Path) -> Callable[[Path, str], Sequence[Problem]]:
    """What `bot check` lists of the content below a folder. What was learnt of phrases is in the cache."""

    def checks(root: Path, today: str) -> Sequence[Problem]:
        library = read(root, Ear({}, _Deaf()), organisation="", web_address="", today=today)
        latest = artefacts(cache)
        lesson = study(root / "faq" / "phrases", recall(latest[0]) if latest else None)
        return [*library.problems, *check_phrases(root, lesson.files)]

    return checks


class _Deaf:
    """Enough where content is only looked at: no matcher is loaded."""

    def verdict(self, text: str, expected: Collection[str] = (), /) -> Verdict:
        raise NotImplementedError(text)
