"""Kill -9 at any moment: nothing lost, nothing twice, everything in order."""

from __future__ import annotations

from pathlib import Path

from tests.app.harness.platform import Plan
from tests.app.harness.play import play


def test_nothing_is_lost_or_doubled_by_kill_9(tmp_path: Path) -> None:
    outcome = play(Plan(messages=1000, kills=20, seed=1), tmp_path)
    assert outcome.figures.faults == []
    assert outcome.tried_later > 0
    assert outcome.restarts
    assert outcome.figures.doubled_sends <= outcome.plan.kills


def test_an_acknowledgement_before_the_commit_is_seen(tmp_path: Path) -> None:
    outcome = play(Plan(messages=100, kills=2, seed=2, flaw="hasty"), tmp_path)
    assert outcome.figures.lost > 0


def test_a_message_that_counts_twice_is_seen(tmp_path: Path) -> None:
    outcome = play(Plan(messages=150, kills=1, seed=3, residents=10, deaf=0.2, flaw="forgetful"), tmp_path)
    assert outcome.figures.doubled > 0
    assert any("is not where the messages lead to" in fault for fault in outcome.figures.faults)
    assert any("recount" in fault for fault in outcome.figures.faults)


def test_a_reply_that_overtakes_is_seen(tmp_path: Path) -> None:
    outcome = play(Plan(messages=100, kills=1, seed=4, busy=0.3, flaw="overtaking"), tmp_path)
    assert outcome.figures.out_of_order > 0
