"""Go on with another phone: a code opens a conversation to one more address."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from bot.core.message import Address
from bot.store.codec import encode
from bot.store.crypt import Vault
from bot.store.forgetting import forget
from bot.store.ledger import Ledger
from bot.store.reading import conversation_of
from bot.store.sealed import ADDRESS
from bot.store.tables import addresses, codes, conversations


def save_code(connection: Connection, vault: Vault, address: Address, code: str, until: int) -> bool:
    conversation = conversation_of(connection, vault.hash_address(address))
    if conversation is None:
        return False
    hash = vault.hash_code(code)
    connection.execute(delete(codes).where(codes.c.hash == hash))
    connection.execute(insert(codes).values(hash=hash, conversation_id=conversation, until=until))
    return True


def join(ledger: Ledger, vault: Vault, code: str, address: Address, now: int) -> tuple[bool, bool]:
    """Whether the code opened a conversation, and whether another one was erased for it.

    A code works once: whoever sees it over a shoulder comes too late.
    """
    connection = ledger.connection
    used = codes.c.hash == vault.hash_code(code)
    conversation = connection.scalar(
        select(codes.c.conversation_id).where(used, codes.c.until > now).with_for_update()
    )
    if conversation is None:
        return False, False
    connection.execute(delete(codes).where(used))
    hash = vault.hash_address(address)
    before = conversation_of(connection, hash)
    if before == conversation:
        return True, False
    erased = False
    if before is None:
        sealed = vault.of_address(hash).seal(encode(address), ADDRESS)
        row = {"hash": hash, "conversation_id": conversation, "channel": address.channel, "address": sealed}
        connection.execute(insert(addresses).values(row))
    else:
        connection.execute(
            update(addresses).where(addresses.c.hash == hash).values(conversation_id=conversation)
        )
        erased = _leave(ledger, vault, before, now)
    return True, erased


def _leave(ledger: Ledger, vault: Vault, conversation: int, now: int) -> bool:
    """An address has gone from here: erase what nobody reaches, or let timers answer to who is left."""
    connection = ledger.connection
    left = connection.execute(
        select(addresses.c.hash, addresses.c.channel).where(addresses.c.conversation_id == conversation)
    ).first()
    if left is None:
        forget(ledger, vault, [conversation], now)
        return True
    connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation)
        .values(home=left.hash, channel=left.channel)
    )
    return False
