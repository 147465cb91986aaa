"""What the pages for volunteers, leads and organisers work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.app.accounts import People, Sessions
from bot.app.calendar import Calendar
from bot.app.campaign import Campaign
from bot.app.digests import Digests
from bot.app.doorbell import Enrolment
from bot.app.drafts import Drafts
from bot.app.editions import Editions
from bot.app.entrance import Entrance
from bot.app.export import Export
from bot.app.handoff import Handoff
from bot.app.insights import Insights, WeeklyCounts
from bot.app.journal import Journal
from bot.app.knowledge import Knowledge
from bot.app.notices import Notices
from bot.app.outage import Outages
from bot.app.planning import Reader
from bot.app.posters import Posters
from bot.app.proposals import Proposing
from bot.app.pulse import Pulse
from bot.app.puzzles import Puzzling
from bot.app.shifts import Duty, Shifts
from bot.app.tickets import Tickets
from bot.app.timetables import DaysOff, Timetables
from bot.app.visits import Visiting
from bot.app.watching import Watching


@dataclass(frozen=True, slots=True)
class Staff:
    """One field for each thing that people at the desk do. `province_of` by codes of communes. Without
    `notices` nobody is told anything outside the pages, without `enrolment` there is no group with a bell.
    `simulated`: the residents in the store are made up.
    """

    entrance: Entrance
    sessions: Sessions
    people: People
    journal: Journal
    tickets: Tickets
    handoff: Handoff
    watching: Watching
    drafts: Drafts
    knowledge: Knowledge
    proposing: Proposing
    visiting: Visiting
    shifts: Shifts
    duty: Duty
    timetables: Timetables
    days_off: DaysOff
    province_of: Mapping[str, str]
    pulse: Pulse
    insights: Insights
    campaign: Campaign
    export: Export
    sums: WeeklyCounts
    outages: Outages
    calendar: Calendar
    posters: Posters
    reader: Reader
    puzzling: Puzzling
    editions: Editions
    digests: Digests
    notices: Notices | None = None
    enrolment: Enrolment | None = None
    simulated: bool = False
