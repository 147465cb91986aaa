"""aiogram FSM in memory: what its documentation begins with."""

from __future__ import annotations

from aiogram import Dispatcher
from aiogram.fsm.storage.memory import MemoryStorage

from bench.channels.peers.aiogram_serving import serve
from bench.channels.peers.fsm import dispatcher_of
from bench.channels.starting import Start


def main(start: Start) -> None:
    serve(dispatcher_of(Dispatcher(storage=MemoryStorage())), start)
