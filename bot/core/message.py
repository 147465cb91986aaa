"""The words that all channels share: who wrote, what came in, what goes out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core.contact import SOURCE


@dataclass(frozen=True, slots=True)
class Address:
    """One account on one channel. `id` is personal data: it is stored hashed and sealed only."""

    channel: str
    id: str


class Kind(StrEnum):
    """What a resident sent. Everything but text is noted, never fetched.

    A photo may come with words. EDITED is a message that was changed after it was sent, with its new words.
    UNSUPPORTED is what a platform keeps from us, though the person meant it for us. LEFT: the person blocked
    us or went away.
    """

    TEXT = "text"
    PHOTO = "photo"
    VOICE = "voice"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    EDITED = "edited"
    UNSUPPORTED = "unsupported"
    LEFT = "left"
    OTHER = "other"


class Secret(StrEnum):
    """What the sieve masks. The value names the kind, never the content."""

    ID_CARD = "id_card"
    OLD_ID_CARD = "old_id_card"
    PHONE = "phone"
    OTP = "otp"
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    PASSCODE = "passcode"
    BANK_CARD = "bank_card"
    BANK_ACCOUNT = "bank_account"
    EMAIL = "email"
    CARD_QR = "card_qr"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, already sieved.

    `key` names the platform's event and is unique per channel: the same key takes effect once.
    `text` holds no secret; `found` says which kinds were masked. `button` is the token of a pressed
    button exactly as we sent it, or empty. `seed` is drawn at random by the inbox for each message: ids
    that must not be guessed, such as a run's, are made from it. `locale` is the language of the page it was
    written on, for people of whom nothing is kept; empty when that is not known. `commune` is the code of the
    poster that led here ("22291-3", or "22291" on one without a number), to be believed as a hint only.
    `phone` is the kind of phone, of `PHONES`, that the page was opened on; empty when that is not known.
    `window` is for how many seconds from now we may write to this person unasked; 0: for ever. `again` is how
    many messages of this kind, when it is not text, the same sender sent just before, as far as is known
    without keeping anything. `shown` are the choices on the screen of somebody of whom nothing is kept, as
    far as they are known: a number means one of them, and nothing without them; `shown_at` is since when.
    `crowded`: so many asked for a human from where this comes from that no more can be taken right now.
    """

    address: Address
    key: str
    text: str = ""
    button: str = ""
    kind: Kind = Kind.TEXT
    found: tuple[Secret, ...] = ()
    seed: str = ""
    locale: str = ""
    commune: str = ""
    phone: str = ""
    again: int = 0
    window: int = 0
    shown: tuple[Choice, ...] = ()
    crowded: bool = False
    shown_at: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered answer. `token` comes back as `Incoming.button` when it is pressed."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What to show beside a message: a drawn phone screen with one thing highlighted.

    `step` ("kich-hoat/mo-app") is whose it is: a real screenshot of that step takes the drawing's place.
    """

    phone: str
    highlight: str
    alt: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the resident.

    `text` is words in the language `locale` with **bold** and line breaks, nothing else. `choices` are
    numbered from 1 in the order given. `shortcuts` are the universal words that make sense here (back, human,
    menu). `author` is the name of the person who says it, at the desk; empty for the bot.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    shortcuts: tuple[Choice, ...] = ()
    picture: Picture | None = None
    link: str = ""
    locale: str = SOURCE
    author: str = ""


def signed(reply: Reply) -> str:
    """The text under the name of whoever says it, so that everybody sees that it is not the bot."""
    return f"**{signature(reply)}:** {reply.text}" if reply.author else reply.text


def signature(reply: Reply) -> str:
    """The name with what they are; empty for the bot."""
    role = VOLUNTEER.get(reply.locale, VOLUNTEER[SOURCE])
    return f"{reply.author} ({role})" if reply.author else ""


def numbered(reply: Reply) -> str:
    """The reply as plain text: who says it, if not the bot, and every choice with the number to type."""
    lines = [f"{number}. {choice.label}" for number, choice in enumerate(reply.choices, 1)]
    return "\n\n".join(part for part in (signed(reply), "\n".join(lines)) if part)


VOLUNTEER = {SOURCE: "tình nguyện viên", "en": "volunteer"}
"""What stands beside the name of a person."""
