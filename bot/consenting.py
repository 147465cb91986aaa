"""`python -m bot zalo-oa`: an administrator lets us speak for their Official Account, step by step."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bot.app.ports import StoreDown
from bot.channels.zalo_oa.oauth import AnswerLost, Denied, NotAsked, OAuth, Pair, consent_link
from bot.channels.zalo_oa.tokens import Tokens
from bot.config import Settings, ZaloOA
from bot.keys import NotReady
from bot.wiring import Busy, now, open_the_store, report

AGAIN = "Chưa có gì thay đổi; gõ lại lệnh này để làm lại từ đầu."


async def connect(settings: Settings, show: Callable[[str], None], ask: Callable[[str], str]) -> None:
    """Raises NotReady with what is wrong and what to do."""
    zalo, address = settings.channels.zalo_oa, settings.organisation.web_address
    if not zalo.enabled or not address.startswith("https://"):
        raise NotReady(
            "config.yaml: cần channels.zalo_oa.enabled: true, app_id, app_secret, và "
            "organisation.web_address bắt đầu bằng https://"
        )
    redirect, verifier, state = f"{address}/zalo-oa", secrets.token_urlsafe(32), secrets.token_urlsafe(16)
    show(f"1. Ở trang nhà phát triển của Zalo, mục Official Account, đặt «Callback URL» là: {redirect}")
    show("2. Nhờ người quản trị OA mở liên kết này rồi bấm đồng ý:")
    show(f"   {consent_link(zalo.app_id, redirect, verifier, state, zalo.oauth_base)}")
    show("3. Trang sau đó có thể báo không tìm thấy, không sao. Chép cả địa chỉ của trang ấy, dán vào đây.")
    pair = await _pair(zalo, _code_in(ask("   Địa chỉ: "), state, zalo.oa_id), verifier)
    show(await _keep(settings, pair))


def _code_in(pasted: str, state: str, oa_id: str) -> str:
    query = parse_qs(urlsplit(pasted.strip()).query)
    if query.get("state") != [state]:
        raise NotReady(f"Địa chỉ này không phải của lần xin phép vừa rồi. {AGAIN}")
    if oa_id and query.get("oa_id", [oa_id]) != [oa_id]:
        raise NotReady(f"Người quản trị đã đồng ý cho một OA khác, không phải OA {oa_id}. {AGAIN}")
    code = query.get("code", [""])[0]
    if not code:
        raise NotReady(f"Trong địa chỉ không có mã «code»: người quản trị chưa đồng ý. {AGAIN}")
    return code


async def _pair(zalo: ZaloOA, code: str, verifier: str) -> Pair:
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        secret = zalo.app_secret.get_secret_value()
        oauth = OAuth(lambda: session, zalo.app_id, secret, now, zalo.oauth_base)
        try:
            return await oauth.exchange(code, verifier)
        except Denied:
            raise NotReady(
                f"Zalo không nhận mã này: nó chỉ dùng được một lần, trong mười phút. {AGAIN}"
            ) from None
        except (AnswerLost, NotAsked):
            raise NotReady(f"Không hỏi được Zalo: xem lại đường mạng, app_id, app_secret. {AGAIN}") from None


async def _keep(settings: Settings, pair: Pair) -> str:
    """Put the pair where the bot finds it; a running bot holds an SQLite file alone.

    The code was good once: whatever goes wrong now, the pair must not be lost.
    """
    try:
        store = open_the_store(settings)
    except Busy:
        return _by_hand("Bot đang chạy", pair)
    except NotReady as why:
        return _by_hand(f"Chưa mở được cơ sở dữ liệu ({why})", pair)
    try:
        async with aiohttp.ClientSession() as session:
            zalo = settings.channels.zalo_oa
            oauth = OAuth(
                lambda: session, zalo.app_id, zalo.app_secret.get_secret_value(), now, zalo.oauth_base
            )
            seed = zalo.refresh_token.get_secret_value()
            await Tokens(oauth, store, seed, now, report).adopt(pair)
    except StoreDown:
        return _by_hand("Cơ sở dữ liệu không trả lời", pair)
    finally:
        await store.close()
    return "Xong. Từ giờ bot tự gia hạn; chỉ phải làm lại khi bot báo."


def _by_hand(why: str, pair: Pair) -> str:
    return (
        f"{why}, nên còn một bước: đặt biến môi trường này rồi chạy lại bot. Nó chỉ dùng được\n"
        "một lần; ai có nó nói được thay OA, đừng gửi cho ai.\n"
        f"   BOT_CHANNELS__ZALO_OA__REFRESH_TOKEN={pair.refresh}"
    )
