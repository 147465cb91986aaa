"""From how probable each intent is to what is done about a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.hearing import Decision, Guess, Verdict

SURE_FROM = 0.80
"""Probability of the best intent from which it is answered alone."""
ANSWER_FROM = 0.60
"""Probability of the best intent from which it is answered, with the next ones beside it."""
CHOOSE_FROM = 0.08
"""Probability of the best intent from which guesses are worth offering."""
VAGUE_FROM = 0.40
"""Probability of a vague intent from which it is not worth guessing what is meant."""
GUESS_FROM = 0.005
"""Probability from which a further guess is worth a line."""
OUTSIDE_FROM = 0.35
"""Probability of all out-of-scope intents together from which we say that it is not ours, if no intent
of ours is as probable: of unseen phrases that are ours it turns about one in a hundred away."""
HAND_OFF_FROM = 0.70
"""Probability of a hand-off intent from which a person is called."""
URGENT_FROM = 0.02
"""Probability from which an urgent intent is at least offered: who was robbed must not be missed."""
PART_FROM = 0.80
"""Probability from which a part of a message surely names a problem of its own."""
BESIDE_FROM = 0.005
"""Probability that such a problem has at least in the whole message."""
MOST_GUESSES = 3

OUTSIDE = "oos-"
HAND_OFF = frozenset({"talk-to-human", "home-visit-request", "scam-victim"})
URGENT = ("scam-victim", "lost-phone-lock", "scam-fake-police")
VAGUE = frozenset({"unclear", "complaint-general"})
COURTESY = frozenset({"greeting", "thanks-bye", "talk-to-human"})
"""What people say beside a problem."""


def decide(guesses: Sequence[Guess], both: tuple[Guess, Guess] | None = None) -> Verdict:
    """What to do about a message, from its guesses, best first; `both` are problems that it names clearly."""
    if both is not None:
        decision = Decision.HANDOFF if both[0].intent in HAND_OFF else Decision.ANSWER
        return Verdict(decision, both, second=both[1])
    if not guesses:
        return Verdict(Decision.UNCLEAR, ())
    best = guesses[0]
    top = tuple(guesses[:MOST_GUESSES])
    ours = [guess for guess in guesses if is_ours(guess.intent)]
    outside = sum(guess.score for guess in guesses if guess.intent.startswith(OUTSIDE))
    if best.intent in HAND_OFF and best.score >= HAND_OFF_FROM:
        return Verdict(Decision.HANDOFF, top)
    if not any(is_danger(guess) for guess in ours):
        if outside >= OUTSIDE_FROM and outside >= max((guess.score for guess in ours), default=0.0):
            return Verdict(Decision.OUT_OF_SCOPE, top)
        vague = best.intent in VAGUE and best.score >= VAGUE_FROM
        if vague or best.score < CHOOSE_FROM:
            return Verdict(Decision.UNCLEAR, top)
    return _offer(best, ours)


def two_problems(
    guesses: Sequence[Guess], parts: Sequence[Guess], topics: Mapping[str, str]
) -> tuple[Guess, Guess] | None:
    """Two problems of different topics, each surely named by a part and likely in the whole; danger first."""
    sure = {part.intent for part in parts if part.score >= PART_FROM}
    named = [
        guess
        for guess in guesses[:MOST_GUESSES]
        if guess.intent in sure and guess.score >= BESIDE_FROM and is_ours(guess.intent)
        if guess.intent not in COURTESY
    ]
    other = next((guess for guess in named[1:] if topics[guess.intent] != topics[named[0].intent]), None)
    if other is None:
        return None
    one, two = sorted((named[0], other), key=lambda guess: guess.intent not in URGENT)
    return one, two


def is_ours(intent: str) -> bool:
    """Whether there is something to answer or to offer for it."""
    return not intent.startswith(OUTSIDE) and intent not in VAGUE


def _offer(best: Guess, ours: Sequence[Guess]) -> Verdict:
    worth = tuple(guess for guess in ours if guess.score >= GUESS_FROM)
    shown = _with_the_urgent(worth)
    if not shown:
        return Verdict(Decision.UNCLEAR, (best,))
    if best != shown[0] or best.score < ANSWER_FROM:
        return Verdict(Decision.CHOOSE, shown)
    sure = best.score >= SURE_FROM and not any(is_danger(guess) for guess in shown[1:])
    return Verdict(Decision.ANSWER, shown, sure=sure)


def _with_the_urgent(guesses: tuple[Guess, ...]) -> tuple[Guess, ...]:
    """The first three; one that must not be missed takes the place of the last."""
    shown = guesses[:MOST_GUESSES]
    missed = next((guess for guess in guesses[MOST_GUESSES:] if is_danger(guess)), None)
    return (*shown[:-1], missed) if missed and not is_danger(shown[-1]) else shown


def is_danger(guess: Guess) -> bool:
    return guess.intent in URGENT and guess.score >= URGENT_FROM
