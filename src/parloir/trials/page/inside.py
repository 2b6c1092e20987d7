"""`inside`: presence beside the named rules."""

from __future__ import annotations

from parloir.trials.baselines import PRESENCE
from parloir.trials.page.holding import COLUMNS, COST, calibration_rows
from parloir.trials.page.planning import held
from parloir.trials.page.report import Report, mean, prose, table


def lines(report: Report) -> list[str]:
    """Which handsets live inside."""
    found = {
        "true pairs with records": ("presence.inside", 0),
        "of them never weighed": ("presence.missed", 0),
        "precision at one half": ("presence.precision", 3),
        "recall at one half": ("presence.recall", 3),
        "average precision": ("presence.average_precision", 3),
    }
    cost = [mean(report.seeds, f"presence.cost.{path}") for path in COST.values()]
    return [
        "## Which handsets live inside",
        "",
        *prose(
            "Pairs of IMEI and prison. True pairs with records that were no candidates count as missed.",
        ),
        *table(["", "Parloir"], [[title, mean(report.seeds, *where)] for title, where in found.items()]),
        *table(["probability of being inside", *COLUMNS], calibration_rows(report.seeds, "presence")),
        *table(["weights of all pairs, bits", *COST], [["fused", *cost]]),
        *_rules(report),
        *_counts(report),
    ]


def _rules(report: Report) -> list[str]:
    columns = {
        "flagged": ("flagged", 0),
        "precision": ("precision", 3),
        "of the rule": ("rule_precision", 3),
        "recall": ("recall", 3),
        "rule's recall": ("rule_recall", 3),
    }
    rows = [
        [
            rule.title,
            *(mean(report.seeds, f"beside.{name}.{part}", digits) for part, digits in columns.values()),
        ]
        for name, rule in PRESENCE.items()
    ]
    return ["At each rule's own number of flagged devices:", "", *table(["rule", *columns], rows)]


def _counts(report: Report) -> list[str]:
    worlds = {f"{float(p):.0%}": found for p, found in report.prevalences.items()} or {"": report.seeds}
    rows = [
        [name, held(found), mean(found, "counts.width", 2), mean(found, "counts.ratio", 2)]
        for name, found in worlds.items()
    ]
    return [
        *prose("How many handsets live in each prison:"),
        *table(
            [
                "prevalence",
                "95% intervals that hold the truth",
                "median width over the count",
                "sum over the truth",
            ],
            rows,
        ),
    ]
