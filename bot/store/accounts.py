"""Accounts as they are kept: secrets hashed or sealed, tokens found by a keyed hash."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Executable,
    RowMapping,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from bot.app.accounts import Account, Credentials, Draft, Member, Passkey, Role
from bot.store.backing import Backing
from bot.store.crypt import Cipher, Unreadable, Vault
from bot.store.desk_tables import invites, logins, passkeys, people, tries

TRIES = 20
"""Guesses that can be made at once; the others of a day come one after the other."""

EVERY = 86_400 // 80
"""Seconds between two of those: never more than a hundred in a day."""

_ADD = text(
    "INSERT INTO people (name, shown, role, areas, skills, most, watched, created_at) "
    "VALUES (:name, :shown, :role, :areas, :skills, :most, :watched, :now) ON CONFLICT (name) DO NOTHING "
    "RETURNING id"
)
_TAKE_TRY = text(
    "INSERT INTO tries (hash, full_at) VALUES (:hash, :now + :every) ON CONFLICT (hash) DO UPDATE "
    "SET full_at = CASE WHEN tries.full_at > :now THEN tries.full_at ELSE :now END + :every "
    "WHERE tries.full_at + :every <= :now + :depth"
)


class SqlAccounts:
    """`bot.app.accounts.Accounts` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database
        self._vault = backing.vault

    async def all(self) -> list[Account]:
        query = select(people).order_by(people.c.id)
        return await self._database.read(
            lambda connection: [account_of(row) for row in connection.execute(query).mappings()]
        )

    async def one(self, id: int) -> Account | None:
        return await self._database.read(lambda connection: _one(connection, people.c.id == id))

    async def members(self) -> list[Member]:
        def work(connection: Connection) -> list[Member]:
            seen = _by_person(connection, logins.c.person_id, logins.c.seen_at)
            open_until = _by_person(connection, invites.c.person_id, invites.c.until)
            return [
                Member(
                    known.account,
                    known.is_ready,
                    bool(known.totp),
                    known.passkeys,
                    seen.get(known.account.id, 0),
                    open_until.get(known.account.id, 0),
                )
                for row in connection.execute(select(people).order_by(people.c.id)).mappings()
                for known in (self._known(connection, row),)
            ]

        return await self._database.read(work)

    async def credentials(self, name: str) -> Credentials | None:
        return await self._credentials(people.c.name == name)

    async def credentials_of(self, id: int) -> Credentials | None:
        return await self._credentials(people.c.id == id)

    async def add(self, draft: Draft, now: int) -> Account | None:
        values = {"name": draft.name, "now": now, **_values(draft)}

        def work(connection: Connection) -> Account | None:
            id = connection.execute(_ADD, values).scalar()
            return None if id is None else _one(connection, people.c.id == id)

        return await self._database.write(work)

    async def change(self, id: int, draft: Draft) -> bool:
        def work(connection: Connection) -> bool:
            _lock(connection)
            before = _one(connection, people.c.id == id)
            if before is None or (draft.role < Role.ORGANISER and _is_last(connection, before)):
                return False
            connection.execute(update(people).where(people.c.id == id).values(_values(draft)))
            if draft.role != before.role:
                connection.execute(delete(logins).where(logins.c.person_id == id))
            return True

        return await self._database.write(work)

    async def disable(self, id: int, now: int) -> bool:
        def work(connection: Connection) -> bool:
            _lock(connection)
            before = _one(connection, people.c.id == id)
            if before is None or _is_last(connection, before):
                return False
            connection.execute(update(people).where(people.c.id == id).values(disabled_at=now))
            _end_all(connection, id)
            return True

        return await self._database.write(work)

    async def enable(self, id: int) -> None:
        change = update(people).where(people.c.id == id).values(disabled_at=None)
        await self._database.write(lambda connection: connection.execute(change))

    async def choose(self, id: int, secret: str | None, totp: str, step: int) -> None:
        sealed = _totp_cipher(self._vault, id).seal(totp.encode(), b"totp") if totp else None
        values = {"secret": secret, "totp": sealed, "totp_step": step}

        def work(connection: Connection) -> None:
            connection.execute(update(people).where(people.c.id == id).values(values))
            _end_all(connection, id)

        await self._database.write(work)

    async def use_code(self, id: int, step: int) -> bool:
        use = update(people).where(people.c.id == id, people.c.totp_step < step).values(totp_step=step)
        return await self._database.write(lambda connection: connection.execute(use).rowcount == 1)

    async def invite(self, token: str, person: int, by: int, until: int) -> None:
        row = {"hash": self._invite(token), "person_id": person, "made_by": by, "until": until}

        def work(connection: Connection) -> None:
            connection.execute(delete(invites).where(invites.c.person_id == person))
            connection.execute(insert(invites).values(row))

        await self._database.write(work)

    async def invited(self, token: str, now: int) -> Account | None:
        query = select(invites.c.person_id).where(
            invites.c.hash == self._invite(token), invites.c.until > now
        )
        return await self._database.read(lambda connection: _found(connection, query))

    async def accept(self, token: str, now: int) -> Account | None:
        use = (
            delete(invites)
            .where(invites.c.hash == self._invite(token), invites.c.until > now)
            .returning(invites.c.person_id)
        )
        return await self._database.write(lambda connection: _found(connection, use))

    async def keep_passkey(self, person: int, id: bytes, public_key: bytes, count: int, now: int) -> bool:
        row = {
            "id": id,
            "person_id": person,
            "public_key": public_key,
            "sign_count": count,
            "used_at": now - 1,  # a challenge drawn in this very second may still be answered
            "created_at": now,
        }

        def work(connection: Connection) -> bool:
            if connection.scalar(select(passkeys.c.id).where(passkeys.c.id == id)) is not None:
                return False
            connection.execute(insert(passkeys).values(row))
            return True

        return await self._database.write(work)

    async def passkey(self, id: bytes) -> Passkey | None:
        query = select(passkeys).where(passkeys.c.id == id)

        def work(connection: Connection) -> Passkey | None:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            return Passkey(row.id, row.person_id, row.public_key, row.sign_count, row.used_at)

        return await self._database.read(work)

    async def passkeys(self, person: int) -> list[bytes]:
        query = select(passkeys.c.id).where(passkeys.c.person_id == person).order_by(passkeys.c.created_at)
        return await self._database.read(lambda connection: list(connection.scalars(query)))

    async def use_passkey(self, id: bytes, count: int, drawn_at: int) -> bool:
        use = (
            update(passkeys)
            .where(passkeys.c.id == id, passkeys.c.used_at < drawn_at)
            .values(sign_count=count, used_at=drawn_at)
        )
        return await self._database.write(lambda connection: connection.execute(use).rowcount == 1)

    async def drop_passkeys(self, person: int) -> None:
        drop = delete(passkeys).where(passkeys.c.person_id == person)
        await self._database.write(lambda connection: connection.execute(drop))

    async def take_try(self, key: str, now: int) -> int:
        hash = self._vault.hash_token("try", key)
        values = {"hash": hash, "now": now, "every": EVERY, "depth": TRIES * EVERY}

        def work(connection: Connection) -> int:
            if connection.execute(_TAKE_TRY, values).rowcount == 1:
                return 0
            full_at = connection.scalar(select(tries.c.full_at).where(tries.c.hash == hash)) or now
            return max(1, full_at + EVERY - TRIES * EVERY - now)

        return await self._database.write(work)

    async def give_back_try(self, key: str) -> None:
        hash = self._vault.hash_token("try", key)
        back = update(tries).where(tries.c.hash == hash).values(full_at=tries.c.full_at - EVERY)
        await self._database.write(lambda connection: connection.execute(back))

    def _invite(self, token: str) -> bytes:
        return self._vault.hash_token("invite", token)

    async def _credentials(self, which: ColumnElement[bool]) -> Credentials | None:
        def work(connection: Connection) -> Credentials | None:
            row = connection.execute(select(people).where(which)).mappings().one_or_none()
            return None if row is None else self._known(connection, row)

        return await self._database.read(work)

    def _known(self, connection: Connection, row: RowMapping) -> Credentials:
        count = select(func.count()).select_from(passkeys).where(passkeys.c.person_id == row["id"])
        return Credentials(
            account_of(row),
            row["created_at"],
            row["secret"],
            _totp(self._vault, row),
            connection.scalar(count) or 0,
        )


def account_of(row: RowMapping) -> Account:
    return Account(
        id=row["id"],
        name=row["name"],
        shown=row["shown"],
        role=Role[row["role"].upper()],
        areas=tuple(row["areas"].split()),
        skills=tuple(row["skills"].split()),
        most=row["most"],
        watched=row["watched"],
        disabled=row["disabled_at"] is not None,
    )


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "shown": draft.shown,
        "role": draft.role.name.lower(),
        "areas": " ".join(draft.areas),
        "skills": " ".join(draft.skills),
        "most": draft.most,
        "watched": draft.watched,
    }


def _one(connection: Connection, which: ColumnElement[bool]) -> Account | None:
    row = connection.execute(select(people).where(which)).mappings().one_or_none()
    return None if row is None else account_of(row)


def _found(connection: Connection, person: Executable) -> Account | None:
    id = connection.execute(person).scalar()
    return None if id is None else _one(connection, people.c.id == id)


def _by_person(connection: Connection, person: Column[int], value: Column[int]) -> dict[int, int]:
    rows = connection.execute(select(person, func.max(value)).group_by(person))
    return dict(iter(rows))


def _lock(connection: Connection) -> None:
    """Two organisers must not take each other's rights at the same moment."""
    connection.execute(select(people.c.id).order_by(people.c.id).with_for_update()).all()


def _is_last(connection: Connection, account: Account) -> bool:
    if account.role < Role.ORGANISER or account.disabled:
        return False
    organises = people.c.role == Role.ORGANISER.name.lower()
    others = select(people.c.id).where(people.c.id != account.id, organises, people.c.disabled_at.is_(None))
    return connection.execute(others.limit(1)).first() is None


def _end_all(connection: Connection, person: int) -> None:
    for table in (logins, invites):
        connection.execute(delete(table).where(table.c.person_id == person))


def _totp_cipher(vault: Vault, person: int) -> Cipher:
    return vault.of_secret(f"totp.{person}")


def _totp(vault: Vault, row: RowMapping) -> str:
    """A secret that does not open counts as wrong for every code, not as none."""
    if row["totp"] is None:
        return ""
    try:
        return _totp_cipher(vault, row["id"]).open(row["totp"], b"totp").decode()
    except Unreadable:
        return "A" * 32
