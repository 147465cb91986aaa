"""How well a matcher does on labelled messages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import thread_time
from typing import Any

from bot.core.hearing import Decision, Verdict
from bot.language.deciding import MOST_GUESSES, OUTSIDE, URGENT, VAGUE
from bot.language.listening import Guesser


@dataclass(frozen=True, slots=True)
class Heard:
    """A labelled message and what became of it. `right` are the label and the alternatives to it."""

    label: str
    right: frozenset[str]
    style: str
    named: tuple[str, ...]
    verdict: Verdict
    seconds: float

    @property
    def first(self) -> bool:
        return not self.right.isdisjoint(self.named[:1])

    @property
    def third(self) -> bool:
        return not self.right.isdisjoint(self.named)

    @property
    def outside(self) -> bool:
        return any(intent.startswith(OUTSIDE) for intent in self.right)

    @property
    def refused(self) -> bool:
        return self.verdict.decision is Decision.OUT_OF_SCOPE

    @property
    def answered(self) -> bool:
        return self.verdict.decision in {Decision.ANSWER, Decision.HANDOFF}

    @property
    def direct(self) -> bool:
        """Answered, and nothing left to choose from."""
        return self.answered and self.verdict.sure

    @property
    def shown(self) -> frozenset[str]:
        """The intents that the person is answered about or may choose from."""
        if not self.answered and self.verdict.decision is not Decision.CHOOSE:
            return frozenset()
        second = self.verdict.second
        last = MOST_GUESSES if not self.direct else 2 if second else 1
        return frozenset(guess.intent for guess in self.verdict.guesses[:last])

    @property
    def helped(self) -> bool:
        """Answered rightly, or offered the right answer, or told rightly that there is none."""
        match self.verdict.decision:
            case Decision.OUT_OF_SCOPE:
                return self.outside
            case Decision.UNCLEAR:
                return not self.right.isdisjoint(VAGUE)
            case Decision.ANSWER | Decision.HANDOFF | Decision.CHOOSE:
                return not self.right.isdisjoint(self.shown)


def evaluate(matcher: Guesser, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`rows` hold text, intent and, if wanted, alt (other intents that count as right) and style.

    Out of scope is judged by the decision, which is what a resident meets.
    """
    heard = [_heard(matcher, row) for row in rows]
    ours = [each for each in heard if not each.outside]
    others = [each for each in heard if each.label.startswith(OUTSIDE)]
    direct = [each for each in heard if each.direct]
    precision = _share(each.outside for each in heard if each.refused)
    recall = _share(each.refused for each in others)
    styles: defaultdict[str, list[Heard]] = defaultdict(list)
    for each in heard:
        styles[each.style].append(each)
    return {
        "n": len(heard),
        "top1": _share(each.first for each in heard),
        "top3": _share(each.third for each in heard),
        "macro_f1": _macro_f1(heard),
        "oos_precision": precision,
        "oos_recall": recall,
        "oos_f1": round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0,
        "oos_answered": _share(each.answered for each in others),
        "in_scope_refused": _share(each.refused for each in ours),
        "helped": _share(each.helped for each in heard),
        "direct_share": _share(each.direct for each in heard),
        "direct_right": _share(each.helped for each in direct),
        "urgent_missed": _share(each.right.isdisjoint(each.shown) for each in heard if each.label in URGENT),
        "by_style": {
            style: {
                "n": len(of_style),
                "top1": _share(each.first for each in of_style),
                "top3": _share(each.third for each in of_style),
            }
            for style, of_style in sorted(styles.items())
            if style
        },
        "p50_ms": _quantile([each.seconds for each in heard], 0.50),
        "p99_ms": _quantile([each.seconds for each in heard], 0.99),
    }


def _heard(matcher: Guesser, row: Mapping[str, Any]) -> Heard:
    # nothing here waits, so processor time is what it takes when no other program is in the way
    began = thread_time()
    verdict = matcher.verdict(row["text"])
    seconds = thread_time() - began
    named = tuple(guess.intent for guess in matcher.guesses(row["text"])[:MOST_GUESSES])
    right = frozenset((row["intent"], *row.get("alt", ())))
    return Heard(row["intent"], right, row.get("style", ""), named, verdict, seconds)


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return round(sum(counted) / len(counted), 4) if counted else 0.0


def _macro_f1(heard: Sequence[Heard]) -> float:
    """The mean F1 of the intents that occur; an accepted alternative counts as the labelled intent."""
    pairs = [(each.label, each.label if each.first else "".join(each.named[:1])) for each in heard]
    expected = Counter(label for label, _ in pairs)
    given = Counter(named for _, named in pairs)
    met = Counter(label for label, named in pairs if label == named)
    scores = [2 * met[intent] / (expected[intent] + given[intent]) for intent in expected]
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def _quantile(seconds: Sequence[float], share: float) -> float:
    if not seconds:
        return 0.0
    return round(sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000, 3)
