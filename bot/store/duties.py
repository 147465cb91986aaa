"""What one process does for all: taken for a while, kept by coming back, lost by staying away."""

from __future__ import annotations

from sqlalchemy import Connection, delete, text

from bot.store.tables import duties

_HOLD = text(
    "INSERT INTO duties (name, holder, until) VALUES (:name, :holder, :until) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until "
    "WHERE duties.holder = excluded.holder OR duties.until <= :now"
)


def hold(connection: Connection, name: str, holder: str, now: int, until: int) -> bool:
    """False while another one holds it."""
    values = {"name": name, "holder": holder, "until": until, "now": now}
    return connection.execute(_HOLD, values).rowcount == 1


def release(connection: Connection, name: str, holder: str) -> None:
    connection.execute(delete(duties).where(duties.c.name == name, duties.c.holder == holder))


def release_all(connection: Connection) -> None:
    connection.execute(delete(duties))
