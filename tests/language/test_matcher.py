from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.hearing import Decision, Guess
from bot.language.ear import Ear
from bot.language.evaluate import evaluate
from bot.language.matcher import Matcher, NotTrainedError, artefact_path, decide, load
from bot.language.terms import piece_terms, reading, word_terms
from bot.language.train import train

ASKERS = ["", "cháu ơi ", "cho tôi hỏi ", "ad ơi ", "dạ ", "bác "]
ENDS = ["", " với", " giúp tôi", " bây giờ làm sao", " mấy hôm nay rồi"]
TOPICS = {
    "forgot-password": ["quên mật khẩu", "không nhớ mật khẩu đăng nhập"],
    "otp-not-received": ["không nhận được mã OTP", "chờ mãi tin nhắn mã không về"],
    "nfc-scan": ["quét NFC không được", "để thẻ sát máy mà không đọc được chip"],
    "talk-to-human": ["cho gặp cán bộ", "muốn nói chuyện với người thật"],
    "unclear": ["sao vậy", "thế à"],
    "oos-general": ["hôm nay trời có mưa không", "giá vàng bao nhiêu"],
}


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("phrases")
    for intent, topics in TOPICS.items():
        lines = [f"{asker}{topic}{end}" for topic in topics for asker in ASKERS for end in ENDS]
        (folder / f"{intent}.txt").write_text("\n".join(sorted(lines)) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def matcher(phrases: Path) -> Matcher:
    artefact = artefact_path(phrases, phrases / "cache")
    train(phrases, artefact)
    # two topics an intent are too few to be sure of anything: only the real phrases calibrate
    return replace(load(artefact), sharpness=8.0)


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
    assert 3 <= len(guesses) <= len(TOPICS)
    assert math.isclose(sum(guess.score for guess in guesses), 1, abs_tol=0.03)
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


def test_training_twice_gives_the_same_file(phrases: Path, tmp_path: Path) -> None:
    train(phrases, tmp_path / "one.npz")
    train(phrases, tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_the_artefact_is_named_by_its_phrases(phrases: Path, tmp_path: Path) -> None:
    before = artefact_path(phrases, tmp_path)
    assert before == artefact_path(phrases, tmp_path)
    copy = tmp_path / "phrases"
    copy.mkdir()
    for path in phrases.glob("*.txt"):
        (copy / path.name).write_bytes(path.read_bytes())
    assert artefact_path(copy, tmp_path) == before
    (copy / "unclear.txt").write_text("gì thế\n", "utf-8")
    assert artefact_path(copy, tmp_path) != before


def test_a_missing_artefact_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotTrainedError, match="run python -m bot train"):
        load(tmp_path / "matcher-0.npz")


def test_too_few_intents_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("một\nhai\n", "utf-8")
    with pytest.raises(ValueError, match="three intents"):
        train(tmp_path, tmp_path / "out.npz")


def guesses(**scores: float) -> tuple[Guess, ...]:
    named = (Guess(name.replace("_", "-"), score) for name, score in scores.items())
    return tuple(sorted(named, key=lambda guess: -guess.score))


DECISIONS = [
    (guesses(nfc_scan=0.9, face_fail=0.05), Decision.ANSWER, 2),
    (guesses(nfc_scan=0.4, face_fail=0.3, level1_how=0.2, app_crash=0.1), Decision.CHOOSE, 3),
    (guesses(nfc_scan=0.4, unclear=0.3, oos_general=0.1, face_fail=0.06, app_crash=0.01), Decision.CHOOSE, 2),
    (guesses(nfc_scan=0.1, face_fail=0.09), Decision.UNCLEAR, 2),
    (guesses(unclear=0.5, face_fail=0.3), Decision.UNCLEAR, 2),
    (guesses(complaint_general=0.9, face_fail=0.05), Decision.UNCLEAR, 2),
    (guesses(oos_general=0.4, oos_other_gov=0.2, face_fail=0.25), Decision.OUT_OF_SCOPE, 3),
    (guesses(oos_general=0.4, face_fail=0.3), Decision.CHOOSE, 1),
    (guesses(oos_general=0.4, face_fail=0.01), Decision.UNCLEAR, 2),
    (guesses(scam_victim=0.7, face_fail=0.2), Decision.HANDOFF, 2),
    (guesses(home_visit_request=0.3, face_fail=0.2), Decision.CHOOSE, 2),
    ((), Decision.UNCLEAR, 0),
]


@pytest.mark.parametrize(("heard", "decision", "shown"), DECISIONS)
def test_decide(heard: tuple[Guess, ...], decision: Decision, shown: int) -> None:
    verdict = decide(heard)
    assert (verdict.decision, len(verdict.guesses)) == (decision, shown)


def test_what_is_not_ours_is_never_offered() -> None:
    verdict = decide(guesses(nfc_scan=0.3, unclear=0.25, oos_general=0.2, complaint_general=0.15))
    assert [guess.intent for guess in verdict.guesses] == ["nfc-scan"]


def test_evaluate(matcher: Matcher) -> None:
    rows: list[Mapping[str, object]] = [
        {"text": "quên mật khẩu", "intent": "forgot-password", "style": "full"},
        {"text": "quen mat khau", "intent": "nfc-scan", "alt": ["forgot-password"], "style": "nodiacritics"},
        {"text": "quên mật khẩu với", "intent": "nfc-scan", "style": "full"},
        {"text": "giá vàng bao nhiêu", "intent": "oos-general"},
    ]
    report = evaluate(matcher, rows)
    assert report["n"] == 4
    assert report["top1"] == 0.75
    assert report["oos_precision"] == report["oos_recall"] == 1.0
    assert report["by_style"]["full"]["top1"] == 0.5
    assert 0 < report["p50_ms"] <= report["p99_ms"]
    assert evaluate(matcher, [])["top1"] == 0.0


def test_hearing_is_the_sum_of_its_parts(matcher: Matcher) -> None:
    ear = Ear({"back": ["quay lại"]}, matcher)
    assert ear.word("quay lai") == "back"
    assert ear.pick("2", [["Có"], ["Chưa"]]) == 1
    assert ear.number("bảy ngày") == 7
    assert ear.verdict("quên mật khẩu").guesses[0].intent == "forgot-password"


def test_terms() -> None:
    assert reading("Quên mk, sđt 0912345678!") == "quen mat khau so dien thoai #phone"
    assert word_terms("ma otp sai") == ["ma", "otp", "sai", "ma otp", "otp sai", "ma … sai"]
    assert piece_terms("ma") == [" m", "ma", "a ", " ma", "ma ", " ma "]


def test_numpy_waits_for_a_matcher_and_scikit_learn_for_training(phrases: Path) -> None:
    program = (
        "import sys; import bot.language.ear, bot.language.matcher as m; from pathlib import Path\n"
        "assert 'numpy' not in sys.modules\n"
        f"m.load(Path({str(artefact_path(phrases, phrases / 'cache'))!r})).verdict('mã')\n"
        "assert 'numpy' in sys.modules and not {'scipy', 'sklearn'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])
