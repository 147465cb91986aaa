"""The signature that Zalo puts on an event, written from its description and not from our verifier.

`VECTORS` were computed by the sha256sum program: printf '%s' "<app id><body><timestamp><secret>" | sha256sum.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


def header(app_id: str, body: bytes, timestamp: str, secret: str) -> str:
    summed = hashlib.sha256()
    for part in (app_id.encode(), body, timestamp.encode(), secret.encode()):
        summed.update(part)
    return f"mac={summed.hexdigest()}"


@dataclass(frozen=True, slots=True)
class Vector:
    app_id: str
    body: str
    timestamp: str
    secret: str
    mac: str


VECTORS: tuple[Vector, ...] = (
    Vector(
        "431000000000000001",
        (
            '{"app_id":"431000000000000001","user_id_by_app":"5520000000000000001","event_nam'
            'e":"user_send_text","sender":{"id":"2460000000000000001"},"recipient":{"id":"388'
            '0000000000000001"},"message":{"msg_id":"96d3cdf3af150460909","text":"xin chào"},'
            '"timestamp":"1795000000123"}'
        ),
        "1795000000123",
        "oa-secret-of-commune-26734",
        "b44dc94cf5b35879e9365f3380ffd0c483245aca85bb9b71c38b39150d438b56",
    ),
    Vector(
        "431000000000000001",
        (
            '{"app_id":"431000000000000001","user_id_by_app":"5520000000000000001","event_nam'
            'e":"user_send_text","sender":{"id":"2460000000000000001"},"recipient":{"id":"388'
            '0000000000000001"},"message":{"msg_id":"96d3cdf3af150460909","text":"xin ch\\u00e'
            '0o"},"timestamp":"1795000000123"}'
        ),
        "1795000000123",
        "oa-secret-of-commune-26734",
        "59a76c95604298501a788bee71523f18d1ec50a11659215c2b8787c021a6d619",
    ),
    Vector(
        "431000000000000001",
        (
            '{\n "app_id": "431000000000000001",\n "user_id_by_app": "5520000000000000001",\n "e'
            'vent_name": "user_send_text",\n "sender": {\n  "id": "2460000000000000001"\n },\n "r'
            'ecipient": {\n  "id": "3880000000000000001"\n },\n "message": {\n  "msg_id": "96d3cd'
            'f3af150460909",\n  "text": "xin chào"\n },\n "timestamp": "1795000000123"\n}'
        ),
        "1795000000123",
        "oa-secret-of-commune-26734",
        "1c619bfb27d0f1e034d49cac2cef41613734faed37efc9c320b63b2ed835a969",
    ),
    Vector(
        "431000000000000001",
        (
            '{"app_id":"431000000000000001","user_id_by_app":"5520000000000000001","event_nam'
            'e":"user_send_text","sender":{"id":"2460000000000000001"},"recipient":{"id":"388'
            '0000000000000001"},"message":{"msg_id":"96d3cdf3af150460909","text":"xin chào"},'
            '"timestamp":"1795000000123"}'
        ),
        "1795000000123",
        "app-secret-for-oauth",
        "51b7fab08007828afb99e609fbda2398b402e4c6c0ac1051acb3e3997553e9a0",
    ),
    Vector(
        "431000000000000001",
        (
            '{"app_id":"431000000000000001","user_id_by_app":"5520000000000000001","event_nam'
            'e":"user_send_text","sender":{"id":"2460000000000000001"},"recipient":{"id":"388'
            '0000000000000001"},"message":{"msg_id":"96d3cdf3af150460909","text":"à ́ 🙏\\n\\"\\'
            '\\/"},"timestamp":"1795000000123"}'
        ),
        "1795000000123",
        "oa-secret-of-commune-26734",
        "4d6a6d2a201d100ebddf9c392cdb921cd530b8d9951b6e33ff049cce49c76f42",
    ),
    Vector(
        "431000000000000001",
        (
            '{"oa_id":"3880000000000000001","follower":{"id":"2460000000000000001"},"user_id_'
            'by_app":"5520000000000000001","event_name":"follow","source":"oa_profile","app_i'
            'd":"431000000000000001","timestamp":"1795000000456"}'
        ),
        "1795000000456",
        "oa-secret-of-commune-26734",
        "897f52d8148f6ff45f4bc6e6aae06ad59120b6ab0ae58a8e7a83b133f76b4a57",
    ),
)
