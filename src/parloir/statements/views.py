"""Leads and findings as a statement shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from parloir import catalogue
from parloir.errors import InputError
from parloir.identifiers import imei
from parloir.statements.context import Person, ReportContext
from parloir.statements.sources import SourceView, source_views
from parloir.statements.waterfall import Step, Waterfall, waterfall
from parloir.statements.wording import (
    day,
    imei_in_groups,
    kind_in_words,
    ratio_in_words,
    signed_bits,
    strength,
    support,
    tone,
)
from parloir.tables.findings import FINDINGS
from parloir.tables.leads import LEADS
from parloir.tables.schema import Column
from parloir.weights.bits import percent
from parloir.weights.fusion import ADJUSTMENT

LINKS_SHOWN = 12

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding: assessment above, facts below."""

    kind: str
    level: str
    sentence: str
    bits: str
    tone: str
    proposition: str
    about: str
    period: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class LeadView:
    """One lead with everything it rests on. Evaluative and investigative figures have their own fields.

    `contrary` are the findings against it that `against` does not tell already.
    """

    rank: int
    lead: str
    handset: str
    model: str
    seized: bool
    inmate: str
    holder: Person
    prison: str
    prison_cell: str
    support: str
    strength: str
    ratio: str
    bounded_bits: str
    bits: str
    probability: str
    prior: str
    sentence: str
    against: str
    missing: str
    held_by: Waterfall
    holding: tuple[FindingView, ...]
    contrary: tuple[FindingView, ...]
    inside: Waterfall | None
    being_inside: tuple[FindingView, ...]
    links: tuple[FindingView, ...]
    links_left: int


def lead_views(leads: pa.Table, findings: pa.Table, context: ReportContext) -> tuple[LeadView, ...]:
    """Leads in order of rank, each with its findings.

    Raises:
        InputError: a table lacks a column of its schema.
    """
    require(leads, LEADS, "leads")
    require(findings, FINDINGS, "findings")
    index = _Index.of(findings.to_pylist())
    rows = sorted(leads.to_pylist(), key=lambda row: (row["rank"], row["lead"]))
    return tuple(_lead(row, index, context) for row in rows)


def require(table: pa.Table, columns: Iterable[Column], name: str) -> None:
    """Check that a table has the columns of its schema.

    Raises:
        InputError: it lacks some.
    """
    missing = [column.name for column in columns if column.name not in table.column_names]
    if missing:
        raise InputError(
            f"the table of {name} lacks {', '.join(missing)}",
            do="weigh the case again with this version",
        )


@dataclass(frozen=True)
class _Index:
    pairs: dict[tuple[str, str, str], list[Row]]
    links: dict[str, list[Row]]

    @classmethod
    def of(cls, findings: Iterable[Row]) -> _Index:
        pairs: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        links: dict[str, list[Row]] = defaultdict(list)
        for row in findings:
            pairs[row["proposition"], row["subject"], row["object"]].append(row)
            if row["proposition"] in {"bought_for", "same_handset"}:
                links[row["subject"]].append(row)
                links[row["object"]].append(row)
        return cls(pairs, links)


def _lead(row: Row, index: _Index, context: ReportContext) -> LeadView:
    handset, inmate, prison = (
        f"handset:{row['handset']}",
        f"inmate:{row['inmate']}",
        f"prison:{row['prison']}",
    )
    holding = _ordered(index.pairs.get(("held_by", handset, inmate), []))
    inside = _ordered(index.pairs.get(("inside", handset, prison), []))
    links = _ordered([*index.links.get(handset, []), *index.links.get(inmate, [])])
    stated, shown = row["bounded_millibits"], set[str]()
    views = _findings(holding, context, shown)
    return LeadView(
        rank=row["rank"],
        lead=row["lead"],
        handset=imei_in_groups(row["handset"]),
        model=_model(row["handset"], context),
        seized=row["handset"] in context.seized,
        inmate=row["inmate"],
        holder=context.persons.get(inmate, Person(row["inmate"])),
        prison=context.name_of(prison),
        prison_cell=row["prison_cell"] or "not known",
        support=support(stated),
        strength=strength(stated),
        ratio=ratio_in_words(stated),
        bounded_bits=signed_bits(stated),
        bits=signed_bits(row["millibits"]),
        probability=percent(row["probability"]),
        prior=percent(row["prior"]),
        sentence=row["sentence"] or "",
        against=row["against"] or "",
        missing=row["missing"] or "",
        held_by=waterfall(_steps(holding), row["millibits"], stated),
        holding=views,
        contrary=tuple(v for v in views if _is_contrary(v) and v.sentence not in (row["against"] or "")),
        inside=waterfall(_steps(inside), sum(f["millibits"] for f in inside)) if inside else None,
        being_inside=_findings(inside, context, shown),
        links=_findings(links[:LINKS_SHOWN], context, shown),
        links_left=max(0, len(links) - LINKS_SHOWN),
    )


def _ordered(findings: Iterable[Row]) -> list[Row]:
    """Strongest support first, what speaks against after it, the dependence adjustment last."""
    return sorted(
        findings,
        key=lambda f: (f["evidence_kind"] == ADJUSTMENT, -f["millibits"], f["evidence_kind"], f["sentence"]),
    )


def _is_contrary(finding: FindingView) -> bool:
    """Evidence against; the dependence adjustment is arithmetic, not evidence."""
    return finding.tone == "down" and finding.kind != ADJUSTMENT


def _steps(findings: Sequence[Row]) -> list[Step]:
    """One step for each kind of evidence, in the order of first appearance."""
    sums: dict[str, int] = {}
    for finding in findings:
        sums[finding["evidence_kind"]] = sums.get(finding["evidence_kind"], 0) + finding["millibits"]
    return [Step(kind, millibits) for kind, millibits in sums.items()]


def _findings(findings: Iterable[Row], context: ReportContext, shown: set[str]) -> tuple[FindingView, ...]:
    return tuple(_finding(finding, context, shown) for finding in findings)


def _finding(row: Row, context: ReportContext, shown: set[str]) -> FindingView:
    bits, period = row["millibits"], (day(row["from_us"]), day(row["to_us"]))
    return FindingView(
        kind=kind_in_words(row["evidence_kind"]),
        level=_level(row["level"] or ""),
        sentence=row["sentence"] or "",
        bits=signed_bits(bits),
        tone=tone(bits),
        proposition=kind_in_words(row["proposition"]),
        about=f"{_named(row['subject'], context)} → {_named(row['object'], context)}",
        period=" to ".join(period) if all(period) else "".join(period),
        sources=source_views(row["locators"] or (), context, shown),
    )


def _named(key: str, context: ReportContext) -> str:
    kind, _, rest = key.partition(":")
    return f"{kind} {imei_in_groups(rest) if kind == 'handset' else context.name_of(key)}"


def _model(handset: str, context: ReportContext) -> str:
    model = catalogue.by_tac(imei.copy_of(handset)[0][:8], context.learnt) if handset.isdigit() else None
    if model is None:
        return "model not known"
    return f"{model.title}, a mini phone" if model.mini else model.title


def _level(stored: str) -> str:
    """A stored `stratum: level` as people say it: level first, what could have been observed in brackets."""
    stratum, colon, level = stored.partition(": ")
    return f"{level} ({stratum})" if colon else stored
