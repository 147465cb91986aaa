"""What a sentence and its translation must have alike: buttons, bold words, numbers, addresses, variables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from bot.content.facts import PHONE, digits, hosts
from bot.content.parts import Either, Part, Template
from bot.content.problems import quote
from bot.core.flow import Text

Labels = Mapping[str, Collection[str]]
"""What may stand for the bot's own buttons, and for what is typed to it, by the words of the translation.

These are shown in the reader's language; a button of VNeID never is. All in small letters.
"""

_QUOTED = re.compile(r"«([^»]*)»")
_NUMBER = re.compile(r"\d+")


class Difference(NamedTuple):
    """`snippet` stands in the translation, where the difference is something that is too much."""

    message: str
    hint: str = ""
    snippet: str = ""


def differences(original: str, translation: str, labels: Labels) -> Iterator[Difference]:
    yield from _in_buttons(original, translation, labels)
    kept, told = original.count("**") // 2, translation.count("**") // 2
    if kept != told:
        yield Difference(f"có {told} chỗ in đậm, bản gốc có {kept}", "in đậm đúng những chữ của bản gốc")
    for what, found in _KEPT.items():
        lost, added = _uneven(found(original), found(translation))
        yield from (Difference(f"mất {what} {quote(one)} của bản gốc") for one in lost)
        yield from (Difference(f"{what} {quote(one)} không có trong bản gốc") for one in added)


def in_variables(original: Text, translation: Text, free: Collection[str]) -> Iterator[Difference]:
    """Variables must be the same; those in `free` a translation does without."""
    kept, told = set(_variables(original)) - set(free), set(_variables(translation))
    for lost in sorted(kept - told):
        yield Difference(f'mất biến "{lost}" của bản gốc', f"viết {{{{ {lost} }}}}")
    for added in sorted(told - kept):
        yield Difference(f'không dùng biến "{added}" ở đây', "viết thẳng ra chữ", added)


def _in_buttons(original: str, translation: str, labels: Labels) -> Iterator[Difference]:
    kept = [_spaced(label) for label in _QUOTED.findall(original)]
    told = [_meant(_spaced(label), kept, labels) for label in _QUOTED.findall(translation)]
    lost, added = _uneven(kept, told)
    yield from (Difference(f"mất chữ «{label}» của bản gốc", _AS_SHOWN) for label in lost)
    yield from (Difference(f"chữ «{label}» không có trong bản gốc", _AS_SHOWN, label) for label in added)


_AS_SHOWN = "chữ trên màn hình giữ tiếng Việt: «Tiếp tục» (Continue)"


def _meant(label: str, among: Collection[str], labels: Labels) -> str:
    """The label of the original that this one stands for; itself when it is none of the bot's own."""
    own = labels.get(label.casefold(), ())
    return label if label in among else next((one for one in among if one.casefold() in own), label)


def _uneven(kept: Collection[str], told: Collection[str]) -> tuple[list[str], list[str]]:
    one, other = Counter(kept), Counter(told)
    return sorted(one - other), sorted(other - one)


def _variables(text: Text) -> list[str]:
    return list(_named(text.parts)) if isinstance(text, Template) else []


def _named(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            continue
        yield part.variable
        if isinstance(part, Either):
            yield from _named((*part.then, *part.otherwise))


def _spaced(label: str) -> str:
    return " ".join(label.split())


def _phones(words: str) -> list[str]:
    return [digits(phone) for phone in PHONE.findall(words)]


def _numbers(words: str) -> set[str]:
    """A number may be said more often than in the original, but none may come or go."""
    return set(_NUMBER.findall(words))


_KEPT: Mapping[str, Callable[[str], Collection[str]]] = {
    "số điện thoại": _phones,
    "địa chỉ": hosts,
    "con số": _numbers,
}
