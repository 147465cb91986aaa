"""aiogram FSM in Redis: what its documentation advises for production."""

from __future__ import annotations

from aiogram import Dispatcher
from aiogram.fsm.storage.redis import RedisStorage

from bench.channels.peers.aiogram_serving import serve
from bench.channels.peers.fsm import dispatcher_of
from bench.channels.starting import Start


def main(start: Start) -> None:
    storage = RedisStorage.from_url(f"unix://{start.folder}/redis.sock")
    serve(dispatcher_of(Dispatcher(storage=storage)), start)
