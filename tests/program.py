"""The bot as its own process, as people start it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WITHIN = 60


def environment(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Data in a folder of the test's own, on a port that the system chooses."""
    return {
        **os.environ,
        "BOT_DATABASE__URL": f"sqlite:///{folder}/bot.db",
        "BOT_KEY_FILE": str(folder / "bot.key"),
        "BOT_HTTP__PORT": "0",
        **settings,
    }


def bot(
    *arguments: str,
    folder: Path,
    typed: str = "",
    cwd: Path = ROOT,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env=environment(folder, settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )


@contextmanager
def serving(
    folder: Path, settings: Mapping[str, str] = MappingProxyType({}), *, kill: bool = False
) -> Iterator[str]:
    """A running bot; the address of its chat. It is stopped as a service manager would, or killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=environment(folder, settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the bot did not start"
        yield found[0]
    finally:
        process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        process.communicate(timeout=WITHIN)


def told(address: str, sender: str, message: str, id: str) -> list[dict[str, Any]]:
    """One message over Rasa's REST channel; the replies."""
    body = {"sender": sender, "message": message, "metadata": {"client_msg_id": id}}
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{address}webhooks/rest/webhook",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=WITHIN) as answer:  # noqa: S310
        replies: list[dict[str, Any]] = json.load(answer)
    return replies
