"""Who lives here: where, on which phone, how patient, how they answer, and what they want of VNeID."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.core.contact import SOURCE
from bot.core.message import Address
from bot.core.places import Commune
from bot.simulating.hours import Span, arrival

PREFIX = "mo-phong-"
"""Addresses begin so: nobody has one of these."""

PROVINCE = "66"
"""Where most of them live."""

TWO_DAYS = 48 * 3600

POSTERED = 8
"""The biggest communes have posters with numbers."""

CHANNELS = (("web", 46), ("zalo_oa", 30), ("telegram", 10), ("zalo_bot", 14))
WINDOWS = {"zalo_oa": TWO_DAYS}

WANTED = (
    ("kich-hoat", 38),
    ("cai-dat", 11),
    ("quen-mat-khau", 10),
    ("otp", 7),
    ("doi-may", 6),
    ("dang-ky-muc-2", 6),
    ("an-sinh-xa-hoi", 5),
    ("tich-hop-giay-to", 4),
    ("dang-ky-muc-1", 3),
    ("nguoi-cao-tuoi-tai-nha", 2),
    ("hen-den-nha", 3),
    ("khuon-mat", 2),
    ("nfc", 2),
    ("sai-thong-tin", 2),
    ("so-dien-thoai-sim", 2),
    ("dich-vu-cong", 2),
    ("lua-dao", 1),
)
"""Guides, and how many of a hundred or so come for them."""


@dataclass(frozen=True, slots=True)
class Person:
    """`worse` is how much harder everything is for them than for others; `patience` how many messages they
    write before they have had enough. `types`: of a hundred answers so many are typed words, `numbers` so
    many typed numbers, the rest pressed. `slip`: of a hundred typed words so many are mistyped; without
    `marks` they type no diacritics. `pace` is how slow they are. `says_where`: the commune is typed, since no
    poster told it.
    """

    number: int
    channel: str
    commune: str
    poster: str
    says_where: bool
    phone: str
    locale: str
    form: str
    types: int
    numbers: int
    slip: int
    marks: bool
    patience: int
    pace: float
    wants: tuple[str, ...]
    arrives_at: int

    @property
    def address(self) -> Address:
        return Address(self.channel, f"{PREFIX}{self.number}")

    @property
    def window(self) -> int:
        return WINDOWS.get(self.channel, 0)


@dataclass(frozen=True, slots=True)
class Town:
    """The communes with how many of all people live in each, most first."""

    communes: tuple[Commune, ...]
    shares: tuple[float, ...]


def town(communes: Sequence[Commune], random: Random) -> Town:
    """One province: a few big communes, the first much the biggest, many small ones; and a few people from
    elsewhere.
    """
    here = [commune for commune in communes if commune.within == PROVINCE]
    elsewhere = random.sample([commune for commune in communes if commune.within != PROVINCE], 12)
    random.shuffle(here)
    shares = [1 / (rank + 4) for rank in range(len(here))]
    shares[0] *= 2.5
    few = 0.04 * sum(shares) / len(elsewhere)
    return Town((*here, *elsewhere), (*shares, *(few for _ in elsewhere)))


def person(number: int, town: Town, span: Span, known: Sequence[str], random: Random) -> Person:
    """`known` are the guides there are."""
    age = random.choices(("old", "middle", "young"), (42, 38, 20))[0]
    channel = _drawn(random, CHANNELS)
    (commune,) = random.choices(town.communes, town.shares)
    led = random.random()
    types = {"old": 12, "middle": 20, "young": 28}[age]
    wanted = [(flow, weight) for flow, weight in WANTED if flow in known]
    wants = [_drawn(random, wanted)]
    if random.random() < 0.14:
        wants += [flow for flow in (_drawn(random, wanted),) if flow not in wants]
    return Person(
        number=number,
        channel=channel,
        commune=commune.code if led < 0.88 else "",
        poster=_poster(commune.code, town, random) if led < 0.62 else "",
        says_where=0.62 <= led < 0.88,
        phone=random.choices(("android", "iphone"), (74, 26))[0] if channel == "web" else "",
        locale="en" if random.random() < 0.008 else SOURCE,
        form=random.choices(*FORMS[age])[0],
        types=types,
        numbers=30 if channel == "zalo_oa" else 14,
        slip={"old": 30, "middle": 16, "young": 9}[age],
        marks=random.random() < 0.55,
        patience=max(8, round(random.gauss({"old": 34, "middle": 42, "young": 38}[age], 12))),
        pace={"old": 1.7, "middle": 1.1, "young": 0.8}[age] * random.uniform(0.7, 1.4),
        wants=tuple(wants),
        arrives_at=arrival(span, random),
    )


FORMS = {
    "old": (("bác", "cô", "chú"), (70, 15, 15)),
    "middle": (("cô", "chú", "anh", "chị", "bác"), (28, 28, 18, 18, 8)),
    "young": (("anh", "chị", "bạn"), (34, 34, 32)),
}


def _poster(code: str, town: Town, random: Random) -> str:
    """Where posters have numbers, most have read one of those."""
    numbered = any(commune.code == code for commune in town.communes[:POSTERED])
    return f"{code}-{random.choice((1, 1, 2))}" if numbered and random.random() < 0.8 else code


def _drawn(random: Random, weighted: Sequence[tuple[str, int]]) -> str:
    return random.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]
