"""What every bot of the bench is told when it starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Start:
    """`ready(port)` is to be called once posts can come; with port 0 where there are none."""

    mode: str
    base: str
    folder: Path
    ready: Callable[[int], None]
