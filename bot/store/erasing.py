"""Take everything of a conversation out of every table, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete

from bot.store.desk_tables import OF_A_CONVERSATION
from bot.store.tables import conversations

_TARGETS = (
    *((table, table.c.conversation_id) for table in OF_A_CONVERSATION),
    (conversations, conversations.c.id),
)
_DELETES = tuple(
    (table.name, delete(table).where(column.in_(bindparam("ids", expanding=True))))
    for table, column in _TARGETS
)


def erase(connection: Connection, ids: Sequence[int]) -> dict[str, int]:
    """Delete these conversations; returns rows deleted per table."""
    if not ids:
        return {}
    return {name: connection.execute(statement, {"ids": list(ids)}).rowcount for name, statement in _DELETES}
