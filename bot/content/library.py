"""Everything that people write, read into one book, with every problem listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.content import canned
from bot.content.aloud import check_aloud
from bot.content.asking import check_questions
from bot.content.draft import Draft, Said
from bot.content.errors import read_errors
from bot.content.facts import Facts, credited, read_facts
from bot.content.faq import Known, read_answers
from bot.content.flows import check_circles, check_names, check_starts, read_flow, version_of
from bot.content.locales import read_asked, read_sentences, read_words, spoken
from bot.content.menu import read_menu
from bot.content.pictures import check_pictures
from bot.content.plain import check_plain, read_official
from bot.content.problems import Problem, Severity, Spot, fault, quote
from bot.content.screens import read_screens
from bot.content.source import Document, Scalar, read_document
from bot.content.speech import check_said, read_forbidden
from bot.content.topics import read_topics
from bot.content.translations import Tongue, translate
from bot.core.book import Book, Wording
from bot.core.contact import SOURCE
from bot.core.faq import Credit
from bot.core.flow import Flow, entrance, flow_of
from bot.core.hearing import Hearing
from bot.core.places import Nowhere, Places
from bot.core.sentences import SENTENCES


@dataclass(frozen=True, slots=True)
class Library:
    """`book` is None when a problem is an error. `sources` are the current guides: version and file text.

    `screens` says where each screen of the pictures is described.
    """

    book: Book | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, tuple[str, str]]
    screens: Mapping[str, Spot] = field(default_factory=dict)


def read(
    root: Path,
    hearing: Hearing,
    editions: Iterable[tuple[str, str, str]] = (),
    *,
    organisation: str,
    web_address: str,
    today: str = "",
    cache: Path | None = None,
    places: Places | None = None,
) -> Library:
    """Read all content below `root`. `editions` are kept (flow, version, source) that runs are pinned to.

    With `today` (2026-11-21), a review date after it is a fault. With a `cache`, translations that were found
    to be right before are not checked again, nor counted.
    """
    problems: list[Problem] = []
    said: list[Said] = []
    facts = read_facts(root, problems)
    documents = _documents(root, problems)
    names = tuple(path.stem for path in _flow_paths(root))
    intents = _intents(root)
    drafts = [
        read_flow(id, version_of(document), document, facts, today, problems)
        for id, document in documents.items()
    ]
    guides = {**dict.fromkeys(names, ()), **{draft.id: draft.steps for draft in drafts}}
    for draft in drafts:
        check_names(draft, guides, intents, facts, problems)
        said.extend(draft.said)
        check_questions(draft, problems)
        check_aloud(draft, problems)
    check_circles(drafts, problems)
    check_starts(drafts, problems)
    menu = read_menu(root, names, said, problems)
    screens = read_screens(root, problems)
    known = Known(guides, intents, facts, today)
    answers = read_answers(root, known, said, problems)
    errors = read_errors(root, known, said, problems)
    topics = read_topics(root, known, said, problems)
    spoken_at_desk: list[Said] = []
    shown = Draft(canned.NAME, canned.FILE)
    replies = canned.read_canned(
        root, known, {topic.id for topic in topics.values()}, spoken_at_desk, shown, problems
    )
    check_pictures(root, [*drafts, shown], screens, facts, [*said, *spoken_at_desk], problems)
    sentences = read_sentences(root, SENTENCES, said, problems)
    words, faults = read_words(root)
    problems.extend((*faults, *read_asked(root, intents)[1]))
    forbidden, official = read_forbidden(root, problems), read_official(root, problems)
    for sentence in (*said, *spoken_at_desk):
        check_said(sentence, facts, forbidden, problems)
        check_plain(sentence, official, problems)

    flows = {draft.id: draft.flow for draft in drafts if draft.flow}
    tongues = [
        translate(root, locale, said, flows.values(), words, facts, problems, cache)
        for locale in spoken(root)
        if locale != SOURCE
    ]
    kept = {(id, flow.version): flow for id, flow in flows.items()}
    kept.update(_old_editions(editions, kept, names, facts, tongues, problems))
    sources = {id: (version_of(document), document.text) for id, document in documents.items()}
    ordered = tuple(sorted(set(problems)))
    if any(problem.severity is Severity.ERROR for problem in ordered):
        return Library(None, ordered, sources)
    starts = {
        intent: entrance(id, "" if step == flow.start else step)
        for id, flow in flows.items()
        for intent, step in flow.intents.items()
    }
    credits = {
        draft.id: Credit(credited([cite.value for cite in draft.cites], facts), draft.flow.reviewed)
        for draft in drafts
        if draft.flow
    }
    book = Book(
        flows,
        kept,
        answers,
        errors,
        topics,
        credits,
        starts,
        menu,
        Wording(sentences),
        hearing,
        organisation,
        web_address,
        screens=screens.read,
        places=places or Nowhere(),
        canned=replies,
        names={tongue.locale: tongue.names for tongue in tongues},
        pages={tongue.locale: tongue.pages for tongue in tongues if tongue.pages},
    )
    return Library(book, ordered, sources, screens.places)


def _flow_paths(root: Path) -> list[Path]:
    return sorted(path for path in (root / "flows").glob("*.yaml") if not path.name.startswith("_"))


def _documents(root: Path, problems: list[Problem]) -> dict[str, Document]:
    """The guides' files by id, which is the file's name."""
    paths = _flow_paths(root)
    if not paths:
        problems.append(fault(Spot("flows"), "chưa có luồng nào", "thêm tệp .yaml vào thư mục flows"))
    for folder in ("flows", "flows/_screens", "faq", "locales/vi"):
        problems.extend(
            fault(
                Spot(path.relative_to(root).as_posix()),
                "tên tệp phải kết thúc bằng .yaml",
                "đổi .yml thành .yaml",
            )
            for path in sorted((root / folder).glob("*.yml"))
        )
    documents: dict[str, Document] = {}
    for path in paths:
        document = read_document(root, path, problems)
        if document is not None:
            documents[path.stem] = document
    return documents


def _intents(root: Path) -> frozenset[str] | None:
    """What the matcher can tell apart: one file of phrases each; None before there are any."""
    return frozenset(path.stem for path in (root / "faq" / "phrases").glob("*.txt")) or None


def _old_editions(
    editions: Iterable[tuple[str, str, str]],
    current: Mapping[tuple[str, str], Flow],
    names: Iterable[str],
    facts: Facts | None,
    tongues: Iterable[Tongue],
    problems: list[Problem],
) -> dict[tuple[str, str], Flow]:
    """Older guides need only be walkable: what they say was checked when it was current."""
    known = frozenset(names)
    kept: dict[tuple[str, str], Flow] = {}
    for id, version, source in editions:
        if (id, version) in current:
            continue
        faults: list[Problem] = []
        draft = read_flow(id, version, Document(f"flows/{id}.yaml@{version}", source), facts, "", faults)
        faults.extend(_lost_calls(draft, known))
        if draft.flow is not None and not faults:
            kept[id, version] = draft.flow
            for tongue in tongues:
                tongue.lend(draft.said)
        else:
            first = min(faults)
            message = f"bỏ qua bản cũ {quote(version)}: {first.message}"
            problems.append(replace(first, message=message, severity=Severity.WARNING))
    return kept


def _lost_calls(draft: Draft, known: frozenset[str]) -> list[Problem]:
    lost: list[Scalar] = [call for call in draft.calls if flow_of(call.value) not in known]
    return [fault(call.spot, f"không còn luồng {quote(call.value)}") for call in lost]
