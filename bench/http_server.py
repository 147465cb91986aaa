"""The two servers that bench.http compares: `bot` over a real store, and `empty`."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from fastapi import FastAPI


async def main(kind: str, folder: Path) -> None:
    if kind == "bot":
        from bot import wiring
        from bot.config import Database, Settings
        from bot.web.limits import Rate
        from bot.web.pages import build_app

        settings = Settings(database=Database(url=f"sqlite:///{folder}/bench.db"), key_file=folder / "key")
        async with wiring.running(settings) as bot:
            freely = Rate(burst=10**9, per_second=1e9)
            parts = replace(wiring.parts_of(settings, bot), person_rate=freely, host_rate=freely)
            await _serve(build_app(parts))
    else:
        app = FastAPI()

        @app.post("/")
        async def empty() -> dict[str, Any]:
            return {}

        await _serve(app)


async def _serve(app: FastAPI) -> None:
    config = uvicorn.Config(app, port=0, access_log=False, log_level="warning", server_header=False)
    server = uvicorn.Server(config)

    async def announce() -> None:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        print(server.servers[0].sockets[0].getsockname()[1], flush=True)

    await asyncio.gather(server.serve(), announce())


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], Path(sys.argv[2])))
