"""The overview: its numbers add up and are those that were let out, and what stands out is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk_world import desk_world
from insight_pages import LAST, opened, rows, shown
from insight_world import CountsInMemory, campaign, walked
from web_world import START

from bot.core.session import RunOutcome
from bot.core.visits import Kind, View
from bot.core.weeks import Weeks, code_of, week_at

ALL = ((View.ALL, ""),)


def two_guides(seed: int) -> CountsInMemory:
    counts = CountsInMemory(seed)
    campaign(counts, LAST)
    for week in (LAST - 1, LAST):
        for number, outcome in enumerate(RunOutcome):
            counts.add(week, Kind.RUN, outcome, 37 * number + 11 * seed, flow="cai-dat", groups=ALL)
    return counts


@pytest.mark.parametrize("seed", range(1, 6))
async def test_every_line_adds_up_and_is_what_was_let_out(tmp_path: Path, seed: int) -> None:
    counts = two_guides(seed)
    async with shown(tmp_path, counts) as desk:
        table = rows(await opened(desk))
        guides = await desk.staff.insights.guides(Weeks(LAST, LAST))
    assert len(table) == 1 + len(guides) == 3
    for name, line in table.items():
        assert line["started"] == sum(count for part, count in line.items() if part != "started"), name
    lines = list(table.values())
    assert lines[0] == {part: sum(line[part] for line in lines[1:]) for part in lines[0]}
    figures = guides["cai-dat"]
    assert table["Cài ứng dụng VNeID"]["started"] == figures.started
    assert table["Cài ứng dụng VNeID"]["lost"] == figures.lost
    assert all(count % 10 == 0 for line in lines for count in line.values())


async def test_it_can_be_read_in_three_sentences(tmp_path: Path) -> None:
    counts = CountsInMemory()
    campaign(counts, LAST)
    async with shown(tmp_path, counts) as desk:
        text = await opened(desk)
    told = re.findall(r"<p>(.*?)</p>", text.partition("nửa phút")[2].partition("</section>")[0])
    sentences = [re.sub(r"<[^>]+>", "", one) for one in told]
    assert re.fullmatch(
        r"Tuần 46 .*: 1\.\d{3} người bắt đầu, \d+ làm xong \(\d+ %, kỳ trước \d+ %\)\.", sentences[0]
    )
    assert "«tin-duyet» của «Kích hoạt tài khoản VNeID»" in sentences[1]
    assert "«chua co tin»" in sentences[1]
    assert re.match(r"Nơi cần đến( \(tính cả 4 tuần\))?: Xã Hòa Xuân, tỉnh Đắk Lắk", sentences[2])


async def test_an_error_that_nobody_met_before_is_called_new(tmp_path: Path) -> None:
    counts = CountsInMemory()
    campaign(counts, LAST)
    counts.add(LAST, Kind.SIGN, "error:nfc-hong", 45, step="otp", groups=ALL)
    counts.add(LAST - 2, Kind.SIGN, "error:may-chu", 45, step="otp", groups=ALL)
    counts.add(LAST, Kind.SIGN, "error:may-chu", 45, step="otp", groups=ALL)
    async with shown(tmp_path, counts) as desk:
        text = await opened(desk)
    assert "Lỗi mới, trước đây chưa ai gặp: «nfc hong»" in text
    spots = re.findall(r"<li><div>.*?</li>", text, re.DOTALL)
    marks = {re.findall(r"«([^»]+)»", spot)[0]: "MỚI" in spot for spot in spots if "Màn hình báo" in spot}
    assert marks["nfc hong"]
    assert not marks["may chu"]
    assert not marks["otp limit"]


async def test_in_the_first_week_nothing_is_new(tmp_path: Path) -> None:
    counts = CountsInMemory()
    campaign(counts, LAST, weeks=1)
    async with shown(tmp_path, counts) as desk:
        text = await opened(desk)
    assert "MỚI</span>" not in text
    assert "so với" not in text.partition("Kết quả chung")[0].partition("</form>")[2]


async def test_without_any_number_it_says_what_will_stand_here(tmp_path: Path) -> None:
    async with shown(tmp_path, CountsInMemory()) as desk:
        text = await opened(desk)
        places = await opened(desk, "/insights/places")
    assert "Chưa có số liệu" in text
    assert "Chưa có số liệu" in places


async def test_a_bot_that_began_this_week_shows_this_week_and_says_that_it_is_not_over(
    tmp_path: Path,
) -> None:
    counts = CountsInMemory()
    walked(counts, week_at(START), 400, ALL)
    async with shown(tmp_path, counts) as desk:
        text = await opened(desk)
    assert "<b>chưa đủ</b>" in text
    assert rows(text)["Tất cả hướng dẫn"]["started"] > 300


async def test_a_handful_of_people_is_never_told_in_percent(tmp_path: Path) -> None:
    counts = CountsInMemory()
    walked(counts, LAST, 8, ALL)
    async with shown(tmp_path, counts) as desk:
        text = await opened(desk)
    assert not re.search(r"\(\d+(,\d+)? %", text)


@pytest.mark.parametrize(
    "query",
    [
        "tu=2026-W46&den=2026-W46",
        f"tu={code_of(LAST - 3)}&den={code_of(LAST)}",
        "tu=1970-W01&den=2026-W47",
        "tu=x&den=%F0%9F%99%82&so_tu=9999-W99&xem=commune:",
        "tu=9999-W52",
        "tu=0001-W01&den=0001-W01",
        "chia=poster&xep=ti-le&het=1&tinh=99&huong-dan=khong-co",
        "chia=version&huong-dan=kich-hoat",
        "tu=&den=&so_tu=&so_den=",
        f"tu={code_of(week_at(START))}&den={code_of(week_at(START))}",
        "tu=2030-W01",
    ],
)
async def test_any_address_is_answered(tmp_path: Path, query: str) -> None:
    counts = two_guides(1)
    async with shown(tmp_path, counts) as desk:
        for path in ("/insights", "/insights/places"):
            await opened(desk, f"{path}?{query}")


async def test_who_waits_at_this_moment_is_counted_exactly(tmp_path: Path) -> None:
    counts = CountsInMemory()
    async with shown(tmp_path, counts) as desk:
        for key in ("a", "b", "c"):
            await desk.ticket(key * 16)
        text = await opened(desk)
    assert "<b>3 người đang chờ</b>" in text


async def test_help_is_told_apart_from_the_time_with_the_bot(tmp_path: Path) -> None:
    counts = CountsInMemory()
    campaign(counts, LAST)
    for bucket, count in ((12, 40), (18, 40), (22, 20)):
        counts.add(LAST, Kind.WAITED, str(bucket), count, groups=ALL)
    counts.add(LAST, Kind.TICKET, "solved", 90, groups=ALL)
    counts.add(LAST, Kind.TICKET, "gone", 20, groups=ALL)
    counts.add(LAST, Kind.RATING, "3", 50, groups=ALL)
    async with shown(tmp_path, counts) as desk:
        text = await opened(desk)
    help_told = text.partition("Người thật giúp")[2].partition("</section>")[0]
    assert "một nửa trong khoảng 8 phút; 9 trong 10 người trong khoảng 34 phút" in help_told
    assert "Giúp được rồi" in help_told
    assert "Ở với người" not in help_told
    assert "Thời gian với máy" in help_told


async def test_made_up_residents_are_announced_on_every_page(tmp_path: Path) -> None:
    async with desk_world(tmp_path, simulated=True) as desk:
        for path in ("/insights", "/insights/places", "/insights/them"):
            assert "Số liệu mô phỏng" in await opened(desk, path)
    async with desk_world(tmp_path / "..", simulated=False) as desk:
        assert "Số liệu mô phỏng" not in await opened(desk)


async def test_what_one_week_is_too_short_for_is_told_of_more(tmp_path: Path) -> None:
    counts = CountsInMemory()
    for week in range(LAST - 7, LAST + 1):
        for commune, lost in (("22291", 20), ("22285", 8), ("22255", 8), ("22282", 8)):
            for group in ((View.ALL, ""), (View.COMMUNE, commune)):
                counts.add(week, Kind.RUN, RunOutcome.EXPIRED, lost, groups=[group])
                counts.add(week, Kind.RUN, RunOutcome.COMPLETED, 28 - lost, groups=[group])
    async with shown(tmp_path, counts) as desk:
        text = await opened(desk)
    assert re.search(r"Nơi cần đến \(tính cả \d+ tuần\): Xã Hòa Xuân", text)
