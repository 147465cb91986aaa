"""Tokens that are good once: none is lost, none used twice, and who is needed is told."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.app.platform import TryLater
from bot.app.ports import StoreDown
from bot.channels.zalo_oa import tokens
from bot.channels.zalo_oa.calls import new_session
from bot.channels.zalo_oa.oauth import Denied, OAuth, Pair, consent_link
from bot.channels.zalo_oa.tokens import FRESH, NAME, PAUSE
from bot.core.message import Reply
from bot.store.open import SqlStore
from tests.channels.zalo_oa.parts import Commune, address, commune
from tests.platforms.zalo.faults import Code, Hang, Lost, Reset, Status
from tests.platforms.zalo_oa import Person

HELLO = Reply("Chào bác")


async def befriend(bot: Commune) -> Person:
    lan = bot.zalo.person("Lan")
    await lan.follows()
    return lan


async def test_the_first_pair_comes_from_the_setting_and_is_kept_before_it_is_used() -> None:
    async with commune() as bot:
        lan = await befriend(bot)
        await bot.send(address(lan.id), HELLO)
        assert [call.method for call in bot.zalo.calls] == ["access_token", "message/cs"]
        kept = json.loads(bot.safe.kept[NAME].value)
        assert bot.zalo.called("message/cs")[0].headers["access_token"] == kept["access"]
        assert [message.text for message in lan.chat] == ["Chào bác"]


async def test_a_restart_does_not_begin_from_the_setting_again() -> None:
    async with commune() as bot:
        seed = bot.door.tokens._seed
        await bot.door.tokens.access()
        again = bot.another(seed)
        assert await again.tokens.access() == await bot.door.tokens.access()
        assert bot.zalo.oauth.refreshes == 1
        fresh = bot.another(bot.zalo.oauth.grant().refresh_token)
        assert await fresh.tokens.access() != await bot.door.tokens.access()
        assert bot.zalo.oauth.refreshes == 2, "another setting is a new consent"
        assert bot.zalo.oauth.reuses == 0


async def test_a_wrong_token_in_the_settings_costs_nobody_the_pair_that_works() -> None:
    async with commune() as bot:
        first = await bot.door.tokens.access()
        for _ in range(2):
            mistaken = bot.another("a token that was copied wrongly")
            assert await mistaken.tokens.access() == first
        assert bot.reports.kinds == ["ConsentNeeded"], "it is tried once"
        bot.zalo.oauth.expire_access()
        assert await mistaken.tokens.renewed(first) != first
        assert bot.zalo.oauth.reuses == 0


async def test_a_token_that_dies_between_two_messages_is_renewed_once_for_all() -> None:
    async with commune() as bot:
        people = [await befriend(bot) for _ in range(30)]
        await bot.send(address(people[0].id), HELLO)
        bot.zalo.oauth.expire_access()
        await asyncio.gather(*(bot.send(address(lan.id), HELLO) for lan in people))
        assert all(lan.chat for lan in people)
        assert bot.zalo.oauth.refreshes == 2
        assert bot.zalo.oauth.reuses == 0
        assert bot.reports.kinds == []


async def test_renewed_in_good_time_while_nobody_writes() -> None:
    async with commune() as bot:
        tending = asyncio.create_task(bot.door.tend())
        await asyncio.sleep(2 * FRESH + 600)
        tending.cancel()
        assert bot.zalo.oauth.refreshes == 3
        assert bot.zalo.oauth.reuses == 0
        assert bot.reports.kinds == []


async def test_two_processes_that_renew_at_once_use_a_token_once() -> None:
    async with commune() as bot:
        first = await bot.door.tokens.access()
        others = [bot.another(bot.door.tokens._seed) for _ in range(4)]
        bot.zalo.oauth.expire_access()
        got = await asyncio.gather(*(door.tokens.renewed(first) for door in (bot.door, *others)))
        assert len(set(got)) == 1
        assert bot.zalo.oauth.refreshes == 2
        assert bot.zalo.oauth.reuses == 0


async def test_without_the_claim_two_processes_use_a_token_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what the claim is for."""
    async with commune() as bot:
        first = await bot.door.tokens.access()
        others = [bot.another(bot.door.tokens._seed) for _ in range(4)]
        monkeypatch.setattr("bot.channels.zalo_oa.tokens.CLAIM", 0)
        bot.safe.careless = True
        await asyncio.gather(
            *(door.tokens.renewed(first) for door in (bot.door, *others)), return_exceptions=True
        )
        assert bot.zalo.oauth.reuses


@pytest.mark.parametrize("fault", [Hang(), Reset(), Status(502)])
async def test_an_answer_that_came_late_is_asked_for_once_more(fault: Hang | Reset | Status) -> None:
    """Nothing was used up: the second try succeeds."""
    async with commune() as bot:
        bot.zalo.faults.add(fault, method="access_token", times=1)
        assert await bot.door.tokens.access()
        assert bot.reports.kinds == []


async def test_a_lost_answer_is_tried_once_more_and_then_somebody_is_told() -> None:
    """The pair was given out and nobody has it: only a person can help, and what is to be sent waits."""
    async with commune() as bot:
        lan = await befriend(bot)
        bot.zalo.faults.add(Lost(Reset()), method="access_token", times=1)
        with pytest.raises(TryLater) as why:
            await bot.send(address(lan.id), HELLO)
        assert (why.value.after, why.value.away) == (PAUSE, True)
        assert len(bot.zalo.called("access_token")) == 2
        assert bot.reports.kinds == ["ConsentNeeded"]
        with pytest.raises(TryLater):
            await bot.send(address(lan.id), HELLO)
        assert len(bot.zalo.called("access_token")) == 2, "Zalo is left in peace for a while"
        await asyncio.sleep(PAUSE + 1)
        with pytest.raises(TryLater):
            await bot.send(address(lan.id), HELLO)
        assert bot.reports.kinds == ["ConsentNeeded"] * 2

        await bot.another(bot.door.tokens._seed).tokens.adopt(await consent(bot))
        await bot.send(address(lan.id), HELLO)
        assert len(lan.chat) == 1, "a new consent is found at once, whichever process it was given to"


async def test_while_zalo_gives_no_answer_it_is_asked_every_five_minutes_and_the_old_token_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tokens, "FRESH", 3600)
    async with commune() as bot:
        lan = await befriend(bot)
        await bot.door.tokens.access()
        bot.zalo.faults.add(Hang(), method="access_token")
        tending = asyncio.create_task(bot.door.tend())
        await asyncio.sleep(3600 + 1500)
        await bot.send(address(lan.id), HELLO)
        assert len(lan.chat) == 1
        assert set(bot.reports.kinds) == {"RenewalFailed"}
        assert 6 <= len(bot.zalo.called("access_token")) <= 14
        bot.zalo.faults.heal()
        await asyncio.sleep(PAUSE + 1)
        assert bot.zalo.oauth.refreshes == 2
        tending.cancel()


async def test_zalo_that_cannot_be_reached_uses_no_try_up() -> None:
    async with commune() as bot:
        real = bot.door.tokens._oauth._url
        bot.door.tokens._oauth._url = "http://127.0.0.1:1/v4/oa/access_token"
        with pytest.raises(TryLater):
            await bot.door.tokens.access()
        assert bot.reports.kinds == ["RenewalFailed"]
        bot.door.tokens._oauth._url = real
        await asyncio.sleep(PAUSE + 1)
        assert await bot.door.tokens.access()
        assert bot.zalo.oauth.reuses == 0


async def test_a_process_that_died_over_a_renewal_leaves_it_to_others() -> None:
    async with commune() as bot:
        first = await bot.door.tokens.access()
        kept = json.loads(bot.safe.kept[NAME].value) | {"claimed": bot.now()}
        sealed = bot.safe.kept[NAME]
        await bot.safe.keep_secret(NAME, json.dumps(kept).encode(), sealed.revision, bot.now())
        assert await bot.door.tokens.renewed(first) != first
        assert bot.zalo.oauth.refreshes == 2


async def test_a_new_pair_waits_for_a_database_that_is_away() -> None:
    """The old one is used up: giving the new one up would need a person."""
    async with commune() as bot:
        real = bot.door.tokens._oauth.refresh

        async def refresh(token: str) -> Pair:
            pair = await real(token)
            bot.safe.down = True
            return pair

        bot.door.tokens._oauth.refresh = refresh  # type: ignore[method-assign]
        waiting = asyncio.create_task(bot.door.tokens.access())
        await asyncio.sleep(600)
        assert not waiting.done(), "it is used by nobody before it is kept"
        waiting.cancel()
        bot.safe.down = False
        await asyncio.sleep(2)
        assert await bot.door.tokens.access() == json.loads(bot.safe.kept[NAME].value)["access"]
        assert bot.zalo.oauth.refreshes == 1
        assert bot.reports.kinds == ["StoreDown"]


async def test_without_any_token_it_says_what_to_do_and_waits() -> None:
    async with commune(seed=False) as bot:
        lan = await befriend(bot)
        with pytest.raises(TryLater) as why:
            await bot.send(address(lan.id), HELLO)
        assert why.value.away
        assert bot.reports.kinds == ["ConsentNeeded"]
        assert bot.zalo.calls == []


async def test_a_database_that_is_away_lets_messages_wait() -> None:
    async with commune() as bot:
        lan = await befriend(bot)
        bot.safe.down = True
        with pytest.raises(TryLater) as why:
            await bot.send(address(lan.id), HELLO)
        assert why.value.away
        with pytest.raises(StoreDown):
            await bot.door.tokens.access()


async def test_a_token_that_zalo_refuses_twice_is_told_of() -> None:
    async with commune() as bot:
        lan = await befriend(bot)
        bot.zalo.faults.add(Code(-216), method="message/cs")
        with pytest.raises(TryLater) as why:
            await bot.send(address(lan.id), HELLO)
        assert (why.value.after, why.value.away) == (PAUSE, True)
        assert len(bot.zalo.called("message/cs")) == 2
        assert bot.reports.kinds == ["NeedsOrganiser"]


async def consent(bot: Commune) -> Pair:
    """An administrator follows the link, and the code comes back to us."""
    verifier = "v" * 43
    link = consent_link(bot.zalo.app_id, "https://bot.example/zalo", verifier, "state", bot.zalo.base)
    code = bot.zalo.oauth.consents(link).code
    session = new_session()
    try:
        oauth = OAuth(lambda: session, bot.zalo.app_id, bot.zalo.app_secret, bot.now, bot.zalo.base)
        pair = await oauth.exchange(code, verifier)
        with pytest.raises(Denied):
            await oauth.exchange(code, verifier)
        return pair
    finally:
        await session.close()


async def test_consent_gives_a_pair_once() -> None:
    async with commune(seed=False) as bot:
        pair = await consent(bot)
        assert pair.until == bot.now() + 90_000
        assert pair.access not in repr(pair)
        await bot.door.tokens.adopt(pair)
        assert await bot.door.tokens.access() == pair.access


def test_the_consent_link() -> None:
    verifier = "dBjftJeZ4CVP-mBUz5MSkFbtqHH8mBUz5MSkFbtqHH8"
    link = urlsplit(consent_link("431", "https://bot.example/zalo", verifier, "s&t"))
    assert (link.netloc, link.path) == ("oauth.zaloapp.com", "/v4/oa/permission")
    asked = parse_qs(link.query)
    assert asked["redirect_uri"] == ["https://bot.example/zalo"]
    assert asked["state"] == ["s&t"]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert asked["code_challenge"] == [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]


async def test_the_real_store_keeps_pairs_for_processes_that_renew_at_once(sqlite_store: SqlStore) -> None:
    async with commune() as bot:
        bot.safe = sqlite_store  # type: ignore[assignment]
        doors = [bot.another(bot.door.tokens._seed) for _ in range(3)]
        first = set(await asyncio.gather(*(door.tokens.access() for door in doors)))
        assert len(first) == 1
        bot.zalo.oauth.expire_access()
        second = set(await asyncio.gather(*(door.tokens.renewed(min(first)) for door in doors)))
        assert len(second) == 1
        assert second != first
        assert (bot.zalo.oauth.refreshes, bot.zalo.oauth.reuses) == (2, 0)
