"""Worlds far apart: more noise makes each score worse; and the page that all scores are written on."""

from __future__ import annotations

from pathlib import Path

import pytest

from parloir.trials import validate
from parloir.trials.page import PAGE, write
from parloir.trials.page.report import Report
from parloir.trials.tried import Plain, at, tried
from parloir.trials.weighed import Setting

TINY = {
    "prisons": "3",
    "inmates": "1200",
    "days": "10",
    "residents_per_inmate": "4",
    "shop.handsets_from_shop": "0.8",  # enough customers for a link to go wrong among them
    "shop.buyer_visits": "0.9",
}
WORSE_WHEN_LOWER = (
    "leads.top1",
    "leads.top5",
    "leads.plan.gain",
    "presence.average_precision",
    "links.f1",
    "held.top.met.log_loss_gain",
)
WORSE_WHEN_HIGHER = ("presence.cost.cllr.value", "held.fused.cllr.value")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture(scope="module")
def clear(home: Path) -> Plain:
    return tried(Setting("demo", 6, {**TINY, "noise": "0", "missingness": "0"}), home)


@pytest.fixture(scope="module")
def noisy(home: Path) -> Plain:
    return tried(Setting("demo", 6, {**TINY, "noise": "4", "missingness": "4"}), home)


@pytest.mark.parametrize("path", WORSE_WHEN_LOWER)
def test_more_noise_lowers_it(clear: Plain, noisy: Plain, path: str) -> None:
    assert at(noisy, path) < at(clear, path)


@pytest.mark.parametrize("path", WORSE_WHEN_HIGHER)
def test_more_noise_raises_it(clear: Plain, noisy: Plain, path: str) -> None:
    assert at(noisy, path) > at(clear, path)


def test_what_was_measured_is_found_again(clear: Plain, home: Path) -> None:
    files = sorted(home.rglob("*"))
    again = tried(Setting("demo", 6, {**TINY, "noise": "0", "missingness": "0"}), home)
    assert again == clear
    assert sorted(home.rglob("*")) == files


def test_permuted_weights_cost_one(clear: Plain, noisy: Plain) -> None:
    assert at(clear, "held.permuted") == pytest.approx(1, abs=0.02)
    assert at(noisy, "held.permuted") == pytest.approx(1, abs=0.02)


def test_known_holders_are_the_ceiling_of_plans(clear: Plain) -> None:
    assert at(clear, "leads.plan.gain") <= at(clear, "plans.known.gain") <= 1


def test_the_page_has_every_figure(clear: Plain, noisy: Plain, tmp_path: Path) -> None:
    report = Report(tmp_path, "the command", "demo")
    report.seeds.update({"6": clear, "7": noisy})
    report.independent["6"] = clear
    report.rates["0.5"] = noisy
    report.outlooks["pessimistic"] = noisy
    report.prevalences.update({"0.10": {"6": clear}, "0.20": {"6": noisy}})
    report.sweeps["world.noise"] = {"0": clear, "4": noisy}
    report.drawn.update({"101": clear, "102": noisy})
    write(report)
    text = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert "nan" not in text
    assert "None" not in text
    plots = [part.split(")")[0] for part in text.split("](validation/")[1:]]
    assert len(plots) == 8
    assert all((tmp_path / "validation" / plot).stat().st_size for plot in plots)
    assert f"{at(clear, 'leads.plan.gain'):.3f}" in text
    assert f"{at(noisy, 'presence.average_precision'):.3f} (draw 102)" in text
    assert f"{at(noisy, 'presence.cost.cllr.value'):.3f} (draw 102)" in text


def test_the_trials_are_the_settings_that_were_asked_for() -> None:
    seeds, values = (
        ["--size", "demo", "--seeds", "5", "6"],
        ["--prevalence", "0.05", "0.10", "--rates", "0.5"],
    )
    trials = validate.trials_of([*seeds, *values, "--sweep", "world.noise", "--drawn", "2"])
    names = [trial.setting.name for trial in trials]
    assert names[:2] == ["demo-5", "demo-6"]
    assert names.count("demo-5") == 2  # a prevalence of .10 is the default
    assert "demo-6-handsets.prevalence=0.05" in names
    assert "demo-6-world.dependent=0" in names
    assert "demo-5-searches.find_rate=0.5" in names
    assert "demo-5-pessimistic" in names
    assert names[-1] == "demo-5-world.noise=3"
    assert [name for name in names if name.startswith("few")] == ["few-2-drawn101", "few-2-drawn102"]
