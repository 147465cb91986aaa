"""What the team reads of visits at home, and does about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, or_, select

from bot.app.ports import Acted
from bot.app.visits import Entry, Seen
from bot.core.home_team import Deed
from bot.core.home_visit import Declined, Not, Stage
from bot.core.message import Address
from bot.store import turns
from bot.store.backing import Backing
from bot.store.codec import decode_home_visit
from bot.store.crypt import Vault
from bot.store.desk_tables import home_visits, people
from bot.store.reading import state_of_conversation
from bot.store.tables import conversations
from bot.store.visiting import aad

DESK = "desk"
"""The channel under which what is done at the desk is kept as done."""


class SqlHomeVisits:
    """`bot.app.visits.HomeVisits` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing
        self._database = backing.database

    async def listed(self, communes: Sequence[str] | None, maker: int, since: int, limit: int) -> list[Entry]:
        which = _seen_by(communes, maker)
        recent = or_(home_visits.c.closed_at.is_(None), home_visits.c.closed_at >= since)

        def work(connection: Connection) -> list[Entry]:
            query = _ROWS.where(which, recent).order_by(_OPEN_FIRST, home_visits.c.day, home_visits.c.id)
            return [_entry(self._backing.vault, row) for row in connection.execute(query.limit(limit))]

        return await self._database.read(work)

    async def on_day(self, communes: Sequence[str] | None, maker: int, day: int) -> list[Entry]:
        which = and_(_seen_by(communes, maker), home_visits.c.day == day)
        agreed = home_visits.c.state == str(Stage.AGREED)

        def work(connection: Connection) -> list[Entry]:
            query = _ROWS.where(which, agreed).order_by(home_visits.c.commune, home_visits.c.id)
            return [_entry(self._backing.vault, row) for row in connection.execute(query)]

        return await self._database.read(work)

    async def one(self, key: str) -> Seen | None:
        vault = self._backing.vault

        def work(connection: Connection) -> Seen | None:
            row = connection.execute(_ROWS.where(home_visits.c.key == key)).first()
            if row is None:
                return None
            state = state_of_conversation(connection, vault, row.conversation_id)
            if state is None:
                return None
            until = state.heard_at + state.window if state.window else 0
            return Seen(_entry(vault, row), row.channel, until, state.contact.xung_ho)

        return await self._database.read(work)

    async def act(self, conversation: int, deed: Deed, now: int, *, key: str = "") -> Acted | Declined:
        setting = self._backing.setting(now)
        once = self._backing.vault.hash_event(Address(DESK, f"visit {conversation}"), key) if key else None

        def work(connection: Connection) -> Acted | Declined | None:
            return turns.act_on(self._database.ledger(connection), setting, conversation, once, deed)

        acted = await self._database.write(work)
        self._backing.recent.note(setting.fresh)
        return Declined(Not.OVER) if acted is None else acted


_ROWS = select(
    home_visits.c.key,
    home_visits.c.conversation_id,
    home_visits.c.body,
    conversations.c.channel,
    people.c.shown.label("maker"),
).select_from(
    home_visits.join(conversations, conversations.c.id == home_visits.c.conversation_id).outerjoin(
        people, people.c.id == home_visits.c.made_by
    )
)
_OPEN_FIRST = case((home_visits.c.closed_at.is_(None), 0), else_=1)


def _seen_by(communes: Sequence[str] | None, maker: int) -> ColumnElement[bool]:
    """Those of these communes (None: all), and what somebody wrote down themselves."""
    if communes is None:
        return home_visits.c.id.is_not(None)
    return or_(home_visits.c.commune.in_(communes), home_visits.c.made_by == maker)


def _entry(vault: Vault, row: Row[Any, Any, Any, Any, Any]) -> Entry:
    opened = vault.of_conversation(row.conversation_id).open(row.body, aad(row.key))
    return Entry(row.conversation_id, decode_home_visit(opened), row.maker or "")
