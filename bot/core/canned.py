"""Replies that people at the desk give again and again, and where each of them fits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.core.faq import Credit
from bot.core.flow import Text, flow_of
from bot.core.message import Picture


@dataclass(frozen=True, slots=True)
class Canned:
    """In a person's voice, to be changed before it is sent. `title` names it at the desk, `words` are further
    words it is found by. `steps` are entrances ("otp" or "otp/ma-sai") where it fits, as are `topics` and
    `intents`. `urgent`: its steps are for danger, in a fixed order.
    """

    id: str
    title: str
    text: Text
    credit: Credit
    words: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    picture: Picture | None = None
    dated: bool = False
    urgent: bool = False

    def suits(self, place: str) -> int:
        """How well it fits a step ("otp/ma-sai"): 2 for this step, 1 for its guide, 0 not at all."""
        if not place:
            return 0
        if place in self.steps:
            return 2
        return int(flow_of(place) in self.steps)

    def is_about(self, intents: Collection[str]) -> bool:
        return not set(intents).isdisjoint(self.intents)
