"""Working tables: what is worked out of evidence on the way to findings, and kept to be used again.

They hold rows about people of whom nothing was found, so they do not stay: each folder says which evidence
it rests on and goes with the first of it that is erased, or when a protected register joins; and `KEPT_DAYS`
after its last use it goes in any case (Directive (EU) 2016/680, Article 4(1)(e)).
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

RESTS_ON = "rests_on.json"
KEPT_DAYS = 30
_DAY_S = 86_400


@dataclass(frozen=True)
class RestsOn:
    """Names of the evidence folders that working tables were made from.

    Attributes:
        records: whose rows were counted.
        registers: whose protected contacts were left out.
    """

    records: frozenset[str]
    registers: frozenset[str]

    def write(self, folder: Path) -> None:
        """Write it down beside the tables."""
        told = {"records": sorted(self.records), "registers": sorted(self.registers)}
        (folder / RESTS_ON).write_text(json.dumps(told), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> RestsOn | None:
        """What a folder rests on; None when it does not say."""
        try:
            told = json.loads((folder / RESTS_ON).read_text(encoding="utf-8"))
            return cls(frozenset(told["records"]), frozenset(told["registers"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def expired(folder: Path) -> bool:
    """Whether a folder of working tables was last used too long ago."""
    return time.time() - folder.stat().st_mtime > KEPT_DAYS * _DAY_S
