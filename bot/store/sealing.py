"""What browsers keep for us: sealed, so that they can neither read nor change it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from bot.store.crypt import Unreadable, Vault


class VaultSealer:
    """`bot.app.accounts.Sealer` under the store's key; what is of one kind does not open as another."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, kind: str, plain: str) -> str:
        sealed = self._vault.of_secret(f"browser.{kind}").seal(plain.encode(), kind.encode())
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def mark(self, kind: str, plain: str) -> bytes:
        return self._vault.hash_token(f"mark.{kind}", plain)

    def open(self, kind: str, sealed: str) -> str | None:
        try:
            raw = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            return self._vault.of_secret(f"browser.{kind}").open(raw, kind.encode()).decode()
        except (Unreadable, ValueError):
            return None
