"""Proposed answers: who made and who decided them in the clear, every word sealed."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, Row, Select, insert, select, update

from bot.app.proposals import Decided, Piece, Proposal, Proposed
from bot.store.backing import Backing
from bot.store.crypt import Cipher
from bot.store.desk_tables import proposals

_KEY = "proposals"


class _Body(msgspec.Struct, frozen=True):
    proposed: Proposed
    word: str
    written: bool
    pieces: tuple[Piece, ...]


_BODY = msgspec.json.Decoder(_Body)


class SqlProposals:
    """`bot.app.proposals.Proposals` over the store's database."""

    def __init__(self, backing: Backing) -> None:
        self._database = backing.database
        self._cipher = backing.vault.of_secret(_KEY)

    async def add(self, proposed: Proposed, made_by: int, now: int) -> int:
        row = {"kind": str(proposed.kind), "made_by": made_by, "made_at": now, "state": Decided.PROPOSED}

        def work(connection: Connection) -> int:
            # sealed under its number, which is known only now
            added = connection.execute(insert(proposals).values(**row, body=b"").returning(proposals.c.id))
            id: int = added.scalar_one()
            made = Proposal(id, made_by, now, Decided.PROPOSED, proposed)
            body = _sealed(self._cipher, made)
            connection.execute(update(proposals).where(proposals.c.id == id).values(body=body))
            return id

        return await self._database.write(work)

    async def one(self, id: int) -> Proposal | None:
        found = await self._read(select(proposals).where(proposals.c.id == id))
        return found[0] if found else None

    async def waiting(self) -> list[Proposal]:
        return await self._read(
            select(proposals).where(proposals.c.state == Decided.PROPOSED).order_by(proposals.c.id)
        )

    async def made_by(self, person: int, limit: int) -> list[Proposal]:
        query = select(proposals).where(proposals.c.made_by == person)
        return await self._read(query.order_by(proposals.c.id.desc()).limit(limit))

    async def change(self, proposal: Proposal) -> bool:
        return await self._keep(proposal, Decided.PROPOSED, {"kind": str(proposal.proposed.kind)})

    async def decide(self, proposal: Proposal, by: int, now: int, before: Decided) -> bool:
        return await self._keep(
            proposal, before, {"state": proposal.decided, "decided_by": by, "decided_at": now}
        )

    async def _keep(self, proposal: Proposal, before: Decided, values: dict[str, str | int]) -> bool:
        body = _sealed(self._cipher, proposal)
        statement = (
            update(proposals)
            .where(proposals.c.id == proposal.id, proposals.c.state == before)
            .values(**values, body=body)
        )
        return await self._database.write(lambda connection: connection.execute(statement).rowcount == 1)

    async def _read(self, query: Select[tuple[object, ...]]) -> list[Proposal]:
        return await self._database.read(
            lambda connection: [_opened(self._cipher, row) for row in connection.execute(query)]
        )


def _sealed(cipher: Cipher, proposal: Proposal) -> bytes:
    body = _Body(proposal.proposed, proposal.word, proposal.written, proposal.pieces)
    return cipher.seal(msgspec.json.encode(body), _row(proposal.id))


def _opened(cipher: Cipher, row: Row[tuple[object, ...]]) -> Proposal:
    body = _BODY.decode(cipher.open(row.body, _row(row.id)))
    return Proposal(
        row.id,
        row.made_by,
        row.made_at,
        Decided(row.state),
        body.proposed,
        body.word,
        body.written,
        body.pieces,
    )


def _row(id: int) -> bytes:
    return b"proposal" + id.to_bytes(8, "big")
