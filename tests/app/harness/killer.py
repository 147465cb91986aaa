"""Starts the bot, kills it at seeded moments, starts it again at once, and lets it finish in the end."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import BinaryIO, Self

from tests.app.harness.platform import Plan, Platform
from tests.app.harness.wire import FromBot, Sending, ToBot, from_bot, line_of
from tests.books import ROOT

IDLE = 0.02
"""Seconds of silence after which the platform's clock moves on, so that nothing waits for real time."""

SILENT = 30.0
"""Seconds of silence after which a bot is called stuck."""

BEGIN = "import gc; gc.disable(); from tests.app.harness.victim import main; main()"
"""Collecting garbage while modules load makes a start a quarter slower, and there are many starts."""

FAILURES = 50
"""Refused messages after which there is nothing to wait for; not one is expected."""

QUIET = 3.0
"""Seconds of silence of a started bot after which nothing more is to come, though something is missing."""


class Stuck(Exception):
    """The bot ended by itself, or said nothing for long."""


@dataclass(frozen=True, slots=True)
class Kill:
    """After a process has done its `share` of the messages (1.0: all the same), `delay` seconds later.

    With no share it dies `delay` seconds after its start, however far it came.
    """

    share: float | None
    delay: float


def kills_of(plan: Plan) -> list[Kill]:
    """Spread over the messages; the first processes die while they create the database."""
    rng = random.Random(f"{plan.seed} kills")  # noqa: S311 - a play, not a secret
    kills = [Kill(None, rng.uniform(0.2, 1.0)) for _ in range(min(2, plan.kills // 5))]
    while len(kills) < plan.kills:
        if rng.random() < 0.12:
            kills.append(Kill(None, rng.uniform(0.05, 1.0)))
        else:
            delay = rng.choice([0.0, rng.uniform(0, 0.01), rng.uniform(0, 0.04)])
            kills.append(Kill(rng.uniform(0, 2), delay))
    return kills


@dataclass(slots=True)
class Killer:
    """`restarts`: seconds from each start to the first reply that arrived, if it came so far."""

    platform: Platform
    database: Path
    content: Path
    errors: BinaryIO
    limit: float
    restarts: list[float] = field(default_factory=list)

    def run(self, expected: Callable[[], int]) -> None:
        """Play to the end. `expected` is asked once all is written: how many replies are to arrive."""
        kills = kills_of(self.platform.plan)
        for number, kill in enumerate(kills):
            with Bot(self.database, self.content, self.platform.plan.flaw, self.errors) as bot:
                self._live_until(bot, kill, len(kills) - number)
        with Bot(self.database, self.content, self.platform.plan.flaw, self.errors) as bot:
            self.platform.connect()
            self._listen(bot, lambda: self.platform.is_written)
            self._finish(bot, expected())

    def repeat(self) -> None:
        """Deliver everything once more to a new process."""
        with Bot(self.database, self.content, self.platform.plan.flaw, self.errors) as bot:
            self.platform.connect()
            self.platform.repeat_all()
            self._listen(bot, lambda: self.platform.is_repeated)
            self._finish(bot, 0)

    def _live_until(self, bot: Bot, kill: Kill, lives: int) -> None:
        platform = self.platform
        platform.connect()
        if kill.share is not None:
            # acknowledgements come together, one for each resident: half of these will be too many
            done = len(platform.acked)
            left = platform.plan.messages - done
            enough = done + max(1.0, kill.share * left / lives - platform.plan.residents / 2)
            self._listen(bot, lambda: len(platform.acked) >= enough or platform.is_written)
        end = monotonic() + kill.delay
        self._listen(bot, lambda: monotonic() >= end, patience=max(0.001, min(IDLE, kill.delay / 4)))
        for said in bot.kill():
            platform.hear(said)

    def _listen(self, bot: Bot, over: Callable[[], bool], patience: float = IDLE) -> None:
        """Carry lines to and fro until it is over. What the platform says last is then not yet told."""
        platform = self.platform
        silent_since = monotonic()
        while not over():
            bot.tell(platform.out)
            platform.out = []
            heard = bot.hear(patience)
            for said in heard:
                platform.hear(said)
                if isinstance(said, Sending) and not bot.spoke:
                    bot.spoke = True
                    self.restarts.append(monotonic() - bot.began)
            now = monotonic()
            if heard:
                silent_since = now
            elif platform.ready:
                platform.idle()
            if len(platform.failures) > FAILURES:
                raise Stuck("the bot refuses messages again and again")
            if now - silent_since > SILENT or now > self.limit:
                raise Stuck(f"{len(platform.acked)} of {platform.plan.messages} done, then no more")

    def _finish(self, bot: Bot, expected: int) -> None:
        """Wait for what is still to come, if it comes, and stop the bot tidily."""
        residents = self.platform.residents.values()
        last = (0, monotonic())

        def is_quiet() -> bool:
            nonlocal last
            arrived = sum(len({heard.line for heard in resident.heard}) for resident in residents)
            if arrived != last[0] or not self.platform.ready:
                last = (arrived, monotonic())
            return arrived >= expected or monotonic() - last[1] > QUIET

        self._listen(bot, is_quiet)
        bot.tell(self.platform.out)
        self.platform.out = []
        for said in bot.stop():
            self.platform.hear(said)


class Bot:
    """One process of the bot and the line to it. Whatever happens, it does not outlive the `with`."""

    def __init__(self, database: Path, content: Path, flaw: str, errors: BinaryIO) -> None:
        self.began = monotonic()
        self.spoke = False
        self._line, theirs = socket.socketpair()
        self._rest = b""
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-c", BEGIN),
                    *(str(theirs.fileno()), str(database), str(content), flaw),
                ],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._line.close()

    def tell(self, things: list[ToBot]) -> None:
        try:
            self._line.settimeout(SILENT)
            self._line.sendall(b"".join(map(line_of, things)))
        except (BrokenPipeError, ConnectionResetError):
            raise Stuck(f"the bot ended by itself: {self._process.wait()}") from None

    def hear(self, seconds: float) -> list[FromBot]:
        """What was said, after at most so many seconds."""
        self._line.settimeout(seconds)
        try:
            data = self._line.recv(2**18)
        except TimeoutError:
            return []
        except ConnectionResetError:
            data = b""
        if not data:
            raise Stuck(f"the bot ended by itself: {self._process.wait()}")
        return self._decoded(data)

    def kill(self) -> list[FromBot]:
        """SIGKILL; returns what had left the process before."""
        self._process.kill()
        self._process.wait()
        return self._left()

    def stop(self) -> list[FromBot]:
        """Hang up, and let it close its store."""
        self._line.shutdown(socket.SHUT_WR)
        left = self._left()
        if code := self._process.wait(SILENT):
            raise Stuck(f"the bot ended with {code}")
        return left

    def _left(self) -> list[FromBot]:
        self._line.settimeout(SILENT)
        said: list[FromBot] = []
        try:
            while data := self._line.recv(2**18):
                said += self._decoded(data)
        except ConnectionResetError:
            pass  # it died with words of ours unread
        return said

    def _decoded(self, data: bytes) -> list[FromBot]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [from_bot.decode(line) for line in lines]
