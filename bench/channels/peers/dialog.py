"""aiogram_dialog: one window a step; a press edits the message, as it does unless told otherwise."""

from __future__ import annotations

from aiogram import Dispatcher
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.kbd import Button, Next, Row
from aiogram_dialog.widgets.text import Const

from bench.channels.peers.aiogram_serving import serve
from bench.channels.peers.steps import CHOICES, COUNT, LAST, SHORTCUTS, text
from bench.channels.starting import Start


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
    step10 = State()


def main(start: Start) -> None:
    dispatcher = Dispatcher()
    windows = (_window(number, state) for number, state in enumerate(Guide.__states__, 1))
    dispatcher.include_router(Dialog(*windows))
    dispatcher.message.register(_started, CommandStart())
    setup_dialogs(dispatcher)
    serve(dispatcher, start)


async def _started(message: Message, dialog_manager: DialogManager) -> None:
    del message
    await dialog_manager.start(Guide.step1, mode=StartMode.RESET_STACK)


def _window(number: int, state: State) -> Window:
    if number == COUNT:
        return Window(Const(text(number)), Button(Const(LAST), id="menu"), state=state)
    first, *others = CHOICES
    return Window(
        Const(text(number)),
        Next(Const(first)),
        *(Button(Const(label), id=f"stuck{at}") for at, label in enumerate(others)),
        Row(*(Button(Const(label), id=f"word{at}") for at, label in enumerate(SHORTCUTS))),
        state=state,
    )
