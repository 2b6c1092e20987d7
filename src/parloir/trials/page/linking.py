"""`same_person`: customers of the shop and visitors."""

from __future__ import annotations

from parloir.trials.page.holding import COLUMNS
from parloir.trials.page.report import Report, mean, prose, table


def lines(report: Report) -> list[str]:
    """How well customers are found among the visitors."""
    columns = {
        "precision": ("precision", 3),
        "recall": ("recall", 3),
        "F1": ("f1", 3),
        "F1 from": ("interval.low", 3),
        "to": ("interval.high", 3),
        "best F1": ("best_f1", 3),
        "true pairs": ("pairs", 0),
        "links of strangers": ("strangers", 0),
    }
    stated = [mean(report.seeds, f"links.stated.{path}", digits) for path, digits in COLUMNS.values()]
    return [
        "## Customers among the visitors",
        "",
        *prose(
            "At the default threshold, among customers who are in the registers at all; pairs lost in",
            "blocking are misses. False links of customers who are in no register are told apart: links of",
            "strangers. From and to: 95% of drawings of customers.",
        ),
        *table(
            [*columns], [[mean(report.seeds, f"links.{name}", digits) for name, digits in columns.values()]]
        ),
        *table(["probability of a link", *COLUMNS], [["all written, strangers among them", *stated]]),
        *prose(
            f"Cllr of the links written {mean(report.seeds, 'links.cost.cllr.value')}, Cllr_min",
            f"{mean(report.seeds, 'links.cost.cllr_min')}, against the odds among them.",
        ),
    ]
