"""Whether a share changed, in words: only what is more than rounding and chance is called a change."""

from __future__ import annotations

from typing import assert_never

from bot.core.comparing import Part, Trend, trend
from bot.core.figures import LOST_RUNS
from bot.core.session import RunOutcome

TOO_FEW = "chưa đủ để so"
STEADY = "chưa khác rõ"


def changed(part: int, whole: int, was_part: int, was_whole: int) -> str:
    """Of a share in percent: "tăng 5 điểm", "giảm 3 điểm", or that nothing can be said."""
    now, then = of_lost(part, whole), of_lost(was_part, was_whole)
    points = abs(round(100 * (now.share - then.share)))
    match trend(then, now):
        case Trend.UP:
            return f"tăng {points} điểm"
        case Trend.DOWN:
            return f"giảm {points} điểm"
        case Trend.SAME:
            return STEADY
        case Trend.UNKNOWN:
            return TOO_FEW
        case never:
            assert_never(never)


def of_lost(part: int, whole: int) -> Part:
    """Some of all, made of as many published cells as the most that are told of here: the lost of a guide."""
    return Part(part, whole, len(LOST_RUNS), len(RunOutcome))
