"""What only these actions say, beside the bot's own sentences."""

AWAY = (
    "Em đang trục trặc, chưa trả lời được ngay. Lỗi ở phía em. Đợi vài phút rồi nhắn lại giúp em ạ. "
    "Việc gấp thì tự gọi tổng đài 1900 0368 nhé."
)
NOT_UNDERSTOOD = "Em chưa hiểu câu này. Kể ngắn gọn giúp em màn hình đang hiện gì, hoặc gõ «gặp người» ạ."
WHICH_QUESTION = "Cần hỏi gì về VNeID, cứ nhắn cho em ạ."

PHONE_UNKNOWN = "Em chưa rõ đang dùng máy gì. Chọn giúp em một dòng ạ."
PHONE_LABELS = {"android": "Android (Samsung, Oppo…)", "iphone": "iPhone", "khac": "Máy khác, không rõ"}
