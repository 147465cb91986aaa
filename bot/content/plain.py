"""Whether old people follow it: short sentences, everyday words, one action a step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.content.actions import MOST, Kind, acts, counted
from bot.content.draft import Role, Said
from bot.content.pointing import once, spot_of
from bot.content.problems import Problem, fault, quote
from bot.content.prose import sentences, syllables, without_quotations
from bot.content.texts import renderings
from bot.content.wordlist import Wordlist, read_wordlist
from bot.core.contact import SOURCE

LONGEST_SENTENCE = 25
LONGEST_MEAN = 16
_ENOUGH_FOR_A_MEAN = 3

_READ_ALOUD = frozenset({Role.STEP, Role.RETRY, Role.ANSWER, Role.CANNED, Role.OWN})
"""What the bot says. Choices and questions are in the resident's words, and have limits of their own."""

_NUMBER = re.compile(r"^\**\d+[.)]\**\s", re.MULTILINE)

_EXPLAINED = re.compile(r"\**\s*\(")
_EXPLAINS = re.compile(r"\((?:gọi là\s)?$")


def read_official(root: Path, problems: list[Problem]) -> Wordlist | None:
    return read_wordlist(root, f"locales/{SOURCE}/official.txt", problems)


def check_plain(said: Said, official: Wordlist | None, problems: list[Problem]) -> None:
    """List what is hard to follow in any form that the sentence may take."""
    if said.role not in _READ_ALOUD:
        return
    found: dict[Problem, None] = {}
    for words in renderings(said.text):
        found.update(dict.fromkeys(_breath(said, words)))
        found.update(dict.fromkeys(_numbers(said, words)))
        if official is not None:
            found.update(dict.fromkeys(_official(said, words, official)))
        if said.acts and said.role is Role.STEP:
            found.update(dict.fromkeys(_actions(said, words)))
    problems.extend(once(found))


def _breath(said: Said, words: str) -> Iterator[Problem]:
    spoken = [(sentence, syllables(sentence)) for sentence in sentences(words)]
    lengths = [length for _, length in spoken if length]
    for sentence, length in spoken:
        if length > LONGEST_SENTENCE:
            message = f"câu dài {length} tiếng, tối đa {LONGEST_SENTENCE}"
            yield fault(spot_of(said, sentence), message, "tách thành hai câu")
    if len(lengths) >= _ENOUGH_FOR_A_MEAN and sum(lengths) > LONGEST_MEAN * len(lengths):
        mean = round(sum(lengths) / len(lengths), 1)
        message = f"trung bình mỗi câu {mean} tiếng, tối đa {LONGEST_MEAN}"
        yield fault(said.scalar.spot, message, "tách câu dài, bớt chữ")


def _numbers(said: Said, words: str) -> Iterator[Problem]:
    """The choices below a text are numbered, and are chosen by number."""
    for number in _NUMBER.finditer(words):
        message = f"dòng bắt đầu bằng {quote(number[0].strip())} dễ lẫn với số để chọn"
        yield fault(spot_of(said, number[0]), message, "bắt đầu dòng bằng dấu gạch: «- »")


def _official(said: Said, words: str, official: Wordlist) -> Iterator[Problem]:
    """A word may stay in a quotation, before its explanation in brackets, or as one: "(gọi là OTP)"."""
    plain = without_quotations(words)
    for phrase in official.search(plain):
        explains = _EXPLAINS.search(plain[: phrase.start()]) and plain.startswith(")", phrase.end())
        if explains or _EXPLAINED.match(plain, phrase.end()):
            continue
        better = official.better(phrase[0])
        hint = f"nên viết: {better}" if better else "bỏ đi"
        yield fault(spot_of(said, phrase[0]), f"{quote(phrase[0])} là lời giấy tờ, khó hiểu", hint)


def _actions(said: Said, words: str) -> Iterator[Problem]:
    """Three things to do with the fingers, or two sentences that each tell to press a button."""
    told = counted(acts(words))
    presses = [act for act in told if act.kind is Kind.PRESS and "«" in act.words]
    second = next((act for act in presses if act.sentence != presses[0].sentence), None)
    if len(told) > MOST:
        extra, many = told[MOST], f"{len(told)} việc phải làm trên màn hình"
    elif second is not None:
        extra, many = second, "hơn một việc phải bấm"
    else:
        return
    yield fault(spot_of(said, _at(extra.words)), f"bước này có {many}", "tách thành hai bước")


def _at(words: str) -> str:
    """A button stands for the act: it is what the eye looks for."""
    label = re.search(r"«[^»]*»", words)
    return label[0] if label else words
