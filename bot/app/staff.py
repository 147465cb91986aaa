"""What the pages for volunteers, leads and organisers work with."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.app.accounts import NoPeople, NoSessions, People, Sessions
from bot.app.entrance import Entrance
from bot.app.handoff import Handoff
from bot.app.journal import Journal, NoJournal
from bot.app.tickets import Tickets
from bot.app.watching import Watching


@dataclass(frozen=True, slots=True)
class Staff:
    """One field for each thing that people at the desk do. Without `entrance` nobody can sign in."""

    tickets: Tickets
    handoff: Handoff
    watching: Watching
    sessions: Sessions = field(default_factory=NoSessions)
    people: People = field(default_factory=NoPeople)
    journal: Journal = field(default_factory=NoJournal)
    entrance: Entrance | None = None
