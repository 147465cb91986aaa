"""Events as no platform would ever send them: a value, a key, some bytes or the depth is wrong."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.channels.contract.house import House

PAYLOADS = Path(__file__).parent.parent / "payloads"

ALLOWED = {200, 400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 503}

RUBBISH = (
    *(b"", b"{", b"null", b"[]", b'"x"', b"[" * 100_000, b"\xff\xfe", b'{"a":' * 5000, b"1e999", b"NaN"),
    *(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, b'"' + b"x" * 999_000 + b'"', b'{"\\ud800":1}'),
)

STRANGE: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 2**31, 2**63, -(2**63) - 1, 10**400, float("nan"), float("inf")),
    *("", "0", "\x00", "\u202e\u200b\ufeff", "\ud800", "e\u0301" * 300, "x" * 10_000, "😀" * 5000),
    *([], {}, [[]], [None], {"id": {}}, {"id": 2**63}, [{"file_id": 1}]),
)
HUGE = "à" * 500_000

MOST_DEPTH = 40


@dataclass
class Harm:
    """What came of them: the statuses they were answered with, and the seconds that each took."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def share(self, share: float) -> float:
        return sorted(self.seconds)[int(share * (len(self.seconds) - 1))]


async def harmed(at: House, count: int, seed: int) -> Harm:
    """Post so many; each is authentic."""
    harm = Harm()
    for body in mutants(at, count, seed):
        headers = at.gate.headers(at.fake, body)
        begun = time.perf_counter()
        status, _, _ = await at.post(f"https://x{at.gate.path}", headers, body)
        harm.seconds.append(time.perf_counter() - begun)
        harm.statuses[status] += 1
    return harm


def mutants(at: House, count: int, seed: int) -> Iterator[bytes]:
    """Of every kind of event that the platform has, each with a number of its own."""
    chance = Random(seed)  # noqa: S311 - to be repeatable
    whole = [json.loads(path.read_bytes()) for path in sorted((PAYLOADS / at.gate.name).glob("*.json"))]
    whole += [json.loads(at.gate.sample(at.fake))] * (len(whole) // 2)
    yield from RUBBISH[:count]
    for number in range(count - len(RUBBISH)):
        event = _renumbered(chance.choice(whole), number, at.now())
        yield mutated(event, chance)


def mutated(event: Any, chance: Random) -> bytes:
    event = json.loads(json.dumps(event))
    for _ in range(chance.choice((1, 1, 2, 3))):
        _change(event, chance)
    body = json.dumps(event, ensure_ascii=chance.random() < 0.7).encode("utf-8", "surrogatepass")
    match chance.randrange(24):
        case 0:
            place = chance.randrange(len(body) + 1)
            return (
                body[:place] + chance.randbytes(chance.randint(1, 3)) + body[place + chance.randint(0, 3) :]
            )
        case 1:
            return body[: chance.randrange(len(body) + 1)]
        case 2:
            return body[:1] + body[1:-1] + b"," + body[1:]  # every key twice
        case 3:
            depth = chance.choice((3, 500, 10_000))
            return b'{"message":' * depth + body + b"}" * depth
        case _:
            return body


def _change(event: Any, chance: Random) -> None:
    holders = list(_holders(event, MOST_DEPTH))
    if not holders:
        return
    holder = chance.choice(holders)
    key = chance.choice(list(holder) or ["message"])
    match chance.randrange(8):
        case 0:
            holder.pop(key, None)
        case 1:
            holder[key + chance.choice(("", " ", "_id", "\x00"))] = holder.get(key)
        case 2 if chance.random() < 0.05:
            holder[key] = HUGE
        case _:
            holder[key] = deepcopy(chance.choice(STRANGE))


def _holders(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _holders(inner, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value:
            yield from _holders(inner, depth - 1)


def _renumbered(event: Any, number: int, now: int) -> Any:
    """With a number and a time of its own, so that it is no repetition and not too old."""
    names: dict[str, Callable[[Any], Any]] = {
        "update_id": lambda _: 800_000_000 + number,
        "message_id": lambda old: f"m{number}" if isinstance(old, str) else number,
        "msg_id": lambda _: f"m{number}",
        "timestamp": lambda _: str(now * 1000 + number % 1000),
        "date": lambda old: now * 1000 if isinstance(old, int) and old > 10**11 else now,
    }
    if isinstance(event, dict):
        return {
            key: names[key](value) if key in names else _renumbered(value, number, now)
            for key, value in event.items()
        }
    return [_renumbered(value, number, now) for value in event] if isinstance(event, list) else event
