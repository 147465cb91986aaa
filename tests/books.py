"""Books for tests: the real content, and a small guide with every kind of step; hearing without a model."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from bot.content.library import read
from bot.content.locales import read_asked, read_words
from bot.content.places import read_communes
from bot.core.book import Book
from bot.core.hearing import Decision, Guess, Verdict
from bot.language.ear import Ear, fold
from bot.language.places import Gazetteer

ROOT = Path(__file__).resolve().parent.parent
SMALL = ROOT / "tests" / "small"
PLACES = Gazetteer(read_communes())


class Judge:
    """Knows the sentences it was told and nothing else, so that transcripts do not depend on training."""

    def __init__(self, known: Mapping[str, tuple[Decision, tuple[str, ...]]]) -> None:
        self._known = {fold(text): meaning for text, meaning in known.items()}

    def verdict(self, text: str, expected: Collection[str] = (), /) -> Verdict:
        decision, intents = self._known.get(fold(text), (Decision.UNCLEAR, ()))
        if text == VAGUE and expected:
            decision, intents = Decision.ANSWER, tuple(expected)
        guesses = tuple(Guess(intent, 0.9) for intent in intents)
        if " với lại " in text:
            return Verdict(decision, guesses, second=guesses[1])
        return Verdict(decision, guesses, sure=" hay " not in text)


VAGUE = "k thay gi het"
"""Means what the waiting step makes likely, and nothing elsewhere."""

HEARD = {
    "tôi muốn kích hoạt vneid": (Decision.ANSWER, ("activate-how",)),
    "quên mật khẩu rồi": (Decision.ANSWER, ("forgot-password",)),
    "tổng đài số mấy": (Decision.ANSWER, ("hotline",)),
    "có mất tiền không": (Decision.ANSWER, ("level2-fee-mandatory",)),
    "không nhận được mã otp": (Decision.ANSWER, ("otp-not-received",)),
    "mã báo sai": (Decision.ANSWER, ("otp-wrong-expired",)),
    "có người xưng công an gọi": (Decision.ANSWER, ("scam-fake-police",)),
    "khi nào đội lưu động tới": (Decision.ANSWER, ("mobile-support-point",)),
    "when does the mobile team come": (Decision.ANSWER, ("mobile-support-point",)),
    "chào cháu": (Decision.ANSWER, ("greeting",)),
    "mật khẩu với mã gì đó": (Decision.CHOOSE, ("forgot-password", "otp-not-received", "password-rules")),
    "mật khẩu gì đó": (Decision.CHOOSE, ("forgot-password", "otp-wrong-expired")),
    "tổng đài số mấy với lại không nhận được mã otp": (Decision.ANSWER, ("hotline", "otp-not-received")),
    "tổng đài hay là gì": (Decision.ANSWER, ("hotline", "level2-fee-mandatory")),
    "kích hoạt hay gì đó": (Decision.ANSWER, ("activate-how", "hotline")),
    "bực mình quá": (Decision.UNCLEAR, ("complaint-general",)),
    "giá lúa hôm nay": (Decision.OUT_OF_SCOPE, ("oos-general",)),
    "tôi bị lừa mất tiền rồi": (Decision.HANDOFF, ("scam-victim",)),
    "tôi bị lừa mất tiền rồi, máy ghi không tìm thấy thiết bị kích hoạt": (
        Decision.HANDOFF,
        ("scam-victim",),
    ),
    "cho tôi gặp cán bộ": (Decision.HANDOFF, ("talk-to-human",)),
    "gặp ai hay là gọi": (Decision.ANSWER, ("talk-to-human", "hotline")),
    "xin giấy khai sinh": (Decision.OUT_OF_SCOPE, ("oos-other-gov", "procedures-on-vneid")),
    "nó cứ sao ấy": (Decision.UNCLEAR, ("unclear",)),
}


def book_of(root: Path, editions: tuple[tuple[str, str, str], ...] = ()) -> Book:
    """All content below a folder; its problems fail the test that wanted it."""
    words, _ = read_words(root)
    library = read(
        root,
        Ear(words, Judge(HEARD), read_asked(root)[0]),
        editions,
        organisation="",
        web_address="",
        places=PLACES,
    )
    assert library.book is not None, "\n".join(str(problem) for problem in library.problems)
    return library.book


def small_root(folder: Path) -> Path:
    """A copy of the small content to change at will, with the bot's real sentences."""
    root = folder / "content"
    shutil.copytree(SMALL, root)
    shutil.copytree(ROOT / "locales", root / "locales", ignore=shutil.ignore_patterns("flows", "faq"))
    return root
