"""Every call that came in, and what a strict reader finds in the list of them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

MESSAGES = frozenset({"sendMessage", "sendPhoto"})
"""The methods that the limits of speed are about."""

EDITS = frozenset({"editMessageText", "editMessageReplyMarkup"})
"""In a group these count as well."""


@dataclass(slots=True)
class Call:
    """One call: when, what, and what it was answered. Status 0: nothing was answered.

    `done`: it took effect. `early`: it came before the end of a retry_after. `via` is "http", or "answer" for
    what stood in the answer to a webhook call.
    """

    at: float
    method: str
    params: dict[str, Any] = field(default_factory=dict)
    via: str = "http"
    status: int = 0
    description: str = ""
    done: bool = False
    early: bool = False

    @property
    def chat(self) -> int | None:
        chat = self.params.get("chat_id")
        return chat if isinstance(chat, int) else None


class Calls(list[Call]):
    """All calls in the order they came."""

    def of(self, *methods: str) -> list[Call]:
        return [call for call in self if call.method in methods]

    def to(self, chat: int) -> list[Call]:
        return [call for call in self if call.chat == chat]

    def early(self) -> list[Call]:
        """Calls before a retry_after had ended."""
        return [call for call in self if call.early]

    def too_fast(self, chat: float = 1, group: int = 20, all: int = 30) -> list[str]:
        """Where messages came faster than `chat` a second, `group` a minute in a group, `all` a second."""
        sent = self.of(*MESSAGES)
        by_chat: dict[int, list[float]] = defaultdict(list)
        for call in self.of(*MESSAGES, *EDITS):
            if call.chat is not None and (call.method in MESSAGES or call.chat < 0):
                by_chat[call.chat].append(call.at)
        found = [
            f"more than {all} in the second before {at:g}" for at in _crowds([c.at for c in sent], all, 1)
        ]
        for id, times in by_chat.items():
            if id < 0:
                crowds = _crowds(times, group, 60)
                found += [f"more than {group} in the minute before {at:g} to group {id}" for at in crowds]
            else:
                found += [f"second message at {at:g} to {id}" for at in _crowds(times, 1, 1 / chat)]
        return found


def _crowds(times: Sequence[float], most: int, window: float) -> Iterator[float]:
    """The moments at which more than `most` lie within a window that slides."""
    inside: deque[float] = deque()
    for at in times:
        inside.append(at)
        while inside[0] <= at - window + 1e-9:
            inside.popleft()
        if len(inside) > most:
            yield at
