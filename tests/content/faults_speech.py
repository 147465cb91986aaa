"""Sentences that the bot must not say, or not like this."""

from __future__ import annotations

from shelf import Case, fault

GUIDE = "flows/kich-hoat.yaml"
FAQ = "faq/chung.yaml"
OWN = "locales/vi/bot.yaml"
SAY = "{{ xung_ho|capitalize }} mở **VNeID**, rồi bấm «Kích hoạt»."
MORE = "Cứ từ từ ạ."

SPOKEN: tuple[Case, ...] = (
    fault(
        "an unknown variable",
        GUIDE,
        (SAY, "{{ ⟦xungho }} bấm «Kích hoạt»."),
        message='không có biến "xungho"',
        hint='"xung_ho"',
    ),
    fault("a variable of the bot's own", GUIDE, (SAY, "Đang ở {{ ⟦buoc }}."), message='không có biến "buoc"'),
    fault(
        "an unknown filter",
        GUIDE,
        ("xung_ho|capitalize", "xung_ho|⟦capitalise"),
        message='không có bộ lọc "capitalise"',
        hint='"capitalize"',
    ),
    fault("arithmetic", GUIDE, (MORE, "⟦{{ 7*7 }}"), message="chỉ ghi được tên biến"),
    fault("an attribute", GUIDE, (MORE, "⟦{{ ''.__class__ }}"), message="chỉ ghi được tên biến"),
    fault("a call", GUIDE, (MORE, "⟦{{ xung_ho() }}"), message="chỉ ghi được tên biến"),
    fault("a loop", GUIDE, (MORE, "⟦{% for a in xung_ho %}a{% endfor %}"), message='lệnh "for"'),
    fault("an include", GUIDE, (MORE, '⟦{% include "/etc/passwd" %}'), message='lệnh "include"'),
    fault(
        "an open variable",
        GUIDE,
        (MORE, "⟦{{ xung_ho }"),
        ("{{ xung_ho|capitalize }}", "Bác"),
        message="chưa đúng",
    ),
    fault("one brace", GUIDE, (MORE, "Mời ⟦{xung_ho} ạ."), message="dấu { }", hint="{{ xung_ho }}"),
    fault(
        "a variable in a title",
        GUIDE,
        ("title: Tìm nút", 'title: "Mời ⟦{{ xung_ho }}"'),
        message="không dùng biến",
    ),
    fault(
        "a label too long",
        GUIDE,
        ("label: Đã bấm", "label: ⟦" + "Đã bấm " * 6),
        message="dài 41 ký tự, tối đa 40",
    ),
    fault(
        "a title too long",
        GUIDE,
        ("title: Tìm nút", "title: ⟦" + "Tìm nút " * 8),
        message="dài 63 ký tự, tối đa 60",
    ),
    fault(
        "sixty-one words",
        GUIDE,
        ("say: |", "say: ⟦|"),
        (SAY, "Cứ từ từ. " * 19),
        message="dài 61 chữ, tối đa 60",
        hint="hai bước",
    ),
    fault("a text too long", GUIDE, ("say: |", "say: ⟦|"), (SAY, "từ" * 800), message="tối đa 1500"),
    fault("two actions", GUIDE, (MORE, "Sau đó bấm ⟦«Tiếp tục»."), message="hơn một việc", hint="hai bước"),
    fault(
        "a button without source",
        GUIDE,
        ("bấm «Kích", "bấm ⟦«Kích"),
        ("    sources: [F1, F2]\n", ""),
        message="không dẫn nguồn",
        hint="sources",
    ),
    fault(
        "an empty list of sources",
        GUIDE,
        ("bấm «Kích", "bấm ⟦«Kích"),
        ("[F1, F2]", "[]"),
        message="không dẫn nguồn",
    ),
    fault(
        "days without source",
        GUIDE,
        ("say: Nút nằm ở cuối", "say: Đợi ⟦7 ngày ở"),
        message='"7 ngày"',
        hint="sources",
    ),
    fault(
        "a place without source",
        GUIDE,
        ("say: Nút nằm ở", "say: Mời bác ra ⟦Công an xã,"),
        message='"Công an xã"',
    ),
    fault(
        "a phone number without source",
        GUIDE,
        ("gọi 1900 0368.", "gọi ⟦1900 0368."),
        ("    sources: [N5]\n", ""),
        message='"1900 0368"',
    ),
    fault(
        "a strange address", GUIDE, (MORE, "Vào ⟦https://vneid.com ạ."), message='"vneid.com"', hint=".gov.vn"
    ),
    fault("a strange short address", GUIDE, (MORE, "Vào ⟦bit.ly/abc ạ."), message='"bit.ly"'),
    fault("a government look-alike", GUIDE, (MORE, "Vào ⟦vneid.gov.vn.top ạ."), message='"vneid.gov.vn.top"'),
    fault(
        "a government site not listed",
        GUIDE,
        (MORE, "Vào ⟦lạ.abc.gov.vn ạ.".replace("lạ.", "la.")),
        message='"la.abc.gov.vn"',
    ),
    fault("a strange phone number", GUIDE, (MORE, "Gọi ⟦0912 345 678 ạ."), message="số điện thoại lạ"),
    fault("a hotline nobody verified", GUIDE, (MORE, "Gọi ⟦1900 9999 ạ."), message='"1900 9999"'),
    fault("a bank account", GUIDE, (MORE, "Số ⟦1234567890123 ạ."), message="dãy số lạ"),
    fault("asking for a code", GUIDE, (MORE, "Bác ⟦gửi mã OTP cho em ạ."), message='"gửi mã OTP cho"'),
    fault("asking in capitals", GUIDE, (MORE, "Bác ⟦GỬI  MÃ OTP CHO em ạ."), message='"GỬI MÃ OTP CHO"'),
    fault("asking for a number", GUIDE, (MORE, "Bác ⟦cho tôi số căn cước ạ."), message="không được nói"),
    fault(
        "an office that is gone",
        GUIDE,
        (MORE, "Bác ra ⟦Công an huyện ạ."),
        message='"Công an huyện"',
        hint="Công an xã",
    ),
    fault("money", GUIDE, (MORE, "Mời bác ⟦chuyển khoản ạ."), message='"chuyển khoản"'),
    fault("a promise", GUIDE, (MORE, "Em ⟦cam kết là được."), message='"cam kết"'),
    fault("an installer", GUIDE, (MORE, "Bác ⟦tải file APK ạ."), message='"tải file APK"'),
    fault(
        "the no of another sentence",
        GUIDE,
        (MORE, "Không sao ạ. Bác ⟦chuyển khoản nhé."),
        message="chuyển khoản",
    ),
    fault(
        "forbidden in the bot's own",
        OWN,
        ('again_1: "Câu của em, {{ xung_ho }} ạ."', 'again_1: "Em ⟦cam kết ạ."'),
        message='"cam kết"',
    ),
    fault(
        "forbidden in an answer",
        FAQ,
        ("Không mất phí ạ.", "Phí là ⟦bắt buộc ạ."),
        message='"bắt buộc"',
        hint="cần",
    ),
    fault(
        "forbidden in one form of address",
        GUIDE,
        (MORE, '{% if xung_ho == "bạn" %}Bạn ⟦chuyển khoản nhé.{% endif %}'),
        message="chuyển khoản",
    ),
    fault("open bold", GUIDE, ("mở **VNeID**,", "mở ⟦**VNeID,"), message="dấu **"),
    fault("an open button", GUIDE, ("«Kích hoạt».", "⟦«Kích hoạt."), message="« »"),
    fault("html", GUIDE, (MORE, "Cứ ⟦<b>từ từ</b> ạ."), message='"<b>"', hint="chữ đậm"),
    fault("a markdown link", GUIDE, (MORE, "Xem [đây⟦](abc) ạ."), message='"]("'),
    fault("what the bot adds by itself", GUIDE, (MORE, "Đây là ⟦bước 2/5 ạ."), message="bot tự thêm"),
    fault("bold on a button", GUIDE, ("label: Đã bấm", 'label: ⟦"**Đã bấm**"'), message="không in đậm"),
    fault(
        "a sentence of twenty-six syllables",
        GUIDE,
        (MORE, "⟦" + "Cứ từ từ đọc kỹ, " * 5 + "ạ."),
        message="câu dài 26 tiếng, tối đa 25",
        hint="hai câu",
    ),
    fault(
        "three sentences, long on average",
        GUIDE,
        ("say: |", "say: ⟦|"),
        (
            MORE,
            (
                "Cứ từ từ, đọc kỹ từng chữ một rồi hãy trả lời em, không phải vội gì đâu ạ nhé bác. " * 2
            ).strip(),
        ),
        message="trung bình mỗi câu",
    ),
    fault(
        "an official word", GUIDE, (MORE, "⟦Tiến hành từ từ ạ."), message='"Tiến hành"', hint="nên viết: làm"
    ),
    fault(
        "a word that may be left out",
        GUIDE,
        (MORE, "Bác ⟦vui lòng chờ ạ."),
        message='"vui lòng"',
        hint="bỏ đi",
    ),
    fault(
        "an official word in an answer",
        FAQ,
        ("Không mất phí ạ.", "⟦Trực tuyến thì không ạ."),
        message="lời giấy",
    ),
    fault(
        "an official word of the bot's own",
        OWN,
        ('again_1: "Câu của em', 'again_1: "⟦Hệ thống của em'),
        message="Hệ",
    ),
    fault(
        "three things to do in a sentence",
        GUIDE,
        (SAY, "{{ xung_ho|capitalize }} bấm «Kích hoạt», gõ 12 số, rồi quét ⟦«mã».".replace("⟦«mã»", "mã")),
        ("rồi quét mã.", "rồi ⟦quét mã."),
        message="3 việc phải làm",
        hint="hai bước",
    ),
    fault(
        "asking in other words",
        GUIDE,
        (MORE, "Có tin thì ⟦đọc giúp em 6 số vừa về ạ."),
        message="không được xin",
    ),
    fault(
        "asking where nothing is denied",
        GUIDE,
        (MORE, "Không được thì bác ⟦nhắn mã vào đây ạ."),
        message='xin "nhắn mã vào đây"',
    ),
    fault(
        "a step that asks for a number",
        GUIDE,
        ("Năm nay {{ xung_ho }} bao nhiêu tuổi ạ?", "Bác có ⟦số điện thoại nào ạ?"),
        message='câu hỏi này đòi "số điện thoại"',
    ),
    fault(
        "a step that asks again for a name",
        GUIDE,
        ("Em chưa rõ, xin nhắn một con số ạ.", "Em chưa rõ ⟦họ tên ạ."),
        message='câu hỏi này đòi "họ tên"',
    ),
)
