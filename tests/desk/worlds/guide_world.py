"""People who walk a guide as it is written, counted in memory: for tests of what organisers see of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

from insight_world import CountsInMemory

from bot.content.flows import read_flow
from bot.content.source import Document
from bot.core.flow import Ask, Branch, Call, End, Ending, Flow, Handoff, Say, Way, exits, waits
from bot.core.session import How, Outcome, RunOutcome
from bot.core.sticking import UNCLEAR, error_sign
from bot.core.visits import Kind, View, bucket_of, way_of

ROOT = Path(__file__).resolve().parents[3]
ALL = (View.ALL, "")
_LEAVING = (Outcome.EXPIRED,) * 7 + (Outcome.BLOCKED, Outcome.SUPERSEDED, Outcome.OPEN, Outcome.OUTAGE)


@cache
def guide(id: str) -> Flow:
    path = ROOT / "flows" / f"{id}.yaml"
    flow = read_flow(id, "v" * 12, Document(path.name, path.read_text("utf-8")), None, "", []).flow
    assert flow is not None
    return flow


def walked(
    counts: CountsInMemory,
    flow: Flow,
    week: int,
    people: int,
    groups: Sequence[tuple[View, str]] = (ALL,),
    seed: int = 1,
    bad: str = "",
    error: str = "",
) -> None:
    """Most go on, some are stuck or leave; at the step `bad` twice as many, and they read `error` there."""
    chance = Random(f"{seed}{week}{groups}{flow.id}")  # noqa: S311 - residents of a test
    seen: Counter[tuple[Kind, str, str]] = Counter()
    for _ in range(people):
        seen.update(_walk(flow, chance, bad, error))
    for (kind, step, what), count in seen.items():
        counts.add(week, kind, what, count, flow=flow.id, step=step, groups=groups)


def _walk(flow: Flow, chance: Random, bad: str, error: str) -> Counter[tuple[Kind, str, str]]:
    here, found = flow.start, Counter[tuple[Kind, str, str]]()
    last: dict[str, tuple[Kind, str]] = {}
    ended = RunOutcome.EXPIRED
    for _ in range(60):
        step = flow.steps[here]
        mark: Outcome | None = None
        to, how, reason = "", How.ONWARD, ""
        if waits(step):
            leaves = 0.25 if here == bad else 0.04
            draw = chance.random()
            if draw < leaves:
                mark = chance.choice(_LEAVING)
            elif draw < leaves + 0.015:
                mark = Outcome.ESCALATED
            else:
                to, how, reason = _way(step, chance, here == bad, flow)
            if here == bad and error and chance.random() < 0.2:
                found[Kind.SIGN, here, error_sign(error)] = 1
            if chance.random() < 0.05:
                found[Kind.SIGN, here, UNCLEAR] = 1
        elif isinstance(step, End):
            if step.ending is Ending.WENT_OFFLINE:
                mark = Outcome.WENT_OFFLINE
            else:
                to, how = str(Ending.COMPLETED), How.END
        elif isinstance(step, Handoff):
            mark = Outcome.ESCALATED
        elif isinstance(step, Call):
            to, how = step.next, How.RETURN
        else:
            to = chance.choice(exits(step)) if isinstance(step, Branch) else exits(step)[0]
        if mark is not None:
            found[Kind.STAY, here, mark] += 1
            last[here] = (Kind.STEP, mark)
            ended = RunOutcome(mark)
            break
        what = way_of(to, how, reason)
        found[Kind.STAY_WAY, here, what] += 1
        found[Kind.TIME, here, str(bucket_of(int(chance.lognormvariate(4.6, 0.9))))] += 1
        last[here] = (Kind.WAY, what)
        if how is How.END:
            ended = RunOutcome.COMPLETED
            break
        here = to
    else:
        found[Kind.STAY, here, Outcome.EXPIRED] += 1
        last[here] = (Kind.STEP, Outcome.EXPIRED)
    for step_id, (kind, what) in last.items():
        found[kind, step_id, what] += 1
    found[Kind.RUN, "", ended] = 1
    return found


def _way(step: object, chance: Random, bad: bool, flow: Flow) -> tuple[str, How, str]:
    assert isinstance(step, Say | Ask)
    if isinstance(step, Ask) and chance.random() < 0.8:
        return step.next, How.CHOICE, ""
    if chance.random() < 0.02 and flow.start != step.id:
        return flow.start, How.BACK, ""
    stuck = [way for way in step.ways if way.stuck]
    if stuck and chance.random() < (0.35 if bad else 0.12):
        return _told(stuck[min(int(chance.random() ** 2 * len(stuck)), len(stuck) - 1)])
    plain = [way for way in step.ways if not way.stuck]
    return _told(plain[0] if chance.random() < 0.8 else chance.choice(plain)) if plain else _told(stuck[0])


def _told(way: Way) -> tuple[str, How, str]:
    return way.next, How.STUCK if way.stuck else How.CHOICE, way.stuck
