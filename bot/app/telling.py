"""What has to be sent so that somebody's phones show what they should, without disturbing them too often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.app.noticing import NEWS, Kind, Notice

APART = 60
"""Seconds between two sounds for one person; only what is urgent does not wait."""


@dataclass(frozen=True, slots=True)
class Told:
    """What stands on somebody's phones. `at`: the last sound; `count` 0: it was taken away again."""

    topic: str
    at: int
    mark: str
    count: int


@dataclass(frozen=True, slots=True)
class Show:
    """`quiet`: without a sound. `at` is remembered as the last one."""

    notice: Notice
    quiet: bool
    at: int


@dataclass(frozen=True, slots=True)
class Clear:
    """Take away what stands there under a topic."""

    topic: str


@dataclass(frozen=True, slots=True)
class Forget:
    """It need not be remembered any longer that something was told."""

    topic: str


Change = Show | Clear | Forget


def changes(wanted: Sequence[Notice], told: Iterable[Told], now: int) -> tuple[Change, ...]:
    """What has to be done so that what was told becomes what should be told."""
    before = {one.topic: one for one in told}
    loud_again = max((one.at for one in before.values()), default=0) + APART <= now
    done: list[Change] = []
    sounded = False
    for notice in wanted:
        old = before.pop(notice.topic, None)
        if old is not None and old.count and old.mark == notice.mark:
            continue
        fewer = old is not None and old.count > notice.count
        if fewer and old is not None and old.at + APART <= now:
            done.append(Show(notice, quiet=True, at=old.at))
        elif not fewer and (loud_again or notice.urgent):
            done.append(Show(notice, quiet=sounded, at=now))
            sounded = True
    for topic, one in before.items():
        if one.count and Kind(topic.partition(".")[0]) not in NEWS:
            done.append(Clear(topic))
        elif one.at + APART <= now:
            done.append(Forget(topic))
    return tuple(done)
