"""Residents who press, type and change their mind: seeded, so that a run can be repeated."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from bot.core.message import Reply
from tests.app.harness.moments import key_of

WORDS = ("quay lại", "menu", "gặp người", "nhắc lại", "bỏ qua", "làm tiếp", "dừng", "bắt đầu", "xong rồi")
FREE = (
    *("5", "12", "300", "không được", "xyz qwk", "chào cháu", "tổng đài số mấy", "giá lúa hôm nay"),
    *("tôi muốn kích hoạt vneid", "quên mật khẩu rồi", "mật khẩu với mã gì đó", "mã otp của tôi là 482913"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """`patient`: the next one is written only after an answer to this one."""

    key: str
    text: str
    button: str
    patient: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply as it arrived; `life` counts the processes that the bot has had."""

    line: int
    again: bool
    reply: Reply
    life: int


@dataclass(slots=True)
class Resident:
    name: str
    rng: random.Random
    written: list[Message] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    answered: bool = True

    def write(self) -> Message:
        """The next message: mostly an answer to the last reply on the screen."""
        text, button = self._words()
        key = key_of(self.name, len(self.written))
        message = Message(key, text, button, patient=self.rng.random() < 0.8)
        self.written.append(message)
        self.answered = not message.patient
        return message

    def hear(self, heard: Heard) -> None:
        self.heard.append(heard)
        self.answered = True

    def _words(self) -> tuple[str, str]:
        if not self.heard:
            return "xin chào", ""
        rng = self.rng
        roll = rng.random()
        screen = self.heard[-1].reply
        if screen.choices and screen.choices[0].token.startswith("!"):
            # before consent a typed number means what this process showed, and processes die here
            return "", rng.choice(screen.choices).token
        if screen.choices and roll < 0.60:
            first = rng.random() < 0.6
            return "", (screen.choices[0] if first else rng.choice(screen.choices)).token
        if screen.choices and roll < 0.75:
            return str(rng.randrange(len(screen.choices)) + 1), ""
        if screen.shortcuts and roll < 0.80:
            return "", rng.choice(screen.shortcuts).token
        old = rng.choice(self.heard).reply
        if old.choices and roll < 0.84:
            return "", rng.choice(old.choices).token
        return rng.choice(WORDS if roll < 0.92 else FREE), ""
