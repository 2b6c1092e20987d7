"""The person who acts."""

from __future__ import annotations

import getpass
from dataclasses import dataclass

from parloir.errors import InputError
from parloir.records.environment import value
from parloir.records.words import named, perhaps_named


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for whom and why. On the command line it is a declaration, not a proof of identity.

    Attributes:
        name: as custody events and the access log state it.
        organisation: the service that the person acts for.
        purpose: why, in a few words (Directive 2016/680, Art. 25: the justification of an access).
    """

    name: str
    organisation: str = ""
    purpose: str = ""

    def __post_init__(self) -> None:
        """Raises InputError on a name, organisation or purpose that the records cannot hold."""
        named("name of the person acting", self.name, 150)
        perhaps_named("organisation of the person acting", self.organisation, 200)
        perhaps_named("purpose of an act", self.purpose, 500)

    @classmethod
    def from_environment(cls) -> Actor:
        """`PARLOIR_USER`, `PARLOIR_ORGANISATION` and `PARLOIR_PURPOSE`; else the login name.

        Raises:
            InputError: neither the environment nor the system has a name.
        """
        name = value("PARLOIR_USER") or _login_name()
        return cls(name, value("PARLOIR_ORGANISATION"), value("PARLOIR_PURPOSE"))


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise InputError("the system gives no name for you", do="set PARLOIR_USER to your name") from error
