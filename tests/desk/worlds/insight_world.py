"""Weekly sums in memory, and a campaign's worth of them, for tests of what organisers see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from random import Random

from bot.app.insights import PartRuns, Total, part_runs
from bot.core.publishing import Cell, K
from bot.core.session import Outcome, RunOutcome
from bot.core.visits import OF_GUIDES, Kind, View, bucket_of, way_of
from bot.core.weeks import Weeks


class CountsInMemory:
    """`bot.app.insights.WeeklyCounts`, filled by hand."""

    def __init__(self, seed: int = 1) -> None:
        self.cells: defaultdict[Cell, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.at = 0
        self._seed = seed

    def add(
        self,
        week: int,
        kind: Kind,
        what: str,
        count: int,
        *,
        flow: str = "kich-hoat",
        step: str = "",
        groups: Iterable[tuple[View, str]] = ((View.ALL, ""),),
    ) -> None:
        for view, part in groups:
            self.cells[Cell(view, part, flow, kind, step, what)][week] += count

    async def totals(
        self,
        view: View,
        weeks: Weeks,
        *,
        part: str | None = None,
        parts: Collection[str] | None = None,
        flow: str | None = None,
        kinds: Collection[Kind] = OF_GUIDES,
    ) -> Sequence[Total]:
        found = []
        for cell, by_week in self.cells.items():
            asked = part in (None, cell.part) and flow in (None, cell.flow) and cell.kind in kinds
            if cell.view is view and asked and (parts is None or cell.part in parts):
                before = sum(count for week, count in by_week.items() if week < weeks.first)
                through = sum(count for week, count in by_week.items() if week <= weeks.last)
                found.append(Total(cell, before, through))
        return found

    async def runs_by_part(
        self, view: View, weeks: Weeks, parts: Collection[str] | None = None
    ) -> Sequence[PartRuns]:
        return part_runs(await self.totals(view, weeks, parts=parts, kinds=(Kind.RUN,)), self.offset)

    async def span(self) -> Weeks:
        weeks = [week for by_week in self.cells.values() for week in by_week]
        return Weeks(min(weeks), max(weeks)) if weeks else Weeks(0, -1)

    async def summed_at(self) -> int:
        return self.at

    async def bring_up_to_date(self, now: int) -> bool:
        self.at = now
        return False

    def offset(self, cell: Cell) -> int:
        return Random(f"{self._seed}{cell}").randrange(K)  # noqa: S311 - a test draws no secrets


WALK = (
    # step, where most go on to, of a hundred: go on, expire, are stuck (where, why), ask a human, open
    ("mo-kich-hoat", "nhap-so", 90, 4, ("khong-thay-nut", "khong-thay-nut", 4), 1, 1),
    ("nhap-so", "tin-duyet", 82, 9, ("sai-so", "sai-so", 6), 2, 1),
    ("tin-duyet", "otp", 60, 28, ("chua-co-tin", "chua-co-tin", 8), 3, 1),
    ("otp", "completed", 92, 3, ("sai-otp", "sai-otp", 3), 1, 1),
)


def walked(
    counts: CountsInMemory, week: int, started: int, groups: Sequence[tuple[View, str]], worse: int = 0
) -> None:
    """People walk a guide for a week; `worse` of a hundred more than usual are lost at `tin-duyet`."""
    there = started
    ended: defaultdict[RunOutcome, int] = defaultdict(int)
    for step, to, on, expire, (other, why, stuck), human, still in WALK:
        lost = expire + (worse if step == "tin-duyet" else 0)
        shares = {Outcome.EXPIRED: lost, Outcome.ESCALATED: human, Outcome.OPEN: still}
        left = {outcome: there * share // 100 for outcome, share in shares.items()}
        aside = there * stuck // 100
        onward = there - aside - sum(left.values())
        for outcome, count in left.items():
            counts.add(week, Kind.STEP, outcome, count, step=step, groups=groups)
            counts.add(week, Kind.STAY, outcome, count, step=step, groups=groups)
            ended[RunOutcome(outcome)] += count
        for what, count in (
            (way_of(to, "end" if to == "completed" else "choice", ""), onward),
            (way_of(other, "stuck", why), aside),
        ):
            counts.add(week, Kind.WAY, what, count, step=step, groups=groups)
            counts.add(week, Kind.STAY_WAY, what, count, step=step, groups=groups)
        counts.add(week, Kind.TIME, str(bucket_of(90)), onward, step=step, groups=groups)
        counts.add(week, Kind.SIGN, f"reason:{why}", aside, step=step, groups=groups)
        counts.add(week, Kind.SIGN, "error:otp-limit", there // 9, step=step, groups=groups)
        counts.add(week, Kind.SIGN, "unclear", there // 20, step=step, groups=groups)
        ended[RunOutcome.EXPIRED] += aside
        there, _ = onward, on
    ended[RunOutcome.COMPLETED] += there
    for run, count in ended.items():
        counts.add(week, Kind.RUN, run, count, groups=groups)


COMMUNES = (("22291", 160, 30), ("22285", 300, 0), ("22255", 60, 5), ("22240", 4, 0))
"""Code, people a week, and how many of a hundred more than elsewhere are lost."""


def campaign(counts: CountsInMemory, last: int, weeks: int = 8) -> None:
    """A province with communes of different sizes, the worst of them 22291; channels, editions, phones."""
    for week in range(last - weeks + 1, last + 1):
        walked(counts, week, 1_200, [(View.ALL, "")])
        walked(counts, week, 1_200, [(View.PROVINCE, "66")])
        for commune, started, worse in (
            ("22291", 160, 30),
            ("22285", 300, 0),
            ("22255", 60, 5),
            ("22240", 4, 0),
        ):
            walked(counts, week, started, [(View.COMMUNE, commune)], worse)
        for part, share in (("web", 7), ("zalo_oa", 4), ("telegram", 1)):
            walked(counts, week, 100 * share, [(View.CHANNEL, part)])
        for part, share in (("android", 8), ("iphone", 3)):
            walked(counts, week, 100 * share, [(View.PHONE, part)])
