"""What holds for every page: headers, caching, kindness in trouble, and how few bytes it takes."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from web_phone import begun, press
from web_world import World, world

from bot.web.assets import ASSETS
from bot.web.errors import TROUBLES


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as built:
        yield built


@pytest.fixture
def phone(here: World) -> httpx.AsyncClient:
    return here.browser()


PAGES = [
    *("/", "/guide", "/guide/kich-hoat", "/privacy", "/du-lieu", "/luu", "/tiep", "/tiep/ACDEFGHJ"),
    *("/c/22291", "/c/99999"),
    *("/khong-co", "/guide/khong-co", "/openapi.json", "/webhooks/rest/", "/chat/stream", "/du-lieu.json"),
]
PRIVATE = ["/", "/du-lieu", "/du-lieu.json", "/luu", "/tiep", "/tiep/ACDEFGHJ", "/khong-co", "/c/22291"]


class Broken:
    """A store with a fault of ours in it."""

    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError(name)


def check_headers(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    for rule in (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "object-src 'none'"),
        *("base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"),
    ):
        assert rule in policy
    assert "unsafe" not in policy
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in answer.headers["permissions-policy"]


@pytest.mark.parametrize("url", PAGES)
async def test_every_answer_is_sealed(phone: httpx.AsyncClient, url: str) -> None:
    await begun(phone)
    check_headers(await phone.get(url) if url != "/chat/stream" else await phone.get(f"{url}?sender=nobody"))


@pytest.mark.parametrize("url", PRIVATE)
async def test_pages_of_one_person_are_kept_by_no_cache(phone: httpx.AsyncClient, url: str) -> None:
    await begun(phone)
    assert (await phone.get(url)).headers["cache-control"] == "no-store"


async def test_a_fault_of_ours_is_told_kindly_and_sealed(tmp_path: Path) -> None:
    async with world(tmp_path, store=cast("Any", Broken())) as here:
        phone = here.browser(headers={"Cookie": f"vneid_chat={'x' * 43}"})
        page = await phone.get("/")
        data = await phone.get("/chat/stream")
    assert page.status_code == 500
    assert "Lỗi này không phải do bác" in page.text
    assert "ZeroDivisionError" not in page.text
    assert data.json()["error"]["code"] == "internal"
    check_headers(page)


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [("GET", "/khong-co", 404), ("PUT", "/", 405), ("POST", "/guide", 405), ("GET", "/static/x.css", 404)],
)
async def test_trouble_is_a_page_for_people(
    phone: httpx.AsyncClient, method: str, url: str, status: int
) -> None:
    page = await phone.request(method, url)
    assert page.status_code == status
    assert TROUBLES[status].title in page.text
    assert 'href="/"' in page.text
    as_json = await phone.request(method, url, headers={"Accept": "application/json"})
    assert as_json.status_code == status
    assert as_json.json()["error"]["code"] == TROUBLES[status].code


def test_every_trouble_has_its_own_code_and_kind_words() -> None:
    assert set(TROUBLES) >= {404, 405, 413, 429, 500, 503}
    assert len({trouble.code for trouble in TROUBLES.values()}) == len(TROUBLES)
    assert all("bác" in trouble.advice.lower() for trouble in TROUBLES.values())


@pytest.mark.parametrize("name", sorted(ASSETS))
async def test_files_are_kept_for_ever_under_the_name_of_their_content(
    phone: httpx.AsyncClient, name: str
) -> None:
    asset = ASSETS[name]
    answer = await phone.get(asset.address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == asset.plain == gzip.decompress(asset.packed)
    plain = await phone.get(asset.address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == asset.plain
    assert (await phone.get(asset.address.replace(".", ".0", 1))).status_code == 404


async def test_a_browser_that_knows_no_gzip_gets_none(phone: httpx.AsyncClient) -> None:
    page = await phone.get("/", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in page.headers
    assert "<!doctype html>" in page.text


async def test_the_whole_first_load_fits_a_slow_line(phone: httpx.AsyncClient) -> None:
    page = await phone.get("/")
    names = set(re.findall(r'(?:href|src)="(/static/[^"]*)"', page.text))
    assert len(names) == 3
    sizes = [int((await phone.get(name)).headers["content-length"]) for name in names]
    assert int(page.headers["content-length"]) + sum(sizes) < 20_000


class Outline(HTMLParser):
    """The parts of a page that a screen reader goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.lang = ""
        self.labelled: list[str] = []
        self.fields: list[str] = []
        self.refs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids.extend(filter(None, [values.get("id")]))
        self.lang = self.lang or values.get("lang", "")
        if tag == "label":
            self.labelled.append(values["for"])
        if tag == "input" and values.get("type") != "hidden":
            self.fields.append(values["id"])
        if tag == "img":
            assert "alt" in values
        self.refs.extend(value for name, value in values.items() if name in {"src", "action"})
        if tag == "link" and values["rel"] != "alternate":  # which no browser loads
            self.refs.append(values["href"])


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "url", [url for url in PAGES if "." not in url and not url.startswith(("/web", "/chat"))]
)
async def test_every_page_has_its_landmarks_and_loads_nothing_from_elsewhere(
    phone: httpx.AsyncClient, url: str, lang: str
) -> None:
    await press(phone, f"!begin..{lang}")
    outline = Outline()
    outline.feed((await phone.get(f"{url}?lang={lang}")).text)
    assert outline.lang == lang
    for landmark in ("header", "main", "nav", "footer", "h1", "title"):
        assert outline.tags.count(landmark) == 1, landmark
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.fields == outline.labelled
    assert all(ref.startswith("/") and not ref.startswith("//") for ref in outline.refs)
