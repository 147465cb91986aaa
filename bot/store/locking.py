"""Refuse a second process on the same SQLite file."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class StoreBusy(Exception):
    """Another process has the database open."""


class FileLock:
    """Held as long as the process lives: the kernel lets go of it, however the process dies."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle: int | None = None
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise StoreBusy(
                f"Another process uses {path.with_suffix('')}: stop it first, "
                "or set database.url to PostgreSQL to run several."
            ) from None
        self._handle = handle

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
