"""Signs that somebody is stuck, beside leaving a step: what they show and what they say.

Each is counted by its name: the reason of a choice that says so, an error of the known ones, a picture, words
that nobody understood. A choice is an arrow, too, but of a person only their last arrow out of a step counts;
whoever was stuck, came back and went on is told of by the sign alone.
"""

from __future__ import annotations

PICTURE = "picture"
UNCLEAR = "unclear"

_ERROR = "error:"
_REASON = "reason:"


def error_sign(error: str) -> str:
    """The sign that a known error was read off the screen."""
    return _ERROR + error


def reason_sign(reason: str) -> str:
    """The sign that they chose an answer that says they are stuck, and at what."""
    return _REASON + reason


def reason_of(sign: str) -> str:
    """The reason that a sign names; empty for another sign."""
    return sign.removeprefix(_REASON) if sign.startswith(_REASON) else ""


def error_of(sign: str) -> str:
    """The id of the error that a sign names; empty for another sign."""
    return sign.removeprefix(_ERROR) if sign.startswith(_ERROR) else ""
