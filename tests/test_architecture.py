"""The walls between the rings stand, and what is imported only when it is needed is not imported before."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_type_hints

import pytest

from bot.app.staff import Staff

ROOT = Path(__file__).resolve().parent.parent


def test_arrows_point_inward() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("command", "module"),
    [
        ("import bot.wiring", "numpy"),
        ("import bot.wiring", "sqlalchemy"),
        ("import bot.wiring", "fastapi"),
        ("import bot.wiring", "sklearn"),
        ("import bot.store.open", "alembic"),
        ("import bot.store.open", "psycopg"),
        ("import bot.web.pages", "aiogram"),
        ("import bot.web.pages", "altair"),
        ("import bot.web.pages", "vl_convert"),
        ("import bot.outside", "aiohttp"),
        ("import bot.channels.telegram.updates", "aiogram"),
    ],
)
def test_slow_libraries_wait_until_they_are_needed(command: str, module: str) -> None:
    probe = f"{command}; import sys; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=False).returncode == 0


def test_python_files_stay_small() -> None:
    """A second reason to change usually hides in a file of more than 400 lines."""
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in (ROOT / "bot").rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > 400
    ]
    assert long == []


def test_the_lock_holds_every_dependency_with_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lists = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    lists += project["dependency-groups"].values()
    names = {re.split(r"[^\w-]", one)[0] for wanted in lists for one in wanted if isinstance(one, str)}
    locked = dict(re.findall(r"^([\w-]+)==\S+(?: ;[^\n]*)? \\\n( +--hash=sha256:\w{64})", lock, re.MULTILINE))
    assert names <= set(locked)


RAW = frozenset(
    {"WeeklyCounts", "SqlWeeklyCounts", "Total", "totals", "Tally", "tally", "weekly_counts", "visit_counts"}
)
"""Names by which the true number of people is asked for."""


def raw_numbers(source: str) -> set[str]:
    """What code of the pages says of true numbers, or of what `Insights` keeps to itself."""
    told: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name("self")):
                pass
            case ast.Attribute(attr=name):
                told |= {name} & (RAW | {"_counts"})
            case ast.Name(id=name) | ast.alias(name=name) | ast.Constant(value=str(name)):
                told |= {name} & RAW
            case ast.ImportFrom(module=module):
                told |= {module or ""} & {"bot.app.statistics", "bot.core.tally"}
            case _:
                pass
    return told


def test_no_page_asks_for_numbers_that_are_not_published() -> None:
    """That the web never imports the store is in the walls above; what it is handed is typed in `Staff`."""
    found = {
        str(path.relative_to(ROOT)): told
        for path in (ROOT / "bot/web").rglob("*.py")
        if (told := raw_numbers(path.read_text("utf-8")))
    }
    assert found == {}
    kinds = get_type_hints(Staff)
    assert {
        name for name, kind in kinds.items() if hasattr(kind, "totals") or hasattr(kind, "tally")
    } == set()


@pytest.mark.parametrize(
    "page",
    [
        "counts = await staff.sums.totals(View.ALL, weeks)",
        "raw = staff_of(site).insights._counts",
        "from bot.app.insights import Insights, WeeklyCounts",
        "from bot.app.statistics import funnel",
        "ask = getattr(staff.sums, 'totals')",
    ],
)
def test_a_page_that_does_is_noticed(page: str) -> None:
    """Negative control."""
    inside = f"async def page(site, staff):\n    {page}\n"
    assert raw_numbers(inside)
