"""Hash what is looked up, seal what is read back; the database alone tells nothing about a person.

AES-256-GCM with random nonces is safe for about 2^32 seals under one key. So every conversation and every
address has a key of its own, derived by keyed BLAKE2b (about 1 µs): no key comes near that number, and
bytes moved from one conversation's row to another's do not open.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.message import Address

KEY_BYTES = 32
_NONCE_BYTES = 12
_HASH_BYTES = 16


class Unreadable(Exception):
    """Sealed bytes do not open: another key, changed bytes, or bytes of another row."""


class Cipher:
    """Seals and opens what belongs to one conversation or one address. `row` ties bytes to their row."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, plain: bytes, row: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, row)

    def open(self, sealed: bytes, row: bytes) -> bytes:
        try:
            return self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row)
        except (InvalidTag, ValueError) as fault:
            raise Unreadable("sealed bytes do not open with this key") from fault


class Vault:
    """All that is derived from the one secret key; hashing and sealing keys are apart."""

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise ValueError(f"the store's key needs {KEY_BYTES} bytes at least, this one has {len(key)}")
        hashing, sealing = _derive(key, b"hash"), _derive(key, b"seal")
        self._addresses = _hasher(hashing, b"address", _HASH_BYTES)
        self._events = _hasher(hashing, b"event", _HASH_BYTES)
        self._codes = _hasher(hashing, b"code", _HASH_BYTES)
        self._tokens = _hasher(hashing, b"token", KEY_BYTES)
        self._journal = _hasher(hashing, b"journal", KEY_BYTES)
        self._of_conversation = _hasher(sealing, b"conversation", KEY_BYTES)
        self._of_address = _hasher(sealing, b"address", KEY_BYTES)
        self._of_secret = _hasher(sealing, b"secret", KEY_BYTES)
        self.check = _derive(key, b"check")

    def hash_address(self, address: Address) -> bytes:
        return _finish(self._addresses, f"{len(address.channel)}:{address.channel}{address.id}")

    def hash_event(self, address: Address, key: str) -> bytes:
        """The dedupe key. The address is part of it: nobody can hit another person's by guessing."""
        channel, id = address.channel, address.id
        return _finish(self._events, f"{len(channel)}:{channel}{len(id)}:{id}{key}")

    def hash_code(self, code: str) -> bytes:
        return _finish(self._codes, code)

    def hash_token(self, kind: str, token: str) -> bytes:
        """Under which a session, an invitation or the like is found; whoever reads it has no token."""
        return _finish(self._tokens, f"{len(kind)}:{kind}{token}")

    def hash_cell(self, cell: Sequence[str]) -> bytes:
        """What decides how a published number is rounded; the same for ever, and known to nobody outside."""
        return self.hash_token("cell", "\0".join(cell))

    def chain(self, before: bytes, row: bytes) -> bytes:
        """The hash of a journal's row: over the row and the hash before it."""
        hasher = self._journal.copy()
        hasher.update(len(before).to_bytes(1, "big") + before + row)
        return hasher.digest()

    def of_conversation(self, id: int) -> Cipher:
        hasher = self._of_conversation.copy()
        hasher.update(id.to_bytes(8, "big"))
        return Cipher(hasher.digest())

    def of_secret(self, name: str) -> Cipher:
        hasher = self._of_secret.copy()
        hasher.update(name.encode())
        return Cipher(hasher.digest())

    def of_address(self, hash: bytes) -> Cipher:
        hasher = self._of_address.copy()
        hasher.update(hash)
        return Cipher(hasher.digest())


def _hasher(key: bytes, kind: bytes, size: int) -> hashlib.blake2b:
    """Begun once and copied for each use, which is cheaper than to begin each time."""
    return hashlib.blake2b(key=key, digest_size=size, person=kind)


def _finish(begun: hashlib.blake2b, text: str) -> bytes:
    hasher = begun.copy()
    hasher.update(text.encode("utf-8", "surrogatepass"))
    return hasher.digest()


def _derive(key: bytes, purpose: bytes) -> bytes:
    secret = hashlib.blake2b(key, digest_size=64).digest()
    return hashlib.blake2b(key=secret, digest_size=KEY_BYTES, person=purpose).digest()
