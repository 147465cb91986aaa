"""Bring a database to this program's schema, or refuse one that is newer."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""All revisions, oldest first. Kept here so that a current database starts without importing Alembic."""

HEAD = REVISIONS[-1]

MIGRATIONS = Path(__file__).parent / "migrations"


class StoreTooNew(Exception):
    """The database was written by a newer program."""


def upgrade(connection: Connection) -> None:
    """Apply what is missing, inside the caller's transaction."""
    stored = stored_revision(connection)
    if stored == HEAD:
        return
    if stored is not None and stored not in REVISIONS:
        raise StoreTooNew(
            f"The database has schema {stored}, this program knows {HEAD}: install the newer program again."
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def stored_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    stored: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return stored
