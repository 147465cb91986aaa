"""Signing in: by invitation first, then with a passphrase; sessions end when they should."""

from __future__ import annotations

import re

import pyotp
import pytest
from desk_world import WORDS, Desk, press
from httpx import AsyncClient

from bot.app.accounts import SPANS, Draft, Role

SECRET = re.compile(r"<code>([A-Z2-7 ]+)</code>")
SEALED = re.compile(r'name="khoa_ma" value="([^"]+)"')
LOCAL = {"Host": "localhost"}


async def invited(desk: Desk, role: Role, name: str = "lan.tp") -> str:
    made = await desk.entrance.invite(0, Draft(name, "Lan", role))
    assert made is not None
    return made.token


async def accept(
    desk: Desk, browser: AsyncClient, token: str, *, codes: bool, words: str = WORDS
) -> tuple[str, int]:
    """Answer an invitation; returns the secret of the codes and the status."""
    page = (await browser.get(f"/desk/moi/{token}")).text
    secret, sealed = SECRET.search(page), SEALED.search(page)
    assert secret
    assert sealed
    plain = secret[1].replace(" ", "")
    code = pyotp.TOTP(plain).at(desk.here.clock.now) if codes else ""
    form = {"khoa_ma": sealed[1], "mat_khau": words, "lan_hai": words, "ma": code}
    return plain, (await browser.post(f"/desk/moi/{token}", data=form)).status_code


async def sign_in(browser: AsyncClient, name: str = "lan.tp", words: str = WORDS, code: str = "") -> int:
    form = {"ten": name, "mat_khau": words, "ma": code, "ve": "/desk/tai-khoan"}
    return (await browser.post("/desk/vao", data=form)).status_code


@pytest.fixture
def browser(desk: Desk) -> AsyncClient:
    return desk.here.browser(headers=LOCAL)


async def is_in(browser: AsyncClient) -> bool:
    return (await browser.get("/desk/tai-khoan")).status_code == 200


async def test_a_volunteer_accepts_an_invitation_and_comes_in(desk: Desk, browser: AsyncClient) -> None:
    token = await invited(desk, Role.VOLUNTEER)
    assert (await accept(desk, browser, token, codes=False))[1] == 303
    assert await is_in(browser)
    other = desk.here.browser(headers=LOCAL)
    assert not await is_in(other)
    assert await sign_in(other, "Lan.TP ") == 303
    assert await is_in(other)
    assert (await browser.get(f"/desk/moi/{token}")).status_code == 404


async def test_signing_out_ends_this_session_or_all(desk: Desk, browser: AsyncClient) -> None:
    await accept(desk, browser, await invited(desk, Role.VOLUNTEER), codes=False)
    other = desk.here.browser(headers=LOCAL)
    await sign_in(other)
    kept = dict(browser.cookies)
    assert (await press(browser, "/desk/ra")).headers["location"] == "/desk/vao"
    thief = desk.here.browser(headers=LOCAL, cookies=kept)
    assert not await is_in(thief)
    assert await is_in(other)
    assert (await press(other, "/desk/tai-khoan/ra-het")).status_code == 303
    assert not await is_in(other)


@pytest.mark.parametrize("role", Role)
async def test_a_session_ends_when_it_is_idle_and_in_the_end_anyway(desk: Desk, role: Role) -> None:
    browser = await desk.signed_in(role)
    span = SPANS[role]
    desk.here.clock.forward(span.idle - 1)
    assert await is_in(browser)
    desk.here.clock.forward(span.idle)
    assert not await is_in(browser)
    busy = await desk.signed_in(role)
    begun = desk.here.clock()
    while await is_in(busy):
        desk.here.clock.forward(span.idle // 2)
        assert desk.here.clock() - begun <= span.whole
