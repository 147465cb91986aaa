"""What changes while a page is open, as it changes: a beat whenever the page is out of date."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from functools import partial

import msgspec
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.accounts import Role
from bot.app.bell import DESK
from bot.app.ports import StoreDown
from bot.app.pulse import Beat
from bot.web.desk.admission import session_token, signed_in, staff_of
from bot.web.desk.scene import may_read
from bot.web.limits import Crowd
from bot.web.parts import Site
from bot.web.render import PRIVATE

LOOK_AGAIN = 0.7
"""Seconds after which a stream looks for what another process committed, and whether the session still is.
Together with `AT_MOST_EVERY` and the look itself it stays below the second that was promised.
"""

AT_MOST_EVERY = 0.2
"""Seconds between two looks, however often the bell rings."""

PING = 15
EACH = 8
"""Pages of one person that listen at the same time."""

ALL = 2000


def routes(site: Site) -> list[Route]:
    crowd = Crowd(each=EACH, all_together=ALL)
    return [Route("/desk/live", partial(_live, site, crowd), methods=["GET"])]


async def _live(site: Site, crowd: Crowd, request: Request) -> Response:
    """Of one conversation with `c`, else of the lists. The page says with `last-event-id` what it shows."""
    account = await signed_in(site, request)
    key = request.query_params.get("c", "")
    conversation = DESK
    if key:
        standing = await staff_of(site).tickets.request(key)
        if standing is None:
            return Response(status_code=204)  # tells an EventSource not to come back
        if await may_read(staff_of(site), account, standing, site.parts.now()) is None:
            raise HTTPException(403)
        conversation = standing.conversation
    if not crowd.enter(str(account.id)):
        raise HTTPException(429, headers={"Retry-After": "30"})
    known = request.headers.get("last-event-id") or request.query_params.get("moc", "")
    stream = beats(site, crowd, session_token(site, request), account.id, key, conversation, known)
    return EventSourceResponse(
        stream, ping=PING, ping_message_factory=_ping, headers={"Cache-Control": PRIVATE}
    )


async def beats(
    site: Site, crowd: Crowd, token: str, person: int, key: str, conversation: int, known: str
) -> AsyncGenerator[ServerSentEvent, None]:
    """A beat for each change, until the session ends; it holds numbers and no words of anybody."""
    staff, bell = staff_of(site), site.parts.bell
    told: Beat | None = None
    try:
        while True:
            # listen before looking: what is committed in between rings
            rung = [asyncio.ensure_future(bell.wait(one, LOOK_AGAIN)) for one in sorted({DESK, conversation})]
            try:
                await asyncio.sleep(0)
                account = await staff.sessions.account(token)
                if account is None or account.disabled or account.id != person:
                    yield ServerSentEvent(event="out", data="")
                    return
                beat = await (staff.pulse.chat(person, key) if key else staff.pulse.desk(person))
                if account.role >= Role.LEAD:
                    beat = replace(beat, held=await staff.watching.count(account))
                if beat != told and (told is not None or beat.mark != known or beat.held):
                    yield ServerSentEvent(id=beat.mark, event="beat", data=msgspec.json.encode(beat).decode())
                told = beat
                await asyncio.wait(rung, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in rung:
                    one.cancel()
            await asyncio.sleep(AT_MOST_EVERY)
    except StoreDown:
        return  # the browser comes back by itself and says what it shows
    finally:
        crowd.leave(str(person))


def _ping() -> ServerSentEvent:
    # an event and not a comment: a script can hear it and knows that the line is alive
    return ServerSentEvent(event="ping", data="")
