"""Which bodies `POST v3.0/oa/message/cs` takes. Unknown fields are refused, which the real one may not do."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal, assert_never

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from tests.platforms.zalo.addresses import trouble_with
from tests.platforms.zalo_oa.people import Button

LONGEST_TEXT = 2000

Words = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
Title = Annotated[str, Meta(min_length=1, max_length=100)]
Phone = Annotated[str, Meta(pattern=r"^\+?[0-9]{3,15}$")]


class Wrong(Exception):
    """Parameter refused (-201): a fault of the caller."""


class Sent(Struct, frozen=True):
    """A message that Zalo would show. `photo` is the address or the attachment id of a picture."""

    user_id: str
    text: str = ""
    buttons: tuple[Button, ...] = ()
    photo: str = ""
    uploaded: bool = False


def read(body: bytes) -> Sent:
    try:
        asked = msgspec.json.decode(body, type=_Asked)
        sent = _sent(asked)
    except msgspec.MsgspecError as fault:
        raise Wrong(str(fault)) from None
    if unicodedata.normalize("NFC", sent.text) != sent.text:
        raise Wrong("text is not NFC")
    if sent.photo and not sent.uploaded and (trouble := trouble_with(sent.photo)):
        raise Wrong(f"picture address: {trouble}")
    return sent


class _Strict(Struct, forbid_unknown_fields=True):
    pass


class _Recipient(_Strict):
    user_id: Annotated[str, Meta(pattern=r"^[0-9]{1,20}$")]


class _Url(_Strict):
    url: Annotated[str, Meta(pattern=r"^https?://[^ ]+$")]


class _Call(_Strict):
    phone_code: Phone


class _Sms(_Strict):
    content: Annotated[str, Meta(min_length=1, max_length=160)]
    phone_code: Phone


_Query = Annotated[str, Meta(min_length=1, max_length=1000)]


class _Shown(_Strict, tag="oa.query.show", tag_field="type"):
    title: Title
    payload: _Query


class _Hidden(_Strict, tag="oa.query.hide", tag_field="type"):
    title: Title
    payload: _Query


class _Open(_Strict, tag="oa.open.url", tag_field="type"):
    title: Title
    payload: _Url


class _Dial(_Strict, tag="oa.open.phone", tag_field="type"):
    title: Title
    payload: _Call


class _Write(_Strict, tag="oa.open.sms", tag_field="type"):
    title: Title
    payload: _Sms


_Button = _Shown | _Hidden | _Open | _Dial | _Write


class _Buttons(_Strict):
    buttons: Annotated[list[_Button], Meta(min_length=1, max_length=5)]


class _Media(_Strict):
    media_type: Literal["image"]
    url: str | UnsetType = UNSET
    attachment_id: str | UnsetType = UNSET


class _Gallery(_Strict):
    template_type: Literal["media"]
    elements: Annotated[list[_Media], Meta(min_length=1, max_length=1)]


class _Attachment(_Strict):
    type: Literal["template"]
    payload: msgspec.Raw


class _Message(_Strict):
    text: Words | UnsetType = UNSET
    attachment: _Attachment | UnsetType = UNSET


class _Asked(_Strict):
    recipient: _Recipient
    message: _Message


class _Peek(Struct):
    template_type: str | UnsetType = UNSET


def _sent(asked: _Asked) -> Sent:
    to, message = asked.recipient.user_id, asked.message
    words = "" if message.text is UNSET else message.text
    if message.attachment is UNSET:
        if not words:
            raise Wrong("a message of nothing")
        return Sent(to, words)
    payload = message.attachment.payload
    if msgspec.json.decode(payload, type=_Peek).template_type is UNSET:
        if not words:
            raise Wrong("buttons without text")
        return Sent(to, words, tuple(map(_button, msgspec.json.decode(payload, type=_Buttons).buttons)))
    element = msgspec.json.decode(payload, type=_Gallery).elements[0]
    if (element.url is UNSET) == (element.attachment_id is UNSET):
        raise Wrong("a picture has either url or attachment_id")
    if element.url is UNSET:
        return Sent(to, words, photo=str(element.attachment_id), uploaded=True)
    return Sent(to, words, photo=element.url)


def _button(button: _Button) -> Button:
    match button:
        case _Shown(title, payload):
            return Button(title, "oa.query.show", payload)
        case _Hidden(title, payload):
            return Button(title, "oa.query.hide", payload)
        case _Open(title, _Url(url)):
            return Button(title, "oa.open.url", url)
        case _Dial(title, _Call(phone)):
            return Button(title, "oa.open.phone", phone)
        case _Write(title, _Sms(content, phone)):
            return Button(title, "oa.open.sms", f"{phone} {content}")
        case never:
            assert_never(never)
