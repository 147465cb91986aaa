"""What they type: requests, questions, slips of the finger, things that should never be sent."""

from __future__ import annotations

import unicodedata
from random import Random

from bot.simulating.people import Person

REQUESTS = {
    "kich-hoat": ("tôi muốn kích hoạt vneid", "kích hoạt tài khoản định danh", "chỉ tôi kích hoạt với"),
    "cai-dat": ("cài vneid như thế nào", "tải app vneid về máy", "muốn cài đặt vneid"),
    "quen-mat-khau": ("tôi quên mật khẩu vneid", "quên mất mật khẩu rồi", "không nhớ passcode"),
    "otp": ("không thấy mã otp gửi về", "chờ mãi không có mã otp", "mã otp báo sai"),
    "doi-may": ("đổi điện thoại mới rồi đăng nhập vneid sao", "chuyển vneid sang máy khác"),
    "dang-ky-muc-2": ("làm định danh mức 2 ở đâu", "đăng ký mức 2 cần giấy tờ gì"),
    "an-sinh-xa-hoi": ("liên kết tài khoản ngân hàng nhận trợ cấp", "nhận tiền an sinh trên vneid"),
    "tich-hop-giay-to": ("đưa bằng lái xe vào vneid", "thêm thẻ bảo hiểm y tế vào vneid"),
    "dang-ky-muc-1": ("đăng ký mức 1 tại nhà", "tạo tài khoản mức 1 thế nào"),
    "nguoi-cao-tuoi-tai-nha": ("mẹ tôi già yếu không có điện thoại thông minh", "cụ ở nhà không đi được"),
    "hen-den-nha": ("nhờ người đến nhà giúp", "hẹn tình nguyện viên đến nhà"),
    "khuon-mat": ("chụp mặt mãi không được", "quét khuôn mặt bị lỗi"),
    "nfc": ("quét chip căn cước không được", "máy không đọc được nfc"),
    "sai-thong-tin": ("thông tin trên vneid bị sai", "sai ngày sinh trên vneid"),
    "so-dien-thoai-sim": ("đổi số điện thoại đăng ký vneid", "mất sim rồi làm sao"),
    "dich-vu-cong": ("đăng nhập dịch vụ công bằng vneid", "cổng dịch vụ công không vào được"),
    "lua-dao": ("có người gọi xưng công an bảo cài app", "nghi bị lừa đảo"),
}

QUESTIONS = (
    "tổng đài vneid số mấy",
    "làm cái này có mất tiền không",
    "mức 1 với mức 2 khác gì nhau",
    "mật khẩu phải có những gì",
    "bao lâu thì được duyệt",
    "một máy đăng nhập được mấy người",
    "passcode là gì",
    "công an xã làm việc mấy giờ",
    "khi nào đội lưu động về xã",
    "không có wifi có làm được không",
)

UNCLEAR = (
    "ủa nó lạ lắm",
    "cái nút kia kìa",
    "sao nó xoay xoay",
    "con ơi bác chịu",
    "hồi nãy thấy mà giờ mất",
    "nó hiện chữ tiếng tây",
    "abcxyz",
    "không biết nữa",
)

SECRETS = ("mã otp của tôi là 482913", "số căn cước tôi 066180012345", "mật khẩu của tôi là Hoa@1234")
ALARMS = (
    "tôi bị lừa mất tiền rồi",
    "mất điện thoại có vneid rồi làm sao",
    "họ dọa bắt tôi nếu không chuyển tiền",
)
CHAT = ("dạ", "vâng em", "để bác xem lại", "bác bấm rồi mà chưa thấy gì", "được rồi cảm ơn con", "ừ chờ chút")
THANKS = ("cảm ơn em", "cám ơn con nhiều", "ok")
HAMLETS = ("thôn 3", "buôn Kli", "tổ 7", "thôn Phú Hòa", "khối 2")
LANDMARKS = ("cạnh nhà văn hóa", "đối diện chợ", "gần trường tiểu học", "sau đình làng")
DAYS = ("thứ bảy", "cuối tuần", "ngày nào cũng được", "chiều chủ nhật")
ON = "làm tiếp"
BACK = "quay lại"
HUMAN = "gặp người"
STOP = "dừng"
ERASE = "/xoa"

_BESIDE = {"a": "s", "e": "r", "i": "o", "o": "p", "u": "i", "n": "m", "t": "y", "h": "j", "c": "v"}


def typed(text: str, person: Person, random: Random) -> str:
    """A text as this person's fingers make it."""
    said = text if person.marks else bare(text)
    if random.randrange(100) >= person.slip or len(said) < 5:
        return said
    at = random.randrange(1, len(said) - 1)
    match random.randrange(4):
        case 0:
            return said[:at] + said[at + 1 :]
        case 1:
            return said[:at] + said[at] + said[at:]
        case 2:
            return said[: at - 1] + said[at] + said[at - 1] + said[at + 1 :]
        case _:
            return said[:at] + _BESIDE.get(said[at], said[at]) + said[at + 1 :]


def bare(text: str) -> str:
    """Without diacritics, as many type on a phone."""
    plain = text.replace("đ", "d").replace("Đ", "D")
    return "".join(one for one in unicodedata.normalize("NFD", plain) if not unicodedata.combining(one))
