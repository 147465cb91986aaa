"""What a message may mean, in plain words to choose from."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.engine import Walk
from bot.core.faq import TO_A_HUMAN
from bot.core.session import Option, Verb

MOST_GUESSES = 3


def meanings(walk: Walk, intents: Iterable[str]) -> tuple[Option, ...]:
    """What each intent would do, at most three."""
    voice = walk.voice
    options: dict[tuple[Verb, str], Option] = {}
    for intent in intents:
        answer, entrance = walk.book.answers.get(intent), walk.book.starts.get(intent, "")
        question = voice.read(answer.question) if answer else ""
        if answer and intent == TO_A_HUMAN:
            options.setdefault((Verb.HUMAN, ""), Option(question, Verb.HUMAN, "", intent))
        elif answer and (not entrance or walk.session is not None):
            options.setdefault((Verb.ANSWER, intent), Option(question, Verb.ANSWER, intent, intent))
        elif entrance:
            label = question or voice.title(entrance)
            options.setdefault((Verb.START, entrance), Option(label, Verb.START, entrance, intent))
    return tuple(options.values())[:MOST_GUESSES]


def which(walk: Walk, offered: tuple[Option, ...]) -> str:
    """The question that tells the guesses apart, if they share a topic."""
    topics = {walk.book.topics.get(option.intent) for option in offered}
    topic = topics.pop() if len(topics) == 1 and len(offered) > 1 else None
    return walk.voice.read(topic.question) if topic else walk.voice.line("guesses")
