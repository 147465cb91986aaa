"""The way through a guide of somebody who is never stuck, and which steps beside it help whom."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from bot.core.flow import Step, exits, main_exits, waits


def main_way(steps: Mapping[str, Step], start: str) -> tuple[dict[str, list[str]], list[str]]:
    """The main exits without those that lead back, and the steps in an order that follows them."""
    onward: dict[str, list[str]] = {start: []}
    finished: list[str] = []
    done: set[str] = set()
    stack = [(start, iter(main_exits(steps[start])))]
    while stack:
        id, targets = stack[-1]
        for target in targets:
            if target in onward and target not in done:
                continue  # an edge back to where the walk came from
            onward[id].append(target)
            if target not in onward:
                onward[target] = []
                stack.append((target, iter(main_exits(steps[target]))))
                break
        else:
            stack.pop()
            done.add(id)
            finished.append(id)
    return onward, finished[::-1]


def along(steps: Mapping[str, Step], start: str) -> list[str]:
    """The steps of the main way as people meet them; alternatives in the author's order."""
    onward, order = main_way(steps, start)
    before = dict.fromkeys(order, 0)
    for id in order:
        for target in onward[id]:
            before[target] = max(before[target], before[id] + waits(steps[id]))
    written = {id: place for place, id in enumerate(steps)}
    return sorted(order, key=lambda step: (before[step], written[step]))


def beside(steps: Mapping[str, Step], main: list[str]) -> dict[str, list[str]]:
    """For each step of the main way those that are nearest to it of all others, nearest first."""
    owners = {id: id for id in main}
    found: dict[str, list[str]] = {id: [] for id in main}
    waiting = deque(main)
    while waiting:
        id = waiting.popleft()
        for target in exits(steps[id]):
            if target in steps and target not in owners:
                owners[target] = owners[id]
                found[owners[id]].append(target)
                waiting.append(target)
    return found
