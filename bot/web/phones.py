"""Which kind of phone a page is opened on: the browser says so, and nothing else of what it says is kept."""

from __future__ import annotations


def phone_of(agent: str) -> str:
    """One of `contact.PHONES`; empty for everything else, tablets of Apple's and televisions among it."""
    if "Windows" in agent or "TV" in agent:  # what ran Windows said that it was both
        return ""
    if "iPhone" in agent or "iPod" in agent:
        return "iphone"
    return "android" if "Android" in agent else ""
