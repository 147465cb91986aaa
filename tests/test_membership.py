"""Accounts and the journal from the command line, with the bot at rest and beside a running one."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot import wiring
from tests.program import ROOT, bot, environment, serving

LINK = re.compile(r"http://127\.0\.0\.1:\d+(/desk/moi/[\w-]{43})")


@pytest.fixture(scope="module", autouse=True)
def trained() -> None:
    wiring.train_matcher()


def test_people_are_invited_listed_and_shut_out_beside_a_running_bot(tmp_path: Path) -> None:
    assert bot("user", "list", folder=tmp_path).stdout == "Chưa có ai.\n"
    made = bot("user", "add", "Lan.TP", "--areas", "22291,66", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert LINK.search(made.stdout)
    with serving(tmp_path) as address:
        link = LINK.search(bot("user", "invite", "lan.tp", folder=tmp_path).stdout)
        assert link
        page = urllib.request.urlopen(address.rstrip("/") + link[1]).read().decode()  # noqa: S310
        assert "Chào Lan" in page
        bot("user", "add", "hoa", "--role", "lead", "--shown", "Cô Hoa", folder=tmp_path)
        assert bot("user", "disable", "hoa", folder=tmp_path).stdout.startswith("Đã khóa hoa")
        told = bot("user", "list", folder=tmp_path).stdout
        assert re.search(r"lan\.tp +volunteer +Lan +22291 66 +chưa nhận lời mời", told)
        assert re.search(r"hoa +lead +Cô Hoa +mọi nơi +đang khóa", told)
        assert "to-chuc" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "Chị Lan"), "chữ thường không dấu"),
        (("add", "lan", "--shown", "Công an xã"), "Công an"),
        (("add", "lan", "--areas", "22291,99999"), "99999"),
        (("invite", "khong.co"), "user list"),
        (("disable", "khong.co"), "user list"),
    ],
)
def test_faults_are_told_in_a_line(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    done = bot("user", *arguments, folder=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def started(folder: Path) -> str:
    """What the bot says until it serves."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=environment(folder, {}),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(3))
        process.terminate()
        return said + process.stdout.read()


def test_the_first_start_tells_the_desk_and_a_passphrase_good_once(tmp_path: Path) -> None:
    said = started(tmp_path)
    assert re.search(r"http://127\.0\.0\.1:\d+/desk\n", said)
    found = re.search(r"tên đăng nhập: to-chuc +mật khẩu: ((?:[a-z2-7]{4}-){3}[a-z2-7]{4})\n", said)
    assert found
    for file in tmp_path.iterdir():
        assert found[1].encode() not in file.read_bytes(), file.name
    engine = create_engine(f"sqlite:///{tmp_path}/bot.db")
    with engine.begin() as connection:  # as if it had been used
        connection.execute(text("UPDATE people SET totp = x'00' WHERE name = 'to-chuc'"))
    engine.dispose()
    assert "mật khẩu" not in started(tmp_path)


def test_a_journal_that_was_changed_is_told_with_its_row(tmp_path: Path) -> None:
    for name in ("lan", "minh", "hoa"):
        bot("user", "add", name, folder=tmp_path)
    whole = bot("journal", folder=tmp_path)
    assert whole.returncode == 0
    head = re.search(r"còn nguyên: 3 dòng\. Dấu của dòng cuối: (3:[0-9a-f]{64})", whole.stdout)
    assert head
    assert bot("journal", "--head", head[1], folder=tmp_path).returncode == 0
    assert "--head" in bot("journal", "--head", "3", folder=tmp_path).stderr
    engine = create_engine(f"sqlite:///{tmp_path}/bot.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE journal SET who = 7 WHERE id = 2"))
    engine.dispose()
    broken = bot("journal", folder=tmp_path)
    assert broken.returncode == 2
    assert "từ dòng 2" in broken.stdout
