"""Worlds of other make-ups: what is left where nothing was fitted to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parloir.trials.baselines import PRESENCE
from parloir.trials.page.planning import held
from parloir.trials.page.report import NONE, Report, mean, prose, table
from parloir.trials.tried import Plain, at


@dataclass(frozen=True, slots=True)
class Figure:
    """One score: its title, its path, digits, and whether less is better."""

    title: str
    path: str
    digits: int = 3
    less: bool = False


FIGURES = (
    Figure("presence: average precision", "presence.average_precision"),
    Figure("presence: precision at one half", "presence.precision"),
    Figure("presence: recall at one half", "presence.recall"),
    Figure("presence: Cllr", "presence.cost.cllr.value", less=True),
    Figure("presence: Cllr − Cllr_min", "presence.cost.loss", less=True),
    Figure("presence: ECE of all stated", "presence.stated.met.ece", less=True),
    *(
        Figure(f"presence, at {name}'s number: {title}", f"beside.{name}.{part}")
        for name in PRESENCE
        for part, title in {
            "precision": "precision",
            "rule_precision": "the rule's precision",
            "recall": "recall",
            "rule_recall": "the rule's recall",
        }.items()
    ),
    Figure("counts: sum over the truth", "counts.ratio", 2),
    Figure("links: F1", "links.f1"),
    Figure("leads: true holder first", "leads.top1"),
    Figure("leads: among the first five", "leads.top5"),
    Figure("held_by: Cllr", "held.fused.cllr.value", less=True),
    Figure("held_by: Cllr − Cllr_min", "held.fused.loss", less=True),
    Figure("held_by: ECE of each handset's likeliest", "held.top.met.ece", less=True),
    Figure("held_by: ECE of all stated", "held.stated.met.ece", less=True),
    Figure("plan: (plan − chance) / (oracle − chance)", "leads.plan.gain"),
    Figure("plan of shared numbers: the same", "lead_baselines.shared_numbers.plan.gain"),
    Figure("plan with known holders: the same", "plans.known.gain"),
)
COLUMNS = {
    "days": ("world.days", 0),
    "handsets an inmate": ("world.prevalence", 3),
    "handsets": ("world.handsets", 0),
    "inside, AP": ("presence.average_precision", 3),
    "Cllr": ("presence.cost.cllr.value", 3),
    "links, F1": ("links.f1", 3),
    "holder first": ("leads.top1", 3),
    "among five": ("leads.top5", 3),
    "held_by, Cllr": ("held.fused.cllr.value", 3),
    "finds a search": ("", 2),
    "oracle": ("", 2),
    "gain": ("leads.plan.gain", 3),
}


def lines(report: Report) -> list[str]:
    """The honest figures for a country that nobody has seen."""
    if not report.drawn:
        return []
    return [
        "## On worlds of other make-ups",
        "",
        *prose(
            f"{len(report.drawn)} worlds in which every doubtful parameter is drawn at random from a wide",
            "range (`simulation/drawn.toml`): radio, surroundings, days asked for, habits inside and",
            "outside, prevalence, registers, buyers. Nothing that is shipped was fitted on these draws:",
            "these are the figures to expect where nothing is known of a country; those of the usual",
            "make-up are not. Worst is the world in which it is worst, with its draw.",
            *_deserted(report),
        ),
        *_figures(report),
        *prose("95% intervals of the count that hold the truth:", held(report.drawn) + "."),
        *_worlds(report.drawn),
    ]


def _deserted(report: Report) -> list[str]:
    """Which draws have nothing to find."""
    names = sorted(report.drawn.keys() - report.inhabited.keys())
    said = f"Nobody has a handset in draw {', '.join(names)}: it counts for intervals alone."
    return [said] if names else []


def _figures(report: Report) -> list[str]:
    rows = [
        [
            figure.title,
            mean(report.seeds, figure.path, figure.digits),
            mean(report.inhabited, figure.path, figure.digits).split(" ")[0],
            worst(report.inhabited, figure),
        ]
        for figure in FIGURES
    ]
    return table(["", "usual make-up", "mean of the draws", "worst"], rows)


def worst(worlds: Mapping[str, Plain], figure: Figure) -> str:
    """The worst value and the draw that has it: `0.41 (draw 104)`."""
    found = {draw: at(world, figure.path) for draw, world in worlds.items()}
    known = {draw: value for draw, value in found.items() if value is not None}
    if not known:
        return NONE
    draw = (max if figure.less else min)(known, key=lambda one: known[one])
    return f"{known[draw]:.{figure.digits}f} (draw {draw})"


def _worlds(worlds: Mapping[str, Plain]) -> list[str]:
    rows = [[draw, *_row(world)] for draw, world in worlds.items()]
    return table(["draw", *COLUMNS], rows)


def _row(world: Plain) -> list[str]:
    """A world's line; finds of one search where there is no path."""
    searches = at(world, "leads.plan.searches")
    finds = {"finds a search": "leads.plan.plan", "oracle": "leads.plan.oracle"}
    return [
        mean({"": world}, path or finds[title], digits, 1.0 if path else 1 / searches)
        for title, (path, digits) in COLUMNS.items()
    ]
