"""What the pages for volunteers, leads and organisers work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.app.accounts import NoPeople, NoSessions, People, Sessions
from bot.app.doorbell import Enrolment
from bot.app.drafts import Drafts, NoDrafts
from bot.app.entrance import Entrance
from bot.app.handoff import Handoff
from bot.app.journal import Journal, NoJournal
from bot.app.knowledge import Knowledge, NothingKnown
from bot.app.notices import Notices
from bot.app.proposals import Proposing
from bot.app.pulse import NoPulse, Pulse
from bot.app.shifts import Duty, NoShifts, Shifts
from bot.app.tickets import Tickets
from bot.app.timetables import DaysOff, NoTimetables, Timetables, no_days_off
from bot.app.visits import Visiting
from bot.app.watching import Watching


@dataclass(frozen=True, slots=True)
class Staff:
    """One field for each thing that people at the desk do. `province_of` by codes of communes; without
    `duty` nobody comes on duty here, without `entrance` nobody can sign in.
    """

    tickets: Tickets
    handoff: Handoff
    watching: Watching
    sessions: Sessions = field(default_factory=NoSessions)
    shifts: Shifts = field(default_factory=NoShifts)
    duty: Duty | None = None
    drafts: Drafts = field(default_factory=NoDrafts)
    timetables: Timetables = field(default_factory=NoTimetables)
    days_off: DaysOff = no_days_off
    province_of: Mapping[str, str] = field(default_factory=dict)
    knowledge: Knowledge = field(default_factory=NothingKnown)
    pulse: Pulse = field(default_factory=NoPulse)
    visiting: Visiting | None = None
    proposing: Proposing | None = None
    notices: Notices | None = None
    enrolment: Enrolment | None = None
    people: People = field(default_factory=NoPeople)
    journal: Journal = field(default_factory=NoJournal)
    entrance: Entrance | None = None
