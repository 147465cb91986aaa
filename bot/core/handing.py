"""Where a guide goes on when a person gives the conversation back to the bot."""

from __future__ import annotations

from dataclasses import replace

from bot.core.book import Book
from bot.core.engine import Walk
from bot.core.flow import waits
from bot.core.offers import Offers, is_kept, walk_of
from bot.core.session import Session, State
from bot.core.ticket import Ticket
from bot.core.voice import voice_of


def steps_to_go_on(book: Book, state: State, flow: str) -> tuple[str, ...]:
    """The steps at which a guide can go on, in the author's order: those that wait for an answer. Of a guide
    that is walked they are those of the version that it is walked in.
    """
    run = next((run for run in state.session.runs if run.flow == flow), None) if state.session else None
    edition = book.edition(flow, run.version) if run else None
    guide = edition or book.flows.get(flow)
    return tuple(id for id, step in guide.steps.items() if waits(step)) if guide else ()


def go_on_at(
    book: Book, state: State, ticket: Ticket, step: str, lead: str, now: int, seed: str
) -> tuple[Walk, Offers] | None:
    """The walk from there on, led in by `lead`. None when there is no such place.

    `step` is "kich-hoat/nhap-so", a guide, or empty: where the person stood.
    """
    session = state.session if state.session and is_kept(book, state.session) else None
    voice = voice_of(book, state.contact)
    walk = walk_of(book, state.contact, voice, now, seed, state.seq, session)
    offers = Offers(walk, replace(state, options=()))
    walk.lead = lead
    if not step:
        _go_on(walk, offers, ticket, was_walked=state.session is not None)
        return walk, offers
    flow, _, wanted = step.partition("/")
    if wanted and _stand_in(walk, offers, flow, wanted):
        return walk, offers
    guide = book.leads_to(step)
    if guide is None or (wanted and not waits(guide.steps[wanted])):
        return None
    offers.begin_at(step)
    return walk, offers


def _go_on(walk: Walk, offers: Offers, ticket: Ticket, *, was_walked: bool) -> None:
    """Where it stood. A version that is gone is begun anew there; a guide that is over is not."""
    stood = f"{ticket.flow}/{ticket.step}"
    if walk.session is not None:
        walk.resume()
    elif was_walked and _waits_at(walk.book, stood):
        offers.begin_at(stood)
    else:
        offers.menu()


def _waits_at(book: Book, entrance: str) -> bool:
    guide = book.leads_to(entrance)
    step = entrance.partition("/")[2]
    return guide is not None and bool(step) and waits(guide.steps[step])


def _stand_in(walk: Walk, offers: Offers, flow: str, step: str) -> bool:
    """Stand at a step of a guide that is walked or was put aside, in the version it is walked in."""
    session = next(
        (one for one in (walk.session, *reversed(offers.parked)) if one and _has(walk.book, one, flow, step)),
        None,
    )
    if session is None:
        return False
    if session is not walk.session:
        offers.take_out(session)
    walk.stand_at(flow, step)
    return True


def _has(book: Book, session: Session, flow: str, step: str) -> bool:
    if not is_kept(book, session):
        return False
    run = next((run for run in session.runs if run.flow == flow), None)
    edition = book.edition(flow, run.version) if run else None
    return edition is not None and step in edition.steps and waits(edition.steps[step])
