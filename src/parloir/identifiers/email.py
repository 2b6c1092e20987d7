"""E-mail addresses (RFC 5321, 6531), brought to the form that their provider delivers to."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import idna

_ADDRESS = re.compile(r"([^\s@<>,;:\"()\[\]]+)@([^\s@<>,;:\"()\[\]/]+\.[^\s@<>,;:\"()\[\]/]+)")
_SAME_PROVIDER = {
    "googlemail.com": "gmail.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
}
"""One mailbox under several domains, as the providers' help pages say."""
IGNORED = {"gmail.com": ".", "proton.me": ".-_"}
"""Characters of the local part that the provider ignores."""


@dataclass(frozen=True, slots=True)
class Email:
    """One address.

    Attributes:
        normalised: what is compared: lower case, no plus tag, no character that the provider ignores.
        original: as written.
    """

    normalised: str
    original: str

    @property
    def local(self) -> str:
        """Before the @."""
        return self.normalised.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """After the @."""
        return self.normalised.rpartition("@")[2]


def normalise(raw: str | None) -> Email | None:
    """The first address in a field, or None where there is none."""
    match = _ADDRESS.search(unicodedata.normalize("NFKC", raw or ""))
    if match is None:
        return None
    domain = _domain(match[2])
    local = match[1].lower().removeprefix("mailto:")
    local = local.partition("+")[0] or local
    kept = "".join(c for c in local if c not in IGNORED.get(domain, ""))
    return Email(f"{kept or local}@{domain}", raw or "")


@lru_cache(maxsize=1 << 12)
def _domain(written: str) -> str:
    lower = written.lower().rstrip(".")
    try:
        ascii_form = idna.encode(lower, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        ascii_form = lower
    return _SAME_PROVIDER.get(ascii_form, ascii_form)
