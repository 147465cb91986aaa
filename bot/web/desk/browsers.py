"""What family of browsers one is: the same after an update, another in another program."""

from __future__ import annotations

_PROGRAMS = (
    ("Coc_Coc", "Cốc Cốc"),
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("OPR", "Opera"),
    ("Zalo", "Zalo"),
    ("FBAN", "Facebook"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
"""In this order: nearly all of them say that they are Chrome and Safari as well."""

_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def family(agent: str) -> str:
    """Such as "Chrome, Android"; for people to read as well."""
    program = next((name for mark, name in _PROGRAMS if mark in agent), "trình duyệt khác")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "máy khác")
    return f"{program}, {system}"
