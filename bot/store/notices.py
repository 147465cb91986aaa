"""Devices of people at the desk, and what they were told there."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from bot.app.accounts import Account
from bot.app.noticing import Happened, Kind, Watcher, Withheld
from bot.app.push import MOST_DEVICES, Subscription
from bot.app.telling import Told
from bot.core.events import Move
from bot.core.message import Address
from bot.store.accounts import account_of
from bot.store.backing import Backing
from bot.store.crypt import Unreadable, Vault
from bot.store.desk_tables import held, notices, people, shifts, subscriptions, ticket_log, tickets

_BODY = b"subscription"

NEWCOMER = "new"
"""Why a message is held back though nothing in it is dangerous."""


class SqlDevices:
    """`bot.app.push.Devices` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database
        self._vault = backing.vault
        self._old_log = 0  # entries up to here are no news any more

    async def subscribe(self, person: int, to: Subscription, now: int) -> None:
        hash = _hash(self._vault, to.endpoint)
        body = self._vault.of_address(hash).seal(
            json.dumps([to.endpoint, to.p256dh, to.auth]).encode(), _BODY
        )

        def work(connection: Connection) -> None:
            connection.execute(delete(subscriptions).where(subscriptions.c.hash == hash))
            connection.execute(
                insert(subscriptions).values(hash=hash, person_id=person, created_at=now, body=body)
            )
            surplus = connection.scalars(
                select(subscriptions.c.hash)
                .where(subscriptions.c.person_id == person)
                .order_by(subscriptions.c.created_at.desc(), subscriptions.c.hash)
                .offset(MOST_DEVICES)
            ).all()
            connection.execute(delete(subscriptions).where(subscriptions.c.hash.in_(surplus)))
            connection.execute(delete(notices).where(notices.c.person_id == person))

        await self._database.write(work)

    async def unsubscribe(self, endpoint: str) -> None:
        gone = delete(subscriptions).where(subscriptions.c.hash == _hash(self._vault, endpoint))
        await self._database.write(lambda connection: connection.execute(gone).rowcount)

    async def devices(self, person: int) -> tuple[Subscription, ...]:
        query = select(subscriptions.c.hash, subscriptions.c.body).where(subscriptions.c.person_id == person)
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        return tuple(self._opened(rows))

    async def watchers(self, now: int) -> tuple[tuple[Watcher, tuple[Subscription, ...]], ...]:
        query = (
            select(people, shifts.c.since, shifts.c.until, subscriptions.c.hash, subscriptions.c.body)
            .join(subscriptions, subscriptions.c.person_id == people.c.id)
            .outerjoin(shifts, shifts.c.person_id == people.c.id)
            .where(people.c.disabled_at.is_(None))
            .order_by(people.c.id, subscriptions.c.created_at)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        devices: dict[Watcher, list[RowMapping]] = defaultdict(list)
        for row in rows:
            since = row["since"] if row["until"] is not None and row["until"] > now else 0
            devices[Watcher(account_of(row), since or 0)].append(row)
        return tuple((watcher, tuple(self._opened(found))) for watcher, found in devices.items())

    async def on_duty(self, now: int) -> tuple[Account, ...]:
        query = (
            select(people)
            .join(shifts, shifts.c.person_id == people.c.id)
            .where(shifts.c.until > now, people.c.disabled_at.is_(None))
        )
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        return tuple(account_of(row) for row in rows)

    async def happened(self, since: int) -> tuple[Happened, ...]:
        def work(connection: Connection) -> tuple[int, list[tuple[str, int, int, str]]]:
            newer = ticket_log.c.id > self._old_log
            old = connection.scalar(select(func.max(ticket_log.c.id)).where(newer, ticket_log.c.at < since))
            logged = select(ticket_log.c.kind, ticket_log.c.at, ticket_log.c.to, ticket_log.c.ticket).where(
                newer, ticket_log.c.at >= since, ticket_log.c.kind.in_(list(_LOGGED))
            )
            decided = select(held.c.status, held.c.decided_at, held.c.person_id, held.c.ticket).where(
                held.c.decided_at >= since, held.c.status.in_(list(_DECIDED))
            )
            found = [*connection.execute(logged), *connection.execute(decided)]
            return old or self._old_log, [(row[0], row[1], row[2], row[3]) for row in found]

        self._old_log, rows = await self._database.read(work)
        return tuple(
            Happened(kind, at, 0 if kind is Kind.REPORT else to, ticket)
            for name, at, to, ticket in rows
            if (kind := _LOGGED.get(name) or _DECIDED[name])
        )

    async def withheld(self) -> tuple[Withheld, ...]:
        query = (
            select(held.c.id, held.c.at, held.c.person_id, held.c.why)
            .join(tickets, tickets.c.key == held.c.ticket)
            .where(held.c.decided_at == 0)
            .where((held.c.why != NEWCOMER) | (tickets.c.holder == held.c.person_id))
            .order_by(held.c.id)
        )
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return tuple(Withheld(id, at, author, why == NEWCOMER) for id, at, author, why in rows)

    async def told(self) -> dict[int, tuple[Told, ...]]:
        n = notices.c
        query = select(n.person_id, n.topic, n.at, n.mark, n["count"])
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        told: dict[int, list[Told]] = defaultdict(list)
        for row in rows:
            told[row[0]].append(Told(*row[1:]))
        return {person: tuple(found) for person, found in told.items()}

    async def tell(self, person: int, told: tuple[Told, ...], forgotten: tuple[str, ...]) -> None:
        replaced = [*(one.topic for one in told), *forgotten]

        def work(connection: Connection) -> None:
            connection.execute(
                delete(notices).where(notices.c.person_id == person, notices.c.topic.in_(replaced))
            )
            for one in told:
                connection.execute(
                    insert(notices).values(
                        person_id=person, topic=one.topic, at=one.at, mark=one.mark, count=one.count
                    )
                )

        await self._database.write(work)

    def _opened(self, rows: Iterable[RowMapping]) -> Iterable[Subscription]:
        for row in rows:
            try:
                body = self._vault.of_address(row["hash"]).open(row["body"], _BODY)
            except Unreadable:
                continue  # nobody can be reached there any more
            yield Subscription(*json.loads(body))


_LOGGED = {"mention": Kind.MENTION, str(Move.PASSED): Kind.PASSED, str(Move.REPORTED): Kind.REPORT}
_DECIDED = {"released": Kind.RELEASED, "refused": Kind.REFUSED}


def _hash(vault: Vault, endpoint: str) -> bytes:
    return vault.hash_address(Address("push", endpoint))
