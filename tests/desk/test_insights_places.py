"""Places and other parts: what is published of each, the small ones merged, the place to go to on top."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from insight_pages import LAST, first, opened, rows, shown
from insight_world import CountsInMemory, campaign, walked
from web_world import PLACES, START

from bot.app.insights import Insights, Parts
from bot.content.places import read_communes
from bot.core.figures import Figures
from bot.core.session import RunOutcome
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks, code_of, week_at
from bot.web.insights.changes import STEADY, TOO_FEW, changed
from bot.web.insights.hurdles import most_needing

WORST = "22291"


def small() -> CountsInMemory:
    counts = CountsInMemory()
    campaign(counts, LAST)
    return counts


def many(count: int) -> CountsInMemory:
    """A province with so many communes that are large enough, and as many that are not."""
    counts = CountsInMemory()
    codes = [one.code for one in read_communes() if one.within == "66"][: 2 * count]
    for number, code in enumerate(codes):
        size = 60 + number if number < count else 4
        counts.add(LAST, Kind.RUN, RunOutcome.COMPLETED, size, groups=[(View.COMMUNE, code)])
        if number < count:
            counts.add(LAST, Kind.RUN, RunOutcome.EXPIRED, size // 2, groups=[(View.COMMUNE, code)])
    for group in ((View.ALL, ""), (View.PROVINCE, "66")):
        counts.add(LAST, Kind.RUN, RunOutcome.COMPLETED, 60 * count, groups=[group])
    return counts


async def test_each_line_adds_up_and_is_what_was_let_out(tmp_path: Path) -> None:
    counts = small()
    async with shown(tmp_path, counts) as desk:
        text = await opened(desk, "/insights/places?chia=commune")
        parts = await desk.staff.insights.parts(View.COMMUNE, Weeks(LAST, LAST))
    lines = of_parts(text)
    assert set(lines) == set(parts.shown)
    for part, line in lines.items():
        assert line["started"] == sum(count for name, count in line.items() if name != "started")
        assert line["started"] == parts.shown[part].started
        assert line["lost"] == parts.shown[part].lost


def of_parts(text: str) -> dict[str, dict[str, int]]:
    """Numbers of each line by the part it is about."""
    return {
        part: {name: first(told) for name, told in re.findall(r'data-part="(\w+)">([^<]*)', cells)}
        for part, cells in re.findall(r'<tr class="" data-of="([^"]+)">(.*?)</tr>', text, re.DOTALL)
    }


async def test_without_a_wish_it_shows_the_communes_of_the_only_province(tmp_path: Path) -> None:
    async with shown(tmp_path, small()) as desk:
        text = await opened(desk, "/insights/places")
    assert "Xã, phường của Tỉnh Đắk Lắk" in text
    assert "Tỉnh Đắk Lắk" in rows(text)
    assert re.search(r"(Nơi cần đến nhất|Có thể nên xem.*): Xã Hòa Xuân, tỉnh Đắk Lắk", text)


async def test_of_several_provinces_it_shows_these_first(tmp_path: Path) -> None:
    counts = small()
    walked(counts, LAST, 600, [(View.PROVINCE, "79")])
    async with shown(tmp_path, counts) as desk:
        text = await opened(desk, "/insights/places")
    assert {"66", "79"} == set(of_parts(text))
    assert "chia=commune&tinh=66" in text


async def test_a_commune_of_a_few_people_is_nowhere_on_the_page(tmp_path: Path) -> None:
    known = PLACES.commune("22240")
    assert known is not None
    async with shown(tmp_path, small()) as desk:
        for query in ("chia=commune", "chia=commune&het=1", "chia=commune&huong-dan=kich-hoat&xep=ti-le"):
            text = await opened(desk, f"/insights/places?{query}")
            assert known.name not in text
            assert "22240" not in text


async def test_small_communes_stand_together_in_one_line(tmp_path: Path) -> None:
    async with shown(tmp_path, many(30)) as desk:
        text = await opened(desk, "/insights/places?chia=commune&tinh=66")
        parts = await desk.staff.insights.parts(View.COMMUNE, Weeks(LAST, LAST))
    (merged,) = [line for name, line in rows(text).items() if name.startswith("Các xã còn lại")]
    assert parts.rest is not None
    assert merged["started"] == parts.rest.started


async def test_a_long_list_shows_fifty_and_a_way_to_the_rest(tmp_path: Path) -> None:
    async with shown(tmp_path, many(51)) as desk:
        short = await opened(desk, "/insights/places?chia=commune")
        whole = await opened(desk, "/insights/places?chia=commune&het=1")
    assert len(of_parts(short)) == 50
    assert "Xem 1 dòng nữa" in short
    assert len(of_parts(whole)) == 51
    assert "dòng nữa" not in whole


@pytest.mark.parametrize(("query", "key"), [("", "lost"), ("&xep=ti-le", "share")])
async def test_the_order_is_that_of_loss(tmp_path: Path, query: str, key: str) -> None:
    async with shown(tmp_path, small()) as desk:
        text = await opened(desk, f"/insights/places?chia=commune{query}")
    lines = [line | {"share": 1000 * line["lost"] // line["started"]} for line in of_parts(text).values()]
    assert [line[key] for line in lines] == sorted((line[key] for line in lines), reverse=True)


async def test_of_one_guide_each_place_has_its_worst_step_and_a_way_there(tmp_path: Path) -> None:
    async with shown(tmp_path, small()) as desk:
        text = await opened(desk, "/insights/places?chia=commune&huong-dan=kich-hoat")
    (line,) = re.findall(rf'data-of="{WORST}">(.*?)</tr>', text, re.DOTALL)
    assert "«tin-duyet»: " in line
    assert f"/insights/kich-hoat?tu={code_of(LAST)}" in line
    assert f"xem=commune%3A{WORST}" in line


@pytest.mark.parametrize(
    ("view", "name"), [("channel", "Zalo"), ("phone", "iPhone"), ("province", "Tỉnh Đắk Lắk")]
)
async def test_other_views_have_names_that_people_know(tmp_path: Path, view: str, name: str) -> None:
    async with shown(tmp_path, small()) as desk:
        text = await opened(desk, f"/insights/places?chia={view}")
    assert name in rows(text)


async def test_of_a_week_that_is_not_over_no_place_is_told(tmp_path: Path) -> None:
    counts = small()
    campaign(counts, week_at(START), 1)
    this = code_of(week_at(START))
    async with shown(tmp_path, counts) as desk:
        now = await opened(desk, f"/insights/places?chia=commune&tu={this}&den={this}")
        both = await opened(desk, f"/insights/places?chia=commune&tu={code_of(LAST)}&den={this}")
        before = await opened(desk, "/insights/places?chia=commune")
    assert "chỉ có khi hết tuần" in now
    assert of_parts(now) == {}
    assert "chỉ tính đến hết tuần trước" in both
    assert of_parts(both) == of_parts(before)


async def test_the_place_to_go_to_loses_more_than_its_size_explains() -> None:
    insights = Insights(small(), lambda: START)
    parts = await insights.parts(View.COMMUNE, Weeks(LAST, LAST))
    largest = max(parts.shown, key=lambda part: parts.shown[part].lost)
    found = most_needing(parts)
    assert found is not None
    assert found.part == WORST
    assert largest != WORST, "to take who loses the most would send the team to the largest commune"


def of_sizes(**lost_of: tuple[int, int]) -> Parts:
    shown = {
        part: Figures({RunOutcome.EXPIRED: lost, RunOutcome.COMPLETED: whole - lost})
        for part, (lost, whole) in lost_of.items()
    }
    return Parts(Weeks(LAST, LAST), shown, None)


def test_where_all_are_alike_nobody_is_sent_anywhere() -> None:
    assert most_needing(of_sizes(a=(40, 100), b=(410, 1000), c=(20, 50))) is None
    assert most_needing(of_sizes(a=(40, 100))) is None
    assert most_needing(of_sizes()) is None
    found = most_needing(of_sizes(a=(80, 100), b=(400, 1000)))
    assert found is not None
    assert (found.part, found.sure) == ("a", True)


def test_what_chance_could_explain_is_said_to_be_unsure_and_comes_second() -> None:
    unsure = of_sizes(a=(80, 150), b=(400, 1000))
    found = most_needing(unsure)
    assert found is not None
    assert (found.part, found.sure) == ("a", False)
    both = of_sizes(a=(80, 150), b=(400, 1000), c=(100, 120))
    found = most_needing(both)
    assert found is not None
    assert (found.part, found.sure) == ("c", True)


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        ((3200, 10000), (2700, 10000), "tăng 5 điểm"),
        ((200, 1000), (300, 1000), "giảm 10 điểm"),
        ((300, 1000), (310, 1000), STEADY),
        ((50, 100), (40, 100), STEADY),
        ((30, 40), (10, 1000), TOO_FEW),
        ((0, 0), (0, 0), TOO_FEW),
        ((110, 100), (0, 100), "tăng 110 điểm"),
    ],
)
def test_a_change_is_more_than_rounding_and_chance(
    now: tuple[int, int], then: tuple[int, int], said: str
) -> None:
    assert changed(*now, *then) == said
