"""A small complete set of content files, right in every way, for tests to spoil one thing at a time."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.library import Library, read
from bot.core.hearing import Decision, Verdict, Word
from bot.core.sentences import SENTENCES

REPOSITORY = Path(__file__).resolve().parents[2]
TODAY = "2026-11-21"
MARK = "⟦"

GUIDE = """\
# A guide for tests.
title: Kích hoạt tài khoản
goal: Đăng nhập được bằng tài khoản vừa kích hoạt
intents: [activate-how, activate-error]
reviewed: "2026-11-01"
start: mo-app
steps:
  mo-app:
    title: Mở ứng dụng
    say: |
      {{ xung_ho|capitalize }} mở **VNeID**, rồi bấm «Kích hoạt».
      Cứ từ từ ạ.
    sources: [F1, F2]
    picture: {phone: vneid-start, highlight: "Kích hoạt", alt: "Nút Kích hoạt được khoanh"}
    window: 1h
    remind: 10m
    choices:
      - {label: Đã bấm, next: hoi-tuoi, also: [bấm rồi, vào rồi]}
      - {label: Không thấy nút, stuck: khong-thay-nut, next: tim-nut, intents: [activate-error]}
      - {label: Tôi dùng iPhone, next: hoi-tuoi, set: {may: iphone}}
  tim-nut:
    title: Tìm nút
    say: Nút nằm ở cuối màn hình ạ.
    next: mo-app
  hoi-tuoi:
    title: Hỏi tuổi
    ask: Năm nay {{ xung_ho }} bao nhiêu tuổi ạ?
    answer: tuoi
    shape: number
    least: 1
    most: 120
    retry: Em chưa rõ, xin nhắn một con số ạ.
    next: re-nhanh
  re-nhanh:
    branch:
      - {answer: tuoi, below: 14, next: goi-nguoi}
      - {answer: may, is: iphone, next: goi-phu}
    else: goi-phu
  goi-phu:
    title: Cài ứng dụng
    call: phu
    next: xong
  goi-nguoi:
    title: Gặp người
    handoff: Em mời người giúp vào ngay ạ.
    next: xong
  xong:
    title: Xong
    say: Xong rồi ạ. Cần hỏi thêm thì gọi 1900 0368.
    end: completed
    sources: [N5]
"""

HELPER = """\
title: Cài ứng dụng
goal: Mở được ứng dụng
intents: [install-how]
reviewed: "2026-11-01"
start: kho
steps:
  kho:
    title: Mở kho ứng dụng
    say: "{{ xung_ho|capitalize }} mở kho ứng dụng trên máy ạ."
    choices:
      - {label: Đã mở, next: xong}
  xong:
    title: Xong
    say: Xong rồi ạ.
    end: completed
"""

MENU = """\
groups:
  - {title: Làm quen, flows: [phu]}
  - {title: Tài khoản, flows: [kich-hoat]}
"""

SCREENS = """\
screens:
  vneid-start:
    title: VNeID
    show:
      - {field: Số điện thoại, value: "0"}
      - {boxes: Mã, count: 6}
      - {check: Đồng ý, state: bat}
      - {row: Ví, icon: wallet, note: Giấy tờ}
      - button: Kích hoạt
      - tabs: {Nhà: home, Tôi: person}
  hop-thoai:
    frame: iphone
    show:
      - {alert: Máy hỏi, actions: [Kích hoạt]}
      - {message: Tổng đài, says: Xin chào}
      - {camera: Thẻ, of: card}
"""

FACTS = """\
facts:
  F1: {grade: chac, sources: [S1], text: "Nút «Kích hoạt» ở màn hình đầu."}
  F2: {grade: cu, sources: [S1], text: "Màn hình năm 2022."}
  F3: {grade: chua-xac-minh, sources: [], text: "Chưa rõ, số 1900 9999."}
  F4: {grade: mau-thuan, sources: [], text: "Hai nguồn khác nhau."}
  N5: {grade: vua, sources: [S1], text: "Tổng đài 1900 0368, trang vneid.gov.vn, giả là vneid.com."}
sources:
  S1: {date: "2026-01-01", grade: A, title: "Công an – bài", url: "https://congan.gov.vn/bai"}
"""

ANSWERS = """\
entries:
  fee:
    question: Làm có mất tiền không?
    answer: Không mất phí ạ. Cần hỏi thêm thì gọi 1900 0368.
    sources: [N5]
    reviewed: "2026-11-01"
    flow: phu
"""

ERRORS = """\
errors:
  E1:
    shown: "Không tìm thấy thiết bị kích hoạt"
    heard: [ko tìm thấy thiết bị kích hoạt]
    meaning: Máy này chưa từng kích hoạt ạ.
    todo: Mở lại trên máy cũ ạ.
    office: true
    flow: kich-hoat/tim-nut
    intent: activate-error
    sources: [F1]
    reviewed: "2026-11-01"
  bao-tri:
    heard: [hệ thống đang bảo trì]
    meaning: Máy chủ bận ạ.
    todo: Chờ một lúc ạ.
    reviewed: "2026-11-01"
"""

TOPICS = """\
topics:
  kich-hoat:
    question: Về việc kích hoạt, {{ xung_ho }} gặp chuyện nào ạ?
    intents: [activate-how, activate-error]
  khac:
    question: Chuyện nào ạ?
    intents: [install-how, fee]
"""

WORDS = "".join(f'"{word}": [{word} rồi, {word} ạ]\n' for word in Word)
OWN = "".join(f'{name}: "Câu của em, {{{{ xung_ho }}}} ạ."\n' for name in sorted(SENTENCES))
INTENTS = ("activate-how", "activate-error", "install-how", "fee")

FILES = {
    "flows/kich-hoat.yaml": GUIDE,
    "flows/phu.yaml": HELPER,
    "flows/_menu.yaml": MENU,
    "flows/_screens/chung.yaml": SCREENS,
    "faq/facts.yaml": FACTS,
    "faq/chung.yaml": ANSWERS,
    "faq/errors.yaml": ERRORS,
    "faq/topics.yaml": TOPICS,
    "locales/vi/words.yaml": WORDS,
    "locales/vi/bot.yaml": OWN,
    **{f"faq/phrases/{intent}.txt": "làm sao ạ\n" for intent in INTENTS},
}


class Deaf:
    """Understands nothing; the readers only hand it on."""

    def word(self, _: str, /) -> Word | None:
        return None

    def pick(self, _: str, __: Sequence[Sequence[str]], /) -> int | None:
        return None

    def same(self, _: str, __: Sequence[Sequence[str]], /) -> int | None:
        return None

    def number(self, _: str, /) -> int | None:
        return None

    def quoted(self, _: str, __: Sequence[Sequence[str]], /) -> int | None:
        return None

    def is_english(self, _: str, /) -> bool:
        return False

    def verdict(self, _: str, __: Collection[str] = (), ___: str = "", /) -> Verdict:
        return Verdict(Decision.UNCLEAR, ())


@dataclass(frozen=True)
class Shelf:
    root: Path

    @classmethod
    def at(cls, root: Path) -> Shelf:
        shelf = cls(root)
        for file, text in FILES.items():
            shelf.write(file, text)
        for words in ("forbidden", "official"):
            shutil.copy(REPOSITORY / f"locales/vi/{words}.txt", root / f"locales/vi/{words}.txt")
        return shelf

    def write(self, file: str, content: str | bytes) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, editions: Sequence[tuple[str, str, str]] = ()) -> Library:
        return read(
            self.root, Deaf(), editions, organisation="Tổ số", web_address="https://xa.vn", today=TODAY
        )


def spoil(file: str, *changes: tuple[str, str]) -> tuple[str, int, int]:
    """The text of a good file after the changes, and the place of MARK, which is taken out."""
    text = FILES[file]
    for old, new in changes:
        assert text.count(old) == 1, (file, old)
        text = text.replace(old, new)
    before = text[: text.index(MARK)]
    return text.replace(MARK, ""), before.count("\n") + 1, len(before) - before.rfind("\n")


Change = tuple[str, str]
Case = tuple[str, str, tuple[Change, ...], str, str]


def fault(name: str, file: str, *changes: Change, message: str, hint: str = "") -> Case:
    """One fault: the changes that make it, and parts of what must be said about it.

    MARK stands where the problem must point; it is not part of the file.
    """
    return (name, file, changes, message, hint)
