"""Signing in: by invitation first, then with a passphrase; sessions end when they should."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pyotp
import pytest
from argon2 import PasswordHasher
from desk_world import CHEAP, WORDS, Desk, press
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


async def test_leads_and_organisers_need_codes_and_each_code_counts_once(
    desk: Desk, browser: AsyncClient
) -> None:
    token = await invited(desk, Role.LEAD)
    assert (await accept(desk, browser, token, codes=False))[1] == 422
    secret, status = await accept(desk, browser, token, codes=True)
    assert status == 303
    other = desk.here.browser(headers=LOCAL)
    code = pyotp.TOTP(secret).at(desk.here.clock.now)
    assert await sign_in(other, code=code) == 401  # it was used for setting up
    assert await sign_in(other) == 401
    desk.here.clock.forward(30)
    code = pyotp.TOTP(secret).at(desk.here.clock.now)
    assert await sign_in(other, code=code) == 303
    again = desk.here.browser(headers=LOCAL, host="10.0.0.2")
    assert await sign_in(again, code=code) == 401
    desk.here.clock.forward(90)
    assert await sign_in(again, code=pyotp.TOTP(secret).at(desk.here.clock.now - 60)) == 401  # too old


async def test_who_becomes_a_lead_is_signed_out_and_sets_up_codes(desk: Desk, browser: AsyncClient) -> None:
    await accept(desk, browser, await invited(desk, Role.VOLUNTEER), codes=False)
    organiser, lan = await desk.member(Role.ORGANISER), await desk.entrance.accounts.credentials("lan.tp")
    assert lan is not None
    await desk.entrance.change(organiser, lan.account, Draft("lan.tp", "Lan", Role.LEAD))
    assert not await is_in(browser)
    led = await browser.post("/desk/vao", data={"ten": "lan.tp", "mat_khau": WORDS})
    assert led.status_code == 303
    token = led.headers["location"].removeprefix("/desk/moi/")
    assert not await is_in(browser)
    assert (await accept(desk, browser, token, codes=True))[1] == 303
    assert await is_in(browser)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("ngắn quá", "15"),
        ("aaaaaaaaaaaaaaaaaaaa", "lặp"),
        ("matkhaumatkhaumatkhau", "dễ đoán"),
        ("mật khẩu VNeID 123", "dễ đoán"),
        ("123456789012345", "dễ đoán"),
        ("987654321098765", "dễ đoán"),
        ("lan.tp lan.tp lan.tp!", "tên của bạn"),
        ("x" * 10 + "y" * 400, "dài quá"),
    ],
)
async def test_silly_passphrases_are_refused_and_told_why(
    desk: Desk, browser: AsyncClient, words: str, says: str
) -> None:
    token = await invited(desk, Role.VOLUNTEER)
    page = (await browser.get(f"/desk/moi/{token}")).text
    sealed = SEALED.search(page)
    assert sealed
    form = {"khoa_ma": sealed[1], "mat_khau": words, "lan_hai": words, "ma": ""}
    answer = await browser.post(f"/desk/moi/{token}", data=form)
    assert answer.status_code == 422
    assert says in answer.text
    assert words not in answer.text
    assert (await accept(desk, browser, token, codes=False))[1] == 303  # the invitation is not used up


@pytest.mark.parametrize(
    "words", ["bún riêu con mèo mướp", "15 kí tự là đủ", "………!?!%&()[]{}~+", "한국어 암호도 됩니다 네네네"]
)
async def test_any_characters_will_do_in_either_spelling(
    desk: Desk, browser: AsyncClient, words: str
) -> None:
    if len(words) < 15:
        words += "."
    token = await invited(desk, Role.VOLUNTEER)
    composed, apart = unicodedata.normalize("NFC", words), unicodedata.normalize("NFD", words)
    assert (await accept(desk, browser, token, codes=False, words=apart))[1] == 303
    assert await sign_in(desk.here.browser(headers=LOCAL), words=composed) == 303


async def test_an_invitation_ends_after_a_week(desk: Desk, browser: AsyncClient) -> None:
    token = await invited(desk, Role.VOLUNTEER)
    desk.here.clock.forward(7 * 86400 - 1)
    assert (await browser.get(f"/desk/moi/{token}")).status_code == 200
    desk.here.clock.forward(1)
    page = await browser.get(f"/desk/moi/{token}")
    assert page.status_code == 404
    assert "lời mời mới" in page.text


async def test_the_first_organiser_comes_in_with_a_passphrase_that_is_good_once(
    desk: Desk, browser: AsyncClient
) -> None:
    words = await desk.entrance.first_words()
    assert len(words) == 19
    assert await desk.entrance.first_words() == words  # until it was used
    led = await browser.post("/desk/vao", data={"ten": "to-chuc", "mat_khau": words})
    assert led.status_code == 303
    assert not await is_in(browser)
    token = led.headers["location"].removeprefix("/desk/moi/")
    assert (await accept(desk, browser, token, codes=True))[1] == 303
    assert (await browser.get("/desk/nhom")).status_code == 200
    assert await desk.entrance.first_words() == ""
    assert await sign_in(desk.here.browser(headers=LOCAL), "to-chuc", words) == 401


async def test_whatever_was_wrong_the_answer_is_the_same(desk: Desk, browser: AsyncClient) -> None:
    secret, _ = await accept(desk, browser, await invited(desk, Role.LEAD), codes=True)
    desk.here.clock.forward(60)
    code = pyotp.TOTP(secret).at(desk.here.clock.now)
    gone = await desk.member(name="da.khoa")
    await desk.entrance.accounts.choose(gone.id, await desk.entrance.passphrases.hash(WORDS), "", 0)
    await desk.member(Role.ORGANISER)
    await desk.entrance.shut_out(gone.id, 0)
    heard = set()
    for name, words, typed in (
        ("khong.co", WORDS, ""),
        ("lan.tp", "sai bét nhè ra rồi đấy", code),
        ("lan.tp", WORDS, "000000"),
        ("lan.tp", WORDS, ""),
        ("da.khoa", WORDS, ""),
    ):
        stranger = desk.here.browser(headers=LOCAL)
        answer = await stranger.post("/desk/vao", data={"ten": name, "mat_khau": words, "ma": typed})
        heard.add((answer.status_code, answer.text.replace(name, ""), " ".join(answer.headers)))
    assert len(heard) == 1


async def test_a_hash_is_computed_for_names_that_nobody_has(
    desk: Desk, browser: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same work, so the same time; how much the times differ is measured in bench."""
    counted: list[str] = []
    real = type(CHEAP).verify

    def verify(self: PasswordHasher, hash: str, words: str) -> bool:
        counted.append(hash)
        return real(self, hash, words)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    await desk.member(name="khoa.thoi")  # has no passphrase
    for name in ("khong.co", "khoa.thoi"):
        assert await sign_in(browser, name) == 401
    assert len(counted) == 2


async def test_guesses_are_slowed_down_and_the_owner_still_gets_in(desk: Desk, browser: AsyncClient) -> None:
    """A stranger who uses up every guess at an account does not shut out the phone that was in before."""
    await accept(desk, browser, await invited(desk, Role.VOLUNTEER), codes=False)
    await press(browser, "/desk/ra")
    statuses = Counter[int]()
    for number in range(60):
        thief = desk.here.browser(headers=LOCAL, host=f"10.1.{number // 3}.1")
        statuses[await sign_in(thief, words="đoán mò lần thứ mấy rồi")] += 1
        unknown = desk.here.browser(headers=LOCAL, host=f"10.2.{number // 3}.1")
        statuses[1000 + await sign_in(unknown, name="khong.co", words="đoán mò lần thứ mấy rồi")] += 1
    assert statuses == {401: 20, 429: 40, 1401: 20, 1429: 40}
    assert await sign_in(desk.here.browser(headers=LOCAL, host="10.3.0.1")) == 429  # even when it is right
    assert await sign_in(browser) == 303


async def test_five_guesses_a_minute_from_one_address(desk: Desk, browser: AsyncClient) -> None:
    assert [await sign_in(browser, "ai.do") for _ in range(6)] == [401] * 5 + [429]
    desk.here.clock.forward(12)
    assert await sign_in(browser, "ai.do") == 401
    assert await sign_in(browser, "nguoi.khac") == 401


async def test_what_an_account_did_is_in_the_journal(desk: Desk, browser: AsyncClient) -> None:
    await accept(desk, browser, await invited(desk, Role.VOLUNTEER), codes=False)
    await sign_in(desk.here.browser(headers=LOCAL), words="sai bét nhè ra rồi đấy")
    await press(browser, "/desk/ra")
    did = [one.did for one in await desk.staff.journal.records(0, 10)]
    assert did == ["signed_out", "sign_in_failed", "signed_in", "joined", "invited"]


SECURE = {"Host": "vneid.example.vn", "Origin": "https://vneid.example.vn"}


async def test_over_https_cookies_belong_to_this_host_alone(desk: Desk) -> None:
    token = await invited(desk, Role.VOLUNTEER)
    browser = desk.here.browser(headers=SECURE)
    page = (await browser.get(f"/desk/moi/{token}")).text
    sealed = SEALED.search(page)
    assert sealed
    form = {"khoa_ma": sealed[1], "mat_khau": WORDS, "lan_hai": WORDS, "ma": ""}
    answer = await browser.post(f"/desk/moi/{token}", data=form)
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-vneid_")
        for word in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
            assert word in cookie
        assert "Domain" not in cookie
    value = cookies[0].partition("=")[2].partition(";")[0]
    planted = desk.here.browser(headers={**SECURE, "Cookie": f"vneid_desk={value}"})
    assert not await is_in(planted)  # a plain cookie may come from another host of the domain
    own = desk.here.browser(headers={**SECURE, "Cookie": f"__Host-vneid_desk={value}"})
    assert await is_in(own)


async def test_nobody_signs_in_where_others_can_read_along(desk: Desk) -> None:
    browser = desk.here.browser(headers={"Host": "192.168.1.5:8000"})
    page = await browser.get("/desk/vao")
    assert "https" in page.text
    assert 'name="mat_khau"' not in page.text
    assert await sign_in(browser) == 403


async def test_after_signing_in_only_pages_of_the_desk_are_gone_to(desk: Desk, browser: AsyncClient) -> None:
    await accept(desk, browser, await invited(desk, Role.VOLUNTEER), codes=False)
    for given, to in (
        ("/desk/c/abc", "/desk/c/abc"),
        ("//evil.example", "/desk"),
        ("https://evil.example/desk", "/desk"),
        ("/desk/../privacy", "/desk"),
        ("/desk//evil.example", "/desk//evil.example"),
        ("/desk/vao", "/desk"),
        ("/deskevil", "/desk"),
    ):
        fresh = desk.here.browser(headers=LOCAL)
        form = {"ten": "lan.tp", "mat_khau": WORDS, "ve": given}
        assert (await fresh.post("/desk/vao", data=form)).headers["location"] == to
        desk.here.clock.forward(60)


async def test_a_link_from_elsewhere_finds_the_session_after_all(desk: Desk) -> None:
    """Strict cookies stay away from what another site opens; our own page asks once more."""
    key = "abc"
    elsewhere = desk.here.browser(headers={"Sec-Fetch-Site": "cross-site"})
    sent = await elsewhere.get(f"/desk/c/{key}")
    page = await elsewhere.get(sent.headers["location"])
    assert f'content="0; url=/desk/vao?ve=/desk/c/{key}"' in page.text
    at_home = await desk.signed_in()
    assert (await at_home.get(f"/desk/vao?ve=/desk/c/{key}")).headers["location"] == f"/desk/c/{key}"
    assert "refresh" not in (await desk.here.browser().get("/desk/vao")).text


async def test_a_page_that_lies_open_keeps_nobody_signed_in(desk: Desk) -> None:
    browser = await desk.signed_in(Role.LEAD)
    for _ in range(6):
        desk.here.clock.forward(600)
        await browser.get("/desk/tai-khoan", headers={"X-Desk-Quiet": "1"})
    assert not await is_in(browser)
