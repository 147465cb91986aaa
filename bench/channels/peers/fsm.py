"""aiogram's finite state machine: one state and one handler a step."""

from __future__ import annotations

from aiogram import Dispatcher, F, Router
from aiogram.dispatcher.event.handler import CallbackType
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bench.channels.peers.aiogram_serving import keyboard
from bench.channels.peers.steps import COUNT, ON, text


class Guide(StatesGroup):
    step1 = State()
    step2 = State()
    step3 = State()
    step4 = State()
    step5 = State()
    step6 = State()
    step7 = State()
    step8 = State()
    step9 = State()


STATES: tuple[State, ...] = Guide.__states__


def guide() -> Router:
    router = Router()
    router.message.register(_started, CommandStart())
    for number, state in enumerate(STATES, 1):
        router.callback_query.register(_step(number + 1), state, F.data == ON)
    return router


async def _started(message: Message, state: FSMContext) -> None:
    await state.set_state(Guide.step1)
    await message.answer(text(1), reply_markup=keyboard(1))


def _step(number: int) -> CallbackType:
    async def step(press: CallbackQuery, state: FSMContext) -> None:
        if number == COUNT:
            await state.clear()
        else:
            await state.set_state(STATES[number - 1])
        await press.answer()
        if isinstance(press.message, Message):
            await press.message.answer(text(number), reply_markup=keyboard(number))

    return step


def dispatcher_of(dispatcher: Dispatcher) -> Dispatcher:
    dispatcher.include_router(guide())
    return dispatcher
