"""What the project holds itself to, beside what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parloir.trials.page.report import NONE, Report, mean, prose, table, total
from parloir.trials.tried import Plain, at

Worlds = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure, where it lies in the scores, and between what it has to be.

    `low` may be the path of another score, which it must not be below.
    """

    title: str
    path: str
    low: float | str | None = None
    high: float | None = None


def _above(rule: str, name: str) -> list[Bound]:
    return [
        Bound(
            f"inside: {part}, at the number of {name}, above its own",
            f"beside.{rule}.{part}",
            f"beside.{rule}.rule_{part}",
        )
        for part in ("precision", "recall")
    ]


BOUNDS = (
    Bound("plan: (plan − chance) / (oracle − chance)", "leads.plan.gain", 0.75),
    Bound("true holder first", "leads.top1", 0.60),
    Bound("among the first five", "leads.top5", 0.85),
    Bound("held_by: ECE of each handset's likeliest", "held.top.met.ece", high=0.03),
    Bound("held_by: ECE of all stated", "held.stated.met.ece", high=0.03),
    Bound("held_by: Cllr − Cllr_min", "held.fused.loss", high=0.02),
    *_above("peru", "the Peruvian rule"),
    *_above("mexico", "the Mexican criteria"),
    Bound("inside: average precision", "presence.average_precision", 0.95),
    Bound("inside: ECE of each handset's likeliest", "presence.top.met.ece", high=0.03),
    Bound("inside: ECE of all stated", "presence.stated.met.ece", high=0.03),
    Bound("inside: Cllr − Cllr_min", "presence.cost.loss", high=0.03),
    Bound("count: median width over the count", "counts.width", high=0.40),
)
COVERED = (0.91, 0.99)
"""Share of prison-seeds whose 95% interval holds the count."""


def lines(report: Report) -> list[str]:
    """Every bound, by prevalence and on other make-ups."""
    columns: dict[str, Worlds] = {f"{float(p):.0%}": found for p, found in report.prevalences.items()}
    columns = columns or {"": report.seeds}
    if report.drawn:
        columns["other make-ups"] = report.inhabited
    rows = [
        [bound.title, _said(bound), *(_cell(bound, worlds) for worlds in columns.values())]
        for bound in BOUNDS
    ]
    covered = ["count: 95% intervals that hold it", f"{COVERED[0]:.0%}–{COVERED[1]:.0%}"]
    rows.append([*covered, *(_covered(worlds) for worlds in columns.values())])
    return [
        "## Held to",
        "",
        *prose(
            "What the project wants of simulated operations, by prevalence, and whether the mean over the",
            f"seeds has it. Wanted of the size operation; these are worlds of the size {report.size}.",
        ),
        *table(["", "wanted", *columns], rows),
        *_independent(report),
    ]


def _said(bound: Bound) -> str:
    if isinstance(bound.low, str):
        return "above the rule's own"
    return f"at least {bound.low:.2f}" if bound.low is not None else f"at most {bound.high:.2f}"


def _cell(bound: Bound, worlds: Worlds) -> str:
    figure, least = _mean(worlds, bound.path), bound.low
    if isinstance(least, str):
        least = _mean(worlds, least)
    if figure is None or (bound.low is not None and least is None):
        return NONE
    met = (least is None or figure >= least) and (bound.high is None or figure <= bound.high)
    beside = f" against {least:.3f}" if isinstance(bound.low, str) else ""
    return f"{'yes' if met else 'no'}: {mean(worlds, bound.path)}{beside}"


def _mean(worlds: Worlds, path: str) -> float | None:
    values = [value for world in worlds.values() if (value := at(world, path)) is not None]
    return sum(values) / len(values) if values else None


def _covered(worlds: Worlds) -> str:
    share = total(worlds, "counts.held") / max(total(worlds, "counts.prisons"), 1)
    return f"{'yes' if COVERED[0] <= share <= COVERED[1] else 'no'}: {share:.0%}"


def _independent(report: Report) -> list[str]:
    """Where evidence is independent, nothing may be worse than plain addition."""
    if not report.independent:
        return []
    fused, added = (_mean(report.independent, f"held.{name}.cllr.value") for name in ("fused", "naive"))
    if fused is None or added is None:
        return []
    return prose(
        f"In the independent world the weights cost {fused:.3f}, simple addition {added:.3f}:",
        "no worse, as wanted." if fused <= added + 0.0005 else "worse, and it should not be.",
    )
