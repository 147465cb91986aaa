"""The language of a page: which one is asked for, and the page's own words in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from bot.core.book import Book
from bot.core.contact import LOCALES, SOURCE

NAMES = {"vi": "Tiếng Việt", "en": "English"}
"""What each language calls itself."""


def marked(words: str) -> str:
    """Words written in Python that a page says in its own language; `make catalogue` finds them by this."""
    return words


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language, and the words of the pages in it; what is not translated is Vietnamese."""

    locale: str = SOURCE
    words: Mapping[str, str] | None = None

    def __call__(self, words: str) -> str:
        return self.words.get(words, words) if self.words else words

    def href(self, path: str) -> str:
        """The address of one of our pages in this language."""
        if self.locale == SOURCE:
            return path
        page, mark, place = path.partition("#")
        return f"{page}{'&' if '?' in page else '?'}lang={self.locale}{mark}{place}"


VIETNAMESE = Tongue()


def tongue_of(book: Book, locale: str) -> Tongue:
    return Tongue(locale, book.pages[locale]) if locale in book.pages else VIETNAMESE


def asked(book: Book, request: Request) -> str:
    """The language that an address or a form asks for; empty when it asks for none that there is."""
    form: Mapping[str, str] = getattr(request.state, "form", {})
    locale = form.get("lang", "") or request.query_params.get("lang", "")
    return locale if locale in spoken(book) else ""


def spoken(book: Book) -> tuple[str, ...]:
    return tuple(locale for locale in LOCALES if locale == SOURCE or locale in book.pages)
