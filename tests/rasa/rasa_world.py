"""As much of Rasa as our actions see: a tracker, rules by intent, and the loop of a form."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import yaml

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rasa.md"

Call = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

_numbers = count(1)


def from_page(heading: str) -> Any:
    """The YAML below a heading of docs/rasa.md: what people copy is what is tested."""
    below = PAGE.read_text("utf-8").split(f"\n## {heading}", 1)[1]
    block = re.search(r"```yaml\n(.*?)```", below, re.DOTALL)
    assert block
    return yaml.safe_load(block[1])


def the_domain() -> dict[str, Any]:
    domain: dict[str, Any] = from_page("domain.yml")
    return domain


def the_rules() -> dict[str, str]:
    """What follows an intent."""
    rules = from_page("rules.yml")["rules"]
    found = {}
    for rule in rules:
        first, *later = rule["steps"]
        if "intent" in first:
            found[first["intent"]] = later[0]["action"]
    return found


class Rasa:
    """One person's conversation. `log` holds every call that was made, to be made again."""

    def __init__(self, call: Call, domain: dict[str, Any], sender: str = "") -> None:
        self.call = call
        self.domain = domain
        self.sender = sender or f"person-{next(_numbers)}"
        self.slots: dict[str, Any] = dict.fromkeys(domain.get("slots", {}))
        self.events: list[dict[str, Any]] = []
        self.latest: dict[str, Any] = {}
        self.loop: str | None = None
        self.log: list[dict[str, Any]] = []
        self.rules = the_rules()

    async def says(self, text: str, intent: str = "nlu_fallback") -> list[dict[str, Any]]:
        """The person's message through rules and loop; what the bot says to it."""
        self.hears(text, intent)
        if self.loop:
            self.slots["vneid_message"] = text
            self.events.append({"event": "slot", "name": "vneid_message", "value": text})
            return await self._in_loop()
        return await self.runs(self.rules[intent])

    async def presses(self, number: int) -> list[dict[str, Any]]:
        return await self.says(self.buttons()[number - 1]["payload"])

    def hears(self, text: str, intent: str = "nlu_fallback") -> None:
        number = next(_numbers)
        self.latest = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": []}
        self.events.append({"event": "action", "name": "action_listen"})
        self.events.append(
            {"event": "user", "text": text, "timestamp": float(number), "message_id": f"m{number}"}
        )

    async def runs(self, action: str) -> list[dict[str, Any]]:
        """One action, and what it says is to follow."""
        if action in self.domain.get("forms", {}):
            self.loop = action
            self.events.append({"event": "active_loop", "name": action})
            return await self._in_loop()
        answer = await self.asks(action)
        self._apply(action, answer)
        said: list[dict[str, Any]] = answer["responses"]
        for event in answer["events"]:
            if event["event"] == "followup":
                said = said + await self.runs(event["name"])
        return said

    async def asks(self, action: str) -> dict[str, Any]:
        """Only the call, as Rasa makes it."""
        body = {
            "version": "3.21.1",
            "next_action": action,
            "sender_id": self.sender,
            "domain": self.domain,
            "tracker": {
                "sender_id": self.sender,
                "slots": dict(self.slots),
                "latest_message": self.latest,
                "events": list(self.events),
                "paused": False,
                "active_loop": {"name": self.loop} if self.loop else {},
                "latest_action_name": "action_listen",
            },
        }
        self.log.append(deepcopy(body))  # rasa-sdk writes into the tracker it is given
        return await self.call(body)

    def buttons(self) -> list[dict[str, Any]]:
        """Those that were shown last."""
        for event in reversed(self.events):
            if event["event"] == "bot" and event["data"]["buttons"]:
                buttons: list[dict[str, Any]] = event["data"]["buttons"]
                return buttons
        return []

    def ways(self) -> list[dict[str, Any]]:
        """The buttons that were shown last, without the words that work everywhere."""
        return [button for button in self.buttons() if not button["payload"].startswith("=")]

    async def _in_loop(self) -> list[dict[str, Any]]:
        """The form validates, then asks for what is missing, or ends."""
        form = str(self.loop)
        answer = await self.asks(f"validate_{form}")
        self._apply(form, answer)
        said: list[dict[str, Any]] = answer["responses"]
        requested = [event for event in answer["events"] if event.get("name") == "requested_slot"]
        if requested and requested[-1]["value"] is None:
            self.loop = None
            self.events.append({"event": "active_loop", "name": None})
            return said
        slot = self.domain["forms"][form]["required_slots"][0]
        asking = await self.asks(f"action_ask_{slot}")
        return said + list(asking["responses"])

    def _apply(self, action: str, answer: dict[str, Any]) -> None:
        self.events.append({"event": "action", "name": action})
        for one in answer["responses"]:
            self.events.append({"event": "bot", "text": one["text"], "data": {"buttons": one["buttons"]}})
        for event in answer["events"]:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            self.events.append(event)


def texts(said: list[dict[str, Any]]) -> str:
    return "\n".join(one["text"] for one in said if one["text"])
