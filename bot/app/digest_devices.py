"""The weekly digest on the devices of an organiser who asked for it."""

from __future__ import annotations

from bot.app.accounts import People, Role
from bot.app.digests import Digest
from bot.app.noticing import Kind, Notice
from bot.app.platform import Refused, TryLater, Unreachable
from bot.app.ports import Report
from bot.app.push import Devices, Push, letter


class OnDevices:
    """The address is a person's id. What comes twice on a device takes the place of the first."""

    def __init__(self, people: People, devices: Devices, push: Push, report: Report) -> None:
        self._people = people
        self._devices = devices
        self._push = push
        self._report = report

    async def send(self, address: str, digest: Digest, trial: bool) -> None:
        """A `bot.app.digests.Send`; one device that takes it is enough."""
        account = await self._people.one(int(address))
        if account is None or account.disabled or account.role < Role.ORGANISER:
            raise Unreachable
        title = f"Gửi thử: {digest.title}" if trial else digest.title
        notice = Notice(Kind.DIGEST, title, "\n".join(digest.lines), digest.path)
        one = letter(notice, quiet=False)
        reached, after = 0, 0.0
        for device in await self._devices.devices(account.id):
            try:
                await self._push.send(device, one)
            except Unreachable:
                await self._devices.unsubscribe(device.endpoint)
            except TryLater as fault:
                after = max(after, fault.after, 1.0)
            except Refused as fault:
                self._report("push digest", fault)
            else:
                reached += 1
        if reached:
            return
        raise TryLater(after) if after else Unreachable
