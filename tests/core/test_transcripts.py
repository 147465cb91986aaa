"""Golden conversations: people read and write them, `--update` fills in the bot's side, git shows the change.

A file holds `conversations`, each with a `title`, what happened `before` (played, not shown) and `turns`.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.deeds import DESKS
from bot.content.transcripts import START, Player, dump
from bot.core.book import Book
from bot.core.desk import Desk
from bot.core.dialogue import respond
from bot.core.events import StepEntered, StepLeft
from bot.core.flow import Ask, Flow, Handoff, Say, Step
from bot.core.message import Address, Incoming
from bot.core.session import How, State
from bot.language.sieve import sift

FOLDER = Path(__file__).resolve().parent.parent / "transcripts"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_bot_says_what_the_transcript_says(file: Path, book: Book, small: Book, update: bool) -> None:
    written = yaml.safe_load(file.read_text("utf-8"))
    played = [
        _play(one, small if file.stem.startswith("loai-buoc") else book) for one in written["conversations"]
    ]
    text = dump({"conversations": played})
    if update:
        file.write_text(text, "utf-8")
    assert yaml.safe_load(text) == written or update


def _play(conversation: dict[str, Any], book: Book) -> dict[str, Any]:
    player = Player(book, sift, desk=_desk(conversation))
    for word in conversation.get("before", ()):
        _act(player, str(word))
    player.turns.clear()
    return {**conversation, "turns": player.play(conversation["turns"])}


def _desk(conversation: dict[str, Any]) -> Desk:
    return DESKS[conversation.get("volunteers", "none")]


def _act(player: Player, word: str) -> None:
    if word.startswith("+"):
        player.press(int(word[1:]))
    else:
        player.say(word)


def test_every_kind_of_step_has_a_transcript(small: Book) -> None:
    walked = _steps_walked(small, "loai-buoc")
    kinds = {type(small.flows[flow].steps[step]) for flow, step in walked}
    assert kinds == set(Step.__args__)


def test_every_guide_has_its_main_way_and_every_sticking_point(book: Book, update: bool) -> None:
    for flow in book.flows.values():
        wanted = {(step.id, way.stuck) for step in _asking(flow) for way in step.ways if way.stuck}
        file = FOLDER / f"{flow.id}.yaml"
        if update:
            file.write_text(dump({"conversations": _conversations(book, flow)}), "utf-8")
        conversations = yaml.safe_load(file.read_text("utf-8"))["conversations"]
        assert conversations[0]["title"] == f"{flow.title}: đường chính"
        assert _stuck_walked(book, flow, conversations) == wanted


def _asking(flow: Flow) -> list[Say | Ask]:
    return [step for step in flow.steps.values() if isinstance(step, (Say, Ask))]


def _stuck_walked(book: Book, flow: Flow, conversations: list[dict[str, Any]]) -> set[tuple[str, str]]:
    walked = set()
    for conversation in conversations:
        player = _Listening(book, sift, _desk(conversation))
        for word in conversation.get("before", ()):
            _act(player, str(word))
        player.play(conversation["turns"])
        for event in player.events:
            if isinstance(event, StepLeft) and event.mark.how == How.STUCK and event.run.flow == flow.id:
                walked.add((event.visit.step, event.mark.reason))
    return walked


def _steps_walked(book: Book, prefix: str) -> set[tuple[str, str]]:
    walked = set()
    for file in FILES:
        if file.stem.startswith(prefix):
            for conversation in yaml.safe_load(file.read_text("utf-8"))["conversations"]:
                player = _Listening(book, sift, _desk(conversation))
                for word in conversation.get("before", ()):
                    _act(player, str(word))
                player.play(conversation["turns"])
                walked |= {
                    (event.run.flow, event.visit.step)
                    for event in player.events
                    if isinstance(event, StepEntered)
                }
    return walked


class _Listening(Player):
    """Keeps the events of all turns."""

    def __init__(self, book: Book, sieve: Any, desk: Desk) -> None:
        super().__init__(book, sieve, desk=desk)
        self.events: list[object] = []

    def _take(self, turn: Any) -> None:
        super()._take(turn)
        self.events += turn.events


# --- writing the conversations of a guide: its main way, and the shortest way into each sticking point


def _conversations(book: Book, flow: Flow) -> list[dict[str, Any]]:
    opening = _opening(book, flow)
    title = f"{flow.title}: đường chính"
    main: dict[str, Any] = {"title": title, "before": opening[:-1], "turns": _turns(opening[-1:])}
    player = Player(book, sift)
    for word in opening:
        _act(player, word)
    while player.state is not None and player.state.session is not None:
        word = _forward(player)
        main["turns"].append(_turn(word))
        _act(player, word)
    stuck = [
        {
            "title": f"{flow.title}: vướng «{reason}» ở bước «{flow.steps[step].title}»",  # type: ignore[union-attr]
            "before": way[:-1],
            "turns": _turns([way[-1]]),
        }
        for (step, reason), way in _ways_into(book, flow, opening).items()
    ]
    return [_play(one, book) for one in (main, *stuck)]


def _opening(book: Book, flow: Flow) -> list[str]:
    """Hello, agree, "bác", then the guide from the menu."""
    group = next(index for index, group in enumerate(book.menu) if flow.id in group.flows)
    names = book.menu[group].flows
    inside = [] if len(names) == 1 else [f"+{names.index(flow.id) + 1}"]
    return ["xin chào", "+1", "+1", f"+{group + 1}", *inside]


def _forward(player: Player) -> str:
    """What somebody who is never stuck does next."""
    assert player.state is not None
    assert player.state.session is not None
    run = player.state.session.top
    step = player.book.flows[run.flow].steps[run.visit.step]
    if isinstance(step, Ask):
        return "3"
    assert isinstance(step, Say)
    return f"+{next(number for number, way in enumerate(step.ways, 1) if not way.stuck)}"


def _ways_into(book: Book, flow: Flow, opening: list[str]) -> dict[tuple[str, str], list[str]]:
    """The shortest way into every sticking point, found by walking."""
    player = Player(book, sift)
    for word in opening:
        _act(player, word)
    assert player.state is not None
    found: dict[tuple[str, str], list[str]] = {}
    seen = set()
    waiting: deque[tuple[State, list[str]]] = deque([(player.state, opening)])
    while waiting:
        state, way = waiting.popleft()
        if state.session is None or (key := _where(state)) in seen:
            continue
        seen.add(key)
        run = state.session.top
        step = book.flows[run.flow].steps[run.visit.step]
        ways = step.ways if isinstance(step, (Say, Ask)) else ()
        for number, choice in enumerate(ways, 1):
            if choice.stuck and run.flow == flow.id:
                found.setdefault((step.id, choice.stuck), [*way, f"+{number}"])
            after = respond(book, state, _pressing(state, number), START).state
            if after is not None:
                waiting.append((after, [*way, f"+{number}"]))
        if isinstance(step, (Ask, Handoff)):
            for typed in ("3", "30") if isinstance(step, Ask) else ("làm tiếp",):
                after = respond(book, state, Incoming(Address("terminal", "x"), "", typed), START).state
                if after is not None:
                    waiting.append((after, [*way, typed]))
    return found


def _where(state: State) -> object:
    assert state.session is not None
    return tuple((run.flow, run.visit.step, tuple(sorted(run.answers.items()))) for run in state.session.runs)


def _pressing(state: State, number: int) -> Incoming:
    from bot.core.buttons import step_token

    assert state.session is not None
    return Incoming(Address("terminal", "x"), "", button=step_token(state.session.top, number))


def _turns(words: list[str]) -> list[dict[str, Any]]:
    return [_turn(word) for word in words]


def _turn(word: str) -> dict[str, Any]:
    return {"press": int(word[1:])} if word.startswith("+") else {"user": word}
