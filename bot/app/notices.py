"""Tell people at the desk what waits for them: looked at again and again, by one process for all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from bot.app.accounts import Account
from bot.app.bell import DESK, Bell
from bot.app.couriers import Couriers
from bot.app.noticing import (
    REPORT_STANDS,
    Kind,
    Notice,
    Scene,
    wanted,
)
from bot.app.platform import SendError, Unreachable
from bot.app.ports import Report, StoreDown
from bot.app.push import Devices, Push, Subscription, cleared, letter
from bot.app.telling import Change, Clear, Forget, Show, Told, changes
from bot.app.tickets import Tickets
from bot.core.book import Book
from bot.core.desk import NOBODY, Desk

MOST_TICKETS = 1000
BEAT = 2.0
"""Seconds between two looks at least; the bell of the desk rings more often."""

LOOK = 10.0
ALONE = 15.0
"""Seconds between two looks while nobody can be told anyway."""


class BellState(Protocol):
    """How the Telegram doorbell is."""

    async def is_lost(self) -> bool:
        """Whether it cannot write into its group any more. Raises StoreDown."""
        ...


class NoBell:
    """Where none is set up, none is missed."""

    async def is_lost(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Watch:
    """What the look is made of. `desk` is who sees what, and the hours, as they were a few seconds ago."""

    tickets: Tickets
    devices: Devices
    book: Book
    desk: Callable[[], Desk] = lambda: NOBODY
    doorbell: BellState = field(default_factory=NoBell)


class Teller:
    """Looks how things stand, and sends what changed since the last time."""

    def __init__(self, watch: Watch, push: Push, bell: Bell, now: Callable[[], int], report: Report) -> None:
        self._watch = watch
        self._bell = bell
        self._now = now
        self._couriers = Couriers(push, watch.devices.unsubscribe, report)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                try:
                    told = await self.look()
                except StoreDown:
                    told = False  # the next look finds the same
                await asyncio.sleep(BEAT if told else ALONE)
                await self._bell.wait(DESK, LOOK)
        finally:
            await self._couriers.dismiss()

    async def look(self) -> bool:
        """Tell everybody what changed for them; False when there is nobody to tell."""
        watch, now = self._watch, self._now()
        people = await watch.devices.watchers(now)
        if not people:
            return False
        told = await watch.devices.told()
        scene = await self._scene(now)
        for watcher, devices in people:
            await asyncio.sleep(0)  # with a long queue this takes a while for each: others have their turn
            due = wanted(scene, watcher, watch.book, watch.desk(), now)
            before = told.get(watcher.account.id, ())
            todo = changes(due, before, now)
            if todo:
                await self._tell(watcher.account.id, devices, before, todo)
        return True

    async def sent(self) -> None:
        """Wait until all letters have arrived or were given up."""
        await self._couriers.home()

    async def _scene(self, now: int) -> Scene:
        watch = self._watch
        return Scene(
            requests=tuple(await watch.tickets.open(MOST_TICKETS)),
            happened=await watch.devices.happened(now - REPORT_STANDS),
            withheld=await watch.devices.withheld(),
            on_duty=await watch.devices.on_duty(now),
            bell_lost=await watch.doorbell.is_lost(),
        )

    async def _tell(
        self,
        person: int,
        devices: tuple[Subscription, ...],
        before: tuple[Told, ...],
        todo: tuple[Change, ...],
    ) -> None:
        """Remembered first: after a crash silence is better than the same sound at every start."""
        told, forgotten = _remembered(before, todo)
        await self._watch.devices.tell(person, told, forgotten)
        for change in todo:
            if isinstance(change, Forget):
                continue
            one = (
                cleared(change.topic)
                if isinstance(change, Clear)
                else letter(change.notice, quiet=change.quiet)
            )
            for device in devices:
                self._couriers.hand(device, one)


class Notices:
    """What people at the desk do about their notices."""

    def __init__(self, devices: Devices, push: Push, doorbell: BellState, now: Callable[[], int]) -> None:
        self._devices = devices
        self._push = push
        self._doorbell = doorbell
        self._now = now

    async def key(self) -> str:
        return await self._push.key()

    async def switch_on(self, account: Account, to: Subscription) -> bool:
        """False for an address that is no known push service's."""
        if not self._push.takes(to.endpoint):
            return False
        await self._devices.subscribe(account.id, to, self._now())
        return True

    async def switch_off(self, account: Account, endpoint: str) -> None:
        """Only one's own: whoever knows an address of somebody else cannot silence them."""
        if endpoint in {device.endpoint for device in await self._devices.devices(account.id)}:
            await self._devices.unsubscribe(endpoint)

    async def devices(self, account: Account) -> int:
        return len(await self._devices.devices(account.id))

    async def try_out(self, account: Account) -> int:
        """Send a notice to all one's devices; how many took it."""
        one = letter(_TEST, quiet=False)
        reached = 0
        for device in await self._devices.devices(account.id):
            try:
                await self._push.send(device, one)
            except Unreachable:
                await self._devices.unsubscribe(device.endpoint)
            except SendError:
                pass
            else:
                reached += 1
        return reached

    async def bell_is_lost(self) -> bool:
        return await self._doorbell.is_lost()


_TEST = Notice(
    Kind.TEST, "Thông báo đã bật", "Máy này sẽ báo khi có người chờ trong ca của bạn.", "/desk/thong-bao"
)


def _remembered(
    before: tuple[Told, ...], todo: tuple[Change, ...]
) -> tuple[tuple[Told, ...], tuple[str, ...]]:
    last = {one.topic: one.at for one in before}
    told: list[Told] = []
    forgotten: list[str] = []
    for change in todo:
        match change:
            case Show(notice=notice, at=at):
                told.append(Told(notice.topic, at, notice.mark, notice.count))
            case Clear(topic=topic):
                told.append(Told(topic, last.get(topic, 0), "", 0))
            case Forget(topic=topic):
                forgotten.append(topic)
            case never:
                assert_never(never)
    return tuple(told), tuple(forgotten)
