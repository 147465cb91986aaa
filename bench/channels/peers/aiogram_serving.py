"""aiogram as its examples start it: run_polling, or SimpleRequestHandler on aiohttp.web."""

from __future__ import annotations

import socket

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from bench.channels.mail import PATH, SECRET
from bench.channels.peers.steps import TOKEN, rows
from bench.channels.starting import Start


def keyboard(step: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data) for label, data in row]
            for row in rows(step)
        ]
    )


def serve(dispatcher: Dispatcher, start: Start) -> None:
    bot = Bot(
        TOKEN,
        session=AiohttpSession(api=TelegramAPIServer.from_base(start.base)),
        default=DefaultBotProperties(parse_mode=ParseMode.HTML),
    )
    if start.mode == "polling":
        start.ready(0)
        dispatcher.run_polling(bot)
        return
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path=PATH)
    setup_application(app, dispatcher, bot=bot)
    door = socket.create_server(("127.0.0.1", 0))
    start.ready(door.getsockname()[1])
    web.run_app(app, sock=door, print=None, loop=uvloop.new_event_loop())
