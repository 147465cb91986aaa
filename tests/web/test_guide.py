"""Whole guides: every step is on the page, ways apart stand under what one chose, and nothing is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_world import ACTIVATE, Away, World, text, way, world

from bot.core.flow import Ask, Branch, Case, End, Ending, Flow, Place, Say, Step, Variables, exits, main_exits
from bot.web.guide import in_a_sentence, written
from bot.web.walk import DEPENDS, Mention, Stop, read

READER = Variables(xung_ho="bác")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as built:
        yield built


def all_stops(stops: Iterable[Stop]) -> list[Stop]:
    found = []
    for stop in stops:
        found.append(stop)
        for side in (*stop.ways, *stop.help):
            found.extend(all_stops(side.stops))
    return found


def test_the_main_way_is_read_in_order() -> None:
    assert [stop.title for stop in read(ACTIVATE, READER)] == [
        *("Mở màn hình kích hoạt", "Xem thẻ", "Cài ứng dụng", DEPENDS, "Xong")
    ]


def test_both_ways_stand_under_what_one_chose_and_meet_again() -> None:
    card = read(ACTIVATE, READER)[1]
    assert [(side.label, [stop.title for stop in side.stops]) for side in card.ways] == [
        ("«Có thẻ»", ["Quét thẻ"]),
        ("«Chưa có thẻ»", ["Đi làm thẻ"]),
    ]


def test_help_stands_beside_its_step_and_knows_where_to_go_on() -> None:
    first = read(ACTIVATE, READER)[0]
    assert [side.label for side in first.help] == ["Không thấy nút này"]
    help_step = first.help[0].stops[0]
    assert help_step.text == "bác kéo màn hình xuống dưới cùng."
    assert help_step.help[0].stops[0].person


def test_a_branch_reminds_of_what_was_chosen() -> None:
    branch = next(stop for stop in read(ACTIVATE, READER) if stop.title == DEPENDS)
    assert [side.label for side in branch.ways] == ["lúc trước bác chọn «Có thẻ»", "trường hợp khác"]


def test_a_branch_on_a_number_reminds_of_the_question() -> None:
    flow = made(
        Ask("tuoi", "Tuổi của người làm", text("Bao nhiêu tuổi?"), "tuoi", "re"),
        Branch("re", (Case("tuoi", "below", 14, "nho"),), "lon"),
        End("nho", "Nhỏ", text("."), Ending.WENT_OFFLINE),
        End("lon", "Lớn", text("."), Ending.COMPLETED),
    )
    branch = read(flow, READER)[1]
    assert branch.ways[0].label == "«Tuổi của người làm» dưới 14"


def test_a_way_back_names_its_step_and_ends() -> None:
    flow = made(
        Say("mot", "Bước đầu", text("1"), (way("Tiếp", "hai"),)),
        Say("hai", "Bước sau", text("2"), (way("Xong", "het"), way("Làm lại", "mot"))),
        End("het", "Hết", text("."), Ending.COMPLETED),
    )
    stops = read(flow, READER)
    assert [stop.title for stop in stops] == ["Bước đầu", "Bước sau", "Hết"]
    again = next(side for side in stops[1].ways if side.label == "«Làm lại»")
    assert again.stops == ()
    assert again.then == Mention("mot", "Bước đầu")
    on = next(side for side in stops[1].ways if side.label == "«Xong»")
    assert on.then == Mention("het", "Hết")


def made(*steps: Step) -> Flow:
    return replace(
        ACTIVATE,
        start=steps[0].id,
        steps={step.id: step for step in steps},
        places={s.id: Place(0, 0) for s in steps},
    )


@st.composite
def guides(draw: st.DrawFn) -> Flow:
    """Any guide at all: steps that point anywhere, loops included."""
    count = draw(st.integers(min_value=1, max_value=7))
    names = st.sampled_from([f"s{number}" for number in range(count)] + ["het"])
    steps: list[Step] = [End("het", "Hết", text("het"), Ending.COMPLETED)]
    for number in range(count):
        onward = [way(f"đi {i}", draw(names)) for i in range(draw(st.integers(1, 3)))]
        stuck = [way(f"vướng {i}", draw(names), stuck="x") for i in range(draw(st.integers(0, 2)))]
        steps.append(Say(f"s{number}", f"Bước s{number}", text(f"s{number}"), (*onward, *stuck)))
    return replace(made(*steps), start="s0")


def reachable(flow: Flow, onward: Callable[[Step], tuple[str, ...]]) -> set[str]:
    found, waiting = set[str](), [flow.start]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(onward(flow.steps[here]))
    return found


@settings(max_examples=200, deadline=None)
@given(guides())
def test_any_guide_is_read_to_its_end_with_every_step_in_it_once(flow: Flow) -> None:
    told = [stop.id for stop in all_stops(read(flow, READER))]
    assert sorted(told) == sorted(reachable(flow, exits))


@settings(max_examples=200, deadline=None)
@given(guides())
def test_no_step_of_the_main_way_hides_in_the_help(flow: Flow) -> None:
    main = reachable(flow, main_exits)
    for stop in all_stops(read(flow, READER)):
        for side in stop.help:
            assert not main & {inner.id for inner in all_stops(side.stops)}


async def test_the_page_holds_every_text_and_no_script_no_cookie_no_button(here: World) -> None:
    page = await here.browser().get("/guide/kich-hoat")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    for said in (
        "Bước 1/5: Mở màn hình kích hoạt",
        "bác áp thẻ vào lưng máy.",
        "bác kéo màn hình xuống dưới cùng.",
    ):
        assert said in page.text
    assert "<strong>VNeID</strong>" in page.text
    assert 'href="/guide/cai-dat"' in page.text
    assert "1900 0368" in page.text
    assert "<script" not in page.text
    assert "<details>" in page.text
    assert "<details open>" in (await here.browser().get("/guide/kich-hoat?het=1")).text


async def test_sources_stand_at_the_end_with_their_dates_and_are_escaped(here: World) -> None:
    page = await here.browser().get("/guide/kich-hoat")
    assert "Báo điện tử &lt;Chính phủ&gt;" in page.text
    assert "ngày 15/07/2026, kiểm tra ngày 21/11/2026" in page.text
    assert 'href="https://example.gov.vn/bai"' in page.text


async def test_a_source_that_is_no_web_address_is_no_link(tmp_path: Path) -> None:
    async with world(tmp_path, sources={"T1": ("Báo", "", "javascript:alert(1)")}) as here:
        page = await here.browser().get("/guide/kich-hoat")
    assert "javascript:" not in page.text


async def test_the_list_has_all_guides_menu_first(here: World) -> None:
    page = (await here.browser().get("/guide")).text
    assert page.index("/guide/kich-hoat") < page.index("Các hướng dẫn khác") < page.index("/guide/cai-dat")


async def test_guides_can_be_read_while_the_database_is_away(tmp_path: Path) -> None:
    async with world(tmp_path, store=cast("Any", Away())) as here:
        assert (await here.browser().get("/guide/kich-hoat")).status_code == 200
        assert (await here.browser().get("/guide")).status_code == 200


async def test_no_such_guide(here: World) -> None:
    page = await here.browser().get("/guide/khong-co")
    assert page.status_code == 404
    assert "Không có trang này" in page.text


@pytest.mark.parametrize(
    ("goal", "said"),
    [("Đăng nhập được", "đăng nhập được"), ("VNeID mở được", "VNeID mở được"), ("", "")],
)
def test_a_goal_goes_on_in_its_sentence(goal: str, said: str) -> None:
    assert in_a_sentence(goal) == said


def test_dates_are_written_as_people_do() -> None:
    assert written("2026-11-21") == "21/11/2026"
    assert written("") == ""
