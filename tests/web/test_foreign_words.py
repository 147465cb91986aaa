"""Nobody else may post for a person, and what anybody writes is never markup."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from web_phone import BEGIN, begun
from web_world import World, world

from bot.core.message import Address
from bot.web import chat, render
from bot.web.views import Paragraph, local_link, paragraphs, plain


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as built:
        yield built


@pytest.fixture
def phone(here: World) -> httpx.AsyncClient:
    return here.browser()


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
]
OLD_FOREIGN = ["https://evil.example", "null", "http://test.evil.example", "http://evil.example/?http://test"]
POSTS = ["/", "/luu", "/tiep", "/du-lieu/xoa"]


@pytest.mark.parametrize("url", POSTS)
@pytest.mark.parametrize("headers", FOREIGN)
async def test_another_site_cannot_post(here: World, url: str, headers: dict[str, str]) -> None:
    phone = here.browser()
    answer = await phone.post(url, data={"nut": BEGIN}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", OLD_FOREIGN)
async def test_nor_through_a_browser_that_only_says_origin(here: World, origin: str) -> None:
    assert (await old_phone(here, origin).post("/", data={"nut": BEGIN})).status_code == 403


async def test_our_own_page_can_in_such_a_browser(here: World) -> None:
    assert (await old_phone(here, "http://test").post("/", data={"nut": BEGIN})).status_code == 303


@pytest.mark.parametrize("origin", OLD_FOREIGN)
async def test_without_the_check_it_would(here: World, origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""

    def nothing(_: Request) -> None:
        return

    monkeypatch.setattr(chat, "refuse_foreign", nothing)
    assert (await old_phone(here, origin).post("/", data={"nut": BEGIN})).status_code == 303


def old_phone(here: World, origin: str) -> httpx.AsyncClient:
    phone = here.browser(headers={"Origin": origin})
    del phone.headers["Sec-Fetch-Site"]
    return phone


async def test_looking_changes_nothing(here: World, phone: httpx.AsyncClient) -> None:
    token = await begun(phone)
    before = await here.store.kept(Address("web", token))
    for url in ("/", "/luu", "/tiep", "/tiep/ACDEFGHJ", "/du-lieu", "/du-lieu.json", "/privacy", "/guide"):
        await phone.get(url)
    assert await here.store.kept(Address("web", token)) == before


# --- what people write is never markup ------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{7*7}} {% raw %}",
    "**<b>đậm</b>**",
    "[a](javascript:alert(1))",
    "</div></body>",
]


def is_harmless(page: str) -> bool:
    return not re.search(r"<script>|<img src=x|<svg onload|</div></body>.*<form|<b>đậm", page, re.DOTALL)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_are_shown_as_words(phone: httpx.AsyncClient, text: str) -> None:
    unkept = (await phone.post("/", data={"tin": text})).text
    await begun(phone)
    await phone.post("/", data={"tin": text})
    kept = (await phone.get("/")).text
    data = (await phone.get("/du-lieu")).text
    for page in (unkept, kept, data):
        assert is_harmless(page)
    if "7*7" in text:
        assert "{{7*7}}" in kept


async def test_without_escaping_they_would_not_be(
    phone: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    monkeypatch.setattr(render._TEMPLATES, "autoescape", False)
    forget_templates()
    try:
        page = (await phone.post("/", data={"tin": HOSTILE[0]})).text
    finally:
        monkeypatch.undo()
        forget_templates()
    assert not is_harmless(page)


def forget_templates() -> None:
    if render._TEMPLATES.cache is not None:
        render._TEMPLATES.cache.clear()


def test_no_template_switches_escaping_off() -> None:
    folder = Path(render.__file__).parent / "templates"
    for template in folder.rglob("*.html"):
        text = template.read_text("utf-8")
        assert "|safe" not in text.replace(" ", "")
        assert "autoescape" not in text
        assert "style=" not in text
        assert not re.search(r"\son[a-z]+=", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** c", ((("a ", False), ("b", True), (" c", False)),)),
        ("một\nhai\n\n\nba", ((("một\nhai", False),), (("ba", False),))),
        ("**mở mà không đóng", ((("**mở mà không đóng", False),),)),
        ("****", ((("****", False),),)),
        ("", ()),
    ],
)
def test_bold_and_paragraphs_are_all_there_is(text: str, expected: tuple[Paragraph, ...]) -> None:
    assert paragraphs(text) == expected


def test_a_residents_stars_stay_stars() -> None:
    assert plain("**a**") == ((("**a**", False),),)


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://vneid.example.vn/guide/x", "/guide/x"),
        ("/guide/x", "/guide/x"),
        ("https://other.vn/a", "https://other.vn/a"),
        ("javascript:alert(1)", ""),
        ("//evil.example", ""),
        ("/\\evil.example", ""),
        ("http://other.vn", ""),
        ("", ""),
    ],
)
def test_links_lead_home_or_to_a_safe_address(link: str, shown: str) -> None:
    assert local_link(link, "https://vneid.example.vn") == shown
