"""Faults in how a guide is built: keys and values, ways from step to step."""

from __future__ import annotations

from shelf import Case, fault

GUIDE = "flows/kich-hoat.yaml"
HELPER = "flows/phu.yaml"
DONE = "label: Đã bấm, next: hoi-tuoi"

KEYS: tuple[Case, ...] = (
    fault("misspelt at the top", GUIDE, ("goal:", "⟦gaol:"), message='"gaol"', hint='"goal"'),
    fault("misspelt in a step", GUIDE, ("    remind:", "    ⟦remnid:"), message='"remnid"', hint='"remind"'),
    fault(
        "too much said of a change",
        GUIDE,
        ("goal:", f"change: ⟦{'Đổi chữ. ' * 40}\ngoal:"),
        message="tối đa 300",
    ),
    fault(
        "misspelt, and so missing", GUIDE, ("    say: Nút", "    ⟦sya: Nút"), message='"sya"', hint='"say"'
    ),
    fault(
        "misspelt in a choice",
        GUIDE,
        ("intents: [activate-error]}", "⟦intent: [fee]}"),
        message='"intent"',
        hint='"intents"',
    ),
    fault(
        "misspelt in a picture", GUIDE, ("highlight:", "⟦higlight:"), message='"higlight"', hint='"highlight"'
    ),
    fault(
        "misspelt in an ask",
        GUIDE,
        ("    shape:", "    ⟦shap:"),
        ("below: 14", "is: già"),
        message='"shap"',
        hint='"shape"',
    ),
    fault("not of this kind", GUIDE, ("    call: phu", "    call: phu\n    ⟦window: 1h"), message='"window"'),
    fault(
        "a step without title",
        GUIDE,
        ("  tim-nut:\n    title: Tìm nút\n", "  ⟦tim-nut:\n"),
        message='thiếu mục "title"',
    ),
    fault(
        "a guide without goal",
        HELPER,
        ("title: Cài ứng dụng", "⟦title: Cài ứng dụng"),
        ("goal: Mở được ứng dụng\n", ""),
        message='"goal"',
    ),
    fault(
        "never reviewed",
        HELPER,
        ("title: Cài ứng dụng", "⟦title: Cài ứng dụng"),
        ('reviewed: "2026-11-01"\n', ""),
        message='"reviewed"',
    ),
    fault(
        "a picture without alt",
        GUIDE,
        (', alt: "Nút Kích hoạt được khoanh"', ""),
        ("picture: {", "picture: ⟦{"),
        message='thiếu mục "alt"',
    ),
    fault(
        "no such kind",
        GUIDE,
        (
            "  tim-nut:\n    title: Tìm nút\n    say: Nút nằm ở cuối màn hình ạ.\n",
            "  ⟦tim-nut:\n    title: Tìm nút\n",
        ),
        message="không rõ bước",
        hint="say, ask",
    ),
    fault(
        "two kinds",
        GUIDE,
        ("    call: phu", "    ⟦call: phu\n    say: Vâng ạ."),
        message='cả "call" và "say"',
        hint="hai bước",
    ),
    fault("choices and next", GUIDE, ("    remind: 10m", "    next: ⟦xong"), message='không có "next"'),
    fault(
        "a dead end",
        GUIDE,
        ("  tim-nut:", "  ⟦tim-nut:"),
        ("màn hình ạ.\n    next: mo-app", "màn hình ạ."),
        message="không dẫn đi đâu",
        hint='"next"',
    ),
    fault(
        "an id with capitals",
        GUIDE,
        ("stuck: khong-thay-nut", "stuck: ⟦Khong_thay"),
        message='tên "Khong_thay"',
        hint="a-z",
    ),
    fault(
        "an id too long",
        GUIDE,
        ("stuck: khong-thay-nut", "stuck: ⟦khong-thay-nut-kich-hoat-nao"),
        message="không hợp lệ",
        hint="24",
    ),
    fault(
        "no such ending",
        GUIDE,
        ("end: completed", "end: ⟦complete"),
        message='"complete"',
        hint='"completed"',
    ),
    fault(
        "no such shape",
        GUIDE,
        ("shape: number", "shape: ⟦nubmer"),
        ("below: 14", "is: già"),
        message='"nubmer"',
        hint='"number"',
    ),
    fault(
        "no such window",
        GUIDE,
        ("window: 1h", "window: ⟦1 giờ"),
        message="không phải khoảng thời gian",
        hint="90m",
    ),
    fault("a window without unit", GUIDE, ("window: 1h", "window: ⟦60"), message='"60"', hint="90m"),
    fault("a window too long", GUIDE, ("window: 1h", "window: ⟦90d"), message="30d"),
    fault("a reminder too late", GUIDE, ("remind: 10m", "remind: ⟦2h"), message="ngắn hơn window"),
    fault(
        "a window where nothing waits",
        GUIDE,
        ("say: Nút", "window: ⟦1h\n    say: Nút"),
        message='không có "window"',
    ),
    fault("bounds crossed", GUIDE, ("least: 1", "least: ⟦200"), message="least (200) lớn hơn most (120)"),
    fault(
        "not a day", GUIDE, ('"2026-11-01"', '⟦"2026-13-01"'), message="không phải là ngày", hint="2026-11-21"
    ),
    fault("reviewed tomorrow", GUIDE, ('"2026-11-01"', '⟦"2026-11-22"'), message="tương lai"),
    fault(
        "a branch with two tests",
        GUIDE,
        ("- {answer: tuoi, below: 14", "- ⟦{answer: tuoi, below: 14, above: 3"),
        message="đúng một trong",
    ),
)

KEYS += (
    fault(
        "misspelt sources", GUIDE, ("    sources: [F1, F2]", "    ⟦soucres: [F1, F2]"), message='"soucres"'
    ),
    fault("misspelt choices", HELPER, ("    choices:", "    ⟦choics:"), message='"choics"', hint='"choices"'),
)

WAYS: tuple[Case, ...] = (
    fault(
        "an unknown step",
        GUIDE,
        (DONE, "label: Đã bấm, next: ⟦hoi-tuooi"),
        message='không có bước "hoi-tuooi"',
        hint='"hoi-tuoi"',
    ),
    fault(
        "an unknown start",
        GUIDE,
        ("start: mo-app", "start: ⟦mo-ap"),
        message='không có bước "mo-ap"',
        hint='"mo-app"',
    ),
    fault("an unknown else", GUIDE, ("else: goi-phu", "else: ⟦goi-fu"), message='"goi-fu"', hint='"goi-phu"'),
    fault(
        "unreachable",
        GUIDE,
        ("next: tim-nut", "next: goi-nguoi"),
        ("  tim-nut:", "  ⟦tim-nut:"),
        message='dẫn tới bước "tim-nut"',
    ),
    fault(
        "no way out",
        GUIDE,
        ("  tim-nut:", "  ⟦tim-nut:"),
        ("màn hình ạ.\n    next: mo-app", "màn hình ạ.\n    next: tim-nut"),
        message="không tới được kết thúc",
    ),
    fault(
        "round and round in silence",
        HELPER,
        ("next: xong}", "next: re, set: {a: b}}"),
        ("  xong:", "  ⟦re: {branch: [{answer: a, is: b, next: re}], else: xong}\n  xong:"),
        message="không chờ ai",
    ),
    fault(
        "four choices",
        GUIDE,
        ("      - {label: Tôi dùng", "      - {label: Đã xong, next: xong}\n      - ⟦{label: Tôi dùng"),
        message="có 4 lựa chọn, tối đa 3",
    ),
    fault(
        "only stuck",
        HELPER,
        ("choices:\n      - {label: Đã mở,", "choices:\n      ⟦- {label: Đã mở, stuck: chiu,"),
        message="mọi lựa chọn đều là stuck",
    ),
    fault(
        "empty choices",
        HELPER,
        ("choices:\n      - {label: Đã mở, next: xong}", "choices: ⟦[]"),
        message="còn trống",
    ),
    fault(
        "stuck without reason",
        GUIDE,
        ("stuck: khong-thay-nut,", "⟦stuck: ,"),
        message='"stuck" thiếu lý do',
        hint="khong-thay-nut",
    ),
    fault(
        "the same label",
        GUIDE,
        ("label: Tôi dùng iPhone", "label: ⟦da  bam!"),
        message="trùng với lựa chọn 1",
        hint="khác nhau",
    ),
    fault(
        "the same other wording",
        GUIDE,
        ("next: tim-nut,", "next: tim-nut, also: [⟦bam roi],"),
        message="trùng với lựa chọn 1",
    ),
    fault(
        "an unknown guide", GUIDE, ("call: phu", "call: ⟦phuu"), message='không có luồng "phuu"', hint='"phu"'
    ),
    fault("a circle of calls", GUIDE, ("call: phu", "call: ⟦kich-hoat"), message="quay lại chính luồng này"),
    fault(
        "an answer never asked",
        GUIDE,
        ("{answer: tuoi", "{answer: ⟦tuooi"),
        message='chưa hỏi câu nào tên "tuooi"',
        hint='"tuoi"',
    ),
    fault(
        "an answer never set so",
        GUIDE,
        ("is: iphone", "is: ⟦iphon"),
        message='đặt "may" là "iphon"',
        hint='"iphone"',
    ),
    fault(
        "a text compared",
        GUIDE,
        ("    shape: number\n", ""),
        ("below: 14", "below: ⟦14"),
        message="không phải là số",
        hint="shape: number",
    ),
    fault("a number as text", GUIDE, ("below: 14", 'is: ⟦"14"'), message="là số, không phải chữ"),
    fault(
        "a text as number",
        GUIDE,
        ("is: iphone", "is: ⟦15"),
        message="là chữ, không phải số",
        hint="ngoặc kép",
    ),
)
