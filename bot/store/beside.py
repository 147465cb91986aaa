"""Read beside a running bot: no lock, no writing; the key only where words are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, inspect, make_url, select
from sqlalchemy.exc import OperationalError

from bot.app.ports import Standing, StoreDown, Unmatched
from bot.core.tally import Tally
from bot.store import counters, guides
from bot.store.crypt import Vault
from bot.store.open import WrongKey
from bot.store.reading import unmatched_of
from bot.store.tables import settings, unmatched


def counts_beside(url: str, flow: str) -> Tally:
    """All counters of a flow; nothing when the bot has never run. Raises StoreDown."""
    with _reading(url) as connection:
        return counters.counts(connection, flow) if connection else Tally()


def standing_beside(url: str) -> list[Standing]:
    """Who stands on which step, as `Store.standing`. Raises StoreDown."""
    with _reading(url) as connection:
        return guides.standing(connection) if connection else []


def unmatched_beside(url: str, key: Callable[[], bytes], since: int) -> list[Unmatched]:
    """What was not understood since then; nothing when the bot has never run. Raises StoreDown, WrongKey.

    The key is asked for only when there is something to read.
    """
    with _reading(url) as connection:
        if connection is None or not inspect(connection).has_table(unmatched.name):
            return []  # it comes with the next start of the bot
        vault = Vault(key())
        if connection.scalar(select(settings.c.value).where(settings.c.name == "key")) != vault.check:
            raise WrongKey
        return list(unmatched_of(connection, vault, unmatched.c.at >= since))


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
    engine = create_engine(address, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        raise StoreDown(f"the database does not answer: {error.orig}") from error
    finally:
        engine.dispose()
