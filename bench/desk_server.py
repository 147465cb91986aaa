"""A served desk for bench.desk_http: python -m bench.desk_server <database url> <key file> <volunteers>

Says its port and the cookies of the volunteers, one JSON line. Several may run on one PostgreSQL.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

import uvicorn
import uvloop

from bot import wiring
from bot.app.accounts import Draft, Role
from bot.config import Database, Settings
from bot.web.desk.browsers import family
from bot.web.limits import Rate
from bot.web.pages import build_app

FREELY = Rate(burst=10**9, per_second=1e9)
AREA = "22291"


async def main(url: str, key: Path, volunteers: int) -> None:
    settings = Settings(database=Database(url=url), key_file=key)
    async with wiring.running(settings) as bot:
        entrance = bot.staff.entrance
        cookies = []
        for number in range(volunteers):
            draft = Draft(f"lan{number}", f"Lan {number}", Role.VOLUNTEER, areas=(AREA,), most=1000)
            account = await entrance.accounts.add(draft, wiring.now())
            assert account is not None
            await bot.staff.shifts.begin(account.id, wiring.now(), wiring.now() + 3600)
            cookies.append((await entrance.enter(account, family(""))).token)
        parts = replace(wiring.parts_of(settings, bot), person_rate=FREELY, host_rate=FREELY)
        config = uvicorn.Config(build_app(parts), port=0, access_log=False, log_level="warning")
        server = uvicorn.Server(config)

        async def announce() -> None:
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            print(json.dumps({"port": port, "cookies": cookies}), flush=True)

        await asyncio.gather(server.serve(), announce())


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
