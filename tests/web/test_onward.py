"""Going on with another phone: codes that can be read aloud, previews that change nothing, no guessing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_phone import BEGIN, begun, hidden, press, said
from web_world import World, world

from bot.core.message import Address
from bot.web.onward import ALPHABET, VALID, code_from, grouped, is_code, normal, qr


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as built:
        yield built


@pytest.fixture
def phone(here: World) -> httpx.AsyncClient:
    return here.browser()


async def code_of(phone: httpx.AsyncClient) -> str:
    page = (await phone.post("/luu")).text
    found = re.search(r'/tiep/([A-Z0-9]{8})"', page)
    assert found, page
    return found[1]


@given(st.text(max_size=80))
def test_every_code_can_be_read_aloud(drawn: str) -> None:
    code = code_from(drawn)
    assert is_code(code)
    assert not set(code) & set("0O1IL5S8BU2Z")


def test_no_sign_is_likelier_than_another() -> None:
    counts = dict.fromkeys(ALPHABET, 0)
    for number in range(3000):
        for sign in code_from(str(number)):
            counts[sign] += 1
    assert 800 < min(counts.values()) <= max(counts.values()) < 1200


@pytest.mark.parametrize("typed", ["acde-fghj", " ACDE FGHJ ", "a c d e f g h j", "ACDE.FGHJ", "AcDeFgHj"])
def test_a_code_may_be_typed_any_way(typed: str) -> None:
    assert normal(typed) == "ACDEFGHJ"
    assert is_code(normal(typed))


@pytest.mark.parametrize(
    "typed", ["", "ACDE", "ACDEFGHJK", "ACDEFGH0", "ĂÂĐÊÔƠƯÁ", "<script>", "ACDEFGHJ" * 100]
)
def test_what_is_no_code(typed: str) -> None:
    assert not is_code(normal(typed))


def test_the_picture_has_a_quiet_zone_and_dark_modules() -> None:
    side, dark = qr("https://vneid.example.vn/tiep/ACDEFGHJ")
    assert dark.startswith("M4 4h1v1h-1z")
    assert re.fullmatch(r"(M\d+ \d+h1v1h-1z)+", dark)
    assert all(4 <= int(place) < side - 4 for place in re.findall(r"[M ](\d+)", dark))
    assert grouped("ACDEFGHJ") == "ACDE FGHJ"


async def test_a_conversation_goes_on_on_another_phone(here: World, phone: httpx.AsyncClient) -> None:
    token = await begun(phone)
    await press(phone, "?1.1")
    code = await code_of(phone)
    other = here.browser("10.0.0.2")
    assert code[:4] in (await other.get(f"/tiep/{code}")).text
    answer = await other.post("/tiep", data={"ma": f" {code[:4].lower()}-{code[4:]} "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/#moi-nhat")
    assert other.cookies["vneid_chat"] != token
    assert said((await other.get("/")).text) == said((await phone.get("/")).text)
    assert await here.store.conversation(Address("web", other.cookies["vneid_chat"])) is not None


async def test_a_link_preview_changes_nothing(here: World, phone: httpx.AsyncClient) -> None:
    await begun(phone)
    code = await code_of(phone)
    crawler = here.browser("10.0.0.9")
    for _ in range(3):
        page = await crawler.get(f"/tiep/{code}")
        assert (page.status_code, "set-cookie" in page.headers) == (200, False)
    assert (await here.browser().post("/tiep", data={"ma": code})).status_code == 303


async def test_a_true_and_a_false_code_look_alike_until_somebody_posts(
    here: World, phone: httpx.AsyncClient
) -> None:
    await begun(phone)
    code = await code_of(phone)
    guesser = here.browser()
    pages = []
    for one in (code, "ACDEFGHJ"):
        page = (await guesser.get(f"/tiep/{one}")).text
        pages.append(page.replace(one, "").replace(grouped(one), "").replace(hidden(page, "moi"), ""))
    assert pages[0] == pages[1]


async def test_an_old_or_wrong_code_is_told_kindly(here: World, phone: httpx.AsyncClient) -> None:
    await begun(phone)
    code = await code_of(phone)
    here.clock.forward(VALID + 1)
    for typed in (code, "ACDEFGHJ", "abc"):
        page = await here.browser().post("/tiep", data={"ma": typed})
        assert page.status_code == 422
        assert "Mã này chưa đúng" in page.text
        assert "set-cookie" not in page.headers


async def tries(phone: httpx.AsyncClient, count: int) -> list[int]:
    return [(await phone.post("/tiep", data={"ma": "ACDEFGHJ"})).status_code for _ in range(count)]


async def test_codes_cannot_be_guessed(here: World, phone: httpx.AsyncClient) -> None:
    assert await tries(phone, 12) == [422] * 10 + [429] * 2
    assert await tries(here.browser("10.0.0.2"), 1) == [422]
    refused = await phone.post("/tiep", data={"ma": "ACDEFGHJ"})
    here.clock.forward(int(refused.headers["retry-after"]))
    assert await tries(phone, 2) == [422, 429]


async def test_without_the_limit_they_could(here: World, phone: httpx.AsyncClient) -> None:
    """Negative control: each try from another network."""
    statuses = [(await tries(here.browser(f"10.0.1.{n}"), 1))[0] for n in range(12)]
    assert statuses == [422] * 12


async def test_a_class_behind_one_address_can_all_join(here: World, phone: httpx.AsyncClient) -> None:
    await begun(phone)
    codes = [await code_of(phone) for _ in range(15)]
    statuses = [(await here.browser().post("/tiep", data={"ma": code})).status_code for code in codes]
    assert statuses == [303] * 15


async def test_a_code_works_once_but_a_double_press_is_one_use(here: World, phone: httpx.AsyncClient) -> None:
    await begun(phone)
    code = await code_of(phone)
    other = here.browser()
    form = {"ma": code, "moi": hidden((await other.get(f"/tiep/{code}")).text, "moi")}
    answers = []
    for _ in range(2):
        other.cookies.clear()
        answers.append(await other.post("/tiep", data=form))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.cookies["vneid_chat"] for answer in answers}) == 1
    assert (await here.browser().post("/tiep", data={"ma": code})).status_code == 422


async def test_who_has_nothing_kept_gets_no_code(here: World, phone: httpx.AsyncClient) -> None:
    for page in (await phone.get("/luu"), await phone.post("/luu")):
        assert "chưa có cuộc trò chuyện nào được lưu" in page.text
        assert "/tiep/" not in page.text
    await phone.post("/", data={"tin": "chào"})
    assert "/tiep/" not in (await phone.post("/luu")).text


async def test_looking_at_the_page_makes_no_code(phone: httpx.AsyncClient) -> None:
    await begun(phone)
    page = await phone.get("/luu")
    assert "/tiep/" not in page.text
    assert "Lấy mã" in page.text


async def test_who_would_lose_a_conversation_is_told_before(here: World, phone: httpx.AsyncClient) -> None:
    await begun(phone)
    other = here.browser()
    assert "sẽ bị xóa" not in (await other.get("/tiep")).text
    await press(other, BEGIN)
    assert "sẽ bị xóa" in (await other.get("/tiep")).text
