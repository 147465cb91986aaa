"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("addresses_conversation", "addresses", ["conversation_id"], unique=False)
    op.create_table(
        "arrow_counts",
        sa.Column("day", BIG, nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("persons", BIG, nullable=False),
        sa.Column("visits", BIG, nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "flow", "version", "channel", "commune", "step", "to", "how", "reason"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "codes",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("codes_conversation", "codes", ["conversation_id"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("home", sa.LargeBinary(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("pins", sa.Text(), nullable=True),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("heard_at", BIG, nullable=False),
        sa.Column("wake_at", BIG, nullable=True),
        sa.Column("due_at", BIG, nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "conversations_due",
        "conversations",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "editions",
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("first_seen", BIG, nullable=False),
        sa.Column("last_seen", BIG, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "version"),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", BIG, nullable=False),
        sa.Column("first_line", BIG, nullable=True),
        sa.Column("last_line", BIG, nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lines",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=True),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ready_at", BIG, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("lines_conversation", "lines", ["conversation_id", "id"], unique=False)
    op.create_index(
        "lines_order",
        "lines",
        ["recipient", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'sending')"),
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.create_index(
        "lines_ready",
        "lines",
        ["channel", "ready_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'sending')"),
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.create_table(
        "run_counts",
        sa.Column("day", BIG, nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("started", BIG, nullable=False),
        sa.Column("open", BIG, nullable=False),
        sa.Column("completed", BIG, nullable=False),
        sa.Column("went_offline", BIG, nullable=False),
        sa.Column("escalated", BIG, nullable=False),
        sa.Column("expired", BIG, nullable=False),
        sa.Column("blocked", BIG, nullable=False),
        sa.Column("outage", BIG, nullable=False),
        sa.Column("superseded", BIG, nullable=False),
        sa.PrimaryKeyConstraint("day", "flow", "version", "channel", "commune"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "step_counts",
        sa.Column("day", BIG, nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("reached", BIG, nullable=False),
        sa.Column("visits", BIG, nullable=False),
        sa.Column("persons_open", BIG, nullable=False),
        sa.Column("persons_answered", BIG, nullable=False),
        sa.Column("persons_skipped", BIG, nullable=False),
        sa.Column("persons_escalated", BIG, nullable=False),
        sa.Column("persons_went_offline", BIG, nullable=False),
        sa.Column("persons_expired", BIG, nullable=False),
        sa.Column("persons_blocked", BIG, nullable=False),
        sa.Column("persons_outage", BIG, nullable=False),
        sa.Column("persons_superseded", BIG, nullable=False),
        sa.Column("visits_open", BIG, nullable=False),
        sa.Column("visits_answered", BIG, nullable=False),
        sa.Column("visits_skipped", BIG, nullable=False),
        sa.Column("visits_escalated", BIG, nullable=False),
        sa.Column("visits_went_offline", BIG, nullable=False),
        sa.Column("visits_expired", BIG, nullable=False),
        sa.Column("visits_blocked", BIG, nullable=False),
        sa.Column("visits_outage", BIG, nullable=False),
        sa.Column("visits_superseded", BIG, nullable=False),
        sa.PrimaryKeyConstraint("day", "flow", "version", "channel", "commune", "step"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tickets",
        sa.Column("id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("closed_at", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("tickets_conversation", "tickets", ["conversation_id"], unique=False)
    op.create_index(
        "tickets_open",
        "tickets",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "time_counts",
        sa.Column("day", BIG, nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("bucket", BIG, nullable=False),
        sa.Column("visits", BIG, nullable=False),
        sa.PrimaryKeyConstraint("day", "flow", "version", "channel", "commune", "step", "bucket"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "visits",
        sa.Column("id", BIG, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("day", BIG, nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("entered_at", BIG, nullable=False),
        sa.Column("left_at", BIG, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("reminders", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
