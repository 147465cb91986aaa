"""Who comes in and how: invitations, signing in, accounts changed; each of it in the journal."""

from __future__ import annotations

import re
import unicodedata
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from bot.app.accounts import (
    FIRST,
    INVITED_FOR,
    Account,
    Accounts,
    Credentials,
    Draft,
    Login,
    Logins,
    Member,
    Passkey,
    Role,
    Sealer,
)
from bot.app.journal import Did, Journal
from bot.app.onetime import step_of
from bot.app.passphrases import Passphrases, fault_of
from bot.core.impostors import in_our_letters, seems_official

TOKEN_BYTES = 32
SOON = 3600
"""Seconds for which whoever signed in with what is not enough may set up the rest."""

MARKED_BY = "."
"""Stands in a session's token before the mark of the browser's family; no url-safe token holds one."""

_DEVICE = "device"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`device` is for the browser to keep: it shows later that this account signed in from there before."""

    account: Account
    token: str
    device: str


@dataclass(frozen=True, slots=True)
class Unready:
    """The passphrase was right, but it is a first one or one for another role: `invitation` leads on."""

    invitation: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """Name, passphrase or code; which of them is told to nobody."""


@dataclass(frozen=True, slots=True)
class Later:
    """Too many guesses: not before so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Invited:
    """`token` opens the invitation, once; it is shown now and never again."""

    account: Account
    token: str


class Entrance:
    """`draw(n)` is a random url-safe token of n bytes."""

    def __init__(
        self,
        accounts: Accounts,
        logins: Logins,
        passphrases: Passphrases,
        journal: Journal,
        sealer: Sealer,
        now: Callable[[], int],
        draw: Callable[[int], str],
    ) -> None:
        self.accounts = accounts
        self.sealer = sealer
        self.draw = draw
        self.sessions = logins
        self.passphrases = passphrases
        self._journal = journal
        self._now = now

    # --- Signing in and out ---------------------------------------------------------------------------

    async def sign_in(
        self, name: str, words: str, code: str, device: str, agent: str
    ) -> SignedIn | Unready | Wrong | Later:
        """As slow for a name that nobody has, and with the same answers."""
        name = plain_name(name)
        key = self._key_of_tries(name, device)
        wait = await self.accounts.take_try(key, self._now())
        if wait:
            return Later(wait)
        known = await self.accounts.credentials(name)
        right = await self.passphrases.match(known.secret if known else None, words)
        if known is None or not right or known.account.disabled or not await self._code_fits(known, code):
            await self._journal.note(known.account.id if known else 0, Did.SIGN_IN_FAILED)
            return Wrong()
        await self.accounts.give_back_try(key)
        if not known.is_ready:
            return Unready(await self._invitation(known.account.id, 0, SOON))
        return await self.enter(known.account, agent)

    async def enter(self, account: Account, agent: str) -> SignedIn:
        """For whoever has proved who they are: always a new session."""
        token = f"{self.draw(TOKEN_BYTES)}{MARKED_BY}{mark_of(agent)}"
        await self.sessions.begin(token, account, agent, self._now())
        await self._journal.note(account.id, Did.SIGNED_IN)
        return SignedIn(account, token, self.sealer.seal(_DEVICE, f"{account.name}\0{self.draw(12)}"))

    async def enter_with_passkey(
        self, passkey: Passkey, count: int, drawn_at: int, agent: str
    ) -> SignedIn | None:
        """For whoever answered the challenge drawn then; each is good once."""
        account = await self.accounts.one(passkey.person)
        used = await self.accounts.use_passkey(passkey.id, count, drawn_at)
        if account is None or account.disabled or not used:
            await self._journal.note(passkey.person, Did.SIGN_IN_FAILED)
            return None
        return await self.enter(account, agent)

    async def seen(self, token: str) -> None:
        await self.sessions.seen(token, self._now())

    async def sign_out(self, account: Account, token: str) -> None:
        await self.sessions.end(token)
        await self._journal.note(account.id, Did.SIGNED_OUT)

    async def sign_out_everywhere(self, by: Account, person: int) -> None:
        await self.sessions.end_all(person)
        await self._journal.note(by.id, Did.SIGNED_OUT, str(person))

    async def logins(self, account: Account, token: str) -> list[Login]:
        return await self.sessions.of(account.id, token)

    async def first_words(self) -> str:
        """The one-time passphrase of the first organiser, made when there is no organiser; empty once it
        was used. It is kept nowhere, but comes out the same until then, in every process.
        """
        known = await self.accounts.credentials(FIRST)
        if known is None:
            first = Draft(FIRST, "Người tổ chức", Role.ORGANISER)
            if any(account.role >= Role.ORGANISER for account in await self.accounts.all()):
                return ""
            await self.accounts.add(first, self._now())
            known = await self.accounts.credentials(FIRST)
        if known is None or known.is_ready or known.account.disabled:
            return ""
        words = self._first_words(known)
        if not await self.passphrases.match(known.secret, words):
            await self.accounts.choose(known.account.id, await self.passphrases.hash(words), "", 0)
        return words

    # --- Invitations ----------------------------------------------------------------------------------

    async def invite(self, by: int, draft: Draft) -> Invited | None:
        """None: the name is taken."""
        account = await self.accounts.add(draft, self._now())
        if account is None:
            return None
        return await self.invite_again(by, account)

    async def invite_again(self, by: int, account: Account) -> Invited:
        """Also for who lost phone or passphrase; what they have stays good until they choose anew."""
        token = await self._invitation(account.id, by, INVITED_FOR)
        await self._journal.note(by, Did.INVITED, str(account.id))
        return Invited(account, token)

    async def invite_oneself(self, account: Account) -> str:
        """To choose anew how to sign in; other invitations end."""
        return await self._invitation(account.id, account.id, SOON)

    async def invited(self, token: str) -> Account | None:
        account = await self.accounts.invited(token, self._now())
        return None if account is None or account.disabled else account

    async def join(self, token: str, words: str, secret: str, code: str, agent: str) -> SignedIn | str:
        """Accept with a passphrase, and with codes if `code` is given; or why not, in words."""
        account = await self.invited(token)
        if account is None:
            return OVER
        fault = fault_of(words, account.name, account.shown)
        step = step_of(secret, code, self._now()) if code else None
        if not fault and code and step is None:
            fault = "Mã 6 số chưa đúng. Xem lại giờ của điện thoại, rồi gõ mã đang hiện trong ứng dụng."
        if not fault and not code and account.role >= Role.LEAD:
            fault = f"Vai trò {account.role.word} cần mã 6 số. Hãy quét mã QR rồi gõ mã đang hiện."
        if fault:
            return fault
        hashed = await self.passphrases.hash(words)
        accepted = await self.accounts.accept(token, self._now())
        if accepted is None:
            return OVER
        await self.accounts.choose(account.id, hashed, secret if code else "", step or 0)
        return await self._joined(accepted, agent)

    async def join_with_passkey(
        self, token: str, id: bytes, public_key: bytes, count: int, agent: str
    ) -> SignedIn | str:
        """Accept with a passkey that the browser has made; a passphrase of before is good no longer."""
        accepted = await self.accounts.accept(token, self._now())
        if accepted is None or accepted.disabled:
            return OVER
        await self.accounts.choose(accepted.id, None, "", 0)
        await self.accounts.drop_passkeys(accepted.id)
        if not await self.accounts.keep_passkey(accepted.id, id, public_key, count, self._now()):
            return OVER
        return await self._joined(accepted, agent)

    # --- Accounts -------------------------------------------------------------------------------------

    async def members(self) -> list[Member]:
        return await self.accounts.members()

    async def change(self, by: Account, before: Account, draft: Draft) -> bool:
        if not await self.accounts.change(before.id, draft):
            return False
        did = Did.ROLE_CHANGED if draft.role != before.role else Did.ACCOUNT_CHANGED
        await self._journal.note(
            by.id, did, f"{before.id} {before.role.name.lower()} {draft.role.name.lower()}"
        )
        return True

    async def shut_out(self, person: int, by: int) -> bool:
        """At once and everywhere. False: it would leave no organiser."""
        done = await self.accounts.disable(person, self._now())
        if done:
            await self._journal.note(by, Did.DISABLED, str(person))
        return done

    async def disable(self, person: int, by: int) -> None:
        """`bot.app.alerts.Freezing`: the program itself may shut somebody out."""
        await self.shut_out(person, by)

    async def by_id(self, person: int) -> Account | None:
        return await self.accounts.one(person)

    async def enable(self, by: int, person: int) -> None:
        await self.accounts.enable(person)
        await self._journal.note(by, Did.ENABLED, str(person))

    def _first_words(self, known: Credentials) -> str:
        """Eighty bits, in four groups that can be typed from a screen."""
        drawn = self.sealer.mark("first", f"{known.account.id} {known.created_at}")
        letters = b32encode(drawn[:10]).decode().lower()
        return "-".join(letters[at : at + 4] for at in range(0, 16, 4))

    async def _joined(self, account: Account, agent: str) -> SignedIn:
        await self._journal.note(account.id, Did.JOINED)
        return await self.enter(account, agent)

    async def _invitation(self, person: int, by: int, seconds: int) -> str:
        token = self.draw(TOKEN_BYTES)
        await self.accounts.invite(token, person, by, self._now() + seconds)
        return token

    async def _code_fits(self, known: Credentials, code: str) -> bool:
        if not known.totp:
            return True
        step = step_of(known.totp, code, self._now())
        return step is not None and await self.accounts.use_code(known.account.id, step)

    def _key_of_tries(self, name: str, device: str) -> str:
        """Browsers that signed in before have tries of their own: strangers cannot use those up."""
        kept = self.sealer.open(_DEVICE, device) if device else None
        return kept if kept and kept.startswith(f"{name}\0") else name


OVER = "Lời mời này đã dùng rồi hoặc đã hết hạn. Hãy nhờ người tổ chức gửi lời mời mới."

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,29}")
_SHOWN = re.compile(r"[^\W\d_]+(?:[ '.-]{1,2}[^\W\d_]+)*\.?(?: \d{1,2})?")
"""A name and perhaps which of several: residents read it in every message, so nothing else fits in."""


def plain_name(typed: str) -> str:
    """As it is kept: phones begin with a capital letter and put a space behind."""
    return typed.strip().casefold()


def fault_of_draft(draft: Draft) -> str:
    """What is wrong with an account to be made, for who makes it; empty when nothing is."""
    if not _NAME.fullmatch(draft.name):
        return "Tên đăng nhập: 2 đến 30 chữ thường không dấu, số, dấu chấm hay gạch ngang. Ví dụ: lan.tp"
    shown = unicodedata.normalize("NFC", draft.shown)
    if len(shown) > 30 or not _SHOWN.fullmatch(shown) or not in_our_letters(shown):
        return "Tên hiện cho bà con chỉ gồm chữ, nhiều nhất 30 ký tự. Ví dụ: Lan, Lan 2"
    if seems_official(shown):
        return "Tên hiện không được giống tên cơ quan: bà con dễ nhầm với Công an. Hãy dùng tên riêng."
    if not 1 <= draft.most <= 10:
        return "Số người giúp cùng lúc: từ 1 đến 10."
    if not 0 <= draft.watched <= 500:
        return "Số cuộc cần người xem lại: từ 0 đến 500."
    return ""


def mark_of(agent: str) -> str:
    """Ends a session's token: it is good in this family of browsers alone."""
    return blake2b(agent.encode(), digest_size=4).hexdigest()
