"""What is offered at the desk: found by words as people type them, ready for a person to send."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from knowledge_world import real_book

from bot.app.knowledge import MOST, BookKnowledge
from bot.core.advising import as_a_person
from bot.core.contact import Contact
from bot.core.flow import Variables
from bot.core.session import Run, Session, State, Visit
from bot.core.ticket import Reason, Ticket
from bot.language.normalise import fold

NOBODY = State(Contact(xung_ho="cô"))


@pytest.fixture(scope="module")
def knowledge() -> BookKnowledge:
    return BookKnowledge(real_book(), fold)


def standing(flow: str, step: str) -> State:
    run = Run("r", flow, real_book().flows[flow].version, 0, Visit(1, step, 0))
    return replace(NOBODY, session=Session((run,)))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("quên mật khẩu", "quen-mat-khau"),
        ("quen mat khau", "quen-mat-khau"),
        ("quen mk", "quen-mat-khau"),
        ("QUÊN MẬT KHẨU", "quen-mat-khau"),
        ("ma otp", "cho-ma"),
        ("sim ten nguoi khac", "sim-khong-dung-ten"),
        ("iphone nfc", "nfc-iphone"),
        ("mat dt", "mat-may"),
        ("de doa", "bi-de-doa"),
        ("man hinh", "man-hinh-gi"),
        ("tam biet", "xong-roi"),
        ("het ca", "chuyen-nguoi-khac"),
        ("gia cong an", "canh-bao-lua-dao"),
        ("den nh", "den-nha"),  # not typed to its end
    ],
)
def test_a_reply_is_found_as_people_type(knowledge: BookKnowledge, typed: str, first: str) -> None:
    assert knowledge.search(typed, NOBODY)[0].id == first


def test_words_are_whole_or_begun_never_from_the_middle(knowledge: BookKnowledge) -> None:
    """Elsewhere `ana` finds `semana`: three letters out of the middle mean nothing."""
    assert knowledge.search("ien thoa", NOBODY) == ()
    assert knowledge.search("dien thoa", NOBODY) != ()


def test_one_word_that_is_not_there_does_not_hide_the_rest(knowledge: BookKnowledge) -> None:
    assert knowledge.search("quên mật khẩu huhu", NOBODY)[0].id == "quen-mat-khau"


def test_all_are_listed_without_words_those_of_the_step_first(knowledge: BookKnowledge) -> None:
    everywhere = knowledge.search("", NOBODY)
    here = knowledge.search("", standing("nfc", "bat-nfc"))
    assert len(everywhere) == len(here) == len(real_book().canned)
    assert everywhere[0].id == "chao"
    assert here[0].id == "bat-nfc"
    assert {reply.id for reply in here[:4]} >= {"bat-nfc", "nfc-iphone", "nfc-android"}


@pytest.mark.parametrize(
    ("words", "ref"),
    [
        ("tôi không nhận được mã", "hoi/otp-not-received"),
        ("nó báo hệ thống đang bảo trì", "loi/E1"),
        ("mất điện thoại rồi", "mau/mat-may"),
        ("nó cứ báo gì ấy", "mau/man-hinh-gi"),
        ("khó quá tôi chán lắm", "mau/binh-tinh"),
        ("chào", "mau/chao"),
    ],
)
def test_suggestions_fit_the_last_words(knowledge: BookKnowledge, words: str, ref: str) -> None:
    suggested = knowledge.suggest(NOBODY, words)
    assert suggested[0].ref == ref
    assert len(suggested) <= MOST
    assert len({one.ref for one in suggested}) == len(suggested)


@pytest.mark.parametrize(
    "words",
    [
        "có người xưng công an gọi bảo cập nhật vneid",
        "tôi bị lừa mất tiền rồi",
        "hệ thống đang bảo trì mà có người xưng công an gọi bắt đọc mã otp",
    ],
)
def test_danger_comes_first(knowledge: BookKnowledge, words: str) -> None:
    assert knowledge.suggest(NOBODY, words)[0].urgent


def test_the_error_on_the_ticket_is_suggested(knowledge: BookKnowledge) -> None:
    state = replace(NOBODY, ticket=Ticket("k", Reason.ASKED, 0, "otp", error="E2"))
    assert "loi/E2" in {one.ref for one in knowledge.suggest(state, "giúp với")}


def test_without_words_the_step_says_what_may_help(knowledge: BookKnowledge) -> None:
    assert knowledge.suggest(standing("nfc", "bat-nfc"), "")[0].ref == "mau/bat-nfc"


def test_what_goes_on_with_a_guide_says_which(knowledge: BookKnowledge) -> None:
    found = knowledge.find("mau/quen-mat-khau", NOBODY)
    assert found is not None
    assert real_book().leads_to(found.flow) is not None


# --- Ready for a person to send --------------------------------------------------------------------

BOTS_OWN = re.compile(
    r"chương trình|gặp người\b|nhắn (?:em |lại )?«|/dulieu|/xoa|\bmenu\b|\bbot\b", re.IGNORECASE
)
UNSUITABLE = {
    "talk-to-human", "bot-identity", "bot-privacy", "bot-do-it-for-me", "greeting", "thanks-bye",
    "complaint-general", "unclear", "oos-other-gov", "oos-general",
}  # fmt: skip
"""Answers in which the bot speaks of itself."""


def offered(knowledge: BookKnowledge) -> dict[str, str]:
    book = real_book()
    refs = [f"hoi/{id}" for id in book.answers]
    refs += [f"loi/{error.id}" for error in book.errors]
    refs += [f"mau/{reply.id}" for reply in book.canned]
    return {ref: found.text for ref in refs if (found := knowledge.find(ref, NOBODY))}


def test_no_offered_text_is_only_the_bots(knowledge: BookKnowledge) -> None:
    faults = {ref: found[0] for ref, text in offered(knowledge).items() if (found := BOTS_OWN.search(text))}
    # two canned replies hand over to the bot, in a person's words
    assert faults == {"mau/chuyen-cho-may": "gặp người"}


def test_a_person_writes_no_marks(knowledge: BookKnowledge) -> None:
    assert not any("**" in text for text in offered(knowledge).values())


def test_negative_control_the_bots_own_texts_do_hold_such_words() -> None:
    assert any(BOTS_OWN.search(answer.text(Variables())) for answer in real_book().answers.values())


def test_the_answers_that_no_person_can_send_are_these(knowledge: BookKnowledge) -> None:
    assert {id for id in real_book().answers if f"hoi/{id}" not in offered(knowledge)} == UNSUITABLE


def test_every_known_error_can_be_sent(knowledge: BookKnowledge) -> None:
    assert {f"loi/{error.id}" for error in real_book().errors} <= set(offered(knowledge))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bác chờ ạ. Chờ ba phút.", "Bác chờ ạ. Chờ ba phút."),
        ("Bác tắt máy bật lại ạ. Đừng gỡ VNeID. Nhắn «gặp người».", "Bác tắt máy bật lại ạ. Đừng gỡ VNeID."),
        ("Em là chương trình trả lời tự động. Bác kể em nghe nhé.", ""),
        ("Vâng ạ. Muốn có người thật giúp thì bác nhắn «gặp người» nhé.", ""),
        ("You wait. Wait three minutes. Type «human».", "You wait. Wait three minutes."),
    ],
)
def test_sentences_that_only_the_bot_can_say_are_left_out(text: str, left: str) -> None:
    assert as_a_person(text) == left


def test_an_unknown_reference_is_nothing(knowledge: BookKnowledge) -> None:
    for ref in ("", "mau/", "mau/khong-co", "hoi/khong-co", "loi/x", "gi/do", "mau/chao/them"):
        assert knowledge.find(ref, NOBODY) is None


def test_every_suggestion_says_when_it_was_checked(knowledge: BookKnowledge) -> None:
    suggested = [one for one in knowledge.suggest(NOBODY, "quên mật khẩu") if not one.urgent]
    assert suggested
    assert all(one.reviewed for one in suggested)
