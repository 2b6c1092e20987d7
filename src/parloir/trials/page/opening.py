"""What was run, and how to read it."""

from __future__ import annotations

from parloir.trials.page.report import Report, mean


def lines(report: Report) -> list[str]:
    """The head of the page."""
    world = report.first["world"]
    records = sum(report.first["classes"].values())
    done = f"; {sum(report.seconds):,.0f} processor seconds" if report.seconds else ""
    return [
        "# Validation",
        "",
        "All figures are of simulated worlds, of nobody who exists.",
        "They are never set beside a real operation's.",
        f"Written by `{report.command}`{done}.",
        f"Worlds of the size {report.size}, seeds {', '.join(report.seeds)}; the first has",
        f"{world['prisons']}",
        f"prisons, {world['inmates']:,} inmates in {world['occupied']:,} prison cells,",
        f"{world['handsets']:,} contraband",
        f"handsets, and {records:,} network records. A weighing took",
        f"{mean(report.seeds, 'cpu_seconds', 0)} processor seconds.",
        "Each figure is the mean over the seeds, with the least and the most. What each means",
        "is pinned down in",
        "[methods/trials.md](methods/trials.md). No prison of these worlds had a part in what",
        "is shipped, and a",
        "prison's own handsets have none in the ratios that it is weighed with.",
        "",
    ]
