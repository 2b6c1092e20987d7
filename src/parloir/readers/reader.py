"""What a reader is: recognise a file by its content, then stream canonical rows out of it.

A reader yields three kinds of part, in any order and any number, with bounded memory:

- `Rows`: a batch of one canonical table. `primary` rows stand one for one for a source row; others
  are derived from a source row that has its primary row elsewhere.
- `Doubts`: a batch of the table `warnings`. Severity `warning`: the source row was set aside.
  Severity `remark`: the row was kept, one of its values is doubtful.
- `Tally`: how many source rows were met, by source table, and which tables were left unread. It is
  counted where rows are cut from the file, so that

      rows in = primary rows + warnings

  holds for every file and is checked by whoever takes the parts in. Rows that only complete the rows of
  other tables (a currency's name, an attribute of an order) are counted apart, as joined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from parloir.vault import Member


@dataclass(frozen=True, slots=True)
class Recognition:
    """A reader's claim on a file.

    Attributes:
        format: the reader's name.
        says: what it saw, in one sentence for a person ("PrestaShop 1.6 dump, prefix ps_").
        certainty: 0 to 1; the highest claim reads the file.
    """

    format: str
    says: str
    certainty: float


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who takes a file in may tell its reader.

    Attributes:
        country: ISO 3166 alpha-2, for numbers written in national form.
        timezone: IANA name, for local times written without an offset.
        mapping: path of a TOML mapping or layout, or empty.
    """

    country: str = "FR"
    timezone: str = "Europe/Paris"
    mapping: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch of the canonical table `table`."""

    table: str
    batch: pa.RecordBatch
    primary: bool = True


@dataclass(frozen=True, slots=True)
class Doubts:
    """A batch of the canonical table `warnings`."""

    batch: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Tally:
    """Source rows met, left unread, and joined to the rows of other tables, by source table."""

    rows_in: Mapping[str, int]
    unread: Mapping[str, int] = field(default_factory=dict)
    joined: Mapping[str, int] = field(default_factory=dict)


Part = Rows | Doubts | Tally


class Reader(Protocol):
    """One evidence format."""

    @property
    def format(self) -> str:
        """Short name, as `--as` takes it and docs/formats/ names its page."""
        ...

    @property
    def title(self) -> str:
        """For people."""
        ...

    @property
    def tables(self) -> tuple[str, ...]:
        """Canonical tables that it may yield."""
        ...

    def recognise(self, member: Member) -> Recognition | None:
        """Claim the file by its first bytes or its structure, or None. Never raises on strange bytes."""
        ...

    def read(self, member: Member, options: Options) -> Iterator[Part]:
        """Stream the file.

        Raises:
            DamagedFileError: it cannot be read to its end; nothing of it may be kept.
        """
        ...
