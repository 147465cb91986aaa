"""What the Bot API answers when it refuses a call, in the words that bots are known to look for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal. `wrong`: no correct bot would ever make this call, so a test must fail."""

    def __init__(
        self, code: int, words: str, *, wrong: bool = False, parameters: Mapping[str, int] | None = None
    ) -> None:
        kinds = {
            400: "Bad Request",
            401: "Unauthorized",
            403: "Forbidden",
            404: "Not Found",
            409: "Conflict",
            413: "Request Entity Too Large",
            429: "Too Many Requests",
        }
        self.code = code
        self.description = ": ".join(part for part in (kinds.get(code, ""), words) if part)
        self.parameters = dict(parameters or {})
        self.wrong = wrong
        super().__init__(f"{code} {self.description}")

    def body(self) -> Json:
        told: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return told | ({"parameters": self.parameters} if self.parameters else {})


def bad(words: str) -> ApiError:
    return ApiError(400, words)


def wrong(words: str) -> ApiError:
    """Something that the real server overlooks, and our bot has no business sending."""
    return ApiError(400, words, wrong=True)
