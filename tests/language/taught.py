"""A few phrases, and a matcher that has learnt from nothing else."""

from __future__ import annotations

from pathlib import Path

ASKERS = ["", "cháu ơi ", "cho tôi hỏi "]
ENDS = ["", " với", " bây giờ làm sao"]
WORDINGS = {
    "forgot-password": [
        "quên mật khẩu",
        "không nhớ mật khẩu đăng nhập",
        "mất mật khẩu rồi",
        "lấy lại mật khẩu",
        "mật khẩu đặt lâu quá quên rồi",
    ],
    "otp-not-received": [
        "không nhận được mã OTP",
        "chờ mãi tin nhắn mã không về",
        "mã OTP không gửi về máy",
        "không thấy tin nhắn OTP",
        "mã gửi mãi không tới",
    ],
    "nfc-scan": [
        "quét NFC không được",
        "để thẻ sát máy mà không đọc được chip",
        "quét thẻ chip mãi không xong",
        "NFC không đọc được thẻ",
        "áp thẻ vào máy quét chip báo lỗi",
    ],
    "scam-victim": [
        "bị lừa mất tiền trong tài khoản",
        "kẻ gian chuyển hết tiền của tôi",
        "tôi bị lừa chuyển khoản",
        "mất hết tiền vì bị lừa",
        "nó lừa lấy sạch tiền trong ngân hàng",
    ],
    "talk-to-human": [
        "cho gặp cán bộ",
        "muốn nói chuyện với người thật",
        "cho nói chuyện với cán bộ",
        "gặp người thật được không",
        "cần cán bộ gọi lại nói chuyện",
    ],
    "unclear": ["sao vậy", "thế à", "sao thế", "là sao vậy", "thế là sao"],
    "oos-general": [
        "hôm nay trời có mưa không",
        "giá vàng bao nhiêu",
        "giá vàng hôm nay",
        "trời hôm nay mưa hay nắng",
        "vàng lên giá bao nhiêu",
    ],
}
TOPICS = """topics:
  otp: {question: Mã, intents: [otp-not-received]}
  password-passcode: {question: Mật khẩu, intents: [forgot-password]}
  nfc: {question: Thẻ, intents: [nfc-scan]}
"""


def write_phrases(folder: Path) -> Path:
    """`folder/phrases`, with the topics beside it."""
    phrases = folder / "phrases"
    phrases.mkdir()
    for intent, wordings in WORDINGS.items():
        lines = {f"{asker}{wording}{end}" for wording in wordings for asker in ASKERS for end in ENDS}
        (phrases / f"{intent}.txt").write_text("\n".join(sorted(lines)) + "\n", "utf-8")
    (folder / "topics.yaml").write_text(TOPICS, "utf-8")
    return phrases
