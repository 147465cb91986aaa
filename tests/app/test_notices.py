"""Who at the desk is told what, and how seldom."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.accounts import Role
from bot.app.noticing import Happened, Kind, Notice, Scene, Watcher, Withheld, wanted
from bot.app.telling import APART, Change, Clear, Forget, Show, Told, changes
from bot.core.book import Book
from bot.core.desk import ALWAYS, Desk, Hours
from bot.core.ticket import LEASE, Reason
from tests.books import book_of, small_root
from tests.waiting import account, request

NOW = 1_800_000_000
LAN = account(1, "Lan")
FAR = account(2, "Phương", areas=("00004",))
LEAD = account(3, "Hoa", Role.LEAD)
BOSS = account(4, "Bình", Role.ORGANISER, areas=())
OPEN = Desk(province_of={"22291": "66", "00004": "01"}, hours={"": ALWAYS})


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(small_root(tmp_path_factory.mktemp("small")))


def seen(scene: Scene, who: Any, book: Book, *, since: int = NOW - 3600, desk: Desk = OPEN) -> list[Notice]:
    return list(wanted(scene, Watcher(who, since), book, desk, NOW))


def topics(notices: list[Notice]) -> list[str]:
    return [notice.topic.partition(".")[0] for notice in notices]


def test_one_who_waits_is_told_with_number_step_and_commune(book: Book) -> None:
    [notice] = seen(Scene((request(12, NOW - 240),), on_duty=(LAN,)), LAN, book)
    assert (notice.title, notice.url, notice.count) == ("1 người đang chờ", "/desk", 1)
    flow = book.flows["thu"]
    assert notice.body.startswith(f"Phiếu 12 · {flow.title}")
    assert "chờ 4 phút" in notice.body
    commune = book.places.commune("22291")
    assert commune is not None
    assert f"{commune.name[0].lower()}{commune.name[1:]}" in notice.body


def test_several_become_one_notice(book: Book) -> None:
    waiting = tuple(request(number, NOW - 600 + number) for number in range(5))
    [notice] = seen(Scene(waiting, on_duty=(LAN,)), LAN, book)
    assert (notice.topic, notice.title, notice.count) == ("queue", "5 người đang chờ", 5)
    assert notice.body.startswith("Lâu nhất: Phiếu 0 ")


def test_only_who_is_on_duty(book: Book) -> None:
    scene = Scene((request(1, NOW - 60),), on_duty=(LAN,))
    assert topics(seen(scene, LAN, book, since=0)) == []


def test_other_communes_hear_later(book: Book) -> None:
    """The nearest first; a lead sees all in the list and is not disturbed by all."""
    other_lead = replace(LEAD, areas=("00004",))
    for age, expected in ((60, []), (599, []), (600, ["queue"])):
        scene = Scene((request(1, NOW - age),), on_duty=(LAN, FAR, other_lead))
        assert topics(seen(scene, FAR, book)) == expected
        assert topics(seen(scene, other_lead, book)) == expected
    assert topics(seen(Scene((request(1, NOW - 5),), on_duty=(FAR,)), FAR, book)) == ["queue"]


def test_who_has_no_hand_free_is_left_alone(book: Book) -> None:
    own = [request(n, NOW - 60, holder=1, until=NOW + LEASE) for n in range(3)]
    assert topics(seen(Scene((*own, request(9, NOW - 30)), on_duty=(LAN,)), LAN, book)) == []
    assert topics(seen(Scene((*own[1:], request(9, NOW - 30)), on_duty=(LAN,)), LAN, book)) == ["queue"]


def test_whom_a_resident_reported_does_not_hear_of_them(book: Book) -> None:
    assert topics(seen(Scene((request(1, NOW - 900, barred=(1,)),), on_duty=(LAN,)), LAN, book)) == []


def test_a_reply_is_told_unless_it_was_seen(book: Book) -> None:
    def replied(**changes: Any) -> list[str]:
        held = {"holder": 1, "heard_at": NOW - 20, "until": NOW - 60 + LEASE}
        mine = request(1, NOW - 900, **{**held, **changes})
        return topics(seen(Scene((mine,), on_duty=(LAN,)), LAN, book))

    assert replied() == ["chat"]
    assert replied(spoke_at=NOW - 5) == []
    assert replied(until=NOW - 10 + LEASE) == [], "they touched the page after it came"
    assert replied(heard_at=NOW - 3) == [], "they may be looking"
    assert replied(holder=2) == [], "it is somebody else's"


def test_what_colleagues_do(book: Book) -> None:
    given_at = NOW - 30
    mine = request(7, NOW - 900, holder=1, until=given_at + LEASE)
    happened = (
        Happened(Kind.PASSED, given_at, 1, mine.key),
        Happened(Kind.MENTION, NOW - 40, 1, mine.key),
        Happened(Kind.REFUSED, NOW - 50, 1, mine.key),
        Happened(Kind.MENTION, NOW - 40, 2, mine.key),
        Happened(Kind.MENTION, NOW - 4000, 1, "an old one"),
    )
    scene = Scene((mine,), happened, on_duty=(LAN,))
    assert topics(seen(scene, LAN, book)) == ["passed", "mention", "refused"]
    touched = replace(scene, requests=(replace(mine, until=given_at + 1 + LEASE),))
    assert topics(seen(touched, LAN, book)) == ["mention", "refused"]
    assert topics(seen(scene, LAN, book, since=NOW - 35)) == ["passed"], "no stack of old ones"


def test_what_waits_for_a_second_pair_of_eyes(book: Book) -> None:
    waits = (Withheld(1, NOW - 10, 1, newcomer=False), Withheld(2, NOW - 200, 1, newcomer=True))
    scene = Scene(withheld=waits, on_duty=(LAN,))
    [notice] = seen(scene, LEAD, book)
    assert (notice.title, notice.url) == ("2 tin chờ duyệt", "/desk/cho-duyet")
    assert [one.title for one in seen(scene, FAR, book)] == ["1 tin chờ duyệt"]
    assert seen(scene, replace(FAR, watched=3), book) == []
    assert seen(scene, LAN, book) == [], "nobody is asked about their own words"
    assert seen(scene, LEAD, book, since=0) == []


def test_off_duty_only_organisers_and_only_what_presses(book: Book) -> None:
    report = Happened(Kind.REPORT, NOW - 100, 0, "x")
    distress = request(1, NOW - 599, reason=Reason.DISTRESS)
    scene = Scene((distress, request(2, NOW - 700)), (report,), on_duty=(LAN,))
    assert topics(seen(scene, BOSS, book, since=0)) == ["report"]
    later = replace(scene, requests=(replace(distress, opened_at=NOW - 600),))
    assert topics(seen(later, BOSS, book, since=0)) == ["urgent", "report"]
    assert topics(seen(later, LEAD, book, since=0)) == []
    assert topics(seen(later, LEAD, book)) == ["urgent", "report"]
    assert all(notice.urgent for notice in seen(later, BOSS, book, since=0))


def test_an_empty_desk_in_its_hours_is_told_to_organisers(book: Book) -> None:
    scene = Scene((request(1, NOW - 900), request(2, NOW - 10)))
    [notice] = seen(scene, BOSS, book, since=0)
    assert (notice.topic, notice.count, notice.url) == ("unstaffed", 1, "/desk/ca")
    assert seen(scene, BOSS, book, since=0, desk=Desk(hours={"": Hours()})) == [], "nobody is woken at night"
    assert seen(replace(scene, on_duty=(LAN,)), BOSS, book, since=0) == []


def test_no_word_of_anybody_and_no_id(book: Book) -> None:
    scene = Scene(
        (request(1, NOW - 700, error="loi-bi-mat", reason=Reason.DISTRESS), request(2, NOW - 60)),
        (Happened(Kind.REPORT, NOW - 5, 0, "phieu-1"),),
        on_duty=(BOSS,),
    )
    told = " ".join(f"{notice.title} {notice.body}" for notice in seen(scene, BOSS, book))
    assert "loi-bi-mat" not in told
    assert "phieu-" not in told


# --- how often ------------------------------------------------------------------------------------------


def queue(mark: str, count: int = 1) -> Notice:
    return Notice(Kind.QUEUE, "", "", "/desk", mark, count)


def test_new_ones_wait_for_the_minute_and_come_together() -> None:
    told = (Told("queue", NOW - 10, "a", 1),)
    assert changes([queue("ab", 2)], told, NOW) == ()
    assert changes([queue("ab", 2)], told, NOW + 50) == (Show(queue("ab", 2), quiet=False, at=NOW + 50),)


def test_what_presses_does_not_wait() -> None:
    pressing = Notice(Kind.URGENT, "", "", "/desk", "x", urgent=True)
    told = (Told("queue", NOW - 1, "a", 1),)
    assert changes([pressing, queue("a")], told, NOW) == (Show(pressing, quiet=False, at=NOW),)


def test_one_sound_for_all_that_is_new_at_once() -> None:
    chat = Notice(f"{Kind.CHAT}.x", "", "", "/desk/c/x")
    assert [change.quiet for change in changes([chat, queue("a")], (), NOW) if isinstance(change, Show)] == [
        False,
        True,
    ]


def test_fewer_are_told_without_a_sound_and_nobody_is_cleared_away() -> None:
    told = (Told("queue", NOW - 90, "abc", 3),)
    assert changes([queue("ab", 2)], told, NOW) == (Show(queue("ab", 2), quiet=True, at=NOW - 90),)
    assert changes([], told, NOW) == (Clear("queue"),)
    cleared = (Told("queue", NOW - 30, "", 0),)
    assert changes([], cleared, NOW) == ()
    assert changes([queue("d")], cleared, NOW) == (), "who was cleared a moment ago makes no sound again"
    assert changes([], cleared, NOW + 30) == (Forget("queue"),)


def test_news_stays_where_it_is_read() -> None:
    told = (Told("mention.x", NOW - 700, "1", 1),)
    assert changes([], told, NOW) == (Forget("mention.x"),)


def apply(told: dict[str, Told], done: tuple[Change, ...]) -> None:
    for change in done:
        match change:
            case Show(notice=notice, at=at):
                told[notice.topic] = Told(notice.topic, at, notice.mark, notice.count)
            case Clear(topic=topic):
                told[topic] = replace(told[topic], mark="", count=0)
            case Forget(topic=topic):
                del told[topic]


def sounds(life: list[tuple[int, list[Notice]]], changes: Any = changes) -> list[int]:
    """When a phone makes a sound that is not urgent, as things go on."""
    told: dict[str, Told] = {}
    now, heard = NOW, []
    for passed, notices in life:
        now += passed
        done = changes(notices, tuple(told.values()), now)
        heard += [now for change in done if isinstance(change, Show) and not change.quiet]
        apply(told, done)
    return heard


NOTICES = st.lists(
    st.builds(
        lambda topic, mark, count: Notice(topic, "", "", "/desk", mark, count),
        st.sampled_from([Kind.QUEUE, f"{Kind.CHAT}.a", f"{Kind.CHAT}.b", f"{Kind.MENTION}.a", Kind.REVIEW]),
        st.sampled_from("abc"),
        st.integers(1, 3),
    ),
    max_size=4,
    unique_by=lambda notice: notice.topic,
)
LIFE = st.lists(st.tuples(st.integers(1, 40), NOTICES), max_size=30)


@settings(max_examples=300, deadline=None)
@given(LIFE)
def test_never_two_sounds_within_a_minute(life: list[tuple[int, list[Notice]]]) -> None:
    heard = sounds(life)
    assert all(later - earlier >= APART for earlier, later in pairwise(heard))


def test_negative_control_without_the_memory_of_what_was_cleared() -> None:
    def careless(notices: list[Notice], told: tuple[Told, ...], now: int) -> tuple[Change, ...]:
        return changes(notices, tuple(one for one in told if one.count), now)

    life = [(1, [queue("a")]), (1, []), (1, [queue("b")])]
    assert len(sounds(life)) == 1
    assert len(sounds(life, careless)) == 2


@settings(max_examples=200, deadline=None)
@given(LIFE, NOTICES)
def test_in_the_end_the_phone_shows_what_is_so(
    life: list[tuple[int, list[Notice]]], last: list[Notice]
) -> None:
    """However it came to be: after two quiet minutes nothing is missing and nothing is left over."""
    told: dict[str, Told] = {}
    now = NOW
    for passed, notices in [*life, *[(APART, last)] * 3]:
        now += passed
        apply(told, changes(notices, tuple(told.values()), now))
    assert {one.topic: one.mark for one in told.values() if one.count} == {
        one.topic: one.mark for one in last
    }
