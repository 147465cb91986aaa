"""A key that was used once, under another ticket and for another deed."""

from __future__ import annotations

import pytest
from desk_world import Desk, press

from bot.app.handoff import Handoff
from bot.app.journal import Did
from bot.app.ports import Acted
from bot.core.ticket import Refusal

ONE, TWO = "t1" * 9, "t2" * 9
DEEDS = [("dong", {"ket-qua": "solved"}, Did.CLOSED), ("lai-may", {"buoc": ""}, Did.HANDED_BACK)]


@pytest.mark.parametrize(("deed", "fields", "did"), DEEDS)
async def test_the_key_of_a_message_is_not_taken_for_another_deed(
    desk: Desk, deed: str, fields: dict[str, str], did: Did
) -> None:
    lan = await desk.member()
    await desk.ticket(ONE, holder=lan)
    browser = await desk.signed_in(lan)
    await press(browser, f"/desk/c/{ONE}/noi", chu="Chào bác", ma="same")
    for _ in range(2):  # a double tap: done once, with the same answer
        done = await press(browser, f"/desk/c/{ONE}/{deed}", ma="same", **fields)
        assert done.status_code == 303
    request = await desk.staff.tickets.request(ONE)
    assert request is not None
    assert request.closed_at > 0
    records = await desk.staff.journal.records(0, 50, lan.id, did)
    assert records


async def test_a_key_of_one_ticket_says_nothing_of_another(desk: Desk) -> None:
    lan = await desk.member()
    browser = await desk.signed_in(lan)
    for ticket in (ONE, TWO):
        await desk.ticket(ticket, holder=lan)
        await press(browser, f"/desk/c/{ticket}/noi", chu="Chào bác", ma="same")
        chat = await desk.staff.tickets.chat(ticket, 0, 9)
        assert chat is not None
        assert [line.reply.text for line in chat.lines if line.reply.author] == ["Chào bác"]


async def test_keys_without_their_deed_would_tell_of_a_close_that_never_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = type(desk.staff.tickets).act

    async def bare(self: object, *which: object, key: str = "", **more: object) -> Acted | Refusal:
        return await act(self, *which, key=key.rpartition(".")[2], **more)  # type: ignore[arg-type]

    monkeypatch.setattr(type(desk.staff.tickets), "act", bare)
    lan = await desk.member()
    await desk.ticket(ONE, holder=lan)
    handoff: Handoff = desk.staff.handoff
    await handoff.speak(ONE, lan.helper, "Chào bác", "same")
    browser = await desk.signed_in(lan)
    done = await press(browser, f"/desk/c/{ONE}/dong", ma="same", **{"ket-qua": "solved"})
    request = await desk.staff.tickets.request(ONE)
    assert request is not None
    assert (done.status_code, request.closed_at) == (303, 0)
