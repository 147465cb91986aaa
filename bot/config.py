"""config.yaml and the environment become frozen Settings; every problem is told, each with its place."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

PREFIX = "BOT_"

_ADDRESS = re.compile(r"https?://[^/\s@]+(/\S*)?")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Organisation(_Section):
    name: str = Field(default="", max_length=120)
    web_address: str = ""

    @field_validator("web_address")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not _ADDRESS.fullmatch(value):
            raise ValueError("must begin with https:// (or http:// for a trial) and name a host")
        return value.rstrip("/")


class Database(_Section):
    url: str = "sqlite:///data/bot.db"

    @field_validator("url")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return value


class Http(_Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)


def _base(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("must begin with https://")
    return value.rstrip("/")


Base = Annotated[str, AfterValidator(_base)]
"""Where a platform is reached. Plain http is for trials beside a simulated one."""

Link = Annotated[str, AfterValidator(lambda value: _base(value) if value else "")]

Mode = Literal["polling", "webhook"]


class _Bot(_Section):
    """A platform that is either asked for news or posts them, as `mode` says."""

    enabled: bool = False
    token: SecretStr = SecretStr("")
    mode: Mode = "polling"
    webhook_secret: SecretStr = SecretStr("")


class Telegram(_Bot):
    """`group` is where volunteers hear that somebody waits; 0: nowhere."""

    api_base: Base = "https://api.telegram.org"
    group: Annotated[int, BeforeValidator(lambda value: value or 0)] = 0

    @field_validator("group")
    @classmethod
    def _is_a_group(cls, value: int) -> int:
        if value > 0:
            raise ValueError("is not a group's number: those begin with a minus sign")
        return value

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.enabled and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{30,}", self.token.get_secret_value()):
            raise ValueError("enabled, but token is not one of @BotFather's (123456789:AbC…)")
        _has_webhook_secret(self, r"[A-Za-z0-9_-]{16,256}", "16 to 256 letters, digits, _ and -")
        return self


_SIGNING = re.compile(r"[!-~]{12,}")


class ZaloOA(_Section):
    enabled: bool = False
    app_id: str = ""
    app_secret: SecretStr = SecretStr("")
    oa_secret: SecretStr = SecretStr("")
    oa_id: str = ""
    refresh_token: SecretStr = SecretStr("")
    api_base: Base = "https://openapi.zalo.me"
    oauth_base: Base = "https://oauth.zaloapp.com"

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.enabled and not _is_number(self.app_id):
            raise ValueError(
                "enabled, but app_id is missing or no number: it stands in the app's settings at Zalo"
            )
        if self.enabled and self.oa_id and not _is_number(self.oa_id):
            raise ValueError("oa_id is no number: it stands in the account's settings at Zalo")
        if self.enabled and not self.app_secret.get_secret_value():
            raise ValueError("enabled, but app_secret is missing: without it no token can be had")
        for name, secret in (("app_secret", self.app_secret), ("oa_secret", self.oa_secret)):
            # whoever guesses one of them speaks to us as Zalo: "…", copied from a page, must not be one
            value = secret.get_secret_value()
            if self.enabled and value and not _SIGNING.fullmatch(value):
                raise ValueError(f"{name} is none of Zalo's: 12 letters and digits at least")
        return self


class ZaloBot(_Bot):
    link: Link = ""
    api_base: Base = "https://bot-api.zaloplatforms.com"

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.enabled and not re.fullmatch(r"[^\s:/]+:[^\s/]+", self.token.get_secret_value()):
            raise ValueError("enabled, but token is not one of Zalo Bot Manager's (id:secret)")
        _has_webhook_secret(self, r"[\x21-\x7e]{16,256}", "16 to 256 letters and digits")
        return self


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _has_webhook_secret(channel: _Bot, pattern: str, wanted: str) -> None:
    secret = channel.webhook_secret.get_secret_value()
    if channel.enabled and channel.mode == "webhook" and not re.fullmatch(pattern, secret):
        raise ValueError(f"mode webhook needs webhook_secret: {wanted}, drawn at random")


class Channels(_Section):
    telegram: Telegram = Telegram()
    zalo_oa: ZaloOA = ZaloOA()
    zalo_bot: ZaloBot = ZaloBot()


class Settings(_Section):
    """Everything that can be set. `http.port` 0 lets the system choose a free one."""

    organisation: Organisation = Organisation()
    database: Database = Database()
    http: Http = Http()
    channels: Channels = Channels()
    key_file: Path = Path("data/bot.key")

    def silenced(self) -> Settings:
        """Without platforms: nothing that is said to people who are made up may reach anybody."""
        return self.model_copy(update={"channels": Channels()})

    @model_validator(mode="after")
    def _webhooks_can_be_reached(self) -> Self:
        for name in ("telegram", "zalo_bot"):
            channel: _Bot = getattr(self.channels, name)
            reached = self.organisation.web_address.startswith("https://")
            if channel.enabled and channel.mode == "webhook" and not reached:
                raise ValueError(
                    f"channels.{name}.mode: webhook needs organisation.web_address, where the platform "
                    "reaches us over https; without one use polling"
                )
        return self


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the settings. `line` is 0 for the environment."""

    place: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        where = f"{self.place}:{self.line}:{self.column}" if self.line else self.place
        return f"{where}: {self.message}"


class BadSettings(Exception):
    """`faults` lists all that is wrong; the message is the list, a line each."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_settings(path: Path, environ: dict[str, str] | None = None) -> Settings:
    """Settings from the file (which may be missing) and the environment, which wins.

    Raises BadSettings with every fault.
    """
    environ = dict(os.environ) if environ is None else environ
    text = _text(path)
    values, places = _from_file(path, text)
    for name, value in sorted(environ.items()):
        if name.startswith(PREFIX):
            keys = tuple(name.removeprefix(PREFIX).lower().split("__"))
            _put(values, keys, value)
            places[keys] = (name, 0, 0)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise BadSettings(tuple(_fault(path, places, dict(found)) for found in error.errors())) from None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings((Fault(str(path), 1, 1, f"cannot be read: {error}"),)) from None


DEEPEST = 3
"""Sections within sections; also the end of a file that refers to itself."""

_NULL = "tag:yaml.org,2002:null"

_Places = dict[tuple[str, ...], tuple[str, int, int]]


def _from_file(path: Path, text: str) -> tuple[dict[str, Any], _Places]:
    places: _Places = {}
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except RecursionError:
        raise BadSettings((Fault(str(path), 1, 1, "is nested too deeply"),)) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = getattr(error, "problem", None) or "is not YAML"
        raise BadSettings((Fault(str(path), line, column, str(problem)),)) from None
    if root is None:
        return {}, places
    if not isinstance(root, yaml.MappingNode):
        raise BadSettings((Fault(str(path), 1, 1, "must be a list of `key: value`"),))
    return _mapping(str(path), root, (), places), places


def _mapping(file: str, node: yaml.MappingNode, above: tuple[str, ...], places: _Places) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        mark = key_node.start_mark
        if not isinstance(key_node, yaml.ScalarNode) or len(above) >= DEEPEST:
            raise BadSettings((Fault(file, mark.line + 1, mark.column + 1, "is no setting"),))
        key = str(key_node.value)
        if key in values:
            raise BadSettings((Fault(file, mark.line + 1, mark.column + 1, f'"{key}" is there twice'),))
        places[(*above, key)] = (file, mark.line + 1, mark.column + 1)
        if isinstance(value_node, yaml.MappingNode):
            values[key] = _mapping(file, value_node, (*above, key), places)
        elif value_node.tag == _NULL:
            values[key] = ""  # `null` and `~` mean that nothing is set; as a word they would be a poor secret
        else:
            values[key] = value_node.value
    return values


def _put(values: dict[str, Any], keys: tuple[str, ...], value: str) -> None:
    for key in keys[:-1]:
        below = values.setdefault(key, {})
        if not isinstance(below, dict):
            return
        values = below
    values[keys[-1]] = value


def _fault(path: Path, places: _Places, error: dict[str, Any]) -> Fault:
    keys = tuple(str(part) for part in error["loc"])
    place, line, column = places.get(keys, (str(path), 1, 1))
    name = ".".join(keys)
    if not keys:  # two settings that do not go together; the message names the one to change
        message = error["msg"].removeprefix("Value error, ")
        name = message.partition(":")[0]
        return Fault(*places.get(tuple(name.split(".")), (str(path), 1, 1)), message)
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(keys[-1], _known(keys[:-1]), n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        told = f' "{name}"' if _NAME.fullmatch(name) else ""  # what is no name may be a secret in its place
        return Fault(place, line, column, f"unknown setting{told}{hint}")
    return Fault(place, line, column, f"{name}: {error['msg'].removeprefix('Value error, ')}")


_NAME = re.compile(r"[A-Za-z_ .-]{1,60}")


def _known(keys: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Settings
    for key in keys:
        field = model.model_fields.get(key)
        if field is None or not isinstance(field.annotation, type):
            return []
        if not issubclass(field.annotation, BaseModel):
            return []
        model = field.annotation
    return list(model.model_fields)
