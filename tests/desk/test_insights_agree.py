"""Pages tell the same of the same week in the same words, and rank only what is more than rounding."""

from __future__ import annotations

import re
from pathlib import Path

from insight_pages import LAST, opened, shown
from insight_world import CountsInMemory

from bot.core.figures import Figures, StepFigures, Way
from bot.core.session import How, Outcome, RunOutcome
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks
from bot.web.insights.hurdles import hurdles, losses, sure

PAGES = Path(__file__).parents[2] / "bot" / "web"
EVERYBODY = (View.ALL, "")


def few_a_week(lost_at_step: int) -> CountsInMemory:
    """Four weeks, each too short to tell of one commune; of one some are lost at a step."""
    counts = CountsInMemory()
    for week in range(LAST - 3, LAST + 1):
        for commune, lost in (("22291", 20), ("22285", 8), ("22255", 8), ("22282", 8)):
            for group in (EVERYBODY, (View.COMMUNE, commune)):
                counts.add(week, Kind.RUN, RunOutcome.EXPIRED, lost, groups=[group])
                counts.add(week, Kind.RUN, RunOutcome.COMPLETED, 28 - lost, groups=[group])
        counts.add(week, Kind.STEP, Outcome.EXPIRED, 40, step="nhap-so", groups=[EVERYBODY])
        one = [(View.COMMUNE, "22285")]
        counts.add(week, Kind.STEP, Outcome.EXPIRED, lost_at_step, step="nhap-so", groups=one)
        counts.add(week, Kind.STEP, Outcome.ANSWERED, 20, step="nhap-so", groups=one)
    return counts


async def test_all_pages_name_the_same_commune_when_a_week_is_too_short(tmp_path: Path) -> None:
    async with shown(tmp_path, few_a_week(3)) as desk:
        overview = await opened(desk)
        report = await opened(desk, "/insights/report")
        guide = await opened(desk, "/insights/kich-hoat")
    assert re.search(r"Nơi cần đến \(tính cả 4 tuần\): Xã Hòa Xuân", overview)
    assert re.search(r"<li>Xã Hòa Xuân, tỉnh Đắk Lắk \(tính cả 4 tuần\): ", report)
    assert re.search(r"Tính mọi hướng dẫn trong 4 tuần, nơi cần đến là <a [^>]*><b>Xã Hòa Xuân", guide)


async def test_a_commune_is_named_at_a_step_where_more_than_a_handful_were_lost(tmp_path: Path) -> None:
    async with shown(tmp_path, few_a_week(15)) as desk:
        guide = await opened(desk, "/insights/kich-hoat")
    assert "mất nhiều người nhất ở bước ấy" in guide
    assert "Tính mọi hướng dẫn" not in guide


def test_ten_people_are_no_worst_step_and_no_main_reason() -> None:
    def at(count: int) -> StepFigures:
        way = Way("giup", How.STUCK, "khong-thay", count, 0)
        return StepFigures({Outcome.EXPIRED: count}, {}, (way,), {"reason:khong-thay": count})

    seen = {"kich-hoat": Figures({}, {"it": at(10), "nhieu": at(20)})}
    assert [one.step for one in losses(seen, None)] == ["nhieu"]
    assert [one.people for one in sure(hurdles(seen, None))] == [20]


async def test_every_guide_is_reached_from_the_last_tab(tmp_path: Path) -> None:
    async with shown(tmp_path, few_a_week(3)) as desk:
        text = await opened(desk, "/insights/them")
        guides = set(await desk.staff.insights.guides(Weeks(LAST, LAST)))
    linked = set(re.findall(r'href="/insights/([^"]+)"', text))
    assert guides
    assert guides | {"report", "outage", "posters", "places", "campaign", "calendar"} <= linked


def test_an_outage_is_spelt_in_one_way() -> None:
    folders = (PAGES / "insights", PAGES / "templates" / "insights")
    files = [file for folder in folders for file in folder.iterdir() if file.suffix in {".py", ".html"}]
    assert len(files) > 30
    assert [file.name for file in files if "ngưng" in file.read_text(encoding="utf-8").lower()] == []
