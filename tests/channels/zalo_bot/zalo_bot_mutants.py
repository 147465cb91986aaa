"""Zalo Bot's events as it sends them, and as it never would."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parent.parent / "payloads" / "zalo_bot"


def payload(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def changed(**message: Any) -> bytes:
    """The text message with some fields replaced; None takes one away."""
    body = json.loads(payload("text"))
    merged = body["result"]["message"] | message
    body["result"]["message"] = {key: value for key, value in merged.items() if value is not None}
    return json.dumps(body).encode()


VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        2**63,
        1.5,
        "",
        "\x00",
        "\u202e",
        "\ufeff\u200b",
        "à" * 5000,
        [],
        [[]],
        {},
        {"id": {}},
    ),
    *("PRIVATE", "GROUP", "message.text.received", "message.unsupported.received", {"chat_type": "PRIVATE"}),
)


def mutated(rng: random.Random, body: bytes) -> bytes:
    """The body with one to three things wrong: a value, a key, some bytes, or depth."""
    for _ in range(rng.randint(1, 3)):
        match rng.randrange(6):
            case 0 | 1 | 2:
                body = _with_another_value(rng, body)
            case 3:
                at = rng.randrange(len(body) + 1)
                body = body[:at] + bytes(rng.randbytes(rng.randint(0, 3))) + body[at + rng.randint(0, 3) :]
            case 4:
                body = body[: rng.randrange(len(body) + 1)]
            case _:
                depth = rng.choice((3, 500, 10_000))
                body = b'{"result":' * depth + body + b"}" * depth
    return body


def _with_another_value(rng: random.Random, body: bytes) -> bytes:
    try:
        root = json.loads(body)
    except (ValueError, RecursionError):
        return body
    holders: list[dict[str, Any]] = []
    _gather(root, holders, 50)
    if not holders:
        return body
    holder = rng.choice(holders)
    key = rng.choice(list(holder) or ["message"])
    match rng.randrange(3):
        case 0:
            holder[key] = rng.choice(VALUES)
        case 1:
            holder.pop(key, None)
        case _:
            holder[key + rng.choice(("", " ", "_id", "\x00"))] = holder.get(key)
    return json.dumps(root, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _gather(value: Any, holders: list[dict[str, Any]], depth: int) -> None:
    if isinstance(value, dict) and depth:
        holders.append(value)
        for inner in value.values():
            _gather(inner, holders, depth - 1)


def mutants(number: int) -> list[bytes]:
    rng = random.Random(4)  # noqa: S311 - the same mutants each time
    bodies = [path.read_bytes() for path in sorted(PAYLOADS.glob("*.json"))]
    return [mutated(rng, rng.choice(bodies)) for _ in range(number)]
