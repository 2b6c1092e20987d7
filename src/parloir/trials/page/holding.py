"""`held_by`: calibration, cost, kinds of evidence, prisons."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from parloir.trials.figures import reliability_plot, tippett_plot
from parloir.trials.page.report import PLOTS, Report, mean, plot, prose, table
from parloir.trials.tried import Plain, at

STATED = {"likeliest candidate of each handset": "top", "all stated, from .01": "stated"}
COLUMNS = {
    "n": ("met.n", 0),
    "ECE": ("met.ece", 3),
    "ECE if all were right": ("floor", 3),
    "slope": ("met.slope", 2),
    "log-loss gained, bits": ("met.log_loss_gain", 3),
}
COST = {"Cllr": "cllr.value", "from": "cllr.low", "to": "cllr.high", "Cllr_min": "cllr_min", "loss": "loss"}


def lines(report: Report) -> list[str]:
    """Everything about who holds a handset."""
    return [
        "## Who holds a handset",
        "",
        *prose(
            "Every handset that presence holds likely to be inside, against every candidate. Handsets whose",
            "true user is no candidate (staff, devices that live outside after all) have false pairs only.",
            f"{mean(report.seeds, 'held.handsets', 0)} handsets,",
            f"{mean(report.seeds, 'held.pairs', 0)} pairs,",
            f"{mean(report.seeds, 'held.known', 0)} of the handsets with a true pair.",
        ),
        *_stated(report),
        *_cost(report),
        *_plots(report),
        *_kinds(report),
        *_prisons(report),
    ]


def calibration_rows(
    worlds: Mapping[str, Plain], room: str, suffix: str = "", who: str = ""
) -> list[list[str]]:
    """A row for each definition of ECE."""
    return [
        [
            who + title,
            *(mean(worlds, f"{room}.{name}{suffix}.{path}", digits) for path, digits in COLUMNS.values()),
        ]
        for title, name in STATED.items()
    ]


def _stated(report: Report) -> list[str]:
    rows = [
        row
        for which, worlds in {"": report.seeds, "independent world: ": report.independent}.items()
        if worlds
        for suffix, who in {"": which, "_naive": f"{which}simply added: "}.items()
        for row in calibration_rows(worlds, "held", suffix, who)
    ]
    return table(["probability of a lead", *COLUMNS], rows)


def _cost(report: Report) -> list[str]:
    sets = {"": report.seeds, ", independent world": report.independent}
    rows = [
        [title + which, *(mean(worlds, f"held.{name}.{path}") for path in COST.values())]
        for which, worlds in sets.items()
        if worlds
        for title, name in {"fused": "fused", "simply added": "naive"}.items()
    ]
    return [
        *table(["weights of all pairs, bits", *COST], rows),
        *prose(
            "From and to: 95% of drawings of handsets. Loss: Cllr − Cllr_min. Weights dealt to the wrong",
            f"candidates and calibrated on other prisons cost {mean(report.seeds, 'held.permuted')} (1 where",
            "scoring lets nothing through).",
        ),
    ]


def _plots(report: Report) -> list[str]:
    folder = report.docs / PLOTS
    found = []
    for room, title in (("held", "leads"), ("presence", "inside")):
        diagrams = {seed: at(world, f"{room}.stated.met") for seed, world in report.seeds.items()}
        curves = {seed: at(world, f"{room}.tippett") for seed, world in report.seeds.items()}
        found += plot(reliability_plot(diagrams, folder / f"reliability_{room}.svg"), f"reliability, {title}")
        found += plot(tippett_plot(curves, folder / f"tippett_{room}.svg"), f"Tippett, {title}")
    links = {seed: at(world, "links.stated.met") for seed, world in report.seeds.items()}
    return found + plot(reliability_plot(links, folder / "reliability_links.svg"), "reliability, links")


def _kinds(report: Report) -> list[str]:
    names = [name for name in at(report.first, "kinds") if name != "all"]
    alone = {"Cllr": ("cllr", 3), "holder first": ("first", 3), "finds": ("finds", 1), "gain": ("gain", 3)}
    parts = [(f"{part}.{path}", n) for part in ("alone", "without") for path, n in alone.values()]
    rows = [[name, *(mean(report.seeds, f"kinds.{name}.{part}", n) for part, n in parts)] for name in names]
    every = ["all", *(mean(report.seeds, f"kinds.all.alone.{path}", n) for path, n in alone.values())]
    return [
        "### What each kind of evidence adds",
        "",
        *prose(
            "Kinds simply added, so that one can be left out: each alone, and all but this one. Holder first",
            "is of handsets whose user is a candidate; gain is that of the plan.",
        ),
        *table(
            ["kind", *alone, *(f"without it: {title}" for title in alone)], [*rows, every + [""] * len(alone)]
        ),
    ]


def _prisons(report: Report) -> list[str]:
    rows = []
    for title, path in {"true holder first": "held.prisons", "Cllr of all pairs": "held.costs"}.items():
        found = [value for world in report.seeds.values() for value in (at(world, path) or {}).values()]
        if not found:
            return []
        rows.append([title, *(f"{cut:.2f}" for cut in np.quantile(found, [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]))])
    return [
        "### By prison",
        "",
        *prose(
            "Over the prisons of all seeds: the share of handsets whose user is a candidate that have him",
            "first, and the cost of the weights of each prison's pairs.",
        ),
        *table(
            ["", "least", "10%", "25%", "median", "75%", "90%", "most"],
            rows,
        ),
    ]
