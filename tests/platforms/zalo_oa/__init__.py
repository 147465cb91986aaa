"""A simulated Zalo Official Account: signed events, consultation messages, uploads, history, OAuth v4.

async with FakeZaloOA(now=now) as oa:
    oa.listen("https://bot.example/webhooks/zalo-oa")
    nam = oa.person("Nam")
    await nam.follows()
    await nam.says("xin chào")
    await nam.taps("Đã bấm")
    nam.chat
"""

from tests.platforms.zalo.faults import Code, Hang, Lost, Nonsense, Reset, Status
from tests.platforms.zalo_oa.oauth import Pair
from tests.platforms.zalo_oa.people import Button, Message, Person
from tests.platforms.zalo_oa.server import FakeZaloOA

__all__ = [
    "Button",
    "Code",
    "FakeZaloOA",
    "Hang",
    "Lost",
    "Message",
    "Nonsense",
    "Pair",
    "Person",
    "Reset",
    "Status",
]
