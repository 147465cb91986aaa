"""How well a matcher does on labelled messages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from time import thread_time
from typing import Any

from bot.core.hearing import Decision
from bot.language.matcher import OUTSIDE, Matcher, decide


def evaluate(matcher: Matcher, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`rows` hold text, intent and, if wanted, alt (other intents that count as right) and style.

    Out of scope is judged by the decision, which is what a resident meets.
    """
    times: list[float] = []
    hits: list[tuple[bool, bool]] = []
    styles: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    pairs: list[tuple[str, str]] = []
    said: list[bool] = []
    outside: list[bool] = []
    for row in rows:
        # nothing here waits, so processor time is what it takes when no other program is in the way
        began = thread_time()
        guesses = matcher.guesses(row["text"])
        verdict = decide(guesses)
        times.append(thread_time() - began)
        right = {row["intent"], *row.get("alt", ())}
        named = [guess.intent for guess in guesses[:3]]
        hit = bool(named) and named[0] in right, not right.isdisjoint(named)
        hits.append(hit)
        styles[row.get("style", "")].append(hit)
        pairs.append((row["intent"], row["intent"] if hit[0] else "".join(named[:1])))
        told = verdict.decision is Decision.OUT_OF_SCOPE
        said.extend([any(intent.startswith(OUTSIDE) for intent in right)] * told)
        outside.extend([told] * row["intent"].startswith(OUTSIDE))
    return {
        "n": len(hits),
        "top1": _share(first for first, _ in hits),
        "top3": _share(third for _, third in hits),
        "macro_f1": _macro_f1(pairs),
        "oos_precision": _share(said),
        "oos_recall": _share(outside),
        "by_style": {
            style: {
                "n": len(of_style),
                "top1": _share(first for first, _ in of_style),
                "top3": _share(third for _, third in of_style),
            }
            for style, of_style in sorted(styles.items())
            if style
        },
        "p50_ms": _quantile(times, 0.50),
        "p99_ms": _quantile(times, 0.99),
    }


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return round(sum(counted) / len(counted), 4) if counted else 0.0


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean F1 of the intents that occur; an accepted alternative counts as the labelled intent."""
    expected = Counter(intent for intent, _ in pairs)
    given = Counter(named for _, named in pairs)
    met = Counter(intent for intent, named in pairs if intent == named)
    scores = [2 * met[intent] / (expected[intent] + given[intent]) for intent in expected]
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def _quantile(seconds: Sequence[float], share: float) -> float:
    if not seconds:
        return 0.0
    return round(sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000, 3)
