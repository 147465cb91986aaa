"""The commands, run as people run them: what they print, how they end, what they say of a fault."""

from __future__ import annotations

import json
import logging
import re
import shutil
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
import yaml

from bot import wiring
from tests.program import ROOT, bot, serving, told

PLACE = re.compile(r"^[\w/.-]+:\d+:\d+: ")
UNTRANSLATED = re.compile(r"locales/en/[\w/-]+\.po:1:1: lưu ý: ")


@pytest.fixture(scope="session", autouse=True)
def trained() -> None:
    """`make setup` has done this already, unless pytest is called alone."""
    wiring.train_matcher()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Program and content, to be spoilt."""
    root = tmp_path / "copy"
    for name in ("bot", "flows", "faq", "locales"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "config.yaml", root)
    return root


def test_the_content_has_no_fault(tmp_path: Path) -> None:
    done = bot("check", folder=tmp_path)
    told = [line for line in done.stdout.splitlines() if not UNTRANSLATED.match(line)]
    assert (done.returncode, told) == (0, ["Không có lỗi."]), done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("flows/kich-hoat.yaml", "start: ", "strat: ", "start"),
        ("flows/kich-hoat.yaml", "start: tin-duyet", "start: tin-duyt", "tin-duyet"),
        ("flows/cai-dat.yaml", "title: ", "title: no # ", ""),
        ("faq/tong-dai.yaml", "entries:", "entries: &x", ""),
        ("locales/vi/bot.yaml", "welcome:", "welcom:", "welcome"),
        ("config.yaml", 'web_address: ""', "web_address: x", "web_address"),
        ("config.yaml", "database:", "databse:", "database"),
    ],
)
def test_a_fault_is_told_in_the_first_line(copy: Path, file: str, old: str, new: str, says: str) -> None:
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), "utf-8")
    done = bot("check", folder=copy, cwd=copy)
    first = done.stdout.splitlines()[0]
    assert done.returncode == 2
    assert PLACE.match(first)
    assert first.startswith(file)
    assert says in first
    assert "Traceback" not in done.stdout + done.stderr


def test_phrases_that_cannot_be_learnt_from_are_told_by_line(copy: Path) -> None:
    shutil.copy(ROOT / "babel.cfg", copy)
    twice = (copy / "faq/phrases/hotline.txt").read_text("utf-8").splitlines()[0]
    file = copy / "faq/phrases/otp-limit.txt"
    file.write_text(file.read_text("utf-8") + twice + "\n", "utf-8")
    done = bot("train", folder=copy, cwd=copy)
    assert done.returncode == 2
    assert re.match(r"faq/phrases/otp-limit\.txt:\d+: .*hotline\.txt:1", done.stderr)
    assert "Traceback" not in done.stderr


def test_a_spoilt_catalogue_is_told_by_line_and_nothing_is_written(copy: Path) -> None:
    shutil.copy(ROOT / "babel.cfg", copy)
    kept = (copy / "locales/en/flows/kich-hoat.po").read_text("utf-8")
    (copy / "locales/en/flows/otp.po").write_text("<<<<<<< mine\n" + kept, "utf-8")
    before = (copy / "locales/en/faq/ma-otp.po").read_bytes()
    done = bot("translate", folder=copy, cwd=copy)
    assert done.returncode == 2
    assert done.stderr.startswith("locales/en/flows/otp.po:1:1: lỗi:")
    assert (copy / "locales/en/faq/ma-otp.po").read_bytes() == before


def test_a_bot_with_a_fault_does_not_start(copy: Path) -> None:
    file = copy / "flows" / "kich-hoat.yaml"
    file.write_text(file.read_text("utf-8").replace("start: ", "strat: ", 1), "utf-8")
    wiring_cache = copy / ".cache"
    shutil.copytree(ROOT / ".cache", wiring_cache)
    done = bot("run", folder=copy, cwd=copy)
    assert done.returncode == 2
    assert PLACE.match(done.stderr)
    assert "Traceback" not in done.stderr


def test_it_serves_and_stops(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        page = urllib.request.urlopen(address).read().decode()  # noqa: S310 - our own address
        assert "chương trình trả lời tự động" in page
        second = bot("run", folder=tmp_path)
        assert second.returncode == 2
        assert len(second.stderr.splitlines()) == 1
        assert "Another process uses" in second.stderr
        # counters can be read all the same, and a terminal chat is possible though not remembered
        assert json.loads(bot("stats", "kich-hoat", "--json", folder=tmp_path).stdout)["started"] == 0
        assert "Bắt đầu" in bot("chat", folder=tmp_path).stdout
    with serving(tmp_path):
        pass  # the file is free again


def test_traces_of_libraries_quote_nobody(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    library = logging.getLogger("uvicorn.error")
    library.addFilter(wiring.is_discreet)
    try:
        int("chuyện riêng")
    except ValueError:
        library.exception("Exception in ASGI application")
    finally:
        library.removeFilter(wiring.is_discreet)
    library.error("something else")
    told = capsys.readouterr().out + caplog.text
    assert "riêng" not in told
    assert "ValueError" in told
    assert "something else" in told


def test_two_processes_serve_one_postgresql(tmp_path: Path, bare_postgres_url: str) -> None:
    """A conversation goes on whichever process its next message reaches; a repeated one counts once."""
    settings = {"BOT_DATABASE__URL": bare_postgres_url}
    with serving(tmp_path, settings) as one, serving(tmp_path, settings) as other:
        told(one, "an", "!begin.kich-hoat", "1")
        assert "Bước 1/" in told(other, "an", "1", "2")[0]["text"]
        second = told(one, "an", "1", "3")
        assert "Bước 2/" in second[0]["text"]
        assert told(other, "an", "1", "3") == second
        figures = json.loads(bot("stats", "kich-hoat", "--json", folder=tmp_path, settings=settings).stdout)
    assert [step["visits"] for step in figures["steps"]] == [1, 1]


def test_a_killed_bot_forgets_nothing(tmp_path: Path) -> None:
    """What was answered before a kill is there after it, and the same message again changes nothing."""
    with serving(tmp_path, kill=True) as address:
        told(address, "an", "!begin.kich-hoat", "1")
        told(address, "an", "1", "2")
        before = told(address, "an", "1", "3")
    with serving(tmp_path) as address:
        assert told(address, "an", "1", "3") == before
        assert "Bước 2/" in told(address, "an", "nhắc lại", "4")[0]["text"]


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = bot("run", folder=tmp_path, settings={"BOT_HTTP__PORT": port})
    assert done.returncode == 2
    assert "http.port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "more",
    [
        {"BOT_DATABASE__URL": "sqlite:////proc/none/bot.db"},
        {"BOT_KEY_FILE": "/proc/none/bot.key"},
        {"BOT_DATABASE__URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"},
    ],
)
def test_what_cannot_be_opened_is_told_in_a_line(tmp_path: Path, more: dict[str, str]) -> None:
    done = bot("run", folder=tmp_path, settings=more)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_ask(tmp_path: Path) -> None:
    done = bot("ask", "--json", "k nhan dc ma otp, so cccd 012345678901", folder=tmp_path)
    said = json.loads(done.stdout)
    assert said["decision"] in {"answer", "choose"}
    assert "otp-not-received" in [guess["id"] for guess in said["intents"]]
    assert 0 <= said["intents"][0]["score"] <= 1
    assert "012345678901" not in done.stdout
    assert "[số căn cước]" in said["masked"]


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("tôi muốn kích hoạt tài khoản vneid", "kich-hoat"),
        ("quên mật khẩu đăng nhập rồi lấy lại sao", "quen-mat-khau"),
        ("em mới mua điện thoại mới, chuyển vneid sang máy mới thế nào", "doi-may"),
        ("cách tải vneid về máy", "cai-dat"),
        ("dang ky muc 1 tren dien thoai the nao", "dang-ky-muc-1"),
        ("lam muc 2 o dau, mang theo giay to gi", "dang-ky-muc-2"),
    ],
)
def test_plain_requests_start_the_right_guide(tmp_path: Path, text: str, flow: str) -> None:
    typed = f"{text}\n1\nbác\n"
    done = bot("chat", "--record", str(tmp_path / "said.yaml"), folder=tmp_path, typed=typed)
    assert done.returncode == 0
    turns = yaml.safe_load((tmp_path / "said.yaml").read_text("utf-8"))["turns"]
    assert turns[-1]["then"]["place"].startswith(f"{flow}/")


def test_the_terminal_remembers(tmp_path: Path) -> None:
    bot("chat", folder=tmp_path, typed="tôi muốn kích hoạt tài khoản vneid\n1\n1\n1\n")
    again = bot("chat", folder=tmp_path, typed="nhắc lại\n")
    assert "Bước 2/" in again.stdout


def test_evaluate(tmp_path: Path) -> None:
    rows = [
        {"text": "quên mật khẩu rồi", "intent": "forgot-password", "style": "full"},
        {
            "text": "k vao dc, quen mk",
            "intent": "account-locked",
            "alt": ["forgot-password"],
            "style": "teencode",
        },
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    figures = json.loads(bot("evaluate", str(file), "--json", folder=tmp_path).stdout)
    names = {"n", "top1", "top3", "macro_f1", "oos_precision", "oos_recall", "by_style", "p50_ms", "p99_ms"}
    assert names <= set(figures)
    assert (figures["n"], figures["top1"]) == (2, 1.0)
    file.write_text('{"text": 1}', "utf-8")
    done = bot("evaluate", str(file), "--json", folder=tmp_path)
    assert done.returncode == 2
    assert PLACE.match(done.stderr)


def test_an_unknown_guide_is_told(tmp_path: Path) -> None:
    done = bot("stats", "kich-hoatt", folder=tmp_path)
    assert done.returncode == 2
    assert "kich-hoat" in done.stderr


COMMANDS = re.findall(r"^\$ (.+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_readme_are_there(tmp_path: Path, command: str) -> None:
    if command.startswith("make "):
        done = subprocess.run(
            ["make", "-n", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=False
        )
    else:
        arguments = re.findall(r'"[^"]*"|\S+', command.removeprefix(".venv/bin/python -m bot "))
        done = bot(*(argument.strip('"') for argument in arguments), folder=tmp_path)
    assert done.returncode == 0, done.stderr
