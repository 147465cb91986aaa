"""The real action server, as its own process, over HTTP."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rasa_sdk")

from bot import wiring
from bot.rasa.sentences import AWAY
from tests.program import ROOT, WITHIN, environment
from tests.rasa.rasa_world import Rasa, texts, the_domain

CARD = "001085012345"


@pytest.fixture(scope="module", autouse=True)
def trained() -> None:
    wiring.train_matcher()


@dataclass(frozen=True)
class Server:
    address: str
    log: Path

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=WITHIN) as answer:  # noqa: S310 - our own
            return json.load(answer)

    def post(self, body: Any, *, deflate: bool = False) -> tuple[int, Any]:
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if deflate:
            data, headers["Content-Encoding"] = zlib.compress(data), "deflate"
        request = urllib.request.Request(f"{self.address}/webhook", data, headers)  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=WITHIN) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def rasa(self, sender: str, *, deflate: bool = False) -> Rasa:
        async def call(body: dict[str, Any]) -> dict[str, Any]:
            status, answer = await asyncio.to_thread(self.post, body, deflate=deflate)
            assert status == 200, answer
            said: dict[str, Any] = answer
            return said

        return Rasa(call, the_domain(), sender)


@contextmanager
def serving(folder: Path, log: Path) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "rasa_sdk", "--actions", "bot.rasa", "-p", str(port), "--debug"],
            cwd=ROOT,
            env={**environment(folder, {}), "PYTHONWARNINGS": "default"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", log)
    try:
        _until(lambda: process.poll() is not None or _is_up(server))
        assert process.poll() is None, log.read_text("utf-8")
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(WITHIN)


def _is_up(server: Server) -> bool:
    try:
        return bool(server.get("/health") == {"status": "ok"})
    except OSError:
        return False


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(20 * WITHIN):
        if holds():
            return
        subprocess.run(["sleep", "0.05"], check=False)
    raise TimeoutError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rasa")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder, folder / "log.txt") as server:
        yield server


def test_it_is_well_and_lists_what_the_domain_names(server: Server) -> None:
    assert server.get("/health") == {"status": "ok"}
    listed = sorted(one["name"] for one in server.get("/actions"))
    assert listed == sorted(the_domain()["actions"])


async def test_a_guide_is_walked_to_its_end_over_http(server: Server) -> None:
    rasa = server.rasa("lan", deflate=True)
    said = await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
    for _ in range(20):
        if rasa.loop:
            said = await rasa.says("1")
    assert "Chúc mừng bác" in texts(said)
    assert rasa.slots["vneid_status"] == "done"


async def test_plain_and_compressed_calls_are_answered_the_same(server: Server) -> None:
    rasa = server.rasa("minh")
    rasa.hears("tổng đài vneid số mấy", "vneid_ask")
    await rasa.asks("action_vneid_answer")
    assert server.post(rasa.log[-1]) == server.post(rasa.log[-1], deflate=True)
    assert "1900 0368" in texts(server.post(rasa.log[-1])[1]["responses"])


async def test_a_call_made_again_takes_effect_once(server: Server) -> None:
    rasa = server.rasa("hoa")
    await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
    await rasa.says("1")
    await rasa.says("1")
    body = next(body for body in reversed(rasa.log) if body["next_action"].startswith("validate"))
    answers = await asyncio.gather(*(asyncio.to_thread(server.post, body) for _ in range(4)))
    assert all(answer == answers[0] for answer in answers)
    await rasa.says("1")
    assert rasa.slots["vneid_step"] == "kich-hoat/co-app"


def test_it_listens_on_loopback_only(server: Server) -> None:
    assert f"running on {server.address}\n" in server.log.read_text("utf-8", "replace")


def test_rasas_own_refusals(server: Server) -> None:
    tracker = {"sender_id": "x", "slots": {}, "events": [], "latest_message": {"text": "a"}}
    assert server.post({"next_action": "action_unknown", "tracker": tracker, "domain": {}})[0] == 404
    digest = {"next_action": "action_vneid_answer", "tracker": tracker, "domain_digest": "unseen"}
    assert server.post(digest)[0] == 449


async def test_no_secret_and_nobody_in_the_log(server: Server) -> None:
    rasa = server.rasa("zalo:84912345678")
    await rasa.says(f"kích hoạt giúp số {CARD}", "vneid_activate_how")
    await rasa.says(f"căn cước {CARD} rồi sao nữa")
    text = server.log.read_text("utf-8", "replace")
    assert "action_vneid_guide" in text  # it does log
    assert CARD not in text
    assert "84912345678" not in text
    assert "căn cước" not in text


async def test_a_second_server_on_the_same_file_says_that_it_cannot(server: Server, folder: Path) -> None:
    with serving(folder, folder / "second.txt") as second:
        rasa = second.rasa("an")
        said = await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
        assert texts(said) == AWAY
        assert "the bot cannot be opened" in second.log.read_text("utf-8", "replace")
        assert "Traceback" not in second.log.read_text("utf-8", "replace")


async def test_it_lets_go_of_its_file_when_it_is_stopped(tmp_path: Path) -> None:
    with serving(tmp_path, tmp_path / "log.txt") as server:
        await server.rasa("lan").says("tôi muốn kích hoạt", "vneid_activate_how")
        assert not _was_closed(tmp_path)
    assert _was_closed(tmp_path)


def _was_closed(folder: Path) -> bool:
    """SQLite tidies up behind the last connection that is closed, not behind one that is cut off."""
    return not (folder / "bot.db-wal").exists()
