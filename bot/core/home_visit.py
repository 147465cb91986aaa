"""A visit at home by the commune's volunteers: asked for, agreed, then done or called off.

It lives in the conversation's state and changes only in its transaction, like a ticket; the table is an index
of it. Everything here is a decision about one visit; what is said of it is in `home_news.py`. No
name and no number of the resident belongs to it, and no house number has to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b

from bot.core.ticket import Closing

DAY = 86400
VIET_NAM = 7 * 3600

UNANSWERED = 14 * DAY
"""Seconds after which nobody of the team has said a word: it is called off, honestly."""

NO_WORD = 7
"""Days after the agreed one on which a visit of which nothing was heard is over."""

FARTHEST = 60
"""Days ahead for which a visit can be agreed."""

KEPT = 30 * DAY
"""Seconds for which what was said stays once a visit is over."""

OFFERED_FOR = 3 * DAY
"""Seconds in which a resident may agree to what a volunteer has written down for them."""

EVENING = 18 * 3600
"""When the resident is reminded, on the day before: seconds from midnight."""

LONGEST = 80
"""Characters of a hamlet, a landmark, a word about days."""

MOST_WHO = 80
"""Characters of who comes."""


MOST_DIGITS = 4
"""Enough for "tổ 12, thôn 3", too few for a number to call."""


class Stage(StrEnum):
    """`OFFERED`: a volunteer has written it down, and the resident has not agreed to that yet."""

    OFFERED = "offered"
    REQUESTED = "requested"
    AGREED = "agreed"
    DONE = "done"
    CALLED_OFF = "called_off"


class Slot(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Need(StrEnum):
    """What help is wanted with; it tells the team what to bring."""

    INSTALL = "install"
    ACTIVATE = "activate"
    OTHER = "other"


class Sign(StrEnum):
    """How a visitor is known. A fixed list: nothing that a volunteer types becomes a sign of trust."""

    SHIRT = "shirt"
    BADGE = "badge"
    HAT = "hat"
    LETTER = "letter"
    ELDER = "elder"


class Why(StrEnum):
    """Why a visit is called off. The last three are no decision of the team."""

    NOBODY = "nobody"
    POLICE = "police"
    SOLVED = "solved"
    UNCLEAR = "unclear"
    WEATHER = "weather"
    RESIDENT = "resident"
    UNANSWERED = "unanswered"
    NO_WORD = "no_word"


BY_TEAM = (Why.NOBODY, Why.POLICE, Why.SOLVED, Why.UNCLEAR, Why.WEATHER)

OUTCOMES = (Closing.SOLVED, Closing.OFFICE, Closing.UNSOLVED, Closing.GONE)
"""What can come of a visit that took place; `GONE`: nobody was at home."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Where, when and what for, in the resident's words after the sieve. `slot` empty: any time of day."""

    hamlet: str
    landmark: str
    slot: str = ""
    days: str = ""
    need: str = Need.OTHER


@dataclass(frozen=True, slots=True)
class Meeting:
    """What was agreed. `day` counts from 1970 in Viet Nam; `word` is what the visitor has to say first."""

    day: int
    slot: Slot
    who: str
    signs: tuple[Sign, ...]
    word: str


@dataclass(frozen=True, slots=True)
class HomeVisit:
    """`key` is random and names it in addresses, `number` is what people say. `revision` rises with every
    change: who has seen another one is refused. `made_by` is the volunteer who wrote it down, 0 the
    resident. `asked` is the number of the question whether it may be passed on. `untold`: the resident could
    not be told of the last change when it was made.
    """

    key: str
    number: int
    stage: Stage
    commune: str
    wish: Wish
    made_at: int
    changed_at: int
    made_by: int = 0
    revision: int = 1
    flow: str = ""
    step: str = ""
    meeting: Meeting | None = None
    closed_at: int = 0
    why: str = ""
    closing: str = ""
    closed_step: str = ""
    error: str = ""
    asked: int = 0
    reminded: bool = False
    untold: bool = False

    @property
    def is_open(self) -> bool:
        return self.stage in {Stage.REQUESTED, Stage.AGREED}

    @property
    def spoken(self) -> str:
        """The number in two pairs, as it is read aloud: "48-21"."""
        return f"{self.number // 100}-{self.number % 100:02}"


class Not(StrEnum):
    """Why a visit cannot be changed as somebody wants."""

    CHANGED = "changed"
    OVER = "over"
    OPEN = "open"
    TOLD_BADLY = "told_badly"
    NO_SUCH_DAY = "no_such_day"
    NOT_YOURS = "not_yours"
    NOT_AGREED = "not_agreed"
    OFFICIAL = "official"
    TOO_NEW = "too_new"


@dataclass(frozen=True, slots=True)
class Declined:
    why: Not


def requested(
    wish: Wish, commune: str, now: int, seed: str, *, flow: str = "", step: str = "", by: int = 0
) -> HomeVisit:
    """`by`: a volunteer writes it down, so the resident has to agree first."""
    drawn = _drawn("visit", seed)
    return HomeVisit(
        key=f"{drawn:036x}"[-18:],
        number=1000 + drawn % 9000,
        stage=Stage.OFFERED if by else Stage.REQUESTED,
        commune=commune,
        wish=wish,
        made_at=now,
        changed_at=now,
        made_by=by,
        flow=flow,
        step=step,
    )


def agreed(
    visit: HomeVisit, revision: int, plan: Meeting, now: int, seed: str, *, far: bool = True
) -> HomeVisit | Declined:
    """A day and who comes, also in place of what was agreed before: then there is a new word to say.

    `far` False: we could not remind the resident on the evening before.
    """
    refusal = _unless_open(visit, revision)
    if refusal is not None:
        return refusal
    if not today(now) <= plan.day <= today(now) + FARTHEST:
        return Declined(Not.NO_SUCH_DAY)
    if not plan.signs or not is_plain(plan.who, MOST_WHO):
        return Declined(Not.TOLD_BADLY)
    late = not far or now >= evening_before(plan.day)
    meeting = replace(plan, word=word_of(seed))
    return _moved(visit, Stage.AGREED, now, meeting=meeting, reminded=late)


def done(
    visit: HomeVisit, revision: int, closing: Closing, step: str, error: str, now: int
) -> HomeVisit | Declined:
    """It took place: what came of it and what it was about."""
    refusal = _unless_open(visit, revision)
    if refusal is not None:
        return refusal
    if visit.stage is not Stage.AGREED:
        return Declined(Not.NOT_AGREED)
    closed = _moved(visit, Stage.DONE, now, closed_at=now, closing=str(closing))
    return replace(closed, closed_step=step, error=error)


def called_off(visit: HomeVisit, revision: int, why: Why, now: int) -> HomeVisit | Declined:
    refusal = _unless_open(visit, revision)
    return refusal or _moved(visit, Stage.CALLED_OFF, now, closed_at=now, why=str(why))


def due_at(visit: HomeVisit | None) -> int:
    """When time alone changes it next; 0: never."""
    if visit is None:
        return 0
    match visit.stage:
        case Stage.OFFERED:
            return visit.changed_at + OFFERED_FOR
        case Stage.REQUESTED:
            return visit.changed_at + UNANSWERED
        case Stage.AGREED if visit.meeting is not None and not visit.reminded:
            return evening_before(visit.meeting.day)
        case Stage.AGREED if visit.meeting is not None:
            return midnight(visit.meeting.day + NO_WORD)
        case _:
            return visit.closed_at + KEPT


def today(now: int) -> int:
    """The day in Viet Nam, as days since 1970-01-01."""
    return (now + VIET_NAM) // DAY


def midnight(day: int) -> int:
    """When a day begins in Viet Nam."""
    return day * DAY - VIET_NAM


def evening_before(day: int) -> int:
    return midnight(day - 1) + EVENING


def weekday(day: int) -> int:
    """0 is Monday."""
    return datetime.fromtimestamp(day * DAY, UTC).weekday()


def date_of(day: int) -> str:
    """Such as "28/11"."""
    return f"{datetime.fromtimestamp(day * DAY, UTC):%d/%m}"


def is_plain(words: str, most: int) -> bool:
    """Whether words that go from a volunteer to a resident are names and places and nothing else: no number
    that could be called, no address on the web, nothing about codes or money.
    """
    return (
        0 < len(words.strip()) <= most
        and sum(letter.isdigit() for letter in words) <= MOST_DIGITS
        and _PLAIN.fullmatch(words) is not None
        and not is_dangerous(words)
    )


def is_dangerous(words: str) -> bool:
    """Whether words speak of codes, of money, or of another way to talk: a place needs none of them."""
    return _DANGER.search(words) is not None


def tidied(words: str) -> str:
    """What the resident said of a place, without what the sieve put in the stead of a secret."""
    return " ".join(_MASKS.sub(" ", words).split())[:LONGEST].strip(" ,;")


def word_of(seed: str) -> str:
    """What only the resident and the visitors know: a thing of two syllables and a number of two digits."""
    drawn = _drawn("word", seed)
    return f"{_THINGS[drawn % len(_THINGS)]} {10 + drawn // len(_THINGS) % 90}"


def _unless_open(visit: HomeVisit, revision: int) -> Declined | None:
    if not visit.is_open:
        return Declined(Not.OVER)
    return None if visit.revision == revision else Declined(Not.CHANGED)


def _moved(
    visit: HomeVisit,
    stage: Stage,
    now: int,
    *,
    meeting: Meeting | None = None,
    reminded: bool = False,
    closed_at: int = 0,
    why: str = "",
    closing: str = "",
) -> HomeVisit:
    return replace(
        visit,
        stage=stage,
        changed_at=now,
        revision=visit.revision + 1,
        meeting=meeting or visit.meeting,
        reminded=reminded,
        closed_at=closed_at,
        why=why,
        closing=closing,
        untold=False,
    )


def _drawn(purpose: str, seed: str) -> int:
    return int.from_bytes(blake2b(f"{purpose}.{seed}".encode(), digest_size=12).digest())


_MASKS = re.compile(r"\[[^\[\]]{1,40}\]")
_PLAIN = re.compile(r"(?:[^\W\d_]+|\d{1,2}(?!\d)|[ ,()–-])+")
_DANGER = re.compile(
    r"\b(?:otp|zalo|facebook|telegram|viber|mật khẩu|passcode|tiền|phí|chuyển khoản|tài khoản|mã|đọc|gọi)\b",
    re.IGNORECASE,
)
_THINGS = (
    "hoa sen",
    "hoa mai",
    "hoa đào",
    "hoa cúc",
    "hoa bưởi",
    "cây đa",
    "cây tre",
    "cây dừa",
    "cây cau",
    "cây khế",
    "nón lá",
    "áo tơi",
    "cầu tre",
    "bến đò",
    "giếng nước",
    "sân đình",
    "con trâu",
    "con bò",
    "con nghé",
    "con cò",
    "chim sẻ",
    "chim sáo",
    "cá chép",
    "cá rô",
    "bánh chưng",
    "bánh đúc",
    "xôi gấc",
    "chè xanh",
    "cơm nếp",
    "khoai lang",
    "quả bưởi",
    "quả cam",
    "quả na",
    "quả thị",
    "trăng rằm",
    "mưa rào",
    "nắng hạ",
    "gió nồm",
    "sông quê",
    "ruộng lúa",
)
