"""The shelf of replies at the desk: who may look into which conversation, and what they are offered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from knowledge_world import KEY, NOW, DeskWorld, desk_world

from bot.core.ticket import LEASE
from bot.store.open import SqlStore


@pytest.fixture
async def desk(sqlite_store: SqlStore) -> DeskWorld:
    return desk_world(sqlite_store)


async def test_a_stranger_is_sent_to_sign_in(desk: DeskWorld) -> None:
    async with desk.browser() as browser:
        assert (await browser.get("/desk/kho")).headers["location"].startswith("/desk/vao")
        asked = await browser.get("/desk/kho.json", headers={"Accept": "application/json"})
    assert asked.status_code == 401


async def test_replies_are_found_without_diacritics_and_without_script(desk: DeskWorld) -> None:
    async with desk.browser("lan") as browser:
        page = await browser.get("/desk/kho", params={"q": "quen mat khau"})
    assert page.status_code == 200
    assert "Quên mật khẩu lấy lại được, bác đừng lo" in page.text
    assert "Dùng câu này" not in page.text  # there is no conversation to put it into


async def test_whoever_holds_a_conversation_gets_suggestions_for_its_last_words(desk: DeskWorld) -> None:
    await desk.say("tôi không nhận được mã otp")
    await desk.claim()
    async with desk.browser("lan") as browser:
        told = (await browser.get("/desk/kho.json", params={"c": KEY})).json()
        page = (await browser.get("/desk/kho", params={"c": KEY})).text
    assert told["suggestions"][0]["ref"] == "hoi/otp-not-received"
    assert "cô" in told["suggestions"][1]["text"].casefold()  # the resident's form of address
    assert f'href="/desk/c/{KEY}?mau=hoi%2Fotp-not-received"' in page


@pytest.mark.parametrize(("name", "status"), [("lan", 200), ("minh", 403), ("hoa", 200), ("to-truong", 200)])
async def test_only_the_holder_and_leads_look_into_a_conversation(
    desk: DeskWorld, name: str, status: int
) -> None:
    await desk.say("quên mật khẩu")
    await desk.claim()
    async with desk.browser(name) as browser:
        assert (await browser.get("/desk/kho.json", params={"c": KEY})).status_code == status
        assert (await browser.get("/desk/kho", params={"c": KEY})).status_code == status


async def test_before_it_is_claimed_nobody_but_a_lead_does(desk: DeskWorld) -> None:
    await desk.say("quên mật khẩu")
    async with desk.browser("lan") as browser:
        assert (await browser.get("/desk/kho.json", params={"c": KEY})).status_code == 403


async def test_a_claim_that_ran_out_is_over(sqlite_store: SqlStore) -> None:
    desk = desk_world(sqlite_store)
    await desk.say("quên mật khẩu")
    await desk.claim()
    later = replace(desk.parts, now=lambda: NOW + LEASE)
    async with replace(desk, parts=later).browser("lan") as browser:
        assert (await browser.get("/desk/kho.json", params={"c": KEY})).status_code == 403


async def test_there_is_no_such_conversation(desk: DeskWorld) -> None:
    async with desk.browser("lan") as browser:
        assert (await browser.get("/desk/kho.json", params={"c": "nothing"})).status_code == 404


async def test_the_step_the_resident_stands_on_comes_first(desk: DeskWorld) -> None:
    await desk.say("gặp người", flow="nfc", step="khong-nfc")
    await desk.claim()
    async with desk.browser("lan") as browser:
        told = (await browser.get("/desk/kho.json", params={"c": KEY, "q": "may"})).json()
    assert told["canned"][0]["ref"] == "mau/khong-nfc"
    assert told["suggestions"] == []  # who searches has something else in mind
