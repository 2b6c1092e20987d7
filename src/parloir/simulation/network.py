"""Each area's answers of the operators, written as files."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from parloir.identifiers import imei as imeis
from parloir.identifiers import radio_cell
from parloir.simulation.arrow import column, padded, table, words
from parloir.simulation.between import Between, legs
from parloir.simulation.contents import Read, logged
from parloir.simulation.etsi import write_etsi
from parloir.simulation.events import A_DAY, KIND, Events, joined
from parloir.simulation.inside import Contraband, inside_events
from parloir.simulation.numbers import OPERATORS, plain
from parloir.simulation.outside import CLASSES, Devices, Neighbourhood, second_imeis, with_two_sims
from parloir.simulation.parameters import Parameters
from parloir.simulation.radio import Area, build_area, group_prisons
from parloir.simulation.reports import listed
from parloir.simulation.sheets import Dialect, write
from parloir.simulation.streams import Bools, Ints, mix, stream
from parloir.simulation.times import DAY, END, SECOND, days_written, local
from parloir.simulation.traffic import (
    Asked,
    batches,
    devices_of,
    first_of_wide_area,
    record_table,
    requests_of,
    visits_near,
)
from parloir.simulation.visiting import Visits

BILL = Dialect("cp1252", ";", french=True)
BILL_WORDS = ("voix sortante", "voix entrante", "sms sortant", "sms entrant", "data", "signalisation")
BILL_INMATES = 900
"""Larger prisons' records never come as a delimited bill."""
PARQUET: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": [
        "imei14",
        "imsi",
        "number",
        "kind",
        "radio_cell",
        "radio_cell_end",
        "technology",
        "operator",
        "request",
        "offset_min",
    ],
}


@dataclass(frozen=True)
class AreaJob:
    """One area to be written."""

    p: Parameters
    of: Contraband
    between: Between
    read: Read
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
    """What was written for one area: files with whose they are, requests, radio cells, true classes of
    devices; `log` is what seized handsets keep of their calls and messages."""

    area: Area
    files: list[tuple[str, str]]
    requests: list[dict[str, Any]]
    devices: pa.Table
    records: int
    inside_records: int
    log: Events


def area_jobs(
    p: Parameters, traffic: tuple[Contraband, Between, Read], visits: Visits, out: Path
) -> list[AreaJob]:
    """The areas of a world, with the handsets whose full records were asked for and the clones that live
    there."""
    of, between, read = traffic
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
                between,
                read,
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
    latitude = np.array([world.prisons[i].latitude for i in members])
    longitude = np.array([world.prisons[i].longitude for i in members])
    area = build_area(p, job.index, job.prisons, (latitude, longitude))
    near = Neighbourhood(
        area, world.present[members], job.visits, job.of.society, job.of.numbers, job.first_device
    )
    devices = devices_of(p, near, job.clones)
    asked = requests_of(p, area, np.concatenate([job.handsets, _suspected(job, devices)]))
    answers = _answers(job, area, asked)
    records = inside = 0
    made = joined(
        [
            inside_events(p, job.of, job.prisons, job.index),
            legs(p, job.of, job.between, job.prisons),
        ]
    )
    for events in batches(p, made, near, asked, devices):
        for answer in answers:
            answer.add(events)
        records, inside = records + events.count, inside + int(events.inside.sum())
    files = [file for answer in answers for file in answer.close()]
    requests = [row for answer in answers for row in answer.requests()]
    log = logged(job.of, job.read, made)
    return AreaFiles(area, files, requests, _device_truth(job, devices), records, inside, log)


def _suspected(job: AreaJob, devices: Devices) -> Ints:
    """Residents' handsets that were taken for contraband, so that a request for full records proves
    nothing."""
    rng = stream(job.p.seed, "suspected", job.index)
    residents = devices.imei[devices.kind == CLASSES.index("resident")]
    count = rng.poisson(0.5 * job.p["records.single_handsets"] * job.weight / job.of.world.present.sum())
    return np.asarray(rng.choice(residents, min(int(count), residents.size), replace=False), dtype=np.int64)


def _device_truth(job: AreaJob, devices: Devices) -> pa.Table:
    """IMEIs and class of the outsiders' devices, but for passers-by."""
    known = devices.kind != CLASSES.index("passer-by")
    second = second_imeis(job.p, devices)
    more = known & with_two_sims(job.p, devices) & (second != devices.imei)
    rows = np.concatenate([np.flatnonzero(known), np.flatnonzero(more)])
    imei = np.concatenate([devices.imei[known], second[more]])
    prisons = np.array(job.prisons)[devices.place[rows]]
    return table(
        {
            "imei14": imei,
            "class": words(CLASSES, devices.kind[rows]),
            "prison": words(job.of.world.codes, prisons),
        }
    )


def _answers(job: AreaJob, area: Area, asked: Asked) -> list[Answer]:
    """One answer for each request: the prison's radio cells, the wide area, single handsets."""
    none = np.zeros(area.sites.identity.size, dtype=bool)
    late = first_of_wide_area(job.p)
    found = []
    for place, prison in enumerate(job.prisons):
        code = job.of.world.codes[prison]
        bill = bool(mix(np.array([prison]), job.p.seed + 5)[0] % 3 == 0) and job.weight < BILL_INMATES
        found.append(
            Answer(job, area, f"R-{code}", "cellules de l'établissement", asked.radio_cells[place], bill=bill)
        )
        if asked.wide[place]:
            found.append(Answer(job, area, f"W-{code}", "zone étendue", asked.around[place], first=late))
    if asked.handsets.size:
        found.append(Answer(job, area, f"H-A{job.index:03d}", "appareils", none, handsets=asked.handsets))
    return found


@dataclass
class Answer:
    """The operators' answer to one request, written as the records come.

    Attributes:
        radio_cells: asked for. first: second from which. handsets: IMEIs asked for, instead of radio cells.
        bill: the third operator sends a delimited bill and not Parquet.
    """

    job: AreaJob
    area: Area
    name: str
    kind: str
    radio_cells: Bools
    first: int = 0
    handsets: Ints | None = None
    bill: bool = False
    _writer: pq.ParquetWriter | None = None
    _aside: list[Events] = field(default_factory=list)
    _met: list[Ints] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The request to each operator."""
        return [f"{self.name}-{k + 1}" for k in range(len(OPERATORS))]

    @property
    def _folder(self) -> Path:
        return self.job.out / "evidence" / "network"

    def add(self, events: Events) -> None:
        """Write those records of a batch that were asked for."""
        mine = self._mine(events)
        if mine.size == 0:
            return
        if self.handsets is not None:
            self._met.append(np.unique(events.imei[mine]))
        aside = events.operator[mine] == self._own_format
        if aside.any():
            self._aside.append(events.where(mine[aside]))
            mine = mine[~aside]
        if mine.size:
            self._write(record_table(self.job.p, self.area, events.where(mine), self.names))

    def _write(self, rows: pa.Table) -> None:
        if self._writer is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._folder / f"{self.name}.parquet", rows.schema, **PARQUET)
        self._writer.write_table(rows)

    def _mine(self, events: Events) -> Ints:
        if self.handsets is not None:
            return np.flatnonzero(np.isin(events.imei, self.handsets))
        asked = self.radio_cells[events.radio_cell]
        return np.flatnonzero(asked & (events.time >= self.first) if self.first else asked)

    def close(self) -> list[tuple[str, str]]:
        """The files and whose they are."""
        files = []
        if self._writer is not None:
            self._writer.close()
            files.append((f"network/{self.name}.parquet", "Opérateurs de téléphonie"))
        if self._aside:
            files.append(self._write_aside(joined(self._aside)))
        return files

    @property
    def _own_format(self) -> int:
        """The operator whose share comes in a format of its own; −1 for none."""
        return 0 if self.handsets is not None else 2 if self.bill else -1

    def _write_aside(self, events: Events) -> tuple[str, str]:
        """The first operator answers about single handsets in XML, the third now and then with a bill."""
        operator, days = self._own_format, self.job.p.size.days
        self._folder.mkdir(parents=True, exist_ok=True)
        if operator == 0:
            name = f"{self.name}-1.xml"
            write_etsi(self._folder / name, self.area.sites, events, (self.names[0], OPERATORS[0], days))
        else:
            name = f"{self.name}-3.csv"
            _write_bill(self._folder / name, self.job.p, self.area, events)
        return f"network/{name}", OPERATORS[operator]

    def requests(self) -> list[dict[str, Any]]:
        """What was asked of each operator; none where no handset was met."""
        if self.handsets is not None and not self._met:
            return []
        met = np.unique(np.concatenate(self._met)) if self._met else np.zeros(0, dtype=np.int64)
        sites, days = self.area.sites, self.job.p.size.days
        return [
            {
                "request": self.names[k],
                "operator": name,
                "kind": self.kind,
                "radio_cells": listed(sites.identity, self.radio_cells & (sites.operator == k)),
                "imeis": " / ".join(imeis.text(int(i)) for i in met),
                "from": END - (days * A_DAY - self.first) * SECOND,
                "to": END,
            }
            for k, name in enumerate(OPERATORS)
        ]


def _write_bill(path: Path, p: Parameters, area: Area, e: Events) -> None:
    """Nine columns, as a French operator bills."""
    codes, at = np.unique(area.sites.identity[e.radio_cell], return_inverse=True)
    started = END - (p.size.days * A_DAY - e.time) * SECOND
    days, day = np.unique(local(started) // DAY, return_inverse=True)
    columns = {
        "Type de communication": words(BILL_WORDS, e.kind),
        "Numéro abonné": plain(e.number),
        "Correspondant": plain(e.correspondent, e.correspondent < 0),
        "Date": words(days_written(days), day),
        "Heure": words(_clock_texts(), local(started) // SECOND % A_DAY),
        "Durée": column(e.duration, (e.kind == KIND["text_out"]) | (e.kind == KIND["text_in"])),
        "Cellule": words([radio_cell.text(int(c)).split(":")[1] for c in codes], at),
        "IMEI": padded(e.imei * 10, 15, e.imei < 0),
        "Tiers": pa.nulls(e.count, pa.string()),
    }
    write(path, columns, BILL)


@cache
def _clock_texts() -> list[str]:
    """Every second of a day as bills write it."""
    return [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(A_DAY)]
