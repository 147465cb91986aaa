"""Faults that any file can have: broken YAML, values that YAML turns into something else."""

from __future__ import annotations

from shelf import FILES, Case, fault

GUIDE = "flows/kich-hoat.yaml"
HELPER = "flows/phu.yaml"
MENU = "flows/_menu.yaml"
DONE = "label: Đã bấm, next: hoi-tuoi"

SYNTAX: tuple[Case, ...] = (
    fault(
        "two keys", GUIDE, ("goal:", "⟦title: Hai\ngoal:"), message='mục "title" viết hai lần', hint="dòng 2"
    ),
    fault(
        "two steps",
        GUIDE,
        ("  goi-phu:\n", "  ⟦tim-nut: {}\n  goi-phu:\n"),
        message='mục "tim-nut" viết hai lần',
    ),
    fault("an anchor", GUIDE, ("goal: ", "goal: ⟦&ten "), message='không dùng "&…"', hint="viết lại"),
    fault("an alias", GUIDE, ("goal: Đăng", "goal: ⟦*ten"), message='không dùng "*…"'),
    fault("a tag", GUIDE, ("goal: ", "goal: ⟦!!str "), message='không dùng "!…"'),
    fault("a tag that runs code", GUIDE, ("goal: ", "goal: ⟦!!python/object/apply:os.system "), message="!…"),
    fault("two documents", GUIDE, ("steps:\n", "⟦---\nsteps:\n"), message="một tệp chỉ có một phần"),
    fault("a tab before", GUIDE, ("    title: Tìm nút", "⟦\ttitle: Tìm nút"), message="tab", hint="dấu cách"),
    fault("a tab within", GUIDE, ("Tìm nút", "Tìm⟦\tnút"), message="tab"),
    fault("a zero width space", GUIDE, ("Tìm nút", "Tìm⟦\u200b nút"), message="U+200B", hint="gõ lại"),
    fault("text turned around", GUIDE, ("Tìm nút", "Tìm⟦\u202e nút"), message="U+202E"),
    fault("the same, escaped", GUIDE, ("Tìm nút", '⟦"Tìm\\u202e nút"'), message="U+202E"),
    fault("a bell", GUIDE, ("Tìm nút", "Tìm⟦\x07 nút"), message="U+0007"),
    fault("lost letters", GUIDE, ("Tìm nút", "T⟦\ufffdm nút"), message="U+FFFD"),
    fault(
        "colon in a sentence",
        GUIDE,
        ("say: Xong rồi", "say: Xong⟦: rồi"),
        message="dấu hai chấm",
        hint="ngoặc",
    ),
    fault("open quote", GUIDE, ("goal: Đăng", 'goal: ⟦"Đăng'), message="mà không đóng lại"),
    fault(
        "open brace", GUIDE, ("{label: Đã bấm", "⟦{label: Đã bấm"), ("vào rồi]}", "vào rồi]"), message="dấu }"
    ),
    fault("open bracket", GUIDE, ("[F1, F2]", "⟦[F1, F2"), message="dấu ]"),
    fault("comma in a label", GUIDE, (DONE, "label: Bấm, ⟦rồi, next: hoi-tuoi"), message='"rồi"'),
    fault("indent too small", GUIDE, ("    answer: tuoi", "   ⟦answer: tuoi"), message="thụt lề"),
    fault("indent too big", GUIDE, ("    say: Nút", "     say⟦: Nút"), message="thụt lề"),
    fault("first indent too small", GUIDE, ("    title: Tìm", "   ⟦title: Tìm"), message="thụt lề"),
    fault("first indent too big", GUIDE, ("    title: Tìm", "     ⟦title: Tìm"), message="thụt lề"),
    fault("a name without colon", GUIDE, ("    title: Tìm", "    ⟦title Tìm"), message="thiếu dấu hai chấm"),
    fault("a percent sign first", GUIDE, ("say: Nút", "say: ⟦% Nút"), message="ký tự YAML không nhận"),
    fault("an escape", GUIDE, ("goal: Đăng nhập", 'goal: "Đăng ⟦\\q"\n#'), message="\\"),
    fault("too deep", GUIDE, ("[F1, F2]", "[[[[[[[[[⟦[F1]]]]]]]]]]"), message="quá sâu"),
    fault("a list for a mapping", MENU, (FILES[MENU], "⟦- groups\n"), message="mục: giá trị"),
    fault("nothing", MENU, (FILES[MENU], "⟦# trống\n"), message="tệp trống"),
)

TRAPS: tuple[Case, ...] = (
    fault("no", GUIDE, ("label: Đã bấm", "label: ⟦no"), message='YAML hiểu "no"', hint="viết 'no'"),
    fault("yes", GUIDE, ("[bấm rồi,", "[⟦yes,"), message='"yes"', hint="ngoặc kép"),
    fault("on", GUIDE, ("title: Tìm nút", "title: ⟦on"), message='"on"', hint="ngoặc kép"),
    fault("Off", GUIDE, ("may: iphone", "may: ⟦Off"), message='"Off"', hint="ngoặc kép"),
    fault("0123", GUIDE, ("[bấm rồi,", "[⟦0123,"), message='"0123"', hint="ngoặc kép"),
    fault("12:30", GUIDE, ("label: Đã bấm", "label: ⟦12:30"), message='"12:30"', hint="ngoặc kép"),
    fault("1e3", GUIDE, ("[bấm rồi,", "[⟦1e3,"), message='"1e3"', hint="ngoặc kép"),
    fault("1.5", GUIDE, ("[bấm rồi,", "[⟦1.5,"), message='"1.5"', hint="ngoặc kép"),
    fault("0x1F", GUIDE, ("[bấm rồi,", "[⟦0x1F,"), message='"0x1F"', hint="ngoặc kép"),
    fault("1_000", GUIDE, ("[bấm rồi,", "[⟦1_000,"), message='"1_000"', hint="ngoặc kép"),
    fault("7", GUIDE, ("label: Đã bấm", "label: ⟦7"), message='"7"', hint="ngoặc kép"),
    fault("null", GUIDE, ("label: Đã bấm", "label: ⟦null"), message="còn trống"),
    fault("~", GUIDE, ("label: Đã bấm", "label: ⟦~"), message="còn trống"),
    fault("nothing", GUIDE, ("title: Tìm nút", "⟦title:"), message="còn trống"),
    fault("spaces", GUIDE, ("title: Tìm nút", 'title: ⟦"  "'), message="còn trống"),
    fault("a date", GUIDE, ('"2026-11-01"', "⟦2026-11-01"), message="ngày", hint='"2026-11-01"'),
    fault("a key no", GUIDE, ("may: iphone", "⟦no: iphone"), message='tên mục "no"', hint="'no'"),
    fault("a key 12", GUIDE, ("may: iphone", "⟦12: iphone"), message='tên mục "12"', hint="'12'"),
    fault("a number in quotes", GUIDE, ("least: 1", 'least: ⟦"1"'), message="số nguyên"),
    fault("a text for a number", GUIDE, ("most: 120", "most: ⟦nhiều"), message="số nguyên"),
    fault("a list for a text", GUIDE, ("title: Tìm nút", "title: ⟦[Tìm, nút]"), message="phải là chữ"),
    fault("a text for a list", GUIDE, ("[F1, F2]", "⟦F1"), message="danh sách", hint="[ ]"),
    fault(
        "a text for steps",
        HELPER,
        (FILES[HELPER][FILES[HELPER].index("steps:") :], "steps: ⟦sau\n"),
        message='"steps"',
    ),
)
