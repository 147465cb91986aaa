"""What each method does, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.platforms.telegram import html
from tests.platforms.telegram.errors import Json, bad, wrong
from tests.platforms.telegram.markup import Rows, inline, public
from tests.platforms.telegram.photos import Photo, uploaded
from tests.platforms.telegram.schema import Upload
from tests.platforms.telegram.world import ANSWERABLE, Message, World

TEXT = 4096
CAPTION = 1024
SHOWN = 200
ENTITIES = 100
ACTIONS = {"typing", "upload_photo", "record_voice", "upload_voice", "upload_document", "find_location"}
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)

Words = tuple[str, tuple[Json, ...]]


def get_me(world: World, params: Json) -> Json:
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def send_message(world: World, params: Json) -> Json:
    if not params.get("text", "").strip():
        raise bad("message text is empty")
    words, entities = _words(params, "text", "entities")
    rows = _rows(params)
    _no_threads(params)
    room = world.room(_needed(params, "chat_id"))
    if room.closed:
        raise bad(room.closed)
    if not words:
        raise bad("message text is empty")
    if len(words) > TEXT:
        raise bad("message is too long")
    message = Message(world.message_id(), room.id, world.now(), words, entities=entities, rows=rows)
    room.put(message)
    return world.told(message)


def send_photo(world: World, params: Json) -> Json:
    words, entities = _words(params, "caption", "caption_entities")
    rows = _rows(params)
    _no_threads(params)
    if len(words) > CAPTION:
        raise bad("message caption is too long")
    if params.get("photo") in {None, ""}:
        raise bad("there is no photo in the request")
    photo = _photo(world, params["photo"])
    room = world.room(_needed(params, "chat_id"))
    message = Message(
        world.message_id(), room.id, world.now(), caption=words, entities=entities, rows=rows, photo=photo
    )
    room.put(message)
    return world.told(message)


def edit_text(world: World, params: Json) -> Json:
    if not params.get("text", "").strip():
        raise bad("message text is empty")
    words, entities = _words(params, "text", "entities")
    if len(words) > TEXT:
        raise bad("MESSAGE_TOO_LONG")
    old = _own(world, params)
    if old.photo:
        raise bad("there is no text in the message to edit")
    return _edited(world, old, replace(old, text=words, entities=entities, rows=_rows(params)))


def edit_markup(world: World, params: Json) -> Json:
    old = _own(world, params)
    return _edited(world, old, replace(old, rows=_rows(params)))


def answer_callback(world: World, params: Json) -> bool:
    press = world.presses.get(_needed(params, "callback_query_id"))
    if press is None or press.shown is not None or world.time() - press.at > ANSWERABLE:
        raise bad(TOO_OLD)
    shown = params.get("text", "")
    if len(shown) > SHOWN:
        raise bad("MESSAGE_TOO_LONG")
    press.shown = shown
    return True


def chat_action(world: World, params: Json) -> bool:
    if _needed(params, "action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    room = world.room(_needed(params, "chat_id"))
    world.actions.append((world.time(), room.id, params["action"]))
    return True


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "editMessageText": edit_text,
    "editMessageReplyMarkup": edit_markup,
    "answerCallbackQuery": answer_callback,
    "sendChatAction": chat_action,
}


def _needed(params: Json, name: str) -> Any:
    if params.get(name) in {None, ""}:
        raise bad(f"{name.replace('_', ' ')} is empty" if name != "action" else "there is no action")
    return params[name]


def _words(params: Json, name: str, entities: str) -> Words:
    mode = params.get("parse_mode", "")
    source = params.get(name, "")
    if any(0xD800 <= ord(letter) < 0xE000 for letter in source):
        raise bad("strings must be encoded in UTF-8")
    if mode and params.get(entities):
        raise wrong(f"{entities} beside parse_mode")
    if mode.lower() == "html":
        words, marks = html.parsed(source)
    elif mode:
        raise wrong(f"this bot does not write {mode}")
    else:
        words, marks = html.trimmed(source, _given(params.get(entities, []), source))
    if len(marks) > ENTITIES:
        raise wrong(f"more than {ENTITIES} entities")  # the real server overlooks what is too much
    return words, tuple(marks)


def _given(entities: list[Any], source: str) -> list[Json]:
    for entity in entities:
        if not isinstance(entity, dict) or not {"type", "offset", "length"} <= set(entity):
            raise bad("can't parse entities: Can't find field")
        if not 0 <= entity["offset"] < entity["offset"] + entity["length"] <= html.utf16(source):
            raise wrong("an entity lies outside of the text")
    return entities


def _rows(params: Json) -> Rows:
    return inline(params["reply_markup"]) if "reply_markup" in params else ()


def _no_threads(params: Json) -> None:
    if "message_thread_id" in params:
        raise bad("message thread not found")


def _photo(world: World, given: Upload | str) -> Photo:
    if isinstance(given, Upload):
        photo = uploaded(given.content, f"AgACAgUAAxkD-{world.number()}")
    elif given.startswith(("http://", "https://")):
        host = given.split("/")[2].rsplit(":", 1)[0]
        if not given.startswith("https://") or not public(host):
            raise bad("failed to get HTTP URL content")
        photo = Photo(f"AgACAgUAAxkD-{world.number()}", 720, 1280, url=given)
    else:
        known = world.photos.get(given)
        if known is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return known
    world.photos[photo.file_id] = photo
    return photo


def _own(world: World, params: Json) -> Message:
    room = world.room(_needed(params, "chat_id"))
    id = _needed(params, "message_id")
    for message in room.messages:
        if message.id == id:
            return message
    raise bad("message to edit not found")


def _edited(world: World, old: Message, new: Message) -> Json:
    if old == new:
        raise bad(UNCHANGED)
    new = replace(new, edited=True)
    world.rooms[new.chat].replace(new)
    return world.told(new)
