"""What is said when something goes wrong: kindly to people, in one shape to programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.app.ports import StoreDown
from bot.web.desk.troubles import desk_trouble
from bot.web.parts import Site
from bot.web.render import PRIVATE, is_of_the_desk, page, wants_json
from bot.web.tongue import marked

RETRY_AFTER = "5"
"""Seconds until a database that is away is worth another try."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`code` is for programs and stays; `title` and `advice` are for people."""

    code: str
    title: str
    advice: str


TROUBLES: Mapping[int, Trouble] = {
    400: Trouble(
        "bad_request",
        marked("Yêu cầu chưa đọc được"),
        marked("Bác quay lại trang trò chuyện rồi thử lần nữa giúp em."),
    ),
    403: Trouble(
        "forbidden",
        marked("Yêu cầu này không đến từ trang của em"),
        marked("Để an toàn, em không nhận. Bác mở trang trò chuyện rồi làm lại từ đó giúp em."),
    ),
    404: Trouble(
        "not_found",
        marked("Không có trang này"),
        marked("Có thể đường dẫn bị thiếu chữ hoặc đã cũ. Bác bấm một trong các nút dưới đây để đi tiếp."),
    ),
    405: Trouble(
        "method_not_allowed",
        marked("Trang này không mở được theo cách đó"),
        marked("Bác bấm một trong các nút dưới đây để đi tiếp."),
    ),
    413: Trouble(
        "too_large", marked("Tin nhắn dài quá"), marked("Bác chia thành vài tin ngắn rồi gửi lại giúp em.")
    ),
    415: Trouble(
        "unsupported_media_type",
        marked("Em không đọc được loại nội dung này"),
        marked("Bác gửi bằng chữ giúp em."),
    ),
    422: Trouble(
        "invalid",
        marked("Nội dung gửi còn thiếu hoặc chưa đúng"),
        marked("Bác kiểm tra lại rồi gửi lần nữa giúp em."),
    ),
    429: Trouble(
        "too_many_requests",
        marked("Bác bấm hơi nhanh, em chưa theo kịp"),
        marked("Bác chờ một lát rồi bấm lại. Những gì bác đã làm vẫn còn nguyên."),
    ),
    500: Trouble(
        "internal",
        marked("Máy của em vừa bị lỗi"),
        marked("Lỗi này không phải do bác. Bác chờ một phút rồi thử lại."),
    ),
    503: Trouble(
        "unavailable",
        marked("Máy của em đang bận"),
        marked("Bác chờ khoảng một phút rồi bấm «Thử lại». Những gì bác đã làm vẫn còn nguyên."),
    ),
}


def install(app: FastAPI, site: Site) -> None:
    async def http(request: Request, fault: Exception) -> Response:
        if not isinstance(fault, HTTPException):
            raise fault
        return trouble(site, request, fault.status_code, fault.headers)

    async def down(request: Request, _: Exception) -> Response:
        return trouble(site, request, 503, {"Retry-After": RETRY_AFTER})

    async def invalid(request: Request, _: Exception) -> Response:
        return trouble(site, request, 422)

    async def broken(request: Request, _: Exception) -> Response:
        return trouble(site, request, 500)

    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(StoreDown, down)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, broken)


def trouble(site: Site, request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    said = TROUBLES.get(status, TROUBLES[400 if status < 500 else 500])
    if wants_json(request):
        return json_error(status, said.code, f"{said.title}. {said.advice}", headers)
    if is_of_the_desk(request.url.path):
        return desk_trouble(site.parts, request, status, headers)
    return page(
        site.parts,
        request,
        "error.html",
        status=status,
        headers=headers,
        trouble=said,
        again=_sent_again(request, status),
        path=request.url.path if request.method == "GET" else "/",
        retry=status in {429, 500, 503},
    )


def json_error(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(
        {"error": {"code": code, "message": message}},
        status_code=status,
        headers={"Cache-Control": PRIVATE, **(headers or {})},
    )


def _sent_again(request: Request, status: int) -> dict[str, str]:
    """A message that could not be taken now, to be sent again with one press and counted once."""
    if request.method != "POST" or request.url.path != "/" or status not in {429, 503}:
        return {}
    form: Mapping[str, str] = getattr(request.state, "form", {})
    return {name: form[name] for name in ("tin", "nut", "ma_tin", "moi", "lang", "xa") if name in form}
