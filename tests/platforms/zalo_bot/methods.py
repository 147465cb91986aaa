"""Which parameters the methods take. Unknown ones are refused, which the real platform may not do."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from tests.platforms.zalo.addresses import trouble_with

Words = Annotated[str, Meta(min_length=1, max_length=2000)]
Chat = Annotated[str, Meta(min_length=1, max_length=64)]
Styled = Literal[
    "b", "i", "u", "s", "f_13", "f_15", "f_18", "f_20",
    "c_050a19", "c_15a85f", "c_f7b503", "c_f27806", "c_db342e",
    "lst_1", "lst_2", "ind_1", "ind_2", "ind_3", "ind_4", "ind_5",
]  # fmt: skip


class Wrong(Exception):
    """Refused with 400: a fault of the caller."""


class _Strict(Struct, forbid_unknown_fields=True):
    pass


class Nothing(_Strict):
    pass


class GetUpdates(_Strict):
    """The documentation's table says a string, its example a number."""

    timeout: Annotated[int, Meta(ge=0, le=60)] | Annotated[str, Meta(pattern=r"^[0-9]{1,2}$")] = 30


class SetWebhook(_Strict):
    url: str
    secret_token: Annotated[str, Meta(min_length=8, max_length=256)]


class Style(_Strict):
    start: Annotated[int, Meta(ge=0)]
    len: Annotated[int, Meta(ge=1)]
    st: Annotated[list[Styled], Meta(min_length=1)]


class SendMessage(_Strict):
    chat_id: Chat
    text: Words
    parse_mode: Literal["markdown", "html"] | UnsetType = UNSET
    text_styles: list[Style] | UnsetType = UNSET


class SendPhoto(_Strict):
    chat_id: Chat
    photo: str
    caption: Words | UnsetType = UNSET


class SendSticker(_Strict):
    chat_id: Chat
    sticker: Annotated[str, Meta(pattern=r"^[0-9a-f]{20}$")]


class SendVoice(_Strict):
    chat_id: Chat
    voice_url: Annotated[str, Meta(pattern=r"\.aac$")]


class SendChatAction(_Strict):
    chat_id: Chat
    action: Literal["typing"]


Params = (
    Nothing | GetUpdates | SetWebhook | SendMessage | SendPhoto | SendSticker | SendVoice | SendChatAction
)

METHODS: dict[str, type[Params]] = {
    "getMe": Nothing,
    "getUpdates": GetUpdates,
    "setWebhook": SetWebhook,
    "deleteWebhook": Nothing,
    "getWebhookInfo": Nothing,
    "sendMessage": SendMessage,
    "sendPhoto": SendPhoto,
    "sendSticker": SendSticker,
    "sendVoice": SendVoice,
    "sendChatAction": SendChatAction,
}
"""Names are case-sensitive."""


def read(method: str, body: bytes) -> Params:
    try:
        params: Params = msgspec.json.decode(body or b"{}", type=METHODS[method])
    except msgspec.MsgspecError as fault:
        raise Wrong(str(fault)) from None
    match params:
        case SetWebhook(url=url) if trouble := trouble_with(url):
            raise Wrong(f"url: {trouble}")
        case SendPhoto(photo=url) | SendVoice(voice_url=url) if trouble := trouble_with(url):
            raise Wrong(f"address of the file: {trouble}")
        case SendMessage(parse_mode=mode, text_styles=styles) if mode is not UNSET and styles is not UNSET:
            raise Wrong("parse_mode wins over text_styles: one of them is in vain")
        case SendMessage(text=words) | SendPhoto(caption=str(words)):
            if unicodedata.normalize("NFC", words) != words:
                raise Wrong("text is not NFC")
        case _:
            pass
    return params
