"""How long people waited for a human, and what they thought of it: from published counts, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.figures import Counted
from bot.core.publishing import SHOWN_FROM
from bot.core.ticket import Closing
from bot.core.visits import HOME_COLUMNS, Kind, seconds_of
from bot.web.desk.wording import lasting

KINDS = (Kind.TICKET, Kind.RATING, Kind.WAITED, Kind.HELPED, Kind.HOME)
UNHELPED = frozenset({Closing.UNSOLVED, Closing.GONE, Closing.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Responding:
    """Requests for a human that are over. `waited` and `helped` are empty when too few are behind them.

    `ratings` are counts from the best to the worst.
    """

    asked: int
    met: int
    unhelped: int
    waited: str
    helped: str
    ratings: tuple[int, int, int]
    homes: int
    homes_done: int

    @property
    def rated(self) -> int:
        return sum(self.ratings)


def responding(cells: Iterable[Counted]) -> Responding:
    by_kind: dict[Kind, Counter[str]] = {kind: Counter() for kind in KINDS}
    for cell in cells:
        if cell.kind in by_kind:
            by_kind[cell.kind][cell.what] += cell.number
    tickets, homes, rated = by_kind[Kind.TICKET], by_kind[Kind.HOME], by_kind[Kind.RATING]
    return Responding(
        asked=tickets.total(),
        met=by_kind[Kind.WAITED].total(),
        unhelped=sum(tickets[closing] for closing in UNHELPED),
        waited=_spell(by_kind[Kind.WAITED]),
        helped=_spell(by_kind[Kind.HELPED]),
        ratings=(rated["3"], rated["2"], rated["1"]),
        homes=homes[HOME_COLUMNS[0]],
        homes_done=homes[HOME_COLUMNS[1]],
    )


def _spell(buckets: Counter[str]) -> str:
    """As "một nửa trong khoảng 4 phút; 9 trong 10 người trong khoảng 20 phút"."""
    if buckets.total() < SHOWN_FROM:
        return ""
    half, most = (lasting(round(seconds_of(_within(buckets, share)))) for share in (0.5, 0.9))
    return f"một nửa trong khoảng {half}; 9 trong 10 người trong khoảng {most}"


def _within(buckets: Counter[str], share: float) -> int:
    """The bucket within which this share was over."""
    wanted, seen, last = share * buckets.total(), 0, 0
    for last in sorted(int(bucket) for bucket, count in buckets.items() if count > 0):
        seen += buckets[str(last)]
        if seen >= wanted:
            break
    return last
