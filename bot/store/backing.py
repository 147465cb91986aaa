"""What every part of the store works with."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app.ports import StoreDown
from bot.store import turns
from bot.store.crypt import Vault
from bot.store.ledger import Database
from bot.store.recent import Recent


@dataclass(frozen=True, slots=True)
class Backing:
    """The database and its key. `pull` are the channels whose people fetch their replies."""

    database: Database
    vault: Vault
    pull: frozenset[str]
    recent: Recent

    def setting(self, now: int) -> turns.Setting:
        return turns.Setting(self.vault, self.pull, (*self.database.away, StoreDown), now, self.recent)
