"""Whom a resident reported reads no more of them, whatever their role."""

from __future__ import annotations

import pytest
from desk_world import Desk

from bot.app.accounts import Role
from bot.web.desk import scene

KEY = "t1" * 9
WORDS = "máy báo lỗi"


@pytest.mark.parametrize(
    ("role", "reads"), [(Role.VOLUNTEER, False), (Role.LEAD, False), (Role.ORGANISER, True)]
)
async def test_whoever_was_reported_reads_no_more(desk: Desk, role: Role, reads: bool) -> None:
    minh = await desk.member(role)
    await desk.ticket(KEY, words=WORDS, barred=(minh.id,))
    browser = await desk.signed_in(minh)
    for path in (f"/desk/c/{KEY}", f"/desk/c/{KEY}?phan=1&sau=0"):
        assert (WORDS in (await browser.get(path)).text) is reads
    assert (await browser.get(f"/desk/kho.json?c={KEY}")).status_code == (200 if reads else 403)


async def test_other_leads_do(desk: Desk) -> None:
    await desk.ticket(KEY, words=WORDS, barred=(999,))
    browser = await desk.signed_in(Role.LEAD)
    assert WORDS in (await browser.get(f"/desk/c/{KEY}")).text


async def test_a_desk_that_asks_for_the_role_alone_is_found_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene, "leads_here", lambda account, _: account.role >= Role.LEAD)
    minh = await desk.member(Role.LEAD)
    await desk.ticket(KEY, words=WORDS, barred=(minh.id,))
    assert WORDS in (await (await desk.signed_in(minh)).get(f"/desk/c/{KEY}")).text
