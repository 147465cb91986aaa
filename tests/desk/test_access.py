"""Who may open and do what: every route of the desk, asked by everybody there is."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk_routes import RULES, Rule, rule_of
from desk_world import Desk, desk_world, signature
from starlette.routing import Route

from bot.app.accounts import SPANS, Role
from bot.web.desk import pages
from bot.web.render import is_of_the_desk

SECRET = "CHUYỆN RIÊNG CỦA BÀ CON"
HELD, OTHER = "aaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbb"
TYPED = {"chu": "KHÔNG PHẢI VIỆC CỦA MÌNH", "ma": "m1", "buoc": "kich-hoat/mo-app", "ket-qua": "solved"}
FILLED = {
    "code": "22291",
    "flow": "kich-hoat",
    "key": HELD,
    "token": "x" * 43,
    "name": "192",
    "id": "1",
    "visit": "x" * 18,
    "day": "2026-11-22",
}


def routes_of(desk: Desk) -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for route in desk.here.app.router.routes
        if isinstance(route, Route) and is_of_the_desk(route.path)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: FILLED[found[1]], path)


async def asked(browser: httpx.AsyncClient, method: str, path: str, **more: Any) -> httpx.Response:
    return await browser.request(method, filled(path), **more)


def is_turned_away(answer: httpx.Response) -> bool:
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/desk/vao")
    return to_sign_in or answer.status_code in {401, 403}


Who = Callable[[Desk], Awaitable[httpx.AsyncClient]]


async def anonymous(desk: Desk) -> httpx.AsyncClient:
    return desk.here.browser()


async def resident(desk: Desk) -> httpx.AsyncClient:
    """Somebody whose chat is open in the same browser; the token opens nothing here, in either cookie."""
    token = "r" * 43
    return desk.here.browser(cookies={"vneid_chat": token, "vneid_desk": token})


async def disabled(desk: Desk) -> httpx.AsyncClient:
    account = await desk.member(Role.ORGANISER)
    browser = await desk.signed_in(account)
    assert await desk.entrance.shut_out(account.id, 0)
    return browser


async def expired(desk: Desk) -> httpx.AsyncClient:
    browser = await desk.signed_in(Role.ORGANISER)
    desk.here.clock.forward(SPANS[Role.ORGANISER].whole)
    return browser


async def signed_out(desk: Desk) -> httpx.AsyncClient:
    account = await desk.member(Role.ORGANISER)
    browser = await desk.signed_in(account)
    await desk.entrance.sign_out_everywhere(account, account.id)
    return browser


async def in_another_browser(desk: Desk) -> httpx.AsyncClient:
    browser = await desk.signed_in(Role.ORGANISER)
    browser.headers["user-agent"] = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
    return browser


NOBODIES = (anonymous, resident, disabled, expired, signed_out, in_another_browser)


@pytest.fixture
async def staffed(desk: Desk) -> Desk:
    """With an organiser who is always there, and a conversation that somebody has."""
    await desk.member(Role.ORGANISER, "to-truong")
    return desk


def test_there_are_rules_for_all_pages(desk: Desk) -> None:
    there = set(routes_of(desk))
    missing = sorted(there - set(RULES))
    assert not missing, f"write down in desk_routes.py who may: {missing}"


async def test_a_route_without_a_rule_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""

    async def open_to_all(_: object) -> None: ...

    real = pages.routes
    monkeypatch.setattr(pages, "routes", lambda site: [*real(site), Route("/desk/moi-co", open_to_all)])
    async with desk_world(tmp_path) as desk:
        with pytest.raises(AssertionError, match="moi-co"):
            test_there_are_rules_for_all_pages(desk)


@pytest.mark.parametrize("who", NOBODIES)
async def test_nobody_without_a_session_gets_in(staffed: Desk, who: Who) -> None:
    browser = await who(staffed)
    for method, path in routes_of(staffed):
        answer = await asked(browser, method, path)
        if rule_of((method, path)).least is None:
            assert answer.status_code < 500, path
        else:
            assert is_turned_away(answer), (method, path, answer.status_code)
            assert answer.headers["cache-control"] == "no-store"


def ends_session(path: str) -> bool:
    return path in {"/desk/ra", "/desk/tai-khoan/ra-het"}


@pytest.mark.parametrize("role", Role)
async def test_each_role_gets_where_it_may_and_nowhere_else(staffed: Desk, role: Role) -> None:
    account = await staffed.member(role)
    await staffed.ticket(HELD, words=SECRET, holder=account)
    browser = await staffed.signed_in(account)
    signed = await signature(browser)
    for (method, path), rule in ((one, rule_of(one)) for one in routes_of(staffed)):
        if rule.streams or rule.least is None:
            continue
        form = {"data": {"chu_ky": signed}} if method == "POST" else {}
        answer = await asked(browser, method, path, **form)
        if role >= rule.least:
            assert not is_turned_away(answer) or ends_session(path), (method, path)
            assert answer.status_code < 500, (method, path, answer.status_code)
        else:
            assert answer.status_code == 403, (method, path, answer.status_code)
        assert answer.headers["cache-control"] == "no-store", path
        if ends_session(path):
            browser = await staffed.signed_in(account)
            signed = await signature(browser)


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
    {"Sec-Fetch-Site": "", "Origin": ""},
]


def spoken(browser: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """Say where a request comes from; empty: do not say."""
    for name, value in headers.items():
        if value:
            browser.headers[name] = value
        else:
            browser.headers.pop(name, None)


@pytest.mark.parametrize("headers", FOREIGN)
async def test_no_post_comes_from_elsewhere(staffed: Desk, headers: dict[str, str]) -> None:
    browser = await staffed.signed_in(Role.ORGANISER)
    signed = await signature(browser)
    spoken(browser, headers)
    for method, path in routes_of(staffed):
        if method != "GET":
            answer = await asked(browser, method, path, data={"chu_ky": signed})
            assert answer.status_code == 403, (path, answer.status_code)


@pytest.mark.parametrize("signed", ["", "0" * 32, "another session's"])
async def test_no_post_counts_without_the_signature_of_its_page(staffed: Desk, signed: str) -> None:
    other = await staffed.signed_in(Role.ORGANISER)
    given = await signature(other) if signed.startswith("another") else signed
    browser = await staffed.signed_in(Role.ORGANISER)
    for method, path in routes_of(staffed):
        if method != "GET" and rule_of((method, path)).least is not None:
            answer = await asked(browser, method, path, data={"chu_ky": given})
            assert answer.status_code == 403, (path, answer.status_code)


def of_tickets(desk: Desk) -> list[tuple[tuple[str, str], Rule]]:
    return [(one, rule_of(one)) for one in routes_of(desk) if "{key}" in one[1] and not rule_of(one).streams]


async def test_a_colleagues_conversation_is_not_shown_and_not_changed(staffed: Desk) -> None:
    owner, other = await staffed.member(), await staffed.member()
    await staffed.ticket(HELD, words=SECRET, holder=owner)
    browser = await staffed.signed_in(other)
    form = {"chu_ky": await signature(browser), **TYPED, "cho": str(other.id)}
    for (method, path), rule in of_tickets(staffed):
        before = await staffed.staff.tickets.request(HELD)
        answer = await asked(browser, method, path, data=form if method == "POST" else None)
        after = await staffed.staff.tickets.request(HELD)
        assert SECRET not in answer.text, path
        assert before is not None
        assert after is not None
        if rule.anyone:
            after = replace(after, wish=before.wish)
        assert after == before, (method, path)
    chat = await staffed.staff.tickets.chat(HELD, 0, 100)
    assert chat is not None
    assert TYPED["chu"] not in f"{chat.lines} {chat.log}"


async def test_hundreds_of_keys_open_nothing_that_is_not_ones_own(staffed: Desk) -> None:
    """Keys of colleagues, keys changed in a letter, numbers, other people's accounts."""
    people = [await staffed.member(most=10) for _ in range(5)]
    keys = {f"{number:018x}": people[number % 5] for number in range(20)}
    for key, holder in keys.items():
        await staffed.ticket(key, words=f"{SECRET} {key}", holder=holder)
        tried = 0
    for person in people:
        browser = await staffed.signed_in(person)
        for key, holder in keys.items():
            if holder != person:
                for swapped in (key, key[::-1], key.upper() + " ", str(int(key, 16)), f"{key}/../{key}"):
                    answer = await browser.get(f"/desk/c/{swapped}")
                    assert SECRET not in answer.text
                    tried += 1
    assert tried == 400
