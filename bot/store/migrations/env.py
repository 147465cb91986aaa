"""Alembic's entry: run the migrations on the connection that `schema.upgrade` hands over."""

from alembic import context

from bot.store.desk_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
