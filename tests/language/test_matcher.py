from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.hearing import Decision
from bot.language.clauses import clauses
from bot.language.ear import Ear
from bot.language.keyboards import KEYBOARDS
from bot.language.matcher import Matcher, NotTrainedError, artefact_path, load
from bot.language.normalise import LONGEST
from bot.language.terms import near_terms, piece_terms, reading
from bot.language.train import train
from tests.language.taught import WORDINGS, write_phrases

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_phrases(tmp_path_factory.mktemp("faq"))


@pytest.fixture(scope="module")
def artefact(phrases: Path) -> Path:
    artefact = artefact_path(phrases, phrases / "cache")
    train(phrases, artefact)
    return artefact


@pytest.fixture(scope="module")
def matcher(artefact: Path) -> Matcher:
    return load(artefact)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("quen mk roi", "forgot-password"),
        ("k nhan dc ma otp", "otp-not-received"),
        ("khoong quets dduwowcj nfc", "nfc-scan"),
        ("muon noi chuyen voi ng that", "talk-to-human"),
        ("gia vang hom nay", "oos-general"),
    ],
)
def test_messages_are_recognised_however_they_are_typed(matcher: Matcher, text: str, intent: str) -> None:
    assert matcher.guesses(text)[0].intent == intent


def test_probabilities(matcher: Matcher) -> None:
    guesses = matcher.guesses("quên mã")
    assert 3 <= len(guesses) <= len(WORDINGS)
    assert math.isclose(sum(guess.score for guess in guesses), 1, abs_tol=0.04)
    assert [guess.score for guess in guesses] == sorted((guess.score for guess in guesses), reverse=True)


def test_a_masked_code_counts_like_the_code(matcher: Matcher) -> None:
    assert matcher.guesses("mã OTP là 123456 mà không nhận được") == matcher.guesses(
        "mã OTP là [mã OTP] mà không nhận được"
    )


def test_words_that_nobody_taught(matcher: Matcher) -> None:
    assert matcher.verdict("§§§ €€€").decision is Decision.UNCLEAR
    assert matcher.verdict("").guesses == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_any_text_gets_a_verdict(matcher: Matcher, text: str) -> None:
    verdict = matcher.verdict(text)
    assert len(verdict.guesses) <= 3
    assert matcher.verdict(text) == verdict


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Quên mật khẩu, với lại mất mã OTP", ("quen mat khau", "mat ma otp")),
        ("quen mat khau voi lai mat ma otp", ("quen mat khau", "mat ma otp")),
        ("quên mật khẩu còn thẻ thì quét không được", ("quen mat khau", "the thi quet khong duoc")),
        ("con toi quen mat khau", ("con toi quen mat khau",)),
        ("dạ, quên mật khẩu. a", ("da quen mat khau a",)),
        ("...", ()),
    ],
)
def test_clauses(text: str, parts: tuple[str, ...]) -> None:
    assert clauses(text) == parts
    assert clauses(KEYBOARDS["nfd"](text)) == parts


@pytest.mark.parametrize("joint", [", ", ". ", " với lại ", " voi lai ", "\n"])
def test_two_problems_in_one_message(matcher: Matcher, joint: str) -> None:
    verdict = matcher.verdict(f"không nhận được mã OTP{joint}quét NFC không được")
    assert verdict.second
    assert {guess.intent for guess in verdict.guesses} == {"otp-not-received", "nfc-scan"}
    assert matcher.verdict("không nhận được mã OTP").second is None


def test_the_waiting_step_is_evidence(matcher: Matcher) -> None:
    vague = matcher.verdict("k thay gi het")
    told = matcher.verdict("k thay gi het", {"otp-not-received"})
    assert told.decision is Decision.ANSWER
    assert told.guesses[0].intent == "otp-not-received"
    assert told.guesses[0].score > max(guess.score for guess in vague.guesses)
    # but what is said clearly still wins
    assert matcher.verdict("quên mật khẩu", {"otp-not-received"}).guesses[0].intent == "forgot-password"


UGLY = [
    "a",
    "mã ",
    "khongthay",
    "\u202e\u200f",
    "\ud800",
    "quên mật khẩu, ",
    "ﷺ",
    "số 0912345678 ",
    "e\u0301",
    "1 ",
]


@pytest.mark.parametrize("unit", UGLY)
def test_a_huge_message_costs_no_more_than_its_beginning(matcher: Matcher, unit: str) -> None:
    huge = unit * (1_000_000 // len(unit))
    assert matcher.verdict(huge) == matcher.verdict(huge[:LONGEST])


def test_the_network_has_its_say(artefact: Path, matcher: Matcher) -> None:
    """The control: without the hidden units the scores are others."""
    deaf = load(artefact)
    deaf.heads[:] = 0
    assert deaf.guesses("quên mã") != matcher.guesses("quên mã")


def test_training_twice_gives_the_same_file(phrases: Path, artefact: Path, tmp_path: Path) -> None:
    train(phrases, tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == artefact.read_bytes()


def test_the_artefact_is_named_by_its_phrases_and_topics(phrases: Path, tmp_path: Path) -> None:
    before = artefact_path(phrases, tmp_path)
    assert before == artefact_path(phrases, tmp_path)
    copy = write_phrases(tmp_path)
    assert artefact_path(copy, tmp_path) == before
    (tmp_path / "topics.yaml").write_text("topics: {}\n", "utf-8")
    other_topics = artefact_path(copy, tmp_path)
    (copy / "unclear.txt").write_text("gì thế\n", "utf-8")
    assert len({before, other_topics, artefact_path(copy, tmp_path)}) == 3


def test_all_code_that_training_runs_names_the_artefact() -> None:
    program = (
        "import sys; import bot.language.train\n"
        "from pathlib import Path; from bot.language.matcher import CODE\n"
        "used = [name.split('.')[-1] + '.py' for name in sys.modules if name.startswith('bot.language.')]\n"
        "print(*[name for name in used if not any(Path(name).match(pattern) for pattern in CODE)])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], check=True, cwd=ROOT, capture_output=True, text=True
    )
    # what only serves, and what only reads figures, may change without training again
    assert set(ran.stdout.split()) == {"matcher.py", "deciding.py", "clauses.py", "accuracy.py"}


def test_a_missing_artefact_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotTrainedError, match="run python -m bot train"):
        load(tmp_path / "matcher-0.npz")


def test_hearing_is_the_sum_of_its_parts(matcher: Matcher) -> None:
    ear = Ear({"back": ["quay lại"]}, matcher)
    assert ear.word("quay lai") == "back"
    assert ear.pick("2", [["Có"], ["Chưa"]]) == 1
    assert ear.number("bảy ngày") == 7
    assert ear.verdict("quên mật khẩu").guesses[0].intent == "forgot-password"


def test_terms() -> None:
    assert reading("Quên mk, sđt 0912345678!") == "quen mat khau so dien thoai #phone"
    assert near_terms("ma otp sai") == ["ma", "otp", "sai", "ma otp", "otp sai"]
    assert piece_terms("ma #otp") == [" m", "ma", "a ", " ma", "ma ", " ma "]


def test_numpy_waits_for_a_matcher_and_scikit_learn_for_training(artefact: Path) -> None:
    program = (
        "import sys; import bot.language.ear, bot.language.matcher as m; from pathlib import Path\n"
        "assert 'numpy' not in sys.modules\n"
        f"m.load(Path({str(artefact)!r})).verdict('mã')\n"
        "assert 'numpy' in sys.modules and not {'scipy', 'sklearn'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
