"""Reading phrases, what is learnt from them, and how right it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from bot.language.accuracy import accuracy
from bot.language.learning import features, folds_of
from bot.language.network import fit
from bot.language.phrases import LONGEST, FaultyPhrasesError, read_phrases
from bot.language.scaling import hits, scale_of
from bot.language.train import train
from tests.language.taught import WORDINGS, write_phrases


def test_phrases_know_where_they_stand(tmp_path: Path) -> None:
    phrases = read_phrases(write_phrases(tmp_path))
    assert {phrase.intent for phrase in phrases} == set(WORDINGS)
    assert phrases[0].place == f"{tmp_path}/phrases/forgot-password.txt:1"
    assert all(phrase.read for phrase in phrases)


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write_phrases(tmp_path)
    (folder / "empty.txt").write_text("\n  \n", "utf-8")
    (folder / "latin.txt").write_bytes("gửi".encode("utf-16"))
    (folder / "long.txt").write_text("mã\n" + "dài " * LONGEST + "\n", "utf-8")
    (folder / "signs.txt").write_text("mạng\n\n???\n", "utf-8")
    (folder / "twice.txt").write_text("lạ\nSAO THẾ!\n", "utf-8")
    with pytest.raises(FaultyPhrasesError) as faulty:
        read_phrases(folder)
    found = [fault.removeprefix(f"{folder}/") for fault in faulty.value.faults]
    assert [fault.split(": ")[0] for fault in found] == [
        "empty.txt:1",
        "latin.txt:1",
        "long.txt:2",
        "signs.txt:3",
        f"{folder.name and 'unclear.txt'}:{_line(folder / 'unclear.txt', 'sao thế')}",
    ]
    assert "twice.txt:2" in found[-1]
    assert "unclear hoặc twice" in found[-1]


def _line(path: Path, text: str) -> int:
    return path.read_text("utf-8").splitlines().index(text) + 1


def test_sound_phrases_have_no_faults(tmp_path: Path) -> None:
    folder = write_phrases(tmp_path)
    (folder / "windows.txt").write_bytes(b"\xef\xbb\xbf" + "mạng\r\n\r\nmạng yếu\r\n".encode())
    assert [phrase.read for phrase in read_phrases(folder) if phrase.intent == "windows"] == [
        "mang",
        "mang yeu",
    ]


def test_too_few_intents_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("một\nhai\n", "utf-8")
    with pytest.raises(ValueError, match="ba ý định"):
        train(tmp_path, tmp_path / "out.npz")


def test_faulty_phrases_leave_no_artefact(tmp_path: Path) -> None:
    folder = write_phrases(tmp_path)
    (folder / "empty.txt").write_text("", "utf-8")
    with pytest.raises(FaultyPhrasesError):
        train(folder, tmp_path / "out.npz")
    assert not list(tmp_path.glob("*.npz"))


def test_accuracy_is_kept_in_the_artefact(tmp_path: Path) -> None:
    told = train(write_phrases(tmp_path), tmp_path / "out.npz")
    assert told == accuracy(tmp_path / "out.npz")
    assert set(told.by_intent) == set(WORDINGS)
    assert 0.5 < told.overall.top1 <= told.overall.top3 <= 1
    assert told.overall.phrases == sum(share.phrases for share in told.by_intent.values())
    assert str(told).startswith(f"{told.overall.phrases} phrases, unseen: first ")


def test_phrases_that_say_the_same_are_never_on_both_sides() -> None:
    said = ["quen mat khau", "chau oi quen mat khau", "quen mat khau a", "ma otp khong ve", "the bi mat"]
    folds = folds_of(features([*said, "ma otp chua ve", "the roi mat"]), np.array([0, 0, 0, 0, 0, 0, 0]))
    assert folds[0] == folds[1] == folds[2]
    assert len(set(folds)) > 1


def test_the_network_learns_what_no_single_term_says() -> None:
    """Exclusive or: a linear model cannot tell these apart."""
    terms = np.array([[1, 0], [0, 1], [1, 1], [0, 0]] * 60, np.float32)
    ones = np.concatenate([terms, np.ones((len(terms), 1), np.float32)], axis=1)
    intents = np.array([0, 0, 1, 1] * 60)
    network = fit(sparse.csr_matrix(ones), intents, 64, epochs=120)
    found = network.margins(sparse.csr_matrix(ones)).argmax(axis=1)
    assert (found == intents).mean() == 1
    again = fit(sparse.csr_matrix(ones), intents, 64, epochs=120)
    assert (again.terms == network.terms).all()
    other = fit(sparse.csr_matrix(ones), intents, 64, seed=1, epochs=120)
    assert (other.terms != network.terms).any()


def test_scale_makes_probabilities_that_come_true() -> None:
    chance = np.random.default_rng(0)
    intents = chance.integers(5, size=4000)
    scores = chance.standard_normal((4000, 5))
    scores[np.arange(4000), intents] += 2
    margins = np.stack([scores * 0.1, chance.standard_normal((4000, 5)) * 0.1], axis=1)
    scaled = scale_of(margins, intents)
    shares = np.exp(scaled.scores(margins))
    shares /= shares.sum(axis=1, keepdims=True)
    first = hits(scaled.scores(margins), intents)[:, 0]
    assert abs(shares.max(axis=1).mean() - first.mean()) < 0.02
    assert scaled.network < scaled.linear / 10
    unscaled = np.exp(margins.sum(axis=1))
    unscaled /= unscaled.sum(axis=1, keepdims=True)
    assert abs(unscaled.max(axis=1).mean() - first.mean()) > 0.2
