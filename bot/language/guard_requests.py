"""Find requests among marked words: who is to give what to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.app.dangers import Danger
from bot.language.guard_lures import called, led_elsewhere, near_self, paid, set_up
from bot.language.guard_marks import AHEAD, BACK, SOON, Item, sentence_of
from bot.language.guard_reading import STOP
from bot.language.guard_words import LEXICON, LINKS, SECRETS, Mark


def requests(items: Sequence[Item]) -> Iterator[Danger]:
    for place, item in enumerate(items):
        if not item.denied:
            yield from requests_at(items, place)
    yield from _together(items)


def requests_at(items: Sequence[Item], place: int) -> Iterator[Danger]:
    """What the word at this place asks for."""
    item = items[place]
    match item.mark:
        case Mark.GIVE | Mark.TELL:
            yield from _given(items, place)
        case Mark.ENTER:
            yield from _entered_here(items, place)
        case Mark.SHOOT:
            yield from _shot(items, place)
        case Mark.CODE | Mark.PASSWORD | Mark.NUMBER | Mark.PHONE | Mark.ACCOUNT:
            yield from _asked(items, place)
        case Mark.SELF:
            yield from _wanted(items, place)
            yield from called(items, place)
        case Mark.PAY | Mark.FEE | Mark.CARD:
            yield from paid(items, place)
        case Mark.FRIEND | Mark.REMOTE if not item.theirs or near_self(items, place):
            yield Danger.OTHER_CHANNEL
        case Mark.CHANNEL:
            yield from led_elsewhere(items, place)
        case Mark.APK if not item.theirs:
            yield Danger.INSTALL
        case Mark.SETUP:
            yield from set_up(items, place)
        case _:
            pass


def _together(items: Sequence[Item]) -> Iterator[Danger]:
    """A secret and the helper in one sentence in which nothing makes it harmless: however it is asked for."""
    secret, helper, harmless = None, False, False
    for item in (*items, Item(Mark.STOP, STOP)):
        if item.mark is Mark.STOP:
            if secret is not None and helper and not harmless:
                yield secret
            secret, helper, harmless = None, False, False
        elif item.mark in {Mark.CODE, Mark.PASSWORD, Mark.NUMBER} and not (item.denied or item.theirs):
            secret = SECRETS[item.mark]
        helper = helper or (item.mark is Mark.SELF and item.words != "minh")
        harmless = harmless or item.mark in _HARMLESS or item.words in _KEEPING


_HARMLESS = frozenset(
    {Mark.OURS, Mark.ENTER, Mark.BUTTON, Mark.WHETHER, Mark.NOT, Mark.HARMLESS, Mark.OTHERS}
)
_KEEPING = frozenset({"giu", "kin", "bi", "rieng"})


def _given(items: Sequence[Item], verb: int) -> Iterator[Danger]:
    item = items[verb]
    if _by_machine(items, verb):
        return
    to = _recipient(items, verb)
    if to not in {Mark.SELF, Mark.HERE} and (item.theirs or to is not None):
        return
    thing = _object(items, verb)
    if thing is None:
        told = _directly(items, verb) if to is not None else _for_helper(items, verb)
        if told and (earlier := _spoken_of(items, verb)) is not None:
            yield earlier
        return
    if (
        to is None
        and item.mark is Mark.TELL
        and (item.words.split()[0] not in _ALOUD or _kept(items, verb, thing))
    ):
        return
    yield thing


_ALOUD = frozenset({"doc", "noi", "dua", "bao", "tra", "cho"})
"""Who is told to do so with a code tells it to whoever asks, also when nobody is named."""


def _kept(items: Sequence[Item], verb: int, thing: Danger | None) -> bool:
    """Whether what is read out stays with the resident: it is typed into the app, or it is no code."""
    rest = items[verb + 1 : sentence_of(items, verb)[1]]
    typed = any(one.mark in {Mark.ENTER, Mark.OURS, Mark.SYSTEM} or one.denied for one in rest)
    return typed or thing not in {Danger.CODE, Danger.PASSWORD}


def _recipient(items: Sequence[Item], verb: int) -> Mark | None:
    """To whom it goes: the first person after the verb who is not merely helped; None without one."""
    for place in range(verb + 1, min(len(items), verb + AHEAD)):
        item, before = items[place], items[place - 1]
        if item.mark is Mark.STOP or (item.denied and place > verb + 1):
            return None
        if item.mark in {Mark.ENTER, Mark.SETUP} and before.mark is not Mark.SELF:
            return None
        asked = place == verb + 2 and before.words in _FOR
        if item.mark is Mark.SELF and (asked or before.words not in _NOT_TO):
            if before.mark is Mark.COMMA and place == verb + 2:
                return None  # "nói: tôi bị vướng mã OTP" is what to say to an officer
            return Mark.SELF
        if item.mark in {Mark.HERE, Mark.ANYONE, Mark.OFFICE}:
            return item.mark
        if item.mark is Mark.YOU and before.words in {"cho", "ve", "toi", "den", "may", "dien thoai"}:
            return Mark.YOU
        if item.words in {"ve", "toi may", "den may"}:
            return Mark.YOU
    return None


_FOR = frozenset({"giup", "ho", "gium"})
_NOT_TO = frozenset(
    {"giup", "ho", "cung", "theo", "cua", "de", "nhu", "nho", "gium", "ten", "rieng", "chinh"}
)


def _object(items: Sequence[Item], verb: int) -> Danger | None:
    """What is given: the first thing after the verb that is not harmless."""
    for place in range(verb + 1, min(len(items), verb + AHEAD)):
        item = items[place]
        if item.mark in {Mark.STOP, Mark.ENTER, Mark.WHETHER, Mark.HARMLESS, Mark.BUTTON} or item.denied:
            return None
        if item.mark in SECRETS:
            return SECRETS[item.mark]
        if _is_a_code(item):
            return Danger.CODE
        if item.mark is Mark.AMOUNT:
            return Danger.MONEY
        if item.words == "tin nhan" and items[verb].mark is Mark.GIVE:
            return Danger.CODE
    return None


_LIKE_CODES = ("ma", "day so", "day chu so", "con so", "sau con", "6 con", "may con", "cac con", "chu so")


def _is_a_code(item: Item) -> bool:
    """A code without saying of what."""
    return item.mark is Mark.THAT and item.words in _CODES


_OTHERWISE_TOLD = frozenset({"nghe", "hay", "chua", "duoc chua", "neu"})
_CODES = frozenset(phrase for phrase in map(" ".join, LEXICON) if phrase.startswith(_LIKE_CODES))


def _for_helper(items: Sequence[Item], verb: int) -> bool:
    """Nothing is named, but the helper goes on with it: "bác đọc đi để cháu bấm"."""
    after = items[verb + 1 : min(verb + 6, sentence_of(items, verb)[1])]
    asked = verb > 0 and items[verb - 1].mark is Mark.YOU
    return asked and any(one.words == "de" and two.mark is Mark.SELF for one, two in pairwise(after))


def _directly(items: Sequence[Item], verb: int) -> bool:
    """Nothing else is given: between the verb and the helper stand small words only."""
    for place in range(verb + 1, min(len(items), verb + 6)):
        item = items[place]
        if item.mark in {Mark.SELF, Mark.HERE}:
            after = items[place + 1 : place + 6]
            return not any(one.mark is Mark.HARMLESS or one.words in _OTHERWISE_TOLD for one in after)
        if (
            item.mark not in {Mark.THAT, Mark.PLAIN, Mark.TELL, Mark.GIVE, Mark.CONTACT}
            and item.words not in LINKS
        ):
            return False
    return False


_SMALL = frozenset({Mark.THAT, Mark.PLAIN, Mark.TELL, Mark.GIVE, Mark.CONTACT})


def _spoken_of(items: Sequence[Item], verb: int) -> Danger | None:
    """A secret just before the verb that nothing harmless was said of: "mã về thì báo cháu"."""
    for place in range(verb - 1, max(-1, verb - BACK), -1):
        item = items[place]
        reports = item.mark is Mark.WHETHER and items[verb].words in _REPORTING
        if reports or item.mark in {Mark.ENTER, Mark.HARMLESS, Mark.BUTTON} or item.denied:
            return None
        if item.mark in SECRETS or _is_a_code(item):
            before = items[max(0, place - 4) : place]
            if any(one.mark in {Mark.ENTER, Mark.BUTTON} or one.denied for one in before):
                return None
            return SECRETS.get(item.mark, Danger.CODE)
    return None


_REPORTING = frozenset({"bao", "nhan", "noi", "tra loi", "nhan lai", "bao lai", "noi lai"})
"""What somebody does who says how it went."""


def _by_machine(items: Sequence[Item], verb: int) -> bool:
    """Whether the app, not the resident, sends; or a button is spoken of."""
    for place in range(verb - 1, max(-1, verb - 4), -1):
        item = items[place]
        if item.mark is Mark.YOU:
            return False
        if item.mark in {Mark.SYSTEM, Mark.PROGRAM, Mark.OURS, Mark.BUTTON}:
            return True
        if item.words not in SOON:
            return False
    return False


def _entered_here(items: Sequence[Item], verb: int) -> Iterator[Danger]:
    """Typed into this chat instead of the app."""
    secret = _spoken_of(items, verb)
    for place in range(verb + 1, min(len(items), verb + AHEAD)):
        item = items[place]
        if (item.mark in _ELSEWHERE and item.words != "tin nhan") or item.denied:
            return
        if item.mark in SECRETS:
            secret = SECRETS[item.mark]
        to_helper = item.mark is Mark.SELF and items[place - 1].words == "cho"
        if secret is not None and (to_helper or item.mark is Mark.HERE):
            if not any(one.mark is Mark.HARMLESS for one in items[place + 1 : place + 6]):
                yield secret
            return


_ELSEWHERE = frozenset({Mark.STOP, Mark.COMMA, Mark.SYSTEM, Mark.OURS, Mark.WHETHER, Mark.HARMLESS})


def _shot(items: Sequence[Item], verb: int) -> Iterator[Danger]:
    """Photographed, and given to the helper."""
    handed = False
    for place in range(verb + 1, min(len(items), verb + AHEAD + 4)):
        item = items[place]
        if item.mark is Mark.STOP or item.denied:
            return
        handed = handed or item.mark in {Mark.GIVE, Mark.TELL} or item.words in {"qua", "sang"}
        if handed and item.mark in {Mark.SELF, Mark.HERE} and items[place - 1].words not in _NOT_TO:
            yield Danger.DOCUMENT
            return


def _asked(items: Sequence[Item], secret: int) -> Iterator[Danger]:
    """Asked for: "mã OTP của bác là bao nhiêu?". Not: what such a thing is."""
    before = items[max(0, secret - 4) : secret]
    if any(one.mark in {Mark.ENTER, Mark.WHETHER} or one.denied for one in before):
        return
    whose = any(one.mark is Mark.YOU for one in before[-3:])
    for item in items[secret + 1 : secret + 8]:
        if item.mark in {Mark.STOP, Mark.ENTER, Mark.WHETHER, Mark.HARMLESS, Mark.BUTTON} or item.denied:
            return
        whose = whose or item.mark is Mark.YOU
        if item.mark is Mark.WHAT and item.words != "the nao":
            counted = "bao nhieu" in item.words or "so" in item.words or "may" in item.words
            if item.words != "gi" and (counted or whose):
                yield SECRETS[items[secret].mark]
            return


def _wanted(items: Sequence[Item], me: int) -> Iterator[Danger]:
    """Wished for: "cho cháu xin …", "cháu cần …"."""
    given = me > 0 and items[me - 1].words == "cho" and items[me - 1].mark is Mark.TELL
    if (items[me].theirs and not given) or (me > 0 and items[me - 1].denied):
        return
    after = [item.words for item in items[me + 1 : me + 5] if item.words not in SOON]
    wants = after[:1] in (["xin"], ["can"], ["lay"]) or (given and after[:1] in (["biet"], ["muon"]))
    if not wants and not given:
        return
    both = items[me].words == "minh" and not given  # "mình" is more often both of them
    for place in range(me + 1, min(len(items), me + 8)):
        item = items[place]
        if item.denied or (item.mark in _OTHERWISE and item.words not in {"lay", "biet", "muon"}):
            return
        if both and not any(one.mark is Mark.YOU for one in items[place + 1 : place + 4]):
            continue
        secret = item.mark in SECRETS and item.mark is not Mark.PAPER
        if secret or (_is_a_code(item) and place == me + 1):
            yield SECRETS.get(item.mark, Danger.CODE)
            return


_OTHERWISE = frozenset({Mark.STOP, Mark.ENTER, Mark.WHETHER, Mark.HARMLESS, Mark.DO})
