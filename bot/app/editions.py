"""The editions of a guide that were ever walked: since when, what their authors changed, and their steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bot.core.flow import Flow

ReadEdition = Callable[[str, str, str], Flow | None]
"""Guide, version and source become a guide; None when today's bot cannot read it."""

REMEMBERED = 200
"""Editions that are kept read."""


class StoredEdition(NamedTuple):
    """`first_seen` in seconds since 1970 UTC."""

    version: str
    first_seen: int
    current: bool
    source: str


class StoredEditions(Protocol):
    async def editions_of(self, flow: str) -> Sequence[StoredEdition]:
        """All that the store holds, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Issue:
    """One edition. `flow` is None when today's bot cannot read it any more."""

    version: str
    first_seen: int
    current: bool
    flow: Flow | None

    @property
    def change(self) -> str:
        """What its authors wrote of it."""
        return self.flow.change if self.flow else ""


class Editions:
    def __init__(self, stored: StoredEditions, read: ReadEdition) -> None:
        self._stored = stored
        self._read = read
        self._known: dict[tuple[str, str], Flow | None] = {}

    async def of(self, flow: str) -> tuple[Issue, ...]:
        """The oldest first; those that nobody ever walked are left out by nobody but the reader."""
        return tuple(
            Issue(one.version, one.first_seen, one.current, self._flow(flow, one))
            for one in await self._stored.editions_of(flow)
        )

    def _flow(self, flow: str, one: StoredEdition) -> Flow | None:
        key = (flow, one.version)
        if key not in self._known:
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[key] = self._read(flow, one.version, one.source)
        return self._known[key]
