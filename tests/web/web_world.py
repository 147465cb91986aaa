"""A whole bot for the tests of the web: real but for a small guide, a deaf matcher and a clock in hand."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.inbox import Inbox
from bot.app.platform import Door
from bot.app.ports import Store, StoreDown
from bot.content.draft import Said
from bot.content.locales import read_sentences, read_words
from bot.content.places import read_communes
from bot.content.translations import translate
from bot.core.book import Book, MenuGroup, Wording
from bot.core.dialogue import SENTENCES
from bot.core.faq import Credit
from bot.core.flow import Branch, Call, Case, End, Ending, Flow, Handoff, Place, Say, Text, Variables, Way
from bot.core.hearing import Decision, Verdict
from bot.core.message import Picture
from bot.core.screen import Button, Entry, Field, Frame, Press, Screen
from bot.language.ear import Ear
from bot.language.places import Gazetteer
from bot.language.sieve import sift
from bot.pictures.gallery import Gallery
from bot.store.open import open_store
from bot.web.pages import Parts, build_app

ROOT = Path(__file__).resolve().parents[2]
PLACES = Gazetteer(read_communes())
START = 1_795_000_000
KEY = bytes(range(32))
ORIGIN = "http://test"


class Unsure:
    """The matcher is not what is tested here: it never knows what a text is about."""

    def verdict(self, _: str, __: Collection[str] = (), /) -> Verdict:
        return Verdict(Decision.UNCLEAR, ())


def text(words: str, english: str = "") -> Text:
    def said(variables: Variables, /) -> str:
        if english and variables.locale == "en":
            return english
        return words.replace("{bác}", variables.xung_ho)

    return said


def way(
    label: str, following: str, stuck: str = "", sets: tuple[tuple[str, str], ...] = (), english: str = ""
) -> Way:
    return Way(text(label, english), following, stuck=stuck, sets=sets)


OPEN = Say(
    "mo-app",
    "Mở màn hình kích hoạt",
    text(
        "{bác} mở **VNeID**, rồi bấm «Kích hoạt».\nNút ở cuối màn hình.",
        "Open **VNeID**, then press «Kích hoạt» (Activate).",
    ),
    (
        way("Đã bấm", "co-the", english="I pressed it"),
        way("Không thấy nút này", "tim-nut", stuck="khong-thay", english="No such button"),
    ),
    picture=Picture("vneid-start", "Kích hoạt", "Màn hình đầu của VNeID, nút Kích hoạt được khoanh"),
    sources=("T1",),
)
FIND = Say(
    "tim-nut",
    "Tìm nút",
    text("{bác} kéo màn hình xuống dưới cùng."),
    (way("Thấy rồi", "mo-app"), way("Vẫn không thấy", "goi-nguoi", stuck="van-khong")),
)
CALL_PERSON = Handoff("goi-nguoi", "Nhờ người", text("Em gọi người."), "mo-app")
CARD = Say(
    "co-the",
    "Xem thẻ",
    text("{bác} có thẻ căn cước gắn chip không?"),
    (way("Có thẻ", "quet", sets=(("the", "co"),)), way("Chưa có thẻ", "di-lam", sets=(("the", "khong"),))),
    dated=True,
)
SCAN = Say("quet", "Quét thẻ", text("{bác} áp thẻ vào lưng máy."), (way("Xong", "cai-app"),))
GO = Say("di-lam", "Đi làm thẻ", text("{bác} ra Công an xã làm thẻ."), (way("Đã làm", "cai-app"),))
INSTALL = Call("cai-app", "Cài ứng dụng", "cai-dat", "theo-the")
BY_CARD = Branch("theo-the", (Case("the", "is", "co", "xong"),), "ve-sau")
DONE = End("xong", "Xong", text("{bác} làm đúng rồi."), Ending.COMPLETED)
LATER = End("ve-sau", "Hẹn", text("{bác} chờ thẻ rồi làm tiếp."), Ending.WENT_OFFLINE)

ACTIVATE = Flow(
    id="kich-hoat",
    version="a" * 16,
    title="Kích hoạt tài khoản VNeID",
    goal="đăng nhập được",
    intents={},
    reviewed="2026-11-21",
    sources=("T1",),
    start="mo-app",
    steps={
        step.id: step for step in (OPEN, FIND, CALL_PERSON, CARD, SCAN, GO, INSTALL, BY_CARD, DONE, LATER)
    },
    places={
        "mo-app": Place(1, 5),
        "co-the": Place(2, 5),
        "quet": Place(3, 5),
        "di-lam": Place(3, 5),
        "cai-app": Place(4, 5),
        "xong": Place(5, 5),
        "ve-sau": Place(5, 5),
        "tim-nut": Place(0, 5),
        "goi-nguoi": Place(0, 5),
        "theo-the": Place(0, 5),
    },
)
INSTALL_FLOW = Flow(
    id="cai-dat",
    version="b" * 16,
    title="Cài ứng dụng VNeID",
    goal="có ứng dụng trong máy",
    intents={},
    reviewed="2026-11-20",
    sources=(),
    start="kho",
    steps={
        "kho": Say("kho", "Mở kho", text("{bác} mở kho ứng dụng."), (way("Đã mở", "het"),)),
        "het": End("het", "Xong", text("{bác} cài xong rồi."), Ending.COMPLETED),
    },
    places={"kho": Place(1, 2), "het": Place(2, 2)},
)


def doors(commune: str) -> tuple[Door, ...]:
    """As a bot with Zalo and Telegram would say."""
    return (
        Door("zalo_oa", "https://zalo.me/123", f"XA {commune}"),
        Door("zalo_bot", "https://zalo.me/456", f"XA {commune}"),
        Door("telegram", f"https://t.me/bot?start=c_{commune}"),
    )


SOURCES = {"T1": ("Báo điện tử <Chính phủ>", "2026-07-15", "https://example.gov.vn/bai")}


IN_ENGLISH = {
    ("kich-hoat", "Kích hoạt tài khoản VNeID"): "Activate your account",
    ("kich-hoat", "đăng nhập được"): "Log in",
    ("kich-hoat", "Mở màn hình kích hoạt"): "Open the activation screen",
    ("kich-hoat", "Xem thẻ"): "Look at your card",
    (
        "kich-hoat",
        "Màn hình đầu của VNeID, nút Kích hoạt được khoanh",
    ): "VNeID, the button Kích hoạt is circled",
}


def small_book() -> Book:
    """Two guides, of which one is partly translated; the bot's own sentences and the pages are real."""
    flows = {flow.id: flow for flow in (ACTIVATE, INSTALL_FLOW)}
    words, _ = read_words(ROOT)
    said: list[Said] = []
    sentences = read_sentences(ROOT, SENTENCES, said, [])
    english = translate(ROOT, "en", said, (), words, None, [])
    return Book(
        flows=flows,
        editions={(flow.id, flow.version): flow for flow in flows.values()},
        answers={},
        errors=(),
        topics={},
        credits={flow.id: Credit("", flow.reviewed) for flow in flows.values()},
        starts={},
        menu=(MenuGroup(text("Kích hoạt", "Activate"), ("kich-hoat",)),),
        wording=Wording(sentences),
        hearing=Ear(words, Unsure()),
        organisation="Tổ công nghệ số xã Tân Phú",
        web_address="https://vneid.example.vn",
        names={"en": IN_ENGLISH},
        pages={"en": english.pages},
        places=PLACES,
    )


START_SCREEN = Screen(
    "vneid-start",
    Frame.ANDROID,
    "VNeID",
    "",
    (
        Field(Entry.FIELD, "Số định danh cá nhân"),
        Field(Entry.FIELD, "Mật khẩu"),
        Button(Press.BUTTON, "Đăng nhập"),
        Button(Press.OUTLINE, "Kích hoạt"),
    ),
)


def drawn(folder: Path) -> Gallery:
    """Pictures for the small book, kept in a folder."""
    return Gallery({START_SCREEN.id: START_SCREEN}, folder / "photos", folder / "pictures")


class Clock:
    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def forward(self, seconds: int) -> None:
        self.now += seconds


def drawing() -> Callable[[int], str]:
    """Tokens that look random, never repeat, and are the same in every run."""
    count = itertools.count()
    return lambda size: sha256(f"{size} {next(count)}".encode()).hexdigest()


@dataclass(frozen=True)
class World:
    parts: Parts
    app: FastAPI
    clock: Clock
    store: Store
    inbox: Inbox
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self, host: str = "10.0.0.1", **options: Any) -> httpx.AsyncClient:
        """Somebody's browser: keeps cookies, says where it comes from as browsers do."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(host, 1))
        headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
        client = httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, headers={**headers, **options.pop("headers", {})}, **options
        )
        self.browsers.append(client)
        return client


@contextlib.asynccontextmanager
async def world(folder: Path, **changes: Any) -> AsyncIterator[World]:
    store = open_store(f"sqlite:///{folder / 'bot.db'}", KEY, frozenset({"web"}))
    clock = Clock()
    draw = drawing()
    book = small_book()
    bell = Bell()
    seeds = itertools.count()
    inbox = Inbox(store, answering(book), sift, bell, clock, lambda: f"{next(seeds):016x}")
    parts = Parts(
        inbox=inbox,
        store=store,
        book=book,
        bell=bell,
        sieve=sift,
        now=clock,
        draw=draw,
        organisation=book.organisation,
        web_address=book.web_address,
        sources=SOURCES,
        doors=doors,
    )
    parts = replace(parts, **changes)
    built = World(parts, build_app(parts), clock, store, inbox)
    try:
        yield built
    finally:
        for client in built.browsers:
            await client.aclose()
        await inbox.drain()
        await store.close()


class Away:
    """A store whose database does not answer."""

    def __getattr__(self, name: str) -> Any:
        async def down(*_: object, **__: object) -> None:
            raise StoreDown("away")

        return down
