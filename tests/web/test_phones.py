"""Two kinds of phones are told apart at the door, and nothing else of what a browser says is kept."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from web_world import world

from bot.core.contact import PHONES
from bot.web.phones import phone_of

AGENTS = {
    "Mozilla/5.0 (Linux; Android 10; K) Chrome/131.0.0.0 Mobile Safari/537.36": "android",
    "Mozilla/5.0 (Linux; U; Android 5.1; vi; SM-J200GU) Version/4.0 Mobile Safari/534.30": "android",
    "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0": "android",
    "Mozilla/5.0 (Linux; Android 13; SM-A146P) Chrome/130.0 Mobile Zalo android/24100648": "android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) Version/17.6 Mobile/15E148": "iphone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) Mobile/15E148 Zalo iOS/480": "iphone",
    "Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Touch; IEMobile/11.0) iPhone OS 7_0": "",
    "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 Version/16.6 Mobile/15E148": "",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36": "",
    "Mozilla/5.0 (Linux; Android 9; BRAVIA 4K Android TV) Chrome/105.0 Safari/537.36": "",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.1 Safari/605.1.15": "",
    "curl/8.5.0": "",
    "": "",
}


@pytest.mark.parametrize(("agent", "phone"), AGENTS.items())
def test_the_family_of_a_phone_is_told(agent: str, phone: str) -> None:
    assert phone_of(agent) == phone
    assert not phone or phone in PHONES


async def _begun(browser: httpx.AsyncClient) -> dict[str, object]:
    await browser.get("/")
    await browser.post("/", data={"nut": "!begin."})
    state: dict[str, dict[str, object]] = (await browser.get("/du-lieu.json")).json()["state"]
    return state["contact"]


@pytest.mark.parametrize("phone", ["android", "iphone", ""])
async def test_the_chat_notes_the_family_and_shows_what_it_noted(tmp_path: Path, phone: str) -> None:
    async with world(tmp_path) as here:
        agent = next(agent for agent, family in AGENTS.items() if family == phone)
        browser = here.browser(headers={"User-Agent": agent})
        assert (await _begun(browser))["phone"] == phone
        everything = (await browser.get("/du-lieu.json")).text + (await browser.get("/du-lieu")).text
        assert all(part not in everything for part in ("Mozilla", "AppleWebKit", "SM-J200GU"))
        assert ("Loại máy" in everything) is bool(phone)
        told = (await browser.get("/privacy")).text
        assert "Máy Android hay iPhone" in told
