"""Money, another way to talk, another program: what a helper draws a resident to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.app.dangers import Danger
from bot.language.guard_marks import SOON, Item, sentence_of
from bot.language.guard_words import Mark


def called(items: Sequence[Item], me: int) -> Iterator[Danger]:
    """A call outside the chat: "để cháu gọi cho bác", "bác gọi cho cháu"."""
    after = [item for item in items[me + 1 : me + 6] if item.mark is Mark.YOU or item.words not in SOON]
    if after and _is_call(after[0]):
        plainly = after[0].words in {"goi video", "goi truc tiep"}
        if plainly or any(item.mark is Mark.YOU for item in after[1:3]):
            yield Danger.OTHER_CHANNEL
    to_helper = me > 1 and items[me - 1].words in {"cho", "lai"} and not items[me].theirs
    if to_helper and any(_is_call(item) and not item.denied for item in items[max(0, me - 4) : me]):
        yield Danger.OTHER_CHANNEL


def _is_call(item: Item) -> bool:
    return item.mark is Mark.CONTACT and item.words.startswith(("goi", "alo"))


def paid(items: Sequence[Item], verb: int) -> Iterator[Danger]:
    """Money for the helper, or of which nobody official is the receiver."""
    item = items[verb]
    if item.theirs and not near_self(items, verb):
        return
    low, high = sentence_of(items, verb)
    around = items[low:high]
    if any(one.mark is Mark.FREE for one in around):
        return
    if any(one.mark in {Mark.ANYONE, Mark.OTHERS} for one in around) and not near_self(items, verb):
        return
    official = any(one.mark is Mark.OFFICE for one in around)
    amount = any(one.mark is Mark.AMOUNT for one in around)
    mine = near_self(items, verb)
    if item.mark is Mark.FEE:
        if (mine and (amount or not official)) or (amount and not official):
            yield Danger.MONEY
    elif mine or not official:
        yield Danger.MONEY


def led_elsewhere(items: Sequence[Item], channel: int) -> Iterator[Danger]:
    """Another way to talk, offered by the helper."""
    low, high = sentence_of(items, channel)
    around = items[max(low, channel - 6) : min(high, channel + 8)]
    if items[channel].theirs and not near_self(items, channel):
        return
    meets = any(
        one.mark in {Mark.CONTACT, Mark.FRIEND, Mark.GIVE, Mark.PHONE} and not one.denied for one in around
    )
    talks = any(one.words in _TALKING for one in around)
    if meets and (talks or any(one.mark is Mark.SELF for one in around)):
        yield Danger.OTHER_CHANNEL


_TALKING = frozenset({"noi chuyen", "nhan rieng", "goi video", "trao doi", "ket ban", "goi rieng", "lien he"})


def set_up(items: Sequence[Item], verb: int) -> Iterator[Danger]:
    """Another program, or one from elsewhere."""
    if items[verb].theirs:
        return
    low, high = sentence_of(items, verb)
    around = items[low:high]
    if any(one.mark is Mark.OURS for one in around):
        return
    near = items[verb + 1 : min(high, verb + 8)]
    program = next((one for one in near[:5] if one.mark is Mark.PROGRAM), None)
    if program is None:
        return
    strange = {"nay", "khac", "do", "theo", "ngoai", "link", "kia"}
    if (
        "ho tro" in program.words
        or program.words.startswith(("file", "tap tin"))
        or any(one.words in strange or one.mark in {Mark.SELF, Mark.THAT} for one in near)
    ):
        yield Danger.INSTALL


def near_self(items: Sequence[Item], place: int) -> bool:
    """Whether the helper is the one it goes to."""
    low, high = sentence_of(items, place)
    return any(
        items[at].mark is Mark.HERE or (items[at].mark is Mark.SELF and at > low and _goes_to(items[at - 1]))
        for at in range(max(low, place - 4), min(high, place + 8))
    )


def _goes_to(before: Item) -> bool:
    """Whether what follows this word is the one to whom it goes."""
    return before.words in {"cho", "voi"} or before.mark in {
        *(Mark.PAY, Mark.FEE, Mark.GIVE, Mark.TELL, Mark.CONTACT),
    }
