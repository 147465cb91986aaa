"""What organisers need: counters of help, signs and phones, weekly sums, figures, a calendar, posters, outages."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('cell_counts',
    sa.Column('day', BIG, nullable=False),
    sa.Column('view', sa.Text(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('persons', BIG, nullable=False),
    sa.PrimaryKeyConstraint('day', 'view', 'part', 'flow', 'kind', 'step', 'what'),
    sqlite_with_rowid=False
    )
    op.create_table('digests',
    sa.Column('id', BIG, nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=True),
    sa.Column('address', sa.LargeBinary(), nullable=True),
    sa.Column('code', sa.LargeBinary(), nullable=True),
    sa.Column('until', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('told_week', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('trial', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('resting', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('lost_at', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('by', BIG, nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('digests_hash', 'digests', ['hash'], unique=True)
    op.create_table('help_time_counts',
    sa.Column('day', BIG, nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('commune', sa.Text(), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('clock', sa.Text(), nullable=False),
    sa.Column('bucket', BIG, nullable=False),
    sa.Column('tickets', BIG, nullable=False),
    sa.PrimaryKeyConstraint('day', 'channel', 'commune', 'flow', 'clock', 'bucket'),
    sqlite_with_rowid=False
    )
    op.create_table('home_counts',
    sa.Column('day', BIG, nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('commune', sa.Text(), nullable=False),
    sa.Column('requested', BIG, nullable=False),
    sa.Column('done', BIG, nullable=False),
    sa.Column('called_off', BIG, nullable=False),
    sa.PrimaryKeyConstraint('day', 'channel', 'commune'),
    sqlite_with_rowid=False
    )
    op.create_table('imports',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('person_id', BIG, nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('mobile_sessions',
    sa.Column('id', BIG, nullable=False),
    sa.Column('commune', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('starts_at', BIG, nullable=False),
    sa.Column('ends_at', BIG, nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('called_off', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('by', BIG, nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('mobile_sessions_commune', 'mobile_sessions', ['commune', 'ends_at'], unique=False)
    op.create_index('mobile_sessions_end', 'mobile_sessions', ['ends_at'], unique=False)
    op.create_table('official',
    sa.Column('unit_id', BIG, nullable=False),
    sa.Column('day', BIG, nullable=False),
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('value', BIG, nullable=False),
    sa.Column('until', BIG, nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('origin', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column('by', BIG, nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.PrimaryKeyConstraint('unit_id', 'measure', 'day'),
    sqlite_with_rowid=False
    )
    op.create_table('outages',
    sa.Column('id', BIG, nullable=False),
    sa.Column('started_at', BIG, nullable=False),
    sa.Column('said_at', BIG, nullable=False),
    sa.Column('ended_at', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by', BIG, nullable=False),
    sa.Column('ended_by', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('told', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('woken_to', BIG, server_default=sa.text('0'), nullable=False),
    sa.Column('woken_at', BIG, server_default=sa.text('0'), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('outages_one', 'outages', ['ended_at'], unique=True, sqlite_where=sa.text('ended_at = 0'), postgresql_where=sa.text('ended_at = 0'))
    op.create_table('posters',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('commune', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('by', BIG, nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.Column('retired_at', BIG, nullable=True),
    sa.PrimaryKeyConstraint('code')
    )
    op.create_index('posters_commune', 'posters', ['commune', 'number'], unique=True)
    op.create_table('weekly_counts',
    sa.Column('view', sa.Text(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('week', BIG, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('count', BIG, nullable=False),
    sa.PrimaryKeyConstraint('view', 'kind', 'flow', 'week', 'part', 'step', 'what'),
    sqlite_with_rowid=False
    )
    op.create_table('part_runs',
    sa.Column('view', sa.Text(), nullable=False),
    sa.Column('week', BIG, nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('published', BIG, nullable=False),
    sa.Column('count', BIG, nullable=False),
    sa.PrimaryKeyConstraint('view', 'week', 'part', 'what'),
    sqlite_with_rowid=False
    )
    op.create_table('summed_guides',
    sa.Column('week', BIG, nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('week', 'flow'),
    sqlite_with_rowid=False
    )
    op.create_table('summed',
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('at', BIG, nullable=False),
    sa.PrimaryKeyConstraint('what')
    )
    op.create_table('commune_provinces',
    sa.Column('commune', sa.Text(), nullable=False),
    sa.Column('province', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('commune'),
    sqlite_with_rowid=False
    )
    op.create_table('sign_counts',
    sa.Column('day', BIG, nullable=False),
    sa.Column('flow', sa.Text(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('commune', sa.Text(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('sign', sa.Text(), nullable=False),
    sa.Column('persons', BIG, nullable=False),
    sa.Column('times', BIG, nullable=False),
    sa.PrimaryKeyConstraint('day', 'flow', 'version', 'channel', 'commune', 'step', 'sign'),
    sqlite_with_rowid=False
    )
    op.create_table('touched',
    sa.Column('week', BIG, nullable=False),
    sa.Column('slot', BIG, nullable=False),
    sa.PrimaryKeyConstraint('slot', 'week'),
    sqlite_with_rowid=False
    )
    op.create_table('units',
    sa.Column('id', BIG, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column('within', BIG, server_default=sa.text('0'), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('units_name', 'units', ['name', 'within'], unique=True)
    # what was counted until now is summed up week by week, too
    op.execute(
        "INSERT INTO touched (week, slot) SELECT DISTINCT (day + 3) / 7, 0 FROM "
        "(SELECT day FROM run_counts UNION SELECT day FROM help_counts) AS days"
    )
