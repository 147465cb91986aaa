"""Open the store that an address names: check who else uses it, its schema and its key."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, insert, make_url, select

from bot.app.ports import StoreDown
from bot.store.crypt import Vault
from bot.store.delivering import give_up_leases
from bot.store.duties import release_all
from bot.store.locking import FileLock, StoreBusy
from bot.store.schema import HEAD, StoreTooNew, stored_revision, upgrade
from bot.store.store import SqlStore
from bot.store.tables import settings

__all__ = ["SqlStore", "StoreBusy", "StoreDown", "StoreTooNew", "WrongKey", "open_beside", "open_store"]


class WrongKey(Exception):
    """The database was sealed with another key."""

    def __init__(self) -> None:
        super().__init__(
            "The database was written with another key: put back the key file or variable it was made with."
        )


def open_store(url: str, key: bytes, pull_channels: frozenset[str]) -> SqlStore:
    """`url` is `sqlite:///path` or `postgresql+psycopg://…`. Creates and migrates what is missing.

    Raises StoreBusy, StoreTooNew, WrongKey, each with one line that says what to do, and StoreDown.
    """
    vault = Vault(key)
    match make_url(url).get_backend_name():
        case "sqlite":
            return _open_sqlite(url, vault, pull_channels)
        case "postgresql":
            return _open_postgres(url, vault, pull_channels)
        case other:
            raise ValueError(f"database.url must begin with sqlite:/// or postgresql+psycopg://, not {other}")


def open_beside(url: str, key: bytes) -> SqlStore:
    """For a short piece of work while another process serves: nothing is migrated, nothing is locked.

    On SQLite, ids of conversations and their lines are drawn in the memory of the one that serves: this one
    must not write any. Raises as `open_store` does, and StoreTooNew for any schema but this program's own.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return open_store(url, key, frozenset())
    from bot.store.sqlite import SqliteDatabase

    vault = Vault(key)
    database = SqliteDatabase(Path(make_url(url).database or ""))
    try:
        with database.engine.begin() as connection:
            _refuse_other_schema(connection)
            _check(connection, vault)
        database.ready()
    except BaseException:
        database.close()
        raise
    return SqlStore(database, vault, frozenset(), lambda: None)


def _refuse_other_schema(connection: Connection) -> None:
    stored = stored_revision(connection)
    if stored != HEAD:
        raise StoreTooNew(f"The database has schema {stored}, this program {HEAD}: start the bot anew.")


def _open_sqlite(url: str, vault: Vault, pull_channels: frozenset[str]) -> SqlStore:
    from bot.store.sqlite import SqliteDatabase

    name = make_url(url).database
    if not name or name == ":memory:":
        raise ValueError("database.url must name a file: sqlite:///data/bot.db")
    path = Path(name)
    lock = FileLock(path.with_name(path.name + ".lock"))
    try:
        database = SqliteDatabase(path)
        try:
            _prepare(database.engine, vault)
            with database.engine.begin() as connection:
                give_up_leases(connection)  # the lock says that whoever held them is gone
                release_all(connection)
            database.ready()
        except BaseException:
            database.close()
            raise
    except BaseException:
        lock.release()
        raise
    return SqlStore(database, vault, pull_channels, lock.release)


def _open_postgres(url: str, vault: Vault, pull_channels: frozenset[str]) -> SqlStore:
    from bot.store.postgres import PostgresDatabase

    database = PostgresDatabase(url)
    try:
        database.run_alone(lambda connection: _check(connection, vault))
    except BaseException:
        database.close()
        raise
    return SqlStore(database, vault, pull_channels, lambda: None)


def _prepare(engine: Engine, vault: Vault) -> None:
    with engine.begin() as connection:
        _check(connection, vault)


def _check(connection: Connection, vault: Vault) -> None:
    upgrade(connection)
    stored = connection.scalar(select(settings.c.value).where(settings.c.name == "key"))
    if stored is None:
        connection.execute(insert(settings).values(name="key", value=vault.check))
    elif stored != vault.check:
        raise WrongKey
