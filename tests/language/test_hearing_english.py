"""English is told from Vietnamese, never the other way round, and what it asks about is only guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.locales import read_asked, read_words
from bot.core.hearing import Decision, Guess, Verdict, Word
from bot.language import ear
from bot.language.ear import Ear
from bot.language.english import English, is_english
from bot.language.syllables import SYLLABLES
from bot.language.words import Words

ROOT = Path(__file__).resolve().parents[2]
PHRASES = ROOT / "faq" / "phrases"

ENGLISH = [
    "How do I activate my account?",
    "I forgot my password",
    "i didn’t receive the otp",
    "can't log in",
    "where is the button",
    "Do you speak English?",
    "I am a foreigner, can I register?",
    "please help me",
    "my phone is lost",
]
VIETNAMESE = [
    "toi muon kich hoat tai khoan",
    "the can cuoc cua toi bi sai thong tin",
    "me toi can lam the",
    "an co to no do a",
    "can cuoc het han the la sao ban oi",
    "forgot password",
    "login ko dc",
    "otp not received thi lam sao",
    "app bao error hoai",
    "hello shop",
    "ok thank you",
    "pass mk la gi",
    "k dc z tr oi",
    "Tôi không biết tiếng Anh, where is it?",
    "VNeID login account password otp sim",
    "",
    "???",
    "12345",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_sentences_are_english(text: str) -> None:
    assert is_english(text)
    assert is_english(text.upper())


@pytest.mark.parametrize("text", VIETNAMESE)
def test_vietnamese_is_not_however_it_is_typed(text: str) -> None:
    assert not is_english(text)


def test_of_all_we_have_been_sent_only_english_is_taken_for_english() -> None:
    """Thousands of messages as residents type them. What is taken for English has hardly a word that could be
    Vietnamese, and nothing Vietnamese on both sides of it.
    """
    lines = [line for file in sorted(PHRASES.glob("*.txt")) for line in file.read_text("utf-8").splitlines()]
    taken = [line for line in lines if is_english(line)]
    assert len(lines) > 10_000
    assert 10 < len(taken) < len(lines) / 50
    for line in taken:
        words = line.lower().split()
        assert sum(word not in SYLLABLES for word in words) > len(words) / 3, line


def test_control_a_test_by_letters_alone_would_take_thousands() -> None:
    lines = [line for file in PHRASES.glob("*.txt") for line in file.read_text("utf-8").splitlines()]
    assert sum(line.isascii() for line in lines) > 1000


# --- words that work everywhere


@pytest.fixture(scope="module")
def words() -> Words:
    phrases, problems = read_words(ROOT)
    assert problems == ()
    return Words(phrases)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_phrase_means_its_word_beside_those_of_the_other_language(words: Words, locale: str) -> None:
    import yaml

    listed = yaml.safe_load((ROOT / "locales" / locale / "words.yaml").read_text("utf-8"))
    assert set(listed) == set(Word)
    wrong = [
        (phrase, name, words.find(phrase))
        for name, phrases in listed.items()
        for phrase in phrases
        if words.find(phrase) != name
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "text", ["i want to change my phone number", "the menu button is gone", "how do i skip the face scan"]
)
def test_a_sentence_that_only_holds_a_word_is_no_word(words: Words, text: str) -> None:
    assert words.find(text) is None


# --- what it is about


class Sure:
    """A matcher that takes everything for a foreigner's question, as one that has learnt Vietnamese does."""

    def __init__(self, decision: Decision = Decision.ANSWER) -> None:
        self.decision = decision

    def verdict(self, _: str, __: object = (), /) -> Verdict:
        return Verdict(self.decision, (Guess("foreigner-account", 0.99), Guess("scam-victim", 0.01)))


@pytest.fixture(scope="module")
def english() -> Ear:
    asked, problems = read_asked(ROOT, [file.stem for file in PHRASES.glob("*.txt")])
    assert problems == ()
    return Ear({}, Sure(), asked)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I forgot my password", "forgot-password"),
        ("how do i activate my account", "activate-how"),
        ("I did not receive the OTP code", "otp-not-received"),
        ("my phone was stolen, what should I do", "lost-phone-lock"),
        ("I am a foreigner, where do I register", "foreigner-account"),
        ("I want to change my phone number", "change-phone-number"),
        ("someone called me and asked for the code", "scam-fake-police"),
        ("the police called and said they will lock my account", "scam-fake-police"),
        ("I have sent money to them", "scam-victim"),
        ("how can I scan the chip of my card", "nfc-scan"),
        ("how do I register for my child", "child-account"),
        ("are you a robot", "bot-identity"),
        ("what do you store about me, is it private", "bot-privacy"),
    ],
)
def test_what_it_may_be_about_is_among_the_guesses(english: Ear, text: str, intent: str) -> None:
    verdict = english.verdict(text)
    assert verdict.decision is Decision.CHOOSE
    assert intent in [guess.intent for guess in verdict.guesses]
    assert all(0 < guess.score < 1 for guess in verdict.guesses)


@pytest.mark.parametrize(
    ("decision", "heard", "guesses"),
    [
        (Decision.ANSWER, Decision.CHOOSE, 2),
        (Decision.HANDOFF, Decision.CHOOSE, 2),
        (Decision.CHOOSE, Decision.UNCLEAR, 0),
        (Decision.OUT_OF_SCOPE, Decision.OUT_OF_SCOPE, 2),
    ],
)
def test_where_no_word_tells_what_it_is_about_the_matcher_is_half_believed(
    decision: Decision, heard: Decision, guesses: int
) -> None:
    verdict = Ear({}, Sure(decision)).verdict("the sky is so blue and i like it")
    assert (verdict.decision, len(verdict.guesses)) == (heard, guesses)


def test_what_both_say_comes_first(english: Ear) -> None:
    intents = [
        guess.intent for guess in english.verdict("I gave my code to a scammer, my phone is lost").guesses
    ]
    assert intents[0] == "scam-victim"
    assert "lost-phone-lock" in intents
    assert len(intents) == len(set(intents)) <= 3


def test_short_english_is_heard_where_english_is_spoken(english: Ear) -> None:
    assert english.verdict("app crashed", (), "en").guesses[0].intent == "app-crash"
    assert english.verdict("app crashed").guesses[0].intent == "foreigner-account"


@pytest.mark.parametrize("decision", [Decision.ANSWER, Decision.CHOOSE])
def test_where_english_is_spoken_the_matcher_only_guesses(decision: Decision) -> None:
    ear = Ear({}, Sure(decision))
    assert ear.verdict("kich hoat", (), "en").decision is Decision.CHOOSE
    assert ear.verdict("kich hoat").decision is decision


def test_control_without_the_test_for_english_everybody_is_a_foreigner(
    english: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ear, "is_english", lambda _: False)
    verdict = english.verdict("someone called me and asked for the code")
    assert (verdict.decision, verdict.guesses[0].intent) == (Decision.ANSWER, "foreigner-account")


def test_a_line_wants_all_its_words() -> None:
    english = English({"a": ["code|otp not|never receiv*"]})
    assert english.verdict("the otp was never received").guesses
    assert not english.verdict("the otp was received").guesses
    assert not english.verdict("never received").guesses


def test_a_very_long_text_costs_little(english: Ear) -> None:
    assert english.verdict("the code is not here and " * 100_000).decision in set(Decision)
