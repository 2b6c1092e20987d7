"""The table of what the project holds itself to."""

from __future__ import annotations

from pathlib import Path

from parloir.trials.page.held_to import BOUNDS, lines
from parloir.trials.page.report import Report
from parloir.trials.tried import Plain


def world(gain: float, mine: float, rule: float, held: int) -> Plain:
    return {
        "leads": {"plan": {"gain": gain}},
        "beside": {"mexico": {"precision": mine, "rule_precision": rule}},
        "counts": {"held": held, "prisons": 10, "width": 0.3},
        "held": {"fused": {"cllr": {"value": mine}}, "naive": {"cllr": {"value": rule}}},
    }


def row(report: Report, title: str) -> str:
    return next(line for line in lines(report) if title in line)


def test_each_prevalence_is_judged_by_the_mean_of_its_seeds() -> None:
    report = Report(Path(), "", "small")
    report.prevalences["0.05"] = {"2": world(0.70, 0.5, 0.4, 9), "3": world(0.82, 0.5, 0.4, 10)}
    report.prevalences["0.10"] = {"2": world(0.74, 0.3, 0.4, 8)}
    report.drawn["101"] = world(0.1, 0.3, 0.2, 1)
    assert row(report, "plan: (plan").endswith(
        "| at least 0.75 | yes: 0.760 (0.700–0.820) | no: 0.740 | no: 0.100 |"
    )
    beside = row(report, "precision, at the number of the Mexican criteria")
    assert "yes: 0.500 (0.500–0.500) against 0.400 | no: 0.300 against 0.400 | yes" in beside
    assert row(report, "95% intervals").endswith("| yes: 95% | no: 80% | no: 10% |")
    assert row(report, "median width").endswith("| yes: 0.300 (0.300–0.300) | yes: 0.300 | yes: 0.300 |")


def test_what_was_not_measured_is_a_dash() -> None:
    report = Report(Path(), "", "small")
    report.seeds["2"] = world(0.8, 0.5, 0.4, 9)
    assert row(report, "true holder first").endswith("| at least 0.60 | – |")
    assert len([line for line in lines(report) if line.startswith("| ")]) == len(BOUNDS) + 2


def test_the_independent_world_is_no_worse_than_simple_addition() -> None:
    report = Report(Path(), "", "small")
    report.seeds["2"] = world(0.8, 0.5, 0.4, 9)
    report.independent["2"] = world(0.8, 0.3, 0.3, 9)
    assert "no worse, as wanted" in " ".join(lines(report))
    report.independent["2"] = world(0.8, 0.4, 0.3, 9)
    assert "it should not be" in " ".join(lines(report))
