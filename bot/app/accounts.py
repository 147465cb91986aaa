"""Who may answer people: accounts of volunteers, leads and organisers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from bot.core.ticket import Helper

HOUR = 3600
DAY = 24 * HOUR
INVITED_FOR = 7 * DAY
NEWCOMER = 20
"""Conversations of a new volunteer that a second pair of eyes sees."""

MOST = 3
"""Conversations at the same time, unless somebody says otherwise."""

FIRST = "to-chuc"
"""The organiser that the first start makes, so that there is somebody who can invite the others."""


class Role(IntEnum):
    """What somebody may do: all that those below may, and more.

    A volunteer answers people. A lead also sees to the volunteers of the same areas: takes over, looks at
    what was held back. An organiser has the accounts, the hours and the journal as well.
    """

    VOLUNTEER = 1
    LEAD = 2
    ORGANISER = 3

    @property
    def word(self) -> str:
        return ROLES[self]


ROLES: Mapping[Role, str] = {
    Role.VOLUNTEER: "tình nguyện viên",
    Role.LEAD: "trưởng nhóm",
    Role.ORGANISER: "người tổ chức",
}


@dataclass(frozen=True, slots=True)
class Span:
    """How long one stays signed in: without doing anything, and in all."""

    idle: int
    whole: int


SPANS: Mapping[Role, Span] = {
    Role.VOLUNTEER: Span(12 * HOUR, 7 * DAY),  # a phone in a yard, opened many times an evening
    Role.LEAD: Span(HOUR // 2, 12 * HOUR),
    Role.ORGANISER: Span(HOUR // 2, 12 * HOUR),
}


@dataclass(frozen=True, slots=True)
class Account:
    """`name` is what is typed to sign in, `shown` what residents and colleagues read ("Lan").

    `areas` are codes of communes (five digits) and provinces (two); none: everywhere. `most`: how many
    conversations at the same time. `watched`: so many more conversations need a second pair of eyes.
    """

    id: int
    name: str
    shown: str
    role: Role
    areas: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    most: int = MOST
    watched: int = 0
    disabled: bool = False

    @property
    def helper(self) -> Helper:
        return Helper(self.id, self.shown, self.most, leads=self.role >= Role.LEAD)


@dataclass(frozen=True, slots=True)
class Draft:
    """An account to be made, or how one is to be from now on."""

    name: str
    shown: str
    role: Role
    areas: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    most: int = MOST
    watched: int = 0


@dataclass(frozen=True, slots=True)
class Credentials:
    """What proves that somebody is who they say. `secret` is an argon2id hash, `totp` a base32 secret."""

    account: Account
    created_at: int
    secret: str | None
    totp: str
    passkeys: int

    @property
    def is_ready(self) -> bool:
        """Whether this is enough to sign in: leads and organisers need more than a passphrase."""
        enough = self.account.role < Role.LEAD or bool(self.totp)
        return bool(self.passkeys) or (self.secret is not None and enough)


@dataclass(frozen=True, slots=True)
class Member:
    """An account in the list of all. `seen_at` 0: not signed in; `invited_until` 0: no invitation is open."""

    account: Account
    ready: bool
    codes: bool
    passkeys: int
    seen_at: int
    invited_until: int


@dataclass(frozen=True, slots=True)
class Login:
    """One place where somebody is signed in; `agent` is the browser's family ("Chrome, Android")."""

    agent: str
    created_at: int
    seen_at: int
    here: bool


@dataclass(frozen=True, slots=True)
class Passkey:
    """What a phone or a computer keeps for us. `used_at` is when its newest challenge was drawn."""

    id: bytes
    person: int
    public_key: bytes
    sign_count: int
    used_at: int


class Sessions(Protocol):
    """Who is signed in; kept in the store, so that ending one counts at once in every process."""

    async def account(self, token: str) -> Account | None:
        """Whose session a cookie names, as the account is now; None when it is over, ended or never was.

        Raises StoreDown.
        """
        ...


class People(Protocol):
    """Who there is. All raise StoreDown when the database is away."""

    async def all(self) -> list[Account]:
        """Everybody, also who is disabled, in the order in which they came."""
        ...

    async def one(self, id: int) -> Account | None: ...


class Logins(Sessions, Protocol):
    """Sessions, begun and ended."""

    async def begin(self, token: str, account: Account, agent: str, now: int) -> None: ...

    async def seen(self, token: str, now: int) -> None:
        """Whoever has this session did something."""
        ...

    async def end(self, token: str) -> None: ...

    async def end_all(self, person: int) -> None: ...

    async def of(self, person: int, here: str) -> list[Login]:
        """Where somebody is signed in, newest first; `here` is the token of who asks."""
        ...


class Accounts(People, Protocol):
    """Accounts, made and changed. What ends somebody's rights ends their sessions in the same transaction."""

    async def members(self) -> list[Member]: ...

    async def credentials(self, name: str) -> Credentials | None: ...

    async def credentials_of(self, id: int) -> Credentials | None: ...

    async def add(self, draft: Draft, now: int) -> Account | None:
        """None when the name is taken."""
        ...

    async def change(self, id: int, draft: Draft) -> bool:
        """Everything but the name. A new role ends all sessions. False: it would leave no organiser."""
        ...

    async def disable(self, id: int, now: int) -> bool:
        """False: it would leave no organiser."""
        ...

    async def enable(self, id: int) -> None: ...

    async def choose(self, id: int, secret: str | None, totp: str, step: int) -> None:
        """A new passphrase (None: none any more) and codes; all sessions and invitations end.

        `step` is that of the code by which the codes were tried.
        """
        ...

    async def use_code(self, id: int, step: int) -> bool:
        """Each step of the one-time codes counts once, and none before one that was used."""
        ...

    async def invite(self, token: str, person: int, by: int, until: int) -> None:
        """Earlier invitations of this person end."""
        ...

    async def invited(self, token: str, now: int) -> Account | None: ...

    async def accept(self, token: str, now: int) -> Account | None:
        """Use an invitation up; None when it was used or is over."""
        ...

    async def keep_passkey(self, person: int, id: bytes, public_key: bytes, count: int, now: int) -> bool: ...

    async def passkey(self, id: bytes) -> Passkey | None: ...

    async def passkeys(self, person: int) -> Collection[bytes]: ...

    async def use_passkey(self, id: bytes, count: int, drawn_at: int) -> bool:
        """Each challenge counts once: False for one that is not newer than the last."""
        ...

    async def drop_passkeys(self, person: int) -> None: ...

    async def take_try(self, key: str, now: int) -> int:
        """Count one guess at a passphrase; returns 0, or the seconds until the next may be made."""
        ...

    async def give_back_try(self, key: str) -> None:
        """It was no guess."""
        ...


class Sealer(Protocol):
    """Gives something to a browser to keep that it can neither read nor change."""

    def seal(self, kind: str, plain: str) -> str: ...

    def open(self, kind: str, sealed: str) -> str | None: ...

    def mark(self, kind: str, plain: str) -> bytes:
        """32 bytes that always come of the same words, and that nobody else can make."""
        ...
