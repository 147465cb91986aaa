"""A fault that lasts is told when it begins, not at every try: an hour without a network is one line."""

from __future__ import annotations

from bot.app.ports import Report


class Alarm:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._ringing: set[tuple[str, type[BaseException]]] = set()

    def ring(self, where: str, fault: BaseException) -> None:
        kind = (where, type(fault))
        if kind not in self._ringing:
            self._ringing.add(kind)
            self._report(where, fault)

    def quieten(self, where: str) -> None:
        """It works again; the next fault is told."""
        if self._ringing:
            self._ringing = {kind for kind in self._ringing if kind[0] != where}


def pause(failures: int, chance: float) -> float:
    """Seconds before the next try: doubling up to a minute, never two callers in step."""
    return min(60.0, 2.0 ** min(failures, 6)) * (0.75 + chance / 4)
