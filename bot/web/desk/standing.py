"""The state of things in one conversation: where it stands, what was tried, what it can go on with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.app.tickets import Chat
from bot.core.book import Book
from bot.core.contact import SOURCE, Contact
from bot.core.faq import KnownError
from bot.core.flow import Ask, Flow, Say
from bot.core.handing import steps_to_go_on
from bot.core.likely import likely_errors
from bot.core.session import How, Mark, Outcome, Run, State
from bot.core.voice import DEFAULT_FORM, Voice, voice_of
from bot.web.desk import wording
from bot.web.desk.rows import commune_of, guide_of, step_name

TRIED = 5
"""Steps behind that the top of a chat names."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of a guide to choose from; `entrance` is how deeds name it ("kich-hoat/nhap-ma")."""

    entrance: str
    name: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A known error: its id, its name, what it means and what helps."""

    id: str
    name: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """`guide` and `step` are where the person is now; `tried` the last steps behind, oldest first.

    `home` is the commune with its province, `form` how they are addressed. `writing` says until when the
    platform lets us write, `writable` whether it does now.
    """

    guide: str
    step: str
    error: Trouble | None
    tried: tuple[str, ...]
    commune: str
    home: str
    channel: str
    writing: str
    writable: bool
    language: str
    form: str
    waits: str
    reason: str


def standing(book: Book, chat: Chat, now: int) -> Standing:
    request, state = chat.request, chat.state
    run = _run(book, state)
    guide = _guide(book, state, chat)
    writing, writable = _writing(state, request.channel, now)
    return Standing(
        guide=guide.title if guide else "",
        step=_step(book, state, guide, chat),
        error=_trouble(book, state, request.error),
        tried=_tried(book, run) if run else (),
        commune=commune_of(book, request.commune),
        home=commune_of(book, request.commune, whole=True),
        channel=wording.channel(request.channel),
        writing=writing,
        writable=writable,
        language="" if state.contact.locale == SOURCE else wording.language(state.contact.locale),
        form=form_of(state),
        waits=wording.lasting(now - request.opened_at),
        reason=wording.reason(request.reason),
    )


def form_of(state: State) -> str:
    return state.contact.xung_ho or DEFAULT_FORM


def ways_on(book: Book, chat: Chat) -> tuple[Stop, ...]:
    """Where the bot can take over: the waiting steps of the guide in order, the present one first."""
    guide = _guide(book, chat.state, chat)
    if guide is None:
        return ()
    return _stops(book, chat, guide, steps_to_go_on(book, chat.state, guide.id))


def guides(book: Book, chat: Chat) -> tuple[Stop, ...]:
    """All guides, which begin anew."""
    here = _guide(book, chat.state, chat)
    return tuple(
        Stop(flow.id, flow.title)
        for flow in sorted(book.flows.values(), key=lambda flow: flow.title)
        if here is None or flow.id != here.id
    )


def sticking_points(book: Book, chat: Chat) -> tuple[Stop, ...]:
    """Steps to choose from when it is closed: all that say something, the present one first."""
    guide = _guide(book, chat.state, chat)
    if guide is None:
        return ()
    return _stops(book, chat, guide, guide.steps)


def errors_here(book: Book, chat: Chat) -> tuple[Trouble, ...]:
    """Known errors, the one that was met first, then those that are likely at this step."""
    guide = _guide(book, chat.state, chat)
    step = guide.steps.get(_here(chat.state, chat)) if guide else None
    ways = step.ways if isinstance(step, (Say, Ask)) else ()
    likely = likely_errors(book, guide, ways) if guide else ()
    met = [error for error in book.errors if error.id == chat.request.error]
    voice = _voice(book, chat.state)
    return tuple({error.id: _told(voice, error) for error in (*met, *likely)}.values())


def other_errors(book: Book, chat: Chat) -> tuple[Trouble, ...]:
    """All others that have a name."""
    shown = {error.id for error in errors_here(book, chat)}
    voice = _voice(book, chat.state)
    others = [_told(voice, error) for error in book.errors if error.id not in shown]
    return tuple(sorted(others, key=lambda error: error.name))


def _stops(book: Book, chat: Chat, guide: Flow, steps: Iterable[str]) -> tuple[Stop, ...]:
    """The present one first, under the name that the person sees."""
    here = _here(chat.state, chat)
    names = {id: step_name(guide, id) for id in steps} | {here: _step(book, chat.state, guide, chat)}
    stops = [Stop(f"{guide.id}/{id}", names[id], id == here) for id in steps if names[id]]
    return tuple(sorted(stops, key=lambda stop: not stop.here))


def _voice(book: Book, state: State) -> Voice:
    """Volunteers read Vietnamese, whatever the resident reads."""
    return voice_of(book, replace(state.contact, locale=SOURCE))


def _run(book: Book, state: State) -> Run | None:
    """The run that is walked, if its version is still kept."""
    run = state.session.top if state.session else None
    return run if run and book.edition(run.flow, run.version) else None


def _guide(book: Book, state: State, chat: Chat) -> Flow | None:
    run = _run(book, state)
    if run is not None:
        return book.edition(run.flow, run.version)
    return guide_of(book, chat.request)


def _here(state: State, chat: Chat) -> str:
    return state.session.top.visit.step if state.session else chat.request.step


def _step(book: Book, state: State, guide: Flow | None, chat: Chat) -> str:
    if state.session is not None and _run(book, state) is not None:
        return _voice(book, state).place(state.session)
    return step_name(guide, chat.request.step) if guide else ""


def _tried(book: Book, run: Run) -> tuple[str, ...]:
    guide = book.edition(run.flow, run.version)
    if guide is None:
        return ()
    behind = [step for step in run.trail if step != run.visit.step or run.trail[step].times > 1]
    told = [_attempt(book, guide, step, run.trail[step]) for step in behind]
    return tuple(words for words in told if words)[-TRIED:]


def _attempt(book: Book, guide: Flow, step: str, mark: Mark) -> str:
    """One step behind and what came of it: "Bước 4/8: Gõ hai số → VNeID báo lỗi"."""
    name = step_name(guide, step)
    if not name:
        return ""
    times = f" ({mark.times} lần)" if mark.times > 1 else ""
    return f"{name}{times}{_came_of(book, guide, step, mark)}"


def _came_of(book: Book, guide: Flow, step: str, mark: Mark) -> str:
    if mark.how == How.STUCK:
        walked = guide.steps[step]
        ways = walked.ways if isinstance(walked, (Say, Ask)) else ()
        labels = [way.label for way in ways if way.stuck == mark.reason]
        return f" → «{voice_of(book, Contact()).read(labels[0])}»" if labels else " → bị kẹt"
    if mark.how == How.SKIP:
        return " → bỏ qua"
    if mark.outcome is Outcome.ESCALATED:
        return " → xin gặp người"
    return " → xong" if mark.outcome is Outcome.ANSWERED and mark.how != How.BACK else ""


def _trouble(book: Book, state: State, id: str) -> Trouble | None:
    known = next((error for error in book.errors if error.id == id), None)
    if known is None:
        return None
    voice = _voice(book, state)
    told = _told(voice, known)
    office = " Việc này phải ra Công an." if known.office else ""
    return replace(told, meaning=f"{voice.read(known.meaning)} {voice.read(known.todo)}{office}")


def _told(voice: Voice, error: KnownError) -> Trouble:
    name = voice.read(error.name) if error.name else f"«{(error.shown or error.heard)[0]}»"
    return Trouble(error.id, name)


def _writing(state: State, channel: str, now: int) -> tuple[str, bool]:
    """What the channel means for whoever writes."""
    form = form_of(state)
    if not state.window:
        if channel == "web":
            return f"{form} đọc được khi mở lại trang", True
        return "nhắn lúc nào cũng được", True
    until = state.heard_at + state.window
    if now < until:
        return f"nhắn được đến {wording.moment(until)}, sau đó phải chờ {form} nhắn trước", True
    return f"đã hết hạn nhắn lúc {wording.moment(until)}: chỉ nhắn được khi {form} nhắn trước", False
