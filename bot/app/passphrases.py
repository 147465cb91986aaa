"""What may be a passphrase, and whether one is right: slow on purpose, and as slow for names nobody has."""

from __future__ import annotations

import asyncio
import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 15
LONGEST = 200
AT_ONCE = 2
"""Hashes computed at the same time: each takes 64 MB and a processor."""

_SILLY = (
    *("matkhau", "password", "passphrase", "vneid", "vietnam", "congan", "tinhnguyen", "doanthanhnien"),
    *("admin", "tochuc", "banhchung", "anhyeuem", "emyeuanh", "iloveyou", "xinchao", "hello", "welcome"),
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "letmein", "abcdefghijklmnopqrstuvwxyz"),
)
_COUNTED = "0123456789" * (LONGEST // 10 + 1)


class Passphrases:
    """Hashes in threads, so that nobody else waits for them."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobodys = ""

    async def hash(self, words: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, _written(words))

    async def match(self, stored: str | None, words: str) -> bool:
        """Without a stored hash another one is computed all the same: the time tells nothing."""
        async with self._turn:
            right = await asyncio.to_thread(self._verify, stored, words)
        return right and stored is not None

    def _verify(self, stored: str | None, words: str) -> bool:
        self._nobodys = self._nobodys or self._hasher.hash("nobody has this passphrase")
        try:
            return self._hasher.verify(stored or self._nobodys, _written(words)[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False


def fault_of(words: str, *names: str) -> str:
    """Why this cannot be a passphrase, for who chose it; empty when it can."""
    words = _written(words)
    if len(words) < SHORTEST:
        return f"Câu mật khẩu cần ít nhất {SHORTEST} ký tự, bạn mới gõ {len(words)}. Hãy ghép vài từ lại."
    if len(words) > LONGEST:
        return f"Câu mật khẩu dài quá, nhiều nhất {LONGEST} ký tự."
    plain = _plain(words)
    if len(set(plain or words)) < 5:
        return "Câu mật khẩu lặp đi lặp lại vài ký tự nên rất dễ đoán. Hãy chọn vài từ khác nhau."
    if plain and (plain in _COUNTED or plain in _COUNTED[::-1]):
        return "Dãy số liền nhau rất dễ đoán. Hãy chọn vài từ chỉ bạn nghĩ ra."
    left = plain
    for silly in _SILLY:
        left = left.replace(silly, "")
    if plain and len(left) < 6:
        return "Câu mật khẩu này nhiều người dùng nên dễ đoán. Hãy chọn vài từ chỉ bạn nghĩ ra."
    for name in filter(None, map(_plain, names)):
        left = left.replace(name, "")
    if plain and len(left) < 8:
        return "Câu mật khẩu gần như chỉ có tên của bạn. Hãy thêm vài từ khác."
    return ""


def _written(words: str) -> str:
    """One spelling: phones and computers write «ế» with different bytes."""
    return unicodedata.normalize("NFC", words)


def _plain(words: str) -> str:
    marked = unicodedata.normalize("NFD", words.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", marked)
