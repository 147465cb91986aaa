"""Charts: what they say can be read by everybody, and holds nothing that the pages' policy forbids."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from bot.web.insights.charts import LETTERS, MOST_LINES, WIDTH, Bar, Bars, Chart, Lines, Mark, Point, drawn
from bot.web.insights.numbers import counted, of_all, percent

BARS = Bars(
    "Mất nhiều nhất",
    (Bar("Chờ <tin> & duyệt", 320, "320 (30 %)", 280, "280"), Bar("Nhập số", 90, "90 (9 %)", 120, "120")),
    "Vạch nhỏ là tuần trước.",
)
LINES = Lines(
    "Mỗi tuần",
    tuple(
        Point(line, f"{day}/11", None if day == 3 else start + day, f"{start + day}")
        for line, start in (("Bắt đầu", 900), ("Làm xong", 400), ("Ra công an", 396))
        for day in range(1, 15)
    ),
    (Mark("5/11", "VNeID ngừng"),),
)
FORBIDDEN = re.compile(
    r"<(style|script|a|foreignObject|image|use)\b| (style|class=\"(?!chart\")|href|on\w+)=|url\("
)


@pytest.mark.parametrize("chart", [BARS, LINES])
async def test_a_chart_holds_nothing_that_the_policy_forbids(chart: Chart) -> None:
    svg = str((await drawn(chart)).svg)
    assert not FORBIDDEN.search(svg)
    assert FORBIDDEN.search(svg.replace("<text ", '<text style="x" ', 1)), "the look itself"


@pytest.mark.parametrize("chart", [BARS, LINES])
async def test_letters_are_large_and_numbers_stand_in_the_picture(chart: Chart) -> None:
    root = ET.fromstring(str((await drawn(chart)).svg))  # noqa: S314 - ours
    texts = list(root.iter("text"))
    assert {text.get("font-size") for text in texts} == {f"{LETTERS}px"}
    said = {text.text or "" for text in texts}
    assert root.get("role") == "img"
    assert root.get("aria-label") == chart.title
    assert float(root.get("width") or 0) <= WIDTH + 25
    if isinstance(chart, Bars):
        assert {row.told for row in chart.rows} | {"Chờ <tin> & duyệt"} <= said
    else:
        assert {"Bắt đầu: 914", "Làm xong: 414", "Ra công an: 410", "VNeID ngừng"} <= said


async def test_names_at_the_ends_of_lines_do_not_lie_over_each_other() -> None:
    root = ET.fromstring(str((await drawn(LINES)).svg))  # noqa: S314 - ours
    places = {
        text.text: float((text.get("transform") or "").rpartition(",")[2].rstrip(")"))
        for text in root.iter("text")
        if ": " in (text.text or "")
    }
    heights = sorted(places.values())
    assert all(lower - upper >= LETTERS for upper, lower in pairwise(heights)), places


async def test_colour_is_the_pages_own_and_not_the_only_difference() -> None:
    svg = str((await drawn(LINES)).svg)
    assert not re.findall(r'(?:fill|stroke)="(?!none|var\()', svg.replace('="transparent"', '="none"'))
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', svg))) >= MOST_LINES


async def test_the_table_says_what_the_picture_shows() -> None:
    assert LINES.table[0] == ("1/11", ["901", "401", "397"])
    assert BARS.compared
    assert not Bars("", (Bar("a", 1, "1"),)).compared


async def test_nothing_to_show_is_no_picture_and_nothing_but_zeros_is_one() -> None:
    assert (await drawn(Bars("", ()))).svg == ""
    assert "<svg" in (await drawn(Bars("Không ai", (Bar("a", 0, "0"),)))).svg
    assert "<svg" in (await drawn(Lines("Không rõ", (Point("a", "1/11", None, "chưa đủ"),)))).svg


async def test_the_same_chart_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = await drawn(BARS)
    monkeypatch.setattr("vl_convert.vegalite_to_svg", None)
    assert (await drawn(Bars(BARS.title, BARS.rows, BARS.note))).svg == first.svg
    with pytest.raises(TypeError):
        await drawn(Bars("Khác", BARS.rows))


def test_numbers_are_written_as_in_viet_nam() -> None:
    assert counted(1234567) == "1.234.567"
    assert [percent(part, 1000) for part in (0, 1, 25, 99, 490, 1000)] == [
        "0 %",
        "0,1 %",
        "2,5 %",
        "9,9 %",
        "49 %",
        "100 %",
    ]
    assert of_all(610, 1240) == "610 (49 %)"
    assert of_all(20, 40) == "20 trong 40 người: còn ít"
    assert of_all(0, 0) == "0"
    assert percent(0, 0) == ""
