"""`make validate`: worlds of several seeds, every score; docs/validation.md and its plots.

Worlds and scores are kept, so a run that was stopped goes on where it was; what the code has changed since is
measured anew. A trial of another room plugs in by `page.SECTIONS`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from parloir.simulation import catalogue_of_parameters
from parloir.trials import page
from parloir.trials.page.report import Report
from parloir.trials.sweeps import OUTLOOKS, outlook, values_of
from parloir.trials.tried import Plain, tried
from parloir.trials.weighed import Setting

SWEPT = ("world.noise", "world.missingness")
PREVALENCES = ("0.05", "0.10", "0.20")
RATES = ("0.5", "0.65", "0.8", "0.95")
DRAWS = 8
DRAWN_SIZE, DRAWN_SEED = "few", 2
FIRST_DRAW = 101
"""Draws below are for fitting (docs/methods/trials.md): nothing that is shipped has seen the others."""


@dataclass(frozen=True)
class Trial:
    """One world to be measured, and where the report keeps it."""

    setting: Setting
    keep: Callable[[Report, Plain], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; writes the page after each world and says what it took."""
    chosen = _parser().parse_args(arguments)
    report = Report(chosen.docs, _command(chosen), chosen.size)
    trials = trials_of(arguments)
    for done, (trial, found) in enumerate(_measured(trials, chosen.home, chosen.jobs), 1):
        trial.keep(report, found)
        report.spent[trial.setting.name] = found["spent"]
        page.write(report)
        bar = "#" * done + "." * (len(trials) - done)
        _say(f"[{bar}] {done} of {len(trials)}: {trial.setting.name}, {found['spent']:.0f} s of processors")
    _say(f"{report.docs / page.PAGE}: measured in {sum(report.spent.values()):.0f} s of processors")
    return 0


def _measured(trials: Sequence[Trial], home: Path, jobs: int) -> Iterator[tuple[Trial, Plain]]:
    """Each trial with what was measured, in order; every world once, so many at a time.

    A process for each world: what one takes of the memory, the next one does not find taken.
    """
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), max_tasks_per_child=1)
    try:
        begun: dict[str, Future[Plain]] = {}
        for trial in trials:
            if trial.setting.name not in begun:
                begun[trial.setting.name] = pool.submit(tried, trial.setting, home)
        for trial in trials:
            yield trial, begun[trial.setting.name].result()
    finally:
        pool.shutdown(cancel_futures=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m parloir.trials.validate", description=__doc__)
    parser.add_argument("--size", default="small", help="demo, small, operation or nation")
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[2, 3, 4], help="not 1: what is shipped was fitted on it"
    )
    parser.add_argument("--prevalence", nargs="*", default=PREVALENCES, help="swept at this size, all seeds")
    parser.add_argument(
        "--independent", action=argparse.BooleanOptionalAction, default=True, help="the independent world too"
    )
    parser.add_argument(
        "--outlooks", nargs="*", default=tuple(OUTLOOKS), help="assumed parameters, first seed"
    )
    parser.add_argument("--rates", nargs="*", default=RATES, help="find rates of the world, first seed")
    parser.add_argument("--sweep", nargs="*", default=SWEPT, help="parameters, on the size demo")
    parser.add_argument("--drawn", type=int, default=DRAWS, help="worlds of other make-ups, size few")
    parser.add_argument("--jobs", type=int, default=1, help="worlds measured at the same time")
    parser.add_argument("--home", type=Path, default=Path("validate-data"), help="worlds are kept here")
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    return parser


def _command(chosen: argparse.Namespace) -> str:
    """As it has to be typed to write the same page."""
    words = ["python -m parloir.trials.validate", "--size", chosen.size, "--seeds", *map(str, chosen.seeds)]
    words += ["--prevalence", *chosen.prevalence] if chosen.prevalence != PREVALENCES else []
    words += [] if chosen.independent else ["--no-independent"]
    words += ["--outlooks", *chosen.outlooks] if chosen.outlooks != tuple(OUTLOOKS) else []
    words += ["--rates", *chosen.rates] if chosen.rates != RATES else []
    words += ["--sweep", *chosen.sweep] if chosen.sweep != SWEPT else []
    words += ["--drawn", str(chosen.drawn)] if chosen.drawn != DRAWS else []
    return " ".join(words)


def trials_of(arguments: Sequence[str] | None) -> list[Trial]:
    """The worlds that these arguments ask for, in order."""
    return list(_trials(_parser().parse_args(arguments)))


def _trials(chosen: argparse.Namespace) -> Iterator[Trial]:
    """All worlds: what the page opens with first."""
    for seed in chosen.seeds:
        yield Trial(Setting(chosen.size, seed), _keeper("seeds", str(seed)))
    for draw in range(FIRST_DRAW, FIRST_DRAW + chosen.drawn):
        yield Trial(Setting(DRAWN_SIZE, DRAWN_SEED, drawn=draw), _keeper("drawn", str(draw)))
    for value in chosen.prevalence:
        for seed in chosen.seeds:
            yield Trial(_with(chosen.size, seed, "handsets.prevalence", value), _prevalence(value, str(seed)))
    for seed in chosen.seeds if chosen.independent else ():
        yield Trial(_with(chosen.size, seed, "world.dependent", "0"), _keeper("independent", str(seed)))
    for name in chosen.outlooks:
        yield Trial(Setting(chosen.size, chosen.seeds[0], outlook(name), name), _keeper("outlooks", name))
    for value in chosen.rates:
        yield Trial(_with(chosen.size, chosen.seeds[0], "searches.find_rate", value), _keeper("rates", value))
    for name in chosen.sweep:
        for number in values_of(name):
            value = f"{number:g}"
            yield Trial(_with("demo", chosen.seeds[0], name, value), _sweep(name, value))


def _with(size: str, seed: int, name: str, value: str) -> Setting:
    """One parameter changed; where it is the default's value, the world without any change."""
    return Setting(size, seed) if float(value) == _default(name) else Setting(size, seed, {name: value})


def _default(name: str) -> float:
    return next(known.value for known in catalogue_of_parameters() if known.name == name)


def _keeper(part: str, key: str) -> Callable[[Report, Plain], None]:
    return lambda report, found: getattr(report, part).__setitem__(key, found)


def _prevalence(value: str, seed: str) -> Callable[[Report, Plain], None]:
    return lambda report, found: report.prevalences.setdefault(value, {}).__setitem__(seed, found)


def _sweep(name: str, value: str) -> Callable[[Report, Plain], None]:
    return lambda report, found: report.sweeps.setdefault(name, {}).__setitem__(value, found)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
