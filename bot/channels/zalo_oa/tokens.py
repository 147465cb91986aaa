"""The tokens we speak to Zalo with: kept before they are used, renewed by one at a time.

A refresh token is good once, and the pair that it buys is the only way on. So before Zalo is asked, a claim
is written beside the pair (one process wins it), and the new pair is written before anybody uses it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable

import msgspec

from bot.app.platform import TryLater
from bot.app.ports import Report, Safe, Sealed, StoreDown
from bot.channels.zalo_oa.oauth import AnswerLost, Denied, NotAsked, OAuth, Pair

NAME = "zalo_oa.tokens"

FRESH = 20 * 3600
"""Seconds after which a pair is renewed; it would be good for five hours more."""

CLAIM = 30
"""Seconds that a claim holds: longer than Zalo may take to answer."""

PAUSE = 300
"""Seconds until the next try when renewing failed: what is to be sent waits. Longer than a claim holds."""

TRIES = 2
"""How often a token is tried whose answer was lost, before somebody is told."""

MARGIN = 60
"""Seconds before its end from which a token is not used any more."""


class ConsentNeeded(Exception):
    """No token, or none that Zalo still takes: an administrator of the account has to consent again."""


class RenewalFailed(Exception):
    """Zalo did not answer when asked for new tokens; tried again by itself."""


class Kept(msgspec.Struct, frozen=True):
    """What is sealed in the store. `seed` is the hash of the setting that was last begun from.

    `claimed` is when somebody last began to renew this pair, 0 for never.
    """

    access: str
    refresh: str
    at: int
    until: int
    seed: str
    claimed: int = 0

    def __repr__(self) -> str:
        return f"Kept(until={self.until})"


class Tokens:
    """`seed` is a refresh token from the settings: the first one, or the first after a new consent."""

    def __init__(self, oauth: OAuth, safe: Safe, seed: str, now: Callable[[], int], report: Report) -> None:
        self._oauth = oauth
        self._safe = safe
        self._seed = seed
        self._now = now
        self._report = report
        self._kept: Kept | None = None
        self._not_before = 0
        self._renewing: asyncio.Task[str] | None = None

    async def access(self) -> str:
        """The token to speak with. Raises TryLater and StoreDown."""
        kept = self._kept or (await self._read())[0]
        if kept is not None and kept.access and self._now() < kept.until - MARGIN:
            self._kept = kept
            return kept.access
        return await self.renewed(kept.access if kept else "")

    async def renewed(self, spent: str) -> str:
        """A token newer than `spent`, which Zalo took no more. Raises TryLater and StoreDown."""
        if self._renewing is None:
            # a task of its own: who waits for it may be cancelled, a pair on its way must not be lost
            self._renewing = asyncio.create_task(self._renew(spent))
            self._renewing.add_done_callback(self._done)
        return await asyncio.shield(self._renewing)

    async def keep_fresh(self) -> float:
        """Renew the pair in good time; returns seconds until it should be looked at again."""
        kept, _ = await self._read()
        if kept is None or not kept.access or self._now() >= kept.at + FRESH:
            await self.renewed(kept.access if kept else "")
            kept, _ = await self._read()
        return max(PAUSE, kept.at + FRESH - self._now()) if kept else PAUSE

    async def adopt(self, pair: Pair) -> None:
        """Keep the pair of a new consent in place of whatever was there. Raises StoreDown."""
        while True:
            kept, sealed = await self._read()
            fresh = self._from(pair, kept)
            if await self._save(fresh, sealed):
                self._kept, self._not_before = fresh, 0
                return

    async def close(self) -> None:
        """Wait for a pair that is on its way."""
        if self._renewing is not None:
            await asyncio.wait({self._renewing})

    def _done(self, task: asyncio.Task[str]) -> None:
        self._renewing = None
        if not task.cancelled():
            task.exception()  # whoever waited has heard of it

    async def _renew(self, spent: str) -> str:
        lost = 0
        while True:
            kept, sealed = await self._read()
            if kept is not None and kept.access and kept.access != spent:
                self._kept = kept
                return kept.access
            if self._now() < self._not_before:
                raise TryLater(self._not_before - self._now(), away=True)
            if kept is None:
                raise self._fail(ConsentNeeded("see python -m bot zalo-oa"))
            beside = (
                _decoded(sealed) or kept
            )  # a pair that works stays until a token of the settings proves good
            if not lost and self._now() - beside.claimed < CLAIM:
                await asyncio.sleep(1)  # somebody else is at it
                continue
            claim = msgspec.structs.replace(beside, claimed=self._now())
            if not await self._save(claim, sealed):
                continue  # lost the claim: what the winner wrote is read next
            try:
                pair = await self._oauth.refresh(kept.refresh)
            except Denied:
                await self._refused(kept.refresh, claim)
            except NotAsked:
                raise self._fail(RenewalFailed("Zalo cannot be reached")) from None
            except AnswerLost:
                lost += 1
                if lost >= TRIES:
                    raise self._fail(RenewalFailed("Zalo's answer was lost")) from None
            else:
                return await self._secure(self._from(pair, kept), kept.refresh)

    async def _secure(self, fresh: Kept, used: str) -> str:
        """Write the new pair before anybody uses it. Not to be given up: there is no other way on."""
        told = False
        while True:
            try:
                kept, sealed = await self._read()
                if kept is not None and kept.refresh != used:
                    fresh = kept  # an administrator consented anew while we asked
                    break
                if await self._save(fresh, sealed):
                    break
            except StoreDown as fault:
                if not told:
                    self._report(NAME, fault)
                told = True
                await asyncio.sleep(1)
        self._kept = fresh
        return fresh.access

    async def _refused(self, refresh: str, claim: Kept) -> None:
        """Tell that a person has to consent, unless there is another pair to go on with."""
        sealed = await self._safe.secret(NAME)
        if _decoded(sealed) != claim:
            return  # somebody wrote a newer one meanwhile
        if refresh == claim.refresh:
            raise self._fail(ConsentNeeded("see python -m bot zalo-oa"))
        self._report(NAME, ConsentNeeded("refresh_token in the settings"))
        await self._save(msgspec.structs.replace(claim, seed=self._seed_hash(), claimed=0), sealed)

    def _fail(self, why: Exception) -> TryLater:
        """Tell of it, and leave Zalo in peace for a while; nothing is lost, it waits."""
        self._not_before = self._now() + PAUSE
        self._report(NAME, why)
        return TryLater(PAUSE, away=True)

    async def _read(self) -> tuple[Kept | None, Sealed | None]:
        """What is kept, or what the settings say where that is newer."""
        sealed = await self._safe.secret(NAME)
        kept = _decoded(sealed)
        if self._seed and (kept is None or kept.seed != self._seed_hash()):
            kept = Kept(access="", refresh=self._seed, at=0, until=0, seed=self._seed_hash())
        return kept, sealed

    async def _save(self, kept: Kept, sealed: Sealed | None) -> bool:
        revision = sealed.revision if sealed else 0
        return await self._safe.keep_secret(NAME, msgspec.json.encode(kept), revision, self._now())

    def _from(self, pair: Pair, before: Kept | None) -> Kept:
        seed = self._seed_hash() or (before.seed if before else "")
        return Kept(pair.access, pair.refresh, self._now(), pair.until, seed)

    def _seed_hash(self) -> str:
        return hashlib.sha256(self._seed.encode()).hexdigest()[:32] if self._seed else ""


def _decoded(sealed: Sealed | None) -> Kept | None:
    try:
        return msgspec.json.decode(sealed.value, type=Kept) if sealed else None
    except msgspec.DecodeError:
        return None
