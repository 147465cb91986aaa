"""What a bot says of itself: its commands and its two descriptions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from tests.platforms.telegram.errors import Json, bad, wrong
from tests.platforms.telegram.world import World

NAME = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
SCOPES = {
    "default": set[str](),
    "all_private_chats": set[str](),
    "all_group_chats": set[str](),
    "all_chat_administrators": set[str](),
    "chat": {"chat_id"},
    "chat_administrators": {"chat_id"},
    "chat_member": {"chat_id", "user_id"},
}
MOST = 100
DESCRIPTION = 256
LIMITS = {"description": 512, "short_description": 120}


def set_commands(world: World, params: Json) -> bool:
    commands = params.get("commands")
    if not commands:
        raise wrong("setMyCommands without commands; deleteMyCommands takes them away")
    if len(commands) > MOST:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    names = [_command(command) for command in commands]
    if len(set(names)) < len(names):
        raise wrong("a command stands twice in the list")
    world.commands[_where(params)] = commands
    return True


def get_commands(world: World, params: Json) -> list[Json]:
    return world.commands.get(_where(params), [])


def delete_commands(world: World, params: Json) -> bool:
    world.commands.pop(_where(params), None)
    return True


def _command(command: Any) -> str:
    if not isinstance(command, dict) or set(command) != {"command", "description"}:
        raise wrong("a command has a command and a description and nothing else")
    name, description = command["command"], command["description"]
    if not isinstance(name, str) or not isinstance(description, str):
        raise wrong("command and description are text")
    if not NAME.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")
    if not len(description.strip()) >= 1 or len(description) > DESCRIPTION:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return name


def _where(params: Json) -> tuple[str, str]:
    scope = params.get("scope", {"type": "default"})
    needs = SCOPES.get(scope.get("type", ""))
    if needs is None:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    if set(scope) != needs | {"type"}:
        raise wrong(f"the scope {scope['type']} has exactly {sorted(needs)}")
    return json.dumps(scope, sort_keys=True), _language(params)


def _language(params: Json) -> str:
    language: str = params.get("language_code", "")
    if not LANGUAGE.fullmatch(language):
        raise bad("invalid language code specified")
    return language


def _setter(name: str) -> Callable[[World, Json], bool]:
    def set(world: World, params: Json) -> bool:
        words = params.get(name, "")
        if len(words) > LIMITS[name]:
            raise bad(f"{name.upper().replace('SHORT_DESCRIPTION', 'ABOUT')}_TOO_LONG")
        world.about[name, _language(params)] = words
        return True

    return set


def _getter(name: str) -> Callable[[World, Json], Json]:
    def get(world: World, params: Json) -> Json:
        own = world.about.get((name, _language(params)), "")
        return {name: own or world.about.get((name, ""), "")}

    return get


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
}
