"""Our whole bot as `python -m bot run` starts it; only Telegram's rates may be switched off."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from bench.channels.mail import SECRET
from bench.channels.peers.steps import TOKEN
from bench.channels.starting import Start
from bot import wiring
from bot.config import Channels, Database, Http, Organisation, Settings, Telegram


def main(start: Start) -> None:
    _switch_rates_off()
    paced(start)


def paced(start: Start) -> None:
    """With the pace that Telegram wants, as people run it."""
    settings = Settings(
        organisation=Organisation(web_address="https://bench.invalid"),
        database=Database(url=f"sqlite:///{start.folder}/bot.db"),
        key_file=start.folder / "key",
        http=Http(port=0),
        channels=Channels(telegram=_telegram(start) if start.mode != "off" else Telegram()),
    )
    wiring.run(wiring.serve(settings, lambda address, *_: start.ready(urlsplit(address).port or 0)))


def _telegram(start: Start) -> Telegram:
    return Telegram(
        enabled=True,
        token=SecretStr(TOKEN),
        mode="webhook" if start.mode == "webhook" else "polling",
        webhook_secret=SecretStr(SECRET),
        api_base=start.base,
    )


def _switch_rates_off() -> None:
    """Costs the import of aiogram, which the bot would make by itself when Telegram is on."""
    from bot.channels.telegram import platform

    class Unhurried(platform.Telegram):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings, per_second=1e9, gap=0.0)

    platform.Telegram = Unhurried  # type: ignore[misc]
