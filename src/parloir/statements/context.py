"""What a statement says about its case, its run and its sealed files, beside leads and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Authority:
    """The legal act under which evidence is held.

    Attributes:
        reference: as the act is cited.
        issuer: who issued it.
        purposes: what the data may be used for, in one sentence.
        obtain_until: last day on which evidence may be obtained, as text; empty when the act sets none.
        data_period: which data it covers, as text.
        erase_by: day by which the data is erased, as text.
    """

    reference: str
    issuer: str
    purposes: str
    obtain_until: str = ""
    data_period: str = ""
    erase_by: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """The case a statement belongs to.

    Attributes:
        reference: its number.
        title: its name.
        unit: who handles it.
        handling: handling code, printed at the top.
        authorities: the acts its evidence is held under.
    """

    reference: str
    title: str = ""
    unit: str = ""
    handling: str = ""
    authorities: tuple[Authority, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One weighing.

    Attributes:
        reference: its name.
        finished: when it ended, aware.
        code_version: version of Parloir that computed it.
        parameters: name and SHA-256 of the parameters, or what was trained on.
        inputs_sha256: digest over the sealed files and tables that were weighed; may be empty.
    """

    reference: str
    finished: datetime
    code_version: str
    parameters: str
    inputs_sha256: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A sealed file.

    Attributes:
        name: the name it arrived under.
        size: bytes.
        received_from: who handed it over.
        authority: reference of the act.
        sealed: when it was sealed, aware.
        recognised: what the reader saw in it, in one sentence.
    """

    name: str
    size: int
    received_from: str
    authority: str
    sealed: datetime
    recognised: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """How a person is shown.

    Attributes:
        name: as the registers write it.
        category: suspect, convicted, victim, witness or other party (Directive 2016/680, Article 6).
    """

    name: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class PrisonCount:
    """How many handsets were used inside a prison during the records.

    Attributes:
        prison: as it is shown.
        expected: expected number.
        low, high: ends of the 95 % interval.
        weighed: handsets that were weighed there.
    """

    prison: str
    expected: float
    low: float
    high: float
    weighed: int


@dataclass(frozen=True)
class ReportContext:
    """Everything in a statement that is neither a lead nor a finding.

    Attributes:
        case: the case.
        run: the weighing.
        evidence: sealed files by SHA-256.
        rows: values of source rows by locator, columns in the order of the file.
        persons: by `kind:key` as the findings write them ("inmate:123"); prisons may be named so too.
        learnt: the case's own type allocation codes, schema `catalogue.LEARNT`, or None.
        notes: sentences on this case that a reader must know, each its own paragraph.
        seized: handsets that were seized, as leads name them.
        counts: how many handsets live in each prison, those with most first.
    """

    case: Case
    run: Run
    evidence: Mapping[str, EvidenceItem] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    persons: Mapping[str, Person] = field(default_factory=dict)
    learnt: pa.Table | None = None
    notes: tuple[str, ...] = ()
    seized: frozenset[str] = frozenset()
    counts: tuple[PrisonCount, ...] = ()

    def name_of(self, key: str) -> str:
        """The person's name, or the key without its kind where none is known."""
        person = self.persons.get(key)
        return person.name if person else key.partition(":")[2]
