"""The simulated Telegram."""

from tests.platforms.telegram.errors import ApiError
from tests.platforms.telegram.faults import (
    Down,
    Fault,
    Faults,
    Hangs,
    LosesAnswer,
    Nonsense,
    Refuses,
    Resets,
    Slow,
    TooMany,
)
from tests.platforms.telegram.mail import Update
from tests.platforms.telegram.markup import Button
from tests.platforms.telegram.people import Group, Person
from tests.platforms.telegram.photos import Photo, png
from tests.platforms.telegram.record import Call, Calls
from tests.platforms.telegram.server import TOKEN, FakeTelegram
from tests.platforms.telegram.world import Message, Press

__all__ = [
    "TOKEN",
    "ApiError",
    "Button",
    "Call",
    "Calls",
    "Down",
    "FakeTelegram",
    "Fault",
    "Faults",
    "Group",
    "Hangs",
    "LosesAnswer",
    "Message",
    "Nonsense",
    "Person",
    "Photo",
    "Press",
    "Refuses",
    "Resets",
    "Slow",
    "TooMany",
    "Update",
    "png",
]
