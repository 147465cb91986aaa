"""Where a person is: from a poster or in their own words, before and after consent, changed at any time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content.transcripts import ADDRESS, START, Player
from bot.core.book import Book
from bot.core.buttons import LONGEST_TOKEN, DoorButton, Unknown, door_token, parse
from bot.core.contact import Contact
from bot.core.desk import Desk
from bot.core.dialogue import respond, welcome
from bot.core.flow import Ask, Shape
from bot.core.message import Incoming, Reply
from bot.core.places import led_by_poster, real
from bot.core.session import State, Verb
from bot.core.turn import Turn
from bot.language.sieve import sift
from tests.books import PLACES
from tests.talking import place, said, state_of

HOA_XUAN, DA_NANG = "22291", "20314"
WRONG = ["99999", "2229", "222911", "22a91", "２２２９１", "", " 22291", "22291\n", "../22", "<b>22"]


def send(book: Book, state: State | None, *, text: str = "", button: str = "", commune: str = "") -> Turn:
    return respond(book, state, Incoming(ADDRESS, "", text, button=button, commune=commune), START)


def tokens(reply: Reply) -> list[str]:
    return [choice.token for choice in (*reply.choices, *reply.shortcuts)]


def begin_of(turn: Turn) -> str:
    return turn.replies[-1].choices[0].token


# ---- what travels in a button


@pytest.mark.parametrize(
    ("token", "button"),
    [
        ("!begin.", DoorButton(Verb.BEGIN, "")),
        ("!begin.kich-hoat", DoorButton(Verb.BEGIN, "kich-hoat")),
        ("!begin.kich-hoat.en", DoorButton(Verb.BEGIN, "kich-hoat", "en")),
        ("!begin..vi.22291", DoorButton(Verb.BEGIN, "", "vi", "22291")),
        ("!speak.otp/ma-sai.en.22291", DoorButton(Verb.SPEAK, "otp/ma-sai", "en", "22291")),
    ],
)
def test_door_buttons_of_all_ages_are_read(token: str, button: DoorButton) -> None:
    assert parse(token) == button


@pytest.mark.parametrize(
    "token",
    [
        "!begin..vi.2229",
        "!begin..vi.２２２９１",
        "!begin..vi.22291.1",
        "!begin..fr.22291",
        "!erase..vi.22291",
    ],
)
def test_what_is_no_button_of_ours_is_none(token: str) -> None:
    assert parse(token) == Unknown()


def test_a_button_has_room_for_the_longest_entrance() -> None:
    longest = f"{'a' * 24}/{'b' * 24}"
    for locale in ("vi", "en"):
        token = door_token(Verb.BEGIN, longest, locale, HOA_XUAN)
        button = parse(token)
        assert len(token) <= LONGEST_TOKEN
        assert isinstance(button, DoorButton)
        assert (button.flow, button.locale) == (longest, locale)


# ---- people of whom nothing is kept


def test_a_poster_travels_in_every_button_and_is_taken_at_the_beginning(small: Book) -> None:
    turn = send(small, None, text="/start", commune=HOA_XUAN)
    assert turn.state is None
    assert all(token.endswith(f".{HOA_XUAN}-0") for token in tokens(turn.replies[0]))
    assert "xã Hòa Xuân, tỉnh Đắk Lắk" in said(turn)
    begun = send(small, None, button=begin_of(turn))
    assert begun.state is not None
    assert begun.state.contact.commune == HOA_XUAN
    assert "Em ghi nhận: **xã Hòa Xuân, tỉnh Đắk Lắk**" in said(begun)


def test_it_travels_through_reading_and_another_language(small: Book) -> None:
    turn = send(small, None, text="xa 22291")
    english = send(small, None, button=turn.replies[0].shortcuts[0].token)
    listed = send(small, None, button=english.replies[0].choices[1].token)
    guide = send(small, None, button=listed.replies[0].choices[0].token)
    begun = send(small, None, button=begin_of(guide))
    assert begun.state is not None
    assert (begun.state.contact.locale, begun.state.contact.commune) == ("en", HOA_XUAN)


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_code_changes_nothing(small: Book, code: str) -> None:
    assert send(small, None, text="xin chào", commune=code) == send(small, None, text="xin chào")
    assert welcome(small, commune=code) == welcome(small)
    begun = send(small, None, button=f"!begin..vi.{code}", commune=code)
    assert begun.state is None or begun.state.contact.commune == ""
    assert real(PLACES, code) == ""


def test_opening_the_chat_agrees_to_nothing(small: Book) -> None:
    """Platforms send /start when somebody presses their own button; nobody has read yet what is kept."""
    turn = send(small, None, text="/start")
    assert turn.state is None
    assert "chương trình trả lời tự động" in said(turn)
    for words in ("bắt đầu", "ok", "vâng", "1", "Bắt đầu"):
        assert send(small, None, text=words).state is None
        seen = Incoming(ADDRESS, "", words, shown=turn.replies[-1].choices)
        assert respond(small, None, seen, START).state is not None


def test_what_may_be_several_places_is_asked_apart_from_the_consent(small: Book) -> None:
    """A typed "1" means the first of the places then, and nothing when the screen is not known any more."""
    turn = send(small, None, text="xa son ha quang ngai")
    (reply,) = turn.replies
    assert all("Sơn" in choice.label for choice in reply.choices)
    assert len(reply.choices) == 2
    second = reply.choices[1]
    for chosen in (
        send(small, None, button=second.token),
        respond(small, None, Incoming(ADDRESS, "", "2", shown=reply.choices), START),
    ):
        assert chosen.state is None
        assert second.label[1:] in said(chosen)
        assert begin_of(chosen) == second.token.replace("!speak.", "!begin.")
    forgotten = send(small, None, text="1")
    assert forgotten.state is None
    assert begin_of(forgotten) == "!begin."


def test_a_button_weighs_more_than_the_page_it_stands_on(small: Book) -> None:
    typed = send(small, None, text="phường hòa xuân, đà nẵng", commune=HOA_XUAN)
    begun = send(small, None, button=begin_of(typed), commune=HOA_XUAN)
    assert begun.state is not None
    assert begun.state.contact.commune == DA_NANG
    later = send(small, begun.state, text="1", commune=HOA_XUAN)
    assert later.state is not None
    assert later.state.contact.commune == DA_NANG


# ---- people who are remembered


def test_a_new_poster_wins_and_an_old_one_says_nothing_new() -> None:
    contact = led_by_poster(PLACES, Contact(), HOA_XUAN)
    assert contact.commune == HOA_XUAN
    said_since = replace(contact, commune="00004")
    assert led_by_poster(PLACES, said_since, HOA_XUAN) == said_since
    assert led_by_poster(PLACES, said_since, DA_NANG).commune == DA_NANG
    for code in WRONG:
        assert led_by_poster(PLACES, said_since, code) == said_since


def test_a_place_is_noted_and_the_step_goes_on(walking: Player) -> None:
    before = place(walking)
    turn = walking.say("em ở xã hoà xuân ạ")
    assert "Em ghi nhận: **xã Hòa Xuân, tỉnh Đắk Lắk**" in said(turn)
    assert place(walking) == before
    assert turn.replies[-1].choices
    assert state_of(walking).contact.commune == HOA_XUAN
    walking.say("phường Hòa Xuân, Đà Nẵng")
    assert state_of(walking).contact.commune == DA_NANG


def test_an_unknown_code_is_told_kindly_and_keeps_what_was_known(walking: Player) -> None:
    walking.say("xa 22291")
    turn = walking.say("xa 99999")
    assert "Em chưa thấy xã, phường nào có năm chữ số đó" in said(turn)
    assert state_of(walking).contact.commune == HOA_XUAN


def test_a_question_that_waits_is_asked_again_with_its_numbers(small: Book) -> None:
    player = Player(small, sift)
    player.say("xin chào")
    player.press(1)
    turn = player.say("xa 22291")
    assert [option.label for option in state_of(player).options][:2] == ["bác", "cô"]
    assert turn.replies[-1].choices[0].label == "bác"
    player.say("2")
    assert state_of(player).contact.xung_ho == "cô"


def test_the_guide_that_was_asked_for_first_still_starts_after_a_choice_of_places(small: Book) -> None:
    player = Player(small, sift)
    player.say("tôi muốn kích hoạt vneid")
    player.press(1)
    assert state_of(player).wanted
    player.say("xa son ha quang ngai")
    player.press(1)
    assert "Quảng Ngãi" in said_last(player)
    player.press(1)
    assert state_of(player).session is not None


def said_last(player: Player) -> str:
    return "\n".join(reply.text for reply in player.last)


def test_a_province_alone_is_heard_only_right_after_the_question(talk: Player) -> None:
    talk.say("xã tân phú")
    talk.say("nghệ an")
    assert state_of(talk).contact.commune == "17272"
    talk.say("xã tân phú")
    talk.say("menu")
    talk.say("đồng nai")
    assert state_of(talk).contact.commune == "17272"


def test_none_of_the_offered_places_changes_nothing(talk: Player) -> None:
    talk.say("xa son ha quang ngai")
    turn = talk.say("3")
    assert state_of(talk).contact.commune == ""
    assert "Không nói cũng không sao" in said(turn)


def test_free_words_that_a_step_asks_for_come_first(small: Book, walking: Player) -> None:
    """Somebody who is asked something answers that; the negative control is a step that asks for a number."""
    assert place(walking) == "thu/chon"
    state = state_of(walking)
    turn = respond(_asking(small, Shape.TEXT), state, Incoming(ADDRESS, "", "xã Hòa Xuân"), START)
    assert turn.state is not None
    assert turn.state.contact.commune == ""
    number = respond(_asking(small, Shape.NUMBER), state, Incoming(ADDRESS, "", "xã Hòa Xuân"), START)
    assert number.state is not None
    assert number.state.contact.commune == HOA_XUAN


def _asking(small: Book, shape: Shape) -> Book:
    """The small book, with a question in the place of a choice."""
    flow = small.flows["thu"]
    template = next(step for step in flow.steps.values() if isinstance(step, Ask))
    asking = replace(template, id="chon", shape=shape, least=1, most=100, ways=())
    changed = replace(flow, steps={**flow.steps, "chon": asking})
    return replace(
        small,
        flows={**small.flows, "thu": changed},
        editions={**small.editions, ("thu", flow.version): changed},
    )


# ---- posters with a number


KNOWN = Desk(posters=frozenset({"22291-3", "22291-12", "20314-1"}))


def led(book: Book, state: State | None, desk: Desk = KNOWN, **sent: str) -> Turn:
    return respond(book, state, Incoming(ADDRESS, "", **sent), START, desk)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "poster"),
    [
        ("22291-3", "22291-3"),
        ("22291-12", "22291-12"),
        ("22291", "22291"),
        ("22291-0", "22291"),
        ("22291-4", "22291"),
        ("22291-999", "22291"),
        ("22291-03", ""),
        ("22291-1000", ""),
        ("99999-3", ""),
        ("22291-3\n", ""),
        ("22291-٣", ""),
        ("22291-", ""),
    ],
)
def test_a_code_is_the_poster_that_hangs_or_none(code: str, poster: str) -> None:
    contact = led_by_poster(PLACES, Contact(), code, KNOWN.posters)
    assert contact == (Contact(commune=poster[:5], poster=poster) if poster else Contact())


@pytest.mark.parametrize("way", ["link", "words", "bare", "typed later"])
def test_a_poster_is_counted_whichever_way_it_was_read(small: Book, way: str) -> None:
    """With what is kept of somebody, and before anything is kept."""
    if way == "link":
        begun = led(small, None, button=begin_of(led(small, None, text="/start", commune="22291-3")))
    elif way == "typed later":
        known = led(small, None, button="!begin.")
        begun = led(small, known.state, text="XA 22291-3")
    else:
        text = {"words": "XA 22291-3", "bare": "22291-3"}[way]
        begun = led(small, None, button=begin_of(led(small, None, text=text)))
    assert begun.state is not None
    assert (begun.state.contact.commune, begun.state.contact.poster) == (HOA_XUAN, "22291-3")


def test_a_commune_that_somebody_names_is_no_poster(small: Book) -> None:
    named = led(small, None, text="xã Hòa Xuân")
    begun = led(small, None, button=begin_of(named))
    assert begun.state is not None
    assert (begun.state.contact.commune, begun.state.contact.poster) == (HOA_XUAN, "")


def test_who_lives_elsewhere_is_still_counted_for_the_poster_they_read(small: Book) -> None:
    named = led(small, None, text="phường Hòa Xuân, Đà Nẵng", commune="22291-3")
    begun = led(small, None, button=begin_of(named), commune="22291-3")
    assert begun.state is not None
    assert (begun.state.contact.commune, begun.state.contact.poster) == (DA_NANG, "22291-3")


def test_a_new_poster_wins_and_one_read_before_says_nothing_new(small: Book) -> None:
    begun = led(small, None, button="!begin.", commune="22291-3")
    moved = led(small, begun.state, text="phường Hòa Xuân, Đà Nẵng", commune="22291-3")
    assert moved.state is not None
    assert (moved.state.contact.commune, moved.state.contact.poster) == (DA_NANG, "22291-3")
    again = led(small, moved.state, text="menu", commune="22291-3")
    assert again.state is not None
    assert again.state.contact.commune == DA_NANG, "it must not take back what was said since"
    other = led(small, again.state, text="menu", commune="22291-12")
    assert other.state is not None
    assert (other.state.contact.commune, other.state.contact.poster) == (HOA_XUAN, "22291-12")


def test_the_poster_is_booked_with_what_is_begun_after_it(small: Book) -> None:
    begun = led(small, None, button="!begin.", commune="22291-3")
    for text in ("1", "tôi muốn kích hoạt vneid"):
        begun = led(small, begun.state, text=text)
    assert begun.state is not None
    assert begun.state.session is not None
    assert begun.state.session.top.poster == "22291-3"
    typed = led(small, begun.state, text="XA 22291-12")
    assert typed.state is not None
    assert typed.state.session is not None
    assert typed.state.session.top.poster == "22291-3", "a run stays where it began"
    assert typed.state.contact.poster == "22291-12"


# ---- the kind of phone


@pytest.mark.parametrize(
    ("told", "kept"), [("android", "android"), ("iphone", "iphone"), ("nokia", ""), ("", "")]
)
def test_the_kind_of_phone_comes_with_the_page_and_nothing_else_does(
    small: Book, told: str, kept: str
) -> None:
    begun = led(small, None, button="!begin.", phone=told)
    assert begun.state is not None
    assert begun.state.contact.phone == kept


def test_what_somebody_said_of_their_phone_is_surer_than_their_browser(small: Book) -> None:
    begun = led(small, None, button="!begin.")
    assert begun.state is not None
    said_so = replace(begun.state, contact=replace(begun.state.contact, phone="iphone"))
    later = led(small, said_so, text="menu", phone="android")
    assert later.state is not None
    assert later.state.contact.phone == "iphone"
    unknown = led(small, begun.state, text="menu", phone="android")
    assert unknown.state is not None
    assert unknown.state.contact.phone == "android"
