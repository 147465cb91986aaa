"""The bound: aiogram without any state. It says the same step to everybody, whatever was pressed."""

from __future__ import annotations

from aiogram import Dispatcher, Router
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, Message

from bench.channels.peers.aiogram_serving import keyboard, serve
from bench.channels.peers.steps import text
from bench.channels.starting import Start

router = Router()


@router.message(CommandStart())
async def started(message: Message) -> None:
    await message.answer(text(1), reply_markup=keyboard(1))


@router.callback_query()
async def pressed(press: CallbackQuery) -> None:
    await press.answer()
    if isinstance(press.message, Message):
        await press.message.answer(text(1), reply_markup=keyboard(1))


def main(start: Start) -> None:
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    serve(dispatcher, start)
