"""The same requests in English: whoever reads English hears a person in English, and crooks know that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.app.dangers import Danger


def requests_in_english(text: str) -> Iterator[Danger]:
    """`text` is in small letters. Sentence by sentence: "never send anybody your OTP" asks for nothing."""
    for sentence in _ENDS.split(text):
        if _FORBIDS.search(sentence):
            continue
        for danger, thing in _THINGS.items():
            if any(re.search(rf"{asks}.{{0,40}}{thing}", sentence) for asks in (_GIVE, _WHAT)) or re.search(
                rf"{thing}.{{0,25}}\b(?:to|with) me\b", sentence
            ):
                yield danger
        if _PAY.search(sentence):
            yield Danger.MONEY
        if _ELSEWHERE.search(sentence):
            yield Danger.OTHER_CHANNEL
        if _INSTALL.search(sentence):
            yield Danger.INSTALL


_ENDS = re.compile(r"[.!?;…\n]+")
_FORBIDS = re.compile(r"\b(?:never|don.?t|do not|not to|nobody|no one|without|cannot|can.?t)\b")
_GIVE = (
    r"(?:\b(?:send|tell|give|show|text|forward|share with|read (?:out )?to|message) (?:it to )?"
    r"(?:me|us|here)\b|\b(?:i|we) (?:will |do |just )?(?:need|want|require)\b"
    r"|\b(?:send|share|provide|read out|type in here)\b)"
)
_WHAT = r"\b(?:what(?: i|.)?s|what was|what were|which)\b"
_THINGS = {
    Danger.CODE: (
        r"\b(?:otp|pass ?code|(?:security|verification|sms|one.time) (?:code|pin)|code|pin|"
        r"(?:6|six|4|four)[ -]?(?:digits?|numbers?))\b"
    ),
    Danger.PASSWORD: r"\b(?:password|pass ?word|passphrase)s?\b",
    Danger.ID_NUMBER: r"\b(?:id|identity|citizen|passport)(?: card)? numbers?\b",
    Danger.DOCUMENT: (
        r"\b(?:photos?|pictures?|pics?|scans?|screenshots?|selfies?)\b"
        r"(?:.{0,20}\b(?:id|card|passport|face|screen|yourself)\b)?"
    ),
    Danger.MONEY: r"\b(?:(?:bank|card|account) (?:number|details)s?|credit card|bank card)\b",
    Danger.OTHER_CHANNEL: r"\b(?:(?:phone|mobile|telephone|whatsapp|zalo) numbers?|e-?mail address)\b",
}
_PAY = re.compile(
    r"\b(?:transfer|pay|wire|send)\b.{0,30}"
    r"\b(?:money|vnd|dong|dollars?|usd|fees?|(?:to|into) (?:my|this|our))\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:add|call|contact|message|text|reach|find) (?:me|us)\b.{0,25}\b(?:on|at|via|by)\b"
    r"|\b(?:teamviewer|anydesk|ultraviewer|share your screen)\b"
)
_INSTALL = re.compile(
    r"\b(?:install|download)\b.{0,30}\b(?:apk|this (?:app|file|link)|from (?:here|this|my))\b"
)
