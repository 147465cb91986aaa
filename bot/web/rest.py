"""Rasa's REST protocol, so that any widget made for Rasa can talk to the bot. This is the fast path."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.app.platform import Raw
from bot.app.ports import StoreDown
from bot.core.buttons import is_token
from bot.core.message import Reply, numbered
from bot.web.errors import RETRY_AFTER, json_error, trouble
from bot.web.parts import Site
from bot.web.visitor import address_of, admit_host, admit_person, key_of, read_body, receive

BODY_BYTES = 16 * 1024
LONGEST = 4000
"""Characters of a message that are read; the rest is cut off."""

GREETINGS = frozenset({"/session_start", "/get_started", "/restart"})
"""What Rasa widgets send by themselves when somebody opens them."""


class Metadata(msgspec.Struct):
    client_msg_id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None
    commune: str | None = None


class Message(msgspec.Struct):
    sender: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    message: Annotated[str, msgspec.Meta(min_length=1)]
    metadata: Metadata | None = None


_DECODE = msgspec.json.Decoder(Message)
_ENCODE = msgspec.json.Encoder()


WEBHOOK = "/webhooks/rest/webhook"


def routes(site: Site) -> list[Route]:
    return [
        Route(WEBHOOK, partial(_webhook, site), methods=["POST"]),
        Route("/webhooks/rest/", _status, methods=["GET"]),
    ]


def is_message(scope: Scope) -> bool:
    return bool(scope["path"] == WEBHOOK and scope["method"] == "POST")


async def answer(site: Site, scope: Scope, receive: Receive, send: Send) -> None:
    """The webhook without the framework's eight layers around it, which cost as much as the turn itself."""
    request = Request(scope, receive)
    try:
        response = await _webhook(site, request)
    except HTTPException as fault:
        response = trouble(site, request, fault.status_code, fault.headers)
    except StoreDown:
        response = trouble(site, request, 503, {"Retry-After": RETRY_AFTER})
    except Exception:
        await trouble(site, request, 500)(scope, receive, send)
        raise  # the server logs it
    await response(scope, receive, send)


async def _webhook(site: Site, request: Request) -> Response:
    admit_host(site, request)
    kind = request.headers.get("content-type", "")
    if kind != "application/json" and kind.partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)
    body = await read_body(request, BODY_BYTES)
    try:
        asked = _DECODE.decode(body)
    except msgspec.ValidationError as fault:
        return json_error(422, "invalid", str(fault))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return json_error(400, "bad_request", "the body is not JSON")
    admit_person(site, asked.sender)
    taken = await receive(site, request, raw_of(site, asked))
    said = [
        message for line in taken.lines if not line.mine for message in spoken(site, line.reply, asked.sender)
    ]
    if request.scope["query_string"] and request.query_params.get("stream") == "true":
        lines = b"".join(_ENCODE.encode(one) + b"\n" for one in said)
        return Response(lines, media_type="text/event-stream")
    return Response(_ENCODE.encode(said), media_type="application/json")


async def _status(_: Request) -> Response:
    return Response(b'{"status":"ok"}', media_type="application/json")


def raw_of(site: Site, asked: Message) -> Raw:
    own_id = asked.metadata.client_msg_id if asked.metadata else None
    text = asked.message[:LONGEST].strip()
    pressed = is_token(text)
    if text in GREETINGS:
        text = "/start"
    return Raw(
        address=address_of(asked.sender),
        key=key_of(asked.sender, own_id or site.parts.draw(16)),
        text="" if pressed else text,
        button=text if pressed else "",
        commune=(asked.metadata.commune or "") if asked.metadata else "",
    )


def spoken(site: Site, reply: Reply, recipient: str) -> list[dict[str, Any]]:
    """A reply in Rasa's words. The choices are numbered in the text too: not every widget has buttons.

    A picture is a message of its own after the text, as Rasa sends them; a widget stands on somebody else's
    page, so it needs our full address.
    """
    said: dict[str, Any] = {"recipient_id": recipient, "text": numbered(reply)}
    if reply.link:
        said["text"] += f"\n\n{reply.link}"
    buttons = [*reply.choices, *reply.shortcuts]
    if buttons:
        said["buttons"] = [{"title": choice.label, "payload": choice.token} for choice in buttons]
    web_address = site.parts.web_address
    shown = site.parts.pictures.shown(reply.picture) if reply.picture and web_address else None
    return [said, {"recipient_id": recipient, "image": web_address + shown.path}] if shown else [said]


def widget_events(site: Site, reply: Reply, recipient: str) -> list[str]:
    return [_ENCODE.encode(message).decode() for message in spoken(site, reply, recipient)]


def describe(app: FastAPI) -> None:
    """Add the routes that are not FastAPI's own to the OpenAPI description."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        schema = plain()
        schema.setdefault("paths", {}).update(_PATHS)
        schema.setdefault("components", {}).setdefault("schemas", {}).update(_SCHEMAS)
        return schema

    app.openapi = described  # type: ignore[method-assign] # FastAPI's documented way to extend it


_SCHEMAS: dict[str, Any] = {
    "RestMessage": {
        "type": "object",
        "required": ["sender", "message"],
        "properties": {
            "sender": {
                "type": "string",
                "minLength": 1,
                "maxLength": 128,
                "description": "Whoever knows it holds the conversation: draw it at random.",
            },
            "message": {"type": "string", "minLength": 1, "description": "A text, or a button's payload."},
            "metadata": {
                "type": ["object", "null"],
                "properties": {
                    "client_msg_id": {
                        "type": ["string", "null"],
                        "minLength": 1,
                        "maxLength": 128,
                        "description": "The same id again returns the first answer and changes nothing.",
                    },
                    "commune": {
                        "type": ["string", "null"],
                        "description": "The five digits of the commune they are in, or a poster's code "
                        "(22291-3); others are ignored.",
                    },
                },
            },
        },
    },
    "RestReply": {
        "type": "object",
        "required": ["recipient_id"],
        "properties": {
            "recipient_id": {"type": "string"},
            "text": {"type": "string"},
            "image": {"type": "string", "format": "uri", "description": "What the text before speaks of."},
            "buttons": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["title", "payload"],
                    "properties": {"title": {"type": "string"}, "payload": {"type": "string"}},
                },
            },
        },
    },
    "Error": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            }
        },
    },
}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


_FAULTS: dict[str, Any] = {
    str(status): {"description": words, "content": _json({"$ref": "#/components/schemas/Error"})}
    for status, words in (
        (400, "Not JSON"),
        (413, "More than 16 kB"),
        (415, "Not application/json"),
        (422, "A field is missing or wrong"),
        (429, "Too many; see Retry-After"),
        (503, "The database is away; see Retry-After"),
    )
}

_PATHS: dict[str, Any] = {
    "/webhooks/rest/webhook": {
        "post": {
            "summary": "Send one message and get the replies (Rasa's REST channel)",
            "operationId": "rest_webhook",
            "parameters": [
                {
                    "name": "stream",
                    "in": "query",
                    "required": False,
                    "schema": {"type": "string", "enum": ["true", "false"]},
                    "description": "true: one JSON object a line",
                }
            ],
            "requestBody": {
                "required": True,
                "content": _json({"$ref": "#/components/schemas/RestMessage"}),
            },
            "responses": {
                "200": {
                    "description": "The replies, oldest first",
                    "content": {
                        **_json({"type": "array", "items": {"$ref": "#/components/schemas/RestReply"}}),
                        "text/event-stream": {"schema": {"type": "string"}},
                    },
                },
                **_FAULTS,
            },
        }
    },
    "/webhooks/rest/": {
        "get": {
            "summary": "Whether the channel is there",
            "operationId": "rest_status",
            "responses": {
                "200": {
                    "description": "It is",
                    "content": _json(
                        {
                            "type": "object",
                            "required": ["status"],
                            "properties": {"status": {"type": "string"}},
                        }
                    ),
                }
            },
        }
    },
}
