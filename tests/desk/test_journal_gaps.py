"""Nothing is shown and nothing done of which the journal does not tell, also when it cannot be written."""

from __future__ import annotations

from typing import Any

import pytest
from desk_world import Desk, press, signature

from bot.app.accounts import Role
from bot.app.journal import Did
from bot.app.ports import StoreDown
from bot.store.journal import SqlJournal
from bot.web.desk.lately import Lately

KEY = "t1" * 9
WORDS = "máy báo lỗi"


class Broken:
    """The journal cannot be written; the rest of the store goes on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._note = SqlJournal.note
        self._patch = monkeypatch

        async def down(*_: Any) -> None:
            raise StoreDown

        monkeypatch.setattr(SqlJournal, "note", down)

    def mend(self) -> None:
        self._patch.setattr(SqlJournal, "note", self._note)


async def _deeds(desk: Desk, person: int) -> list[str]:
    return [record.did for record in await desk.staff.journal.records(0, 50, person)]


@pytest.mark.parametrize("again", [f"/desk/c/{KEY}?phan=1&sau=0", f"/desk/c/{KEY}"])
async def test_no_words_are_read_of_which_no_view_could_be_noted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    lead = await desk.member(Role.LEAD)
    await desk.ticket(KEY, words=WORDS)
    browser = await desk.signed_in(lead)
    broken = Broken(monkeypatch)
    for path in (f"/desk/c/{KEY}", again):
        assert WORDS not in (await browser.get(path)).text
    broken.mend()
    assert WORDS in (await browser.get(again)).text
    assert Did.VIEWED in await _deeds(desk, lead.id)


async def test_a_page_that_forgets_that_it_could_not_note_is_found_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lately, "forget", lambda *_: None)
    await desk.ticket(KEY, words=WORDS)
    browser = await desk.signed_in(Role.LEAD)
    Broken(monkeypatch)
    assert WORDS not in (await browser.get(f"/desk/c/{KEY}")).text
    assert WORDS in (await browser.get(f"/desk/c/{KEY}?phan=1&sau=0")).text


async def test_what_was_done_while_the_journal_was_away_is_noted_when_it_is_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = await desk.member()
    await desk.ticket(KEY, holder=lan)
    browser = await desk.signed_in(lan)
    sign = await signature(browser)
    broken = Broken(monkeypatch)
    closing = {"chu_ky": sign, "ket-qua": "solved", "ma": "k1"}
    assert (await browser.post(f"/desk/c/{KEY}/dong", data=closing)).status_code == 503
    broken.mend()
    again = await press(browser, f"/desk/c/{KEY}/dong", **{"ket-qua": "solved", "ma": "k1"})
    assert again.status_code == 303
    assert (await _deeds(desk, lan.id)).count(Did.CLOSED) == 1
