"""How the bot asks for its updates: by webhook or by polling, never both."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.platforms.telegram.errors import ApiError, Json, bad, wrong
from tests.platforms.telegram.mail import Mail
from tests.platforms.telegram.markup import public
from tests.platforms.telegram.webhook import Deliveries, Hook

PORTS = {443, 80, 88, 8443}
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class Told:
    """A result that comes with words."""

    result: Any
    description: str


async def get_updates(mail: Mail, deliveries: Deliveries, params: Json) -> list[Json]:
    if deliveries.hook:
        raise ApiError(
            409,
            "can't use getUpdates method while webhook is active;"
            " use deleteWebhook to delete the webhook first",
        )
    mail.allow(params.get("allowed_updates"))
    return await mail.fetch(params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))


def set_webhook(mail: Mail, deliveries: Deliveries, params: Json) -> Told:
    url = params.get("url", "")
    if not url:
        return delete_webhook(mail, deliveries, params)
    _check_address(url)
    secret = params.get("secret_token", "")
    if secret and not SECRET.fullmatch(secret):
        raise bad(
            "secret token contains unallowed characters" if len(secret) <= 256 else "secret token is too long"
        )
    if not secret:
        raise wrong("a webhook without a secret")
    connections = params.get("max_connections", 40)
    if not 1 <= connections <= 100:
        raise wrong("max_connections must be 1-100")
    mail.allow(params.get("allowed_updates"))
    if params.get("drop_pending_updates"):
        mail.drop_all()
    hook = Hook(url, secret, connections)
    told = Told(True, "Webhook is already set" if deliveries.hook == hook else "Webhook was set")
    deliveries.hook = hook
    mail.interrupt("setWebhook request")
    mail.stirred.set()
    return told


def delete_webhook(mail: Mail, deliveries: Deliveries, params: Json) -> Told:
    if params.get("drop_pending_updates"):
        mail.drop_all()
    was, deliveries.hook = deliveries.hook, None
    return Told(True, "Webhook was deleted" if was else "Webhook is already deleted")


def webhook_info(mail: Mail, deliveries: Deliveries, now: int, time: float) -> Json:
    hook = deliveries.hook
    told: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(mail.waiting()),
    }
    if hook:
        told |= {"max_connections": hook.connections, "ip_address": "203.0.113.7"}
    if hook and deliveries.last_error:
        at, words = deliveries.last_error
        told |= {"last_error_date": now - int(time - at), "last_error_message": words}
    if mail.allowed is not None:
        told["allowed_updates"] = sorted(mail.allowed)
    return told


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    host = parts.hostname or ""
    if public(host):
        return
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise bad("bad webhook: Failed to resolve host: Name or service not known") from None
    raise bad(f"bad webhook: IP address {host} is reserved")
