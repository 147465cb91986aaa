"""What a resident may see, delete and should be warned of."""

from __future__ import annotations

import re

from bot.core import home_news
from bot.core.contact import PHONE_NAMES, SOURCE
from bot.core.engine import Walk
from bot.core.events import DataRequested, ErasureRequested
from bot.core.message import Incoming, Reply, Secret
from bot.core.session import Option, Outcome, State, Verb
from bot.core.voice import Voice

_MASK = re.compile(r"\[[^\[\]]{1,40}\]")
"""What the sieve puts where a secret was."""


def without_masks(message: Incoming) -> str:
    """What was said beside the secrets; empty when the message was nothing else."""
    if not message.found:
        return message.text.strip()
    left = _MASK.sub(" ", message.text)
    return message.text.strip() if any(char.isalpha() for char in left) else ""


def warning(voice: Voice, found: tuple[Secret, ...]) -> str:
    """A kind warning that names what was just sent and says what to do about it."""
    names = list(dict.fromkeys(voice.line(f"secret_{kind}") for kind in found))
    return voice.line("secret_masked", dieu=", ".join(names))


def show(walk: Walk, state: State) -> None:
    """All we keep of the person, at once. The stored lines are added by the application."""
    voice, contact = walk.voice, state.contact
    walk.events.append(DataRequested())
    known = [voice.line("data_form", dieu=contact.xung_ho)] if contact.xung_ho else []
    commune = walk.book.places.commune(contact.commune) if contact.commune else None
    if commune is not None:
        known.append(voice.line("data_commune", dieu=commune.spoken))
    if contact.poster:
        known.append(voice.line("data_poster", dieu=contact.poster))
    if contact.phone:
        known.append(voice.line("data_phone", dieu=PHONE_NAMES[contact.phone]))
    if voice.locale != SOURCE:
        known.append(voice.line("data_language"))
    places = [
        voice.line("data_place", viec=voice.title(session.runs[0].flow), buoc=voice.where(session))
        for session in (*state.parked, *([state.session] if state.session else []))
    ]
    visit = [home_news.kept(voice, state.home_visit)] if state.home_visit else []
    asked = [voice.line("data_ticket")] if state.ticket is not None else []
    helped = [voice.line("data_helped")] if state.helped is not None else []
    told = [voice.line("data_kept"), *known, *places, *asked, *helped, *visit, voice.line("data_end")]
    walk.replies.append(Reply("\n".join(told)))


def erase_options(voice: Voice) -> tuple[Option, ...]:
    return (
        Option(voice.line("label_erase"), Verb.ERASE),
        Option(voice.line("label_keep"), Verb.KEEP),
    )


def erase(walk: Walk) -> None:
    """Everything of this conversation goes; its open stay ends unanswered, which the counters keep."""
    if walk.session is not None and walk.session.is_open:
        walk.close(Outcome.EXPIRED)
    walk.session = None
    walk.events.append(ErasureRequested())
    walk.replies.append(Reply(walk.voice.line("erased")))
