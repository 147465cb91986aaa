"""Signs that somebody is stuck, beside leaving a step: what they show and what they say.

Each is counted by its name: an error of the known ones, a picture, words that nobody understood.
"""

from __future__ import annotations

PICTURE = "picture"
UNCLEAR = "unclear"

_ERROR = "error:"


def error_sign(error: str) -> str:
    """The sign that a known error was read off the screen."""
    return _ERROR + error


def error_of(sign: str) -> str:
    """The id of the error that a sign names; empty for another sign."""
    return sign.removeprefix(_ERROR) if sign.startswith(_ERROR) else ""
