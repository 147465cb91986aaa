"""The simulated OAuth v4: codes and refresh tokens work once."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from hashlib import sha256

import aiohttp
import pytest

from tests.platforms.zalo_oa import Lost, Reset
from tests.platforms.zalo_oa_world import World, opened


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with opened() as world:
        yield world


def challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


async def test_a_code_is_good_once_and_for_ten_minutes(world: World) -> None:
    verifier = "v" * 43
    link = (
        f"https://oauth.zaloapp.com/v4/oa/permission?app_id={world.oa.app_id}"
        f"&redirect_uri=https%3A%2F%2Fbot.example%2Fzalo&code_challenge={challenge(verifier)}&state=s1"
    )
    consent = world.oa.oauth.consents(link)
    assert consent.location == f"https://bot.example/zalo?code={consent.code}&oa_id={world.oa.oa_id}&state=s1"
    code = {"grant_type": "authorization_code", "code": consent.code}
    answer = await world.token(**code, code_verifier=verifier)
    assert answer["expires_in"] == "90000"
    assert world.oa.oauth.alive(answer["access_token"])
    assert (await world.token(**code, code_verifier=verifier))["error"] == -14003
    late = world.oa.oauth.consents(link)
    world.now += 600
    late_code = {"grant_type": "authorization_code", "code": late.code}
    assert (await world.token(**late_code, code_verifier=verifier))["error"] == -14003
    other = {"grant_type": "authorization_code", "code": world.oa.oauth.consents(link).code}
    assert (await world.token(**other, code_verifier="w" * 43))["error"] == -14003


async def test_a_refresh_token_works_once(world: World) -> None:
    refresh = {"grant_type": "refresh_token", "refresh_token": world.pair.refresh_token}
    world.oa.faults.add(Lost(Reset()), method="access_token", times=1)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await world.token(**refresh)
    assert (await world.token(**refresh))["error"] == -14020
    assert (world.oa.oauth.refreshes, world.oa.oauth.reuses) == (1, 1)
    fresh = world.oa.oauth.grant()
    answer = await world.token(grant_type="refresh_token", refresh_token=fresh.refresh_token)
    assert answer["refresh_token"] != fresh.refresh_token
    world.now += 90 * 86_400
    assert (await world.token(grant_type="refresh_token", refresh_token=answer["refresh_token"]))[
        "error"
    ] == -14020


async def test_a_faulty_token_call_is_noted(world: World) -> None:
    fresh = world.oa.oauth.grant()
    form = {"grant_type": "refresh_token", "refresh_token": fresh.refresh_token}
    assert (await world.token(**form, scope="all"))["error"] == -14003
    async with world.session.post(
        f"{world.oa.base}/v4/oa/access_token", json={"app_id": world.oa.app_id, **form}
    ) as answer:
        assert (await answer.json())["error"] == -14002
    assert len(world.oa.violations) == 3
    world.oa.violations.clear()
    assert "error" not in await world.token(**form)


async def test_the_consent_page_sends_the_admin_back(world: World) -> None:
    page = f"{world.oa.base}/v4/oa/permission"
    asked = {"app_id": world.oa.app_id, "redirect_uri": "https://bot.example/zalo", "state": "s1"}
    query = asked | {"code_challenge": challenge("v" * 43)}
    async with world.session.get(page, params=query, allow_redirects=False) as answer:
        assert answer.status == 302
        assert answer.headers["Location"].startswith("https://bot.example/zalo?code=")
        assert answer.headers["Location"].endswith("&state=s1")
    for changed in (
        {"app_id": "1"},
        {"redirect_uri": "http://bot.example"},
        {"code_challenge": "short"},
        {"x": ""},
    ):
        async with world.session.get(page, params=query | changed, allow_redirects=False) as answer:
            assert (answer.status, (await answer.json())["error"] < 0) == (200, True)
