"""A file that somebody uploads from a page of ours, up to a size."""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.app.accounts import Account, Role
from bot.core.cells import one_line
from bot.web.desk.admission import SIGNATURE, posted, refuse_strange_posts, signature_of, signed_in
from bot.web.parts import Site

BESIDE = 256 * 1024
"""Bytes of the form's other fields, and of what holds its parts apart. A sheet that was looked through comes
back in one of them: 300 sessions with long names take half of it.
"""

_DRAINED = 4
"""Times the limit that is still read, so that the browser shows our answer and not a broken line."""


@dataclass(frozen=True, slots=True)
class Upload:
    """`name` is what the file is called; `body` is None when there was more than is taken."""

    name: str
    body: bytes | None


async def uploaded(
    site: Site, request: Request, least: Role, field: str, most: int
) -> tuple[Account, dict[str, str], Upload]:
    """`bot.web.desk.admission.posted` for forms with a file; one without is empty. Raises 400, 403 or 415."""
    refuse_strange_posts(request)
    account = await signed_in(site, request, least)
    kind, _, more = request.headers.get("content-type", "").lower().partition(";")
    if (
        kind.strip() == "multipart/form-data" and "charset" in more
    ):  # no browser says so, and some are no text
        raise HTTPException(415)
    if kind.strip() != "multipart/form-data":
        account, form = await posted(site, request, least)
        return account, form, Upload("", b"")
    try:
        form, upload = await _read(request, field, most)
    except _TooMuch:
        return account, {}, Upload("", None)
    if not hmac.compare_digest(form.get(SIGNATURE, "").encode(), signature_of(request).encode()):
        raise HTTPException(403)
    return account, form, upload


class _TooMuch(Exception):
    pass


async def _read(request: Request, field: str, most: int) -> tuple[dict[str, str], Upload]:
    from starlette.formparsers import MultiPartException, MultiPartParser

    parser = MultiPartParser(
        request.headers, _within(request, most + BESIDE), max_files=1, max_fields=20, max_part_size=BESIDE
    )
    try:
        found = await parser.parse()
    except MultiPartException:
        raise HTTPException(400) from None
    try:
        given = found.get(field)
        body = await given.read() if isinstance(given, UploadFile) else b""
        name = (given.filename or "") if isinstance(given, UploadFile) else ""
        texts = {key: value.replace("\0", "") for key, value in found.items() if isinstance(value, str)}
    finally:
        await found.close()
    if len(body) > most:
        raise _TooMuch
    return texts, Upload(_plain(name), body)


async def _within(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen <= most:
            yield chunk
        elif seen > _DRAINED * most:
            break
    if seen > most:
        raise _TooMuch


def _plain(name: str) -> str:
    """A name to show: the last part of a path."""
    return one_line(name.replace("\\", "/").rsplit("/", 1)[-1])[:80]
