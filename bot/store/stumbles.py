"""Events that a turn failed on: counted until they are given up, kept as a shape to mend the fault by."""

from __future__ import annotations

from sqlalchemy import Connection, text

_COUNT = text(
    "INSERT INTO stumbles (key, channel, tries, first_at, last_at, shape) "
    "VALUES (:key, :channel, 1, :now, :now, :shape) "
    "ON CONFLICT (key) DO UPDATE SET tries = stumbles.tries + 1, last_at = excluded.last_at "
    "RETURNING tries"
)


def stumble(connection: Connection, key: bytes, channel: str, shape: str, now: int) -> int:
    """How often the event has failed by now."""
    values = {"key": key, "channel": channel, "shape": shape, "now": now}
    return int(connection.execute(_COUNT, values).scalar_one())
