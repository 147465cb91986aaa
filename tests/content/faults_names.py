"""Names that nothing answers to, in all the files."""

from __future__ import annotations

from shelf import Case, fault

GUIDE = "flows/kich-hoat.yaml"
HELPER = "flows/phu.yaml"
MENU = "flows/_menu.yaml"
FACTS = "faq/facts.yaml"
FAQ = "faq/chung.yaml"
WORDS = "locales/vi/words.yaml"
OWN = "locales/vi/bot.yaml"

NAMES: tuple[Case, ...] = (
    fault(
        "an unknown intent",
        GUIDE,
        ("[activate-how,", "[⟦activate-haw,"),
        message='không có ý định "activate-haw"',
        hint='"activate-how"',
    ),
    fault(
        "an intent that starts at no step",
        GUIDE,
        ("intents: [activate-how, activate-error]", "intents: {activate-how: ⟦mo-ap}"),
        message='không có bước "mo-ap"',
        hint='"mo-app"',
    ),
    fault(
        "an unknown intent of a choice",
        GUIDE,
        ("intents: [activate-error]}", "intents: [⟦activate-eror]}"),
        message="activate-eror",
    ),
    fault(
        "an intent of two guides",
        HELPER,
        ("[install-how]", "[⟦activate-how]"),
        message='đã thuộc luồng "kich-hoat"',
    ),
    fault(
        "an intent twice",
        GUIDE,
        ("[activate-how,", "[activate-error,"),
        ("activate-error]\n", "⟦activate-error]\n"),
        message="hai lần",
    ),
    fault(
        "an unknown fact", GUIDE, ("[F1, F2]", "[F1, ⟦F22]"), message='không có dữ kiện "F22"', hint='"F2"'
    ),
    fault(
        "an unverified fact", GUIDE, ("[F1, F2]", "[F1, ⟦F3]"), message="chua-xac-minh", hint="dữ kiện khác"
    ),
    fault("a disputed fact", GUIDE, ("[F1, F2]", "[F1, ⟦F4]"), message="mau-thuan"),
    fault(
        "an unknown source",
        FACTS,
        ('[S1], text: "Màn', '[⟦S2], text: "Màn'),
        message='không có nguồn "S2"',
    ),
    fault("an unknown grade", FACTS, ("grade: chac", "grade: ⟦chắc"), message='"chắc"', hint='"chac"'),
    fault(
        "a fact without source",
        FACTS,
        ("  F1: {grade: chac, sources: [S1]", "  ⟦F1: {grade: chac, sources: []"),
        message="không có nguồn nào",
    ),
    fault(
        "a source without url",
        FACTS,
        ("  S1:", "  ⟦S1:"),
        (', url: "https://congan.gov.vn/bai"', ""),
        message='"url"',
    ),
    fault(
        "an unknown guide in the menu",
        MENU,
        ("flows: [phu]", "flows: [phu, ⟦fu]"),
        message='không có luồng "fu"',
    ),
    fault("a guide twice in the menu", MENU, ("[kich-hoat]", "[kich-hoat, ⟦phu]"), message="đã có ở dòng 2"),
    fault(
        "a guide not in the menu",
        MENU,
        ("groups:\n  - {", "groups:\n  ⟦- {"),
        ("  - {title: Tài khoản, flows: [kich-hoat]}\n", ""),
        message='"kich-hoat" chưa có trong menu',
    ),
    fault(
        "an empty group",
        MENU,
        ("flows: [kich-hoat]", "flows: [phu, kich-hoat]"),
        ("flows: [phu]}", "flows: ⟦[]}"),
        message="chưa có luồng nào",
    ),
    fault(
        "an answer to an unknown intent",
        FAQ,
        ("  fee:", "  ⟦fees:"),
        message='không có ý định "fees"',
        hint='"fee"',
    ),
    fault(
        "an answer offering an unknown guide",
        FAQ,
        ("flow: phu", "flow: ⟦phụ"),
        message='không có luồng "phụ"',
    ),
    fault(
        "an answer never reviewed",
        FAQ,
        ("  fee:", "  ⟦fee:"),
        ('    reviewed: "2026-11-01"\n', ""),
        message='"reviewed"',
    ),
    fault(
        "an answer without sources",
        FAQ,
        ("gọi 1900 0368.", "gọi ⟦1900 0368."),
        ("    sources: [N5]\n", ""),
        message="mà không dẫn nguồn",
    ),
    fault(
        "a word for two things",
        WORDS,
        ('"repeat": [repeat rồi', '"repeat": [⟦back rồi'),
        message='đã thuộc "back"',
    ),
    fault("an unknown word", WORDS, ('"repeat": [', '⟦"repaet": ['), message='"repaet"', hint='"repeat"'),
    fault("an unknown sentence", OWN, ("welcome:", "⟦welcom:"), message='"welcom"', hint='"welcome"'),
)
