"""The key that seals what is stored: one file beside the data."""

from __future__ import annotations

import secrets
from pathlib import Path

from bot.config import Settings

PUT_BACK = "put back the file from your backup, for nothing that was stored can be read without it"


class NotReady(Exception):
    """Something that a person has to do first; the message says what."""


def key_of(settings: Settings) -> bytes:
    """The key that seals what is stored: made at the first start, beside the data, readable by us alone."""
    try:
        return _kept_key(settings.key_file)
    except FileNotFoundError:
        return _new_key(settings.key_file)


def key_beside(settings: Settings) -> bytes:
    """The key for who only reads: nothing is made when it is not there."""
    try:
        return _kept_key(settings.key_file)
    except FileNotFoundError:
        raise NotReady(f"key_file {settings.key_file}: is not there; {PUT_BACK}") from None


def _kept_key(path: Path) -> bytes:
    """Raises FileNotFoundError, and NotReady for what is no key."""
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        raise
    except (ValueError, UnicodeDecodeError, OSError) as error:
        raise NotReady(f"key_file {path}: cannot be read ({error}); {PUT_BACK}") from None
    if len(key) != 32:
        raise NotReady(f"key_file {path}: is not a key of 64 hex digits; {PUT_BACK}")
    return key


def _new_key(path: Path) -> bytes:
    key = secrets.token_bytes(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(key.hex() + "\n", "ascii")
    except OSError as error:
        raise NotReady(f"key_file {path}: cannot be written ({error.strerror})") from None
    return key
