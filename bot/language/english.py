"""Is this English? A short exact test; in doubt the answer is no."""

from __future__ import annotations

import re

from bot.language.normalise import LONGEST
from bot.language.shorthand import SHORTHAND
from bot.language.syllables import SYLLABLES, listed

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_FOREIGN_TO_IT = 0.2


def is_english(text: str) -> bool:
    """Two different words that hold English sentences together, one of which can be nothing else, and hardly
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
