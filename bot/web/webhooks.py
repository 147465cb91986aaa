"""Where platforms post: a short way past the pages, since nobody looks at what is answered here."""

from __future__ import annotations

from starlette.types import Receive, Scope, Send

from bot.app.platform import Headers, Posted, Webhook
from bot.web.errors import RETRY_AFTER

BIGGEST = 1024 * 1024
"""Bytes of a request that are read; events of all platforms are far smaller."""

REFUSED = Posted(401)
TOO_LARGE = Posted(413)
NOT_OPEN_YET = Posted(503, retry_after=int(RETRY_AFTER))


async def answer(webhook: Webhook | None, scope: Scope, receive: Receive, send: Send) -> None:
    """One request of a platform; `webhook` is None while its channel is being opened."""
    posted = await _posted(webhook, scope, receive)
    if posted is not None:
        await _tell(posted, send)


async def _posted(webhook: Webhook | None, scope: Scope, receive: Receive) -> Posted | None:
    """None when whoever asked has hung up."""
    if scope["method"] != "POST":
        return Posted(405)
    if webhook is None:
        return NOT_OPEN_YET
    headers: Headers = scope["headers"]
    if not webhook.admits(headers):
        return REFUSED
    declared = [value for name, value in headers if name == b"content-length"]
    if any(not value.isdigit() or int(value) > BIGGEST for value in declared):
        return TOO_LARGE
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > BIGGEST:
            return TOO_LARGE
        chunks.append(chunk)
        if not message.get("more_body"):
            return await webhook.take(headers, b"".join(chunks))


async def _tell(posted: Posted, send: Send) -> None:
    headers = [(b"content-length", str(len(posted.body)).encode())]
    if posted.body:
        headers.append((b"content-type", b"application/json"))
    if posted.retry_after:
        headers.append((b"retry-after", str(posted.retry_after).encode()))
    await send({"type": "http.response.start", "status": posted.status, "headers": headers})
    await send({"type": "http.response.body", "body": posted.body})
