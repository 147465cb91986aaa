"""One bot in a process of its own: python -m bench.channels.bot NAME MODE BASE FOLDER CORE [again]

With `again` it loads its libraries once and then, for every line it reads, starts the bot in a child that may
be killed: twenty kills would otherwise be twenty times six seconds of imports.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from bench.channels.starting import Start

BOTS = {
    "ours": "bench.channels.ours:main",
    "paced": "bench.channels.ours:paced",
    "echo": "bench.channels.peers.echo:main",
    "spinning": "bench.channels.peers.spinning:main",
    "memory": "bench.channels.peers.fsm_memory:main",
    "redis": "bench.channels.peers.fsm_redis:main",
    "dialog": "bench.channels.peers.dialog:main",
    "ptb": "bench.channels.peers.ptb:main",
}

SLOW_TO_LOAD = ("bot.channels.telegram.platform", "bot.web.pages", "bot.outside", "uvicorn")


def main(name: str, mode: str, base: str, folder: str, core: str, again: str = "") -> None:
    if int(core) >= 0:
        os.sched_setaffinity(0, {int(core)})
    start = Start(mode, base, Path(folder), _ready)
    module, _, function = BOTS[name].partition(":")
    run = getattr(importlib.import_module(module), function)
    if not again:
        run(start)
        return
    if module == "bench.channels.ours":
        for slow in SLOW_TO_LOAD:
            importlib.import_module(slow)
    print(json.dumps({"loaded": True}), flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            run(start)
            os._exit(0)
        os.waitpid(child, 0)


def _ready(port: int) -> None:
    print(json.dumps({"pid": os.getpid(), "port": port}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
