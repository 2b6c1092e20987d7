"""What all searches of a case found, held against the plans that ordered them, and what that teaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa

from parloir.actions.kept_plans import Issued, KeptPlan
from parloir.errors import MissingEvidenceError

if TYPE_CHECKING:
    from parloir import searches


@dataclass(frozen=True)
class Learnt:
    """What the outcomes teach the next plan.

    Attributes:
        refit: the recalibration to use, None to leave the stated probabilities as they are.
        says: what was done, or why nothing was, in one sentence.
    """

    refit: searches.Recalibration | None
    says: str

    @property
    def shift_and_slope(self) -> tuple[float, float]:
        """Of the refit; 0 and 1 without one."""
        return (self.refit.shift, self.refit.slope) if self.refit else (0.0, 1.0)


def results_of(connection: duckdb.DuckDBPyConnection, plan: KeptPlan) -> pa.Table:
    """The outcomes of one plan, schema `searches.OUTCOMES`: every report of its day counts."""
    from parloir import searches

    seizures = connection.execute(
        "SELECT prison, prison_cell, found_us, item FROM seizures ORDER BY ALL"
    ).to_arrow_table()
    return searches.outcomes(plan.rows(), seizures, *plan.issued.day())


def learn(connection: duckdb.DuckDBPyConnection, plans: list[KeptPlan]) -> Learnt:
    """Refit the stated probabilities on the outcomes of all plans; the last one of a day was carried out."""
    from parloir import searches

    last = {plan.issued.at.date(): plan for plan in plans}
    tables = [_as_weighed(results_of(connection, plan), plan.issued) for plan in last.values()]
    try:
        refit = searches.refit(pa.concat_tables(tables or [searches.OUTCOMES.empty_table()]))
    except MissingEvidenceError as error:
        return Learnt(None, f"The weights are not refitted: {error.what}.")
    if refit.slope <= 0:
        return Learnt(
            None,
            f"The weights are not refitted: {refit.searches} searches found no more where more was expected.",
        )
    return Learnt(
        refit,
        f"The weights are refitted on {refit.searches} searches, worth {refit.effective_sample_size:.0f}: "
        f"logit P = {refit.shift:+.3f} + {refit.slope:.3f} · logit(stated).",
    )


def _as_weighed(results: pa.Table, issued: Issued) -> pa.Table:
    """Stated probabilities as they were before any refit, so that all plans speak of the same thing."""
    stated = np.clip(results["probability"].to_numpy(), 1e-9, 1 - 1e-9)
    logit = (np.log(stated) - np.log1p(-stated) - issued.shift) / issued.slope
    place = results.column_names.index("probability")
    return results.set_column(place, "probability", pa.array(1 / (1 + np.exp(-logit)), pa.float64()))
