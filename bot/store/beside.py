"""Read counters beside a running bot: no lock, no writing, no key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, make_url
from sqlalchemy.exc import OperationalError

from bot.app.ports import Standing, StoreDown
from bot.core.visits import Tally
from bot.store import counters, guides


def counts_beside(url: str, flow: str) -> Tally:
    """All counters of a flow; nothing when the bot has never run. Raises StoreDown."""
    with _reading(url) as connection:
        return counters.counts(connection, flow) if connection else Tally()


def standing_beside(url: str) -> list[Standing]:
    """Who stands on which step, as `Store.standing`. Raises StoreDown."""
    with _reading(url) as connection:
        return guides.standing(connection) if connection else []


@contextmanager
def _reading(url: str) -> Iterator[Connection | None]:
    """A connection that can only read; None when there is no database file yet."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        path = Path(address.database or "")
        if not path.exists():
            yield None
            return
        address = make_url(f"sqlite:///file:{path.resolve()}?mode=ro&uri=true")
    engine = create_engine(address, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        raise StoreDown(f"the database does not answer: {error.orig}") from error
    finally:
        engine.dispose()
