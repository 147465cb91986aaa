"""What a resident hears of the mobile team: its next sessions near them, or honestly that none is known."""

from __future__ import annotations

from bot.core.calendar import MobileSession, Near, ahead, near
from bot.core.desk import Desk
from bot.core.faq import Answer
from bot.core.places import Commune
from bot.core.visits import VIET_NAM, day_of
from bot.core.voice import Voice
from bot.core.weeks import day_named

WHEN_IT_COMES = "mobile-support-point"
"""The intent of asking for it."""


def asks_where(answer: Answer, desk: Desk, commune: str, now: int) -> bool:
    """Whether this answer depends on where the person is, and that is not known."""
    return answer.id == WHEN_IT_COMES and not commune and _any(desk, now)


def before(voice: Voice, answer: Answer, desk: Desk, commune: str, now: int) -> str:
    """What to say before an answer; empty for all that are about something else."""
    return told(voice, desk, commune, now) if answer.id == WHEN_IT_COMES else ""


def told(voice: Voice, desk: Desk, commune: str, now: int) -> str:
    """What is known of the team for somebody who asks."""
    there = voice.book.places.commune(commune) if commune else None
    if there is None:
        return voice.line("team_where" if _any(desk, now) else "team_nowhere")
    found = near_to(desk, there, now)
    parts = [
        _here(voice, found, there, now),
        _around(voice, found, now),
        *(voice.line("team_off", buoc=when(voice, one, now), viec=one.place) for one in found.off),
        voice.line("team_bring") if found.here or found.around else "",
    ]
    return "\n\n".join(part for part in parts if part)


def news(voice: Voice, desk: Desk, commune: str, now: int) -> str:
    """What to tell somebody who said where they are and asked nothing: only what is in their commune."""
    there = voice.book.places.commune(commune)
    found = near_to(desk, there, now) if there else Near()
    if there is None or not found.here:
        return ""
    return f"{_here(voice, found, there, now)}\n\n{voice.line('team_bring')}"


def near_to(desk: Desk, commune: Commune, now: int) -> Near:
    return near(desk.sessions.get(commune.within, ()), commune.code, now)


def when(voice: Voice, session: MobileSession, now: int) -> str:
    """Such as "thứ bảy 28/11, từ 18 giờ đến 20 giờ"."""
    day = day_of(session.starts_at)
    date = day_named(day)
    name = voice.line("team_today") if day == day_of(now) else voice.line(f"weekday_{date.weekday()}")
    hours = voice.line(
        "team_hours", buoc=_clock(voice, session.starts_at), dieu=_clock(voice, session.ends_at)
    )
    return voice.line("team_when", viec=name, buoc=f"{date:%d/%m}", dieu=hours)


def where(voice: Voice, session: MobileSession, *, away: bool) -> str:
    """The place with its note; `away`: not in the person's own commune, so it is said in which."""
    place = ", ".join(part for part in (session.place, _name(voice, session) if away else "") if part)
    return f"{place} ({session.note})" if session.note else place


def _any(desk: Desk, now: int) -> bool:
    """Whether anything is ahead anywhere."""
    return any(True for sessions in desk.sessions.values() for _ in ahead(sessions, now))


def _here(voice: Voice, found: Near, there: Commune, now: int) -> str:
    if found.here:
        return voice.line("team_here", dieu=there.spoken, viec=_rows(voice, found.here, now))
    return voice.line("team_not_here" if found.around else "team_none", dieu=there.spoken)


def _around(voice: Voice, found: Near, now: int) -> str:
    return voice.line("team_around", dieu=_rows(voice, found.around, now, away=True)) if found.around else ""


def _rows(voice: Voice, sessions: tuple[MobileSession, ...], now: int, *, away: bool = False) -> str:
    return "\n".join(
        voice.line("team_row", buoc=when(voice, one, now), viec=where(voice, one, away=away))
        for one in sessions
    )


def _name(voice: Voice, session: MobileSession) -> str:
    commune = voice.book.places.commune(session.commune)
    return f"{commune.name[:1].lower()}{commune.name[1:]}" if commune else ""


def _clock(voice: Voice, at: int) -> str:
    hour, minute = divmod((at + VIET_NAM) % 86400 // 60, 60)
    return voice.line("team_clock", buoc=str(hour), dieu=f"{minute:02}" if minute else "")
