"""A proposal is kept sealed and sieved, decided once, and written only when it is right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from bot.app.proposals import Change, Decided, Kind, Piece, Plan, Proposed, Proposing, Written
from bot.language.sieve import sift
from bot.store.open import SqlStore
from bot.store.proposals import SqlProposals

NOW = 1_800_000_000
LAN, ORGANISER = 1, 9
REPLY = Proposed(Kind.CANNED, "Chờ một lát", "Bác chờ em một lát ạ.", question="chờ lâu không")


class Shelf:
    """Notes what would be written."""

    def __init__(self, plan: Plan | None = None, written: Written = Written.YES) -> None:
        piece = Piece("faq/x.yaml", "  x:\n")
        self.planned = plan or Plan((Change("faq/x.yaml", "", "x"),), (piece,))
        self.becomes = written
        self.done = 0

    def plan(self, _: Proposed, today: str, /) -> Plan:
        assert today == "2027-01-15"
        return self.planned

    def write(self, _: Plan, /) -> Written:
        self.done += self.becomes is Written.YES
        return self.becomes


def proposing(store: SqlStore, shelf: Shelf | None = None) -> Proposing:
    return Proposing(SqlProposals(store.backing), shelf or Shelf(), sift, lambda: NOW)


async def proposed(use: Proposing) -> int:
    return await use.propose(LAN, REPLY)


async def test_what_was_proposed_is_read_back(store: SqlStore) -> None:
    use = proposing(store)
    id = await proposed(use)
    waiting = await use.waiting()
    assert [one.id for one in waiting] == [id]
    assert waiting[0] == await use.one(id)
    assert (waiting[0].proposed, waiting[0].made_by, waiting[0].made_at) == (REPLY, LAN, NOW)
    assert [one.id for one in await use.made_by(LAN)] == [id]
    assert await use.made_by(ORGANISER) == []
    assert await use.one(id + 1) is None


async def test_numbers_of_people_are_not_kept(store: SqlStore) -> None:
    use = proposing(store)
    words = "Bác gọi bà Năm số 0912 345 678, căn cước 012345678901 ạ."
    every = replace(REPLY, title=words, text=words, question=words, shown=words, meaning=words)
    kept = await use.one(await use.propose(LAN, every))
    assert kept is not None
    for field in ("title", "text", "question", "shown", "meaning"):
        assert "345 678" not in getattr(kept.proposed, field)
        assert "012345678901" not in getattr(kept.proposed, field)
    changed = await use.change(kept, every)
    assert changed is not None
    assert "345 678" not in changed.proposed.text


async def test_every_word_is_sealed_under_its_own_row(store: SqlStore) -> None:
    use = proposing(store)
    first, second = await proposed(use), await proposed(use)

    def bodies(connection: Connection) -> list[bytes]:
        return [bytes(row[0]) for row in connection.execute(text("SELECT body FROM proposals ORDER BY id"))]

    sealed = await store.backing.database.read(bodies)
    assert not any("Chờ".encode() in body or b"xung_ho" in body for body in sealed)

    def swap(connection: Connection) -> None:
        for id, body in ((first, sealed[1]), (second, sealed[0])):
            connection.execute(
                text("UPDATE proposals SET body = :body WHERE id = :id"), {"body": body, "id": id}
            )

    await store.backing.database.write(swap)
    with pytest.raises(Exception, match="do not open"):
        await use.one(first)


async def test_an_approved_one_is_written_once(store: SqlStore) -> None:
    shelf = Shelf()
    use = proposing(store, shelf)
    proposal = await use.one(await proposed(use))
    assert proposal is not None
    outcome = await use.approve(proposal, ORGANISER)
    assert outcome is not None
    assert outcome.written is Written.YES
    assert await use.approve(proposal, ORGANISER) is None
    assert not await use.refuse(proposal, ORGANISER, "thôi")
    assert shelf.done == 1
    kept = await use.one(proposal.id)
    assert kept is not None
    assert (kept.decided, kept.written, kept.pieces) == (Decided.APPROVED, True, ())
    assert await use.waiting() == []


async def test_with_a_fault_it_stays_open_and_nothing_is_written(store: SqlStore) -> None:
    shelf = Shelf(Plan(faults=("faq/x.yaml:1:1: lỗi",)))
    use = proposing(store, shelf)
    proposal = await use.one(await proposed(use))
    assert proposal is not None
    outcome = await use.approve(proposal, ORGANISER)
    assert outcome is not None
    assert outcome.written is None
    assert shelf.done == 0
    assert len(await use.waiting()) == 1


async def test_where_nothing_can_be_written_what_to_copy_is_kept(store: SqlStore) -> None:
    use = proposing(store, Shelf(written=Written.READ_ONLY))
    proposal = await use.one(await proposed(use))
    assert proposal is not None
    await use.approve(proposal, ORGANISER)
    kept = await use.one(proposal.id)
    assert kept is not None
    assert (kept.decided, kept.written) == (Decided.APPROVED, False)
    assert kept.pieces == (Piece("faq/x.yaml", "  x:\n"),)


async def test_when_the_file_changed_meanwhile_it_is_open_again(store: SqlStore) -> None:
    use = proposing(store, Shelf(written=Written.STALE))
    proposal = await use.one(await proposed(use))
    assert proposal is not None
    await use.approve(proposal, ORGANISER)
    assert [one.decided for one in await use.waiting()] == [Decided.PROPOSED]


async def test_a_refused_one_says_why_and_cannot_be_changed(store: SqlStore) -> None:
    use = proposing(store)
    proposal = await use.one(await proposed(use))
    assert proposal is not None
    assert await use.refuse(proposal, ORGANISER, "Câu này có rồi, bạn nhé.")
    kept = (await use.made_by(LAN))[0]
    assert (kept.decided, kept.word) == (Decided.REFUSED, "Câu này có rồi, bạn nhé.")
    assert await use.change(proposal, REPLY) is None
