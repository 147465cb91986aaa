from __future__ import annotations

import pytest

from bot.core.hearing import Decision, Guess
from bot.language.deciding import MOST_GUESSES, URGENT, URGENT_FROM, decide, two_problems


def guesses(**scores: float) -> tuple[Guess, ...]:
    named = (Guess(name.replace("_", "-"), score) for name, score in scores.items())
    return tuple(sorted(named, key=lambda guess: -guess.score))


DECISIONS = [
    (guesses(nfc_scan=0.9, face_fail=0.05), Decision.ANSWER, 2, True),
    (guesses(nfc_scan=0.6, face_fail=0.25), Decision.ANSWER, 2, False),
    (guesses(nfc_scan=0.4, face_fail=0.3, level1_how=0.2, app_crash=0.1), Decision.CHOOSE, 3, True),
    (
        guesses(nfc_scan=0.4, unclear=0.3, oos_general=0.1, face_fail=0.06, app_crash=0.001),
        Decision.CHOOSE,
        2,
        True,
    ),
    (guesses(nfc_scan=0.07, face_fail=0.06), Decision.UNCLEAR, 2, True),
    (guesses(unclear=0.7, face_fail=0.2), Decision.UNCLEAR, 2, True),
    (guesses(complaint_general=0.9, face_fail=0.05), Decision.UNCLEAR, 2, True),
    (guesses(oos_general=0.3, oos_other_gov=0.2, face_fail=0.25), Decision.OUT_OF_SCOPE, 3, True),
    (guesses(oos_general=0.4, face_fail=0.45), Decision.CHOOSE, 1, True),
    (guesses(oos_general=0.3, face_fail=0.001), Decision.UNCLEAR, 1, True),
    (guesses(scam_victim=0.7, face_fail=0.2), Decision.HANDOFF, 2, True),
    (guesses(scam_victim=0.6, face_fail=0.2), Decision.ANSWER, 2, False),
    (guesses(home_visit_request=0.3, face_fail=0.2), Decision.CHOOSE, 2, True),
    ((), Decision.UNCLEAR, 0, True),
]


@pytest.mark.parametrize(("heard", "decision", "shown", "sure"), DECISIONS)
def test_decide(heard: tuple[Guess, ...], decision: Decision, shown: int, sure: bool) -> None:
    verdict = decide(heard)
    assert (verdict.decision, len(verdict.guesses), verdict.sure) == (decision, shown, sure)


def test_what_is_not_ours_is_never_offered() -> None:
    verdict = decide(guesses(nfc_scan=0.3, unclear=0.25, oos_general=0.2, complaint_general=0.15))
    assert [guess.intent for guess in verdict.guesses] == ["nfc-scan"]


CALM = {"nfc_scan": 0.4, "face_fail": 0.3, "level1_how": 0.2}


@pytest.mark.parametrize("urgent", URGENT)
def test_danger_is_among_the_three(urgent: str) -> None:
    shown = [guess.intent for guess in decide(guesses(**CALM, **{urgent: URGENT_FROM})).guesses]
    assert shown == ["nfc-scan", "face-fail", urgent]
    less = decide(guesses(**CALM, **{urgent: URGENT_FROM / 2}))
    assert urgent not in [guess.intent for guess in less.guesses]


def test_one_danger_does_not_hide_another() -> None:
    shown = decide(guesses(nfc_scan=0.4, face_fail=0.3, scam_victim=0.2, lost_phone_lock=0.05)).guesses
    assert [guess.intent for guess in shown] == ["nfc-scan", "face-fail", "scam-victim"]


@pytest.mark.parametrize("calm", ["nfc_scan", "unclear", "complaint_general", "oos_general"])
def test_danger_is_never_lost_behind_something_sure(calm: str) -> None:
    verdict = decide(guesses(**{calm: 0.9, "scam_victim": 0.06}))
    assert "scam-victim" in [guess.intent for guess in verdict.guesses]
    assert verdict.decision is Decision.CHOOSE or not verdict.sure
    assert len(verdict.guesses) <= MOST_GUESSES
    without = decide(guesses(**{calm: 0.9, "scam_victim": 0.01}))
    assert without.decision is not Decision.CHOOSE
    assert without.sure


TOPICS = {
    "nfc-scan": "nfc",
    "nfc-unsupported": "nfc",
    "lost-sim": "sim",
    "scam-victim": "scams",
    "greeting": "talk",
}
BOTH = guesses(nfc_scan=0.6, lost_sim=0.3, scam_victim=0.1)


def named(**scores: float) -> tuple[str, ...]:
    both = two_problems(BOTH, guesses(**scores), TOPICS)
    return tuple(guess.intent for guess in both) if both else ()


def test_two_problems_are_answered_together() -> None:
    both = two_problems(BOTH, guesses(lost_sim=0.95, nfc_scan=0.9), TOPICS)
    verdict = decide(BOTH, both)
    assert verdict.decision is Decision.ANSWER
    assert [guess.intent for guess in verdict.guesses] == ["nfc-scan", "lost-sim"]
    assert verdict.second == verdict.guesses[1]
    assert decide(BOTH).second is None


def test_danger_comes_first_and_to_a_person() -> None:
    verdict = decide(BOTH, two_problems(BOTH, guesses(nfc_scan=0.9, scam_victim=0.85), TOPICS))
    assert verdict.decision is Decision.HANDOFF
    assert [guess.intent for guess in verdict.guesses] == ["scam-victim", "nfc-scan"]


@pytest.mark.parametrize(
    "parts",
    [
        {"nfc_scan": 0.9, "lost_sim": 0.7},
        {"nfc_scan": 0.9},
        {"nfc_scan": 0.9, "face_fail": 0.9},
        {},
    ],
    ids=["one is unsure", "one part", "not in the whole", "no parts"],
)
def test_one_problem_stays_one(parts: dict[str, float]) -> None:
    assert named(**parts) == ()


def test_two_of_one_topic_or_a_courtesy_are_one_problem() -> None:
    near = guesses(nfc_scan=0.6, nfc_unsupported=0.4)
    assert two_problems(near, guesses(nfc_scan=0.9, nfc_unsupported=0.9), TOPICS) is None
    polite = guesses(nfc_scan=0.6, greeting=0.4)
    assert two_problems(polite, guesses(nfc_scan=0.9, greeting=0.95), TOPICS) is None
    assert named(nfc_scan=0.9, lost_sim=0.9) == ("nfc-scan", "lost-sim")


def test_a_vague_message_with_likely_meanings_is_asked_about() -> None:
    likely = guesses(unclear=0.35, face_fail=0.3, nfc_scan=0.2)
    assert [guess.intent for guess in decide(likely).guesses] == ["face-fail", "nfc-scan"]
    assert decide(likely).decision is Decision.CHOOSE
    assert decide(guesses(unclear=0.5, face_fail=0.3)).decision is Decision.UNCLEAR
