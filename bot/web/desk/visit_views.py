"""Visits at home in words, for the pages of the team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.app.visits import Entry
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.home_visit import (
    BY_TEAM,
    DAY,
    OUTCOMES,
    VIET_NAM,
    HomeVisit,
    Meeting,
    Need,
    Sign,
    Slot,
    Stage,
    Why,
    weekday,
)
from bot.core.ticket import Closing
from bot.core.voice import Voice, voice_of

Option = tuple[str, str]
"""A value and what is read for it."""

NEEDS = {
    Need.INSTALL: "Cài, đăng ký VNeID",
    Need.ACTIVATE: "Kích hoạt tài khoản",
    Need.OTHER: "Cài app, mật khẩu, việc khác",
}
TO_BRING = {
    Need.INSTALL: "Điện thoại phát được mạng, sạc dự phòng",
    Need.ACTIVATE: "Máy tính xách tay có mạng, sạc dự phòng",
    Need.OTHER: "Điện thoại phát được mạng, sạc dự phòng",
}
RESULTS = {
    Closing.SOLVED: "Xong việc",
    Closing.OFFICE: "Phải ra Công an xã, phường",
    Closing.UNSOLVED: "Chưa xong",
    Closing.GONE: "Đến mà không gặp",
}
REASONS = {
    Why.NOBODY: "Chưa sắp được người",
    Why.POLICE: "Việc này phải do Công an xã làm",
    Why.SOLVED: "Người dân đã làm được rồi",
    Why.UNCLEAR: "Chưa rõ chỗ nhà",
    Why.WEATHER: "Mưa bão, đường khó đi",
    Why.RESIDENT: "Người dân xin thôi",
    Why.UNANSWERED: "Hai tuần không ai nhận",
    Why.NO_WORD: "Quá ngày mà không ai báo lại",
}
STAGES = {
    Stage.OFFERED: "Chờ người dân đồng ý",
    Stage.REQUESTED: "Chờ người nhận",
    Stage.AGREED: "Đã hẹn",
    Stage.DONE: "Đã xong",
    Stage.CALLED_OFF: "Đã thôi",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A visit in the list: where in the commune and when, without what leads to the very door."""

    key: str
    number: str
    stage: str
    place: str
    hamlet: str
    wished: str
    when: str
    need: str
    who: str
    age: str
    maker: str


@dataclass(frozen=True, slots=True)
class Card:
    """One visit in full."""

    key: str
    number: str
    revision: int
    stage: str
    place: str
    hamlet: str
    landmark: str
    wished: str
    need: str
    bring: str
    when: str
    who: str
    signs: str
    word: str
    result: str
    untold: bool


class Labels:
    """The words for what can be chosen; where residents hear the same, they are the bot's own."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._voice: Voice = voice_of(book, Contact())
        self.slots: Sequence[Option] = [(slot, begun(self.slot(slot))) for slot in Slot]
        self.signs: Sequence[Option] = [(sign, begun(self.sign(sign))) for sign in Sign]
        self.needs: Sequence[Option] = [(need, NEEDS[need]) for need in Need]
        self.outcomes: Sequence[Option] = [(closing, RESULTS[closing]) for closing in OUTCOMES]
        self.reasons: Sequence[Option] = [(why, REASONS[why]) for why in BY_TEAM]

    def slot(self, slot: str) -> str:
        return self._voice.line(f"visit_slot_{slot}") if slot in set(Slot) else ""

    def sign(self, sign: Sign) -> str:
        return self._voice.line(f"visit_sign_{sign}")

    def day(self, day: int) -> str:
        """Such as "thứ hai, 23/11/2026"."""
        name = self._voice.line(f"weekday_{weekday(day)}")
        return f"{name}, {dt.date(1970, 1, 1) + dt.timedelta(days=day):%d/%m/%Y}"

    def moment(self, at: int) -> str:
        return f"{dt.datetime.fromtimestamp(at + VIET_NAM, dt.UTC):%H:%M ngày %d/%m}"

    def place(self, commune: str) -> str:
        found = self._book.places.commune(commune) if commune else None
        return found.label if found else "Chưa rõ xã, phường"

    def meeting(self, meeting: Meeting) -> str:
        return begun(f"{self.slot(meeting.slot)} {self.day(meeting.day)}")


@lru_cache(maxsize=4)
def labels_of(book: Book) -> Labels:
    return Labels(book)


def row(labels: Labels, entry: Entry, now: int) -> Row:
    visit = entry.visit
    meeting = visit.meeting
    return Row(
        key=visit.key,
        number=visit.spoken,
        stage=STAGES[visit.stage],
        place=labels.place(visit.commune),
        hamlet=visit.wish.hamlet,
        wished=_wished(labels, visit),
        when=labels.meeting(meeting) if meeting else "",
        need=NEEDS.get(Need(visit.wish.need), "") if visit.wish.need in set(Need) else "",
        who=meeting.who if meeting else "",
        age=_age(now - visit.made_at),
        maker=entry.maker,
    )


def card(labels: Labels, visit: HomeVisit) -> Card:
    meeting = visit.meeting
    need = Need(visit.wish.need) if visit.wish.need in set(Need) else Need.OTHER
    return Card(
        key=visit.key,
        number=visit.spoken,
        revision=visit.revision,
        stage=STAGES[visit.stage],
        place=labels.place(visit.commune),
        hamlet=visit.wish.hamlet,
        landmark=visit.wish.landmark,
        wished=_wished(labels, visit),
        need=NEEDS[need],
        bring=TO_BRING[need],
        when=labels.meeting(meeting) if meeting else "",
        who=meeting.who if meeting else "",
        signs=", ".join(labels.sign(sign) for sign in meeting.signs) if meeting else "",
        word=meeting.word if meeting else "",
        result=_result(visit),
        untold=visit.untold,
    )


def date(day: int) -> str:
    """As forms and addresses write it: "2026-11-23"."""
    return f"{dt.date(1970, 1, 1) + dt.timedelta(days=day):%Y-%m-%d}"


def errors(book: Book) -> tuple[Option, ...]:
    """Known errors by their short names."""
    voice = voice_of(book, Contact())
    return tuple((error.id, voice.read(error.name)) for error in book.errors if error.name)


def guides(book: Book) -> tuple[Option, ...]:
    return tuple((flow.id, flow.title) for flow in book.flows.values())


def _wished(labels: Labels, visit: HomeVisit) -> str:
    return ", ".join(part for part in (labels.slot(visit.wish.slot), visit.wish.days) if part)


def _result(visit: HomeVisit) -> str:
    if visit.closing in set(RESULTS):
        return RESULTS[Closing(visit.closing)]
    return REASONS[Why(visit.why)] if visit.why in set(REASONS) else ""


def begun(words: str) -> str:
    """With a capital letter at its beginning; those inside stay."""
    return words[:1].upper() + words[1:]


def _age(seconds: int) -> str:
    if seconds < 3600:
        return f"{max(1, seconds // 60)} phút trước"
    return f"{seconds // 3600} giờ trước" if seconds < 2 * DAY else f"{seconds // DAY} ngày trước"
