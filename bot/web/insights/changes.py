"""Whether a share changed, in words: only what is more than rounding and chance is called a change."""

from __future__ import annotations

from math import hypot, sqrt

from bot.core.publishing import K
from bot.web.insights.numbers import FEW

SURE = 1.96
"""Standard deviations beyond which one in twenty falls by chance."""

TOO_FEW = "chưa đủ để so"
STEADY = "gần như cũ"


def changed(part: int, whole: int, was_part: int, was_whole: int) -> str:
    """Of a share in percent: "tăng 5 điểm", "giảm 3 điểm", or that nothing can be said."""
    if min(whole, was_whole) < FEW:
        return TOO_FEW
    share, was = part / whole, was_part / was_whole
    points = round(100 * (share - was))
    if not points or abs(share - was) < _noise(share, whole, was, was_whole):
        return STEADY
    return f"{'tăng' if points > 0 else 'giảm'} {abs(points)} điểm"


def _noise(share: float, whole: int, was: float, was_whole: int) -> float:
    """How far shares differ by chance, and because both numbers are published by tens."""
    chance = sqrt(share * (1 - share) / whole + was * (1 - was) / was_whole) if 0 <= share <= 1 >= was else 0
    return hypot(SURE * chance, K / whole, K / was_whole)
