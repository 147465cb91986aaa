"""The few files a page needs, read once, named after their content, kept compressed in memory."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """`address` changes when the content does, so a browser may keep it for ever."""

    address: str
    kind: str
    plain: bytes
    packed: bytes


def _read(path: Path) -> Asset:
    plain = path.read_bytes()
    mark = blake2b(plain, digest_size=6).hexdigest()
    return Asset(
        address=f"/static/{path.stem}.{mark}{path.suffix}",
        kind=KINDS[path.suffix],
        plain=plain,
        packed=gzip.compress(plain, 9, mtime=0),
    )


ASSETS = {path.name: _read(path) for path in sorted(FOLDER.iterdir()) if path.suffix in KINDS}
BY_ADDRESS = {asset.address: asset for asset in ASSETS.values()}


def routes() -> list[Route]:
    return [Route("/static/{name}", _serve, methods=["GET"])]


async def _serve(request: Request) -> Response:
    asset = BY_ADDRESS.get(request.url.path)
    if asset is None:
        raise HTTPException(404)
    packed = takes_gzip(request)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(asset.packed if packed else asset.plain, headers=headers, media_type=asset.kind)


def takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")
