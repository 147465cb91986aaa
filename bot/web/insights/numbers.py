"""Numbers as people in Viet Nam write and say them, and never a percentage of a handful of people."""

from __future__ import annotations

FEW = 50
"""People from whom on a percentage says something."""


def counted(number: int) -> str:
    """As "1.234"."""
    return f"{number:,}".replace(",", ".")


def percent(part: int, whole: int) -> str:
    """As "49 %"; of less than one in ten with one decimal, "2,5 %". Empty when there is nobody."""
    if not whole:
        return ""
    share = 100 * part / whole
    exact = f"{share:.1f}" if 0 < share < 10 else f"{share:.0f}"
    return f"{exact.removesuffix('.0').replace('.', ',')} %"


def of_all(part: int, whole: int) -> str:
    """As "610 (49 %)", or "20 trong 40 người: còn ít" when too few are behind it for a percentage."""
    if not whole:
        return counted(part)
    if whole < FEW:
        return f"{counted(part)} trong {counted(whole)} người: còn ít"
    return f"{counted(part)} ({percent(part, whole)})"


def in_brief(part: int, whole: int) -> str:
    """As "610 (49 %)", or "20 (còn ít)": for places beside which the whole stands too."""
    if not whole:
        return counted(part)
    return f"{counted(part)} ({percent(part, whole) if whole >= FEW else 'còn ít'})"
