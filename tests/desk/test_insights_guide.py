"""A guide on its own drawing: every number on the page is one of its figures, and stands where it belongs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk_world import Desk
from guide_world import guide, walked
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from insight_world import CountsInMemory
from lxml import html  # type: ignore[import-untyped]
from web_world import ACTIVATE

from bot.app.accounts import Role
from bot.app.editions import Editions, StoredEdition
from bot.app.insights import Insights, Seen
from bot.content.flows import read_edition
from bot.core.events import LOST
from bot.core.figures import Counted, Figures, StepFigures, figures
from bot.core.session import How, Outcome, RunOutcome
from bot.core.sticking import error_sign
from bot.core.visits import Kind, View, way_of
from bot.core.weeks import Weeks, code_of, week_at
from bot.web.insights.blocks import lost_told
from bot.web.insights.drawing import NARROW, SHEET, WIDE, Paper, drawn
from bot.web.insights.guide_view import GuideView, view_of
from bot.web.insights.guide_words import OUTCOMES, lasting
from bot.web.insights.numbers import counted
from bot.web.insights.outline import Outline, outline
from bot.web.insights.shapes import Words

GUIDE = guide("kich-hoat")
PATH = "/insights/kich-hoat"
WEEKS = Weeks(2965, 2966)
SOURCE = (Path(__file__).resolve().parents[2] / "flows" / "kich-hoat.yaml").read_text("utf-8")


def number(text: str) -> int:
    """As pages write it; a stroke is none."""
    found = re.match(r"[\d.]+", text.strip())
    return int(found[0].replace(".", "")) if found else 0


def of(page: Any, name: str, where: str = "*", below: str = "") -> list[Any]:
    """Elements of a class."""
    found: list[Any] = page.xpath(f"//{where}[contains(concat(' ', @class, ' '), ' {name} ')]{below}")
    return found


def table(page: Any) -> dict[str, list[int]]:
    """The numbers of each step: who came, the outcomes, the visits."""
    return {
        row.get("data-step"): [number(cell.text_content()) for cell in row.findall("td")]
        for row in of(page, "figures", below="/tbody/tr")
    }


def told_in(page: Any, drawing: str, step: str) -> str:
    """All that the drawing says at a step; lines of one sentence are joined."""
    groups = [one for one in of(page, drawing, "svg", "//g") if one.get("data-step") == step]
    return " ".join(line.text_content() for group in groups for line in group.iter("text"))


def check(page: Any, seen: Figures, steps: Any) -> None:
    """The table, the drawings and the details say what the figures say, each at its own step."""
    rows = table(page)
    assert set(rows) >= {step for step, one in seen.steps.items() if one.reached}
    for step, (reached, *outcomes, visits) in rows.items():
        known = seen.step(step)
        assert reached == known.reached == sum(outcomes), step
        assert outcomes == [known.outcomes.get(outcome, 0) for outcome in OUTCOMES], step
        assert visits == known.visits, step
        for drawing in ("hep", "rong", "giay"):
            told = told_in(page, drawing, step)
            lost = re.search(r"([\d.]+) bỏ dở ở đây", told)
            assert (number(lost[1]) if lost else 0) == known.lost, (drawing, step)
            came = re.search(r"([\d.]+) người tới", told)
            assert (number(came[1]) if came else 0) == known.reached, (drawing, step)
        detail = [one for one in of(page, "step", "article") if one.get("data-step") == step]
        if known.reached:
            text = detail[0].text_content()
            ways = sum(number(one) for one in re.findall(r"([\d.]+) người [^\n]*?lượt\)", text))
            walked_on = known.outcomes.get(Outcome.ANSWERED, 0) + known.outcomes.get(Outcome.SKIPPED, 0)
            assert ways == walked_on == sum(way.persons for way in known.ways), step
        else:
            assert not detail
    assert steps == len(rows)


# --- one page, over HTTP --------------------------------------------------------------------------------


class Kept:
    """Two editions of a guide; the second says another word at one step."""

    def __init__(self, now: int) -> None:
        old = SOURCE.replace("Ô thứ nhất,", "Ở ô đầu,")
        note = "change: Viết ngắn lại chỗ gõ hai số, vì nhiều người dừng ở đó\n"
        week = 7 * 86400
        self.rows = [
            StoredEdition("a" * 12, now - 8 * week, False, old),
            StoredEdition("b" * 12, now - 3 * week, True, note + SOURCE),
        ]

    async def editions_of(self, flow: str) -> list[StoredEdition]:
        return self.rows if flow == "kich-hoat" else []


@pytest.fixture(scope="module")
def counts() -> CountsInMemory:
    """Four weeks in which people leave at one step above all, most of them in one commune."""
    found = CountsInMemory()
    last = LAST
    for week in range(last - 3, last + 1):
        walked(found, GUIDE, week, 260, bad="nhap-so", error="otp-limit" if week == last else "")
        walked(found, GUIDE, week, 90, [(View.COMMUNE, "22291")], bad="nhap-so")
        walked(found, GUIDE, week, 90, [(View.COMMUNE, "22285")])
        walked(found, GUIDE, week, 2, [(View.COMMUNE, "22240")])
        edition = "a" * 12 if week < last - 1 else "b" * 12
        walked(found, GUIDE, week, 400, [(View.VERSION, edition)], bad="nhap-so" if edition[0] == "a" else "")
    return found


NOW = 1_795_000_000
LAST = week_at(NOW) - 1


async def opened(desk: Desk, counts: CountsInMemory, path: str) -> Any:
    insights = Insights(counts, desk.here.clock)
    staff = replace(desk.staff, insights=insights, editions=Editions(Kept(desk.here.clock()), read_edition))
    book = replace(desk.here.parts.book, flows={**desk.here.parts.book.flows, "kich-hoat": GUIDE})
    from bot.web.pages import build_app

    parts = replace(desk.here.parts, staff=staff, book=book)
    desk.here = replace(desk.here, parts=parts, app=build_app(parts))
    answer = await (await desk.signed_in(Role.LEAD)).get(path)
    assert answer.status_code == 200, answer.text[:300]
    return html.fromstring(answer.text)


async def test_the_page_says_what_the_figures_say(desk: Desk, counts: CountsInMemory) -> None:
    assert week_at(desk.here.clock()) == LAST + 1
    page = await opened(desk, counts, f"{PATH}?tu={code_of(LAST - 3)}&den={code_of(LAST)}")
    seen = await Insights(counts, desk.here.clock).guide("kich-hoat", Weeks(LAST - 3, LAST))
    assert seen is not None
    assert seen.figures.started > 900
    check(page, seen.figures, len(GUIDE.steps))
    worst = seen.figures.step("nhap-so")
    first = of(page, "verdict", below="//p[@class='lead']")[0].text_content()
    assert "Bước 4 «Gõ hai số rồi gửi yêu cầu» mất nhiều người nhất" in first
    assert f"{counted(worst.lost)} trong {counted(worst.reached)} người" in first
    verdict = of(page, "verdict")[0].text_content()
    assert "Xã Hòa Xuân" in verdict
    runs = of(page, "runs")[0].text_content()
    found = [number(one) for one in re.findall(r"[\d.]+(?= (?:\(|[a-zđ]))", runs.partition(":")[2])]
    assert sum(found) == seen.figures.started == number(runs)


async def test_an_error_stands_in_its_own_words_with_the_week_it_was_first_seen(
    desk: Desk, counts: CountsInMemory
) -> None:
    page = await opened(desk, counts, f"{PATH}?tu={code_of(LAST - 3)}&den={code_of(LAST)}")
    error = next((one for one in desk.here.parts.book.errors if one.id == "otp-limit"), None)
    words = error.shown[0] if error else "otp-limit"
    (told,) = page.xpath("//article[@data-step='nhap-so']//q")
    assert told.text_content() == words
    seen = await Insights(counts, desk.here.clock).guide("kich-hoat", Weeks(LAST - 3, LAST))
    assert seen is not None
    line = told.getparent().text_content()
    assert number(line) == seen.figures.step("nhap-so").signs[error_sign("otp-limit")]
    assert re.search(r"lần đầu: tuần 46", line)


async def test_two_editions_are_compared_with_the_note_of_their_author(
    desk: Desk, counts: CountsInMemory
) -> None:
    page = await opened(desk, counts, PATH)
    (newest, *_) = of(page, "history", below="//article")
    text = newest.text_content()
    assert "Viết ngắn lại chỗ gõ hai số" in text
    (row,) = newest.xpath(".//tbody/tr")
    assert "Gõ hai số rồi gửi yêu cầu" in row.text_content()
    assert row.get("class") == "down"
    assert re.search(r"giảm [\d,]+ điểm phần trăm", row.text_content())


async def test_two_periods_stand_beside_each_other(desk: Desk, counts: CountsInMemory) -> None:
    then, now = code_of(LAST - 1), code_of(LAST)
    page = await opened(desk, counts, f"{PATH}?tu={now}&den={now}&so_tu={then}&so_den={then}&xem=&so_xem=")
    rows = of(page, "compare", below="//tr[@data-step]")
    before = await Insights(counts, desk.here.clock).guide("kich-hoat", Weeks(LAST - 1, LAST - 1))
    assert before is not None
    for row in rows:
        was, _, told = (cell.text_content() for cell in row.findall("td"))
        assert number(was) == before.figures.step(row.get("data-step")).lost
        assert re.search("tăng|giảm|chưa đủ", told)
    assert "nhap-so" in {row.get("data-step") for row in rows}


async def test_too_few_people_are_not_told_of(desk: Desk, counts: CountsInMemory) -> None:
    page = await opened(desk, counts, f"{PATH}?xem=commune:22240")
    assert "Chưa đủ người để nói riêng" in page.text_content()
    assert not of(page, "way-of")
    assert not of(page, "figures")


async def test_it_says_what_will_stand_here(desk: Desk) -> None:
    page = await opened(desk, CountsInMemory(), PATH)
    assert "Chưa có số liệu nào" in page.text_content()


async def test_whose_page_it_is(desk: Desk) -> None:
    assert (await (await desk.signed_in(Role.VOLUNTEER)).get(PATH)).status_code == 403
    missing = await (await desk.signed_in(Role.ORGANISER)).get("/insights/khong-co")
    assert missing.status_code == 404
    assert "Không có trang này" in missing.text


async def test_holidays_and_outages_are_named(tmp_path: Path) -> None:
    from datetime import date

    from bot.core.outage import Outage
    from bot.core.weeks import begins_at
    from bot.web.insights.marks import events

    class Down:
        async def between(self, first: int, last: int) -> list[Outage]:
            assert first < last
            return [Outage(1, begins_at(LAST) + 3600, begins_at(LAST) + 7200)]

    def days_off(year: int) -> dict[date, str]:
        days = (date(2026, 11, 10), date(2026, 11, 11), date(2026, 11, 13))
        return {day: "Ngày lễ" for day in days if day.year == year}

    found = await events(days_off, Down(), Weeks(LAST, LAST), NOW)  # type: ignore[arg-type]
    assert [one.told for one in found] == [
        "9/11: VNeID ngừng hoặc trục trặc",
        "10/11 – 11/11: Ngày lễ",
        "13/11: Ngày lễ",
    ]


# --- sums, for whatever was counted ---------------------------------------------------------------------

STEPS = sorted(ACTIVATE.steps)
NUMBERS = st.integers(1, 99).map(lambda tens: tens * 10)
OTHERS = [outcome for outcome in Outcome if outcome not in {Outcome.ANSWERED, Outcome.SKIPPED}]
WAYS = [way_of(to, how, why) for to in STEPS for how, why in ((How.CHOICE, ""), (How.STUCK, "khong-thay"))]
WAYS += [way_of("completed", How.END, ""), way_of("da-bo", How.CHOICE, ""), way_of("quet", How.SKIP, "")]
WAYS += [way_of("mo-app", How.BACK, ""), way_of("xong", How.HANDED, ""), way_of("theo-the", How.RETURN, "")]


def _cell(kind: Kind, whats: list[str]) -> st.SearchStrategy[Counted]:
    step = st.just("") if kind is Kind.RUN else st.sampled_from([*STEPS, "buoc-cu"])
    return st.builds(Counted, st.just(kind), step, st.sampled_from(whats), NUMBERS)


SEEN = st.lists(
    st.one_of(
        _cell(Kind.RUN, [*RunOutcome]),
        _cell(Kind.STEP, [*OTHERS]),
        _cell(Kind.STAY, [*OTHERS]),
        _cell(Kind.WAY, WAYS),
        _cell(Kind.STAY_WAY, WAYS),
        _cell(Kind.SIGN, ["unclear", "picture", error_sign("otp-limit")]),
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda cell: cell[:3],
).map(figures)


def rendered(view: GuideView) -> Any:
    """The parts of the page that show numbers, without asking anybody."""
    from bot.web.render import _TEMPLATES

    chosen = dict.fromkeys(("tu", "den"), "2026-W46")
    said = {"guide": ACTIVATE, "view": view, "weeks": "tuần 46", "group": "", "than": "", "before": "tuần 45"}
    said |= {"chosen": chosen, "names": {}}
    return html.fromstring(_TEMPLATES.get_template("insights/guide_numbers.html").render(said=said))


def page_of(shown: Outline) -> Any:
    return rendered(view_of(shown, Seen(WEEKS, shown.figures, {}), None))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEN)
def test_the_sums_hold_for_whatever_was_counted(seen: Figures) -> None:
    shown = outline(ACTIVATE, seen)
    page = page_of(shown)
    check(page, seen, len(ACTIVATE.steps) + ("buoc-cu" in seen.steps and bool(seen.step("buoc-cu").reached)))
    for stop in shown:
        assert sum(stop.shares.values()) == stop.figures.reached
    runs = of(page, "runs")[0].text_content()
    assert number(runs) == seen.started == sum(seen.runs.values())


def _shifted(seen: Figures) -> Figures:
    """The loss of each step drawn at the one after it, as others do."""
    order = [stop.id for stop in outline(ACTIVATE, seen)]
    moved: dict[str, StepFigures] = {}
    for before, id in zip((None, *order), order, strict=False):
        kept = {one: count for one, count in seen.step(id).outcomes.items() if one not in LOST}
        lost = seen.step(before).outcomes.items() if before else ()
        moved[id] = replace(seen.step(id), outcomes=kept | {one: count for one, count in lost if one in LOST})
    return replace(seen, steps=moved)


LOSSY = figures(
    [
        Counted(Kind.RUN, "", RunOutcome.EXPIRED, 400),
        Counted(Kind.STEP, "co-the", Outcome.EXPIRED, 320),
        Counted(Kind.WAY, "co-the", way_of("quet", How.CHOICE, ""), 740),
        Counted(Kind.WAY, "mo-app", way_of("co-the", How.CHOICE, ""), 1060),
    ]
)


def test_a_loss_shown_at_the_next_step_is_found() -> None:
    check(page_of(outline(ACTIVATE, LOSSY)), LOSSY, len(ACTIVATE.steps))
    with pytest.raises(AssertionError):
        check(page_of(outline(ACTIVATE, _shifted(LOSSY))), LOSSY, len(ACTIVATE.steps))


def test_few_people_get_no_percentage() -> None:
    cells = [
        Counted(Kind.STEP, "co-the", Outcome.EXPIRED, 20),
        Counted(Kind.WAY, "co-the", way_of("quet", How.CHOICE, ""), 20),
    ]
    shown = outline(ACTIVATE, figures(cells))
    (stop,) = (stop for stop in shown if stop.id == "co-the")
    assert lost_told(stop) == "20 bỏ dở ở đây (trong 40 người: còn ít): hết giờ không trả lời"
    text = page_of(shown).text_content()
    assert "20 trong 40 người tới bước này: còn ít, xem thêm" in text
    assert "50 %" not in text


@pytest.mark.parametrize("paper", [NARROW, WIDE, SHEET])
@pytest.mark.parametrize("id", ["kich-hoat", "nfc", "sai-thong-tin", "so-dien-thoai-sim"])
def test_steps_stand_below_each_other_and_words_inside(paper: Paper, id: str) -> None:
    flow, found = guide(id), CountsInMemory()
    walked(found, flow, 1, 400)
    cells = [
        Counted(cell.kind, cell.step, cell.what, weeks[1] * 10)
        for cell, weeks in found.cells.items()
        if cell.kind is not Kind.TIME
    ]
    shown = outline(flow, figures(cells))
    drawing = drawn(shown, paper, "", {})
    assert {group.step for group in drawing.groups} >= {stop.id for stop in shown if stop.figures.reached}
    tops = {
        stop.id: min(
            shape.y
            for group in drawing.groups
            if group.step == stop.id
            for shape in group.shapes
            if isinstance(shape, Words)
        )
        for stop in shown.main
    }
    assert list(tops.values()) == sorted(tops.values())
    for group in drawing.groups:
        for shape in group.shapes:
            if isinstance(shape, Words):
                assert 0 <= shape.x < drawing.width
                assert 0 < shape.y <= drawing.height + 2
                assert shape.size >= 13 or paper is SHEET


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (3, "5 giây"),
        (41, "40 giây"),
        (90, "2 phút"),
        (480, "8 phút"),
        (5400, "1,5 giờ"),
        (200_000, "2,5 ngày"),
    ],
)
def test_a_time_is_said_as_people_say_it(seconds: float, told: str) -> None:
    assert lasting(seconds) == told
