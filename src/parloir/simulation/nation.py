"""Write a whole world: evidence in real formats, truth apart, and a manifest that says from whom each file
came."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from os import sched_getaffinity
from pathlib import Path

import numpy as np
import pyarrow as pa

from parloir.errors import InputError
from parloir.simulation import truth
from parloir.simulation.addresses import Addresses
from parloir.simulation.between import calls_between
from parloir.simulation.circles import Society, gather
from parloir.simulation.contents import chosen, write_contents
from parloir.simulation.dump import write_dump
from parloir.simulation.events import joined
from parloir.simulation.handsets import Handsets, Uses, smuggle
from parloir.simulation.inside import Contraband, weekly_rates
from parloir.simulation.manifest import AUTHORITY, Taken, write_manifest
from parloir.simulation.models import carton_model, models
from parloir.simulation.network import AreaFiles, AreaJob, area_jobs, write_area
from parloir.simulation.numbers import LARGE, OPERATORS, SMALL, Numbers
from parloir.simulation.parameters import Parameters, load
from parloir.simulation.population import Population, populate
from parloir.simulation.registers import Registers, permits, write_registers
from parloir.simulation.reports import (
    write_protected,
    write_radio_cells,
    write_requests,
    write_seizures,
    write_stock,
)
from parloir.simulation.sales import typed
from parloir.simulation.searching import Items, hidden, search_history
from parloir.simulation.shop import Buyers, Orders, sell
from parloir.simulation.sims import BOX, Identities, identify
from parloir.simulation.times import END
from parloir.simulation.visiting import OfficialCalls, Visits, hold_visits, place_calls

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written.

    Attributes:
        evidence, truth: the two folders. manifest: names each evidence file and from whom it came.
        prisons, inmates, handsets, records: how many; inmates as present at the end, records of operators.
        inside_records: records of contraband handsets among them.
    """

    evidence: Path
    truth: Path
    manifest: Path
    prisons: int
    inmates: int
    handsets: int
    records: int
    inside_records: int


@dataclass(frozen=True)
class World:
    """One world before it is written."""

    p: Parameters
    population: Population
    society: Society
    visits: Visits
    calls: OfficialCalls
    handsets: Handsets
    uses: Uses
    identities: Identities
    buyers: Buyers
    orders: Orders
    numbers: Numbers


def make_world(p: Parameters) -> World:
    """Everything but the network records."""
    numbers = Numbers(p.seed, SMALL if p.size.prisons <= 24 else LARGE)
    population = populate(p)
    society = gather(p, population, numbers)
    visits, calls = hold_visits(p, population, society), place_calls(p, population, society)
    handsets, uses = smuggle(p, population, society, visits)
    buyers, orders, sold = sell(p, society, (handsets, uses), numbers, len(population.prisons))
    model = np.where(sold >= 0, carton_model(np.maximum(sold, 0), BOX), handsets.model)
    handsets = replace(handsets, model=model, kind=models().kind[model])
    identities = identify(p, (handsets, uses), sold, numbers, society.numbers_used + buyers.count)
    numbers = replace(
        numbers,
        known=society.numbers_used + buyers.count,
        overlap=p["outside.overlap_contacts"],
        fixed_lines=p["outside.fixed_lines"],
    )
    return World(p, population, society, visits, calls, handsets, uses, identities, buyers, orders, numbers)


def write_nation(
    size: str,
    seed: int,
    out: Path,
    overrides: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Write a world of some size under `out`: `evidence/` with its `manifest.toml`, and `truth/`.

    The same size, seed and overrides give the same bytes on any number of cores.

    Args:
        size: demo, small, operation or nation.
        seed: any whole number.
        out: a folder that is new or empty.
        overrides: parameters by name (`prevalence`, `radio.shadow_db`, `days`), values as text.
        progress: told how far it is.

    Raises:
        InputError: no such size or parameter, or `out` holds files.
    """
    p = load(size, seed, overrides or {})
    if out.exists() and any(out.iterdir()):
        raise InputError("the folder is not empty", where=str(out), do="choose a new folder")
    tell = progress or (lambda *_: None)
    tell("people", 0, 1)
    world = make_world(p)
    evidence, secret = out / "evidence", out / "truth"
    items = search_history(p, world.population, (world.handsets, world.uses))
    taken = write_papers(world, items, evidence)
    tell("people", 1, 1)
    areas, contents = _write_network(world, items, out, tell)
    taken += contents + _write_network_papers(evidence, areas)
    _write_truth(world, secret, areas)
    manifest = write_manifest(evidence, taken)
    stays = world.population.stays
    return Summary(
        evidence,
        secret,
        manifest,
        len(world.population.prisons),
        int(((stays.start < END) & (stays.end > END)).sum()),
        world.handsets.count,
        sum(a.records for a in areas),
        sum(a.inside_records for a in areas),
    )


def write_papers(world: World, items: Items, evidence: Path) -> list[Taken]:
    """Registers, search reports, the shop and its lists."""
    p, population = world.p, world.population
    addresses = Addresses(population)
    permit = permits(p.seed, world.society)
    registers = Registers(p, population, world.society, world.visits, world.calls, permit, addresses)
    taken = [
        Taken(path, office, AUTHORITY) for path, office in write_registers(registers, evidence / "registers")
    ]
    write_seizures(
        p, evidence / "searches" / "seizures.csv", (population, items, world.handsets, world.identities)
    )
    sales = typed(p, world.buyers, world.orders, addresses)
    write_dump(sales, evidence / "shop" / "boutique.sql")
    write_stock(p, evidence / "shop" / "imei_list.csv", (world.orders, world.handsets, world.identities))
    write_protected(p, evidence / "registers" / "protected.csv", world.buyers, world.society)
    names = {
        "searches/seizures.csv": "Direction de l'administration pénitentiaire",
        "shop/boutique.sql": "Saisie de la boutique en ligne",
        "shop/imei_list.csv": "Saisie de l'entrepôt",
        "registers/protected.csv": "Greffe du tribunal",
    }
    return taken + [Taken(evidence / name, whom, AUTHORITY) for name, whom in names.items()]


def _write_network(
    world: World, items: Items, out: Path, tell: Progress
) -> tuple[list[AreaFiles], list[Taken]]:
    """Each area's records in a file of its own; and what was read from seized handsets."""
    contraband = Contraband(
        world.population,
        world.society,
        world.handsets,
        world.uses,
        world.identities,
        world.calls,
        world.numbers,
        weekly_rates(world.p, world.handsets),
    )
    between, left = calls_between(world.p, contraband)
    contraband = replace(contraband, uses=replace(world.uses, share=world.uses.share * left))
    read = chosen(world.p, items, world.handsets)
    jobs = area_jobs(world.p, (contraband, between, read), world.visits, out)
    areas = _write_areas(jobs, tell)
    folder, log = out / "evidence" / "contents", joined([area.log for area in areas])
    paths = write_contents(world.p, folder, contraband, read, log)
    return areas, [Taken(path, "Laboratoire de police scientifique", AUTHORITY) for path in paths]


_jobs: list[AreaJob] = []
"""What the forked processes find: each job holds the whole world, too much to be sent."""


def _write_job(index: int) -> AreaFiles:
    return write_area(_jobs[index])


def _write_areas(jobs: list[AreaJob], tell: Progress) -> list[AreaFiles]:
    """Areas are spread over the cores."""
    cores = min(len(sched_getaffinity(0)), len(jobs))
    if cores == 1 or sum(job.weight for job in jobs) < 5_000:
        return [_told(write_area(job), i, jobs, tell) for i, job in enumerate(jobs)]
    _jobs[:] = jobs
    try:
        with ProcessPoolExecutor(cores, mp_context=get_context("fork")) as pool:
            done = pool.map(_write_job, range(len(jobs)))
            return [_told(files, i, jobs, tell) for i, files in enumerate(done)]
    finally:
        _jobs.clear()


def _told(done: AreaFiles, index: int, jobs: list[AreaJob], tell: Progress) -> AreaFiles:
    tell("network records", index + 1, len(jobs))
    return done


def _write_network_papers(evidence: Path, areas: list[AreaFiles]) -> list[Taken]:
    """Lists of radio cells and the requests; and whose answer each file of records is."""
    taken = [Taken(evidence / name, whom, AUTHORITY) for area in areas for name, whom in area.files]
    for operator, name in enumerate(OPERATORS):
        path = evidence / "network" / f"radio_cells_{operator + 1}.csv"
        write_radio_cells(path, [a.area for a in areas], operator)
        taken.append(Taken(path, name, AUTHORITY))
    requests = evidence / "network" / "requests.csv"
    write_requests(requests, [row for area in areas for row in area.requests])
    return [*taken, Taken(requests, "Parquet du tribunal", AUTHORITY)]


def _write_truth(world: World, secret: Path, areas: list[AreaFiles]) -> None:
    p, population = world.p, world.population
    lives = (world.handsets, world.uses)
    times = np.full(world.handsets.count, END - 1, dtype=np.int64)
    hiding = hidden(population, lives, times, p.seed)
    of = (population, world.society, world.visits)
    tables: dict[str, pa.Table] = {
        "handsets": truth.handset_truth(p, of, (*lives, world.identities), hiding, world.orders),
        "uses": truth.use_truth(population, world.uses),
        "sims": truth.sim_truth(world.identities),
        "persons": truth.person_truth(permits(p.seed, world.society), (world.buyers, world.orders)),
        "ties": truth.tie_truth(population, world.society),
        "orders": truth.order_truth(population, world.orders),
        "prison_cells": truth.prison_cell_truth(population),
        "devices": pa.concat_tables([a.devices for a in areas]),
    }
    for name, table in tables.items():
        truth.save(secret, name, table)
    text = json.dumps(
        {"size": p.size.name, "seed": p.seed, "days": p.size.days, "end_us": END, "values": dict(p.values)},
        indent=1,
    )
    (secret / "world.json").write_text(text + "\n", encoding="utf-8")
