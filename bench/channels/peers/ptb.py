"""python-telegram-bot: ConversationHandler and PicklePersistence; its webhook as in its Starlette example."""

from __future__ import annotations

import asyncio
import hmac
import logging
import socket
import warnings
from collections.abc import Callable, Coroutine
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    Defaults,
    PicklePersistence,
)
from telegram.warnings import PTBUserWarning

from bench.channels.mail import PATH, SECRET
from bench.channels.peers.steps import COUNT, ON, TOKEN, rows, text
from bench.channels.starting import Start

Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, int]]


def main(start: Start) -> None:
    warnings.simplefilter("ignore", PTBUserWarning)  # it explains per_message to whoever mixes handlers
    logging.getLogger("httpx").setLevel(logging.WARNING)
    builder = Application.builder().token(TOKEN).base_url(f"{start.base}/bot")
    builder = builder.persistence(PicklePersistence(start.folder / "ptb.pickle")).defaults(
        Defaults(parse_mode="HTML")
    )
    asyncio.set_event_loop(uvloop.new_event_loop())
    if start.mode == "polling":
        application = builder.build()
        application.add_handler(_conversation())
        start.ready(0)
        application.run_polling()
    else:
        application = builder.updater(None).build()
        application.add_handler(_conversation())
        uvloop.run(_webhook(application, start))


def _conversation() -> ConversationHandler[ContextTypes.DEFAULT_TYPE]:
    return ConversationHandler(
        entry_points=[CommandHandler("start", _started)],
        states={
            number: [CallbackQueryHandler(_step(number + 1), pattern=f"^{ON}$")] for number in range(1, COUNT)
        },
        fallbacks=[CommandHandler("start", _started)],
        name="guide",
        persistent=True,
    )


async def _started(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    del context
    assert update.message is not None
    await update.message.reply_text(text(1), reply_markup=_keyboard(1))
    return 1


def _step(number: int) -> Handler:
    async def step(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        press = update.callback_query
        assert press is not None
        assert press.message is not None
        await press.answer()
        await context.bot.send_message(press.message.chat.id, text(number), reply_markup=_keyboard(number))
        return ConversationHandler.END if number == COUNT else number

    return step


def _keyboard(step: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows(step)]
    )


async def _webhook(application: Application[Any, Any, Any, Any, Any, Any], start: Start) -> None:
    async def telegram(request: Request) -> Response:
        shown = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(shown, SECRET):
            return Response(status_code=401)
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return Response()

    app = Starlette(routes=[Route(PATH, telegram, methods=["POST"])])
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    async with application:
        await application.start()
        start.ready(door.getsockname()[1])
        await server.serve([door])
        await application.stop()
