"""Presence from good conditions to bad, on small worlds: the table of docs/methods/presence_sweeps.md.

    python -m parloir.trials.presence_sweeps

Only presence is weighed. Worlds and scores are kept, so a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from parloir import presence
from parloir.trials.baselines import PRESENCE
from parloir.trials.page import presence_sweeps as page
from parloir.trials.presence import beside, score_counts, score_presence
from parloir.trials.tried import Measure, Plain, kept, plain
from parloir.trials.weighed import Setting, World, seen

BASE = {"inmates": "1600", "days": "30", "single_handsets": "0", "wide_area_prisons": "0"}
"""Small enough for a table of twenty worlds; 8 prisons, whose own radio cells are all that is asked for."""
EVERY_REQUEST = {"wide_area_prisons": "1", "wide_area_days": "30", "single_handsets": "300"}
"""Full records are asked for of every contraband handset that runs, and of half as many of neighbours."""
ROOMS = (
    "presence", "weights", "tables", "places", "identifiers", "catalogue", "trials/presence_sweeps.py",
    "trials/presence.py", "trials/calibration.py", "trials/baselines.py", "trials/truth.py",
)  # fmt: skip
"""What these scores depend on, besides what writes and reads worlds."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the table.

    Attributes:
        sweep: what is swept. value: as the table says it. changes: of the parameters.
        asked: R, W or H: which answers are weighed (the prison's radio cells, a wide area, full records).
    """

    sweep: str
    value: str
    changes: Mapping[str, str] = field(default_factory=dict)
    asked: str = "R"

    def setting(self, seed: int) -> Setting:
        """The world: conditions with the same changes share it."""
        words = [f"{name}={value}" for name, value in self.changes.items()]
        return Setting("few", seed, {**BASE, **self.changes}, "-".join(["sweep", *words]))


def _swept(sweep: str, name: str, *values: str) -> Iterator[Condition]:
    """Shares of one parameter."""
    for value in values:
        yield Condition(sweep, f"{float(value):.0%}", {name: value})


CONDITIONS = (
    Condition("surroundings", "towns"),
    Condition("surroundings", "open country", {"country_areas": "1"}),
    Condition("days of records", "60", {"days": "60"}),
    Condition("days of records", "30"),
    Condition("days of records", "7", {"days": "7"}),
    Condition("days of records", "3", {"days": "3"}),
    *_swept("records missing", "lost", "0", "0.1", "0.3", "0.6"),
    *_swept("clocks an hour off", "clock_wrong", "0", "0.2", "0.9"),
    Condition("jammer", "in no prison", {"jammed_prisons": "0"}),
    Condition("jammer", "in all, half lost", {"jammed_prisons": "1", "jammer_loss": "0.5"}),
    Condition("jammer", "in all, 90% lost", {"jammed_prisons": "1", "jammer_loss": "0.9"}),
    Condition("request", "radio cells of the prison", EVERY_REQUEST, "R"),
    Condition("request", "wide area", EVERY_REQUEST, "W"),
    Condition("request", "full records of single handsets", EVERY_REQUEST, "H"),
    Condition("next to nothing", "3 days, 95% missing", {"days": "3", "lost": "0.95"}),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every condition; write the page after each, and print it at the end."""
    chosen = _parser().parse_args(arguments)
    chosen.docs.mkdir(parents=True, exist_ok=True)
    found, text = {}, ""
    for condition, scores in _measured(chosen.seed, chosen.home):
        found[condition.sweep, condition.value] = scores
        sys.stdout.write(f"{condition.sweep}: {condition.value}, {scores['spent']:.0f} s of processors\n")
        sys.stdout.flush()
        text = page.text(found, chosen.seed)
        (chosen.docs / page.PAGE).write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m parloir.trials.presence_sweeps", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=2, help="of all worlds; not 1, on which things are fitted"
    )
    parser.add_argument("--home", type=Path, default=Path("validate-data"), help="worlds are kept here")
    parser.add_argument("--docs", type=Path, default=Path("docs/methods"), help="the page is written here")
    return parser


def _measured(seed: int, home: Path) -> Iterator[tuple[Condition, Plain]]:
    for condition in CONDITIONS:
        measured = Measure(f"presence-{condition.asked}", ROOMS, partial(measure, asked=condition.asked))
        yield condition, kept(condition.setting(seed), home, measured)


def measure(world: World, asked: str = "R") -> Plain:
    """Weigh presence alone from one kind of answer, and score it beside the named rules.

    The rules are told the prisons' own radio cells whatever was asked for.
    """
    connection, truth = world.store.connect(), world.truth
    only(connection, "network_records", asked)
    met = seen(connection)
    flagged = {name: rule.run(connection) for name, rule in PRESENCE.items()}
    only(connection, "requests", asked)
    said = presence.weigh(connection)
    return {
        "presence": plain(score_presence(said.candidates, truth, met)),
        "counts": plain(score_counts(said.counts, truth, met)),
        "beside": plain({n: beside(said.candidates, table, truth, met) for n, table in flagged.items()}),
        "weight": _usual_weight(said.candidates),
        "handsets": len(met),
    }


def only(connection: duckdb.DuckDBPyConnection, table: str, asked: str) -> None:
    """Let a table show nothing but one kind of request, told by the first letter of its name."""
    connection.execute(f"ALTER VIEW {table} RENAME TO all_{table}")
    connection.execute(f"CREATE VIEW {table} AS SELECT * FROM all_{table} WHERE request LIKE '{asked}-%'")


def _usual_weight(candidates: pa.Table) -> float | None:
    """Median size of a weight, in bits."""
    bits = np.abs(candidates["millibits"].drop_null().to_numpy()) / 1000
    return float(np.median(bits)) if bits.size else None


if __name__ == "__main__":
    sys.exit(main())
