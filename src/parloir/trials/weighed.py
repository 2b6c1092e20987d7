"""A world weighed as a case would be, and its scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from parloir import simulation
from parloir.tables.store import Store
from parloir.trials.baselines import LEADS, PRESENCE
from parloir.trials.case import tabulate
from parloir.trials.ground import Ground, as_posteriors, planned, true_posteriors
from parloir.trials.held import HeldScores, score_held
from parloir.trials.kept import Weighed, weighed
from parloir.trials.kinds import KindScores, score_kinds
from parloir.trials.leads import LeadScores, expected_cells, score_leads
from parloir.trials.links import LinkScores, score_links
from parloir.trials.pairs import naive_bits, posterior_of
from parloir.trials.plans import Morning, PlanScores, morning_of, score_plan
from parloir.trials.presence import (
    Beside,
    CountScores,
    PresenceScores,
    beside,
    score_counts,
    score_presence,
)
from parloir.trials.truth import Truth


@dataclass(frozen=True, slots=True)
class Setting:
    """Which world is tried: its size, seed, what differs from the defaults, and a word for that.

    `drawn` is the number of a draw of all doubtful parameters (`simulation.drawn`), 0 for the usual make-up.
    """

    size: str = "small"
    seed: int = 1
    overrides: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    drawn: int = 0

    @property
    def name(self) -> str:
        """For folders and tables."""
        changes = [self.label] if self.label else [f"{k}={v}" for k, v in sorted(self.overrides.items())]
        draw = [f"drawn{self.drawn}"] if self.drawn else []
        return "-".join([self.size, str(self.seed), *draw, *changes])

    @property
    def changes(self) -> dict[str, str]:
        """Everything that differs from the defaults; what is said outright stands above what is drawn."""
        return {**simulation.drawn(self.drawn), **self.overrides}


@dataclass(frozen=True, slots=True)
class World:
    """A world that was written and read: its tables and its truth, and the folder that both lie in."""

    setting: Setting
    store: Store
    truth: Truth
    folder: Path

    def weighed(self) -> Weighed:
        """Weighed by the present code, now or before."""
        return weighed(self.store, int(self.truth.world["end_us"]), self.folder)


def build(setting: Setting, home: Path) -> World:
    """Write a world and read its evidence, or find it as it was left there."""
    folder = home / setting.name
    if not (folder / "world" / "truth" / "world.json").exists():
        simulation.write_nation(setting.size, setting.seed, folder / "world", setting.changes)
    store = tabulate(folder / "world" / "evidence", folder)
    return World(setting, store, Truth(folder / "world" / "truth"), folder)


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one world.

    Attributes:
        leads, held, links, presence: of the weighing; `leads.plan` is of the plan that `parloir plan` makes.
        counts: of the number of handsets living in each prison.
        plans: by name, of plans made otherwise (see `score_plans`). kinds: of each kind of evidence.
        beside: presence beside each named rule, at its number. lead_baselines: of the named rules.
        seconds, cpu_seconds: that the weighing took.
    """

    leads: LeadScores
    held: HeldScores
    links: LinkScores
    presence: PresenceScores
    counts: CountScores
    plans: Mapping[str, PlanScores]
    kinds: Mapping[str, KindScores]
    beside: Mapping[str, Beside]
    lead_baselines: Mapping[str, LeadScores]
    seconds: float
    cpu_seconds: float


def seen(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """IMEIs that occur in the records."""
    rows = connection.execute(
        "SELECT DISTINCT imei14 FROM network_records WHERE imei14 IS NOT NULL"
    ).fetchall()
    return {int(row[0]) for row in rows}


def score(world: World, searches: int = 0) -> Scores:
    """Weigh a world and score everything that came out of it.

    Args:
        world: as `build` gives it.
        searches: of a plan; by default as many for each prison as the operation had.
    """
    found, truth = world.weighed(), world.truth
    tables, connection = found.tables, world.store.connect()
    met, morning = seen(connection), morning_of(truth, searches)
    ground = Ground.of(world.store, tables["handsets"], int(truth.world["end_us"]))
    rules = {name: rule.run(connection) for name, rule in LEADS.items()}
    flagged = {name: rule.run(connection) for name, rule in PRESENCE.items()}
    plan = score_plan(planned(tables["expected"], morning), truth, morning)
    return Scores(
        leads=score_leads(tables["leads"], truth.folder, morning, plan),
        held=score_held(tables["pairs"], truth),
        links=score_links(tables["links"], truth),
        presence=score_presence(tables["candidates"], truth, met),
        counts=score_counts(tables["counts"], truth, met),
        plans=score_plans(tables, truth, (ground, morning), met),
        kinds=score_kinds(tables["pairs"], truth, ground, morning),
        beside={name: beside(tables["candidates"], table, truth, met) for name, table in flagged.items()},
        lead_baselines={name: score_leads(table, truth.folder, morning) for name, table in rules.items()},
        seconds=found.seconds,
        cpu_seconds=found.cpu_seconds,
    )


def score_plans(
    tables: Mapping[str, pa.Table], truth: Truth, where: tuple[Ground, Morning], met: set[int]
) -> dict[str, PlanScores]:
    """Plans made in other ways, for the same morning.

    Returns:
        `known` (every handset with records and its true holder: the ceiling of any weighing), `added` (kinds
        of evidence simply added), and `leads` (prison cells by the sum of their leads).
    """
    ground, morning = where
    pairs = tables["pairs"]
    added = as_posteriors(pairs, posterior_of(pairs, naive_bits(pairs)))
    ranked = {
        "known": ground.ranked(true_posteriors(truth, met)),
        "added": ground.ranked(added),
        "leads": expected_cells(tables["leads"]),
    }
    return {name: score_plan(cells, truth, morning) for name, cells in ranked.items()}
