"""Opening once, pictures, phones, what rasa-sdk registers; and the controls of what keeps secrets out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("rasa_sdk")

from rasa_sdk.executor import ActionExecutor

from bot.app.ports import NoPictures, Shown, Sieve, Sifted, Store, StoreDown
from bot.core.message import Address, Choice, Picture, Reply
from bot.rasa.opened import HOLD_OFF, Bot, NotOpen, Opened
from bot.rasa.said import uttered
from bot.rasa.told import host_of, told_by
from bot.wiring import Busy
from tests.rasa.rasa_world import Rasa, texts, the_domain

Start = Callable[[], AbstractAsyncContextManager[Bot]]
CARD = "001085012345"


class Counted:
    """A start that fails as often as it is told, and counts."""

    def __init__(self, start: Start, *faults: Exception) -> None:
        self._start = start
        self._faults = list(faults)
        self.opened = self.closed = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Bot]:
        self.opened += 1
        await asyncio.sleep(0)
        if self._faults:
            raise self._faults.pop(0)
        async with self._start() as bot:
            yield bot
        self.closed += 1


async def test_it_is_opened_once_whoever_asks(start: Start) -> None:
    counted = Counted(start)
    opened = Opened(counted)
    bots = await asyncio.gather(*(opened.bot() for _ in range(20)))
    await opened.close()
    assert (len({id(bot) for bot in bots}), counted.opened, counted.closed) == (1, 1, 1)


async def test_a_request_that_goes_away_takes_nothing_with_it(start: Start) -> None:
    counted = Counted(start)
    opened = Opened(counted)
    first = asyncio.create_task(opened.bot())
    await asyncio.sleep(0)
    first.cancel()
    await opened.bot()
    await opened.close()
    assert (counted.opened, counted.closed) == (1, 1)


@pytest.mark.parametrize("fault", [Busy("in use"), StoreDown("away"), RuntimeError(CARD)])
async def test_a_failed_opening_is_tried_again_after_a_while(
    start: Start, fault: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counted = Counted(start, fault)
    opened = Opened(counted)
    loop = asyncio.get_running_loop()
    at = loop.time()
    for _ in range(3):
        with pytest.raises(NotOpen):
            await opened.bot()
    assert counted.opened == 1
    monkeypatch.setattr(loop, "time", lambda: at + 2 * HOLD_OFF)
    await opened.bot()
    monkeypatch.undo()
    await opened.close()
    assert (counted.opened, counted.closed) == (2, 1)
    assert CARD not in capsys.readouterr().out


def test_only_what_the_domain_names_is_registered() -> None:
    executor = ActionExecutor()
    executor.register_package("bot.rasa")
    ours = {one for one in executor.actions if "vneid" in one}
    assert ours == set(the_domain()["actions"]) == set(executor.actions)


class Drawn(NoPictures):
    def shown(self, picture: Picture, /) -> Shown | None:
        return Shown(f"/pictures/{picture.phone}.png", 1, 1)


def test_a_picture_follows_its_text_where_there_is_an_address() -> None:
    reply = Reply("**Mở** VNeID", (Choice("Đã bấm", "a.b.c.1.1"),), picture=Picture("start", "", ""))
    text = {"text": "Mở VNeID\n\n1. Đã bấm", "buttons": [{"title": "Đã bấm", "payload": "a.b.c.1.1"}]}
    assert uttered([reply], Drawn(), "https://xa.vn") == (text, {"image": "https://xa.vn/pictures/start.png"})
    assert uttered([reply], Drawn(), "") == (text,)


@pytest.mark.parametrize(
    ("domain", "slots", "forms"),
    [
        (None, None, set()),
        ({}, None, set()),
        ({"slots": {"a": {}}, "forms": {"f": {}}}, {"a"}, {"f"}),
        ({"slots": [], "forms": ["f", {"g": {}}]}, None, {"f", "g"}),
    ],
)
def test_a_domain_is_read_however_it_is_written(
    domain: dict[str, object] | None, slots: set[str] | None, forms: set[str]
) -> None:
    host = host_of(domain)
    assert host.slots == (None if slots is None else frozenset(slots))
    assert host.forms == frozenset(forms)


class TestWithoutTheSieve:
    """The control: with a sieve that lets everything through, the tests for secrets must see it."""

    @pytest.fixture
    def sieve(self) -> Sieve:
        return lambda text: Sifted(text, ())

    async def test_a_number_is_kept(self, rasa: Rasa, store: Store) -> None:
        await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
        await rasa.says("1")
        await rasa.says("1")
        said = texts(await rasa.says(f"số căn cước tôi là {CARD}"))
        assert "che đi" not in said
        assert CARD in repr(await store.kept(Address("rasa", rasa.sender)))
        assert CARD not in json.dumps([said, rasa.slots])  # slots never hold what was typed


WORDS = st.sampled_from(
    [
        *("event", "user", "bot", "action", "name", "text", "intent", "data", "buttons", "title", "payload"),
        *("message_id", "timestamp", "slots", "forms", "actions", "!begin.kich-hoat", "action_vneid_guide"),
    ]
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    latest=st.dictionaries(WORDS, JSON, max_size=4),
    events=st.lists(JSON | st.dictionaries(WORDS, JSON | WORDS, max_size=5), max_size=5),
    domain=JSON,
)
@settings(max_examples=300, deadline=None)
def test_any_tracker_and_domain_can_be_read(
    latest: dict[str, object], events: list[object], domain: Mapping[str, object] | None
) -> None:
    told = told_by("x", {}, latest, events, None)
    assert isinstance(told.text, str)
    assert isinstance(told.intent, str)
    host_of(domain)
