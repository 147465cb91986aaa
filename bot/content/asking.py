"""Nobody who means well asks for a code, a number, papers or money in a chat: neither may the bot.

A list of phrases cannot hold all the ways to ask, so a request is known by its parts: a verb of telling,
where it is to go (to us, here), and near them something secret. What is typed into VNeID goes elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.content.draft import Draft
from bot.content.pointing import spot_of
from bot.content.problems import Problem, fault, quote
from bot.content.prose import sentences, without_labels
from bot.content.requests import LANGUAGES, Language
from bot.content.texts import renderings
from bot.core.contact import SOURCE
from bot.core.flow import Ask

_HINT = "mã, số, ảnh, tiền: không bao giờ hỏi trong chat"
_CLAUSE = re.compile(r"[^,;:.!?\n]*")


def request(sentence: str, locale: str) -> str:
    """The words with which a sentence asks for something secret; empty when it does not."""
    language = LANGUAGES[locale]
    spoken = without_labels(sentence)
    lowered = spoken.lower()
    for shape in language.shapes:
        if not any(cue in lowered for cue in shape.cues):
            continue
        for asked in shape.pattern.finditer(spoken):
            start = max(0, asked.start() - shape.before)
            near = _CLAUSE.match(spoken, asked.end(), asked.end() + shape.after)
            end = near.end() if near else asked.end()
            secret = language.secret.search(spoken, start, end)
            if secret is None or language.warned.search(spoken[: asked.end("verb")]):
                continue
            if language.warned.search(asked[0]) or language.others.search(spoken[: asked.start()]):
                continue
            if not language.exposed.search(spoken, asked.end()):
                return sentence[min(secret.start(), asked.start()) : max(secret.end(), asked.end())]
    return ""


def check_questions(draft: Draft, problems: list[Problem]) -> None:
    """What a step asks for is kept: its question may not so much as name a secret, but to warn."""
    language = LANGUAGES[SOURCE]
    questions = [step for step in draft.read.values() if isinstance(step, Ask)]
    texts = [text for step in questions for text in (step.text, step.retry) if text is not None]
    for said in draft.said:
        if any(said.text is text for text in texts):
            named = (secret for words in renderings(said.text) for secret in _named(words, language))
            problems.extend(
                fault(
                    spot_of(said, secret), f"câu hỏi này đòi {quote(secret)}", "không bao giờ hỏi trong chat"
                )
                for secret in dict.fromkeys(named)
            )


def _named(words: str, language: Language) -> Iterator[str]:
    for sentence in sentences(words):
        for secret in language.secret.finditer(sentence):
            if not language.warned.search(sentence[: secret.start()]):
                yield secret[0]
