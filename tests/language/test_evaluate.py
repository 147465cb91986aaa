from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from bot.core.hearing import Decision, Guess, Verdict
from bot.language.evaluate import evaluate


class Told:
    """Says of each text what it was told to."""

    def __init__(self, verdicts: Mapping[str, Verdict]) -> None:
        self._verdicts = verdicts

    def verdict(self, text: str, _: Collection[str] = (), /) -> Verdict:
        return self._verdicts[text]

    def guesses(self, text: str) -> tuple[Guess, ...]:
        return self._verdicts[text].guesses


def verdict(decision: Decision, *intents: str, sure: bool = True) -> Verdict:
    return Verdict(decision, tuple(Guess(intent, 0.3) for intent in intents), sure=sure)


def row(text: str, intent: str, *alt: str, style: str = "") -> dict[str, object]:
    return {"text": text, "intent": intent, "alt": list(alt), "style": style}


TOLD = Told(
    {
        "right": verdict(Decision.ANSWER, "nfc-scan", "face-fail"),
        "unsure": verdict(Decision.ANSWER, "face-fail", "nfc-scan", sure=False),
        "wrong": verdict(Decision.ANSWER, "face-fail", "nfc-scan"),
        "offered": verdict(Decision.CHOOSE, "face-fail", "app-crash", "nfc-scan"),
        "refused": verdict(Decision.OUT_OF_SCOPE, "oos-general", "nfc-scan"),
        "robbed": verdict(Decision.HANDOFF, "scam-victim", "nfc-scan"),
        "puzzled": verdict(Decision.UNCLEAR, "unclear", "nfc-scan"),
    }
)


@pytest.mark.parametrize(
    ("text", "helped", "direct"),
    [
        ("right", 1, 1),
        ("unsure", 1, 0),
        ("wrong", 0, 1),
        ("offered", 1, 0),
        ("refused", 0, 0),
        ("puzzled", 0, 0),
        ("robbed", 0, 1),
    ],
)
def test_who_asks_about_a_card_is_helped(text: str, helped: int, direct: int) -> None:
    report = evaluate(TOLD, [row(text, "nfc-scan")])
    assert (report["helped"], report["direct_share"]) == (helped, direct)
    assert report["direct_right"] == helped * direct


def test_out_of_scope() -> None:
    rows = [row("refused", "oos-general"), row("right", "oos-other-gov"), row("refused", "nfc-scan")]
    report = evaluate(TOLD, rows)
    assert report["oos_precision"] == report["oos_recall"] == report["oos_f1"] == 0.5
    assert report["oos_answered"] == 0.5
    assert report["in_scope_refused"] == 1.0
    assert evaluate(TOLD, [row("refused", "hotline", "oos-other-gov")])["in_scope_refused"] == 0


@pytest.mark.parametrize(("text", "missed"), [("robbed", 0), ("offered", 1), ("wrong", 1), ("puzzled", 1)])
def test_who_was_robbed_is_missed_unless_the_person_sees_it(text: str, missed: int) -> None:
    assert evaluate(TOLD, [row(text, "scam-victim")])["urgent_missed"] == missed


def test_alternatives_and_styles() -> None:
    rows = [
        row("right", "nfc-scan", style="full"),
        row("right", "app-crash", "nfc-scan", style="typo"),
        row("wrong", "nfc-scan", style="full"),
        row("refused", "oos-general"),
    ]
    report = evaluate(TOLD, rows)
    assert (report["n"], report["top1"], report["top3"]) == (4, 0.75, 1.0)
    assert report["by_style"]["full"] == {"n": 2, "top1": 0.5, "top3": 1.0}
    assert report["by_style"]["typo"]["top1"] == 1.0
    assert 0 <= report["p50_ms"] <= report["p99_ms"]


def test_nothing_to_evaluate() -> None:
    report = evaluate(TOLD, [])
    assert (report["n"], report["top1"], report["oos_f1"], report["by_style"]) == (0, 0.0, 0.0, {})
