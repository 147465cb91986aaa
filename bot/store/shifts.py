"""Who is on duty, and whose time is over."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Executable, and_, bindparam, delete, exists, or_, select, text

from bot.app.accounts import Account
from bot.app.shifts import Shift
from bot.core.ticket import Helper
from bot.store.accounts import account_of
from bot.store.backing import Backing
from bot.store.desk_tables import passkeys, people, shifts, tickets


class SqlShifts:
    """`bot.app.shifts.Shifts` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database

    async def begin(self, person: int, now: int, until: int) -> None:
        values = {"person": person, "now": now, "until": until}
        await self._database.write(lambda connection: _run(connection, _BEGIN, values))

    async def end(self, person: int, over_at: int | None = None) -> None:
        gone = delete(shifts).where(shifts.c.person_id == person)
        if over_at is not None:
            disabled = exists().where(people.c.id == person, people.c.disabled_at.is_not(None))
            gone = gone.where(or_(shifts.c.until <= over_at, disabled))
        await self._database.write(lambda connection: _run(connection, gone, {}))

    async def on_duty(self, now: int) -> Sequence[Shift]:
        return await self._database.read(
            lambda connection: [
                Shift(account_of(row), row["since"], row["until"])
                for row in connection.execute(_ON_DUTY, {"now": now}).mappings()
            ]
        )

    async def leavers(self, now: int) -> Sequence[Helper]:
        return await self._database.read(
            lambda connection: [
                Helper(row.id, row.shown) for row in connection.execute(_LEAVERS, {"now": now})
            ]
        )

    async def staff(self) -> Sequence[Account]:
        return await self._database.read(
            lambda connection: [account_of(row) for row in connection.execute(_STAFF).mappings()]
        )


_BEGIN = text(
    "INSERT INTO shifts (person_id, since, until) VALUES (:person, :now, :until) "
    "ON CONFLICT (person_id) DO UPDATE SET until = excluded.until, "
    "since = CASE WHEN shifts.until <= :now THEN excluded.since ELSE shifts.since END"
)

_ENABLED = people.c.disabled_at.is_(None)
_READY = or_(
    exists().where(passkeys.c.person_id == people.c.id),
    and_(people.c.secret.is_not(None), or_(people.c.role == "volunteer", people.c.totp.is_not(None))),
)
"""Who can sign in at all, as `Credentials.is_ready` says: an invitation that lies unopened answers nobody."""

_STAFF = select(people).where(_ENABLED, _READY).order_by(people.c.id)
_ON_DUTY = (
    select(people, shifts.c.since, shifts.c.until)
    .join(shifts, shifts.c.person_id == people.c.id)
    .where(_ENABLED, shifts.c.until > bindparam("now"))
    .order_by(shifts.c.since, people.c.id)
)
_SHIFT = shifts.c.person_id == people.c.id
_HELD = and_(tickets.c.holder == people.c.id, tickets.c.closed_at.is_(None))
_LEAVERS = select(people.c.id, people.c.shown).where(
    or_(
        exists().where(_SHIFT, shifts.c.until <= bindparam("now")),
        and_(people.c.disabled_at.is_not(None), or_(exists().where(_SHIFT), exists().where(_HELD))),
    )
)


def _run(connection: Connection, statement: Executable, values: dict[str, int]) -> None:
    connection.execute(statement, values)
