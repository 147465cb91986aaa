"""The JSON of each kind of update, as the real server writes it. All people are invented."""

from __future__ import annotations

import re
from typing import Any

from tests.platforms.telegram.errors import Json
from tests.platforms.telegram.html import utf16

_MARKS = re.compile(r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(?P<url>https?://[^\s]+)")


def user(id: int, name: str, language: str = "vi") -> Json:
    told: Json = {"id": id, "is_bot": False, "first_name": name}
    return told | ({"language_code": language} if language else {})


def private_chat(id: int, name: str) -> Json:
    return {"id": id, "first_name": name, "type": "private"}


def group_chat(id: int, title: str, *, basic: bool = False) -> Json:
    return {"id": id, "title": title, "type": "group" if basic else "supergroup"}


def message(id: int, sender: Json, chat: Json, date: int, **content: Any) -> Json:
    return {"message_id": id, "from": sender, "chat": chat, "date": date} | content


def text(words: str) -> Json:
    return {"text": words} | _marked("entities", words)


def photo(number: int, caption: str = "") -> Json:
    sizes = [(90, 160, 1_201), (360, 640, 30_022), (720, 1280, 98_043)]
    told: Json = {
        "photo": [
            {
                "file_id": f"AgACAgUAAx-{number}-{width}",
                "file_unique_id": f"AQAD{number}{width}",
                "file_size": size,
                "width": width,
                "height": height,
            }
            for width, height, size in sizes
        ]
    }
    return told | ({"caption": caption} | _marked("caption_entities", caption) if caption else {})


def document(number: int, caption: str = "") -> Json:
    """A picture sent as a file."""
    told: Json = {"document": {"file_name": "anh.jpg", "mime_type": "image/jpeg", **_file(number, 1_200_000)}}
    return told | ({"caption": caption} | _marked("caption_entities", caption) if caption else {})


def voice(number: int) -> Json:
    return {"voice": {"duration": 7, "mime_type": "audio/ogg", **_file(number, 20_345)}}


def video(number: int, caption: str = "") -> Json:
    told: Json = {
        "video": {
            "duration": 9,
            "width": 720,
            "height": 1280,
            "mime_type": "video/mp4",
            **_file(number, 900_123),
        }
    }
    return told | ({"caption": caption} if caption else {})


def sticker(number: int) -> Json:
    return {
        "sticker": {
            "width": 512,
            "height": 512,
            "emoji": "🙏",
            "set_name": "CamOn",
            "is_animated": False,
            "is_video": False,
            "type": "regular",
            **_file(number, 21_000),
        }
    }


def location(latitude: float, longitude: float, live: bool = False) -> Json:
    place: Json = {"latitude": latitude, "longitude": longitude}
    return {"location": place | ({"live_period": 900, "horizontal_accuracy": 20.0} if live else {})}


def contact(name: str, phone: str, id: int) -> Json:
    return {"contact": {"phone_number": phone, "first_name": name, "user_id": id}}


def callback(id: str, sender: Json, shown: Json, data: str) -> Json:
    return {"id": id, "from": sender, "message": shown, "chat_instance": "-5500110022003300", "data": data}


def membership(sender: Json, chat: Json, bot: Json, date: int, *, kicked: bool) -> Json:
    member: Json = {"user": bot, "status": "member"}
    banned: Json = {"user": bot, "status": "kicked", "until_date": 0}
    old, new = (member, banned) if kicked else (banned, member)
    return {"chat": chat, "from": sender, "date": date, "old_chat_member": old, "new_chat_member": new}


def reaction(sender: Json, chat: Json, message_id: int, date: int, emoji: str) -> Json:
    return {
        "chat": chat,
        "message_id": message_id,
        "user": sender,
        "date": date,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": emoji}],
    }


def _file(number: int, size: int) -> Json:
    return {"file_id": f"AwACAgUAAx-{number}", "file_unique_id": f"AgAD{number}", "file_size": size}


def _marked(name: str, words: str) -> Json:
    """Commands and addresses, which the server marks in what people write."""
    found = [
        {"offset": utf16(words[: match.start()]), "length": utf16(match[0]), "type": match.lastgroup}
        for match in _MARKS.finditer(words)
    ]
    return {name: found} if found else {}
