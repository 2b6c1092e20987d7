"""Leads and search plans."""

from __future__ import annotations

from collections.abc import Mapping

from parloir.trials.baselines import LEADS
from parloir.trials.page.report import Report, mean, prose, table, total
from parloir.trials.tried import Plain, at

RATES = (0.5, 0.65, 0.8, 0.95)
"""q, the share of searches that find what is there."""
PLANS = {
    "Parloir": "leads.plan",
    "kinds of evidence simply added": "plans.added",
    "sums of the leads": "plans.leads",
    **{rule.title: f"lead_baselines.{name}.plan" for name, rule in LEADS.items()},
    "holders of all handsets with records known": "plans.known",
}
"""Plans by what they are made from."""


def lines(report: Report) -> list[str]:
    """Who holds which handset, and what searches would find."""
    return [*_leads(report), *_plans(report), *_prevalences(report), *_rates(report)]


def _leads(report: Report) -> list[str]:
    columns = {"Parloir": "leads", **{rule.title: f"lead_baselines.{name}" for name, rule in LEADS.items()}}
    rows = {
        "true holder first": ("top1", 3),
        "among the first five": ("top5", 3),
        "handsets in use at the end": ("handsets", 0),
        "of them with a lead": ("with_leads", 0),
        "of them scored, the denominator": ("scored", 0),
        "coverage": ("coverage", 3),
        "handsets named that are no contraband": ("strangers", 0),
    }
    return [
        "## Leads",
        "",
        *prose(
            "Contraband handsets in use at the end whose holder has, by the truth, a recorded contact,",
            "visit, transfer or linked order (the coverage); a handset without leads is a miss.",
        ),
        *table(
            ["", *columns],
            [
                [title, *(mean(report.seeds, f"{column}.{name}", digits) for column in columns.values())]
                for title, (name, digits) in rows.items()
            ],
        ),
    ]


def _plans(report: Report) -> list[str]:
    searches = at(report.first, "leads.plan.searches")
    rows = {title: (f"{path}.plan", f"{path}.plan_minis", f"{path}.gain") for title, path in PLANS.items()}
    rows["chance"] = ("leads.plan.chance", "leads.plan.chance_minis", "")
    rows["oracle"] = ("leads.plan.oracle", "leads.plan.oracle_minis", "")
    return [
        "## Searches",
        "",
        *prose(
            f"Finds of {searches} searches (500 for 66 prisons), the same teams and hours for all plans, the",
            "world's own find rate. The oracle knows what lies in every prison cell; for minis, where every",
            "mini lies. The plan with known holders shows what is left to hiding places and handsets that",
            "were never switched on.",
        ),
        *table(
            [
                "plan made from",
                "finds",
                "finds a search",
                "minis found",
                "(plan − chance) / (oracle − chance)",
            ],
            [
                [
                    title,
                    mean(report.seeds, every, 1),
                    mean(report.seeds, every, 2, 1 / searches),
                    mean(report.seeds, minis, 1),
                    mean(report.seeds, gain),
                ]
                for title, (every, minis, gain) in rows.items()
            ],
        ),
    ]


def _prevalences(report: Report) -> list[str]:
    if len(report.prevalences) < 2:
        return []
    columns = {
        "finds": ("leads.plan.plan", 1),
        "chance": ("leads.plan.chance", 1),
        "shared numbers": ("lead_baselines.shared_numbers.plan.plan", 1),
        "oracle": ("leads.plan.oracle", 1),
        "gain": ("leads.plan.gain", 3),
        "holder first": ("leads.top1", 3),
        "among five": ("leads.top5", 3),
        "presence, average precision": ("presence.average_precision", 3),
        "links, F1": ("links.f1", 3),
    }
    rows = [
        [f"{float(value):.0%}", *(mean(worlds, *where) for where in columns.values())]
        for value, worlds in report.prevalences.items()
    ]
    return [
        "### By prevalence",
        "",
        *prose("Handsets in use for each inmate; the same seeds and the same number of searches."),
        *table(["prevalence", *columns], rows),
        *prose("Finds of one search, minis apart:"),
        *table(
            ["prevalence", *_EACH], [_each(value, worlds) for value, worlds in report.prevalences.items()]
        ),
    ]


_EACH = {
    **{title: f"{path}.plan" for title, path in (("Parloir", "leads.plan"), ("simply added", "plans.added"))},
    "shared numbers": "lead_baselines.shared_numbers.plan.plan",
    "chance": "leads.plan.chance",
    "oracle": "leads.plan.oracle",
    "minis: Parloir": "leads.plan.plan_minis",
    "chance, minis": "leads.plan.chance_minis",
    "oracle, minis": "leads.plan.oracle_minis",
}


def _each(value: str, worlds: Mapping[str, Plain]) -> list[str]:
    searches = at(next(iter(worlds.values())), "leads.plan.searches")
    return [f"{float(value):.0%}", *(mean(worlds, path, 2, 1 / searches) for path in _EACH.values())]


def _rates(report: Report) -> list[str]:
    rows = [[f"{q:g}", *(_finds(report.seeds, path, q) for path in _SIDE.values())] for q in RATES]
    found = [
        "### By find rate",
        "",
        *prose(
            "The same plans where a search finds what is there with another probability q: every plan's",
            "finds are in proportion to q, so the gain is the same.",
        ),
        *table(["q", *_SIDE], rows),
    ]
    if not report.rates:
        return found
    worlds = [
        [value, *(mean({"": world}, f"leads.{name}", 3) for name in ("plan.gain", "top1", "top5"))]
        for value, world in report.rates.items()
    ]
    return [
        *found,
        *prose(
            "Worlds in which the searches of the past year had found at another rate (first seed), which a",
            "plan takes to be 0.8:",
        ),
        *table(["q of the world", "gain", "holder first", "among five"], worlds),
    ]


_SIDE = {
    "Parloir": "leads.plan.plan",
    "chance": "leads.plan.chance",
    "shared numbers": "lead_baselines.shared_numbers.plan.plan",
    "oracle": "leads.plan.oracle",
}


def _finds(worlds: dict[str, Plain], path: str, q: float) -> str:
    true = sum(at(world, path) / at(world, "world.find_rate") for world in worlds.values())
    return f"{q * true / len(worlds):.1f}"


def held(worlds: dict[str, Plain]) -> str:
    """Prison-seeds whose interval holds the true count."""
    return f"{total(worlds, 'counts.held') / max(total(worlds, 'counts.prisons'), 1):.0%}"
