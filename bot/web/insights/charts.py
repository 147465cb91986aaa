"""Charts drawn on the server, one house style: read on a small phone, in the dark, and on grey paper.

Nothing is told by colour alone: every bar and line says its number, and lines differ in their dashes and
points too. Colours are the page's own variables, so a chart follows its page into the dark and onto paper.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

WIDTH = 300
"""Pixels of a chart, so that letters stay as large on a phone as they are drawn."""

LETTERS = 14
TOLD = 100
"""Pixels for the number behind a bar."""

BAR_HEIGHT = 48
LINE_HEIGHT = LETTERS + 3
AWAY = 7
"""Pixels between a point and its words."""

LINES_HEIGHT = 170
REMEMBERED = 256
"""Charts that are kept drawn."""

MOST_NAMES = 6
"""Names that fit below a chart."""

_BAR, _INK, _SOFT = "var(--green)", "var(--ink)", "var(--soft)"
_LINES = ((_BAR, (1, 0), "circle"), (_INK, (7, 4), "square"), (_SOFT, (2, 3), "triangle-up"))
"""Colour, dashes and points of each line. More than so many at once nobody can follow on a phone."""

MOST_LINES = len(_LINES)


@dataclass(frozen=True, slots=True)
class Bar:
    """`told` is how the number is written at the bar: "610 (49 %)". `before` is a thin bar below, and
    stands in the table as `then`.
    """

    label: str
    value: float
    told: str
    before: float | None = None
    then: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """`title` says what is counted; `note` what the thin bars are, if there are any."""

    title: str
    rows: tuple[Bar, ...]
    note: str = ""

    @property
    def compared(self) -> bool:
        return any(row.before is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Point:
    """`at` is the name below the chart ("16/11"); `value` None: not known, the line is broken there."""

    line: str
    at: str
    value: float | None
    told: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a time, drawn as a stroke with its name above."""

    at: str
    name: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Points stand in the order of their time, the same times for each line; at most MOST_LINES lines."""

    title: str
    rows: tuple[Point, ...]
    marks: tuple[Mark, ...] = ()
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.line for row in self.rows))

    @property
    def times(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.at for row in self.rows))

    @property
    def table(self) -> list[tuple[str, list[str]]]:
        """A row for each time, with what each line says there."""
        told = {(row.at, row.line): row.told for row in self.rows}
        return [(at, [told.get((at, name), "") for name in self.names]) for at in self.times]


Chart = Bars | Lines


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with what it shows, for the table below it (`insights/charted.html`)."""

    chart: Chart
    svg: Markup


async def drawn(chart: Chart) -> Drawn:
    """Drawn in a thread, once for the same content; empty for a chart that shows nothing."""
    return Drawn(chart, Markup(await asyncio.to_thread(_svg, chart)) if chart.rows else Markup())  # noqa: S704


_ONE_AT_A_TIME = Lock()


@lru_cache(REMEMBERED)
def _svg(chart: Chart) -> str:
    """The libraries take some 80 MB, so they are loaded when the first chart is drawn."""
    with _ONE_AT_A_TIME:
        import vl_convert

        spec = _bars(chart) if isinstance(chart, Bars) else _lines(chart)
        return _cleaned(vl_convert.vegalite_to_svg(spec), chart)


def _bars(chart: Bars) -> dict[str, Any]:
    """Each name stands above its bar, so that long ones have the whole width of a phone; a thin bar below
    tells what was before.
    """
    import altair as alt

    most = max(max(row.value, row.before or 0) for row in chart.rows) or 1
    rows = [
        {
            "place": place,
            "label": row.label,
            "value": row.value,
            "told": row.told,
            "before": row.before,
            "reach": max(row.value, row.before or 0),
        }
        for place, row in enumerate(chart.rows)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("place:O", axis=None, scale=alt.Scale(padding=0))
    )
    scale = alt.Scale(domain=[0, most], range=[0, WIDTH - TOLD])
    x, reach, before = (alt.X(f"{name}:Q", axis=None, scale=scale) for name in ("value", "reach", "before"))
    names = base.mark_text(align="left", baseline="middle", dy=-13, limit=WIDTH, color=_INK).encode(
        x=alt.value(0), text="label:N"
    )
    told = base.mark_text(align="left", dx=6, dy=6, baseline="middle", fontWeight="bold", color=_INK).encode(
        x=reach, text="told:N"
    )
    layers = [base.mark_bar(size=16, yOffset=6, color=_BAR).encode(x=x), names, told]
    if chart.compared:
        layers.append(base.mark_bar(size=5, yOffset=18, color=_SOFT).encode(x=before))
    return _styled(layers, height=BAR_HEIGHT * len(rows))


def _lines(chart: Lines) -> dict[str, Any]:
    import altair as alt

    times, names = list(chart.times), list(chart.names)
    if len(names) > MOST_LINES:
        raise ValueError(names)
    looks = _LINES[: len(names)]
    rows = [{"line": row.line, "at": row.at, "value": row.value, "told": row.told} for row in chart.rows]
    shown = times[:: -1 * -(-len(times) // MOST_NAMES)]
    x = alt.X(
        "at:O",
        sort=times,
        title=None,
        scale=alt.Scale(type="point", padding=0.3),
        axis=alt.Axis(values=shown, labelAngle=0, domainColor=_SOFT, tickColor=_SOFT, labelOverlap=False),
    )
    most = max((row.value or 0 for row in chart.rows), default=0) or 1
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[0, most], nice=False))
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    coloured = alt.Color(
        "line:N", legend=None, scale=alt.Scale(domain=names, range=[one[0] for one in looks])
    )
    dashed = alt.StrokeDash(
        "line:N", legend=None, scale=alt.Scale(domain=names, range=[list(one[1]) for one in looks])
    )
    pointed = alt.Shape("line:N", legend=None, scale=alt.Scale(domain=names, range=[one[2] for one in looks]))
    layers: list[alt.Chart] = [
        base.mark_line(strokeWidth=2.5).encode(color=coloured, strokeDash=dashed, detail="line:N"),
        base.transform_filter("datum.value !== null")
        .mark_point(filled=True, size=45, opacity=1)
        .encode(color=coloured, shape=pointed),
    ]
    for said, height in _ends(chart, most):
        named = alt.Chart(alt.InlineData(values=[{"said": said}])).mark_text(
            align="right", baseline="bottom", fontWeight="bold", color=_INK
        )
        layers.append(named.encode(x=alt.value(WIDTH - 2), y=alt.value(height), text="said:N"))
    if chart.marks:
        marks = [{"at": one.at, "name": one.name} for one in chart.marks if one.at in times]
        data = alt.Chart(alt.InlineData(values=marks)).encode(x=x)
        layers += [
            data.mark_rule(strokeDash=[3, 3], color=_INK).encode(
                y=alt.value(-22), y2=alt.value(LINES_HEIGHT)
            ),
            data.mark_text(align="center", baseline="bottom", color=_INK, limit=WIDTH // 2).encode(
                y=alt.value(-24), text="name:N"
            ),
        ]
    return _styled(layers, height=LINES_HEIGHT)


def _ends(chart: Lines, most: float) -> list[tuple[str, float]]:
    """What stands at the end of each line, and how far down: above its last point, or below where another
    would be in the way.
    """
    last = {row.line: row for row in chart.rows if row.value is not None}
    ends = sorted(last.values(), key=lambda row: -(row.value or 0))
    points = [LINES_HEIGHT * (1 - (row.value or 0) / most) for row in ends]
    heights = [point - AWAY for point in points]
    for place in range(1, len(heights)):
        if heights[place] < heights[place - 1] + LINE_HEIGHT:
            heights[place] = max(heights[place - 1] + LINE_HEIGHT, points[place] + AWAY + LETTERS)
    floor = float(LINES_HEIGHT)
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], floor)
        floor = heights[place] - LINE_HEIGHT
    return [(f"{row.line}: {row.told}", height) for row, height in zip(ends, heights, strict=True)]


def _styled(layers: Sequence[alt.Chart], height: int) -> dict[str, Any]:
    import altair as alt

    chart = (
        alt.LayerChart(layer=layers)
        .properties(width=WIDTH, height=height, background="transparent", padding=4)
        .configure(aria=False, font="sans-serif")
        .configure_view(stroke=None)
        .configure_text(fontSize=LETTERS)
        .configure_axis(labelFontSize=LETTERS, labelColor=_INK, grid=False)
    )
    spec: dict[str, Any] = chart.to_dict()
    return spec


_SVG = "http://www.w3.org/2000/svg"
_KEPT = frozenset(
    {
        "viewBox",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "d",
        "transform",
        "fill",
        "stroke",
        "opacity",
        "stroke-width",
        "stroke-dasharray",
        "stroke-miterlimit",
        "stroke-opacity",
        "fill-opacity",
        "text-anchor",
        "font-size",
        "font-weight",
    }
)
"""No style, which the pages' policy forbids, no links, no font: the page's own is taken."""


def _cleaned(svg: str, chart: Chart) -> str:
    """What is drawn, without the library's own words: those of our page say what it is, in our language."""
    root = ET.fromstring(svg)  # noqa: S314 - drawn here, a moment ago
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        for name in set(element.attrib) - _KEPT:
            del element.attrib[name]
    root.attrib.update({"role": "img", "class": "chart", "lang": "vi", "aria-label": chart.title})
    if chart.note:
        described = ET.Element("desc")
        described.text = chart.note
        root.insert(0, described)
    return ET.tostring(root, encoding="unicode")
