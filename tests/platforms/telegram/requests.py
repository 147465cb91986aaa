"""What a caller sent, however it was packed: in the address, as a form, in parts, as JSON, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import BodyPartReader, web

from tests.platforms.telegram.errors import ApiError, bad, wrong
from tests.platforms.telegram.schema import Upload

LARGEST = 50 * 1024 * 1024


async def read(request: web.Request) -> tuple[Mapping[str, object], Mapping[str, Upload]]:
    """The parameters as they came, and the files by the names of their parts."""
    if request.method not in {"GET", "POST"}:
        raise ApiError(404, "method not found")
    if (request.content_length or 0) > LARGEST:
        raise ApiError(413, "")
    params: dict[str, object] = dict(request.query)
    files: dict[str, Upload] = {}
    match request.content_type if request.can_read_body else "":
        case "application/json":
            params |= _decoded(await request.read())
        case "application/x-www-form-urlencoded":
            params |= {name: str(value) for name, value in (await request.post()).items()}
        case "multipart/form-data":
            await _parts(request, params, files)
        case "" | "application/octet-stream" if not await request.read():
            pass
        case other:
            raise wrong(f"a body of type {other}")
    return params, files


def _decoded(body: bytes) -> dict[str, object]:
    try:
        decoded = json.loads(body) if body else {}
    except ValueError:
        raise bad("can't parse JSON encoded request") from None
    if not isinstance(decoded, dict):
        raise bad("can't parse JSON encoded request: an Object expected")
    return decoded


async def _parts(request: web.Request, params: dict[str, object], files: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise wrong("a part without a name")
        content = bytes(await part.read())
        if part.filename is None:
            params[part.name] = content.decode()
            continue
        upload = Upload(part.name, part.headers.get("Content-Type", ""), content)
        files[part.name] = upload
        if part.name in {"photo", "certificate"}:
            params[part.name] = upload
