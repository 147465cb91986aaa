"""A bot and its Telegram, each in a process of its own, on a core of its own where that is allowed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
THEIRS, OURS = (CORES[0], CORES[-1]) if len(CORES) > 1 else (-1, -1)

ASKING = dict.fromkeys(("ours", "paced"), "tôi muốn kích hoạt VNeID")
"""How the guide is asked for, where it is not /start."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One round: seconds are of the clock where nothing else is said."""

    rate: float
    cpu: float
    median: float
    p99: float
    share: float
    calls: float


class Talking:
    """A process that is led by lines of JSON."""

    def __init__(self, *arguments: str, aloud: bool = True) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if aloud else subprocess.DEVNULL,
            text=True,
        )

    def say(self, line: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"{self.process.args!r} has ended"
        heard: dict[str, Any] = json.loads(line)
        return heard

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)


class Side:
    """One bot beside its own Telegram. `helper` is the process id of a database that it needs."""

    def __init__(self, name: str, mode: str, folder: Path, helper: int = 0, *, again: bool = False) -> None:
        self.name = name
        self._helper = helper
        self._folder = folder
        self.telegram = Talking("bench.channels.telegram", mode, str(THEIRS))
        base = f"http://127.0.0.1:{self.telegram.hear()['port']}"
        options = ("again",) if again else ()
        self._bot = Talking(
            "bench.channels.bot", name, mode, base, str(folder), str(OURS), *options, aloud=not again
        )
        self.pid = 0

    def started(self) -> int:
        """Returns where the bot can be posted to."""
        ready = self._bot.hear()
        self.pid = ready["pid"]
        port: int = ready["port"]
        return port

    def settle(self, port: int) -> None:
        """Until everybody has been answered a few times."""
        self.telegram.say({"do": "settle", "port": port, "opening": ASKING.get(self.name, "/start")})
        self.telegram.hear()

    def load(self, seconds: float) -> Measured:
        before = self._cpu()
        self.telegram.say({"do": "load", "seconds": seconds})
        told = self.telegram.hear()
        messages = told["messages"]
        return Measured(
            rate=messages / told["seconds"],
            cpu=(self._cpu() - before) / messages,
            median=told["median"],
            p99=told["p99"],
            share=told["share"],
            calls=told["calls"] / messages,
        )

    def kills(self, presses: int, kills: int, patience: float) -> dict[str, Any]:
        """What people lost. The bot is killed whenever its Telegram says so, and started again."""
        self.telegram.say({"do": "kills", "presses": presses, "kills": kills, "patience": patience})
        while True:
            told = self.telegram.hear()
            if "kill" in told:
                os.kill(self.pid, signal.SIGKILL)
                self.telegram.say({"do": "up", "port": self.revive()})
            elif told["done"] == "kills":
                return told

    def load_libraries(self) -> None:
        assert self._bot.hear()["loaded"]

    def revive(self) -> int:
        self._bot.say({})
        return self.started()

    @property
    def resident_memory(self) -> float:
        """Megabytes of the bot's process."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def stop(self) -> None:
        self._bot.stop()
        if self.pid:
            _end(self.pid)
        self.telegram.stop()

    def _cpu(self) -> float:
        return sum(_seconds(pid) for pid in (self.pid, self._helper) if pid)


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
