"""What operators hold: events served by radio cells, with wrong clocks, lost and doubled rows, cut to the requests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from parloir.simulation.events import KIND, KINDS, Events
from parloir.simulation.inside import Contraband, inside_events
from parloir.simulation.numbers import OPERATORS, Numbers
from parloir.simulation.outside import Devices, Neighbourhood, build_devices, draw_events
from parloir.simulation.parameters import Parameters
from parloir.simulation.radio import KEPT, LAYERS, WINGS, Area, asked_for
from parloir.simulation.streams import Bools, Floats, Ints, mix, stream
from parloir.simulation.times import DAY, END, HOUR, SECOND, offset_min
from parloir.simulation.visiting import Visits

SCHEMA = pa.schema(
    [
        ("imei14", pa.int64()),
        ("imsi", pa.int64()),
        ("number", pa.int64()),
        ("correspondent", pa.int64()),
        ("correspondent_raw", pa.string()),
        ("kind", pa.string()),
        ("started_us", pa.int64()),
        ("ended_us", pa.int64()),
        ("offset_min", pa.int16()),
        ("duration_s", pa.int64()),
        ("radio_cell", pa.int64()),
        ("radio_cell_end", pa.int64()),
        ("bytes_up", pa.int64()),
        ("bytes_down", pa.int64()),
        ("technology", pa.string()),
        ("operator", pa.string()),
        ("request", pa.string()),
    ]
)
"""Parloir's own columns of network records (docs/formats/network_records.md)."""


@dataclass(frozen=True)
class Asked:
    """What was asked for in one area.

    Attributes:
        cells: radio cells of each prison's request, shape (prisons, sites).
        wide: prisons with a wide-area request over the last days.
        handsets: IMEIs whose full records were asked for, sorted.
    """

    cells: Bools
    wide: Bools
    handsets: Ints


@dataclass(frozen=True)
class Served:
    """Records of one area, not yet cut to the requests; `cell` is a row of the area's sites."""

    events: Events
    cell: Ints
    cell_end: Ints
    inside: Bools


def served_area(
    p: Parameters, of: Contraband, near: Neighbourhood, asked: Asked, clones: Ints
) -> tuple[Served, Devices]:
    """All records of an area that some request may ask for, noise included, in an order that tells nothing."""
    rng = stream(p.seed, "traffic", near.area.index)
    devices = build_devices(p, near, rng)
    devices = _with_clones(devices, clones, rng)
    inside = _serve_inside(p, of, near.area, asked, rng)
    outside = _serve_outside(p, near, devices, asked, rng)
    served = _joined(inside, outside)
    return _ordered(p, _noisy(p, served, rng)), devices


def _with_clones(devices: Devices, clones: Ints, rng: np.random.Generator) -> Devices:
    """Some residents' handsets bear the IMEI of a contraband handset elsewhere."""
    rows = rng.choice(devices.imei.size, min(clones.size, devices.imei.size), replace=False)
    devices.imei[rows] = clones[: rows.size]
    return devices


def _day(p: Parameters, time: Ints) -> Ints:
    return np.clip((time - (END - p.size.days * DAY)) // DAY, 0, p.size.days - 1)


def _cells(p: Parameters, area: Area, at: tuple[Ints, Ints, Ints, Ints], dice: Floats) -> Ints:
    """The radio cell that serves each event: `at` is time, spot, operator, layer."""
    time, spot, operator, layer = at
    serving = area.serving
    shape = serving.cell.shape
    row = ((serving.state_of_day[_day(p, time)] * shape[1] + spot) * shape[2] + operator) * shape[3] + layer
    limits = serving.cumulative.reshape(-1, KEPT)
    flat = serving.cell.reshape(-1, KEPT)
    place = np.zeros(row.size, dtype=np.int64)
    for k in range(KEPT - 1):
        place += dice >= limits[row, k]
    return np.asarray(flat[row, place], dtype=np.int64)


def _wanted(p: Parameters, asked: Asked, cell: Ints, time: Ints, imei: Ints) -> Bools:
    """Whether any request of the area may ask for a record."""
    wanted = asked.cells.any(axis=0)[cell]
    if asked.wide.any():
        wanted |= time >= END - int(p["radio.wide_area_days"]) * DAY
    if asked.handsets.size:
        wanted |= np.isin(imei, asked.handsets)
    return wanted


def _serve_inside(
    p: Parameters, of: Contraband, area: Area, asked: Asked, rng: np.random.Generator
) -> Served:
    events = inside_events(p, of, area.prisons, area.index)
    place = np.searchsorted(np.array(area.prisons), events.prison)
    spot = place * (WINGS + 1) + events.wing
    cell = _cells(p, area, (events.time, spot, events.operator, events.layer), rng.random(spot.size))
    kept = _wanted(p, asked, cell, events.time, events.imei) & ~_jammed(p, events, rng)
    return _with_ends(p, area, (events.where(kept), spot[kept], cell[kept]), (rng, True))


def _jammed(p: Parameters, events: Events, rng: np.random.Generator) -> Bools:
    """Records that a jammer of the prison suppressed: some prisons, from one day of the period to its end."""
    dice = mix(np.arange(4096), p.seed + 77)[events.prison % 4096]
    has = (dice % 10_000) < 10_000 * p["handsets.jammed_prisons"]
    since = END - (dice // 10_000 % (2 * p.size.days)) * DAY
    return has & (events.time > since) & (rng.random(events.time.size) < p["handsets.jammer_loss"])


def _with_ends(
    p: Parameters, area: Area, rows: tuple[Events, Ints, Ints], how: tuple[np.random.Generator, bool]
) -> Served:
    """Longer events may end on another radio cell."""
    events, spot, cell = rows
    rng, inside = how
    other = _cells(p, area, (events.time, spot, events.operator, events.layer), rng.random(spot.size))
    handed = rng.random(spot.size) < np.minimum(events.duration / 600, 0.5)
    end = np.where(handed, other, cell)
    return Served(events, cell, end, np.full(spot.size, inside))


def _serve_outside(
    p: Parameters, near: Neighbourhood, devices: Devices, asked: Asked, rng: np.random.Generator
) -> Served:
    parts = [_kept(p, near.area, devices, part, (asked, rng)) for part in draw_events(p, near, devices, rng)]
    row, time, spot, layer, cell = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    events = _outside_events(p, near.numbers, devices, (row, time, layer), rng)
    return _with_ends(p, near.area, (events, spot, cell), (rng, False))


def _kept(
    p: Parameters,
    area: Area,
    d: Devices,
    part: tuple[Ints, Ints, Ints],
    how: tuple[Asked, np.random.Generator],
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Only what a request may ask for goes on: most events are dropped before they cost anything."""
    row, time, spot = part
    asked, rng = how
    here = (spot >= 0) & (time >= END - p.size.days * DAY) & (time < END)
    row, time, spot = row[here], time[here], spot[here]
    layer = (d.smart[row] & (rng.random(row.size) < 0.85)).astype(np.int64)
    cell = _cells(p, area, (time, spot, d.operator[row], layer), rng.random(row.size))
    kept = _wanted(p, asked, cell, time, d.imei[row])
    return row[kept], time[kept], spot[kept], layer[kept], cell[kept]


_KIND_TABLE = np.array([KIND["call_out"], KIND["call_in"], KIND["text_out"], KIND["text_in"], KIND["data"]])


def _outside_events(
    p: Parameters, numbers: Numbers, d: Devices, rows: tuple[Ints, Ints, Ints], rng: np.random.Generator
) -> Events:
    row, time, layer = rows
    die = rng.random(row.size)
    smart, plain = np.array([0.16, 0.3, 0.36, 0.45, 1.0]), np.array([0.35, 0.65, 0.82, 1.0, 1.0])
    kind = _KIND_TABLE[np.where(d.smart[row], np.searchsorted(smart, die), np.searchsorted(plain, die))]
    contact = (rng.random(row.size) ** 2 * 14).astype(np.int64)
    contact = np.where(d.kind[row] == 7, 0, contact)
    seconds = np.minimum(np.ceil(rng.lognormal(4.2, 1.2, row.size)), 7000).astype(np.int64)
    texts = (kind == KIND["text_out"]) | (kind == KIND["text_in"])
    data = kind == KIND["data"]
    correspondent = numbers.stranger(d.index[row], contact)
    return Events(
        time=time, duration=np.where(texts, 0, seconds), kind=kind, imei=d.imei[row], imsi=d.imsi[row],
        number=d.number[row], correspondent=np.where(data, -1, correspondent), operator=d.operator[row],
        layer=layer, prison=d.place[row], wing=np.zeros(row.size, np.int64), source=row,
    )  # fmt: skip


def _joined(first: Served, second: Served) -> Served:
    columns = {
        name: np.concatenate([getattr(first.events, name), getattr(second.events, name)])
        for name in Events.__dataclass_fields__
    }
    return Served(
        Events(**columns),
        np.concatenate([first.cell, second.cell]),
        np.concatenate([first.cell_end, second.cell_end]),
        np.concatenate([first.inside, second.inside]),
    )


def _noisy(p: Parameters, served: Served, rng: np.random.Generator) -> Served:
    """Lose, double and misdate records, and blank IMEIs."""
    count = served.cell.size
    lost = rng.random(count) < p.missing("records.lost")
    doubled = np.flatnonzero(~lost & (rng.random(count) < p.error("records.doubled")))
    rows = np.concatenate([np.flatnonzero(~lost), doubled])
    events = served.events.where(rows)
    wrong = rng.random(rows.size) < p.error("records.clock_wrong")
    time = events.time + np.where(wrong, np.where(rng.random(rows.size) < 0.5, HOUR, -HOUR), 0)
    absent = rng.random(rows.size) < p.missing("records.imei_absent")
    columns = {name: getattr(events, name) for name in Events.__dataclass_fields__}
    columns |= {"time": time, "imei": np.where(absent, -1, events.imei)}
    return Served(Events(**columns), served.cell[rows], served.cell_end[rows], served.inside[rows])


def _ordered(p: Parameters, served: Served) -> Served:
    """By IMEI in scattered order, then time: a row's place tells nothing of its device."""
    first = END - (p.size.days + 1) * DAY
    key = (mix(served.events.imei, p.seed) >> 31 << 31) | np.clip(
        (served.events.time - first) // SECOND, 0, (1 << 31) - 1
    )
    order = np.argsort(key, kind="stable")
    return Served(
        served.events.where(order), served.cell[order], served.cell_end[order], served.inside[order]
    )


_KIND_NAMES = pa.array(KINDS)
_OPERATOR_NAMES = pa.array(OPERATORS)
_LAYER_NAMES = pa.array(LAYERS)


def record_table(area: Area, served: Served, rows: Ints, requests: tuple[list[str], Ints]) -> pa.Table:
    """Chosen records in Parloir's own columns; `requests` are names and the name's index for each row."""
    e = served.events.where(rows)
    identity = area.sites.identity
    text = np.isin(e.kind, (KIND["text_out"], KIND["text_in"]))
    data = e.kind == KIND["data"]
    octets = mix(e.time + e.imei, 5) % 2_000_000
    columns: list[pa.Array] = [
        pa.array(e.imei, mask=e.imei < 0),
        pa.array(e.imsi),
        pa.array(e.number),
        pa.array(e.correspondent, mask=e.correspondent < 0),
        pa.nulls(rows.size, pa.string()),
        pa.DictionaryArray.from_arrays(e.kind.astype(np.int8), _KIND_NAMES),
        pa.array(e.time),
        pa.array(e.time + e.duration * SECOND, mask=text),
        pa.array(offset_min(e.time).astype(np.int16)),
        pa.array(e.duration, mask=text),
        pa.array(identity[served.cell[rows]]),
        pa.array(identity[served.cell_end[rows]]),
        pa.array(octets // 7, mask=~data),
        pa.array(octets, mask=~data),
        pa.DictionaryArray.from_arrays(e.layer.astype(np.int8), _LAYER_NAMES),
        pa.DictionaryArray.from_arrays(e.operator.astype(np.int8), _OPERATOR_NAMES),
        pa.DictionaryArray.from_arrays(requests[1].astype(np.int32), pa.array(requests[0], pa.string())),
    ]
    return pa.Table.from_arrays(columns, names=SCHEMA.names)


def requests_of(p: Parameters, area: Area, handsets: Ints) -> Asked:
    """What is asked for in an area: the prison's radio cells, and for some prisons a wide area."""
    cells = np.stack([asked_for(p, area, prison) for prison in area.prisons])
    dice = mix(np.array(area.prisons), p.seed + 3) % 10_000
    return Asked(cells, dice < 10_000 * p["radio.wide_area_prisons"], np.sort(handsets))


def visits_near(p: Parameters, visits: Visits, prisons: tuple[int, ...]) -> Visits:
    """Visits to some prisons during the days of the records."""
    chosen = np.isin(visits.prison, prisons) & (visits.start > END - p.size.days * DAY)
    return Visits(*(getattr(visits, name)[chosen] for name in Visits.__dataclass_fields__))
