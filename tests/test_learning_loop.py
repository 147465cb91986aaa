"""The loop an organiser walks: see what was not understood, add a phrase, check, see the effect."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import commands, keys, wiring
from bot.app.learning import Group
from bot.app.ports import Kept
from bot.cli import app
from bot.core.contact import Contact
from bot.core.events import NotUnderstood
from bot.core.hearing import Decision, Guess, Verdict
from bot.core.message import Address, Incoming, Reply
from bot.core.session import State
from bot.core.turn import Turn
from bot.language import train
from bot.language.lessons import artefacts, note, study
from bot.language.matcher import artefact_path
from bot.store.open import open_store
from tests.books import small_root
from tests.conftest import KEY
from tests.program import ROOT, bot

INTENTS = (
    *("activate-how", "forgot-password", "hotline"),
    *("level2-fee-mandatory", "otp-not-received", "otp-wrong-expired"),
    *("complaint-general", "old-device-gone", "system-overload"),
)

HEARD = [
    ("1", "chờ hoài mà cái mã nỏ thấy mô", ""),
    ("2", "cho hoai ma cai ma no thay mo", "otp-not-received"),
    ("2", "gọi số 0912 34 56 giúp", ""),
    ("3", "\x1b[31mtrời đất ơi", ""),
]


def puzzled(state: State | None, message: Incoming, _kept: Callable[[], Kept], /) -> Turn:
    text, _, meant = message.text.partition("|")
    event = NotUnderstood("kich-hoat" if meant else "", "nhap-ma" if meant else "", text, meant)
    return Turn(State(Contact(), seq=1), (Reply("Em chưa hiểu."),), (event,))


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the database and its key, which the settings name."""
    (tmp_path / "bot.key").write_text(KEY.hex())
    monkeypatch.setenv("BOT_DATABASE__URL", f"sqlite:///{tmp_path}/bot.db")
    monkeypatch.setenv("BOT_KEY_FILE", str(tmp_path / "bot.key"))
    monkeypatch.chdir(ROOT)
    return tmp_path


async def ask(folder: Path, at: int) -> None:
    store = open_store(f"sqlite:///{folder}/bot.db", KEY, frozenset({"web"}))
    for number, (who, text, meant) in enumerate(HEARD):
        message = Incoming(Address("web", who), f"{number}", f"{text}|{meant}" if meant else text, seed="s")
        await store.take([message], puzzled, at)
    await store.close()


def unmatched(*options: str) -> Result:
    return CliRunner().invoke(app, ["unmatched", *options])


class Certain:
    """Takes every message to be about one thing."""

    def verdict(self, _: str) -> Verdict:
        return Verdict(Decision.ANSWER, (Guess("otp-limit", 0.9),))


def no_matcher() -> Certain:
    raise keys.NotReady("not trained")


async def test_groups_are_told(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "trained_matcher", Certain)
    await ask(asked, int(time.time()))
    told = unmatched()
    assert told.exit_code == 0
    assert told.output.startswith("Tuần ")
    assert "kich-hoat/nhap-ma: «cho hoai ma cai ma no thay mo»" in told.output
    assert "ngoài hướng dẫn: «chờ hoài mà cái mã nỏ thấy mô»" in told.output
    assert "người dân chọn: otp-not-received 1 lần; gần nhất: otp-limit" in told.output
    assert "faq/phrases/" in told.output
    assert "python -m bot check" in told.output.splitlines()[-1]
    assert "\x1b" not in told.output
    assert "0912" not in told.output
    [group] = json.loads(unmatched("--json", "--flow", "kich-hoat").output)
    assert (group["flow"], group["step"], group["count"], group["people"]) == ("kich-hoat", "nhap-ma", 1, 1)
    assert group["meant"] == {"otp-not-received": 1}
    assert group["nearest"] == "otp-limit"
    monkeypatch.setattr(commands, "trained_matcher", no_matcher)
    assert "gần nhất" not in unmatched().output


async def test_older_weeks_are_left_out(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "trained_matcher", no_matcher)
    await ask(asked, int(time.time()) - 15 * 86400)
    assert json.loads(unmatched("--json", "--weeks", "1").output) == []
    assert len(json.loads(unmatched("--json").output)) == 4


def test_nothing_is_said_kindly_and_nothing_is_made(asked: Path) -> None:
    (asked / "bot.key").unlink()
    told = unmatched()
    assert (told.exit_code, told.output[:12]) == (0, "Không có câu")
    assert list(asked.iterdir()) == []
    assert unmatched("--json").output == "[]\n"


@pytest.mark.parametrize("key", ["", "00" * 32])
async def test_without_the_right_key_nothing_is_read(asked: Path, key: str) -> None:
    await ask(asked, int(time.time()))
    (asked / "bot.key").write_text(key) if key else (asked / "bot.key").unlink()
    told = unmatched()
    assert told.exit_code == 2
    assert len(told.stderr.splitlines()) == 1
    assert "key" in told.stderr
    assert told.stdout == ""
    assert (asked / "bot.key").exists() == bool(key)


def test_what_a_real_conversation_did_not_understand(tmp_path: Path) -> None:
    wiring.train_matcher()
    bot("chat", folder=tmp_path, typed="tôi muốn kích hoạt tài khoản vneid\n1\nbác\n§§§ €€€\n")
    groups = json.loads(bot("unmatched", "--json", folder=tmp_path).stdout)
    assert [(group["flow"], group["example"]) for group in groups] == [("kich-hoat", "§§§ €€€")]


def test_many_groups_are_cut_short() -> None:
    groups = [Group("2026-W47", "", "", 1, 1, f"câu {number}", {}, "") for number in range(40)]
    told = list(commands.told_unmatched(groups))
    assert told[0] == "Tuần 47 (16/11 đến 22/11/2026)"
    assert "  … và 10 nhóm nữa, xem đủ: python -m bot unmatched --json" in told
    assert "(không hiện câu vì có số)" in "\n".join(
        commands.told_unmatched([Group("2026-W47", "", "", 1, 1, "", {}, "")])
    )


# `bot check`: what a change of the phrases does.


@dataclass(frozen=True)
class Share:
    phrases: int
    top1: float


@dataclass(frozen=True)
class Accuracy:
    overall: Share
    by_intent: Mapping[str, Share]


BEFORE = Accuracy(Share(900, 0.869), {"otp-not-received": Share(20, 0.84), "hotline": Share(20, 0.9)})
AFTER = Accuracy(Share(902, 0.871), {"otp-not-received": Share(22, 0.862), "hotline": Share(20, 0.9)})


@dataclass
class World:
    """The small content with a few phrases, a cache of its own, and what was trained into it."""

    root: Path
    cache: Path
    trained: list[Path]

    def check(self, *options: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["check", *options])
        return done.exit_code, done.output.strip()

    def add(self, intent: str, *lines: str) -> None:
        with (self.root / "faq" / "phrases" / f"{intent}.txt").open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    root = small_root(tmp_path)
    shutil.rmtree(root / "locales" / "en", ignore_errors=True)
    shutil.copy(ROOT / "config.yaml", root)
    world = World(root, root / ".cache", [])
    world.cache.mkdir()
    (root / "faq" / "phrases").mkdir()
    topics = root / "faq" / "topics.yaml"
    topics.write_text(
        topics.read_text("utf-8").replace(
            "[hotline,", "[activate-how, complaint-general, old-device-gone, system-overload, hotline,"
        ),
        "utf-8",
    )
    for intent in INTENTS:
        world.add(intent, *(f"{what} chuyện {intent}" for what in ("hỏi", "gặp", "vướng")))
    for module in (wiring, commands):
        monkeypatch.setattr(module, "ROOT", root)
    monkeypatch.setattr(wiring, "PHRASES", root / "faq" / "phrases")
    monkeypatch.setattr(wiring, "CACHE", world.cache)
    monkeypatch.chdir(root)

    def trained(_: Path, out: Path) -> None:
        out.write_bytes(b"")
        world.trained.append(out)

    def accuracy(artefact: Path) -> Any:
        return AFTER if artefact in world.trained else BEFORE

    monkeypatch.setattr(train, "train", trained)
    monkeypatch.setattr(commands, "accuracy_of", accuracy)
    taught = artefact_path(wiring.PHRASES, world.cache)
    taught.write_bytes(b"")
    os.utime(taught, (1, 1))
    note(taught, study(wiring.PHRASES))
    return world


def test_without_a_change_nothing_is_said_or_trained(world: World) -> None:
    assert world.check() == (0, "Không có lỗi.")
    assert world.trained == []


def test_the_effect_of_a_new_phrase_is_told(world: World) -> None:
    before = artefacts(world.cache)
    world.add(
        "otp-not-received",
        "xin hoài nó không cho xin mã nữa là sao hè",
        "hết lượt xin mã rồi chờ tới bao giờ",
    )
    code, said = world.check("--no-train")
    assert code == 0
    assert said.splitlines()[-2:] == [
        "Câu mẫu đã khác lần dạy trước:",
        "  faq/phrases/otp-not-received.txt: thêm 2 câu",
    ]
    assert world.trained == []
    code, said = world.check()
    assert code == 0
    assert said.splitlines()[-2:] == [
        commands.TEACHING,
        "Hiểu đúng (đo chéo): 86,9 % → 87,1 %; otp-not-received 84,0 % → 86,2 %",
    ]
    assert artefacts(world.cache) == [*world.trained, *before]
    assert world.check() == (0, "Không có lỗi.")
    assert len(world.trained) == 1


def test_going_back_needs_no_training_and_is_compared_with(world: World) -> None:
    file = world.root / "faq" / "phrases" / "otp-not-received.txt"
    first = file.read_text("utf-8")
    world.add("otp-not-received", "xin hoài nó không cho xin mã nữa là sao hè")
    world.check()
    file.write_text(first, "utf-8")
    assert world.check() == (0, "Không có lỗi.")
    back = wiring.train_matcher()
    assert len(world.trained) == 1
    assert artefacts(world.cache)[0] == back
    world.add("hotline", "úp cái thẻ lên lưng máy nó làm thinh")
    world.check()
    assert set(artefacts(world.cache)) == {back, world.trained[1]}


def test_with_an_error_nothing_is_trained(world: World) -> None:
    world.add("otp-not-received", "mã của tôi là 482913")
    code, said = world.check()
    assert code == 2
    assert said.startswith("faq/phrases/otp-not-received.txt:")
    assert "che đi trước khi lưu" in said
    assert said.endswith("  faq/phrases/otp-not-received.txt: thêm 1 câu")
    assert world.trained == []


def test_one_phrase_in_two_files_names_both(world: World) -> None:
    phrase = (world.root / "faq" / "phrases" / "hotline.txt").read_text("utf-8").splitlines()[1]
    world.add("otp-not-received", phrase)
    code, said = world.check("--no-train")
    assert code == 2
    assert "faq/phrases/hotline.txt:2" in said
    assert said.startswith("faq/phrases/otp-not-received.txt:")


def test_without_an_artefact_there_is_nothing_to_compare(world: World) -> None:
    shutil.rmtree(world.cache)
    assert world.check() == (0, "Không có lỗi.")
    assert world.trained == []


def test_an_artefact_without_notes_is_compared_as_a_whole(world: World) -> None:
    for path in world.cache.glob("*.json"):
        path.unlink()
    world.add("otp-not-received", "xin hoài nó không cho xin mã nữa là sao hè")
    code, said = world.check()
    assert code == 0
    assert said.splitlines()[1:] == [
        "Câu mẫu hoặc cách máy đọc câu đã khác lần dạy trước.",
        commands.TEACHING,
        "Hiểu đúng (đo chéo): 86,9 % → 87,1 %",
    ]


@pytest.mark.parametrize(
    ("before", "after", "intents", "told"),
    [
        (BEFORE, None, [], "Đã dạy lại máy."),
        (None, AFTER, ["otp-not-received"], "Hiểu đúng (đo chéo): 87,1 %; otp-not-received 86,2 %"),
        (
            BEFORE,
            AFTER,
            ["hotline", "otp-not-received", "gone"],
            "Hiểu đúng (đo chéo): 86,9 % → 87,1 %; otp-not-received 84,0 % → 86,2 %; hotline 90,0 % → 90,0 %",
        ),
        (
            BEFORE,
            Accuracy(Share(9, 0.5), {"new": Share(0, 0.0)}),
            ["new"],
            "Hiểu đúng (đo chéo): 86,9 % → 50,0 %; new chưa đo được",
        ),
    ],
)
def test_how_an_effect_is_told(before: Any, after: Any, intents: list[str], told: str) -> None:
    assert commands.told_effect(before, after, intents) == told


def test_a_matcher_that_measured_nothing_has_no_accuracy(tmp_path: Path) -> None:
    """Made before accuracy was measured."""
    import numpy as np

    np.savez(tmp_path / "matcher-old.npz", intents=np.frombuffer(b"a\nb", np.uint8))
    assert wiring.accuracy_of(tmp_path / "matcher-old.npz") is None
