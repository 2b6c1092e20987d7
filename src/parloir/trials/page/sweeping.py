"""Sweeps, and the independent world."""

from __future__ import annotations

from parloir.trials.figures import sweep_plot
from parloir.trials.page.report import PLOTS, Report, mean, plot, prose, table
from parloir.trials.sweeps import HARMFUL, HELPFUL
from parloir.trials.tried import at

SERIES = {
    "holder first": "leads.top1",
    "among five": "leads.top5",
    "gain of the plan": "leads.plan.gain",
    "presence, average precision": "presence.average_precision",
    "links, F1": "links.f1",
    "held_by, Cllr": "held.fused.cllr.value",
    "presence, Cllr": "presence.cost.cllr.value",
}


def lines(report: Report) -> list[str]:
    """One parameter after another, everything else as it was."""
    found = _independent(report) + _outlooks(report)
    if report.sweeps:
        found += ["## Sweeps", "", "One parameter at a time, on a world of the size demo.", ""]
    for name, worlds in report.sweeps.items():
        rows = [[value, *(mean({"": w}, path) for path in SERIES.values())] for value, w in worlds.items()]
        series = {title: [at(w, path) for w in worlds.values()] for title, path in SERIES.items()}
        path = sweep_plot([float(v) for v in worlds], series, name, report.docs / PLOTS / f"{name}.svg")
        found += [f"### {name}", "", *table(["value", *SERIES], rows), *plot(path, name)]
    return found


def _outlooks(report: Report) -> list[str]:
    if not report.outlooks:
        return []
    worlds = {"as assumed": report.first, **report.outlooks}
    order = [name for name in ("pessimistic", "as assumed", "optimistic") if name in worlds]
    rows = [[name, *(mean({"": worlds[name]}, path) for path in SERIES.values())] for name in order]
    return [
        "## From pessimistic to optimistic",
        "",
        *prose(
            f"{len(HELPFUL) + len(HARMFUL)} assumed parameters at once, each half-way from its value to the",
            "end of its range that makes things harder, or easier (`sweeps.py` names them); first seed.",
        ),
        *table(["world", *SERIES], rows),
    ]


def _independent(report: Report) -> list[str]:
    if not report.independent:
        return []
    worlds = {"dependent": report.seeds, "independent": report.independent}
    rows = [[name, *(mean(found, path) for path in SERIES.values())] for name, found in worlds.items()]
    return [
        "## The independent world",
        "",
        *prose("No relatives, gangs, borrowers or renters (`dependent=0`), the same seeds."),
        *table(["world", *SERIES], rows),
    ]
