"""How a simulated platform's webhook calls get to the bot: over HTTP, or straight into its hands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from aiohttp import ClientSession, ClientTimeout

from bot.app.platform import Webhook

Answered = tuple[int, Mapping[str, str], bytes]
"""Status, headers with names in lower case, body."""

Post = Callable[[str, Mapping[str, str], bytes], Awaitable[Answered]]
"""Address, headers, body. Raises OSError, TimeoutError or aiohttp.ClientError when nobody answers."""


def straight_to(webhook: Webhook) -> Post:
    """Hand requests to a webhook as the web server would, without a server."""

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        if urlsplit(url).path != webhook.path:
            return 404, {}, b""
        pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        if not webhook.admits(pairs):
            return 401, {}, b""
        posted = await webhook.take(pairs, body)
        said = {"retry-after": str(posted.retry_after)} if posted.retry_after else {}
        return posted.status, {"content-type": "application/json"} | said, posted.body

    return post


def over_http(session: ClientSession, gate: str, seconds: float) -> Post:
    """Post for real. `gate` ("http://127.0.0.1:8080") stands in for the public address that the bot gave."""

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        parts = urlsplit(url)
        target = gate + parts.path + (f"?{parts.query}" if parts.query else "") if gate else url
        timeout = ClientTimeout(total=seconds)
        async with session.post(
            target, headers=dict(headers), data=body, timeout=timeout, allow_redirects=False
        ) as answer:
            said = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, said, await answer.read()

    return post
