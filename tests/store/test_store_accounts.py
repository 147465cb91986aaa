"""Accounts on both databases: what happens once happens once, whoever is at it at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.app.accounts import DAY, Account, Draft, Role
from bot.app.onetime import STEP
from bot.store.accounts import SqlAccounts
from bot.store.logins import SqlLogins
from bot.store.open import SqlStore
from bot.store.sealing import VaultSealer

NOW = 1_800_000_000


@pytest.fixture
def accounts(store: SqlStore) -> SqlAccounts:
    return SqlAccounts(store.backing)


async def add(accounts: SqlAccounts, name: str, role: Role = Role.VOLUNTEER) -> Account:
    account = await accounts.add(Draft(name, name.capitalize(), role, ("22291", "66"), ("nfc",)), NOW)
    assert account is not None
    return account


async def test_an_account_comes_back_as_it_was_made(accounts: SqlAccounts) -> None:
    lan = await add(accounts, "lan")
    assert lan == Account(1, "lan", "Lan", Role.VOLUNTEER, ("22291", "66"), ("nfc",))
    assert await accounts.one(lan.id) == lan
    assert await accounts.all() == [lan]
    assert await accounts.add(Draft("lan", "Other", Role.LEAD), NOW) is None


async def test_an_invitation_is_good_once(accounts: SqlAccounts) -> None:
    lan = await add(accounts, "lan")
    await accounts.invite("first", lan.id, 0, NOW + DAY)
    await accounts.invite("second", lan.id, 0, NOW + DAY)
    assert await accounts.invited("first", NOW) is None
    assert await accounts.invited("second", NOW + DAY) is None
    assert await accounts.invited("second", NOW) == lan
    taken = await asyncio.gather(*(accounts.accept("second", NOW) for _ in range(8)))
    assert [one for one in taken if one] == [lan]


async def test_a_code_is_good_once_and_never_after_a_later_one(accounts: SqlAccounts) -> None:
    lan = await add(accounts, "lan")
    step = NOW // STEP
    used = await asyncio.gather(*(accounts.use_code(lan.id, step) for _ in range(8)))
    assert used.count(True) == 1
    assert not await accounts.use_code(lan.id, step - 1)
    assert await accounts.use_code(lan.id, step + 1)


async def test_the_secret_of_codes_is_sealed_and_bound_to_its_owner(
    accounts: SqlAccounts, store: SqlStore
) -> None:
    from store_people import change, look

    lan, minh = await add(accounts, "lan"), await add(accounts, "minh")
    await accounts.choose(lan.id, "hash", "JBSWY3DPEHPK3PXP", 5)
    (kept,) = (await look(store, "SELECT totp FROM people WHERE name = 'lan'"))[0]
    assert b"JBSWY3DPEHPK3PXP" not in bytes(kept)
    await change(store, "UPDATE people SET totp = (SELECT totp FROM people WHERE name = 'lan')")
    known, moved = await accounts.credentials("lan"), await accounts.credentials_of(minh.id)
    assert known is not None
    assert known.totp == "JBSWY3DPEHPK3PXP"
    assert moved is not None
    assert moved.totp not in {"", "JBSWY3DPEHPK3PXP"}  # another's secret opens nothing, and counts as one


async def test_at_most_a_hundred_guesses_a_day_reach_the_hash(accounts: SqlAccounts) -> None:
    """A guess every ten seconds for two days; they come back one by one, so the owner is never shut out."""
    allowed = [at for at in range(NOW, NOW + 2 * DAY, 10) if not await accounts.take_try("lan", at)]
    assert len(allowed) > 100
    for begin in allowed:
        assert sum(begin <= at < begin + DAY for at in allowed) <= 100
    assert await accounts.take_try("minh", NOW) == 0


async def test_guesses_at_the_same_moment_count_one_by_one(
    accounts: SqlAccounts, reopen: Callable[[], SqlStore], store_url: str
) -> None:
    stores = [] if store_url.startswith("sqlite") else [reopen()]
    doors = [accounts, *(SqlAccounts(one.backing) for one in stores)]
    waits = await asyncio.gather(*(door.take_try("lan", NOW) for _ in range(40) for door in doors))
    assert waits.count(0) == 20
    assert all(wait > 0 for wait in waits if wait)
    await accounts.give_back_try("lan")
    assert await accounts.take_try("lan", NOW) == 0
    for one in stores:
        await one.close()


async def test_there_is_always_an_organiser(accounts: SqlAccounts) -> None:
    one, two = await add(accounts, "one", Role.ORGANISER), await add(accounts, "two", Role.ORGANISER)
    gone = await asyncio.gather(accounts.disable(one.id, NOW), accounts.disable(two.id, NOW))
    assert sorted(gone) == [False, True]
    left = one if gone[1] else two
    assert not await accounts.change(left.id, Draft("x", "Left", Role.LEAD))
    assert await accounts.change(left.id, Draft("x", "Left", Role.ORGANISER))


async def test_what_ends_rights_ends_sessions_in_every_process_at_once(
    store: SqlStore, accounts: SqlAccounts, reopen: Callable[[], SqlStore], store_url: str
) -> None:
    other = store if store_url.startswith("sqlite") else reopen()
    mine, theirs = SqlLogins(store.backing, lambda: NOW), SqlLogins(other.backing, lambda: NOW)
    await add(accounts, "head", Role.ORGANISER)
    for end in ("disable", "role", "choose", "everywhere", "one"):
        who = await add(accounts, end, Role.LEAD)
        await mine.begin(f"token of {end}", who, "Chrome, Android", NOW)
        assert await theirs.account(f"token of {end}") == who
        match end:
            case "disable":
                assert await accounts.disable(who.id, NOW)
            case "role":
                assert await accounts.change(who.id, Draft("", "X", Role.VOLUNTEER))
            case "choose":
                await accounts.choose(who.id, "hash", "", 0)
            case "everywhere":
                await mine.end_all(who.id)
            case _:
                await mine.end("token of one")
        assert await theirs.account(f"token of {end}") is None, end
    if other is not store:
        await other.close()


async def test_no_token_is_kept(store: SqlStore, accounts: SqlAccounts) -> None:
    from store_people import look

    lan = await add(accounts, "lan")
    await accounts.invite("invitation-token", lan.id, 0, NOW + DAY)
    await SqlLogins(store.backing, lambda: NOW).begin("session-token", lan, "Chrome, Android", NOW)
    for table in ("logins", "invites", "people", "tries"):
        kept = str(await look(store, f"SELECT * FROM {table}"))  # noqa: S608
        assert "-token" not in kept


async def test_a_challenge_is_good_once(accounts: SqlAccounts) -> None:
    lan = await add(accounts, "lan")
    assert await accounts.keep_passkey(lan.id, b"id", b"key", 0, NOW)
    assert not await accounts.keep_passkey(lan.id, b"id", b"other", 0, NOW)
    used = await asyncio.gather(*(accounts.use_passkey(b"id", 1, NOW + 5) for _ in range(5)))
    assert used.count(True) == 1
    assert not await accounts.use_passkey(b"id", 2, NOW + 4)


def test_what_a_browser_keeps_is_neither_read_nor_changed_nor_of_another_kind(sqlite_store: SqlStore) -> None:
    sealer = VaultSealer(sqlite_store.backing.vault)
    sealed = sealer.seal("device", "lan")
    assert "lan" not in sealed
    assert sealer.open("device", sealed) == "lan"
    assert sealer.open("codes", sealed) is None
    for spoilt in ("", "A", sealed[:-2], "x" + sealed[1:], sealed + "A", "ệ"):
        assert sealer.open("device", spoilt) is None


async def test_what_is_over_is_deleted(accounts: SqlAccounts, store: SqlStore) -> None:
    lan = await add(accounts, "lan")
    await accounts.invite("invitation", lan.id, 0, NOW + DAY)
    await SqlLogins(store.backing, lambda: NOW).begin("session", lan, "Chrome, Android", NOW)
    await accounts.take_try("lan", NOW)
    deleted = await store.purge(NOW + 6 * DAY)
    assert (deleted["invites"], deleted["tries"], deleted["logins"]) == (1, 1, 0)
    assert (await store.purge(NOW + 7 * DAY))["logins"] == 1
