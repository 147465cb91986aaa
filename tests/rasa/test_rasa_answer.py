"""One answer, a human, a commune, a phone: what an assistant asks of us beside guides."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("rasa_sdk")

from bot.app.ports import Store, StoreDown
from bot.core.message import Address
from bot.rasa.hearing import phone_of
from bot.rasa.sentences import NOT_UNDERSTOOD, PHONE_UNKNOWN, WHICH_QUESTION
from tests.rasa.rasa_world import Rasa, texts

CARD = "001085012345"


async def asked(rasa: Rasa, text: str) -> str:
    rasa.hears(text, "vneid_ask")
    return texts(await rasa.runs("action_vneid_answer"))


async def agreed(rasa: Rasa) -> None:
    await rasa.says("tôi muốn kích hoạt", "vneid_activate_how")
    await rasa.presses(1)
    await rasa.presses(1)
    rasa.loop = None


async def test_a_question_is_answered_and_nothing_is_kept(rasa: Rasa, store: Store) -> None:
    assert "1900 0368" in await asked(rasa, "tổng đài số mấy")
    assert rasa.slots["vneid_understood"] is True
    assert rasa.slots["vneid_status"] is None
    assert await store.conversation(Address("rasa", rasa.sender)) is None


async def test_the_slot_is_asked_about_before_the_message(rasa: Rasa) -> None:
    rasa.slots["vneid_question"] = "tổng đài số mấy"
    assert "1900 0368" in await asked(rasa, "xin chào")
    assert rasa.slots["vneid_question"] is None


async def test_a_question_that_a_guide_is_for_offers_it_and_does_not_begin_it(
    rasa: Rasa, store: Store
) -> None:
    await asked(rasa, "tôi muốn kích hoạt vneid")
    assert rasa.buttons()[0]["payload"] == "!speak.kich-hoat"
    assert rasa.slots["vneid_guide"] is None
    said = texts(await rasa.presses(1))
    assert "Chỉ xem hướng dẫn" in said  # who never agreed is asked first
    assert await store.state(Address("rasa", rasa.sender)) is None
    await rasa.presses(1)
    await rasa.presses(1)
    assert rasa.slots["vneid_step"] == "kich-hoat/tin-duyet"


async def test_who_agreed_before_begins_the_offered_guide_at_once(rasa: Rasa) -> None:
    await agreed(rasa)
    await asked(rasa, "quên mật khẩu rồi")
    await rasa.presses(1)
    assert rasa.slots["vneid_guide"] == "quen-mat-khau"


async def test_guesses_are_questions_that_come_back(rasa: Rasa) -> None:
    await asked(rasa, "mật khẩu với mã gì đó")
    offered = rasa.buttons()
    assert len(offered) == 2
    said = await asked(rasa, offered[1]["payload"])
    assert rasa.slots["vneid_understood"] is True
    assert "(Nguồn" in said


@pytest.mark.parametrize(
    ("text", "says"), [("giá lúa hôm nay", "nằm ngoài phần em biết"), ("tơ lơ mơ", NOT_UNDERSTOOD)]
)
async def test_what_is_not_ours_is_said_and_noted(rasa: Rasa, text: str, says: str) -> None:
    assert says in await asked(rasa, text)
    assert rasa.slots["vneid_understood"] is False


async def test_two_questions_get_two_answers(rasa: Rasa) -> None:
    said = await asked(rasa, "tổng đài số mấy với lại không nhận được mã otp")
    assert "1900 0368" in said
    assert said.count("Em xem lại") == 2


async def test_a_known_error_is_explained(rasa: Rasa) -> None:
    assert "«Hệ thống đang bảo trì" in await asked(rasa, "he thong dang bao tri")
    assert rasa.slots["vneid_understood"] is True


async def test_who_was_cheated_is_answered_and_given_to_a_human(rasa: Rasa, store: Store) -> None:
    await agreed(rasa)
    said = await asked(rasa, "tôi bị lừa mất tiền rồi")
    assert "Công an" in said
    assert rasa.log[-1]["next_action"] == "action_vneid_handoff"
    assert await tickets(rasa, store) == 0


@pytest.mark.parametrize("text", ["gặp người", "cho tôi gặp cán bộ"])
async def test_without_a_hand_off_in_the_domain_the_way_to_a_human_is_said(rasa: Rasa, text: str) -> None:
    rasa.domain["actions"] = ["action_vneid_answer"]
    assert "cần người thật giúp" in await asked(rasa, text)


async def test_an_empty_question_is_asked_for(rasa: Rasa) -> None:
    assert await asked(rasa, "/vneid_ask") == WHICH_QUESTION


async def test_a_secret_in_a_question_is_told_of(rasa: Rasa) -> None:
    said = await asked(rasa, f"căn cước {CARD} tổng đài số mấy")
    assert "che đi" in said
    assert CARD not in said + json.dumps(rasa.slots)
    assert "che đi" in await asked(rasa, CARD)


async def test_an_answer_needs_no_database(rasa: Rasa, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise StoreDown("planted")

    monkeypatch.setattr(store, "state", away)
    assert "1900 0368" in await asked(rasa, "tổng đài số mấy")


async def tickets(rasa: Rasa, store: Store) -> int:
    kept = await store.kept(Address("rasa", rasa.sender))
    return kept.tickets if kept else 0


async def test_a_hand_off_goes_to_the_assistants_people_and_keeps_the_place(rasa: Rasa, store: Store) -> None:
    await agreed(rasa)
    rasa.domain["actions"].append("action_human_handoff")
    rasa.hears("cho gặp ai đó", "vneid_human")
    answer = await rasa.asks("action_vneid_handoff")
    assert "cần người thật giúp" in texts(answer["responses"])
    assert answer["events"][-1] == {"event": "followup", "timestamp": None, "name": "action_human_handoff"}
    slots = {event["name"]: event["value"] for event in answer["events"][:-1]}
    assert (slots["vneid_status"], slots["vneid_guide"]) == ("handed_off", "kich-hoat")
    assert await tickets(rasa, store) == 0


async def test_a_hand_off_made_again_says_the_same(rasa: Rasa) -> None:
    await agreed(rasa)
    rasa.hears("cho gặp ai đó", "vneid_human")
    assert await rasa.asks("action_vneid_handoff") == await rasa.asks("action_vneid_handoff")


async def test_without_consent_a_hand_off_tells_whom_to_call_and_keeps_nothing(
    rasa: Rasa, store: Store
) -> None:
    rasa.hears("gặp người", "vneid_human")
    answer = await rasa.asks("action_vneid_handoff")
    assert "1900 0368" in texts(answer["responses"])
    assert await store.conversation(Address("rasa", rasa.sender)) is None
    assert {"handed_off"}.isdisjoint(str(event.get("value")) for event in answer["events"])


async def filled(rasa: Rasa, slot: str, value: object) -> tuple[Any, list[dict[str, Any]]]:
    rasa.hears(str(value))
    rasa.loop = "vneid_form"
    rasa.slots[slot] = value
    rasa.events.append({"event": "slot", "name": slot, "value": value})
    answer = await rasa.asks("validate_vneid_form")
    slots = {event["name"]: event["value"] for event in answer["events"]}
    assert set(slots) == {slot}
    return slots[slot], answer["responses"]


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("iPhone", "iphone"), ("ai phôn", "iphone"), ("iphon", "iphone"), ("dien thoai iphone", "iphone"),
        ("iphone 12", "iphone"), ("ip 7 plus", "iphone"), ("máy táo", "iphone"), ("IPHONE XS", "iphone"),
        ("android", "android"), ("samsung", "android"), ("sam sung", "android"), ("samsung a03", "android"),
        ("Oppo A5", "android"), ("xiaomi", "android"), ("may samsung", "android"), ("samsum", "android"),
        ("1", "android"), ("số 2", "iphone"), ("khac", "khac"), ("máy khác", "khac"), ("cục gạch", "khac"),
        ("khong biet", "khac"), ("dien thoai ban phim", "khac"),
    ],
)  # fmt: skip
async def test_a_phone_is_heard(rasa: Rasa, typed: str, phone: str) -> None:
    assert await filled(rasa, "vneid_phone", typed) == (phone, [])


@pytest.mark.parametrize("typed", ["con gà", "điện thoại", "12", "", 3.5, None])
async def test_what_is_no_phone_is_asked_again_with_buttons(rasa: Rasa, typed: object) -> None:
    value, said = await filled(rasa, "vneid_phone", typed)
    assert value is None
    assert PHONE_UNKNOWN in texts(said)
    assert [phone_of(button["payload"]) for button in said[0]["buttons"]] == ["android", "iphone", "khac"]


@pytest.mark.parametrize(
    "typed",
    [
        *("00070", "xã 00070", "phuong 00070", "mã xã: 00070"),
        *("Phường Hoàn Kiếm", "hoàn kiếm", "phuong hoan kiem", "hoan kiem, ha noi"),
    ],
)
async def test_a_commune_is_heard_by_its_code_or_name(rasa: Rasa, typed: str) -> None:
    value, said = await filled(rasa, "vneid_commune", typed)
    assert value == "00070", said
    assert "Hoàn Kiếm" in texts(said)


async def test_communes_of_the_same_name_are_told_apart(rasa: Rasa) -> None:
    value, said = await filled(rasa, "vneid_commune", "Hòa Xuân")
    assert value is None
    for button in said[0]["buttons"]:
        assert (await filled(rasa, "vneid_commune", button["payload"]))[0] == button["payload"]


async def test_a_name_of_many_needs_its_province(rasa: Rasa) -> None:
    value, said = await filled(rasa, "vneid_commune", "xã Tân Thành")
    assert value is None
    assert "nhắn lại cả tên tỉnh" in texts(said)


@pytest.mark.parametrize("typed", ["99999", "ở quê", "", 12.5, "xã 1", None])
async def test_an_unknown_commune_is_asked_for_again(rasa: Rasa, typed: object) -> None:
    value, said = await filled(rasa, "vneid_commune", typed)
    assert value is None
    assert ("năm chữ số" if typed == "99999" else "tên xã, phường và tên tỉnh") in texts(said)


async def test_a_guide_is_counted_in_the_commune_that_the_form_heard(rasa: Rasa, store: Store) -> None:
    rasa.slots["vneid_commune"] = "00070"
    await agreed(rasa)
    state = await store.state(Address("rasa", rasa.sender))
    assert state
    assert state.session
    assert (state.contact.commune, state.session.top.commune) == ("00070", "00070")


@pytest.mark.parametrize("slot", ["vneid_commune", "vneid_phone"])
@pytest.mark.parametrize("secret", [CARD, f"căn cước {CARD}", "mã otp là 482913", "0912345678"])
async def test_a_secret_never_becomes_a_slot(rasa: Rasa, slot: str, secret: str) -> None:
    value, said = await filled(rasa, slot, secret)
    assert value is None
    assert "che đi" in texts(said)
    assert not any(digits in json.dumps(said) for digits in (CARD, "482913", "0912345678"))


async def test_a_slot_that_is_not_ours_is_left_alone(rasa: Rasa) -> None:
    rasa.domain["forms"]["vneid_form"]["required_slots"].append("colour")
    rasa.hears("đỏ")
    rasa.events.append({"event": "slot", "name": "colour", "value": "đỏ"})
    answer = await rasa.asks("validate_vneid_form")
    assert [(event["name"], event["value"]) for event in answer["events"]] == [("colour", "đỏ")]


async def test_a_broken_form_call_is_answered(rasa: Rasa) -> None:
    body = {
        "next_action": "validate_vneid_form",
        "tracker": {"sender_id": "x", "events": [{}]},
        "domain": {"forms": []},
    }
    assert (await rasa.call(body))["events"] == []
