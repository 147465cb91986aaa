"""Faults of known errors, of topics, and of entrances."""

from __future__ import annotations

from shelf import Case, fault

ERRORS = "faq/errors.yaml"
TOPICS = "faq/topics.yaml"
FAQ = "faq/chung.yaml"

KNOWN: tuple[Case, ...] = (
    fault(
        "an error that nothing tells",
        ERRORS,
        ("  bao-tri:\n    heard: [hệ thống đang bảo trì]\n", "  ⟦bao-tri:\n"),
        message="không có câu nào để nhận ra",
    ),
    fault(
        "an error known by an everyday word",
        ERRORS,
        ("[hệ thống đang bảo trì]", "[⟦bảo trì]"),
        message="ngắn quá",
    ),
    fault(
        "one wording of two errors",
        ERRORS,
        ("[hệ thống đang bảo trì]", "[⟦Không tìm thấy thiết bị kích hoạt]"),
        message='đã thuộc lỗi "E1"',
    ),
    fault("an error that is no mapping", ERRORS, ("office: true", "office: ⟦co"), message="true hoặc false"),
    fault(
        "an error mended nowhere",
        ERRORS,
        ("kich-hoat/tim-nut", "⟦kich-hoat/tim-nutt"),
        message='không có bước "tim-nutt"',
        hint='"tim-nut"',
    ),
    fault(
        "an error of an unknown intent",
        ERRORS,
        ("intent: activate-error", "intent: ⟦activate-eror"),
        message="activate-eror",
    ),
    fault(
        "an error that rests on nothing known",
        ERRORS,
        ("sources: [F1]", "sources: [⟦F3]"),
        message="không được dẫn",
    ),
    fault(
        "an error without advice",
        ERRORS,
        ("    todo: Chờ một lúc ạ.\n", ""),
        ("bao-tri:", "⟦bao-tri:"),
        message='"todo"',
    ),
    fault(
        "an answer that leads nowhere", FAQ, ("flow: phu", "flow: ⟦phu/khoo"), message='không có bước "khoo"'
    ),
    fault(
        "an intent of two topics",
        TOPICS,
        ("[install-how, fee]", "[install-how, fee, ⟦activate-how]"),
        message='đã thuộc chủ đề "kich-hoat"',
    ),
    fault(
        "an unknown intent of a topic",
        TOPICS,
        ("[install-how, fee]", "[install-how, fee, ⟦activate]"),
        message='không có ý định "activate"',
    ),
    fault(
        "an intent of no topic",
        TOPICS,
        ("  kich-hoat:", "  ⟦kich-hoat:"),
        ("[install-how, fee]", "[install-how]"),
        message='"fee" chưa thuộc',
    ),
)
