"""Alembic's entry: run the migrations on the connection that `schema.upgrade` hands over."""

from alembic import context

from bot.store import desk_tables, insight_tables  # noqa: F401 - they add their tables
from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
