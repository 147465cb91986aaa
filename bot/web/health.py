"""Is the bot alive, is it ready, how much does it do: for whoever runs the machine, not for the world."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from ipaddress import ip_address

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app.ports import StoreDown
from bot.core.message import Address
from bot.web.parts import Site

NOBODY = Address("web", "ready?")


def routes(site: Site) -> list[Route]:
    return [
        Route("/healthz", _healthz, methods=["GET"]),
        Route("/readyz", partial(_readyz, site), methods=["GET"]),
        Route("/metrics", partial(_metrics, site), methods=["GET"]),
    ]


async def _healthz(request: Request) -> Response:
    _only_from_here(request)
    return PlainTextResponse("ok\n")


async def _readyz(site: Site, request: Request) -> Response:
    """Whether a message could be answered now: the store answers a look-up."""
    _only_from_here(request)
    try:
        await site.parts.store.conversation(NOBODY)
    except StoreDown as down:
        return PlainTextResponse(f"{down}\n", status_code=503)
    return PlainTextResponse("ready\n")


async def _metrics(site: Site, request: Request) -> Response:
    _only_from_here(request)
    # imported here: most bots are never asked, and it would slow every start
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
    from prometheus_client.registry import Collector

    inbox = site.parts.inbox

    class Figures(Collector):
        def collect(self) -> Iterator[Metric]:
            yield CounterMetricFamily("bot_messages", "Messages committed.", value=inbox.messages)
            yield CounterMetricFamily("bot_commits", "Commits they shared.", value=inbox.commits)
            yield GaugeMetricFamily("bot_waiting", "Messages waiting for a commit.", value=inbox.waiting)

    registry = CollectorRegistry()
    registry.register(Figures())
    ProcessCollector(registry=registry)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _only_from_here(request: Request) -> None:
    """These pages answer on the machine itself only; a proxy in front says for whom it asks."""
    host = request.client.host if request.client else ""
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        raise HTTPException(404)
