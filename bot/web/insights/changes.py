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
    points = round(100 * (part / whole - was_part / was_whole))
    if not points or not differ(part, whole, was_part, was_whole):
        return STEADY
    return f"{'tăng' if points > 0 else 'giảm'} {abs(points)} điểm"


def differ(part: int, whole: int, other_part: int, other_whole: int) -> bool:
    """Whether two shares are further apart than by chance, and because numbers are published by tens."""
    share, other = (min(1.0, max(0.0, one)) for one in (part / whole, other_part / other_whole))
    chance = sqrt(share * (1 - share) / whole + other * (1 - other) / other_whole)
    return abs(share - other) >= hypot(SURE * chance, K / whole, K / other_whole)
