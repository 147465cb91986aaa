"""One-time codes of an authenticator app: six digits, new every half minute, each good once."""

from __future__ import annotations

import base64
import hmac
import re

import pyotp

STEP = 30
AROUND = 1
"""Steps by which the clock of a phone may be wrong, each way."""

ISSUER = "Ban truc VNeID"
"""Without diacritics: written out they would make the picture too fine for cheap cameras."""


def new_secret(seed: bytes) -> str:
    """A secret in the letters in which apps take it; `seed` is 20 random bytes."""
    return base64.b32encode(seed[:20]).decode()


def step_of(secret: str, code: str, now: int) -> int | None:
    """The step that a code belongs to; None when it is wrong."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    current = now // STEP
    one = pyotp.TOTP(secret, interval=STEP)
    right = [
        step
        for step in range(current - AROUND, current + AROUND + 1)
        if hmac.compare_digest(one.generate_otp(step), digits)
    ]
    return max(right, default=None)


def address_of(secret: str, name: str) -> str:
    """What the picture holds that an authenticator app scans."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name=ISSUER)
