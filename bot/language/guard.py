"""Which dangers a helper's words hold: asking a resident for secrets, money, or to go elsewhere."""

from __future__ import annotations

from bot.app.dangers import Danger, Guard


def guarding(web_address: str) -> Guard:
    """A guard that knows our own address."""
    del web_address

    def dangers(_text: str, _before: str = "", /) -> tuple[Danger, ...]:
        return ()

    return dangers
