"""Five minutes in a second: a loop whose time stands still while anything goes on and else jumps.

`virtual(main)` runs a coroutine function in it; `LOOPS` is what a conftest hands to pytest-asyncio so
that all tests of a folder run in one (see tests/platforms/conftest.py).

Time moves only when nothing else can: no callback is ready, no job is out in a thread pool, and no byte
has come in over a socket during a short real wait. What other processes do is not seen: do not wait for it.
"""

from __future__ import annotations

import asyncio
import math
import selectors
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

Result = TypeVar("Result")
Args = TypeVarTuple("Args")

START = 1_795_000_000
"""The second of the calendar at which the clock of a new loop stands."""

GRACE = 0.001
"""Real seconds that bytes get to arrive over loopback. The kernel hands them over at once, a busy machine
hardly later."""

STUCK = 60.0
"""Real seconds after which nobody will come any more, though no timer is set."""


class Stuck(Exception):
    """The loop waits for something that will never happen: no timer, no job, no byte."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its `time()` jumps to the next timer when nothing is ready."""

    def __init__(self, grace: float = GRACE, stuck: float = STUCK) -> None:
        self.jumps = 0
        self._moment = 0.0
        self._out = 0
        super().__init__(_Patient(self, grace, stuck))

    def time(self) -> float:
        return self._moment

    def jump(self, seconds: float) -> None:
        """On to a full nanosecond: a hair before a timer, code that compares times itself would go on asking
        whether it is time yet, and time stands still meanwhile.
        """
        self.jumps += 1
        there = self._moment + seconds
        self._moment = max(there, math.ceil(there * 1e9) / 1e9)

    @property
    def busy(self) -> bool:
        """Whether a thread pool works for us."""
        return self._out > 0

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Args], Result], *args: *Args
    ) -> asyncio.Future[Result]:
        """As always, and counted. asyncio.to_thread, getaddrinfo and the store's writer come through here."""
        future = super().run_in_executor(executor, func, *args)
        self._out += 1
        future.add_done_callback(self._came_back)
        return future

    def _came_back(self, _: asyncio.Future[Any]) -> None:
        self._out -= 1


class _Patient(selectors.DefaultSelector):
    """Asks the kernel once more before it lets the loop's time jump."""

    def __init__(self, loop: VirtualLoop, grace: float, stuck: float) -> None:
        super().__init__()
        self._loop = loop
        self._grace = grace
        self._stuck = stuck

    def select(self, timeout: float | None = None) -> Any:
        if events := super().select(0):
            return events
        if timeout is not None and timeout <= 0:
            return []
        if events := super().select(self._grace):
            return events
        if self._loop.busy:
            return super().select(self._stuck)
        if timeout is None:
            if events := super().select(self._stuck):
                return events
            raise Stuck("the loop waits, and nothing can come")
        self._loop.jump(timeout)
        return []


LOOPS: Mapping[str, Callable[[], asyncio.AbstractEventLoop]] = {"virtual": VirtualLoop}
"""For the hook pytest_asyncio_loop_factories."""


def virtual(main: Callable[[], Coroutine[Any, Any, Result]], *, stuck: float = STUCK) -> Result:
    """Run it in a loop with virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(stuck=stuck)) as runner:
        return runner.run(main())


def calendar(start: int = START) -> Callable[[], int]:
    """What `now` is in the running loop: whole seconds since 1970, from `start` on."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    return lambda: start + int(loop.time() - begun)
