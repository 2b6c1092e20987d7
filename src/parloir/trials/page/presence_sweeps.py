"""docs/methods/presence_sweeps.md: presence from good conditions to bad."""

from __future__ import annotations

from collections.abc import Mapping

from parloir.trials.baselines import PRESENCE
from parloir.trials.page.report import NONE, prose, table
from parloir.trials.tried import Plain, at

PAGE = "presence_sweeps.md"
Found = Mapping[tuple[str, str], Plain]
"""Scores by what is swept and its value, in the order of the page."""

SCORES = {
    "AP": ("presence.average_precision", 3),
    "precision": ("presence.precision", 3),
    "recall": ("presence.recall", 3),
    "Cllr": ("presence.cost.cllr.value", 3),
    "Cllr_min": ("presence.cost.cllr_min", 3),
    "ECE": ("presence.stated.met.ece", 3),
    "usual weight, bits": ("weight", 1),
}
BESIDE = {
    "flagged": ("flagged", 0),
    "P": ("precision", 2),
    "rule's P": ("rule_precision", 2),
    "R": ("recall", 2),
    "rule's R": ("rule_recall", 2),
}
WORSE = ("records missing", "clocks an hour off", "jammer", "days of records")
"""Sweeps whose later values are worse conditions."""
NOTHING = "next to nothing"
NEAR = 0.05
"""How far from 1 the cost of next to nothing may be."""


def text(found: Found, seed: int) -> str:
    """The whole page."""
    lines = [
        "# Presence in good conditions and bad",
        "",
        *prose(
            "Simulated records, nobody in them exists. Written by",
            f"`python -m parloir.trials.presence_sweeps`: worlds of the size few, seed {seed}, 8 prisons and",
            "1,600 inmates, 30 days, the prisons' own radio cells asked for, one thing changed at a time.",
            "Precision and recall are at a probability of one half; true pairs with records that were never",
            "weighed count as missed. What else each figure means is pinned down in",
            "[trials.md](trials.md). One seed a line: differences of a few hundredths are chance.",
        ),
        *table(["", "", *SCORES, "intervals that hold the count", "median width"], _rows(found)),
        *prose("Beside the named rules, at each rule's own number of flagged devices:"),
    ]
    for name, rule in PRESENCE.items():
        rows = [
            [
                *names,
                *(figure(at(world, f"beside.{name}.{path}"), digits) for path, digits in BESIDE.values()),
            ]
            for names, world in found.items()
        ]
        lines += [f"{rule.title.capitalize()} ({rule.source}):", "", *table(["", "", *BESIDE], rows)]
    return "\n".join([*lines, "## What must hold", "", *(f"- {line}" for line in checks(found))]) + "\n"


def figure(value: float | None, digits: int) -> str:
    """A number, or a dash where there is none."""
    return NONE if value is None else f"{value:.{digits}f}"


def _rows(found: Found) -> list[list[str]]:
    return [
        [
            *names,
            *(figure(at(world, path), digits) for path, digits in SCORES.values()),
            f"{at(world, 'counts.held')} of {at(world, 'counts.prisons')}",
            figure(at(world, "counts.width"), 2),
        ]
        for names, world in found.items()
    ]


def checks(found: Found) -> list[str]:
    """Whether more noise scores worse, and whether next to nothing weighs next to nothing."""
    swept = [name for name, _ in found]
    lines = [_worse(found, sweep) for sweep in WORSE if swept.count(sweep) > 1]
    for (sweep, value), world in found.items():
        if sweep == NOTHING:
            cost, weight = at(world, "presence.cost.cllr.value"), at(world, "weight")
            said = cost is None or abs(cost - 1) <= NEAR or cost < 1
            lines.append(
                f"{value}: weights of {figure(weight, 1)} bits as a rule, a cost of {figure(cost, 3)}:"
                f" {'holds' if said else 'does not hold'} (nothing known must cost 1 and not more)"
            )
    return lines


def _worse(found: Found, sweep: str) -> str:
    worlds = [(value, world) for (name, value), world in found.items() if name == sweep]
    first, last = worlds[0][1], worlds[-1][1]
    drop = at(first, "presence.average_precision") - at(last, "presence.average_precision")
    costs = [at(world, "presence.cost.cllr.value") for world in (first, last)]
    rise = costs[1] - costs[0] if None not in costs else 0.0
    said = "holds" if drop >= 0 and rise >= 0 else "does not hold"
    return (
        f"{sweep}, from {worlds[0][0]} to {worlds[-1][0]}: average precision falls by {drop:.3f} and the cost"
        f" rises by {rise:.3f}: {said}"
    )
