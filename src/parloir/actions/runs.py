"""The files of a run, for the acts that read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parloir.errors import InputError, LawfulnessError, RecordsError
from parloir.records.models import Case, Run
from parloir.records.runs import read_items, standing_runs
from parloir.records.workspace import Workspace
from parloir.tables import PROTECTED


@dataclass(frozen=True)
class RunFiles:
    """One run of a case, as its row in the records and its folder."""

    run: Run
    folder: Path

    def table(self, name: str) -> pa.Table:
        """A table of the run: findings, leads, inside, handsets, counts, links or posteriors."""
        return pq.read_table(self.folder / f"{name}.parquet")

    def seized(self) -> frozenset[str]:
        """Handsets that were seized, as leads name them: no search will find them again."""
        posteriors = self.table("posteriors")
        handsets = posteriors["handset"].filter(posteriors["seized"]).unique()
        return frozenset(str(handset) for handset in handsets.to_pylist())

    def has(self, name: str) -> bool:
        """Whether the run has that table; runs of earlier versions lack some."""
        return (self.folder / f"{name}.parquet").exists()

    def description(self) -> dict[str, Any]:
        """What the run was made from and with."""
        text = (self.folder / "run.json").read_text(encoding="utf-8")
        description: dict[str, Any] = json.loads(text)
        return description

    def lead(self, name: str) -> dict[str, Any]:
        """One lead by its name or rank.

        Raises:
            InputError: the run has no such lead.
        """
        column, value = ("rank", int(name)) if name.isdigit() else ("lead", name.upper())
        rows = self.table("leads").filter(pc.field(column) == pc.scalar(value)).to_pylist()
        if not rows:
            raise InputError(
                f"run {self.run.number} has no lead “{name}”", do="take a name from `parloir leads`"
            )
        return dict(rows[0])

    def findings_of(self, *leads: dict[str, Any]) -> pa.Table:
        """The findings that leads add up, those on where the handsets are, and on orders for the inmates."""
        findings = self.table("findings")
        inmates = [f"inmate:{lead['inmate']}" for lead in leads]
        objects = [*inmates, *(f"prison:{lead['prison']}" for lead in leads)]
        handsets = _among("subject", [f"handset:{lead['handset']}" for lead in leads])
        bought = pc.field("proposition") == pc.scalar("bought_for")
        return findings.filter((handsets & _among("object", objects)) | (bought & _among("object", inmates)))


def _among(column: str, values: list[str]) -> pc.Expression:
    """Rows whose column holds one of the values; the type is told, for there may be none."""
    return pc.field(column).isin(pa.array(values, pa.string()))


def run_files(workspace: Workspace, case: Case, number: int | None = None) -> RunFiles:
    """A run of the case, the last one unless told.

    Raises:
        RecordsError: the case has not been weighed, or has no such run, or evidence under it was read again.
        LawfulnessError: a protected register was taken in after it, so that it may show privileged contacts.
    """
    runs = standing_runs(case)
    run = runs.filter(number=number).first() if number is not None else runs.last()
    if run is None:
        what = "has not been weighed" if number is None else f"has no run {number}"
        raise RecordsError(what, where=f"case {case.reference}", do="weigh it first (parloir weigh)")
    _check_register(run, case)
    _check_readings(run, case)
    return RunFiles(run, workspace.run_of(case.pk, run.number))


def _check_register(run: Run, case: Case) -> None:
    weighed = {given["number"] for given in run.inputs}
    if any(PROTECTED.name in item.tables and item.number not in weighed for item in read_items(case)):
        raise LawfulnessError(
            f"run {run.number} was weighed before the protected register was taken in",
            where=f"case {case.reference}",
            do="weigh the case again (parloir weigh)",
        )


def _check_readings(run: Run, case: Case) -> None:
    """Rows that were read wrongly speak no more; the files of the run stay."""
    weighed = {given["number"]: given.get("reading", 1) for given in run.inputs}
    again = [
        item.number for item in read_items(case) if weighed.get(item.number, item.reading) != item.reading
    ]
    if again:
        raise RecordsError(
            f"evidence item {again[0]} was read again after run {run.number}",
            where=f"case {case.reference}",
            do="weigh the case again (parloir weigh)",
        )
