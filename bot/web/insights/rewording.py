"""What a change of words did: the editions of a guide, and at each step that was changed the loss before and
after, beside what else happened meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.app.editions import Issue
from bot.app.insights import Group, Insights
from bot.core.figures import Figures
from bot.core.flow import Ask, Call, End, Flow, Handoff, Say, Step, Variables
from bot.core.visits import View
from bot.core.weeks import Weeks, week_at
from bot.web.insights.comparing import Change, change, lost
from bot.web.insights.marks import Event
from bot.web.insights.outline import title_of
from bot.web.views import day

MOST = 3
"""Changes that are followed up, the latest."""


@dataclass(frozen=True, slots=True)
class Reworded:
    """An edition: its first day, what its authors say of it, and what became of the steps they changed.

    `few`: too few people walked this edition, or the one before. `meanwhile` is to be thought of first.
    """

    version: str
    since: str
    note: str
    current: bool
    followed: bool = False
    few: bool = False
    steps: tuple[Change, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    meanwhile: tuple[Event, ...] = field(default=())


async def reworded(
    insights: Insights, id: str, issues: Sequence[Issue], span: Weeks, now: int, happened: Sequence[Event]
) -> tuple[Reworded, ...]:
    """The newest first. `happened` is all that is known of the weeks in `span`."""
    told: list[Reworded] = []
    for place, issue in reversed(list(enumerate(issues))):
        bare = Reworded(issue.version, day(issue.first_seen), issue.change, issue.current)
        before = issues[place - 1] if place else None
        if before is None or before.flow is None or issue.flow is None or len(told) >= MOST:
            told.append(bare)
            continue
        then = await insights.guide(id, span, Group(View.VERSION, before.version))
        here = await insights.guide(id, span, Group(View.VERSION, issue.version))
        few = then is None or here is None
        steps = (
            ()
            if then is None or here is None
            else _changes(before.flow, issue.flow, then.figures, here.figures)
        )
        weeks = Weeks(week_at(before.first_seen), min(span.last, week_at(_until(issues, place, now))))
        told.append(
            Reworded(
                issue.version,
                bare.since,
                bare.note,
                issue.current,
                followed=True,
                few=few,
                steps=steps,
                added=_only(issue.flow, before.flow),
                removed=_only(before.flow, issue.flow),
                meanwhile=tuple(one for one in happened if one.within(weeks)),
            )
        )
    return tuple(told)


def changed_steps(before: Flow, after: Flow) -> tuple[str, ...]:
    """Steps that say or ask something else than before, in the guide's order."""
    return tuple(
        id
        for id, step in after.steps.items()
        if id in before.steps and _said(step) != _said(before.steps[id])
    )


def _said(step: Step) -> object:
    """All that people read of a step, and where its choices lead."""
    plain = Variables()
    match step:
        case Say(title=title, text=text, ways=ways) | Ask(title=title, text=text, ways=ways):
            return title, text(plain), tuple((way.label(plain), way.next) for way in ways)
        case Handoff(title=title, text=text) | End(title=title, text=text):
            return title, text(plain)
        case Call(title=title, entrance=entrance):
            return title, entrance
        case _:
            return step


def _changes(before: Flow, after: Flow, then: Figures, now: Figures) -> tuple[Change, ...]:
    name = _namer(after)
    return tuple(
        change(id, name(id), lost(then.step(id)), lost(now.step(id))) for id in changed_steps(before, after)
    )


def _namer(flow: Flow) -> Callable[[str], str]:
    def name(id: str) -> str:
        number = flow.places[id].number if id in flow.places else 0
        title = title_of(id, flow.steps[id])
        return f"{number}. {title}" if number else title

    return name


def _only(one: Flow, other: Flow) -> tuple[str, ...]:
    name = _namer(one)
    return tuple(name(id) for id in one.steps if id not in other.steps)


def _until(issues: Sequence[Issue], place: int, now: int) -> int:
    return issues[place + 1].first_seen if place + 1 < len(issues) else now


def earlier_steps(issues: Sequence[Issue]) -> Mapping[str, Step]:
    """The steps that any edition had, as the latest of them had it."""
    return {id: step for issue in issues if issue.flow for id, step in issue.flow.steps.items()}
