"""A guide walked through Rasa: consent, buttons, numbers, words, calls made again, secrets."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

pytest.importorskip("rasa_sdk")

from bot.app.ports import Store, StoreDown
from bot.core.message import Address
from bot.core.session import State
from bot.rasa.sentences import AWAY
from tests.rasa.rasa_world import Rasa, texts

MOST = 20
CARD = "001085012345"


async def begun(rasa: Rasa) -> None:
    """Consent is given, the first step waits."""
    await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
    await rasa.presses(1)
    await rasa.presses(1)


async def state_of(rasa: Rasa, store: Store) -> State | None:
    return await store.state(Address("rasa", rasa.sender))


@pytest.mark.parametrize("by", ["button", "number", "words"])
async def test_a_guide_is_walked_to_its_end(rasa: Rasa, by: str) -> None:
    told = [texts(await rasa.says("tôi muốn kích hoạt", "vneid_activate_how"))]
    steps: list[str | None] = []
    while rasa.loop and len(told) < MOST:
        first = rasa.buttons()[0]
        said = {"button": first["payload"], "number": "1", "words": first["title"]}[by]
        told.append(texts(await rasa.says(said)))
        steps.append(rasa.slots["vneid_step"])
    assert "Bắt đầu" in told[0]
    assert "Chúc mừng bác" in told[-1]
    assert steps[1:4] == ["kich-hoat/tin-duyet", "kich-hoat/co-app", "kich-hoat/mo-kich-hoat"]
    assert len(told) == 12
    assert (rasa.slots["vneid_status"], rasa.slots["vneid_guide"]) == ("done", None)
    assert all(one != other for one, other in pairwise(told))


async def test_nothing_is_kept_before_consent(rasa: Rasa, store: Store) -> None:
    await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
    await rasa.says("cái này để làm gì")
    assert await state_of(rasa, store) is None
    assert rasa.slots["vneid_status"] == "waiting"
    await rasa.says("1")
    assert await state_of(rasa, store) is not None


async def test_who_only_reads_gets_the_whole_guide_and_stays_unknown(rasa: Rasa, store: Store) -> None:
    await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
    said = texts(await rasa.says("2"))
    assert "Hết hướng dẫn Kích hoạt tài khoản VNeID" in said
    assert (rasa.slots["vneid_status"], rasa.loop) == ("done", None)
    assert await state_of(rasa, store) is None


async def test_the_slot_names_the_guide(rasa: Rasa) -> None:
    rasa.slots["vneid_guide"] = "otp/ma-sai"
    rasa.hears("giúp với", "vneid_ask")
    await rasa.runs("action_vneid_guide")
    assert rasa.buttons()[0]["payload"] == "!begin.otp/ma-sai"
    await rasa.presses(1)
    await rasa.presses(1)
    assert rasa.slots["vneid_step"] == "otp/ma-sai"


@pytest.mark.parametrize("intent", ["vneid_activate_how", "activate-how", "vneid_kich_hoat", "kich-hoat"])
async def test_an_intent_names_the_guide(rasa: Rasa, intent: str) -> None:
    rasa.hears("giúp với", intent)
    await rasa.runs("action_vneid_guide")
    assert rasa.buttons()[0]["payload"] == "!begin.kich-hoat"


async def test_a_guide_that_does_not_exist_is_not_begun(rasa: Rasa) -> None:
    rasa.slots["vneid_guide"] = "no-such-guide"
    rasa.hears("giúp với", "vneid_nothing")
    assert "Em là chương trình" in texts(await rasa.runs("action_vneid_guide"))
    assert rasa.buttons()[0]["payload"] == "!begin."


async def test_the_assistant_may_begin_another_guide_in_the_middle(rasa: Rasa) -> None:
    await begun(rasa)
    rasa.loop = None
    rasa.slots["vneid_guide"] = "quen-mat-khau"
    rasa.hears("quên mật khẩu rồi", "vneid_forgot_password")
    await rasa.runs("action_vneid_guide")
    assert rasa.slots["vneid_guide"] == "quen-mat-khau"
    assert rasa.slots["vneid_step"].startswith("quen-mat-khau/")


async def test_rasas_own_command_is_not_taken_for_words(rasa: Rasa) -> None:
    await begun(rasa)
    said = texts(await rasa.says('/affirm{"number": 3}'))
    assert "Bước 1/10" in said
    assert rasa.slots["vneid_step"] == "kich-hoat/tin-duyet"


async def test_our_own_commands_begin_with_a_slash_too(rasa: Rasa, store: Store) -> None:
    await begun(rasa)
    await rasa.says("/xoa")
    assert texts(await rasa.says("1")).startswith("Em đã xóa hết rồi ạ.")
    assert await state_of(rasa, store) is None
    assert (rasa.slots["vneid_status"], rasa.slots["vneid_guide"], rasa.loop) == ("done", None, None)


async def test_stop_gives_the_conversation_back_to_rasa(rasa: Rasa) -> None:
    await begun(rasa)
    await rasa.says("dừng")
    assert (rasa.slots["vneid_status"], rasa.loop) == ("paused", None)
    assert rasa.slots["vneid_guide"] == "kich-hoat"
    assert "Bước 1/10" in texts(await rasa.says("làm tiếp"))  # by the rule for what Rasa does not understand
    assert rasa.loop == "vneid_walk_form"


@pytest.mark.parametrize("word", ["1", "làm tiếp", "vâng"])
async def test_after_a_hand_off_the_guide_can_be_walked_on(rasa: Rasa, word: str) -> None:
    await begun(rasa)
    await rasa.says("gặp người")
    assert (rasa.slots["vneid_status"], rasa.loop) == ("handed_off", None)
    assert "Bước 1/10" in texts(await rasa.says(word))
    assert (rasa.slots["vneid_status"], rasa.loop) == ("waiting", "vneid_walk_form")


async def test_who_has_read_may_begin_by_number(rasa: Rasa) -> None:
    await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
    await rasa.says("2")
    await rasa.says("1")
    assert (rasa.slots["vneid_guide"], rasa.loop) == ("kich-hoat", "vneid_walk_form")


async def test_a_button_of_an_earlier_step_changes_nothing(rasa: Rasa) -> None:
    await begun(rasa)
    old = rasa.buttons()[0]["payload"]
    await rasa.says(old)
    assert "Nút đó là của bước trước" in texts(await rasa.says(old))
    assert rasa.slots["vneid_step"] == "kich-hoat/co-app"


async def test_a_button_that_comes_by_another_action_is_still_one(rasa: Rasa) -> None:
    await begun(rasa)
    rasa.loop = None
    await rasa.presses(1)
    assert rasa.slots["vneid_step"] == "kich-hoat/co-app"
    assert rasa.loop == "vneid_walk_form"


async def test_a_guide_that_ends_outside_the_chat_says_so(rasa: Rasa) -> None:
    rasa.slots["vneid_guide"] = "dang-ky-muc-2"
    rasa.hears("giúp với")
    await rasa.runs("action_vneid_guide")
    for _ in range(MOST):
        if rasa.loop:
            await rasa.presses(1)
    assert (rasa.slots["vneid_status"], rasa.slots["vneid_guide"]) == ("went_offline", None)
    again = await rasa.call(next(body for body in reversed(rasa.log) if "validate" in body["next_action"]))
    assert {"went_offline"} == {
        event["value"] for event in again["events"] if event["name"] == "vneid_status"
    }


async def test_a_call_made_again_takes_effect_once_and_says_the_same(rasa: Rasa, store: Store) -> None:
    await begun(rasa)
    rasa.loop = None
    rasa.hears(rasa.buttons()[0]["payload"])
    first = await rasa.asks("action_vneid_guide")
    before = await state_of(rasa, store)
    again = await rasa.asks("action_vneid_guide")
    assert again == first
    assert await state_of(rasa, store) == before


async def test_without_the_key_a_call_made_again_would_take_effect_twice(rasa: Rasa, store: Store) -> None:
    """The control: what the test before would not see if messages had no name."""
    await begun(rasa)
    rasa.hears("1")
    rasa.events[-1] = {"event": "user", "text": "1"}
    first = await rasa.asks("action_vneid_guide")
    before = await state_of(rasa, store)
    assert await rasa.asks("action_vneid_guide") != first
    assert await state_of(rasa, store) != before


async def test_a_second_action_after_the_same_message_says_nothing_more(rasa: Rasa) -> None:
    await begun(rasa)
    rasa.loop = None
    rasa.hears(rasa.buttons()[0]["payload"])
    said = await rasa.runs("action_vneid_guide")
    assert said
    assert await rasa.runs("action_vneid_guide") == []
    assert rasa.slots["vneid_step"] == "kich-hoat/co-app"


@pytest.mark.parametrize("stage", ["first", "consent", "step"])
async def test_a_secret_is_told_of_kindly_and_gets_nowhere(rasa: Rasa, store: Store, stage: str) -> None:
    if stage == "first":
        said = texts(await rasa.says(f"kích hoạt giúp số {CARD}", "vneid_activate_how"))
    else:
        await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
        if stage == "step":
            await rasa.presses(1)
            await rasa.presses(1)
        said = texts(await rasa.says(f"số căn cước tôi là {CARD}"))
    assert "số căn cước" in said
    assert "che đi" in said
    assert CARD not in json.dumps([said, rasa.slots])
    kept = await store.kept(Address("rasa", rasa.sender))
    assert CARD not in repr(kept)


async def test_a_domain_without_our_slots_gets_none(rasa: Rasa) -> None:
    rasa.domain = {"slots": {"vneid_status": {}}, "actions": [], "forms": {}}
    rasa.hears("tôi muốn kích hoạt", "vneid_activate_how")
    answer = await rasa.asks("action_vneid_guide")
    assert answer["events"] == [
        {"event": "slot", "timestamp": None, "name": "vneid_status", "value": "waiting"}
    ]


async def test_a_flow_is_told_the_status_as_its_return_value(rasa: Rasa) -> None:
    rasa.domain = {"slots": {"return_value": {}}}
    rasa.hears("tôi muốn kích hoạt", "vneid_activate_how")
    answer = await rasa.asks("action_vneid_guide")
    assert [event["value"] for event in answer["events"]] == ["waiting"]


@pytest.mark.parametrize("action", ["action_vneid_guide", "action_vneid_handoff", "validate_vneid_walk_form"])
async def test_a_database_that_is_away_is_told_of_and_the_place_is_kept(
    rasa: Rasa, store: Store, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    await begun(rasa)
    before = dict(rasa.slots)
    rasa.domain["slots"]["return_value"] = {}

    async def away(*_: object) -> None:
        raise StoreDown("planted")

    monkeypatch.setattr(store, "state", away)
    rasa.hears("1")
    rasa.events.append({"event": "slot", "name": "vneid_message", "value": "1"})
    answer = await rasa.asks(action)
    assert texts(answer["responses"]) == AWAY
    changed = {event["name"]: event["value"] for event in answer["events"]}
    assert changed.pop("vneid_message", None) is None
    assert changed.pop("return_value") == "failed"
    assert changed == {}
    assert before == rasa.slots


async def test_no_exception_leaves_an_action(
    rasa: Rasa, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError(f"somebody wrote {CARD}")

    monkeypatch.setattr(store, "state", broken)
    rasa.hears(f"số {CARD}", "vneid_activate_how")
    answer = await rasa.asks("action_vneid_guide")
    assert texts(answer["responses"]) == AWAY
    assert CARD not in capsys.readouterr().out + json.dumps(answer)


@pytest.mark.parametrize(
    "tracker",
    [
        {"sender_id": "x"},
        {"sender_id": 7, "latest_message": {"text": 5, "intent": "x"}, "events": [1, {}, {"event": "user"}]},
        {"sender_id": "x", "slots": {"vneid_guide": 3, "vneid_status": []}, "events": [{"event": "bot"}]},
        {"sender_id": "x", "events": [{"event": "bot", "data": {"buttons": [1, {}]}}, {"event": "user"}]},
        {"sender_id": "x", "latest_message": {"intent": {"name": 3}}, "active_loop": {"name": None}},
        {"sender_id": "x", "slots": ["a"], "latest_message": ["b"], "active_loop": "c", "events": {"d": 1}},
    ],
)
@pytest.mark.parametrize("action", ["action_vneid_guide", "action_vneid_answer", "action_vneid_handoff"])
async def test_a_strange_tracker_is_answered(rasa: Rasa, tracker: dict[str, object], action: str) -> None:
    body = {"next_action": action, "tracker": tracker, "domain": {"slots": []}}
    answer = await rasa.call(body)
    assert texts(answer["responses"])
    assert (AWAY in texts(answer["responses"])) == isinstance(tracker.get("slots"), list)
