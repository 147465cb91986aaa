"""What was not understood, for those who teach the bot: near-duplicates together, per place and week.

An organiser reads the wordings, so they are sieved once more, cleaned and cut before they are shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bot.app.ports import Sieve, Unmatched
from bot.core.visits import VIET_NAM

LONGEST = 120
"""Letters of an example."""

NAMED = 200
"""Groups of a week whose nearest intent is looked up: to ask for each of thousands takes too long."""

Alike = Callable[[Sequence[str], Sequence[Hashable]], list[list[int]]]
"""Near-duplicates of the same place together: groups of indices, the most typical first."""


_LONG_NUMBER = re.compile(r"\d(?:[\s.,/-]?\d){3}")
"""What could be left of a number that belongs to somebody."""


@dataclass(frozen=True, slots=True)
class Group:
    """What several people said in nearly the same words, at one place in one week.

    `people` are different conversations. `example` is empty when no wording may be shown. `meant` counts what
    people picked among guesses, most first; `nearest` is the known intent that comes nearest, empty for what
    few people say.
    """

    week: str
    flow: str
    step: str
    count: int
    people: int
    example: str
    meant: dict[str, int]
    nearest: str


def groups(
    messages: Sequence[Unmatched], alike: Alike, sieve: Sieve, nearest: Callable[[str], str]
) -> tuple[Group, ...]:
    """The newest week first, in it what was said most; the order of the messages makes no difference."""
    places = [(week_of(message.at), message.flow, message.step) for message in messages]
    found = alike([message.text for message in messages], places)
    made = [
        (_group([messages[index] for index in members], sieve), messages[members[0]].text)
        for members in found
    ]
    made.sort(
        key=lambda pair: (
            -pair[0].count,
            -pair[0].people,
            pair[0].flow,
            pair[0].step,
            pair[0].example,
            pair[1],
        )
    )
    made.sort(key=lambda pair: pair[0].week, reverse=True)
    return tuple(
        replace(group, nearest=nearest(text)) if place < NAMED else group
        for _, of_week in groupby(made, key=lambda pair: pair[0].week)
        for place, (group, text) in enumerate(of_week)
    )


def week_of(at: int) -> str:
    """The ISO week in Viet Nam: "2026-W47"."""
    year, week, _ = _day(at).isocalendar()
    return f"{year}-W{week:02}"


def since(now: int, weeks: int) -> int:
    """When the first of the last so many weeks began, this one counted."""
    day = _day(now)
    monday = day.replace(hour=0, minute=0, second=0) - timedelta(days=day.weekday(), weeks=weeks - 1)
    return int(monday.timestamp()) - VIET_NAM


def shown(text: str, sieve: Sieve) -> str:
    """A wording as an organiser may read it; empty when it may hold somebody's number."""
    masked = sieve(" ".join(_printed(text).split())).text
    if _LONG_NUMBER.search(masked):
        return ""
    if len(masked) <= LONGEST:
        return masked
    return masked[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def _printed(text: str) -> str:
    """Without what would move the cursor or turn the letters round."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _group(members: Sequence[Unmatched], sieve: Sieve) -> Group:
    first = members[0]
    wordings = (shown(message.text, sieve) for message in members)
    meant = Counter(message.meant for message in members if message.meant)
    return Group(
        week=week_of(first.at),
        flow=first.flow,
        step=first.step,
        count=len(members),
        people=len({message.conversation for message in members}),
        example=next(filter(None, wordings), ""),
        meant=dict(sorted(meant.items(), key=lambda item: (-item[1], item[0]))),
        nearest="",
    )


def _day(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC) + timedelta(seconds=VIET_NAM)
