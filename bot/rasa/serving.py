"""Opens the bot when the action server starts, and closes it when it stops. It listens on loopback only."""

from __future__ import annotations

import os
from typing import Any

import pluggy
from rasa_sdk.plugin import plugin_manager
from sanic import Sanic

from bot.rasa.opened import open_now, opened


class _Serving:
    """rasa-sdk asks its plugins when it has made the server's application, once in each worker."""

    @pluggy.HookimplMarker("rasa_sdk")
    def attach_sanic_app_extensions(self, app: Sanic[Any, Any]) -> None:
        app.register_listener(_open, "after_server_start")
        app.register_listener(_close, "before_server_stop")


async def _open(_: Sanic[Any, Any]) -> None:
    await open_now()


async def _close(_: Sanic[Any, Any]) -> None:
    await opened.close()


# Without this rasa-sdk listens everywhere, and it has no authentication.
os.environ.setdefault("SANIC_HOST", "127.0.0.1")

if not plugin_manager().has_plugin("bot.rasa"):
    plugin_manager().register(_Serving(), "bot.rasa")
