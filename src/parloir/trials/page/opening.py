"""What was run, and how to read it."""

from __future__ import annotations

from parloir.trials.page.report import Report, mean, prose


def lines(report: Report) -> list[str]:
    """The head of the page."""
    world = report.first["world"]
    records = sum(report.first["classes"].values())
    done = f"{sum(report.spent.values()):,.0f} processor seconds for {len(report.spent)} worlds"
    return [
        "# Validation",
        "",
        *prose(
            "All figures are of simulated worlds, of nobody who exists. They are never set beside a real",
            f"operation's. Written by `{report.command}`: {done}. Worlds of the size {report.size}, seeds",
            f"{', '.join(report.seeds)}; the first has {world['prisons']} prisons, {world['inmates']:,}",
            f"inmates in {world['occupied']:,} prison cells, {world['handsets']:,} contraband handsets, and",
            f"{records:,} network records. A weighing took {mean(report.seeds, 'cpu_seconds', 0)} processor",
            "seconds. Each figure is the mean over the seeds, with the least and the most. What each means",
            "is pinned down in [methods/trials.md](methods/trials.md). No prison of these worlds had a part",
            "in what is shipped, and a prison's own handsets have none in the ratios that it is weighed by.",
        ),
    ]
