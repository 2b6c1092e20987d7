"""Distributions of a simulated world, each measured beside what its source lets expect.

python -m parloir.trials.distributions --size small --seed 2 --out docs/validation/distributions.svg
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from scipy import stats

from parloir.trials.figures import STYLE, save
from parloir.trials.truth import Truth
from parloir.trials.weighed import Setting, build
from parloir.trials.world import MONTH, by_class, leakage_by_prison

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Distribution:
    """One quantity: measured at each point, what is expected there, and how far the two may be apart.

    Attributes:
        name: with its unit. points: where it is measured; names where it has no numbers.
        measured, expected: one value a point; expected is None where no source tells the shape and only the
            mean is held to its anchor (`world.anchors`).
        source: where the expectation is from.
        limit: the largest distance, at any point, that the number of cases explains.
    """

    name: str
    points: Sequence[float] | Sequence[str]
    measured: Floats
    expected: Floats | None
    source: str
    limit: float = 0.0

    @property
    def distance(self) -> float:
        """The largest difference at any point; 0 where nothing is expected."""
        return 0.0 if self.expected is None else float(np.abs(self.measured - self.expected).max())

    @property
    def holds(self) -> bool:
        """Whether it is as expected."""
        return self.distance <= self.limit


def distributions(truth: Truth, connection: duckdb.DuckDBPyConnection) -> list[Distribution]:
    """Every distribution: handsets' SIMs, calls and lives, stays, transfers, visits, leakage, outsiders."""
    return [
        _sims(truth),
        _calls(truth, connection),
        _lives(truth),
        _stays(truth, connection),
        _transfers(truth, connection),
        _visits(truth, connection),
        _leakage(connection),
        _outsiders(truth, connection),
    ]


ASSUMED = 0.05
"""Allowed beside chance where the expected curve leaves out what the world has: jammers and absences, several
visitors."""


def _noise(cases: int) -> float:
    """Distance that a true distribution stays within in 999 of 1,000 samples (Kolmogorov 1933)."""
    return 1.95 / float(np.sqrt(max(cases, 1)))


def _sims(truth: Truth) -> Distribution:
    """SIMs of a handset: one, and a Poisson number of others, 2.4 in the mean."""
    table = truth.table("sims")
    counts = np.bincount(table["handset"].to_numpy(), minlength=len(truth.handsets))
    points = np.arange(1, 9)
    mean = float(truth.world["values"]["handsets.sims_mean"])
    measured = np.array([(counts <= k).mean() for k in points])
    expected = stats.poisson.cdf(points - 1, mean - 1)
    return Distribution(
        "SIMs of a handset, cumulative", points.tolist(), measured, expected,
        "mean 2.4 (IFT, 2018); shape assumed", _noise(counts.size),
    )  # fmt: skip


def _calls(truth: Truth, connection: duckdb.DuckDBPyConnection) -> Distribution:
    """Calls a week of handsets in use all through the records: log-normal about 76 less what is lost."""
    first = truth.world["end_us"] - truth.world["days"] * 86_400_000_000
    running = [
        h for h in truth.handsets
        if h["at_end"] and h["start_us"] <= first and not (h["never_on"] or h["cloned"] or h["rewritten"])
    ]  # fmt: skip
    codes = {imei: n for n, h in enumerate(running) for imei in h["imeis"]}
    rows = connection.execute(
        "SELECT imei14, count(*) FROM network_records WHERE imei14 IN (SELECT unnest(?::BIGINT[]))"
        " AND kind IN ('call_out', 'call_in') AND coalesce(request, 'R') LIKE 'R%' GROUP BY ALL",
        [list(codes)],
    ).fetchall()
    calls = np.zeros(len(running))
    for imei, count in rows:
        calls[codes[imei]] += count / (truth.world["days"] / 7)
    points = np.array([10, 20, 30, 45, 60, 80, 110, 150, 250])
    spread, kept = float(truth.world["values"]["handsets.calls_spread"]), 0.85
    mean = kept * float(truth.world["values"]["handsets.calls_per_week"])
    expected = stats.lognorm.cdf(points, spread, scale=mean * np.exp(-spread * spread / 2))
    measured = np.array([(calls <= k).mean() for k in points])
    return Distribution(
        "recorded calls a handset-week, cumulative", points.tolist(), measured, expected,
        "mean 76 (IFT, 2018), 15% lost; spread assumed", _noise(calls.size) + ASSUMED,
    )  # fmt: skip


def survival(entry: Floats, exit_: Floats, ended: npt.NDArray[np.bool_], points: Floats) -> Floats:
    """Share that lasts longer than each point: Kaplan and Meier (1958), left truncated, right censored.

    Args:
        entry, exit_: ages between which a case is watched. ended: whether it ended at `exit_`.
        points: ages.
    """
    ages, deaths = np.unique(exit_[ended], return_counts=True)
    begun = np.searchsorted(np.sort(entry), ages, side="left")
    gone = np.searchsorted(np.sort(exit_), ages, side="left")
    # Where hardly anybody is watched yet, one death would be most of the risk.
    watched = begun - gone
    factor = np.where(watched >= 20, 1 - deaths / np.maximum(watched, 1), 1.0)
    curve = np.concatenate([[1.0], np.cumprod(factor)])
    return np.asarray(curve[np.searchsorted(ages, points, side="right")], dtype=float)


def _lives(truth: Truth) -> Distribution:
    """How long handsets work: exponential about the world's own mean, which an anchor holds to 3–6 months."""
    end = truth.world["end_us"]
    start = np.array([h["start_us"] for h in truth.handsets], dtype=float)
    stop = np.array([h["end_us"] for h in truth.handsets], dtype=float)
    points = np.array([15, 30, 60, 90, 135, 180, 240], dtype=float)
    day = 86_400_000_000
    ages = (np.minimum(stop, end) - start) / day
    begun = np.maximum(end - float(truth.world["values"]["world.history_days"]) * day - start, 0) / day
    measured = 1 - survival(begun, ages, stop < end, points)
    expected = 1 - np.exp(-points * (stop < end).sum() / (ages - begun).sum())
    return Distribution(
        "days that a handset works, cumulative", points.tolist(), measured, expected,
        "mean of 3–6 months is an anchor; shape assumed", _noise(ages.size),
    )  # fmt: skip


def _stays(truth: Truth, connection: duckdb.DuckDBPyConnection) -> Distribution:
    """How long inmates stay, in months: exponential with the published mean."""
    end = float(truth.world["end_us"])
    first = end - float(truth.world["values"]["world.history_days"]) * 86_400_000_000
    rows = connection.execute("SELECT committed_us, released_us FROM inmates").fetchnumpy()
    came = np.asarray(rows["committed_us"], dtype=float)
    left = np.ma.filled(np.ma.asarray(rows["released_us"]).astype(float), np.inf)
    ages = (np.minimum(left, end) - came) / MONTH
    begun = np.maximum(first - came, 0) / MONTH
    points = np.array([1, 2, 4, 6, 9, 12, 18, 24], dtype=float)
    measured = 1 - survival(begun, ages, left < end, points)
    expected = 1 - np.exp(-points / float(truth.world["values"]["prisons.stay_months"]))
    return Distribution(
        "months of a stay, cumulative", points.tolist(), measured, expected,
        "mean 8.3 months (monthly statistics); shape assumed", _noise(ages.size),
    )  # fmt: skip


def _transfers(truth: Truth, connection: duckdb.DuckDBPyConnection) -> Distribution:
    """Transfers of each inmate during the history: Poisson at the published rate and his own time."""
    end = truth.world["end_us"]
    first = end - float(truth.world["values"]["world.history_days"]) * 86_400_000_000
    rows = connection.execute(
        "SELECT any_value(i.committed_us) AS came, any_value(coalesce(i.released_us, ?)) AS gone,"
        " count(*) FILTER (s.prison <> s.before) AS moved FROM inmates i JOIN (SELECT inmate, prison,"
        " lag(prison) OVER (PARTITION BY inmate ORDER BY from_us) AS before FROM stays) s USING (inmate)"
        " GROUP BY i.inmate",
        [end],
    ).fetchnumpy()
    years = (np.asarray(rows["gone"], float) - np.maximum(np.asarray(rows["came"], float), first)) / (
        365 * 86_400_000_000
    )
    moved = np.asarray(rows["moved"])
    points = np.arange(0, 5)
    rate = float(truth.world["values"]["prisons.transfers_per_place_year"])
    expected = stats.poisson.cdf(points[:, None], rate * np.maximum(years, 0)).mean(axis=1)
    measured = np.array([(moved <= k).mean() for k in points])
    return Distribution(
        "transfers of an inmate in a year, cumulative", points.tolist(), measured, expected,
        "0.88 a place-year; Poisson assumed", _noise(moved.size),
    )  # fmt: skip


def _visits(truth: Truth, connection: duckdb.DuckDBPyConnection) -> Distribution:
    """Visits a month of those inside for the last three months: none for half of them."""
    end = truth.world["end_us"]
    rows = connection.execute(
        "SELECT count(v.inmate) AS held FROM inmates i LEFT JOIN visits v"
        " ON v.inmate = i.inmate AND v.started_us > ? WHERE i.released_us IS NULL AND i.committed_us < ?"
        " GROUP BY i.inmate",
        [end - int(3 * MONTH), end - int(3 * MONTH)],
    ).fetchnumpy()
    held = np.asarray(rows["held"], dtype=float) / 3
    values = truth.world["values"]
    points = np.array([0, 1, 2, 3, 4, 6, 9], dtype=float)
    # A visited inmate's visits: Poisson about a gamma rate (the shape of one visitor's, 2).
    never, mean = float(values["people.never_visited"]), float(values["people.visits_per_month"])
    shape = 2.6
    visited = stats.nbinom.cdf(np.round(points * 3), shape, shape / (shape + 3 * mean))
    measured = np.array([(held <= k + 1e-9).mean() for k in points])
    return Distribution(
        "visits of an inmate in a month, cumulative", points.tolist(), measured,
        never + (1 - never) * visited, "half are never visited; the rest assumed",
        _noise(held.size) + ASSUMED,
    )  # fmt: skip


def _leakage(connection: duckdb.DuckDBPyConnection) -> Distribution:
    """Share of each prison's records that another site than the nearest carries."""
    answers = leakage_by_prison(connection)
    shares = np.sort([outside / every for outside, every in answers.values()])
    part = (np.arange(shares.size) + 1.0) / shares.size
    return Distribution(
        "prisons by the share of records outside the nearest site's polygon, cumulative", shares.tolist(),
        part, None, "over 60% of all records",
    )  # fmt: skip


def _outsiders(truth: Truth, connection: duckdb.DuckDBPyConnection) -> Distribution:
    """Share of the records by class of device."""
    counts = by_class(truth, connection)
    shares = np.array(list(counts.values())) / sum(counts.values())
    return Distribution(
        "share of the records by class of device", list(counts), shares, None, "outsiders 95% and more"
    )


def table(found: Sequence[Distribution]) -> list[str]:
    """How far each lies from what is expected, as lines of Markdown."""
    lines = ["| distribution | largest difference | allowed | source |", "|---|---:|---:|---|"]
    for one in found:
        apart = "" if one.expected is None else f"{one.distance:.3f}"
        allowed = "mean only" if one.expected is None else f"{one.limit:.3f}"
        lines.append(f"| {one.name} | {apart} | {allowed} | {one.source} |")
    return lines


def plot(found: Sequence[Distribution], path: Path) -> Path:
    """Every distribution, measured beside expected."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.0, 2.4 * -(-len(found) // 2)), layout="constrained")
        for place, one in enumerate(found):
            _draw(figure.add_subplot(-(-len(found) // 2), 2, place + 1), one)
    return save(figure, path)


def _draw(axes: Any, one: Distribution) -> None:
    axes.set_title(f"{one.name}\n{one.source}", fontsize=8, loc="left")
    if isinstance(one.points[0], str):
        axes.barh(one.points, one.measured, color="#4878a8")
        axes.invert_yaxis()
        return
    if one.expected is not None:
        axes.plot(one.points, one.expected, color="#999999", label="expected")
    axes.plot(one.points, one.measured, "o", color="#4878a8", markersize=4, label="measured")
    axes.legend(frameon=False)


def main(arguments: list[str] | None = None) -> None:
    """Print how far each distribution lies from what is expected, and draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="small")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--home", type=Path, default=Path("validate-data"))
    parser.add_argument("--out", type=Path, default=Path("docs/validation/distributions.svg"))
    chosen = parser.parse_args(arguments)
    world = build(Setting(chosen.size, chosen.seed), chosen.home)
    found = distributions(world.truth, world.store.connect())
    sys.stdout.write("\n".join(table(found)) + "\n")
    plot(found, chosen.out)


if __name__ == "__main__":
    main()
