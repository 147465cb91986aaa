"""Somebody says in which commune they are: taken, told apart, or asked once more. Where they were goes on."""

from __future__ import annotations

from bot.core import mobile_team
from bot.core.flow import Ask, Shape
from bot.core.places import MOST_OFFERED, Commune
from bot.core.session import Option, Verb
from bot.core.talk import Talk


def by_commune(talk: Talk) -> bool:
    """A message that names a commune and says nothing else, or the province after several were found."""
    if not talk.text:
        return False
    places, unsettled = talk.book.places, talk.state.naming
    named = places.named(talk.text) or (places.named(f"{unsettled}, {talk.text}") if unsettled else None)
    if named is None:
        return False
    talk.asks_team = talk.state.asks_team
    match named.communes:
        case ():
            talk.offers.place_again(talk.line("commune_unknown"))
        case (commune,) if named.sure:
            take_commune(talk, commune.code, named.poster)
        case communes if len(communes) <= MOST_OFFERED:
            talk.offers.ask(talk.line("commune_which"), (*map(_option, communes), _neither(talk)))
        case _:
            talk.naming = named.name
            talk.offers.place_again(talk.line("commune_many"))
    return True


def take_commune(talk: Talk, code: str, poster: str = "") -> None:
    """Note where the person is, say so, and go on where they were."""
    commune = talk.book.places.commune(code)
    if commune is None:
        talk.offers.place_again(talk.line("commune_unknown"))
        return
    talk.live_in(code, poster)
    talk.asks_team = False
    talk.walk.lead = _joined(
        talk.walk.lead, talk.line("commune_taken", dieu=commune.spoken), _team(talk, code)
    )
    step = talk.voice.at(talk.session)[2] if talk.session else None
    if isinstance(step, Ask) and step.shape is Shape.COMMUNE and not talk.offers.options:
        talk.awaken()
        talk.walk.fill(step, code)
        talk.after_step()
    elif talk.offers.options or (talk.session is not None and not talk.offers.wanted):
        talk.offers.place_again("")
    else:
        talk.offers.begin()


def _team(talk: Talk, code: str) -> str:
    """When the mobile team comes, for somebody who asked for it or opened a poster of theirs by typing it."""
    if talk.state.asks_team:
        return mobile_team.told(talk.voice, talk.desk, code, talk.now)
    return ""


def _option(commune: Commune) -> Option:
    return Option(commune.label, Verb.COMMUNE, commune.code)


def _neither(talk: Talk) -> Option:
    return Option(talk.line("label_no_commune"), Verb.COMMUNE)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
