"""What a person does with the page and sees on it, scripts off."""

from __future__ import annotations

import re

import httpx

BEGIN = "!begin."


def hidden(page: str, name: str, place: int = 0) -> str:
    found: list[str] = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return found[place]


def buttons(page: str) -> list[tuple[str, str]]:
    """Token and label of every button of the chat, in order."""
    found = re.findall(r'<button class="(?:choice|shortcut)" name="nut" value="([^"]*)">(.*?)</button>', page)
    return [(token, re.sub(r"<[^>]*>", "", label).strip()) for token, label in found]


def said(page: str) -> list[str]:
    found = re.findall(r'<div class="said"[^>]*>(.*?)</div>', page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", words) for words in found]


async def press(phone: httpx.AsyncClient, token: str, **fields: str) -> httpx.Response:
    page = (await phone.get("/")).text
    form = {"ma_tin": hidden(page, "ma_tin"), "nut": token, **fields}
    if 'name="moi"' in page:
        form.setdefault("moi", hidden(page, "moi"))
    return await phone.post("/", data=form)


async def begun(phone: httpx.AsyncClient) -> str:
    await press(phone, BEGIN)
    return phone.cookies["vneid_chat"]


async def quick(phone: httpx.AsyncClient, **form: str) -> httpx.Response:
    """What the script sends."""
    return await phone.post("/", data=form, headers={"Accept": "application/json"})
