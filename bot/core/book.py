"""All that the bot can say: guides, answers, known errors and its own sentences, loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.canned import Canned
from bot.core.faq import Answer, Credit, KnownError, Topic
from bot.core.flow import Flow, Text
from bot.core.hearing import Hearing
from bot.core.places import Nowhere, Places
from bot.core.screen import Screen


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """One line of the menu and the guides behind it."""

    title: Text
    flows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The bot's own sentences, one field each; written in `locales/vi/bot.yaml`.

    Where a sentence needs more than the variables of all texts, its parts stand beside each other and
    the dialogue joins them; no resident's word ever becomes part of a template.
    """

    sentences: Mapping[str, Text]

    def __getitem__(self, name: str) -> Text:
        return self.sentences[name]


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """A book is itself and no other: it is compared by identity, so that what it says can be remembered.

    `flows` are the current versions; `editions` every version that somebody may still be walking. `starts`
    is the entrance ("otp" or "otp/ma-sai") for each intent that a guide is for, `topics` the topic of each
    intent, `credits` where each guide comes from. `names` are titles in other languages: by language, then by
    guide and title; a language that is not there is not spoken. `pages` are the words of the web pages.
    `canned` is what people at the desk may say.
    """

    flows: Mapping[str, Flow]
    editions: Mapping[tuple[str, str], Flow]
    answers: Mapping[str, Answer]
    errors: tuple[KnownError, ...]
    topics: Mapping[str, Topic]
    credits: Mapping[str, Credit]
    starts: Mapping[str, str]
    menu: tuple[MenuGroup, ...]
    wording: Wording
    hearing: Hearing
    organisation: str = ""
    web_address: str = ""
    names: Mapping[str, Mapping[tuple[str, str], str]] = field(default_factory=dict)
    pages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    screens: Mapping[str, Screen] = field(default_factory=dict)
    places: Places = field(default_factory=Nowhere)
    canned: tuple[Canned, ...] = ()

    def edition(self, flow: str, version: str) -> Flow | None:
        """The version a run is pinned to; None when it is no longer kept."""
        return self.editions.get((flow, version))

    def leads_to(self, entrance: str) -> Flow | None:
        """The current guide behind an entrance; None when the guide or its step is no longer there."""
        name, _, step = entrance.partition("/")
        flow = self.flows.get(name)
        return flow if flow and (not step or step in flow.steps) else None
