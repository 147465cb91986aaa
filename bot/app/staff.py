"""What the pages for volunteers, leads and organisers work with."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.app.accounts import NoSessions, Sessions
from bot.app.handoff import Handoff
from bot.app.knowledge import Knowledge, NothingKnown
from bot.app.proposals import Proposing
from bot.app.tickets import Tickets
from bot.app.watching import Watching


@dataclass(frozen=True, slots=True)
class Staff:
    """One field for each thing that people at the desk do."""

    tickets: Tickets
    handoff: Handoff
    watching: Watching
    sessions: Sessions = field(default_factory=NoSessions)
    knowledge: Knowledge = field(default_factory=NothingKnown)
    proposing: Proposing | None = None
