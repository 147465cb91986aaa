"""Answers that volunteers propose, and where an organiser decides them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app.accounts import Account, Role
from bot.app.knowledge import Origin
from bot.app.proposals import Decided, Kind, Outcome, Plan, Proposal, Proposed, Proposing, Written
from bot.app.tickets import Chat
from bot.core.advising import is_for_a_person
from bot.core.book import Book
from bot.core.flow import Variables, flow_of
from bot.web.desk.admission import desk_page, posted, signed_in, staff_of
from bot.web.desk.asking import last_words
from bot.web.parts import Site

PROPOSE = "/desk/kho/de-xuat"
DECIDE = "/desk/kho/duyet"
LINES = 20
_FIELDS = ("title", "text", "intent", "question", "shown", "meaning", "sources")

SAID = {
    Written.YES: "Đã ghi vào kho. Câu mới có hiệu lực khi bot được bật lại.",
    Written.READ_ONLY: "Máy không cho ghi vào kho. Bạn chép phần dưới đây vào các tệp, rồi bật lại bot.",
    Written.STALE: "Có người vừa sửa tệp này. Chưa ghi gì cả, bạn bấm duyệt lại nhé.",
}
KINDS = {
    Kind.CANNED: "Câu mẫu cho tình nguyện viên",
    Kind.ANSWER: "Câu trả lời của bot cho một câu hỏi",
    Kind.ERROR: "Lỗi đã biết",
}
STATES = {
    Decided.PROPOSED: "đang chờ",
    Decided.APPROVED: "đã duyệt",
    Decided.REFUSED: "chưa nhận",
}


def routes(site: Site) -> list[Route]:
    return [
        Route(PROPOSE, partial(_form, site), methods=["GET"]),
        Route(PROPOSE, partial(_propose, site), methods=["POST"]),
        Route(DECIDE, partial(_waiting, site), methods=["GET"]),
        Route(f"{DECIDE}/{{id:int}}", partial(_one, site), methods=["GET"]),
        Route(f"{DECIDE}/{{id:int}}", partial(_decide, site), methods=["POST"]),
    ]


async def _form(site: Site, request: Request) -> Response:
    """A form to propose something new, or an answer one has sent; below, what became of earlier ones."""
    account = await signed_in(site, request)
    key, line = request.query_params.get("c", ""), request.query_params.get("dong", "")
    proposed = await _own_words(site, account, key, line) if key else Proposed(Kind.CANNED)
    said = {
        "proposed": proposed,
        "mine": await _proposing(site).made_by(account.id),
        "sent": "da" in request.query_params,
        "questions": questions(site.parts.book),
        "kinds": KINDS,
        "states": STATES,
        "address": PROPOSE,
    }
    return desk_page(site, request, account, "desk/knowledge_propose.html", said)


async def _propose(site: Site, request: Request) -> Response:
    account, form = await posted(site, request)
    proposed = _proposed(form)
    if not proposed.text.strip():
        raise HTTPException(422)
    await _proposing(site).propose(account.id, proposed)
    return RedirectResponse(f"{PROPOSE}?da=1", 303)


async def _waiting(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    said = {"waiting": await _proposing(site).waiting(), "kinds": KINDS, "address": DECIDE}
    return desk_page(site, request, account, "desk/knowledge_waiting.html", said)


async def _one(site: Site, request: Request) -> Response:
    account = await signed_in(site, request, Role.ORGANISER)
    return _shown(site, request, account, await _found(site, request))


async def _decide(site: Site, request: Request) -> Response:
    """Keep the words as they were changed; then look what would be written, approve, or refuse."""
    account, form = await posted(site, request, Role.ORGANISER)
    proposing, proposal = _proposing(site), await _found(site, request)
    if form.get("viec") == "tu-choi":
        if not await proposing.refuse(proposal, account.id, form.get("word", "")):
            raise HTTPException(409)
        return RedirectResponse(DECIDE, 303)
    changed = await proposing.change(proposal, _proposed(form))
    if changed is None:
        raise HTTPException(409)
    if form.get("viec") != "duyet":
        plan = await proposing.plan(changed.proposed)
        return _shown(site, request, account, changed, Outcome(plan))
    outcome = await proposing.approve(changed, account.id)
    if outcome is None:
        raise HTTPException(409)
    decided = Decided.PROPOSED if outcome.written in {None, Written.STALE} else Decided.APPROVED
    return _shown(site, request, account, replace(changed, decided=decided), outcome)


def questions(book: Book) -> Mapping[str, str]:
    """What a proposal may belong to, in words: questions with an answer, and what a guide is for."""
    named: dict[str, str] = {}
    for intent in book.topics:
        answer, start = book.answers.get(intent), book.starts.get(intent)
        if answer is not None and is_for_a_person(answer):
            named[intent] = answer.question(Variables())
        elif answer is None and start:
            named[intent] = f"{book.flows[flow_of(start)].title} (có hướng dẫn từng bước)"
    return named


def _shown(
    site: Site, request: Request, account: Account, proposal: Proposal, outcome: Outcome | None = None
) -> Response:
    plan = outcome.plan if outcome else Plan(pieces=proposal.pieces)
    written = outcome.written if outcome else None
    book = site.parts.book
    present = book.answers.get(proposal.proposed.intent)
    said = {
        "proposal": proposal,
        "proposed": proposal.proposed,
        "open": proposal.decided is Decided.PROPOSED,
        "looked": outcome is not None,
        "plan": plan,
        "told": SAID[written] if written else "",
        "needs_training": written is Written.YES and proposal.proposed.teach,
        "present": present.text(Variables()).replace("**", "")
        if present and proposal.proposed.kind is Kind.ANSWER
        else "",
        "questions": questions(book),
        "kinds": KINDS,
        "states": STATES,
        "address": f"{DECIDE}/{proposal.id}",
        "back": DECIDE,
    }
    return desk_page(site, request, account, "desk/knowledge_decide.html", said)


async def _own_words(site: Site, account: Account, key: str, line: str) -> Proposed:
    """What this person sent in a conversation they took part in, with «bác» for every form of address."""
    if not line.isascii() or not line.isdecimal() or len(line) > 18:
        raise HTTPException(404)
    tickets, number = staff_of(site).tickets, int(line)
    latest, chat = await tickets.chat(key, 0, LINES), await tickets.chat(key, max(number - 1, 0), 1)
    if latest is None or chat is None:
        raise HTTPException(404)
    own = next((one for one in chat.lines if one.id == number and not one.mine), None)
    if own is None or own.reply.author != account.shown or not _took_part(chat, account):
        raise HTTPException(403)
    fitting = staff_of(site).knowledge.suggest(latest.state, last_words(latest.lines))
    intent = next((one.id for one in fitting if one.origin is Origin.ANSWER), "")
    return Proposed(
        Kind.CANNED, text=_for_everybody(own.reply.text, chat.state.contact.xung_ho), intent=intent
    )


def _took_part(chat: Chat, account: Account) -> bool:
    return chat.request.holder == account.id or any(account.id in (one.who, one.to) for one in chat.log)


def _for_everybody(words: str, form: str) -> str:
    """The words as they would be said to a "bác"."""
    if form in {"", "bác"}:
        return words
    told = [_turned(word, form) for word in words.split(" ")]
    return " ".join(told)


def _turned(word: str, form: str) -> str:
    bare = word.strip(".,;:!?…()«»\n")
    if bare.casefold() != form:
        return word
    return word.replace(bare, "Bác" if bare[0].isupper() else "bác", 1)


def _proposed(form: Mapping[str, str]) -> Proposed:
    kind = form.get("kind", "")
    if kind not in set(Kind):
        raise HTTPException(422)
    words = {name: form.get(name, "").replace("\r\n", "\n") for name in _FIELDS}
    return Proposed(Kind(kind), **words, teach=form.get("teach") == "1")


async def _found(site: Site, request: Request) -> Proposal:
    id = request.path_params["id"]
    proposal = await _proposing(site).one(id) if id < 2**62 else None
    if proposal is None:
        raise HTTPException(404)
    return proposal


def _proposing(site: Site) -> Proposing:
    return staff_of(site).proposing
