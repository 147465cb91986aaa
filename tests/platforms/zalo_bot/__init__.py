"""A simulated Zalo Bot Platform: methods, polling, a webhook, people and groups.

    async with FakeZaloBot(now=now) as bot:
        lan = bot.person("Lan")
        await lan.says("xin chào")
        lan.chat

`bot.base` is the api_base; calls go to `<base>/bot<token>/<method>`.
"""

from tests.platforms.zalo.faults import Code, Hang, Lost, Nonsense, Reset, Status
from tests.platforms.zalo_bot.people import Group, Message, Person
from tests.platforms.zalo_bot.server import FakeZaloBot

__all__ = [
    "Code",
    "FakeZaloBot",
    "Group",
    "Hang",
    "Lost",
    "Message",
    "Nonsense",
    "Person",
    "Reset",
    "Status",
]
