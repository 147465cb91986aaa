"""Our own tokens and the like, sealed, replaced only by who has read what is there."""

from __future__ import annotations

from sqlalchemy import Connection, select, text, update

from bot.app.ports import Sealed
from bot.store.crypt import Unreadable, Vault
from bot.store.tables import secrets

_FIRST = text(
    "INSERT INTO secrets (name, revision, changed_at, body) VALUES (:name, 1, :now, :body) "
    "ON CONFLICT (name) DO NOTHING"
)


def read(connection: Connection, vault: Vault, name: str) -> Sealed | None:
    row = connection.execute(
        select(secrets.c.revision, secrets.c.body).where(secrets.c.name == name)
    ).one_or_none()
    if row is None:
        return None
    try:
        return Sealed(vault.of_secret(name).open(row.body, name.encode()), row.revision)
    except Unreadable:  # as good as lost; whoever needs it makes a new one over it
        return Sealed(b"", row.revision)


def write(connection: Connection, vault: Vault, name: str, value: bytes, revision: int, now: int) -> bool:
    """False when what is there has another revision than the one read."""
    body = vault.of_secret(name).seal(value, name.encode())
    if revision == 0:
        return connection.execute(_FIRST, {"name": name, "now": now, "body": body}).rowcount == 1
    return (
        connection.execute(
            update(secrets)
            .where(secrets.c.name == name, secrets.c.revision == revision)
            .values(revision=revision + 1, changed_at=now, body=body)
        ).rowcount
        == 1
    )
