from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.keyboards import KEYBOARDS
from bot.language.normalise import LONGEST, fold, tokens
from bot.language.shorthand import GLUED, PROTECTED, SHORTHAND, SPOKEN
from bot.language.syllables import SYLLABLES, untyped

FOLDED = [
    # case, diacritics in both encodings, đ, punctuation, invisible characters, stretched letters
    ("Quên MẬT KHẨU rồi!!!", "quen mat khau roi"),
    ("Que\u0302n ma\u0323\u0302t kha\u0302\u0309u", "quen mat khau"),
    ("Đổi điện thoại", "doi dien thoai"),
    ("x\u200bo\u00ad\u00e1", "xoa"),
    ("alooo ơiiii", "alo oi"),
    ("khôngggg đượcccc", "khong duoc"),
    ("ＶＮｅＩＤ ２", "vneid 2"),
    ("② 👍", "2 ok"),
    ("٣ ngày", "3 ngay"),
    ("dichvucong.gov.vn", "dich vu cong gov vn"),
    # chat shorthand
    ("k lm dc j", "khong lam duoc gi"),
    ("hok bít, ko đc", "khong bit khong duoc"),
    ("sđt cũ r, dt ms", "so dien thoai cu roi dien thoai ms"),
    ("hổng thấy nút", "khong thay nut"),
    ("cccd gắn chíp", "can cuoc gan chip"),
    ("fải wên jấy khog mih nge", "phai quen giay khong minh nghe"),
    # shorthand with two meanings
    ("quên mk", "quen mat khau"),
    ("mk mới ko hợp lệ", "mat khau moi khong hop le"),
    ("giúp mk với", "giup minh voi"),
    ("mk bị lỗi", "minh bi loi"),
    ("đk m2 ở đâu", "dang ky muc 2 o dau"),
    ("làm online đk k", "lam online duoc khong"),
    ("làm ở nhà dk", "lam o nha duoc khong"),
    ("ca xã ở đâu", "cong an xa o dau"),
    ("ca này khó", "ca nay kho"),
    ("đất 100 m2", "dat 100 m2"),
    ("đất 100 m²", "dat 100 m 2"),
    # Telex and VNI that no keyboard turned into Vietnamese
    ("dienj thoai", "dien thoai"),
    ("mâtj khẩu", "mat khau"),
    ("kichs hoatj", "kich hoat"),
    ("tooi khoong dduwowcj ddaau", "toi khong duoc dau"),
    ("ddwowcj", "duoc"),
    ("dien5 thoai5", "dien thoai"),
    ("d9u7o75c kho6ng", "duoc khong"),
    ("moiws ddoiwr ddungws", "moi doi dung"),
    ("o73 d9a6u", "o dau"),
    ("ho62 so7", "ho so"),
    ("ddc hoongr chuwf", "duoc khong gio"),
    ("d9c ho6ng3 sd9t", "duoc khong so dien thoai"),
    ("ddk m2", "dang ky muc 2"),
    ("max sai", "ma sai"),
    ("tin nha81n cu3a cu5c ca3nh sa1t", "tin nhan cua cuc canh sat"),
    # what looks like it and is not
    ("otp nfc sim app reset tax", "otp nfc sim app reset tax"),
    ("samsung a12 oppo a5 iphone8 ip8", "samsung a12 oppo a5 iphone 8 ip 8"),
    ("bước3 câu1 mức2", "buoc 3 cau 1 muc 2"),
    ("4g 5g", "4g 5g"),
    ("7ngày 10h", "7 ngay 10 gio"),
    # run together
    ("taikhoan bị khoá", "tai khoan bi khoa"),
    ("quenmatkhau", "quen mat khau"),
    ("congan xã", "cong an xa"),
    ("toiquenmatkhauroigiolamsao", "toi quen mat khau roi gio lam sao"),
    ("khongthaymaotpdau", "khong thay ma otp dau"),
    ("developer animation galaxy notification", "developer animation galaxy notification"),
    ("iphone 13 pro max, 13 max", "iphone 13 pro max 13 max"),
    ("facebook camera android", "facebook camera android"),
    # said out loud
    ("vê nê ai đi", "vneid"),
    ("vê en e ai đi bị lỗi", "vneid bi loi"),
    ("mã ô tê pê", "ma otp"),
    ("en ép xi", "nfc"),
    ("mức hai", "muc 2"),
    ("cấp 1", "muc 1"),
    ("mức độ hai", "muc 2"),
    ("vnied, vnid, v neid", "vneid vneid vneid"),
    ("", ""),
    ("?!…", ""),
    ("\ud800 abc", "abc"),
]


@pytest.mark.parametrize(("text", "plain"), FOLDED)
def test_fold(text: str, plain: str) -> None:
    assert fold(text) == plain


@given(st.text())
def test_fold_takes_any_text(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert folded == folded.lower()


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạsfrxjw0123456789 k.", max_size=60))
def test_fold_takes_anything_like_vietnamese(text: str) -> None:
    assert fold(text).isascii()


def test_only_the_beginning_of_a_huge_text_is_read() -> None:
    assert fold("mã " * 500_000) == fold("mã " * (LONGEST // 3 + 1))
    assert len(fold("ﷺ" * LONGEST)) <= LONGEST
    assert len(tokens("x" * 1_000_000)[0]) == LONGEST


@pytest.mark.parametrize(
    "syllable", ["nghieng", "quyet", "giuong", "gi", "khuya", "duoc", "xoai", "yeu", "quoc"]
)
def test_syllables_are_not_touched(syllable: str) -> None:
    assert syllable in SYLLABLES
    assert fold(syllable) == syllable


@pytest.mark.parametrize("token", ["khoong", "ddau", "tieens", "cej", "kao", "gie5x", "zz", "q"])
def test_what_is_no_syllable(token: str) -> None:
    assert token not in SYLLABLES


@pytest.mark.parametrize(
    ("token", "syllable"),
    [
        ("tieens", "tien"),
        ("tienes", "tien"),
        ("nguwowif", "nguoi"),
        ("cap2", None),
        ("cap5", "cap"),
        ("a5", None),
    ],
)
def test_untyped(token: str, syllable: str | None) -> None:
    assert untyped(token) == syllable


def test_the_tables_are_in_the_form_that_is_looked_up() -> None:
    for spelling, meaning in SHORTHAND.items():
        assert tokens(spelling) == [spelling]
        assert meaning.isascii(), spelling
    for said, name in SPOKEN.items():
        assert fold(name) == name
        assert all(word.isascii() for word in said), said
    assert all(glued == words.replace(" ", "") for glued, words in GLUED.items())
    assert PROTECTED.isdisjoint(SHORTHAND)


SENTENCES = [
    "Không nhận được mã xác thực, chờ cả buổi sáng ở Ủy ban mà điện thoại chẳng thấy tin nhắn",
    "Ông cụ nhà tôi quên mật khẩu đăng nhập, giờ muốn đổi số mới thì làm ở đâu?",
    "Quét thẻ căn cước mãi không xong, ứng dụng cứ báo lỗi kết nối",
]


@pytest.mark.parametrize("keyboard", KEYBOARDS)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_reads_the_same_from_any_keyboard(keyboard: str, sentence: str) -> None:
    typed = KEYBOARDS[keyboard](sentence)
    assert typed != sentence
    assert fold(typed) == fold(sentence)


def test_keyboards_leave_what_schools_teach() -> None:
    typed = {name: keyboard("Được, đổi máy ướt") for name, keyboard in KEYBOARDS.items()}
    assert typed["telex"] == "dduwowcj, ddooir mays uwowts"
    assert typed["vni"] == "d9u7o7c5, d9o6i3 may1 u7o7t1"
    assert typed["folded"] == "Duoc, doi may uot"
