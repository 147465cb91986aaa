"""The way of a volunteer's words to a resident: sifted, looked at for danger, held back, released."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from weakref import WeakValueDictionary

from bot.app.accounts import Account, Role
from bot.app.bell import DESK, Bell
from bot.app.dangers import KINDS, Danger, Guard, sentence
from bot.app.freezing import Freezing
from bot.app.handoff import Handoff
from bot.app.ports import Acted, Line, Sieve
from bot.app.tickets import Note, Tickets
from bot.app.withheld import Complaint, Fate, Withheld, Withholding
from bot.core import handoff
from bot.core.book import Book
from bot.core.handoff import Deed
from bot.core.message import Picture
from bot.core.session import State
from bot.core.ticket import Helper, No, Refusal
from bot.core.turn import Turn

TOGETHER = 600
"""Seconds in which what somebody says may belong together."""

LAST = 3
"""Messages that may belong together, with the present one; those of a few words are none by themselves."""

FRAGMENT = 4
"""Words of such a one."""

LOOKED_BACK = 40
"""Lines of a conversation that are looked through for them."""

TURNED = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Signs that turn the line round: with them a guard reads other words than people do."""

COUNTED = 30 * 86400
"""Seconds for which a report counts."""

TOO_MANY = 2
"""So many residents whose reports count freeze an account."""


@dataclass(frozen=True, slots=True)
class Said:
    """It is on its way to the resident."""

    acted: Acted


@dataclass(frozen=True, slots=True)
class Held:
    """Not sent; `sentence` tells the volunteer why, and a safe way to say it."""

    why: tuple[Danger, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not sent yet: a newcomer's words wait for a second pair of eyes."""

    sentence: str = sentence((Danger.NEW,))


class Undecided(StrEnum):
    """Why somebody's decision did not count."""

    GONE = "gone"
    NOT_YOU = "not_you"


OnDuty = Callable[[], Awaitable[Collection[int]]]


async def nobody() -> Collection[int]:
    return ()


class Watching:
    """`guard` and `sieve` are pure. `on_duty` are the ids of who is there now."""

    def __init__(
        self,
        tickets: Tickets,
        handoff: Handoff,
        withheld: Withholding,
        guard: Guard,
        sieve: Sieve,
        book: Book,
        bell: Bell,
        now: Callable[[], int],
        *,
        freezing: Freezing,
        on_duty: OnDuty = nobody,
    ) -> None:
        self._tickets = tickets
        self._handoff = handoff
        self._withheld = withheld
        self._guard = guard
        self._sieve = sieve
        self._book = book
        self._bell = bell
        self._now = now
        self._freezing = freezing
        self._on_duty = on_duty
        self._turns: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()

    async def say(
        self, account: Account, ticket: str, text: str, key: str, picture: Picture | None = None
    ) -> Said | Held | Waiting | Refusal:
        """A volunteer's words on their way. `key` is drawn by the browser for each message: sent twice, it is
        said, or held, once.
        """
        async with self._turn_of(account.id, ticket):
            return await self._say(account, ticket, text.translate(TURNED), key, picture)

    async def _say(
        self, account: Account, ticket: str, text: str, key: str, picture: Picture | None
    ) -> Said | Held | Waiting | Refusal:
        sifted = self._sieve(text)
        back = await self._withheld.of_author(ticket, account.id)
        found = tuple(KINDS[kind] for kind in sifted.found)
        why = _ordered((*self._guard(sifted.text, await self._before(ticket, account, back)), *found))
        if account.watched > 0:
            why = (*why, Danger.NEW)
        if not why:
            acted = await self._handoff.speak(ticket, account.helper, sifted.text, key, picture)
            if isinstance(acted, Refusal):
                return acted
            if any(one.fate is Fate.WAITING for one in back):
                await self._withheld.rewritten(ticket, account.id)
                self._bell.ring((DESK,))
            return Said(acted)
        return await self._hold(account, ticket, (sifted.text, picture), key, why)

    def _turn_of(self, person: int, ticket: str) -> asyncio.Lock:
        """Two halves of a question that are sent at the same moment are looked at one after the other."""
        return self._turns.setdefault((person, ticket), asyncio.Lock())

    async def mine(self, account: Account, ticket: str) -> list[Withheld]:
        """What of somebody's own words in one conversation was held back, for their page of it."""
        return await self._withheld.of_author(ticket, account.id)

    async def to_see(self, account: Account) -> list[Withheld]:
        """What this person may decide about, oldest first."""
        on_duty = await self._on_duty()
        return [one for one in await self._withheld.unseen() if may_decide(account, one, on_duty)]

    async def complaints(self, account: Account) -> list[Complaint]:
        """What residents reported and nobody has looked at; leads and organisers see it."""
        if account.role < Role.LEAD:
            return []
        complaints = await self._withheld.complaints(self._now() - COUNTED)
        return [one for one in complaints if one.person != account.id]

    async def count(self, account: Account) -> int:
        """How much there is to look at; for the number beside «Chờ duyệt»."""
        return len(await self.to_see(account)) + len(await self.complaints(account))

    async def release(
        self, account: Account, id: int, text: str | None = None
    ) -> Said | Held | Refusal | Undecided:
        """Send it under its author's name, if they still have the conversation; `text`: said another way."""
        one = await self._decidable(account, id)
        if isinstance(one, Undecided):
            return one
        if one.fate is not Fate.WAITING:
            return Undecided.GONE
        if text is not None and text.strip() != one.text.strip():
            sifted = self._sieve(text.translate(TURNED))
            why = _ordered((*self._guard(sifted.text), *(KINDS[kind] for kind in sifted.found)))
            if why:
                return Held(why, sentence(why))
            one = replace(one, text=sifted.text)
        acted = await self._withheld.release(id, self._spoken_for(one), account.id, self._now())
        if acted is None:
            return Undecided.GONE
        if isinstance(acted, Refusal):
            self._bell.ring((DESK,))
            return acted
        self._bell.ring((DESK, acted.conversation), (acted.channel,))
        return Said(acted)

    async def refuse(self, account: Account, id: int, word: str = "") -> Undecided | None:
        """It is not sent; `word` is for its author, beside the conversation."""
        one = await self._decidable(account, id)
        if isinstance(one, Undecided):
            return one
        if not await self._withheld.decide(id, Fate.REFUSED, account.id, self._now()):
            return Undecided.GONE
        if word.strip():
            note = Note(account.id, self._sieve(word.strip()).text, "mention", one.person)
            await self._tickets.note(one.ticket, note, self._now())
        self._bell.ring((DESK,))
        return None

    async def looked(self, account: Account, id: int) -> Undecided | None:
        """A rewritten message was looked at: nothing more to do."""
        one = await self._decidable(account, id)
        if isinstance(one, Undecided):
            return one
        if one.fate is not Fate.REWRITTEN:
            return Undecided.GONE
        done = await self._withheld.decide(id, Fate.REWRITTEN, account.id, self._now())
        self._bell.ring((DESK,))
        return None if done else Undecided.GONE

    async def looked_at_complaint(self, account: Account, id: int) -> Undecided | None:
        if account.role < Role.LEAD:
            return Undecided.NOT_YOU
        done = await self._withheld.looked(id, account.id, self._now())
        self._bell.ring((DESK,))
        return None if done else Undecided.GONE

    async def freeze(self, account: Account, person: int) -> Undecided | None:
        """Shut somebody out at once. A lead may do so to volunteers, an organiser to all but themselves."""
        target = await self._freezing.by_id(person)
        if target is None:
            return Undecided.GONE
        if not may_freeze(account, target):
            return Undecided.NOT_YOU
        await self._freezing.disable(person, account.id)
        await self._withheld.refuse_all(person, account.id, self._now())
        self._bell.ring((DESK,))
        return None

    async def freeze_reported(self) -> None:
        """Shut out whom several residents reported, until an organiser looks; each report counts once.

        Leads and organisers are not shut out so: two strangers must not be able to empty the desk, and
        somebody has to be left who looks.
        """
        for complaint in await self._withheld.new_complaints(self._now() - COUNTED):
            target = await self._freezing.by_id(complaint.person)
            if complaint.count >= TOO_MANY and target is not None and target.role < Role.LEAD:
                await self._freezing.disable(complaint.person, 0)
                await self._withheld.refuse_all(complaint.person, 0, self._now())
            if await self._withheld.weighed(complaint.id, self._now()):
                self._bell.ring((DESK,))

    async def _hold(
        self,
        account: Account,
        ticket: str,
        words: tuple[str, Picture | None],
        key: str,
        why: tuple[Danger, ...],
    ) -> Said | Held | Waiting | Refusal:
        # what was said before the line broke is not held for having been said
        again = await self._handoff.again(ticket, account.helper, key)
        if isinstance(again, Acted):
            return Said(again)
        known = await self._withheld.earlier(ticket, account.id, key)
        if known is not None:
            return _said_again(known)
        kept = await self._handoff.keep(ticket, account.helper)
        if isinstance(kept, Refusal):
            return kept
        one = await self._withheld.hold(ticket, account.id, key, words, why, self._now())
        if one is None:
            return Refusal(No.CLOSED)
        self._bell.ring((DESK,))
        return _said_again(one)

    async def _before(self, ticket: str, account: Account, back: list[Withheld]) -> str:
        """What they said, or want to say, just before."""
        chat = await self._tickets.chat(ticket, 0, LOOKED_BACK)
        lines = chat.lines if chat is not None else ()
        since = self._now() - TOGETHER
        said = [(line.at, line.reply.text) for line in lines if _is_theirs(line, account.shown)]
        said += [(one.at, one.text) for one in back if one.fate is Fate.WAITING and not one.is_dangerous]
        recent = sorted(((at, text) for at, text in said if at >= since), key=lambda one: one[0])
        return joined([text for _, text in recent])

    async def _decidable(self, account: Account, id: int) -> Withheld | Undecided:
        one = await self._withheld.one(id)
        if one is None or one.decided_at:
            return Undecided.GONE
        return one if may_decide(account, one, await self._on_duty()) else Undecided.NOT_YOU

    def _spoken_for(self, one: Withheld) -> Deed:
        """As if its author said it now, but no sign of life of theirs: their claim lapses when it would."""

        def deed(state: State) -> Turn | Refusal:
            before = state.ticket
            if before is None or before.holder is None:
                return Refusal(No.CLOSED if before is None else No.NOT_YOURS)
            author = Helper(one.person, before.holder.name)
            turn = handoff.speak(self._book, state, author, one.text, self._now(), one.picture)
            if isinstance(turn, Refusal) or turn.state is None or turn.state.ticket is None:
                return turn
            kept = replace(turn.state.ticket, holder=before.holder, wish=before.wish)
            return replace(turn, state=replace(turn.state, ticket=kept))

        return deed


def joined(said: Sequence[str]) -> str:
    """What was said just before, as one text. A question let out in drops is one question."""
    whole, before = 0, ""
    for text in reversed(said):
        fragment = len(text.split()) <= FRAGMENT
        whole += not fragment
        if whole == LAST:
            break
        before = f"{text}{' ' if fragment else chr(10)}{before}"
    return before.rstrip()


def may_decide(account: Account, one: Withheld, on_duty: Collection[int]) -> bool:
    """Dangers are for leads, newcomers' words also for others on duty who are not new."""
    if account.id == one.person or account.disabled:
        return False
    if account.role >= Role.LEAD:
        return True
    return not one.is_dangerous and account.watched == 0 and account.id in on_duty


def may_freeze(account: Account, target: Account) -> bool:
    if account.id == target.id or account.role < Role.LEAD:
        return False
    return account.role >= Role.ORGANISER or target.role < Role.LEAD


def _said_again(one: Withheld) -> Held | Waiting | Said:
    """The same answer however often a weak line asks."""
    if one.fate is Fate.RELEASED:
        return Said(Acted(True, 0, (), ""))
    if not one.is_dangerous and one.fate is Fate.WAITING:
        return Waiting()
    return Held(one.why, sentence(one.why))


def _is_theirs(line: Line, name: str) -> bool:
    return not line.mine and line.reply.author == name


def _ordered(dangers: tuple[Danger, ...]) -> tuple[Danger, ...]:
    """Each once, the gravest first."""
    return tuple(danger for danger in Danger if danger in dangers)
