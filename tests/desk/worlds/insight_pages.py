"""Pages for organisers, opened and read: the numbers that stand in their tables."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path

from desk_world import Desk, desk_world
from insight_world import CountsInMemory
from web_world import START

from bot.app.accounts import Role
from bot.app.insights import Insights
from bot.core.weeks import last_complete

LAST = last_complete(START)
NUMBER = re.compile(r"[\d.]+")


@asynccontextmanager
async def shown(folder: Path, counts: CountsInMemory) -> AsyncIterator[Desk]:
    async with desk_world(folder, insights=Insights(counts, lambda: START)) as desk:
        yield desk


async def opened(desk: Desk, path: str = "/insights", role: Role = Role.LEAD) -> str:
    browser = await desk.signed_in(role)
    answer = await browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return unescape(answer.text)


def rows(text: str) -> dict[str, dict[str, int]]:
    """Numbers of each line of the table, by the name at its head."""
    found = {}
    for row in re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", text):
        cells = re.findall(r'data-part="(\w+)">([^<]*)', row)
        if cells:
            name = re.sub(r"<[^>]+>", "", row.partition("</th>")[0])
            found[name] = {part: first(told) for part, told in cells}
    return found


def first(told: str) -> int:
    number = NUMBER.search(told)
    assert number, told
    return int(number[0].replace(".", ""))
