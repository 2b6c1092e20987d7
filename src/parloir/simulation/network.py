"""Each area's answers of the operators, written as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from parloir.identifiers import imei as imeis
from parloir.identifiers import radio_cell
from parloir.simulation.events import KIND
from parloir.simulation.inside import Contraband
from parloir.simulation.numbers import OPERATORS, plain
from parloir.simulation.outside import CLASSES, Devices, Neighbourhood
from parloir.simulation.parameters import Parameters
from parloir.simulation.radio import Area, build_area, group_prisons
from parloir.simulation.reports import listed
from parloir.simulation.sheets import Dialect, write
from parloir.simulation.streams import Bools, Ints, stream
from parloir.simulation.times import DAY, END, SECOND, texts
from parloir.simulation.traffic import Asked, Served, record_table, requests_of, served_area, visits_near
from parloir.simulation.visiting import Visits

BILL = Dialect("cp1252", ";", french=True)
BILL_WORDS = ("voix sortante", "voix entrante", "sms sortant", "sms entrant", "data", "signalisation")
CSV_ROWS = 60_000
"""Largest answer that the third operator sends as a delimited bill; larger ones come as Parquet."""


@dataclass(frozen=True)
class AreaJob:
    """One area to be written."""

    p: Parameters
    of: Contraband
    index: int
    prisons: tuple[int, ...]
    visits: Visits
    first_device: int
    handsets: Ints
    clones: Ints
    out: Path
    weight: int


@dataclass(frozen=True)
class AreaFiles:
    """What was written for one area: files with whose they are, requests, radio cells, true classes of devices."""

    area: Area
    files: list[tuple[str, str]]
    requests: list[dict[str, Any]]
    devices: pa.Table
    records: int
    inside_records: int


def area_jobs(p: Parameters, of: Contraband, visits: Visits, out: Path) -> list[AreaJob]:
    """The areas of a world, with the handsets whose full records were asked for and the clones that live there."""
    prisons = of.world.prisons
    lat = np.array([q.latitude for q in prisons])
    lon = np.array([q.longitude for q in prisons])
    areas = group_prisons(lat, lon)
    rng = stream(p.seed, "areas")
    asked = _single_handsets(p, of, rng)
    cloned = np.flatnonzero(of.handsets.cloned & (of.handsets.end > END - p.size.days * DAY))
    clones = of.identities.imei[cloned, 0]
    home = rng.integers(0, len(areas), clones.size)
    jobs, first = [], 0
    for index, members in enumerate(areas):
        weight = int(of.world.present[list(members)].sum())
        jobs.append(
            AreaJob(
                p,
                of,
                index,
                members,
                visits_near(p, visits, members),
                first,
                asked,
                clones[home == index],
                out,
                weight,
            )
        )
        first += weight * 400 + 20_000
    return jobs


def _single_handsets(p: Parameters, of: Contraband, rng: np.random.Generator) -> Ints:
    """IMEIs of some contraband handsets whose full records were asked for."""
    running = np.flatnonzero((of.handsets.end > END) & ~of.handsets.never_on & ~of.handsets.cloned)
    count = min(int(p["records.single_handsets"]), running.size)
    chosen = of.identities.imei[rng.choice(running, count, replace=False)]
    return np.sort(chosen[chosen >= 0])


def write_area(job: AreaJob) -> AreaFiles:
    """Lay out one area, let its period pass, and write the operators' answers."""
    p, world = job.p, job.of.world
    members = list(job.prisons)
    centres = (
        np.array([world.prisons[i].latitude for i in members]),
        np.array([world.prisons[i].longitude for i in members]),
    )
    area = build_area(p, job.index, job.prisons, centres)
    asked = requests_of(p, area, job.handsets)
    near = Neighbourhood(
        area, world.present[members], job.visits, job.of.society, job.of.numbers, job.first_device
    )
    served, devices = served_area(p, job.of, near, asked, job.clones)
    files, requests = _answers(job, area, asked, served)
    return AreaFiles(
        area, files, requests, _device_truth(job, devices), int(served.cell.size), int(served.inside.sum())
    )


def _device_truth(job: AreaJob, devices: Devices) -> pa.Table:
    """IMEI and class of the outsiders' devices, but for passers-by."""
    rows = np.flatnonzero(devices.kind != CLASSES.index("passer-by"))
    prisons = np.array(job.prisons)[devices.place[rows]]
    return pa.table(
        {
            "imei14": devices.imei[rows],
            "class": pa.array(CLASSES).take(pa.array(devices.kind[rows])),
            "prison": pa.array(job.of.world.codes).take(pa.array(prisons)),
        }
    )


def _answers(
    job: AreaJob, area: Area, asked: Asked, served: Served
) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    files: list[tuple[str, str]] = []
    requests: list[dict[str, Any]] = []
    wide_from = END - int(job.p["radio.wide_area_days"]) * DAY
    for place, prison in enumerate(job.prisons):
        code = job.of.world.codes[prison]
        rows = np.flatnonzero(asked.cells[place][served.cell])
        requests += _requests(job, area, (code, "cellules de l'établissement", "R"), asked.cells[place])
        files += _write(job, area, served, (code, "R", rows))
        if asked.wide[place]:
            late = np.flatnonzero(served.events.time >= wide_from)
            every = np.ones(area.sites.identity.size, dtype=bool)
            requests += _requests(job, area, (code, "zone étendue", "W"), every)
            files += _write(job, area, served, (code, "W", late))
    single = np.flatnonzero(np.isin(served.events.imei, job.handsets))
    if single.size:
        codes = np.intersect1d(served.events.imei[single], job.handsets)
        code = f"A{job.index:03d}"
        requests += _requests(
            job, area, (code, "appareils", "H"), np.zeros(area.sites.identity.size, bool), codes
        )
        files += _write(job, area, served, (code, "H", single))
    return files, requests


def _requests(
    job: AreaJob, area: Area, of: tuple[str, str, str], cells: Bools, handsets: Ints | None = None
) -> list[dict[str, Any]]:
    code, kind, letter = of
    days = int(job.p["radio.wide_area_days"]) if letter == "W" else job.p.size.days
    return [
        {
            "request": f"{letter}-{code}-{k + 1}",
            "operator": name,
            "kind": kind,
            "radio_cells": listed(area.sites.identity, cells & (area.sites.operator == k)),
            "imeis": "" if handsets is None else "|".join(imeis.text(int(i)) for i in handsets),
            "from": END - days * DAY,
            "to": END,
        }
        for k, name in enumerate(OPERATORS)
    ]


def _write(job: AreaJob, area: Area, served: Served, of: tuple[str, str, Ints]) -> list[tuple[str, str]]:
    """One answer: the third operator writes a delimited bill when it is small, the others Parquet."""
    code, letter, rows = of
    names = [f"{letter}-{code}-{k + 1}" for k in range(len(OPERATORS))]
    operator = served.events.operator[rows]
    third = rows[operator == 2]
    bill = letter != "W" and 0 < third.size <= CSV_ROWS and job.prisons[0] % 3 == 0
    folder = job.out / "evidence" / "network"
    folder.mkdir(parents=True, exist_ok=True)
    bulk = rows[operator != 2] if bill else rows
    table = record_table(area, served, bulk, (names, served.events.operator[bulk]))
    stem = f"{letter}-{code}"
    pq.write_table(table, folder / f"{stem}.parquet", compression="zstd")
    files = [(f"network/{stem}.parquet", "Opérateurs de téléphonie")]
    if bill:
        _write_bill(folder / f"{stem}-3.csv", area, served, third)
        files.append((f"network/{stem}-3.csv", OPERATORS[2]))
    return files


def _write_bill(path: Path, area: Area, served: Served, rows: Ints) -> None:
    """Nine columns, as a French operator bills."""
    e = served.events.where(rows)
    known = area.sites.identity[served.cell[rows]]
    cells, at = np.unique(known, return_inverse=True)
    cell_text = pa.array([radio_cell.text(int(c)).split(":")[1] for c in cells])
    silent = e.correspondent < 0
    columns = {
        "Type de communication": pa.array(BILL_WORDS).take(pa.array(e.kind)),
        "Numéro abonné": plain(e.number),
        "Correspondant": pa.array(
            [
                None if s else n
                for s, n in zip(silent, plain(np.maximum(e.correspondent, 0)).to_pylist(), strict=True)
            ],
            pa.string(),
        ),
        "Date": texts(e.time, "%d/%m/%Y"),
        "Heure": texts(e.time // SECOND * SECOND, "%H:%M:%S"),
        "Durée": pa.array(e.duration, mask=(e.kind == KIND["text_out"]) | (e.kind == KIND["text_in"])),
        "Cellule": cell_text.take(pa.array(at)),
        "IMEI": pa.array([f"{i:014d}0" for i in e.imei.tolist()], mask=e.imei < 0),
        "Tiers": pa.nulls(rows.size, pa.string()),
    }
    write(path, columns, BILL)
