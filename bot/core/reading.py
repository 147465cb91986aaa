"""Guides for people of whom nothing is kept: a list to choose from, and a whole guide in one go."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.book import MenuGroup
from bot.core.flow import Ask, Branch, End, Flow, Handoff, Say, Step, Told, flow_of, main_exits
from bot.core.guest import Guest
from bot.core.message import Choice, Reply
from bot.core.session import Verb
from bot.core.voice import Voice, joined

MOST_LISTED = 6
"""Guides up to here are listed all together; more are shown by the groups of the menu."""


def read(guest: Guest, flow: str) -> tuple[Reply, ...]:
    """The whole guide in one go, or the guides of a group of the menu, or the groups; nothing is kept."""
    voice, menu = guest.voice, guest.book.menu
    if guest.book.leads_to(flow):
        return _whole_guide(guest, flow_of(flow))
    if _is_group(flow, menu):
        guides = tuple(_to_read(guest, guide) for guide in menu[int(flow)].flows)
        back = Choice(guest.line("label_menu"), guest.token(Verb.READ))
        return (Reply(guest.line("menu_group"), guides, (back,), link=voice.page()),)
    choices: list[Choice] = []
    for index, group in enumerate(menu):
        if len(group.flows) == 1 or sum(len(one.flows) for one in menu) <= MOST_LISTED:
            choices += [_to_read(guest, guide) for guide in group.flows]
        else:
            choices.append(Choice(voice.read(group.title), guest.token(Verb.READ, str(index))))
    return (Reply(guest.line("read_which"), tuple(choices), link=voice.page()),)


def _to_read(guest: Guest, flow: str) -> Choice:
    return Choice(guest.voice.title(flow), guest.token(Verb.READ, flow))


def _is_group(flow: str, menu: Sequence[MenuGroup]) -> bool:
    return flow.isascii() and flow.isdecimal() and int(flow) < len(menu)


def _whole_guide(guest: Guest, flow: str) -> tuple[Reply, ...]:
    """A guide's main way as text, in as many messages as it needs, and where to read all of it."""
    voice = guest.voice
    guide, title = voice.book.flows[flow], voice.title(flow)
    told = [step for step in _main_way(guide) if isinstance(step, (Say, Ask, Handoff, End))]
    word = voice.line("word_step")  # bare numbers are for what can be chosen
    numbered = [
        f"**{word} {number}.** " + "\n".join(_said(voice, step)) for number, step in enumerate(told, 1)
    ]
    parts = [f"**{title}**", *numbered]
    replies = joined([Reply(part) for part in parts])
    last = Reply(
        voice.line("read_done", viec=title),
        (Choice(voice.line("label_begin"), guest.token(Verb.BEGIN, flow)),),
        link=voice.page(flow),
    )
    return joined([*replies, last])


def _said(voice: Voice, step: Told) -> list[str]:
    """A step's words; where people go different ways, whose way the next steps are."""
    ways = [way for way in step.ways if not way.stuck] if isinstance(step, Say) else []
    onward = [voice.line("read_way", dieu=voice.read(ways[0].label))] if len(ways) > 1 else []
    return [*voice.body(step), *onward]


def _main_way(guide: Flow) -> list[Step]:
    """The steps of somebody who is never stuck and always takes the first way."""
    way: dict[str, Step] = {}
    id = guide.start
    while id and id not in way:
        step = way[id] = guide.steps[id]
        onward = (step.otherwise,) if isinstance(step, Branch) else main_exits(step)
        id = onward[0] if onward else ""
    return list(way.values())
