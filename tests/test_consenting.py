"""An administrator consents in the terminal: what is shown, what may go wrong, where the tokens end up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot import consenting, keys
from bot.app.ports import StoreDown
from bot.config import Settings
from bot.keys import NotReady
from bot.store.locking import FileLock
from bot.store.open import open_store
from tests.platforms.clock import LOOPS, calendar
from tests.platforms.zalo_oa import FakeZaloOA


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return LOOPS


def settings_for(oa: FakeZaloOA, folder: Path) -> Settings:
    return Settings.model_validate(
        {
            "organisation": {"web_address": "https://huong-dan.example.vn"},
            "database": {"url": f"sqlite:///{folder}/bot.db"},
            "key_file": str(folder / "bot.key"),
            "channels": {
                "zalo_oa": {
                    "enabled": True,
                    "app_id": oa.app_id,
                    "app_secret": oa.app_secret,
                    "oa_id": oa.oa_id,
                    "api_base": oa.base,
                    "oauth_base": oa.base,
                }
            },
        }
    )


class Terminal:
    """Opens the link that is shown, consents, and pastes where the browser ended up."""

    def __init__(self, oa: FakeZaloOA, change: Callable[[str], str] = str) -> None:
        self._oa = oa
        self._change = change
        self.shown: list[str] = []

    def show(self, line: str) -> None:
        self.shown.append(line)

    def ask(self, _: str) -> str:
        link = next(line.strip() for line in self.shown if "/permission?" in line)
        return self._change(self._oa.oauth.consents(link).location)


async def test_the_first_tokens_are_where_the_bot_finds_them(tmp_path: Path) -> None:
    async with FakeZaloOA(now=calendar()) as oa:
        settings, terminal = settings_for(oa, tmp_path), Terminal(oa)
        await consenting.connect(settings, terminal.show, terminal.ask)
        assert "Xong" in terminal.shown[-1]
        store = open_store(settings.database.url, keys.key_of(settings), frozenset())
        kept = await store.secret("zalo_oa.tokens")
        await store.close()
        assert kept is not None
        assert b"access" in kept.value
        assert oa.app_secret not in "\n".join(terminal.shown)


async def test_beside_a_running_bot_the_token_is_told_for_the_environment(tmp_path: Path) -> None:
    async with FakeZaloOA(now=calendar()) as oa:
        settings, terminal = settings_for(oa, tmp_path), Terminal(oa)
        lock = FileLock(tmp_path / "bot.db.lock")
        await consenting.connect(settings, terminal.show, terminal.ask)
        lock.release()
        assert "BOT_CHANNELS__ZALO_OA__REFRESH_TOKEN=" in terminal.shown[-1]


@pytest.mark.parametrize("broken", ["key", "answers"])
async def test_a_pair_that_was_given_is_not_lost_with_the_database(
    tmp_path: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeZaloOA(now=calendar()) as oa:
        settings, terminal = settings_for(oa, tmp_path), Terminal(oa)
        if broken == "key":
            settings.key_file.write_text("none")
        else:

            async def away(*_: object) -> None:
                raise StoreDown

            monkeypatch.setattr("bot.channels.zalo_oa.tokens.Tokens.adopt", away)
        await consenting.connect(settings, terminal.show, terminal.ask)
        assert "BOT_CHANNELS__ZALO_OA__REFRESH_TOKEN=" in terminal.shown[-1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda url: url.replace("state=", "state=x"), "không phải của lần xin phép"),
        (lambda url: url.replace("code=", "no="), "chưa đồng ý"),
        (lambda url: url.replace("code=", "code=x"), "Zalo không nhận mã này"),
        (lambda _: "", "không phải của lần xin phép"),
        (lambda url: url.replace("oa_id=", "oa_id=9"), "một OA khác"),
    ],
)
async def test_what_is_pasted_wrongly_is_told_and_changes_nothing(
    tmp_path: Path, change: Callable[[str], str], told: str
) -> None:
    async with FakeZaloOA(now=calendar()) as oa:
        terminal = Terminal(oa, change)
        with pytest.raises(NotReady, match=told):
            await consenting.connect(settings_for(oa, tmp_path), terminal.show, terminal.ask)
        assert not (tmp_path / "bot.db").exists()
        oa.violations.clear()


async def test_without_settings_it_says_which(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"channels\.zalo_oa\.enabled"):
        await consenting.connect(Settings(), print, input)
