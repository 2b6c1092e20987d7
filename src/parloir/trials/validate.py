"""`make validate`: three seeds, every score, the anchors of the world; docs/validation.md and its plots.

A trial of another room plugs in by `SECTIONS`: a function from the tried worlds to lines of Markdown.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from parloir.trials.baselines import LEADS, PRESENCE
from parloir.trials.figures import anchors_plot, classes_plot, sweep_plot
from parloir.trials.leads import LeadScores
from parloir.trials.presence import PresenceScores
from parloir.trials.sweeps import Swept, sweep
from parloir.trials.weighed import Scores, Setting, World, build, score
from parloir.trials.world import Anchor, anchors, by_class

T = TypeVar("T")
PAGE = "validation.md"
PLOTS = "validation"


@dataclass(frozen=True)
class Tried:
    """One world with everything measured on it."""

    world: World
    scores: Scores
    anchors: list[Anchor]
    classes: Mapping[str, int]


@dataclass(frozen=True)
class Report:
    """What a section writes from: the worlds by seed, the sweeps, the folder of the page, the command."""

    tried: dict[str, Tried]
    sweeps: dict[str, Sequence[Swept]]
    docs: Path
    command: str

    def mean(self, of: Callable[[Scores], float]) -> str:
        """Mean over the seeds with the least and the most: `.66 (.64–.69)`."""
        values = [of(tried.scores) for tried in self.tried.values()]
        return f"{sum(values) / len(values):.3f} ({min(values):.3f}–{max(values):.3f})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; writes the page and says where it lies."""
    parser = argparse.ArgumentParser(prog="python -m parloir.trials.validate", description=__doc__)
    parser.add_argument("--size", default="small", help="demo, small, operation or nation")
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[2, 3, 4], help="not 1: what is shipped was fitted on it"
    )
    parser.add_argument(
        "--sweep",
        nargs="*",
        default=["world.noise", "handsets.prevalence"],
        help="parameters, on the demo size",
    )
    parser.add_argument("--home", type=Path, default=Path("validate-data"), help="worlds are kept here")
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    chosen = parser.parse_args(arguments)
    command = (
        f"python -m parloir.trials.validate --size {chosen.size} --seeds {' '.join(map(str, chosen.seeds))}"
    )
    report = Report({}, {}, chosen.docs, f"{command} --sweep {' '.join(chosen.sweep)}".strip())
    for seed in chosen.seeds:
        report.tried[str(seed)] = _try(Setting(chosen.size, seed), chosen.home)
        _write(report)
    for name in chosen.sweep:
        report.sweeps[name] = sweep(name, chosen.home, Setting("demo", chosen.seeds[0]))
        _write(report)
    return 0


def _write(report: Report) -> None:
    """The page with what has been tried so far: a long run that is stopped leaves what it has."""
    page = report.docs / PAGE
    page.write_text(
        "\n".join(line for section in SECTIONS for line in section(report)) + "\n", encoding="utf-8"
    )
    sys.stdout.write(f"{page}\n")


def _try(setting: Setting, home: Path) -> Tried:
    sys.stdout.write(f"{setting.name}\n")
    sys.stdout.flush()
    world = build(setting, home)
    connection = world.store.connect()
    return Tried(world, score(world), anchors(world.truth, connection), by_class(world.truth, connection))


def _head(report: Report) -> list[str]:
    first = next(iter(report.tried.values())).world
    records = sum(next(iter(report.tried.values())).classes.values())
    return [
        "# Validation",
        "",
        "All figures are of simulated worlds, of nobody who exists.",
        "They are never set beside a real operation's.",
        f"Written by `{report.command}`:",
        f"size {first.setting.size}; {first.truth.occupied:,} occupied prison cells and {records:,} records",
        "in the first world. Each figure is the mean over the seeds, with the least and the most.",
        "What each means is pinned down in [methods/simulation.md](methods/simulation.md).",
        "",
    ]


def _leads(report: Report) -> list[str]:
    searches = next(iter(report.tried.values())).scores.leads.plan.searches
    lines = [
        "## Leads and searches",
        "",
        f"Finds of {searches} searches, where a search finds with the world's own rate.",
        "",
    ]
    lines += [
        "| | weighed | " + " | ".join(rule.title for rule in LEADS.values()) + " |",
        "|---|---|" + "---|" * len(LEADS),
    ]
    rows: dict[str, Callable[[LeadScores], float]] = {
        "true holder first": lambda s: s.top1,
        "among the first five": lambda s: s.top5,
        "coverage": lambda s: s.coverage,
        "finds": lambda s: s.plan.plan,
        "finds of chance": lambda s: s.plan.chance,
        "finds of the oracle": lambda s: s.plan.oracle,
        "(plan − chance) / (oracle − chance)": lambda s: s.plan.gain,
        "minis found": lambda s: s.plan.plan_minis,
    }
    for title, of in rows.items():
        cells = [report.mean(_of(lambda s: s.leads, of))]
        cells += [report.mean(_of(_lead_rule(name), of)) for name in LEADS]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _of(pick: Callable[[Scores], T], of: Callable[[T], float]) -> Callable[[Scores], float]:
    return lambda scores: of(pick(scores))


def _lead_rule(name: str) -> Callable[[Scores], LeadScores]:
    return lambda scores: scores.lead_baselines[name]


def _presence_rule(name: str) -> Callable[[Scores], PresenceScores]:
    return lambda scores: scores.presence_baselines[name]


def _presence(report: Report) -> list[str]:
    lines = [
        "## Presence",
        "",
        "Pairs of IMEI and prison; true pairs that were no candidates count as missed.",
        "",
    ]
    lines += [
        "| | weighed | " + " | ".join(rule.title for rule in PRESENCE.values()) + " |",
        "|---|---|" + "---|" * len(PRESENCE),
    ]
    for field in fields(PresenceScores):
        of = _field(field.name)
        cells = [report.mean(_of(lambda s: s.presence, of))]
        cells += [report.mean(_of(_presence_rule(name), of)) for name in PRESENCE]
        lines.append(f"| {field.name.replace('_', ' ')} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def _field(name: str) -> Callable[[PresenceScores], float]:
    return lambda scores: float(getattr(scores, name))


def _links(report: Report) -> list[str]:
    return [
        "## Links between customers and visitors",
        "",
        "At the default threshold, among customers who are in the registers;",
        "false links of customers who are in no register apart.",
        "",
        "| precision | recall | F1 | links of strangers |",
        "|---|---|---|---|",
        "| "
        + " | ".join(report.mean(_link(name)) for name in ("precision", "recall", "f1", "strangers"))
        + " |",
        "",
    ]


def _link(name: str) -> Callable[[Scores], float]:
    return lambda scores: float(getattr(scores.links, name))


def _world(report: Report) -> list[str]:
    plots = report.docs / PLOTS
    anchors_plot({seed: tried.anchors for seed, tried in report.tried.items()}, plots / "anchors.svg")
    first = next(iter(report.tried.values()))
    classes_plot(first.classes, plots / "classes.svg")
    lines = [
        "## The world beside its anchors",
        "",
        "| | measured | from | to | source |",
        "|---|---|---|---|---|",
    ]
    for rows in zip(*(tried.anchors for tried in report.tried.values()), strict=True):
        measured = ", ".join(f"{anchor.measured:.3g}" for anchor in rows)
        lines.append(
            f"| {rows[0].name} | {measured} | {rows[0].low:.3g} | {rows[0].high:.3g} | {rows[0].source} |"
        )
    lines += [
        "",
        f"![anchors]({PLOTS}/anchors.svg)",
        "",
        f"![records by class of device]({PLOTS}/classes.svg)",
        "",
    ]
    return lines


def _sweeps(report: Report) -> list[str]:
    if not report.sweeps:
        return []
    lines = ["## Sweeps", "", "One parameter at a time, on one world of the size demo.", ""]
    for name, swept in report.sweeps.items():
        series = {
            "holder first": [s.scores.leads.top1 for s in swept],
            "gain of the plan": [s.scores.leads.plan.gain for s in swept],
            "presence, average precision": [s.scores.presence.average_precision for s in swept],
            "links, F1": [s.scores.links.f1 for s in swept],
        }
        path = sweep_plot([s.value for s in swept], series, name, report.docs / PLOTS / f"{name}.svg")
        lines += [f"### {name}", "", "| value | " + " | ".join(series) + " |", "|---|" + "---|" * len(series)]
        for k, point in enumerate(swept):
            lines.append(
                f"| {point.value:g} | " + " | ".join(f"{scores[k]:.3f}" for scores in series.values()) + " |"
            )
        lines += ["", f"![{name}]({PLOTS}/{path.name})", ""]
    return lines


SECTIONS: tuple[Callable[[Report], list[str]], ...] = (_head, _leads, _presence, _links, _world, _sweeps)
"""The page, section by section."""

if __name__ == "__main__":
    sys.exit(main())
