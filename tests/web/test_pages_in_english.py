"""The pages in English: by address, by what the conversation is in, and Vietnamese where neither says so."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from web_phone import begun, buttons, hidden, press, quick, said
from web_world import World, drawn, small_book, world

from bot.web import render
from bot.web.errors import TROUBLES
from bot.web.tongue import NAMES, Tongue, spoken, tongue_of

TEMPLATES = Path(render.__file__).parent / "templates"
VIETNAMESE = re.compile(r"[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư]", re.IGNORECASE)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, pictures=drawn(tmp_path)) as built:
        yield built


@pytest.fixture
def phone(here: World) -> httpx.AsyncClient:
    return here.browser()


async def speaking(phone: httpx.AsyncClient) -> None:
    """Somebody who began in English."""
    await press(phone, "!begin..en")


def words_of(page: str) -> str:
    """What a reader sees of a page, without what names itself in its own language."""
    page = re.sub(r'<(\w+)\b[^>]*\blang="vi"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", page[page.index("<body") :])


OURS = ("Tổ công nghệ số xã Tân Phú", "Cài ứng dụng VNeID", "Tiếng Việt", "https://vneid.example.vn")
"""Names, which stay as they are, and a guide that nobody has translated."""


@pytest.mark.parametrize(
    "url", ["/", "/guide", "/privacy", "/du-lieu", "/luu", "/tiep", "/tiep/ACDEFGHJ", "/khong-co", "/tiep/xx"]
)
async def test_a_page_asked_for_in_english_is_english_throughout(phone: httpx.AsyncClient, url: str) -> None:
    page = (await phone.get(f"{url}?lang=en")).text
    assert '<html lang="en">' in page
    words = words_of(page)
    for name in OURS:
        words = words.replace(name, "")
    assert [line for line in words.splitlines() if VIETNAMESE.search(line)] == []
    attributes = re.findall(r'(?:aria-label|content|alt|data-[a-z]+)="([^"]*)"', page)
    assert [one for one in attributes if VIETNAMESE.search(one)] == []


@pytest.mark.parametrize("url", ["/", "/guide", "/guide/kich-hoat", "/privacy", "/khong-co"])
@pytest.mark.parametrize("lang", ["", "?lang=vi", "?lang=fr", "?lang=", "?lang=en'><script>"])
async def test_otherwise_it_is_vietnamese(phone: httpx.AsyncClient, url: str, lang: str) -> None:
    page = (await phone.get(url + lang)).text
    assert '<html lang="vi">' in page
    assert "<script>" not in page


@pytest.mark.parametrize("url", ["/guide", "/guide/kich-hoat", "/privacy", "/khong-co", "/tiep", "/luu"])
async def test_every_link_of_ours_carries_the_language(phone: httpx.AsyncClient, url: str) -> None:
    page = (await phone.get(f"{url}?lang=en")).text
    links = re.findall(r'<a [^>]*href="(/[^"]*)"', page)
    assert len(links) >= 5
    assert [link for link in links if "lang=" not in link and not link.startswith("/pictures/")] == []
    other = re.findall(r'<a href="([^"]*)" hreflang="vi" lang="vi">Tiếng Việt</a>', page)
    assert other == [f"{url}?lang=vi"]


async def test_what_else_was_asked_is_kept_when_the_language_is_changed(phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/guide/kich-hoat?het=1")).text
    assert '<a href="/guide/kich-hoat?het=1&amp;lang=en" hreflang="en" lang="en">English</a>' in page
    english = (await phone.get("/guide/kich-hoat?het=1&lang=en")).text
    assert "<details open>" in english
    assert 'href="/guide/kich-hoat?lang=en">Hide the help' in english


@pytest.mark.parametrize("url", ["/guide", "/guide/kich-hoat", "/privacy"])
async def test_search_engines_are_told_of_both(phone: httpx.AsyncClient, url: str) -> None:
    for lang in ("", "?lang=en"):
        page = (await phone.get(url + lang)).text
        found = re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', page)
        assert found == [
            ("vi", f"https://vneid.example.vn{url}"),
            ("x-default", f"https://vneid.example.vn{url}"),
            ("en", f"https://vneid.example.vn{url}?lang=en"),
        ]
    assert "alternate" not in (await phone.get("/luu")).text


async def test_a_guide_in_english(phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/guide/kich-hoat?lang=en")).text
    assert "<h1>Activate your account</h1>" in page
    assert "When you are done, you can log in." in page
    assert "<h2>Step 1/5: Open the activation screen</h2>" in page
    assert "then press «Kích hoạt» (Activate)." in page
    assert "If you get stuck" in page
    assert "«No such button»" in page
    assert 'alt="VNeID, the button Kích hoạt is circled"' in page
    assert 'Follow the guide <a href="/guide/cai-dat?lang=en">' in page
    assert "A person should help with this step" in page
    assert "you chose «Có thẻ» before" in page
    assert "set-cookie" not in (await phone.get("/guide/kich-hoat?lang=en")).headers


async def test_a_reader_presses_english_and_reads_on_in_english(phone: httpx.AsyncClient) -> None:
    """Without a script: each answer is a page in the language of what was said last."""
    first = (await phone.get("/")).text
    assert buttons(first)[-1] == ("!speak..en", "English")
    answer = await press(phone, "!speak..en")
    assert '<html lang="en">' in answer.text
    assert buttons(answer.text) == [
        ("!begin..en", "1 · Start"),
        ("!read..en", "2 · Just show me the guides"),
        ("!speak.", "Tiếng Việt"),
    ]
    assert hidden(answer.text, "lang") == "en"


async def test_words_typed_on_an_english_page_are_answered_in_english(phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/?lang=en")).text
    form = {"ma_tin": hidden(page, "ma_tin"), "moi": hidden(page, "moi"), "lang": hidden(page, "lang")}
    answer = await phone.post("/", data={**form, "tin": "abc xyz"})
    assert '<html lang="en">' in answer.text
    assert "Hello!" in said(answer.text)[-1]


async def test_who_is_known_sees_the_language_of_the_conversation(phone: httpx.AsyncClient) -> None:
    await speaking(phone)
    for url in ("/", "/?lang=vi"):
        page = (await phone.get(url)).text
        assert '<html lang="en">' in page
        assert "What do you need help with?" in said(page)[-1]
        assert 'hreflang="vi"' not in page  # here it is changed in the conversation
    assert '<html lang="en">' in (await phone.get("/du-lieu")).text
    assert '<html lang="vi">' in (await phone.get("/du-lieu?lang=vi")).text


async def test_what_is_kept_names_the_language(phone: httpx.AsyncClient) -> None:
    await begun(phone)
    assert "<dt>Ngôn ngữ</dt><dd>Tiếng Việt</dd>" in (await phone.get("/du-lieu")).text
    await press(phone, "=english")
    page = (await phone.get("/du-lieu")).text
    assert "<dt>Language</dt><dd>English</dd>" in page


async def test_what_was_said_before_stays_and_says_its_language(phone: httpx.AsyncClient) -> None:
    await begun(phone)
    await press(phone, "=english")
    page = (await phone.get("/")).text
    assert re.search(r'<div class="said" lang="vi"><p>Em xưng hô', page)
    assert re.search(r'<div class="said"><p>I write English from here on', page)


async def test_a_script_is_told_where_the_page_goes_on(phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/")).text
    own = {"ma_tin": "1", "moi": hidden(page, "moi"), "lang": "vi"}
    answer = (await quick(phone, **own, nut="!speak.kich-hoat.en")).json()
    assert (answer["locale"], answer["go"], answer["kept"]) == ("en", "/?lang=en&viec=kich-hoat", False)
    assert answer["lines"][-1]["lang"] == "en"
    again = (await phone.get(answer["go"])).text
    assert "I understand that you need: <strong>Activate your account</strong>" in again
    same = (await quick(phone, **{**own, "ma_tin": "2", "lang": "en"}, nut="!begin.kich-hoat.en")).json()
    assert (same["locale"], same["go"], same["kept"]) == ("en", "", True)


@pytest.mark.parametrize("wanted", ["khong-co", "'><script>", "../privacy", "x" * 500])
async def test_a_strange_wish_in_the_address_is_no_wish(phone: httpx.AsyncClient, wanted: str) -> None:
    page = (await phone.get("/", params={"viec": wanted})).text
    assert buttons(page)[0] == ("!begin.", "1 · Bắt đầu")
    assert "<script>" not in page


async def test_trouble_is_told_in_the_language_of_the_form(phone: httpx.AsyncClient) -> None:
    page = (await phone.get("/?lang=en")).text
    for _ in range(40):
        form = {"ma_tin": "x", "moi": hidden(page, "moi"), "lang": "en", "tin": "hello"}
        answer = await phone.post("/", data=form)
    assert answer.status_code == 429
    assert "You are pressing very fast" in answer.text
    assert hidden(answer.text, "lang") == "en"


def test_all_trouble_is_translated() -> None:
    tongue = tongue_of(small_book(), "en")
    for trouble in TROUBLES.values():
        assert tongue(trouble.title) != trouble.title
        assert tongue(trouble.advice) != trouble.advice


def test_control_a_word_that_is_not_translated_stays_vietnamese() -> None:
    assert tongue_of(small_book(), "en")("chữ lạ") == "chữ lạ"
    assert Tongue()("Gửi") == "Gửi"


def test_addresses_carry_the_language() -> None:
    english = Tongue("en", {})
    assert english.href("/guide") == "/guide?lang=en"
    assert english.href("/guide/a?het=1#b-c") == "/guide/a?het=1&lang=en#b-c"
    assert Tongue().href("/guide") == "/guide"


def test_every_language_has_its_own_name() -> None:
    assert set(spoken(small_book())) == set(NAMES)


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.stem)
def test_every_word_of_a_template_can_be_translated(template: Path) -> None:
    """Whoever writes a sentence into a page without `_()` or `{% trans %}` hears of it here."""
    text = template.read_text("utf-8")
    for said_by in (r"\{#.*?#\}", r"\{% trans.*?\{% endtrans %\}", r"\{\{.*?\}\}", r"\{%.*?%\}"):
        text = re.sub(said_by, "", text, flags=re.DOTALL)
    assert [line for line in text.splitlines() if VIETNAMESE.search(line)] == []


def test_the_script_says_nothing_by_itself() -> None:
    script = (TEMPLATES.parent / "static" / "chat.js").read_text("utf-8")
    assert [line for line in script.splitlines() if VIETNAMESE.search(line)] == []
