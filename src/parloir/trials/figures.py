"""Plots as SVG, the same bytes from the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from parloir.trials.world import Anchor

mpl.use("Agg")
STYLE: Any = {
    "svg.hashsalt": "parloir",
    "svg.fonttype": "none",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def save(figure: Figure, path: Path) -> Path:
    """Write a figure without the date."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        figure.savefig(path, format="svg", metadata={"Date": None}, bbox_inches="tight")
    return path


def axes(width: float = 6.0, height: float = 3.0) -> tuple[Figure, Any]:
    """An empty plot."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height))
        return figure, figure.subplots()


def anchors_plot(anchors: Mapping[str, Sequence[Anchor]], path: Path) -> Path:
    """Every anchor of every seed, between its bounds: 0 is the lower one, 1 the upper."""
    figure, plot = axes(7.0, 3.6)
    names = [anchor.name for anchor in next(iter(anchors.values()))]
    plot.axvspan(0, 1, color="#dbe9f4")
    for seed, found in anchors.items():
        places = [(a.measured - a.low) / (a.high - a.low) for a in found]
        plot.plot(places, range(len(names)), "o", label=seed, markersize=5)
    plot.set_yticks(range(len(names)), names)
    plot.invert_yaxis()
    plot.set_xlabel("between the bounds of the source (0 to 1)")
    plot.legend(frameon=False, title="seed")
    return save(figure, path)


def classes_plot(counts: Mapping[str, int], path: Path) -> Path:
    """Records by the true class of their device."""
    figure, plot = axes(6.0, 2.8)
    names = list(counts)
    total = sum(counts.values())
    bars = plot.barh(names, [100 * counts[name] / total for name in names], color="#4878a8")
    plot.bar_label(bars, fmt="%.2f%%", padding=3)
    plot.invert_yaxis()
    plot.set_xlabel("share of the records with an IMEI (%)")
    return save(figure, path)


def sweep_plot(
    values: Sequence[float], series: Mapping[str, Sequence[float]], label: str, path: Path
) -> Path:
    """Scores over the values of one parameter."""
    figure, plot = axes()
    for name, scores in series.items():
        plot.plot(values, scores, "o-", label=name)
    plot.set_ylim(bottom=-0.05)
    plot.set_xlabel(label)
    plot.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return save(figure, path)


def reliability_plot(diagrams: Mapping[str, Mapping[str, Any] | None], path: Path) -> Path:
    """Met against stated frequency, a line for each seed; the size of a dot is that of its bin."""
    figure, plot = axes(3.6, 3.4)
    plot.plot([0, 1], [0, 1], color="#999999", linewidth=0.8)
    for seed, diagram in diagrams.items():
        if diagram:
            plot.plot(diagram["stated"], diagram["met"], "o-", label=seed, markersize=4)
    plot.set_xlabel("stated probability")
    plot.set_ylabel("share that was true")
    plot.legend(frameon=False, title="seed")
    return save(figure, path)


def tippett_plot(curves: Mapping[str, Mapping[str, Any] | None], path: Path) -> Path:
    """Share of true and of false pairs whose weight is above each threshold, two lines for each seed."""
    figure, plot = axes(5.0, 3.2)
    plot.axvline(0, color="#999999", linewidth=0.8)
    for number, (seed, curve) in enumerate(curves.items()):
        if curve:
            colour = f"C{number}"
            plot.plot(curve["thresholds"], curve["true"], color=colour, label=seed)
            plot.plot(curve["thresholds"], curve["false"], color=colour, linestyle="--")
    plot.set_xlim(-30, 40)
    plot.set_xlabel("weight in bits: true pairs (solid) and false pairs (dashed) above it")
    plot.legend(frameon=False, title="seed")
    return save(figure, path)
