"""Who sees whose request and when; nobody waits unseen, and the oldest is first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app.accounts import Account, Role
from bot.core.routing import WIDER, WIDEST, Ring, Why, visible

PROVINCES = {"22291": "66", "22300": "66", "00070": "01"}
NOW = 1_800_000_000


@dataclass(frozen=True)
class Wait:
    number: int = 1
    commune: str = "22291"
    locale: str = "vi"
    reason: str = "asked"
    opened_at: int = NOW
    holder: int = 0
    barred: tuple[int, ...] = ()


def somebody(id: int, *areas: str, role: Role = Role.VOLUNTEER, skills: tuple[str, ...] = ()) -> Account:
    return Account(id, f"p{id}", f"P{id}", role, areas, skills)


NEAR = somebody(1, "22291")
NEIGHBOUR = somebody(2, "22300")
PROVINCIAL = somebody(3, "66")
ANYWHERE = somebody(4)
FAR = somebody(5, "00070")
ALL = (NEAR, NEIGHBOUR, PROVINCIAL, ANYWHERE, FAR)


def who_sees(wait: Wait, *on_duty: Account, now: int = NOW) -> dict[int, Why]:
    return {
        one.id: seen.why for one in on_duty for seen in visible([wait], one, list(on_duty), now, PROVINCES)
    }


def test_the_commune_first_then_the_province_then_everybody() -> None:
    assert set(who_sees(Wait(), *ALL)) == {1}
    assert set(who_sees(Wait(), *ALL, now=NOW + WIDER - 1)) == {1}
    assert set(who_sees(Wait(), *ALL, now=NOW + WIDER)) == {1, 2, 3, 4}
    assert set(who_sees(Wait(), *ALL, now=NOW + WIDEST - 1)) == {1, 2, 3, 4}
    assert set(who_sees(Wait(), *ALL, now=NOW + WIDEST)) == {1, 2, 3, 4, 5}


def test_when_nobody_nearer_is_there_the_next_see_it_at_once() -> None:
    assert who_sees(Wait(), *ALL[1:]) == dict.fromkeys((2, 3, 4), Why.NOBODY_NEARER)
    assert who_sees(Wait(), FAR) == {5: Why.NOBODY_NEARER}


def test_who_does_not_say_where_they_are_is_seen_by_all() -> None:
    assert set(who_sees(Wait(commune=""), *ALL)) == {1, 2, 3, 4, 5}


def test_a_commune_that_no_list_knows_is_seen_by_those_of_everywhere_and_then_by_all() -> None:
    lost = Wait(commune="99999")
    assert set(who_sees(lost, *ALL)) == {4}
    assert set(who_sees(lost, *ALL, now=NOW + WIDEST)) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(("wait", "skill"), [(Wait(locale="en"), "en"), (Wait(reason="distress"), "an-toan")])
def test_who_has_the_skill_has_it_to_themselves_for_a_while(wait: Wait, skill: str) -> None:
    skilled = somebody(6, "22291", skills=(skill,))
    assert set(who_sees(wait, NEAR, skilled)) == {6}
    assert set(who_sees(wait, NEAR, skilled, now=NOW + WIDER)) == {1, 6}
    assert set(who_sees(wait, NEAR)) == {1}, "nobody with the skill is there"
    far = somebody(7, "00070", skills=(skill,))
    assert set(who_sees(wait, NEAR, far)) == {1}, "who would not see it yet keeps nobody from it"


def test_a_reported_person_neither_sees_it_again_nor_keeps_others_from_it() -> None:
    wait = Wait(barred=(1,))
    assert set(who_sees(wait, NEAR, NEIGHBOUR)) == {2}


def test_leads_see_everything_and_what_is_held_is_not_free() -> None:
    lead = somebody(9, "00070", role=Role.LEAD)
    (seen,) = visible([Wait(holder=1)], lead, ALL, NOW, PROVINCES)
    assert (seen.why, seen.ring, seen.free) == (Why.LEADS, Ring.EVERYBODY, False)
    (mine,) = visible([Wait(holder=5)], FAR, ALL, NOW, PROVINCES)
    assert mine.why is Why.MINE


_WAITS = st.lists(
    st.builds(
        Wait,
        st.integers(1, 99),
        st.sampled_from(["", "22291", "22300", "00070", "99999"]),
        st.sampled_from(["vi", "en"]),
        st.sampled_from(["asked", "distress"]),
        st.integers(NOW - 2 * WIDEST, NOW),
        st.sampled_from([0, 0, 1, 5]),
        st.sampled_from([(), (1,), (2, 3)]),
    ),
    max_size=8,
)
_PEOPLE = st.lists(st.sampled_from([*ALL, somebody(6, "22300", skills=("en", "an-toan"))]), unique=True)


@given(_WAITS, _PEOPLE, st.integers(0, 2 * WIDEST))
def test_nobody_waits_unseen_and_the_oldest_is_first(
    waits: list[Wait], people: list[Account], later: int
) -> None:
    now = NOW + later
    seen = {one.id: visible(waits, one, people, now, PROVINCES) for one in people}
    for wait in waits:
        if any(one.id not in wait.barred for one in people):
            assert any(wait is one.request for of in seen.values() for one in of)
    for id, of in seen.items():
        assert all(a.request.opened_at <= b.request.opened_at for a, b in pairwise(of))
        assert not any(one.free and (one.request.holder or id in one.request.barred) for one in of)
        assert all(one.urgent == (one.request.reason == "distress") for one in of)


@given(_WAITS, _PEOPLE, st.integers(0, WIDEST), st.integers(0, WIDEST))
def test_what_was_seen_stays_in_sight(
    waits: list[Wait], people: list[Account], later: int, more: int
) -> None:
    for one in people:
        before = {id(seen.request) for seen in visible(waits, one, people, NOW + later, PROVINCES)}
        after = {id(seen.request) for seen in visible(waits, one, people, NOW + later + more, PROVINCES)}
        assert before <= after


@given(_WAITS, _PEOPLE, st.integers(0, 2 * WIDEST))
def test_each_is_decided_as_if_nobody_else_waited(
    waits: list[Wait], people: list[Account], later: int
) -> None:
    """Those who are alike are decided together, and there is nothing in which they may differ."""
    now = NOW + later
    for one in people:
        together = {id(seen.request): seen for seen in visible(waits, one, people, now, PROVINCES)}
        alone = [seen for wait in waits for seen in visible([wait], one, people, now, PROVINCES)]
        assert together == {id(seen.request): seen for seen in alone}
