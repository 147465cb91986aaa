"""English among Vietnamese: is this English, and what may it be about?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.core.hearing import Decision, Guess, Verdict
from bot.language.normalise import LONGEST
from bot.language.shorthand import SHORTHAND
from bot.language.syllables import SYLLABLES, listed

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_FOREIGN_TO_IT = 0.2
_MOST = 3


def is_english(text: str) -> bool:
    """Whether a text is English; in doubt it is not.

    Two different words that hold English sentences together, one of which can be nothing else, and hardly
    any that could be Vietnamese.

    Names of things ("password", "account", "login") prove nothing: they are Vietnamese by now.
    """
    text = text[:LONGEST].replace("’", "'")
    if not text.isascii():
        return False
    words = _WORD.findall(text.lower())
    glue = _GLUE.intersection(words)
    if len(glue) < 2 or glue <= _ALSO_VIETNAMESE:
        return False
    vietnamese = sum(word not in _GLUE and _could_be_vietnamese(word) for word in words)
    return vietnamese <= _FOREIGN_TO_IT * len(words)


def _could_be_vietnamese(word: str) -> bool:
    return word in SYLLABLES or word in SHORTHAND


_GLUE = frozenset(
    listed(
        "a an the of and or for from with without about after before because to in on at by as but if so "
        "this that these those it its it's is isn't are aren't was were be been am do does doesn't don't "
        "did didn't "
        "have haven't has hasn't had can can't cannot could would should will won't must may might "
        "i i'm i've i'd you your me my mine we us our he she his her they their them "
        "what which who whom whose where when why how there here not no any some "
        "need want wanted trying tried try please help tell show give get got make know say said says see "
        "receive received lost forgot forgotten changed change activate register sign someone somebody "
        "nobody anyone nothing something still already again always never only"
    )
)
"""What English sentences are held together by."""

_ALSO_VIETNAMESE = frozenset(word for word in _GLUE if _could_be_vietnamese(word))


class English:
    """What an English message may be about, by words that tell it.

    `asked[intent]` are lines of words that must all be there, in any order: "code|otp never|not receiv*".
    """

    def __init__(self, asked: Mapping[str, Sequence[str]]) -> None:
        self._asked = {intent: [_Line(line) for line in lines] for intent, lines in asked.items()}

    def verdict(self, text: str) -> Verdict:
        words = frozenset(_WORD.findall(text[:LONGEST].replace("’", "'").lower()))
        scores = {
            intent: max((line.fits(words) for line in lines), default=0)
            for intent, lines in self._asked.items()
        }
        best = max(scores.values(), default=0)
        likely = sorted((intent for intent, score in scores.items() if score), key=lambda one: -scores[one])
        guesses = tuple(Guess(intent, scores[intent] / (best + 1)) for intent in likely[:_MOST])
        return Verdict(Decision.CHOOSE if guesses else Decision.UNCLEAR, guesses)


def weighed(told: Verdict, learnt: Verdict, *, clear: bool) -> Verdict:
    """What its words tell, and what the matcher makes of it, which has learnt little English: what both say
    comes first, and nothing is sure. `clear`: it is English beyond doubt.
    """
    if not told.guesses and learnt.decision is Decision.OUT_OF_SCOPE:
        return learnt
    if not told.guesses and learnt.decision is Decision.CHOOSE and clear:
        return told
    by_words = {guess.intent for guess in told.guesses}
    both = [guess for guess in learnt.guesses if guess.intent in by_words]
    guesses = {guess.intent: guess for guess in (*both, *told.guesses, *learnt.guesses)}
    first = tuple(guesses.values())[:_MOST]
    return Verdict(Decision.CHOOSE if first else Decision.UNCLEAR, first)


class _Line:
    def __init__(self, line: str) -> None:
        self._wanted = [tuple(each.split("|")) for each in line.lower().split()]

    def fits(self, words: frozenset[str]) -> int:
        """How many words told it; 0 when one is missing."""
        return len(self._wanted) if all(_any_of(each, words) for each in self._wanted) else 0


def _any_of(wanted: tuple[str, ...], words: frozenset[str]) -> bool:
    return any(
        any(word.startswith(one[:-1]) for word in words) if one.endswith("*") else one in words
        for one in wanted
    )
