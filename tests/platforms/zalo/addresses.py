"""Which addresses a platform would accept from us."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def trouble_with(url: str) -> str:
    """Why the platform would refuse this address; empty when it would not."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "not an address"
    host = parts.hostname or ""
    if parts.scheme != "https":
        return "not https"
    if port is not None or "@" in parts.netloc:
        return "with a port or a user"
    if _is_ip(host) or "." not in host or host.endswith((".local", ".localhost", ".internal")):
        return "not a public host name"
    return "" if parts.path.isascii() and " " not in url else "not escaped"


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
