"""A strict platform, as pure as the core: in order per resident, the next only after an acknowledgement.

It delivers again whatever was not acknowledged, loses some acknowledgements, and is at times too busy
to take a reply.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from typing import assert_never

from tests.app.harness.moments import START
from tests.app.harness.residents import Heard, Message, Resident
from tests.app.harness.wire import Acked, Answered, Deliver, Failed, FromBot, Ready, Sending, Tick, ToBot

LEASE = 60
"""Seconds after which the bot itself believes that a sender is dead; a new process begins later than that."""


IDLE_STEP = 5
"""Seconds of the platform's time that pass when nothing happens."""

PATIENCE = 10
"""So often nothing happens before people write again though they were not answered."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`deaf` and `busy`: how often an acknowledgement is lost, and how often a reply is not taken at once."""

    messages: int
    kills: int
    seed: int
    residents: int = 50
    deaf: float = 0.02
    busy: float = 0.02
    flaw: str = ""


@dataclass(slots=True)
class Platform:
    """`out` gathers what is to be told to the bot; whoever carries it takes it from there."""

    plan: Plan
    rng: random.Random
    residents: dict[str, Resident]
    left: int
    now: int = START
    life: int = 0
    ready: bool = False
    silent: int = 0
    out: list[ToBot] = field(default_factory=list)
    pending: dict[str, Message] = field(default_factory=dict)
    acked: set[str] = field(default_factory=set)
    tried_later: int = 0
    failures: list[str] = field(default_factory=list)
    again: dict[str, deque[Message]] = field(default_factory=dict)
    repeated: dict[str, bool] = field(default_factory=dict)

    @property
    def is_written(self) -> bool:
        return not self.left and not self.pending

    @property
    def is_repeated(self) -> bool:
        return not any(self.again.values())

    def connect(self) -> None:
        """A new process: what was not acknowledged goes out again."""
        self.life += 1
        self.ready = False
        self.now += LEASE + 1
        self.out = [Tick(self.now)]
        for resident in self.residents.values():
            if resident.name in self.pending:
                self._deliver(resident.name, self.pending[resident.name])
            else:
                self._go_on(resident)

    def idle(self) -> None:
        """Nothing happens: time goes on, and in the end nobody waits any longer for an answer."""
        self._tick(IDLE_STEP)
        self.silent += 1
        if self.silent % PATIENCE == 0:
            for resident in self.residents.values():
                resident.answered = True
                self._go_on(resident)

    def hear(self, said: FromBot) -> None:
        self.silent = 0
        match said:
            case Ready():
                self.ready = True
            case Acked(key=key, repeated=repeated):
                self._acknowledge(_writer_of(key), key, repeated=repeated)
            case Failed(key=key, why=why):
                self.failures.append(f"{key}: {why}")
                if _writer_of(key) in self.pending:
                    self._deliver(_writer_of(key), self.pending[_writer_of(key)])
            case Sending():
                self._take(said)
            case never:
                assert_never(never)

    def repeat_all(self) -> None:
        """Deliver every message once more, as a platform may that lost its memory of acknowledgements."""
        self.again = {name: deque(resident.written) for name, resident in self.residents.items()}
        for name, messages in self.again.items():
            if messages:
                self._deliver(name, messages[0])

    def _tick(self, seconds: int) -> None:
        self.now += seconds
        self.out.append(Tick(self.now))

    def _acknowledge(self, name: str, key: str, *, repeated: bool) -> None:
        if self.again:
            messages = self.again[name]
            self.repeated[messages.popleft().key] = repeated
            if messages:
                self._deliver(name, messages[0])
            return
        if self.rng.random() < self.plan.deaf:
            self._deliver(name, self.pending[name])
            return
        del self.pending[name]
        self.acked.add(key)
        if len(self.acked) % 25 == 0:
            self._tick(1)
        self._go_on(self.residents[name])

    def _take(self, sending: Sending) -> None:
        ok = self.rng.random() >= self.plan.busy
        self.out.append(Answered(sending.line, ok))
        if not ok:
            self.tried_later += 1
            return
        resident = self.residents[sending.resident]
        resident.hear(Heard(sending.line, sending.again, sending.reply, self.life))
        self._go_on(resident)

    def _go_on(self, resident: Resident) -> None:
        if self.left and resident.answered and resident.name not in self.pending:
            self.left -= 1
            message = self.pending[resident.name] = resident.write()
            self._deliver(resident.name, message)

    def _deliver(self, name: str, message: Message) -> None:
        self.out.append(Deliver(message.key, name, message.text, message.button))


def platform_of(plan: Plan) -> Platform:
    names = [f"cu-dan-{number:03}" for number in range(plan.residents)]
    residents = {name: Resident(name, _chance(plan, name)) for name in names}
    return Platform(plan, _chance(plan, "platform"), residents, plan.messages)


def _chance(plan: Plan, name: str) -> random.Random:
    return random.Random(f"{plan.seed} {name}")  # noqa: S311 - a play, not a secret


def _writer_of(key: str) -> str:
    return key.rpartition("-")[0]
