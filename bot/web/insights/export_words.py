"""What the codes in an exported file mean, as organisers know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from bot.app.export import REST, Said
from bot.core.book import Book
from bot.core.flow import Branch
from bot.core.session import How, Outcome, RunOutcome
from bot.core.sticking import error_of
from bot.core.ticket import Closing, Reason
from bot.core.visits import Kind, View, arrow_of
from bot.web.desk import wording
from bot.web.insights import naming
from bot.web.insights.guide_words import OUTCOMES, PHONES, RUNS, SIGNS

KINDS = {
    Kind.RUN: "người, theo kết quả cả hướng dẫn",
    Kind.STEP: "người tới bước, theo kết quả ở bước",
    Kind.WAY: "người đi tiếp từ bước, theo ngả",
    Kind.STAY: "lượt dừng ở bước, theo kết quả",
    Kind.STAY_WAY: "lượt đi tiếp từ bước, theo ngả",
    Kind.SIGN: "người vướng ở bước, theo dấu hiệu",
    Kind.TICKET: "lần xin gặp người, theo kết quả",
    Kind.REASON: "lần xin gặp người, theo lý do",
    Kind.RATING: "lần chấm điểm người giúp",
    Kind.HOME: "lần hẹn đến nhà",
}

CLOSINGS = {
    Closing.HANDED_BACK: "giao lại cho bot",
    Closing.SOLVED: "đã xong",
    Closing.OFFICE: "phải ra Công an xã",
    Closing.VISIT: "hẹn đến nhà",
    Closing.UNSOLVED: "chưa giải quyết được",
    Closing.GONE: "không thấy trả lời nữa",
    Closing.WITHDRAWN: "thôi không xin nữa",
}

RATINGS = {"1": "chưa giúp được", "2": "được một phần", "3": "giúp được rồi"}
HOMES = {"requested": "đã hẹn", "done": "đã đến", "called_off": "đã hủy"}
WAYS = {
    How.SKIP: "bỏ qua",
    How.BACK: "quay lại",
    How.HANDED: "được người giúp đưa sang",
    How.RETURN: "xong việc phụ, trở lại",
}
EVERYBODY = "tất cả"


class BookWords:
    """`bot.app.export.Words` from the content; `province_of` by codes of communes."""

    def __init__(self, book: Book, province_of: Mapping[str, str]) -> None:
        self._book = book
        self._provinces: dict[str, str] = {}
        for commune, province in province_of.items():
            known = book.places.commune(commune) if province not in self._provinces else None
            if known:
                self._provinces[province] = _begun(known.province)
        self.what = cache(self._what)
        self.step = cache(self._step)
        self.part = cache(self._part)

    def view(self, view: View) -> str:
        return naming.PARTS.get(view, EVERYBODY)

    def guide(self, flow: str) -> str:
        return naming.guide(self._book, flow) if flow else "ngoài hướng dẫn"

    def steps(self, flow: str) -> Sequence[str]:
        known = self._book.flows.get(flow)
        if known is None:
            return ()
        return sorted(known.steps, key=lambda step: self.step(flow, step)[0] or len(known.steps))

    def kind(self, kind: Kind) -> str:
        return KINDS[kind]

    def _part(self, view: View, part: str) -> tuple[str, str]:
        if part == REST:
            return "những nơi còn lại và không rõ", ""
        if part.startswith(f"{REST}:"):
            province = part.removeprefix(f"{REST}:")
            return "các xã, phường còn lại của tỉnh, cộng chung", self._provinces.get(province, province)
        match view:
            case View.ALL:
                return EVERYBODY, ""
            case View.PROVINCE:
                return self._provinces.get(part, part), ""
            case View.COMMUNE:
                return self._commune(part)
            case View.POSTER:
                code, _, number = part.partition("-")
                name, province = self._commune(code)
                return f"áp phích {number or 'chung'}, {name}", province
            case View.CHANNEL:
                return wording.channel(part), ""
            case View.VERSION:
                return f"bản {part[:8]}", ""
            case View.PHONE:
                return PHONES.get(part, part), ""

    def _commune(self, code: str) -> tuple[str, str]:
        known = self._book.places.commune(code)
        return (_begun(known.name), _begun(known.province)) if known else (code, "")

    def _step(self, flow: str, step: str) -> tuple[int, str]:
        known = naming.edition_with(self._book, flow, step)
        if known is None:
            return 0, step
        said = known.steps[step]
        number = known.places[step].number if step in known.places else 0
        return number, step if isinstance(said, Branch) else said.title

    def _what(self, flow: str, kind: Kind, step: str, what: str) -> Said:
        match kind:
            case Kind.RUN:
                return Said(RUNS[RunOutcome(what)] if what in set(RunOutcome) else what)
            case Kind.STEP | Kind.STAY:
                return Said(OUTCOMES[Outcome(what)] if what in set(Outcome) else what)
            case Kind.WAY | Kind.STAY_WAY:
                return self._way(flow, step, what)
            case Kind.SIGN:
                error = error_of(what)
                told = f"lỗi «{naming.error(self._book, error)}»" if error else SIGNS.get(what, what)
                return Said(told, error=error)
            case Kind.TICKET:
                return Said(CLOSINGS[Closing(what)] if what in set(Closing) else what)
            case Kind.REASON:
                return Said(wording.REASONS[Reason(what)] if what in set(Reason) else what)
            case Kind.RATING:
                return Said(RATINGS.get(what, what))
            case Kind.HOME:
                return Said(HOMES.get(what, what))
            case Kind.TIME | Kind.WAITED | Kind.HELPED:
                return Said(what)

    def _way(self, flow: str, step: str, what: str) -> Said:
        to, how, reason = arrow_of(what)
        if to in set(RunOutcome):
            return Said(RUNS[RunOutcome(to)], reason=reason)
        title = self.step(flow, to)[1]
        if reason:
            why = naming.reason(self._book, flow, step, reason)
            return Said(f"vướng «{why}», sang «{title}»", to, reason)
        known = WAYS.get(How(how)) if how in set(How) else None
        return Said(f"{known or 'đi tiếp'}, sang «{title}»", to)


def _begun(name: str) -> str:
    return name[:1].upper() + name[1:]
