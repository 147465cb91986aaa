"""What is kept for volunteers and of them, table by table; the rest of the schema is in `tables`."""

from __future__ import annotations

from sqlalchemy import Index, Integer, LargeBinary, Table, Text, text

from bot.core.visits import HELP_COLUMNS, HelpKey
from bot.store.tables import BIG, addresses, codes, column, counter, lines, metadata, unmatched

# --- Tickets ------------------------------------------------------------------------------------------

tickets = Table(
    "tickets",
    metadata,
    column("id", BIG, "handoff", key=True),  # the number that people say
    column("conversation_id", BIG, "handoff"),
    column("channel", Text, "handoff"),
    column("flow", Text, "handoff"),
    column("version", Text, "handoff"),
    column("step", Text, "handoff"),
    column("reason", Text, "handoff"),
    column("status", Text, "handoff"),  # queued, held, closed
    column("created_at", BIG, "handoff"),  # its age in the queue
    column("closed_at", BIG, "handoff", null=True),
    column("key", Text, "find", null=True),  # random, for addresses; null in rows of before volunteers
    column("commune", Text, "handoff", default="''"),
    column("locale", Text, "handoff", default="'vi'"),
    column("error", Text, "handoff", default="''"),
    column("holder", BIG, "handoff", null=True),  # who has it
    column("holder_name", Text, "handoff", default="''"),
    column("holder_since", BIG, "handoff", default="0"),
    column("until", BIG, "handoff", default="0"),  # when the claim lapses
    column("wish", Text, "handoff", default="''"),  # the colleague who wants to take over
    column("heard_at", BIG, "handoff", default="0"),
    column("spoke_at", BIG, "handoff", default="0"),
    column("claimed_at", BIG, "handoff", default="0"),
    column("barred", Text, "handoff", default="''"),  # ids of those reported by the resident
    column("closing", Text, "handoff", default="''"),
    column("closed_by", BIG, "handoff", default="0"),
    column("closed_step", Text, "handoff", default="''"),
    column("closed_error", Text, "handoff", default="''"),
    column("rating", Integer, "handoff", default="0"),
    sqlite_autoincrement=True,
)
_OPEN = text("closed_at IS NULL")
Index("tickets_open", tickets.c.conversation_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("tickets_queue", tickets.c.status, tickets.c.created_at, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("tickets_holder", tickets.c.holder, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("tickets_conversation", tickets.c.conversation_id)
Index("tickets_key", tickets.c.key, unique=True)

ticket_log = Table(
    "ticket_log",
    metadata,
    column("id", BIG, "handoff", key=True),
    column("conversation_id", BIG, "retention"),
    column("ticket", Text, "find"),  # its key
    column("at", BIG, "handoff"),
    column("kind", Text, "handoff"),  # opened, a Move, note, closed …
    column("who", BIG, "handoff"),  # 0: the resident or the bot
    column("to", BIG, "handoff"),
    column("body", LargeBinary, "handoff", null=True),  # sealed: a note
    sqlite_autoincrement=True,
)
Index("ticket_log_ticket", ticket_log.c.ticket, ticket_log.c.id)
Index("ticket_log_conversation", ticket_log.c.conversation_id)

drafts = Table(
    "drafts",
    metadata,
    column("person_id", BIG, "handoff", key=True),
    column("ticket", Text, "handoff", key=True),
    column("conversation_id", BIG, "retention"),
    column("at", BIG, "retention"),
    column("body", LargeBinary, "handoff"),  # sealed
)
Index("drafts_conversation", drafts.c.conversation_id)

held = Table(
    "held",  # what a volunteer wrote that somebody else has to see first
    metadata,
    column("id", BIG, "handoff", key=True),
    column("key", LargeBinary, "once"),  # of the request that brought it
    column("conversation_id", BIG, "retention"),
    column("ticket", Text, "find"),
    column("person_id", BIG, "handoff"),
    column("at", BIG, "retention"),
    column("why", Text, "handoff"),  # kinds of danger, or "new" for a newcomer
    column("status", Text, "handoff"),  # a Fate: waiting, rewritten, released, refused, lapsed
    column("decided_by", BIG, "handoff", default="0"),
    column("decided_at", BIG, "handoff", default="0"),  # 0: nobody has looked at it
    column("body", LargeBinary, "handoff"),  # sealed
    sqlite_autoincrement=True,
)
Index("held_conversation", held.c.conversation_id)
Index("held_key", held.c.key, unique=True)
Index("held_status", held.c.status, held.c.id)
Index("held_unseen", held.c.decided_at, held.c.id)

complaints = Table(
    "complaints",  # whom a resident reported; not a word of the resident, and it outlives the conversation
    metadata,
    column("id", BIG, "handoff", key=True),
    column("person_id", BIG, "handoff"),
    column("ticket", Text, "handoff"),
    column("at", BIG, "retention"),
    column("weighed_at", BIG, "handoff", default="0"),
    column("seen_by", BIG, "handoff", default="0"),
    column("seen_at", BIG, "handoff", default="0"),
    sqlite_autoincrement=True,
)
Index("complaints_person", complaints.c.person_id, complaints.c.at)
Index("complaints_seen", complaints.c.seen_at, complaints.c.id)

help_counts = counter("help_counts", HelpKey, HELP_COLUMNS)
"""What became of tickets, without a person. `waited` and `helped` are seconds, summed up."""

# --- Accounts -----------------------------------------------------------------------------------------

people = Table(
    "people",
    metadata,
    column("id", BIG, "account", key=True),
    column("name", Text, "account"),  # to sign in with, small letters
    column("shown", Text, "account"),  # what residents and colleagues read
    column("role", Text, "account"),  # volunteer, lead, organiser
    column("areas", Text, "account"),  # codes of communes and provinces with spaces between; empty: all
    column("skills", Text, "account"),
    column("most", Integer, "account"),  # conversations at the same time
    column("watched", Integer, "account"),  # conversations still to be seen by a second pair of eyes
    column("secret", Text, "account", null=True),  # argon2id
    column("totp", LargeBinary, "account", null=True),  # sealed
    column("totp_step", BIG, "account", default="0"),  # the last code that was used: each counts once
    column("telegram", LargeBinary, "account", null=True),  # hash of their account there
    column("created_at", BIG, "account"),
    column("disabled_at", BIG, "account", null=True),
    sqlite_autoincrement=True,
)
Index("people_name", people.c.name, unique=True)
Index("people_telegram", people.c.telegram, unique=True)

logins = Table(
    "logins",
    metadata,
    column("hash", LargeBinary, "account", key=True),
    column("person_id", BIG, "account"),
    column("created_at", BIG, "account"),
    column("seen_at", BIG, "account"),
    column("until", BIG, "account"),
    column("agent", Text, "account"),  # the browser's family ("Chrome, Android")
    sqlite_with_rowid=False,
)
Index("logins_person", logins.c.person_id)

invites = Table(
    "invites",
    metadata,
    column("hash", LargeBinary, "account", key=True),
    column("person_id", BIG, "account"),
    column("made_by", BIG, "account"),
    column("until", BIG, "account"),
    sqlite_with_rowid=False,
)

passkeys = Table(
    "passkeys",
    metadata,
    column("id", LargeBinary, "account", key=True),
    column("person_id", BIG, "account"),
    column("public_key", LargeBinary, "account"),
    column("sign_count", BIG, "account"),
    column("used_at", BIG, "account"),  # when the newest challenge was drawn that it answered
    column("created_at", BIG, "account"),
    sqlite_with_rowid=False,
)
Index("passkeys_person", passkeys.c.person_id)

tries = Table(
    "tries",  # guesses at passphrases
    metadata,
    column("hash", LargeBinary, "account", key=True),  # of a name, or of a name and a browser known to it
    column("full_at", BIG, "account"),  # when all tries are there again
    sqlite_with_rowid=False,
)

journal = Table(
    "journal",
    metadata,
    column("id", BIG, "journal", key=True),
    column("at", BIG, "journal"),
    column("who", BIG, "journal"),
    column("deed", Text, "journal"),
    column("what", Text, "journal"),  # a ticket's key, a person's id; never anybody's words
    column("hash", LargeBinary, "journal"),  # over this row and the hash before
    sqlite_autoincrement=True,
)

# --- Shifts -------------------------------------------------------------------------------------------

shifts = Table(
    "shifts",
    metadata,
    column("person_id", BIG, "handoff", key=True),
    column("since", BIG, "handoff"),
    column("until", BIG, "handoff"),
)

opening_hours = Table(
    "opening_hours",
    metadata,
    column("commune", Text, "handoff", key=True),  # empty: everywhere else
    column("week", Text, "handoff"),  # as a person wrote it: "T2-T6 18:00-21:00; T7 CN 8:00-11:00"
    column("days_off", Text, "handoff"),  # dates, with spaces between
    column("changed_at", BIG, "handoff"),
    column("changed_by", BIG, "handoff"),
)

# --- Notices ------------------------------------------------------------------------------------------

subscriptions = Table(
    "subscriptions",
    metadata,
    column("hash", LargeBinary, "notice", key=True),  # of the endpoint
    column("person_id", BIG, "notice"),
    column("created_at", BIG, "notice"),
    column("body", LargeBinary, "notice"),  # sealed: endpoint and keys
    sqlite_with_rowid=False,
)
Index("subscriptions_person", subscriptions.c.person_id)

notices = Table(
    "notices",  # what somebody at the desk has been told by push and may have to be cleared
    metadata,
    column("person_id", BIG, "notice", key=True),
    column("topic", Text, "notice", key=True),  # "queue", "chat.<key of a ticket>", …
    column("at", BIG, "notice"),  # when it last made a sound
    column("mark", Text, "notice"),  # changes when there is something new to tell
    column("count", Integer, "notice"),  # 0: it was taken away again
)

doorbells = Table(
    "doorbells",
    metadata,
    column("ticket", Text, "notice", key=True),
    column("message", BIG, "notice"),  # in the volunteers' group; 0: none
    column("shown", Text, "notice"),  # the state it shows
    column("at", BIG, "notice"),
)

enrolments = Table(
    "enrolments",
    metadata,
    column("hash", LargeBinary, "notice", key=True),  # of the code in a link to Telegram
    column("person_id", BIG, "notice"),
    column("until", BIG, "notice"),
    sqlite_with_rowid=False,
)

# --- Visits at home -----------------------------------------------------------------------------------

home_visits = Table(
    "home_visits",
    metadata,
    column("id", BIG, "visit", key=True),
    column("key", Text, "find"),
    column("conversation_id", BIG, "retention"),
    column("commune", Text, "visit"),
    column("state", Text, "visit"),  # requested, agreed, done, called_off
    column("made_by", BIG, "visit"),  # 0: the resident
    column("created_at", BIG, "visit"),
    column("changed_at", BIG, "visit"),
    column("closed_at", BIG, "retention", null=True),  # done or called off
    column("day", BIG, "visit", default="0"),  # agreed for, as days since 1970, Viet Nam time
    column("body", LargeBinary, "visit"),  # sealed: where, when, who comes and how to know them
    sqlite_autoincrement=True,
)
Index("home_visits_conversation", home_visits.c.conversation_id)
Index("home_visits_key", home_visits.c.key, unique=True)

# --- What is learnt from helping ----------------------------------------------------------------------

proposals = Table(
    "proposals",
    metadata,
    column("id", BIG, "learning", key=True),
    column("kind", Text, "learning"),  # answer, error
    column("made_by", BIG, "learning"),
    column("made_at", BIG, "learning"),
    column("state", Text, "learning"),  # proposed, approved, refused
    column("decided_by", BIG, "learning", default="0"),
    column("decided_at", BIG, "learning", default="0"),
    column("body", LargeBinary, "learning"),  # sealed
    sqlite_autoincrement=True,
)

OF_A_CONVERSATION = (lines, tickets, ticket_log, drafts, held, home_visits, codes, unmatched, addresses)
"""Tables with rows that belong to a conversation; they go when it goes."""

__all__ = ["OF_A_CONVERSATION", "metadata"]
