"""The walls between the rings stand, and what is imported only when it is needed is not imported before."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

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
