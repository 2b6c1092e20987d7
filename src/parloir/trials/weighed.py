"""A world weighed as a case would be, and its scores."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from parloir import presence, simulation
from parloir.actions.weigh import weigh_tables
from parloir.records.judgements import COLUMNS
from parloir.tables.schema import arrow_schema
from parloir.tables.store import Store
from parloir.trials.baselines import LEADS, PRESENCE
from parloir.trials.case import tabulate
from parloir.trials.leads import LeadScores, score_leads
from parloir.trials.links import LinkScores, score_links
from parloir.trials.presence import PresenceScores, score_presence
from parloir.trials.truth import Truth


@dataclass(frozen=True, slots=True)
class Setting:
    """Which world is tried: its size, seed, and the parameters that differ from the defaults."""

    size: str = "small"
    seed: int = 1
    overrides: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """For folders and tables."""
        return "-".join([self.size, str(self.seed), *(f"{k}={v}" for k, v in sorted(self.overrides.items()))])


@dataclass(frozen=True, slots=True)
class World:
    """A world that was written and read: its tables and its truth."""

    setting: Setting
    store: Store
    truth: Truth


def build(setting: Setting, home: Path) -> World:
    """Write a world and read its evidence, or find it as it was left there."""
    folder = home / setting.name
    if not (folder / "world" / "truth" / "world.json").exists():
        simulation.write_nation(setting.size, setting.seed, folder / "world", dict(setting.overrides))
    store = tabulate(folder / "world" / "evidence", folder)
    return World(setting, store, Truth(folder / "world" / "truth"))


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one world.

    Attributes:
        leads, links, presence: of the weighing. baselines: of the named rules, presence and leads apart.
        seconds: that the weighing took.
    """

    leads: LeadScores
    links: LinkScores
    presence: PresenceScores
    presence_baselines: Mapping[str, PresenceScores]
    lead_baselines: Mapping[str, LeadScores]
    seconds: float


def seen(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """IMEIs that occur in the records."""
    rows = connection.execute(
        "SELECT DISTINCT imei14 FROM network_records WHERE imei14 IS NOT NULL"
    ).fetchall()
    return {int(row[0]) for row in rows}


def score(world: World, searches: int = 0) -> Scores:
    """Weigh a world and score everything that came out of it."""
    begun = time.perf_counter()
    results = weigh_tables(world.store, arrow_schema(COLUMNS).empty_table())
    seconds = time.perf_counter() - begun
    connection, truth = world.store.connect(), world.truth
    met = seen(connection)
    leads = score_leads(results.tables["leads"], truth.folder, searches)
    rules = {name: rule.run(connection) for name, rule in LEADS.items()}
    flagged = {name: _certain(rule.run(connection)) for name, rule in PRESENCE.items()}
    return Scores(
        leads=leads,
        links=score_links(results.tables["links"], truth),
        presence=score_presence(presence.weigh(connection).candidates, truth, met),
        presence_baselines={name: score_presence(table, truth, met) for name, table in flagged.items()},
        lead_baselines={
            name: score_leads(table, truth.folder, leads.plan.searches) for name, table in rules.items()
        },
        seconds=seconds,
    )


def _certain(flagged: pa.Table) -> pa.Table:
    """A rule that only flags says one half and more for all that it flags, more for a higher score."""
    score = flagged["score"].to_numpy().astype(float)
    said = 0.5 + 0.5 * score / score.max(initial=1.0)
    return flagged.select(["imei14", "prison"]).append_column("probability", pa.array(said))
