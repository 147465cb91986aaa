"""Faults in pictures: screens that cannot be drawn, and steps whose picture shows something else."""

from __future__ import annotations

from shelf import Case, fault

GUIDE = "flows/kich-hoat.yaml"
SCREENS = "flows/_screens/chung.yaml"
START = "phone: vneid-start"
PICTURE = '    picture: {phone: vneid-start, highlight: "Kích hoạt", alt: "Nút Kích hoạt được khoanh"}\n'

PICTURES: tuple[Case, ...] = (
    fault(
        "a button without a picture",
        GUIDE,
        (PICTURE, ""),
        ("rồi bấm «", "rồi bấm ⟦«"),
        message="«Kích hoạt» mà không có hình",
        hint="picture: {phone",
    ),
    fault("no such screen", GUIDE, (START, "phone: ⟦vneid-strat"), message="vneid-strat", hint="vneid-start"),
    fault("a screen like no other", GUIDE, (START, "phone: ⟦abc"), message='"abc"', hint="flows/_screens"),
    fault(
        "a highlight that is not there",
        GUIDE,
        ('highlight: "Kích hoạt"', 'highlight: ⟦"Kích hoat"'),
        message='không có chữ "Kích hoat"',
        hint="Kích hoạt",
    ),
    fault(
        "a highlight like no other",
        GUIDE,
        ('highlight: "Kích hoạt"', 'highlight: ⟦"Zzz"'),
        message='không có chữ "Zzz"',
        hint="Số điện thoại, Mã",
    ),
    fault(
        "alt too long",
        GUIDE,
        ('alt: "Nút Kích hoạt được khoanh"', 'alt: ⟦"' + "a" * 201 + '"'),
        message="dài 201 ký tự, tối đa 200",
    ),
    fault(
        "alt with a variable",
        GUIDE,
        ('alt: "Nút Kích hoạt được khoanh"', 'alt: "Nút của ⟦{{ xung_ho }}"'),
        message="không dùng biến",
    ),
    fault(
        "alt empty",
        GUIDE,
        ('alt: "Nút Kích hoạt được khoanh"', 'alt: ⟦""'),
        message="trống",
    ),
    fault(
        "a misspelt kind",
        SCREENS,
        ("button: Kích hoạt", "⟦buton: Kích hoạt"),
        message='"buton"',
        hint='"button"',
    ),
    fault("no such kind", SCREENS, ("button: Kích hoạt", "⟦nut: Kích hoạt"), message='"nut"', hint="docs"),
    fault("a word alone", SCREENS, ("- button: Kích hoạt", "- ⟦Kích hoạt"), message="các mục"),
    fault(
        "two kinds at once",
        SCREENS,
        ("{check: Đồng ý, state: bat}", "{check: Đồng ý, ⟦switch: Mạng}"),
        message='cả "check" và "switch"',
        hint="tách",
    ),
    fault("a key of another kind", SCREENS, ("note: Giấy tờ", "⟦says: Giấy tờ"), message='"says"'),
    fault("no such icon", SCREENS, ("icon: wallet", "icon: ⟦walet"), message='"walet"', hint="wallet"),
    fault("no such icon below", SCREENS, ("{Nhà: home", "{Nhà: ⟦hom"), message='"hom"', hint="home"),
    fault(
        "icons as a list",
        SCREENS,
        ("tabs: {Nhà: home, Tôi: person}", "tabs: ⟦[Nhà, Tôi]"),
        message="viết như",
    ),
    fault(
        "too many icons",
        SCREENS,
        (
            "tabs: {Nhà: home, Tôi: person}",
            "icons: ⟦{" + ", ".join(f"Số {n}x: home" for n in range(10)) + "}",
        ),
        message="có 10 hình, tối đa 9",
    ),
    fault("neither on nor off", SCREENS, ("state: bat", "state: ⟦mo"), message='"mo"', hint="bat"),
    fault("three boxes", SCREENS, ("count: 6", "count: ⟦3"), message="từ 4 đến 8"),
    fault("boxes in words", SCREENS, ("count: 6", "count: ⟦sáu"), message="số nguyên"),
    fault("no such sight", SCREENS, ("of: card", "of: ⟦cat"), message='"cat"', hint="card"),
    fault(
        "a message of nothing",
        SCREENS,
        ("message: Tổng đài, says: Xin chào", "message: ⟦Tổng đài"),
        message='"says"',
    ),
    fault("no such frame", SCREENS, ("frame: iphone", "frame: ⟦iphon"), message='"iphon"', hint="iphone"),
    fault("no such key", SCREENS, ("    title: VNeID", "    ⟦titel: VNeID"), message='"titel"', hint="title"),
    fault(
        "nothing to show",
        SCREENS,
        (
            "  hop-thoai:\n    frame: iphone\n    show:\n",
            "  hop-thoai:\n    frame: iphone\n    show: ⟦[]\n  khac:\n    show:\n",
        ),
        message="chưa có gì để vẽ",
    ),
    fault(
        "no show at all",
        SCREENS,
        (
            "  hop-thoai:\n    frame: iphone\n    show:\n",
            "  ⟦trong:\n    title: A\n  hop-thoai:\n    show:\n",
        ),
        message='thiếu mục "show"',
    ),
    fault(
        "a show of words",
        SCREENS,
        (
            "  hop-thoai:\n    frame: iphone\n    show:\n",
            "  trong:\n    show: ⟦chữ\n  hop-thoai:\n    show:\n",
        ),
        message="danh sách",
    ),
    fault(
        "a name with capitals", SCREENS, ("  hop-thoai:", "  ⟦Hop-Thoai:"), message="Hop-Thoai", hint="a-z"
    ),
    fault("misspelt above", SCREENS, ("screens:\n", "⟦sreens:\n"), message="sreens", hint="screens"),
    fault(
        "the same words twice",
        SCREENS,
        ("{boxes: Mã, count: 6}", "{boxes: Kích hoạt, count: 6}"),
        ("button: Kích hoạt", "button: ⟦Kích hoạt"),
        message='chữ "Kích hoạt" có ở hai chỗ',
        hint="dòng",
    ),
    fault(
        "a button that nobody named",
        SCREENS,
        ("button: Kích hoạt", "button: Kích hoạt\n      - outline: ⟦Bấm bừa"),
        message="chưa có nguồn nào nói đến nút «Bấm bừa»",
        hint="faq/facts.yaml",
    ),
    fault(
        "a button in a box that nobody named",
        SCREENS,
        ("actions: [Kích hoạt]", "actions: [Kích hoạt, ⟦Kích hoạt ngay]"),
        message="«Kích hoạt ngay»",
        hint="Kích hoạt",
    ),
    fault("a sign the font lacks", SCREENS, ("says: Xin chào", "says: Xin ⟦😀 chào"), message="U+1F600"),
    fault("an arrow the font lacks", SCREENS, ("title: VNeID", "title: Cài ⟦→ mở"), message="U+2192"),
    fault(
        "a label too long", SCREENS, ("button: Kích hoạt", "button: ⟦" + "dài " * 16), message="dài 63 ký tự"
    ),
    fault(
        "a label that is a number",
        SCREENS,
        ('value: "0"', "value: ⟦12"),
        message="thứ khác",
        hint="ngoặc kép",
    ),
)
