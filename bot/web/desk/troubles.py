"""What is said at the desk when something goes wrong; nothing that was written is lost by it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from bot.app.accounts import Role
from bot.web.parts import Parts
from bot.web.render import PRIVATE, page

LATER = frozenset({429, 500, 503})
"""What may work when it is tried again."""

TROUBLES: Mapping[int, tuple[str, str]] = {
    303: ("Bạn chưa đăng nhập", "Đang đưa bạn đến trang đăng nhập."),
    401: ("Bạn cần đăng nhập lại", "Phiên làm việc đã hết. Chữ đang viết dở vẫn còn; đăng nhập rồi gửi lại."),
    403: (
        "Trang này chưa mở được cho bạn",
        (
            "Có thể việc này dành cho trưởng nhóm hay người tổ chức, phiếu đang dành cho bạn trực gần hơn, "
            "hoặc trang mở đã lâu. "
            "Mở lại hàng chờ rồi thử lần nữa nhé."
        ),
    ),
    404: (
        "Không có trang này",
        "Có thể phiếu đã đóng, đã xóa theo ý người dân, hoặc đường dẫn thiếu chữ.",
    ),
    413: ("Chữ dài quá", "Bạn chia thành vài tin ngắn rồi gửi lại nhé."),
    429: ("Bạn bấm hơi nhanh", "Chờ một lát rồi bấm lại. Những gì bạn đã làm vẫn còn nguyên."),
    500: ("Máy chủ vừa bị lỗi", "Không phải do bạn. Chờ một phút rồi thử lại."),
    503: ("Máy chủ đang bận", "Chờ khoảng một phút rồi thử lại. Những gì bạn đã làm vẫn còn nguyên."),
}
OTHERS = ("Việc vừa rồi chưa làm được", "Mở lại hàng chờ rồi thử lần nữa nhé.")


def desk_trouble(
    parts: Parts, request: Request, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """What could not be posted now can be posted again with one press, and counts once."""
    title, advice = TROUBLES.get(status, TROUBLES[500] if status >= 500 else OTHERS)
    later = status in LATER
    form: Mapping[str, str] = getattr(request.state, "form", {}) if request.method == "POST" else {}
    return page(
        parts,
        request,
        "desk/error.html",
        status=status,
        headers=headers,
        cache=PRIVATE,
        fixed=True,
        account=None,
        role=Role,
        title=title,
        advice=advice,
        path=request.url.path,
        form=form if later else {},
        retry=later and request.method == "GET",
    )
