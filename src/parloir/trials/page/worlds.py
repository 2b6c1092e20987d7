"""The world beside its anchors."""

from __future__ import annotations

from parloir.trials.figures import anchors_plot, classes_plot
from parloir.trials.page.report import PLOTS, Report, plot, table
from parloir.trials.world import Anchor


def lines(report: Report) -> list[str]:
    """What is documented about the real world, measured on the simulated ones."""
    anchors = {seed: [Anchor(**row) for row in world["anchors"]] for seed, world in report.seeds.items()}
    rows = [
        [
            found[0].name,
            ", ".join(f"{anchor.measured:.3g}" for anchor in found),
            f"{found[0].low:.3g}",
            f"{found[0].high:.3g}",
            found[0].source,
        ]
        for found in zip(*anchors.values(), strict=True)
    ]
    folder = report.docs / PLOTS
    return [
        "## The world beside its anchors",
        "",
        *table(["", "measured", "from", "to", "source"], rows),
        *plot(anchors_plot(anchors, folder / "anchors.svg"), "anchors"),
        *plot(classes_plot(report.first["classes"], folder / "classes.svg"), "records by class of device"),
    ]
