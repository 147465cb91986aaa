"""Updates come as from the real server: in order per queue, again on failure, not for ever."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.app.platform import Headers, Posted
from tests.platforms.posting import Answered, straight_to
from tests.platforms.telegram import FakeTelegram, Person
from tests.platforms.telegram.plain import Client

URL = "https://bot.example/webhooks/telegram"
KEYBOARD = {"inline_keyboard": [[{"text": "Tiếp", "callback_data": "a:1"}]]}


@dataclass(slots=True)
class Bot:
    """Notes what is posted to it; `says` is what it answers."""

    says: Callable[[dict[str, Any]], Answered] = lambda _: (200, {}, b"")
    slow: float = 0.0
    got: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    inside: int = 0
    most: int = 0

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        assert url == URL
        update = json.loads(body)
        self.got.append((asyncio.get_running_loop().time(), update))
        self.headers.append(headers)
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(self.slow)
        self.inside -= 1
        return self.says(update)

    @property
    def moments(self) -> list[float]:
        return [at - self.got[0][0] for at, _ in self.got]

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, update in self.got if "message" in update]

    @property
    def ids(self) -> list[int]:
        return [update["update_id"] for _, update in self.got]


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def hooked(bot: Bot, call: Client) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(post=bot) as telegram:
        call.telegram = telegram
        assert await call("setWebhook", url=URL, secret_token="s3cret", max_connections=8) == (200, True)
        yield telegram


async def with_keyboard(call: Client, person: Person) -> None:
    await person.starts()
    await call("sendMessage", chat_id=person.id, text="Chào bác", reply_markup=KEYBOARD)


async def test_a_failing_update_comes_again_and_holds_up_its_chat_only(
    bot: Bot, hooked: FakeTelegram
) -> None:
    lan, minh = hooked.person("Lan"), hooked.person("Minh")
    statuses = iter([500, 500, 503])

    def says(update: dict[str, Any]) -> Answered:
        status = next(statuses, 200) if update["message"]["from"]["id"] == lan.id else 200
        return status, {"retry-after": "5"} if status == 503 else {}, b""

    bot.says = says
    for words in ("một", "hai"):
        await lan.says(words)
        await minh.says(words)
    await hooked.delivered()
    hers = [(at, u["message"]["text"]) for at, u in bot.got if u["message"]["from"]["id"] == lan.id]
    begun = hers[0][0]
    assert [(at - begun, words) for at, words in hers] == [
        (0, "một"),
        (0, "một"),
        (2, "một"),
        (7, "một"),
        (7, "hai"),
    ]
    his = [at - begun for at, u in bot.got if u["message"]["from"]["id"] == minh.id]
    assert his == [0, 0]
    assert all(headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret" for headers in bot.headers)


async def test_pauses_double_up_to_a_minute_or_two_and_a_day_is_the_end(
    bot: Bot, hooked: FakeTelegram, call: Client
) -> None:
    bot.says = lambda _: (500, {}, b"")
    await hooked.person("Lan").says("một")
    _, info = await call("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (URL, 1)
    await hooked.delivered()
    pauses = [b - a for a, b in zip(bot.moments, bot.moments[1:], strict=False)]
    assert pauses[:6] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= pause <= 120 for pause in pauses[6:])
    assert 86_000 < bot.moments[-1] <= 86_400
    assert [update.kind for update in hooked.mail.died] == ["message"]
    _, info = await call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500"


async def test_a_wish_to_wait_is_obeyed_for_an_hour_at_most(bot: Bot, hooked: FakeTelegram) -> None:
    answers = iter([(503, {"retry-after": "90000"}, b"")])
    bot.says = lambda _: next(answers, (200, {}, b""))
    await hooked.person("Lan").says("một")
    await hooked.delivered()
    assert bot.moments == [0, 3600]


async def test_presses_die_after_150_seconds_and_texts_do_not(
    bot: Bot, hooked: FakeTelegram, call: Client
) -> None:
    lan = hooked.person("Lan")
    await with_keyboard(call, lan)
    await hooked.delivered()
    await hooked.goes_away()
    await lan.presses("Tiếp")
    await lan.says("tiếp")
    await asyncio.sleep(600)
    await hooked.comes_back()
    await hooked.delivered()
    assert bot.texts == ["/start", "tiếp"]
    assert [update.kind for update in hooked.mail.died] == ["callback_query"]
    assert not hooked.unanswered(), "the bot never knew"


async def test_presses_may_overtake_texts(bot: Bot, hooked: FakeTelegram, call: Client) -> None:
    lan = hooked.person("Lan")
    await with_keyboard(call, lan)
    await hooked.delivered()
    failures = iter([500] * 4)
    bot.says = lambda update: (next(failures, 200) if "message" in update else 200, {}, b"")
    await lan.says("xong rồi")
    await lan.presses("Tiếp")
    await hooked.delivered()
    kinds = ["press" if "callback_query" in update else "text" for _, update in bot.got]
    assert kinds[-1] == "text"
    assert "press" in kinds


async def test_as_many_at_once_as_the_bot_wants(bot: Bot, hooked: FakeTelegram) -> None:
    bot.slow = 1
    for number in range(20):
        await hooked.person(f"Lan {number}").says("một")
    await hooked.delivered()
    assert (bot.most, len(bot.got)) == (8, 20)
    assert max(bot.moments) == 2


async def test_updates_come_many_times_and_in_any_order_across_queues(
    bot: Bot, hooked: FakeTelegram, call: Client
) -> None:
    people = [hooked.person(f"Lan {number}") for number in range(10)]
    for person in people:
        await with_keyboard(call, person)
    await hooked.delivered()
    bot.got.clear()
    bot.slow = 0.01
    hooked.mischief(7)
    for number in range(10):
        for person in people:
            await person.says(str(number))
            await person.presses("Tiếp")
    await hooked.delivered()
    times = [bot.ids.count(id) for id in set(bot.ids)]
    assert (len(times), min(times), max(times)) == (200, 1, 5)
    first: dict[int, list[str]] = defaultdict(list)
    for update in {update["update_id"]: update for _, update in bot.got}.values():
        if "message" in update:
            first[update["message"]["from"]["id"]].append(update["message"]["text"])
    assert all(texts == [str(number) for number in range(10)] for texts in first.values())
    assert bot.ids != sorted(bot.ids)
    assert len(hooked.unanswered()) == 100


async def test_a_method_in_the_answer_is_carried_out(bot: Bot, hooked: FakeTelegram, call: Client) -> None:
    lan = hooked.person("Lan")
    await with_keyboard(call, lan)
    await hooked.delivered()

    def says(update: dict[str, Any]) -> Answered:
        answer = {"method": "answerCallbackQuery", "callback_query_id": update["callback_query"]["id"]}
        return 200, {"content-type": "application/json"}, json.dumps(answer).encode()

    bot.says = says
    await lan.presses("Tiếp")
    await hooked.delivered()
    assert (hooked.calls[-1].via, hooked.calls[-1].method) == ("answer", "answerCallbackQuery")
    assert not hooked.unanswered()


@pytest.mark.parametrize(
    "answer",
    [{"method": "getMe"}, {"method": "deleteWebhook"}, {"method": "sendMessage", "chat_id": 1, "x": 1}],
)
async def test_a_method_that_is_not_taken_from_an_answer(
    bot: Bot, hooked: FakeTelegram, answer: dict[str, Any]
) -> None:
    bot.says = lambda _: (200, {"content-type": "application/json"}, json.dumps(answer).encode())
    await hooked.person("Lan").says("một")
    await hooked.delivered()
    assert len(bot.got) == 1
    assert hooked.calls[-1].status == 400
    assert hooked.wrongs
    hooked.wrongs.clear()


async def test_gone_for_23_hours_ends_the_webhook(bot: Bot, hooked: FakeTelegram, call: Client) -> None:
    bot.says = lambda _: (410, {}, b"")
    await hooked.person("Lan").says("một")
    await asyncio.sleep(86_000)
    assert (await call("getWebhookInfo"))[1]["url"] == ""
    assert (await call("getUpdates"))[0] == 200


async def test_a_webhook_that_hangs_or_breaks_is_tried_again(call: Client) -> None:
    tries: list[float] = []

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answered:
        tries.append(asyncio.get_running_loop().time())
        if len(tries) == 1:
            await asyncio.Event().wait()
        if len(tries) == 2:
            raise ConnectionResetError
        return 200, {}, b""

    async with FakeTelegram(post=post) as telegram:
        call.telegram = telegram
        await call("setWebhook", url=URL, secret_token="s3cret")
        await telegram.person("Lan").says("một")
        await telegram.delivered()
    assert [at - tries[0] for at in tries] == [0, 60, 62]


async def test_polling_confirms_by_offset(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    for number in range(5):
        await lan.says(str(number))
    _, updates = await call("getUpdates", limit=2)
    _, again = await call("getUpdates", limit=2)
    assert updates == again
    _, later = await call("getUpdates", offset=updates[-1]["update_id"] + 1)
    assert [update["message"]["text"] for update in later] == ["2", "3", "4"]
    assert len(await asyncio.wait_for(_texts(call, offset=-1), 1)) == 1
    assert (await call("getUpdates", offset=later[-1]["update_id"] + 1))[1] == []
    await telegram.delivered(within=1)


async def test_a_poll_waits_for_the_next_update(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    poll = asyncio.create_task(_texts(call, timeout=50))
    await asyncio.sleep(20)
    await lan.says("một")
    assert await poll == ["một"]
    begun = asyncio.get_running_loop().time()
    assert await _texts(call, offset=2**31, timeout=1) == ["một"], "an offset out of the future"
    assert await _texts(call, offset=telegram.mail.waiting()[0].id + 1, timeout=300) == []
    assert asyncio.get_running_loop().time() - begun == pytest.approx(50, abs=0.1)


async def test_a_second_poller_ends_the_first(telegram: FakeTelegram, call: Client) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=50))
    await asyncio.sleep(1)
    second = asyncio.create_task(call("getUpdates", timeout=5))
    status, words = await first
    assert (status, "terminated by other getUpdates request" in words) == (409, True)
    assert await second == (200, [])


async def test_who_gave_up_polling_is_no_second_poller(telegram: FakeTelegram, call: Client) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(call("getUpdates", timeout=50), 10)
    assert await call("getUpdates", timeout=1) == (200, [])
    assert [poll.status for poll in telegram.calls] == [0, 200]


async def test_polling_and_webhook_exclude_each_other(call: Client, hooked: FakeTelegram) -> None:
    status, words = await call("getUpdates")
    assert (status, "can't use getUpdates method while webhook is active" in words) == (409, True)
    await call("deleteWebhook")
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await asyncio.sleep(1)
    await call("setWebhook", url=URL, secret_token="s3cret")
    assert "terminated by setWebhook request" in (await poll)[1]


async def test_only_what_was_asked_for(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    await with_keyboard(call, lan)
    assert await lan.reacts() is None
    await call("getUpdates", allowed_updates=["message", "message_reaction"])
    assert await lan.presses("Tiếp") is None
    assert await lan.reacts()
    await call("getUpdates", allowed_updates=[])
    assert await lan.reacts() is None
    assert await lan.presses("Tiếp")


async def test_ids_may_begin_anew_and_lower(telegram: FakeTelegram, call: Client) -> None:
    lan = telegram.person("Lan")
    await lan.says("một")
    _, [first] = await call("getUpdates")
    offset = first["update_id"] + 1
    await call("getUpdates", offset=offset)
    telegram.mail.jump(1_000)
    await lan.says("hai")
    _, [second] = await call("getUpdates", offset=offset)
    assert second["update_id"] == 1_000 < first["update_id"]


async def test_pending_updates_can_be_dropped(telegram: FakeTelegram, call: Client) -> None:
    await telegram.person("Lan").says("một")
    await call("deleteWebhook", drop_pending_updates=True)
    assert await call("getUpdates") == (200, [])


async def test_straight_into_the_hands_of_a_webhook(call: Client) -> None:
    class Hook:
        path = "/webhooks/telegram"
        got: list[bytes] = []  # noqa: RUF012 - one test, one hook

        def admits(self, headers: Headers, /) -> bool:
            return (b"x-telegram-bot-api-secret-token", b"s3cret") in headers

        async def take(self, _: Headers, body: bytes, /) -> Posted:
            self.got.append(body)
            return Posted(503, retry_after=5) if len(self.got) == 1 else Posted(200)

    hook = Hook()
    async with FakeTelegram(post=straight_to(hook)) as telegram:
        call.telegram = telegram
        await call("setWebhook", url=URL, secret_token="wrong")
        await telegram.person("Lan").says("một")
        await asyncio.sleep(1)
        assert not hook.got
        await call("setWebhook", url=URL, secret_token="s3cret")
        await telegram.delivered()
    assert len(hook.got) == 2
    assert [status for _, _, status in telegram.webhook.tried][-2:] == [503, 200]


async def _texts(call: Client, **params: Any) -> list[str]:
    status, updates = await call("getUpdates", **params)
    assert status == 200
    return [update["message"]["text"] for update in updates]
