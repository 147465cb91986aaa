"""Which kind of phone a page is opened on: the browser says so, and nothing else of what it says is kept."""

from __future__ import annotations


def phone_of(agent: str) -> str:
    """One of `contact.PHONES`; empty for everything else, a tablet of Apple's and a television among it."""
    if "iPhone" in agent or "iPod" in agent:
        return "iphone"
    # phones with Windows said that they were Android, too
    return "android" if "Android" in agent and "Windows" not in agent and "TV" not in agent else ""
