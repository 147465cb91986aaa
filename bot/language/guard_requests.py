"""Find requests among marked words: who is to give what to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.app.dangers import Danger
from bot.language.guard_reading import AMOUNT, COMMA, STOP
from bot.language.guard_words import LEXICON, LINKS, LONGEST_PHRASE, SECRETS, Mark

AHEAD, BACK = 12, 12
"""Items that are looked at on either side of a verb."""


@dataclass(frozen=True, slots=True)
class Item:
    """`denied`: under a negation. `theirs`: somebody else is said to ask, in the same sentence."""

    mark: Mark
    words: str
    denied: bool = False
    theirs: bool = False


def marked(words: Sequence[str]) -> list[Item]:
    """The longest phrases that mean something, with what governs them."""
    items: list[Item] = []
    place, denied, theirs = 0, False, False
    while place < len(words):
        mark, length = _mark_at(words, place)
        phrase = " ".join(words[place : place + length])
        place += length
        match mark:
            case Mark.STOP:
                denied = theirs = False
            case Mark.NOT:
                denied = True
            case Mark.CALM:
                denied = False
            case Mark.OTHERS:
                theirs = theirs or not denied
            case _ if denied and not _goes_on(mark, phrase):
                denied = False
        items.append(Item(mark, phrase, denied, theirs))
    return items


def requests(items: Sequence[Item]) -> Iterator[Danger]:
    for place, item in enumerate(items):
        if item.denied:
            continue
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
                yield from _called(items, place)
            case Mark.PAY | Mark.FEE | Mark.CARD:
                yield from _paid(items, place)
            case Mark.FRIEND | Mark.REMOTE if not item.theirs or _near_self(items, place):
                yield Danger.OTHER_CHANNEL
            case Mark.CHANNEL:
                yield from _elsewhere(items, place)
            case Mark.APK if not item.theirs:
                yield Danger.INSTALL
            case Mark.SETUP:
                yield from _set_up(items, place)
            case _:
                pass


def _mark_at(words: Sequence[str], place: int) -> tuple[Mark, int]:
    match words[place]:
        case word if word == STOP:
            return Mark.STOP, 1
        case word if word == COMMA:
            return Mark.COMMA, 1
        case word if word == AMOUNT:
            return Mark.AMOUNT, 1
        case _:
            pass
    for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
        mark = LEXICON.get(tuple(words[place : place + length]))
        if mark is not None:
            return mark, length
    return Mark.PLAIN, 1


_VERBS = frozenset(
    {
        Mark.GIVE, Mark.TELL, Mark.ENTER, Mark.DO, Mark.SHOOT, Mark.SETUP, Mark.CONTACT, Mark.PAY, Mark.FEE,
        Mark.FRIEND, Mark.BUTTON,
    }
)  # fmt: skip
_OBJECTS = frozenset(
    {*SECRETS, Mark.THAT, Mark.SCREEN, Mark.AMOUNT, Mark.CHANNEL, Mark.REMOTE, Mark.PROGRAM, Mark.APK}
)
_PERSONS = frozenset({Mark.SELF, Mark.YOU, Mark.ANYONE, Mark.OFFICE, Mark.OTHERS, Mark.HERE})


def _goes_on(mark: Mark, phrase: str) -> bool:
    """Whether a negation reaches over this."""
    return mark in _VERBS or mark in _OBJECTS or mark in _PERSONS or phrase in LINKS


def _given(items: Sequence[Item], verb: int) -> Iterator[Danger]:
    item = items[verb]
    if _by_machine(items, verb):
        return
    to = _recipient(items, verb)
    if to not in {Mark.SELF, Mark.HERE} and (item.theirs or to is not None or item.mark is Mark.TELL):
        return
    thing = _object(items, verb)
    if thing is None:
        if to is not None and _directly(items, verb) and (earlier := _spoken_of(items, verb)) is not None:
            yield earlier
        return
    yield thing


def _recipient(items: Sequence[Item], verb: int) -> Mark | None:
    """To whom it goes: the first person after the verb who is not merely helped; None without one."""
    for place in range(verb + 1, min(len(items), verb + AHEAD)):
        item, before = items[place], items[place - 1]
        if item.mark is Mark.STOP or (item.denied and place > verb + 1):
            return None
        if item.mark in {Mark.ENTER, Mark.SETUP} and before.mark is not Mark.SELF:
            return None
        if item.mark is Mark.SELF and before.words not in _NOT_TO:
            return Mark.SELF
        if item.mark in {Mark.HERE, Mark.ANYONE, Mark.OFFICE}:
            return item.mark
        if item.mark is Mark.YOU and before.words in {"cho", "ve", "toi", "den", "may", "dien thoai"}:
            return Mark.YOU
        if item.words in {"ve", "toi may", "den may"}:
            return Mark.YOU
    return None


_NOT_TO = frozenset({"giup", "ho", "cung", "theo", "cua", "de", "nhu", "nho", "gium"})


def _object(items: Sequence[Item], verb: int) -> Danger | None:
    """What is given: the first thing after the verb that is not harmless."""
    for place in range(verb + 1, min(len(items), verb + AHEAD)):
        item = items[place]
        if item.mark in {Mark.STOP, Mark.ENTER, Mark.WHETHER, Mark.HARMLESS, Mark.BUTTON} or item.denied:
            return None
        if item.mark in SECRETS:
            return SECRETS[item.mark]
        if item.mark is Mark.THAT and item.words.startswith("ma"):
            return Danger.CODE
    return None


def _directly(items: Sequence[Item], verb: int) -> bool:
    """Nothing else is given: between the verb and the helper stand small words only."""
    for place in range(verb + 1, min(len(items), verb + 6)):
        item = items[place]
        if item.mark in {Mark.SELF, Mark.HERE}:
            after = items[place + 1 : place + 6]
            return not any(
                one.mark in {Mark.HARMLESS, Mark.WHETHER} or one.words in {"nghe", "xem may", "hay"}
                for one in after
            )
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
        if item.mark in SECRETS or (item.mark is Mark.THAT and item.words.startswith("ma")):
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
        if item.mark in {Mark.SYSTEM, Mark.PROGRAM, Mark.OURS, Mark.BUTTON}:
            return True
        if item.words not in _SOON:
            return False
    return False


_SOON = frozenset({"se", "vua", "da", "moi", "tu", "duoc", "dang", "co", "khong", "gui"})


def _entered_here(items: Sequence[Item], verb: int) -> Iterator[Danger]:
    """Typed into this chat instead of the app."""
    secret: Danger | None = None
    for item in items[verb + 1 : verb + 8]:
        if (
            item.mark in {Mark.STOP, Mark.COMMA, Mark.SYSTEM, Mark.OURS, Mark.WHETHER, Mark.HARMLESS}
            or item.denied
        ):
            return
        if item.mark in SECRETS:
            secret = SECRETS[item.mark]
        if secret is not None and item.mark is Mark.HERE:
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
    if items[me].theirs and (me == 0 or items[me - 1].words != "cho"):
        return
    before = items[me - 1].words if me else ""
    after = [item.words for item in items[me + 1 : me + 3]]
    wants = bool({"xin", "lay"}.intersection(after)) or after[:1] in (["can"], ["muon"])
    if before == "cho" and after[:1] in (["biet"], ["muon"]):
        wants = True
    if not wants and not (before == "cho" and items[me - 1].mark is Mark.TELL):
        return
    for item in items[me + 1 : me + 8]:
        if item.denied or (item.mark in _OTHERWISE and item.words not in {"lay", "biet", "muon"}):
            return
        if item.mark in SECRETS and item.mark is not Mark.PAPER:
            yield SECRETS[item.mark]
            return


_OTHERWISE = frozenset({Mark.STOP, Mark.ENTER, Mark.WHETHER, Mark.HARMLESS, Mark.DO})


def _called(items: Sequence[Item], me: int) -> Iterator[Danger]:
    """A call outside the chat: "để cháu gọi cho bác", "bác gọi cho cháu"."""
    after = items[me + 1 : me + 5]
    if after and after[0].mark is Mark.CONTACT and after[0].words.startswith(("goi", "alo")):
        plainly = after[0].words in {"goi video", "goi truc tiep"}
        if plainly or any(item.mark is Mark.YOU for item in after[1:3]):
            yield Danger.OTHER_CHANNEL
    if me > 1 and items[me - 1].words == "cho" and items[me - 2].words in {"goi", "goi dien", "goi lai"}:
        yield Danger.OTHER_CHANNEL


def _paid(items: Sequence[Item], verb: int) -> Iterator[Danger]:
    """Money for the helper, or of which nobody official is the receiver."""
    item = items[verb]
    if item.theirs and not _near_self(items, verb):
        return
    low, high = _sentence(items, verb)
    around = items[low:high]
    if any(one.mark is Mark.FREE for one in around):
        return
    if any(one.mark in {Mark.ANYONE, Mark.OTHERS} for one in around) and not _near_self(items, verb):
        return
    official = any(one.mark is Mark.OFFICE for one in around)
    amount = any(one.mark is Mark.AMOUNT for one in around)
    mine = _near_self(items, verb)
    if item.mark is Mark.FEE:
        if (mine and (amount or not official)) or (amount and not official):
            yield Danger.MONEY
    elif mine or not official:
        yield Danger.MONEY


def _elsewhere(items: Sequence[Item], channel: int) -> Iterator[Danger]:
    """Another way to talk, offered by the helper."""
    low, high = _sentence(items, channel)
    around = items[max(low, channel - 6) : min(high, channel + 8)]
    if items[channel].theirs and not _near_self(items, channel):
        return
    meets = any(
        one.mark in {Mark.CONTACT, Mark.FRIEND, Mark.GIVE, Mark.PHONE} and not one.denied for one in around
    )
    talks = any(one.words in _TALKING for one in around)
    if meets and (talks or any(one.mark is Mark.SELF for one in around)):
        yield Danger.OTHER_CHANNEL


_MEETING = frozenset({Mark.CONTACT, Mark.FRIEND, Mark.GIVE, Mark.PHONE})
_TALKING = frozenset({"noi chuyen", "nhan rieng", "goi video", "trao doi", "ket ban", "goi rieng", "lien he"})


def _set_up(items: Sequence[Item], verb: int) -> Iterator[Danger]:
    """Another program, or one from elsewhere."""
    if items[verb].theirs:
        return
    low, high = _sentence(items, verb)
    around = items[low:high]
    if any(one.mark is Mark.OURS for one in around):
        return
    program = next((one for one in items[verb + 1 : verb + 6] if one.mark is Mark.PROGRAM), None)
    if program is None:
        return
    strange = {"nay", "khac", "do", "theo", "ngoai", "link", "kia"}
    if (
        "ho tro" in program.words
        or program.words.startswith(("file", "tap tin"))
        or any(one.words in strange or one.mark in {Mark.SELF, Mark.THAT} for one in around)
    ):
        yield Danger.INSTALL


def _sentence(items: Sequence[Item], place: int) -> tuple[int, int]:
    """Where the sentence of an item begins and ends, within reach."""
    low, high = place, place + 1
    while low > max(0, place - BACK) and items[low - 1].mark is not Mark.STOP:
        low -= 1
    while high < min(len(items), place + AHEAD) and items[high].mark is not Mark.STOP:
        high += 1
    return low, high


def _near_self(items: Sequence[Item], place: int) -> bool:
    """Whether the helper is the one it goes to."""
    low, high = _sentence(items, place)
    return any(
        items[at].mark in {Mark.SELF, Mark.HERE} and (at == low or items[at - 1].words not in _NOT_TO)
        for at in range(max(low, place - 4), min(high, place + 8))
    )
