"""Who waits is told when there is something for them, and nobody else is."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.app.bell import Bell
from tests.app.harness.parts import WITHIN


async def test_who_waits_hears_the_bell_of_their_own_conversation() -> None:
    bell = Bell()
    mine = asyncio.create_task(bell.wait(1, WITHIN))
    also_mine = asyncio.create_task(bell.wait(1, WITHIN))
    others = asyncio.create_task(bell.wait(2, WITHIN))
    await asyncio.sleep(0)
    bell.ring([1, 3])
    assert await mine
    assert await also_mine
    assert not others.done()
    others.cancel()
    with suppress(asyncio.CancelledError):
        await others
    assert bell._waiting == {}


async def test_a_bell_that_does_not_ring_is_not_waited_for_longer_than_asked() -> None:
    bell = Bell()
    assert not await bell.wait(1, 0)
    assert bell._waiting == {}


async def test_only_a_channel_that_has_something_to_send_hears_the_bell() -> None:
    bell = Bell()
    fake, other = bell.listen("fake"), bell.listen("other")
    bell.ring([7], {"fake"})
    assert (fake.is_set(), other.is_set()) == (True, False)
    bell.ring([])
    assert other.is_set()
