"""What is kept for organisers: counters beside those of guides, weekly sums, official figures, the calendar
of the mobile team, posters, outages, and where the weekly digest goes.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text, text

from bot.core.visits import (
    ARROW_COLUMNS,
    CELL_COLUMNS,
    HELP_COLUMNS,
    HELP_TIME_COLUMNS,
    HOME_COLUMNS,
    RUN_COLUMNS,
    SIGN_COLUMNS,
    STEP_COLUMNS,
    TIME_COLUMNS,
    CellKey,
    HelpTimeKey,
    HomeKey,
    SignKey,
)
from bot.store.desk_tables import help_counts
from bot.store.tables import (
    BIG,
    arrow_counts,
    column,
    counter,
    metadata,
    run_counts,
    step_counts,
    time_counts,
)

# --- Counters, changed in the turn's transaction ------------------------------------------------------

help_time_counts = counter("help_time_counts", HelpTimeKey, HELP_TIME_COLUMNS)
home_counts = counter("home_counts", HomeKey, HOME_COLUMNS)
sign_counts = counter("sign_counts", SignKey, SIGN_COLUMNS)
cell_counts = counter("cell_counts", CellKey, CELL_COLUMNS)

SLOT = 10
"""Seconds: so often, at most, a week that changes is noted anew."""

touched = Table(
    "touched",
    metadata,
    column("week", BIG, "statistics"),  # the week whose counters changed
    column("slot", BIG, "statistics"),  # when, in units of SLOT since 1970
    PrimaryKeyConstraint("slot", "week"),
    sqlite_with_rowid=False,
)

COUNTERS = (
    (run_counts, RUN_COLUMNS),
    (step_counts, STEP_COLUMNS),
    (arrow_counts, ARROW_COLUMNS),
    (time_counts, TIME_COLUMNS),
    (help_counts, HELP_COLUMNS),
    (help_time_counts, HELP_TIME_COLUMNS),
    (home_counts, HOME_COLUMNS),
    (sign_counts, SIGN_COLUMNS),
    (cell_counts, CELL_COLUMNS),
)
"""All counters with what is added up in them, in the order of `Tally.changes`."""

# --- Weekly sums of the counters, one row for each cell that pages show --------------------------------

weekly_counts = Table(
    "weekly_counts",
    metadata,
    column("view", Text, "statistics"),  # a View
    column("part", Text, "statistics"),  # which commune, channel, version …; empty: all
    column("flow", Text, "statistics"),
    column("week", BIG, "statistics"),  # weeks since the one that began on Monday 1969-12-29, Viet Nam time
    column("kind", Text, "statistics"),  # a Kind
    column("step", Text, "statistics"),
    column("what", Text, "statistics"),
    column("count", BIG, "statistics"),
    # whoever sums up a week of a guide writes rows that lie together, whoever asks reads such ranges
    PrimaryKeyConstraint("view", "kind", "flow", "week", "part", "step", "what"),
    sqlite_with_rowid=False,
)

part_runs = Table(
    "part_runs",
    metadata,
    column("view", Text, "statistics"),
    column("week", BIG, "statistics"),
    column("part", Text, "statistics"),
    column("what", Text, "statistics"),  # how runs ended, of all guides
    column("published", BIG, "statistics"),  # what the week adds to the published cells
    column("count", BIG, "statistics"),
    PrimaryKeyConstraint("view", "week", "part", "what"),
    sqlite_with_rowid=False,
)

summed_guides = Table(
    "summed_guides",
    metadata,
    column("week", BIG, "statistics"),  # of which there are sums, or were
    column("flow", Text, "statistics"),  # empty: help that is about no guide
    PrimaryKeyConstraint("week", "flow"),
    sqlite_with_rowid=False,
)

summed = Table(
    "summed",
    metadata,
    column("what", Text, "statistics", key=True),  # WEEKLY
    column("at", BIG, "statistics"),  # when it was last brought up to date
)

commune_provinces = Table(
    "commune_provinces",
    metadata,
    column("commune", Text, "statistics", key=True),
    column("province", Text, "statistics"),  # whose sums its people are a part of
    sqlite_with_rowid=False,
)

# --- Official figures, as organisers entered them -----------------------------------------------------

units = Table(
    "units",
    metadata,
    column("id", BIG, "campaign", key=True),
    column("name", Text, "campaign"),
    column("code", Text, "campaign", default="''"),  # of the commune or province, if it is one of today's
    column("within", BIG, "campaign", default="0"),  # the unit that it is a part of; 0: of none
    sqlite_autoincrement=True,
)
Index("units_name", units.c.name, units.c.within, unique=True)

official = Table(
    "official",
    metadata,
    column("unit_id", BIG, "campaign"),
    column("day", BIG, "campaign"),  # the day that the figure tells of, since 1970
    column("measure", Text, "campaign"),  # one of `core.campaign.KEYS`
    column("value", BIG, "campaign"),
    column("until", BIG, "campaign", null=True),  # the deadline of a target
    column("source", Text, "campaign"),
    column("origin", Text, "campaign", default="''"),  # the import that it came with
    column("by", BIG, "campaign"),
    column("at", BIG, "campaign"),
    PrimaryKeyConstraint("unit_id", "measure", "day"),
    sqlite_with_rowid=False,
)

imports = Table(
    "imports",
    metadata,
    column("key", Text, "campaign", key=True),  # random, for addresses
    column("kind", Text, "campaign"),
    column("person_id", BIG, "campaign"),
    column("at", BIG, "retention"),
    column("body", LargeBinary, "campaign"),  # what was read, until somebody says that it shall be kept
)

# --- When the mobile team is where ----------------------------------------------------------------------

mobile_sessions = Table(
    "mobile_sessions",
    metadata,
    column("id", BIG, "calendar", key=True),
    column("commune", Text, "calendar"),
    column("place", Text, "calendar"),
    column("kind", Text, "calendar"),  # school, market, hall …
    column("starts_at", BIG, "calendar"),
    column("ends_at", BIG, "calendar"),
    column("note", Text, "calendar"),
    column("called_off", Boolean, "calendar", default="false"),
    column("revision", Integer, "calendar"),
    column("by", BIG, "calendar"),
    column("at", BIG, "calendar"),
    sqlite_autoincrement=True,
)
Index("mobile_sessions_commune", mobile_sessions.c.commune, mobile_sessions.c.ends_at)
Index("mobile_sessions_end", mobile_sessions.c.ends_at)

# --- Posters ------------------------------------------------------------------------------------------

posters = Table(
    "posters",
    metadata,
    column("code", Text, "poster", key=True),  # "22291-3": the commune's code and a number
    column("commune", Text, "poster"),
    column("number", Integer, "poster"),
    column("place", Text, "poster"),
    column("by", BIG, "poster"),
    column("at", BIG, "poster"),
    column("retired_at", BIG, "poster", null=True),
)
Index("posters_commune", posters.c.commune, posters.c.number, unique=True)

# --- Outages ------------------------------------------------------------------------------------------

outages = Table(
    "outages",
    metadata,
    column("id", BIG, "outage", key=True),
    column("started_at", BIG, "outage"),
    column("said_at", BIG, "outage"),  # when somebody announced it
    column("ended_at", BIG, "outage", default="0"),  # 0: it lasts
    column("reason", Text, "outage"),
    column("note", Text, "outage"),
    column("by", BIG, "outage"),
    column("ended_by", BIG, "outage", default="0"),
    column("told", BIG, "outage", default="0"),  # how many people heard of it
    column("woken_to", BIG, "outage", default="0"),  # conversations up to here may hear of its end
    column("woken_at", BIG, "outage", default="0"),  # when all of them might
    sqlite_autoincrement=True,
)
_LASTS = text("ended_at = 0")
Index("outages_one", outages.c.ended_at, unique=True, sqlite_where=_LASTS, postgresql_where=_LASTS)

# --- Where the weekly digest goes ---------------------------------------------------------------------

digests = Table(
    "digests",
    metadata,
    column("id", BIG, "digest", key=True),
    column("channel", Text, "digest"),
    column("name", Text, "digest"),  # what an organiser calls this address
    column("hash", LargeBinary, "digest", null=True),  # of the address, once it is known
    column("address", LargeBinary, "digest", null=True),  # sealed
    column("code", LargeBinary, "digest", null=True),  # hash of what proves that it wants it
    column("until", BIG, "digest", default="0"),  # how long the code is good
    column("told_week", BIG, "digest", default="0"),
    column("trial", Boolean, "digest", default="false"),  # somebody wants to see one now
    column("resting", Boolean, "digest", default="false"),  # switched off for a while
    column("lost_at", BIG, "digest", default="0"),  # since when nothing can be sent there; 0: it can
    column("by", BIG, "digest"),
    column("at", BIG, "digest"),
    sqlite_autoincrement=True,
)
Index("digests_hash", digests.c.hash, unique=True)
