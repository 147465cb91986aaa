"""The only place where parts are chosen and joined; the only reader of the clock."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import secrets
import socket
import sys
import time
import traceback
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.app.bell import Bell
from bot.app.conversation import answering
from bot.app.doorbell import Doorstep
from bot.app.duty import kept_up, on_duty
from bot.app.inbox import Inbox
from bot.app.ports import Edition, Pictures, Store, StoreDown
from bot.app.staff import Staff
from bot.app.summing import run_sums
from bot.app.timers import run_purge, run_timers
from bot.config import Settings
from bot.content.facts import citations
from bot.content.library import Library, read
from bot.content.locales import read_asked, read_words
from bot.content.places import read_communes
from bot.core.book import Book
from bot.core.desk import Desk
from bot.core.flow import Say
from bot.core.hearing import Verdict
from bot.keys import NotReady, key_of
from bot.language.accuracy import Accuracy, accuracy
from bot.language.ear import Ear, Judge
from bot.language.lessons import Lesson, Untaught, artefacts, note, recall, study, tidy, untaught
from bot.language.matcher import Matcher, artefact_path, load
from bot.language.places import Gazetteer
from bot.language.sieve import sift
from bot.staffing import loops_of, notifying, outlook_of, staff_of

if TYPE_CHECKING:
    import uvicorn

    from bot.outside import Inside, Outside
    from bot.pictures.gallery import Gallery
    from bot.store.store import SqlStore
    from bot.web.parts import Parts

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
PHRASES = ROOT / "faq" / "phrases"
PHOTOS = ROOT / "flows" / "pictures"
PULLED = frozenset({"web", "terminal", "rasa"})
"""Channels whose people fetch their replies: nothing has to be sent to them."""


class Busy(NotReady):
    """Another process serves from the same SQLite file."""


def now() -> int:
    """Seconds since 1970 UTC."""
    return int(time.time())


def draw() -> str:
    """The random seed of one message."""
    return secrets.token_hex(8)


def report(where: str, fault: BaseException) -> None:
    """A fault in a line that holds nothing of what people wrote: its kind and the places it went through."""
    import structlog

    frames = traceback.extract_tb(fault.__traceback__)
    way = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    structlog.get_logger().error("fault", where=where, kind=type(fault).__name__, way=way)


def is_discreet(record: logging.LogRecord) -> bool:
    """Traces of libraries quote what broke them, maybe what people wrote: told as `report` tells it."""
    fault = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if fault is not None:
        report(record.name, fault)
    return fault is None


def read_library(
    settings: Settings, judge: Judge, editions: tuple[Edition, ...] = (), today: str = ""
) -> Library:
    """Guides, answers and sentences; `judge` is the matcher that the book listens with."""
    return read(
        ROOT,
        Ear(read_words(ROOT)[0], judge, read_asked(ROOT)[0]),
        [(edition.flow, edition.version, edition.source) for edition in editions],
        organisation=settings.organisation.name,
        web_address=settings.organisation.web_address,
        today=today,
        cache=CACHE,
        places=_places(),
    )


@cache
def _places() -> Gazetteer:
    return Gazetteer(read_communes())


class Deaf:
    """Enough where content is only looked at: no matcher is loaded."""

    def verdict(self, text: str, expected: Collection[str] = (), /) -> Verdict:
        raise NotImplementedError(text)


def train_matcher() -> Path:
    """Build the matcher from the phrases, unless it is there; returns where it is."""
    from bot.language.phrases import FaultyPhrasesError
    from bot.language.train import train

    gc.enable()
    artefact = artefact_path(PHRASES, CACHE)
    if artefact.exists():
        artefact.touch()  # the next one is compared with this
    else:
        try:
            train(PHRASES, artefact)
        except FaultyPhrasesError as bad:
            raise NotReady("\n".join(bad.faults).replace(f"{ROOT}/", "")) from None
        note(artefact, _lesson())
        tidy(CACHE)
    return artefact


def studied() -> tuple[Lesson, Untaught | None]:
    """The phrases as they are now, and what of them the matcher was not taught."""
    lesson = _lesson()
    artefact = artefact_path(PHRASES, CACHE)
    if artefact.exists() and recall(artefact) != lesson:
        with suppress(OSError):  # without notes the next look takes longer, nothing else
            note(artefact, lesson)
    return lesson, untaught(artefact, lesson)


def _lesson() -> Lesson:
    latest = artefacts(CACHE)
    return study(PHRASES, recall(latest[0]) if latest else None)


def accuracy_of(artefact: Path) -> Accuracy | None:
    """How right a matcher is; None when it was made by a program that did not measure that."""
    try:
        return accuracy(artefact)
    except (FileNotFoundError, KeyError):
        return None


def trained_matcher() -> Matcher:
    """The matcher for the phrases as they are now. A started bot never waits for training."""
    artefact = artefact_path(PHRASES, CACHE)
    if not artefact.exists():
        raise NotReady("the matcher has not been trained for these phrases: run python -m bot train")
    return load(artefact)


def open_the_store(settings: Settings, pull: frozenset[str] = PULLED) -> SqlStore:
    from bot.store.open import StoreBusy, StoreTooNew, WrongKey, open_store

    try:
        return open_store(settings.database.url, key_of(settings), pull)
    except StoreBusy as busy:
        raise Busy(str(busy)) from None
    except (StoreTooNew, WrongKey) as error:
        raise NotReady(str(error)) from None
    except (StoreDown, OSError) as error:
        raise NotReady(
            f"database.url cannot be opened ({error}): does it run, is the address right?"
        ) from None


def open_beside_a_bot(settings: Settings) -> SqlStore:
    """The store for a short piece of work, whether a bot is running or not. Raises NotReady."""
    from bot.store.open import StoreTooNew, WrongKey, open_beside

    try:
        return open_the_store(settings)
    except Busy:
        pass
    try:
        return open_beside(settings.database.url, key_of(settings))
    except (StoreTooNew, WrongKey, StoreDown, OSError) as fault:
        raise NotReady(str(fault)) from None


async def book_with_editions(settings: Settings, store: Store) -> Book:
    """The current book, and every older edition of a guide that somebody is still walking."""
    matcher = trained_matcher()
    library = read_library(settings, matcher)
    if library.book is None:
        raise NotReady("\n".join(str(problem) for problem in library.problems))
    current = [Edition(flow, version, source) for flow, (version, source) in library.sources.items()]
    kept = await store.keep_editions(current, now())
    older = tuple(edition for edition in kept if edition not in current)
    if older:
        library = read_library(settings, matcher, older)
    assert library.book is not None  # noqa: S101 - it was there a moment ago
    return library.book


@dataclass(frozen=True, slots=True)
class Running:
    """A started bot."""

    store: Store
    book: Book
    bell: Bell
    inbox: Inbox
    pictures: Pictures
    staff: Staff
    desk: Callable[[], Desk]
    doorstep: Doorstep | None = None


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Everything behind the channels, started and stopped in order."""
    from bot.store.simulated import SqlSimulation

    store = open_the_store(settings)
    try:
        simulated = await SqlSimulation(store.backing).is_marked()
        settings = settings.silenced() if simulated else settings
        book = await book_with_editions(settings, store)
        bell = Bell()
        staff = replace(staff_of(store, book, bell, now, draw), simulated=simulated)
        outlook = outlook_of(staff, now)
        with suppress(StoreDown):
            await outlook.look()  # before the first who asks
        told = notifying(settings, store, staff, book, bell, now, secrets.token_urlsafe, report, outlook.desk)
        inbox = Inbox(store, answering(book, outlook.desk), sift, bell, now, draw)
        gc.collect()
        gc.freeze()  # what is loaded now stays; the collector need not walk it again and again
        gc.enable()
        loops: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "timers": partial(run_timers, store, book, bell, now, report, outlook.desk),
            "purge": partial(run_purge, store, now),
            "sums": partial(on_duty, store, "sums", draw(), now, partial(run_sums, staff.sums, now), report),
            **loops_of(staff, outlook, bell, report, now),
            "notices": partial(on_duty, store, "notices", draw(), now, told.teller.run, report),
        }
        if not simulated:
            loops["digests"] = partial(on_duty, store, "digests", draw(), now, told.digesting, report)
        tasks = [asyncio.create_task(kept_up(work, name, report)) for name, work in loops.items()]
        try:
            yield Running(store, book, bell, inbox, gallery_of(book), told.staff, outlook.desk, told.doorstep)
        finally:
            await inbox.drain()
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            await told.push.close()
    finally:
        await store.close()


def inside_of(bot: Running) -> Inside:
    """What platforms are joined to."""
    from bot.outside import Inside

    return Inside(
        bot.store,
        bot.book,
        bot.bell,
        bot.inbox,
        bot.pictures,
        now,
        report,
        draw(),
        bot.doorstep,
        bot.staff.digests,
    )


def parts_of(settings: Settings, bot: Running, outside: Outside | None = None) -> Parts:
    """What the pages are made from."""
    from bot.outside import Outside
    from bot.web.parts import Parts

    outside = outside or Outside()

    return Parts(
        inbox=bot.inbox,
        store=bot.store,
        book=bot.book,
        bell=bot.bell,
        sieve=sift,
        now=now,
        draw=secrets.token_urlsafe,
        organisation=settings.organisation.name,
        web_address=settings.organisation.web_address,
        sources=citations(ROOT),
        pictures=bot.pictures,
        webhooks=outside.webhooks,
        doors=outside.doors,
        staff=bot.staff,
        desk=bot.desk,
    )


def gallery_of(book: Book) -> Gallery:
    from bot.pictures.gallery import Gallery

    return Gallery(book.screens, PHOTOS, CACHE / "pictures")


def draw_pictures() -> int:
    """Draw what the guides show, so that nobody waits for it; returns how many pictures there are."""
    book = read_library(Settings(), Deaf()).book
    steps = (step for flow in book.flows.values() for step in flow.steps.values()) if book else ()
    pictures = (step.picture for step in steps if isinstance(step, Say))
    return gallery_of(book).draw(picture for picture in pictures if picture) if book else 0


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run until stopped, on the fast event loop where there is one."""
    if sys.platform == "win32":
        asyncio.run(main)
    else:
        import uvloop

        uvloop.run(main)


async def serve(settings: Settings, announce: Callable[[str, str, bool], None]) -> None:
    """Serve the web until stopped; `announce` gets the address once people can be answered, the first
    organiser's one-time passphrase until it was used, and whether the residents are made up.
    """
    import uvicorn

    from bot.web.pages import build_app

    with _listening(settings) as door:
        async with running(settings) as bot, _doors(settings, bot) as outside:
            parts = parts_of(settings, bot, outside)
            first = await bot.staff.entrance.first_words()
            config = uvicorn.Config(
                build_app(parts),
                access_log=False,  # an access log would hold addresses and codes
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=5,
            )
            for library in ("uvicorn.error", "asyncio"):
                logging.getLogger(library).addFilter(is_discreet)
            server = uvicorn.Server(config)
            port = door.getsockname()[1]
            address = f"http://{settings.http.host}:{port}/"
            await asyncio.gather(
                server.serve([door]),
                _announced(server, lambda: announce(address, first, bot.staff.simulated)),
                asyncio.to_thread(parts.pictures.prepare),
            )


def _doors(settings: Settings, bot: Running) -> AbstractAsyncContextManager[Outside]:
    from bot.outside import opened

    return opened(settings.silenced() if bot.staff.simulated else settings, inside_of(bot))


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The open port, before anything else is started: who cannot have it hears so at once."""
    host, port = settings.http.host, settings.http.port
    try:
        door = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise NotReady(
            f"http.host {host}, http.port {port}: {reason}; choose another in config.yaml"
        ) from None
    with door:
        yield door


async def _announced(server: uvicorn.Server, announce: Callable[[], None]) -> None:
    while not server.started:
        if server.should_exit:
            return
        await asyncio.sleep(0.01)
    announce()
