"""What volunteers need: tickets that are claimed, accounts, a journal, shifts, notices, home visits."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # until now nobody answered in the chat, and people were told so
    op.execute("UPDATE tickets SET status = 'closed', closed_at = created_at WHERE closed_at IS NULL")
    op.create_table('doorbells',
    sa.Column('ticket', sa.Text(), nullable=False),
    sa.Column('message', BIG, nullable=False),
    sa.Column('shown', sa.Text(), nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.PrimaryKeyConstraint('ticket')
    )
    op.create_table('drafts',
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('ticket', sa.Text(), nullable=False),
    sa.Column('conversation_id', BIG, nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('person_id', 'ticket')
    )
    op.create_index('drafts_conversation', 'drafts', ['conversation_id'], unique=False)
    op.create_table('enrolments',
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('until', BIG, nullable=False),
    sa.PrimaryKeyConstraint('hash'),
    sqlite_with_rowid=False
    )
    op.create_table('held',
    sa.Column('id', BIG, nullable=False),
    sa.Column('key', sa.LargeBinary(), nullable=False),
    sa.Column('conversation_id', BIG, nullable=False),
    sa.Column('ticket', sa.Text(), nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('decided_by', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('decided_at', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('held_conversation', 'held', ['conversation_id'], unique=False)
    op.create_index('held_key', 'held', ['key'], unique=True)
    op.create_index('held_status', 'held', ['status', 'id'], unique=False)
    op.create_index('held_unseen', 'held', ['decided_at', 'id'], unique=False)
    op.create_table('complaints',
    sa.Column('id', BIG, nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('ticket', sa.Text(), nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.Column('weighed_at', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('seen_by', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('seen_at', BIG, server_default=sa.text('0'), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('complaints_person', 'complaints', ['person_id', 'at'], unique=False)
    op.create_index('complaints_seen', 'complaints', ['seen_at', 'id'], unique=False)
    op.create_table('help_counts',
    sa.Column('day', BIG, nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('commune', sa.Text(), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('closing', sa.Text(), nullable=False),
    sa.Column('closed_step', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('tickets', BIG, nullable=False),
    sa.Column('claimed', BIG, nullable=False),
    sa.Column('waited', BIG, nullable=False),
    sa.Column('helped', BIG, nullable=False),
    sa.Column('rated_1', BIG, nullable=False),
    sa.Column('rated_2', BIG, nullable=False),
    sa.Column('rated_3', BIG, nullable=False),
    sa.PrimaryKeyConstraint('day', 'channel', 'commune', 'flow', 'step', 'reason', 'closing', 'closed_step', 'error'),
    sqlite_with_rowid=False
    )
    op.create_table('home_visits',
    sa.Column('id', BIG, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('conversation_id', BIG, nullable=False),
    sa.Column('commune', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('made_by', BIG, nullable=False),
    sa.Column('created_at', BIG, nullable=False),
    sa.Column('changed_at', BIG, nullable=False),
    sa.Column('closed_at', BIG, nullable=True),
    sa.Column('day', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('home_visits_conversation', 'home_visits', ['conversation_id'], unique=False)
    op.create_index('home_visits_key', 'home_visits', ['key'], unique=True)
    op.create_table('invites',
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('made_by', BIG, nullable=False),
    sa.Column('until', BIG, nullable=False),
    sa.PrimaryKeyConstraint('hash'),
    sqlite_with_rowid=False
    )
    op.create_table('journal',
    sa.Column('id', BIG, nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.Column('who', BIG, nullable=False),
    sa.Column('deed', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_table('logins',
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('created_at', BIG, nullable=False),
    sa.Column('seen_at', BIG, nullable=False),
    sa.Column('until', BIG, nullable=False),
    sa.Column('agent', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('hash'),
    sqlite_with_rowid=False
    )
    op.create_index('logins_person', 'logins', ['person_id'], unique=False)
    op.create_table('notices',
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('person_id', 'topic')
    )
    op.create_table('opening_hours',
    sa.Column('commune', sa.Text(), nullable=False),
    sa.Column('week', sa.Text(), nullable=False),
    sa.Column('days_off', sa.Text(), nullable=False),
    sa.Column('changed_at', BIG, nullable=False),
    sa.Column('changed_by', BIG, nullable=False),
    sa.PrimaryKeyConstraint('commune')
    )
    op.create_table('passkeys',
    sa.Column('id', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', BIG, nullable=False),
    sa.Column('used_at', BIG, nullable=False),
    sa.Column('created_at', BIG, nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_with_rowid=False
    )
    op.create_index('passkeys_person', 'passkeys', ['person_id'], unique=False)
    op.create_table('people',
    sa.Column('id', BIG, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('shown', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('areas', sa.Text(), nullable=False),
    sa.Column('skills', sa.Text(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('watched', sa.Integer(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=True),
    sa.Column('totp', sa.LargeBinary(), nullable=True),
    sa.Column('totp_step', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('telegram', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', BIG, nullable=False),
    sa.Column('disabled_at', BIG, nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('people_name', 'people', ['name'], unique=True)
    op.create_index('people_telegram', 'people', ['telegram'], unique=True)
    op.create_table('proposals',
    sa.Column('id', BIG, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('made_by', BIG, nullable=False),
    sa.Column('made_at', BIG, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('decided_by', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('decided_at', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_table('shifts',
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('since', BIG, nullable=False),
    sa.Column('until', BIG, nullable=False),
    sa.PrimaryKeyConstraint('person_id')
    )
    op.create_table('subscriptions',
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('created_at', BIG, nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('hash'),
    sqlite_with_rowid=False
    )
    op.create_index('subscriptions_person', 'subscriptions', ['person_id'], unique=False)
    op.create_table('ticket_log',
    sa.Column('id', BIG, nullable=False),
    sa.Column('conversation_id', BIG, nullable=False),
    sa.Column('ticket', sa.Text(), nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('who', BIG, nullable=False),
    sa.Column('to', BIG, nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('ticket_log_conversation', 'ticket_log', ['conversation_id'], unique=False)
    op.create_index('ticket_log_ticket', 'ticket_log', ['ticket', 'id'], unique=False)
    op.add_column('tickets', sa.Column('key', sa.Text(), nullable=True))
    op.add_column('tickets', sa.Column('commune', sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column('tickets', sa.Column('locale', sa.Text(), server_default=sa.text("'vi'"), nullable=False))
    op.add_column('tickets', sa.Column('error', sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column('tickets', sa.Column('holder', BIG, nullable=True))
    op.add_column('tickets', sa.Column('holder_name', sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column('tickets', sa.Column('holder_since', BIG, server_default=sa.text('0'), nullable=False))
    op.add_column('tickets', sa.Column('until', BIG, server_default=sa.text('0'), nullable=False))
    op.add_column('tickets', sa.Column('wish', sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column('tickets', sa.Column('heard_at', BIG, server_default=sa.text('0'), nullable=False))
    op.add_column('tickets', sa.Column('spoke_at', BIG, server_default=sa.text('0'), nullable=False))
    op.add_column('tickets', sa.Column('claimed_at', BIG, server_default=sa.text('0'), nullable=False))
    op.add_column('tickets', sa.Column('barred', sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column('tickets', sa.Column('closing', sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column('tickets', sa.Column('closed_by', BIG, server_default=sa.text('0'), nullable=False))
    op.add_column('tickets', sa.Column('closed_step', sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column('tickets', sa.Column('closed_error', sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column('tickets', sa.Column('rating', sa.Integer(), server_default=sa.text('0'), nullable=False))
    op.create_index('tickets_key', 'tickets', ['key'], unique=True)
    op.create_index('tickets_holder', 'tickets', ['holder'], unique=False, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_index('tickets_queue', 'tickets', ['status', 'created_at'], unique=False, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('tries',
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('full_at', BIG, nullable=False),
    sa.PrimaryKeyConstraint('hash'),
    sqlite_with_rowid=False
    )
