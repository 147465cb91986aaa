"""What was said and what happened in one conversation, in one row, each with a key of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.app.accounts import Account, Role
from bot.app.ports import Line
from bot.app.tickets import Entry
from bot.core.events import Move
from bot.web.desk.wording import at_hour
from bot.web.parts import Parts
from bot.web.views import Paragraph, PictureView, paragraphs, picture_view, plain

RESIDENT, MACHINE, PERSON, NOTE, MOVED = "resident", "machine", "person", "note", "moved"

SOMEBODY = "một bạn"

_ORDER = {"opened": "c", "closed": "c"}
"""What happened stands before the words of the same second that tell of it; these follow from them."""


@dataclass(frozen=True, slots=True)
class Item:
    """`key` never changes and `place` says where it belongs, so that a page can add what is new and leave the
    rest alone. `own`: whoever looks said it; `line` is its number. `choices` are what the machine offered.
    """

    key: str
    place: str
    kind: str
    who: str
    at: str
    body: tuple[Paragraph, ...]
    own: bool = False
    line: int = 0
    lang: str = "vi"
    choices: tuple[str, ...] = ()
    picture: PictureView | None = None


def timeline(
    lines: Sequence[Line],
    log: Iterable[Entry],
    names: Mapping[int, str],
    account: Account,
    parts: Parts,
    after: int = 0,
) -> tuple[Item, ...]:
    """`after`: without the lines up to this one. What happened before the first line is left out."""
    oldest = lines[0].at if lines else 0
    said = [_said(line, account, parts) for line in lines if line.id > after]
    happened = [
        item
        for number, entry in enumerate(log)
        for item in (_happened(number, entry, names, account, parts.now()),)
        if item is not None and entry.at >= oldest
    ]
    return tuple(sorted((*said, *happened), key=lambda item: item.place))


def _said(line: Line, account: Account, parts: Parts) -> Item:
    reply = line.reply
    kind = RESIDENT if line.mine else PERSON if reply.author else MACHINE
    own = kind == PERSON and reply.author == account.shown
    return Item(
        key=f"l{line.id}",
        place=f"{line.at:011}b{line.id:019}",
        kind=kind,
        who="Bạn" if own else reply.author,
        at=at_hour(line.at, parts.now()),
        body=plain(reply.text) if kind == RESIDENT else paragraphs(reply.text),
        own=own,
        line=line.id,
        lang=reply.locale,
        choices=tuple(choice.label for choice in reply.choices),
        picture=None if line.mine else picture_view(reply.picture, parts.pictures),
    )


def _happened(number: int, entry: Entry, names: Mapping[int, str], account: Account, now: int) -> Item | None:
    who = "bạn" if entry.who == account.id else names.get(entry.who, SOMEBODY)
    to = "bạn" if entry.to == account.id else names.get(entry.to, SOMEBODY)
    key, place = f"n{number}", f"{entry.at:011}{_ORDER.get(entry.kind, 'a')}{number:019}"
    if entry.text:
        heading = f"{who} nhắn {to}" if entry.to else f"{who} ghi chú"
        return Item(key, place, NOTE, _begun(heading), at_hour(entry.at, now), plain(entry.text))
    words = _move(entry.kind, who, to, account)
    if not words:
        return None
    return Item(key, place, MOVED, "", at_hour(entry.at, now), (((_begun(words), False),),))


def _move(kind: str, who: str, to: str, account: Account) -> str:
    match kind:
        case "opened":
            return "người dân xin gặp người"
        case "closed":
            return "phiếu đã đóng"
        case Move.CLAIMED:
            return f"{to} nhận phiếu"
        case Move.TAKEN_OVER:
            return f"{to} nhận thay {who}"
        case Move.PASSED:
            return f"{who} chuyển cho {to}"
        case Move.RETURNED:
            return f"{who} trả về hàng chờ"
        case Move.SHIFT_ENDED:
            return f"{who} hết ca, phiếu về hàng chờ"
        case Move.EXPIRED:
            return f"lâu không thấy {who}, phiếu về hàng chờ"
        case Move.REPORTED:
            # who was reported is for those who look into it
            return f"người dân báo {who}" if account.role >= Role.LEAD else "phiếu về hàng chờ"
        case _:
            return ""


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
