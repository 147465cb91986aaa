"""What somebody reads who asks what is kept of them."""

from __future__ import annotations

from bot.app.ports import Kept, Line
from bot.app.privacy import ROOM, copy_of
from bot.core.message import Reply


def copied(*texts: str) -> list[str]:
    lines = tuple(Line(number, True, 1_795_000_000, Reply(text)) for number, text in enumerate(texts))
    return [reply.text for reply in copy_of(Kept(lines, 0, 0))]


def test_a_long_line_is_cut_between_words_and_says_so() -> None:
    (text,) = copied("quên mật khẩu " * 30)
    assert text.endswith((" quên…", " mật…", " khẩu…"))
    assert len(text) < 230
    (glued,) = copied("x" * 300)
    assert glued.endswith("x…")
    (short,) = copied("quên mật khẩu")
    assert short.endswith("→ quên mật khẩu")


def test_many_lines_come_in_messages_that_can_be_read() -> None:
    texts = copied(*["quên mật khẩu " * 10] * 40)
    assert len(texts) > 1
    assert all(len(text) <= ROOM for text in texts)
    assert sum(text.count("→") for text in texts) == 40


def test_no_link_is_given_that_shows_somebody_else_nothing() -> None:
    """The page of one's data knows a browser, not who writes in a chat app."""
    assert not any(reply.link for reply in copy_of(Kept((Line(1, True, 0, Reply("a")),), 0, 0)))
