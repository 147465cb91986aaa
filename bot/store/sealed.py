"""What is sealed for whom: what belongs to a conversation, and lines that belong to none."""

from __future__ import annotations

from bot.app.ports import Line, Unmatched
from bot.core.message import Address, Reply
from bot.store.codec import Saved, decode_address, decode_reply, decode_saved, decode_words
from bot.store.crypt import Cipher, Vault

STATE = b"state"
ADDRESS = b"address"


def cipher_of(vault: Vault, conversation: int | None, recipient: bytes | None) -> Cipher:
    """The key of a line: its conversation's, or that of the address it goes to."""
    return vault.of_address(recipient or b"") if conversation is None else vault.of_conversation(conversation)


def row_of(line: int) -> bytes:
    return line.to_bytes(8, "big")


def row_of_unmatched(id: int) -> bytes:
    """Apart from the lines', which count with the same numbers under the same key."""
    return b"unmatched" + id.to_bytes(8, "big")


def open_saved(vault: Vault, conversation: int, sealed: bytes) -> Saved:
    return decode_saved(vault.of_conversation(conversation).open(sealed, STATE))


def open_reply(cipher: Cipher, line: int, sealed: bytes) -> Reply:
    return decode_reply(cipher.open(sealed, row_of(line)))


def open_line(cipher: Cipher, id: int, mine: bool, at: int, body: bytes) -> Line:
    return Line(id, mine, at, open_reply(cipher, id, body))


def open_unmatched(
    cipher: Cipher, conversation: int, id: int, at: int, flow: str, step: str, body: bytes
) -> Unmatched:
    words = decode_words(cipher.open(body, row_of_unmatched(id)))
    return Unmatched(conversation, at, flow, step, words.text, words.meant)


def open_address(vault: Vault, hash: bytes, sealed: bytes) -> Address:
    return decode_address(vault.of_address(hash).open(sealed, ADDRESS))
