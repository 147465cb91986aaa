"""What people at the desk do: one deed each, then whoever waits for it hears."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.app.bell import DESK, Bell
from bot.app.ports import Acted
from bot.app.tickets import Note, Tickets
from bot.core import handoff
from bot.core.book import Book
from bot.core.events import Move
from bot.core.handoff import Deed
from bot.core.message import Picture
from bot.core.session import State
from bot.core.ticket import Closing, Helper, No, Refusal
from bot.core.turn import Turn


class Handoff:
    """Every method says what became of it: it took effect, or why not. A `key` is of one person and one kind
    of deed: that something was said is no sign that something was closed.
    """

    def __init__(
        self, tickets: Tickets, book: Book, bell: Bell, now: Callable[[], int], draw: Callable[[], str]
    ) -> None:
        self._tickets = tickets
        self._book = book
        self._bell = bell
        self._now = now
        self._draw = draw

    async def claim(self, ticket: str, helper: Helper) -> Acted | Refusal:
        """Refused as FULL to whoever has as many conversations as they may."""
        return await self._do(
            ticket, lambda state: handoff.claim(self._book, state, helper, self._now()), to=helper
        )

    async def next(self, helper: Helper, tickets: Iterable[str]) -> tuple[str, Acted] | Refusal | None:
        """Claim the first of these that nobody else was quicker to take; None when there is none left."""
        for ticket in tickets:
            claimed = await self.claim(ticket, helper)
            if isinstance(claimed, Acted):
                return ticket, claimed
            if claimed.why is No.FULL:
                return claimed
        return None

    async def take_over(self, ticket: str, helper: Helper) -> Acted | Refusal:
        return await self._do(
            ticket, lambda state: handoff.take_over(self._book, state, helper, self._now()), to=helper
        )

    async def keep(self, ticket: str, helper: Helper, *, kindly: bool = False) -> Acted | Refusal:
        """Heard by nobody, unless it answers a colleague who wants to take over."""
        wanted = False

        def deed(state: State) -> Turn | Refusal:
            nonlocal wanted
            wanted = state.ticket is not None and state.ticket.wish is not None
            return handoff.keep(self._book, state, helper, self._now(), kindly=kindly)

        kept = await self._do(ticket, deed, quietly=True)
        if wanted and not kindly and isinstance(kept, Acted):
            self._bell.ring((DESK, kept.conversation), ())
        return kept

    async def speak(
        self, ticket: str, helper: Helper, text: str, key: str, picture: Picture | None = None
    ) -> Acted | Refusal:
        """`key` is drawn by the browser for each message: sent twice, it is said once."""
        return await self._do(
            ticket,
            lambda state: handoff.speak(self._book, state, helper, text, self._now(), picture),
            key=f"{helper.id}.say.{key}",
        )

    async def again(self, ticket: str, helper: Helper, key: str) -> Acted | Refusal:
        """What became of words that may have been said already; nothing is said."""
        return await self._tickets.act(
            ticket, lambda _: Refusal(No.NOT_YOURS), self._now(), key=f"{helper.id}.say.{key}"
        )

    async def give_back(
        self, ticket: str, helper: Helper, note: str = "", move: Move = Move.RETURNED
    ) -> Acted | Refusal:
        return await self._do(
            ticket,
            lambda state: handoff.give_back(self._book, state, helper, self._now(), move),
            note=Note(helper.id, note) if note else None,
        )

    async def hand_to(self, ticket: str, helper: Helper, to: Helper, note: str) -> Acted | Refusal:
        return await self._do(
            ticket,
            lambda state: handoff.hand_to(self._book, state, helper, to, self._now()),
            note=Note(helper.id, note, to=to.id) if note else None,
            to=to,
        )

    async def hand_back(self, ticket: str, helper: Helper, step: str, key: str = "") -> Acted | Refusal:
        seed = self._draw()
        return await self._do(
            ticket,
            lambda state: handoff.hand_back(self._book, state, helper, step, self._now(), seed),
            key=f"{helper.id}.back.{key}" if key else "",
        )

    async def close(
        self, ticket: str, helper: Helper, closing: Closing, step: str, error: str, key: str = ""
    ) -> Acted | Refusal:
        return await self._do(
            ticket,
            lambda state: handoff.close(self._book, state, helper, closing, step, error, self._now()),
            key=f"{helper.id}.close.{key}" if key else "",
        )

    async def note(self, ticket: str, note: Note) -> bool:
        kept = await self._tickets.note(ticket, note, self._now())
        self._bell.ring((DESK,))
        return kept

    async def _do(
        self,
        ticket: str,
        deed: Deed,
        *,
        key: str = "",
        note: Note | None = None,
        to: Helper | None = None,
        quietly: bool = False,
    ) -> Acted | Refusal:
        acted = await self._tickets.act(ticket, deed, self._now(), key=key, note=note, to=to)
        if isinstance(acted, Acted) and not acted.repeated and not quietly:
            self._bell.ring((DESK, acted.conversation), (acted.channel,))
        return acted
