"""Who may answer people: accounts of volunteers, leads and organisers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from bot.core.ticket import Helper


class Role(IntEnum):
    """What somebody may do: all that those below may, and more.

    A volunteer answers people. A lead also sees to the volunteers of the same areas: takes over, looks at
    what was held back. An organiser has the accounts, the hours and the journal as well.
    """

    VOLUNTEER = 1
    LEAD = 2
    ORGANISER = 3


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
    most: int = 3
    watched: int = 0
    disabled: bool = False

    @property
    def helper(self) -> Helper:
        return Helper(self.id, self.shown, self.most, leads=self.role >= Role.LEAD)


class Sessions(Protocol):
    """Who is signed in; kept in the store, so that ending one counts at once in every process."""

    async def account(self, token: str) -> Account | None:
        """Whose session a cookie names, as the account is now; None when it is over, ended or never was.

        Raises StoreDown.
        """
        ...


class NoSessions:
    """Where nobody can sign in."""

    async def account(self, _: str) -> Account | None:
        return None
