"""What operators hold: events served by radio cells, with wrong clocks, lost and doubled rows, cut to the
requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from parloir.simulation import machines, neighbours
from parloir.simulation.arrow import coded_words, column
from parloir.simulation.comings import draw_events
from parloir.simulation.events import A_DAY, KIND, KINDS, Events, joined
from parloir.simulation.numbers import COMMON, OPERATORS, Numbers, imsi
from parloir.simulation.outside import (
    HOMEBOUND,
    MACHINES,
    RESIDENT,
    ROUTER,
    Devices,
    Neighbourhood,
    build_devices,
    on_4g,
    second_imeis,
    where_residents_are,
    with_two_sims,
)
from parloir.simulation.parameters import Parameters
from parloir.simulation.radio import LAYERS, QUANTILES, Area, asked_for, wide_area
from parloir.simulation.streams import Bools, Ints, by_lot, mix, stream
from parloir.simulation.times import END, SECOND, offset_min
from parloir.simulation.visiting import Visits

COLUMNS = (
    "imei14",
    "imsi",
    "number",
    "correspondent",
    "correspondent_raw",
    "kind",
    "started_us",
    "ended_us",
    "offset_min",
    "duration_s",
    "radio_cell",
    "radio_cell_end",
    "bytes_up",
    "bytes_down",
    "technology",
    "operator",
    "request",
)
"""Parloir's own columns of network records (docs/formats/network_records.md)."""
DEVICES_A_BATCH = 20_000
"""Outsiders' devices whose events are drawn at once: bounds the memory."""


@dataclass(frozen=True)
class Asked:
    """What was asked for in one area.

    Attributes:
        radio_cells: radio cells of each prison's request, shape (prisons, sites).
        wide: prisons with a wide-area request over the last days. around: its radio cells for each prison,
            shape (prisons, sites).
        handsets: IMEIs whose full records were asked for, sorted.
    """

    radio_cells: Bools
    wide: Bools
    around: Bools
    handsets: Ints


def requests_of(p: Parameters, area: Area, handsets: Ints) -> Asked:
    """What is asked for in an area: the prison's radio cells, and for some prisons a wide area."""
    radio_cells = np.stack([asked_for(p, area, prison) for prison in area.prisons])
    around = radio_cells | np.stack([wide_area(p, area, prison) for prison in area.prisons])
    wide = by_lot(np.array(area.prisons), p.seed + 3, p["radio.wide_area_prisons"])
    return Asked(radio_cells, wide, around, np.sort(handsets))


def first_of_wide_area(p: Parameters) -> int:
    """Second from which wide areas are asked for."""
    return max(0, p.size.days - int(p["radio.wide_area_days"])) * A_DAY


def visits_near(p: Parameters, visits: Visits, prisons: tuple[int, ...]) -> Visits:
    """Visits to some prisons during the days of the records."""
    chosen = np.isin(visits.prison, prisons) & (visits.start > END - p.size.days * A_DAY * SECOND)
    return Visits(*(getattr(visits, name)[chosen] for name in Visits.__dataclass_fields__))


def devices_of(p: Parameters, near: Neighbourhood, clones: Ints) -> Devices:
    """Outsiders' devices of an area; some residents' bear the IMEI of a contraband handset elsewhere."""
    devices = build_devices(p, near, stream(p.seed, "devices", near.area.index))
    devices = machines.settled(p, neighbours.settled(p, near, devices))
    rng = stream(p.seed, "clones", near.area.index)
    rows = rng.choice(devices.imei.size, min(clones.size, devices.imei.size), replace=False)
    imei = devices.imei.copy()
    imei[rows] = clones[: rows.size]
    return replace(devices, imei=imei)


def batches(
    p: Parameters, made: Events, near: Neighbourhood, asked: Asked, devices: Devices
) -> Iterator[Events]:
    """All records of an area that some request may ask for, noise included, batch by batch; `made` are the
    events of contraband handsets.

    Devices are spread over the batches at random, contraband handsets among them; within a batch records
    stand by IMEI
    in scattered order, then time: a row's place tells nothing of its device.
    """
    network = _Network(p, near.area, asked)
    inside = network.serve(made, stream(p.seed, "inside radio", near.area.index))
    count = max(1, -(-devices.imei.size // DEVICES_A_BATCH))
    inside_batch, outside_batch = mix(inside.imei, p.seed + 1) % count, mix(devices.imei, p.seed + 1) % count
    for k in range(count):
        rng = stream(p.seed, "traffic", near.area.index, k)
        outsiders = devices.where(np.flatnonzero(outside_batch == k))
        outside = _outside(p, near, (network, outsiders), rng)
        yield _noisy_and_ordered(p, joined([inside.where(np.flatnonzero(inside_batch == k)), outside]), rng)


class _Network:
    """Serves events with radio cells and keeps those that a request may ask for."""

    def __init__(self, p: Parameters, area: Area, asked: Asked) -> None:
        self.p, self.area, self.asked = p, area, asked
        self._faces = area.serving.radio_cell.reshape(-1, QUANTILES).astype(np.int32)
        self._any: Bools = np.asarray(asked.radio_cells.any(axis=0), dtype=bool)
        self._around: Bools = np.asarray(asked.around[asked.wide].any(axis=0), dtype=bool)
        self._late = first_of_wide_area(p)

    def radio_cell(
        self, time: Ints, spot: Ints, operator: Ints, layer: Ints, rng: np.random.Generator
    ) -> Ints:
        """The radio cell that serves each event."""
        shape = self.area.serving.radio_cell.shape
        state = self.area.serving.state_of_day[time // A_DAY]
        row = ((state * shape[1] + spot) * shape[2] + operator) * shape[3] + layer
        face = rng.integers(0, QUANTILES, row.size, dtype=np.uint8)
        return np.asarray(self._faces[row, face], dtype=np.int64)

    def wanted(self, radio_cell: Ints, time: Ints, imei: Ints) -> Bools:
        """Whether any request of the area may ask for a record."""
        found = self._any[radio_cell] | (self._around[radio_cell] & (time >= self._late))
        if self.asked.handsets.size:
            found |= np.isin(imei, self.asked.handsets)
        return np.asarray(found, dtype=bool)

    def served(self, events: Events, rng: np.random.Generator) -> Events:
        """Radio cells for events that have none yet; what no request may ask for is not kept."""
        radio_cell = self.radio_cell(events.time, events.spot, events.operator, events.layer, rng)
        kept = np.flatnonzero(self.wanted(radio_cell, events.time, events.imei))
        return replace(events, radio_cell=radio_cell, radio_cell_end=radio_cell).where(kept)

    def serve(self, events: Events, rng: np.random.Generator) -> Events:
        """Radio cells at start and end; the rest is not kept."""
        return self.ended(self.served(events, rng), rng)

    def ended(self, events: Events, rng: np.random.Generator) -> Events:
        """The longer an event, the likelier it ends on another radio cell."""
        other = self.radio_cell(events.time, events.spot, events.operator, events.layer, rng)
        handed = rng.random(events.count, dtype=np.float32) < np.minimum(events.duration / 600, 0.5)
        return replace(events, radio_cell_end=np.where(handed, other, events.radio_cell))


def _outside(
    p: Parameters, near: Neighbourhood, of: tuple[_Network, Devices], rng: np.random.Generator
) -> Events:
    network, devices = of
    parts = [_kept(p, network, devices, part, rng) for part in draw_events(p, near, devices, rng)]
    row, time, spot, layer, radio_cell = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    made = _described(p, near.numbers, devices, (row, time, spot, layer, radio_cell), rng)
    return network.ended(with_second_legs(p, network, devices, (row, made), rng), rng)


def _kept(
    p: Parameters, network: _Network, d: Devices, part: tuple[Ints, Ints, Ints], rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Only what a request may ask for goes on: most events are dropped before they cost anything."""
    row, time, spot = part
    here = np.flatnonzero((spot >= 0) & (time >= 0) & (time < p.size.days * A_DAY))
    row, time, spot = row[here], time[here], spot[here]
    fast = rng.random(row.size, dtype=np.float32) < p["outside.smart_on_4g"]
    layer = (on_4g(p, d)[row] & (fast | (d.kind[row] == ROUTER))).astype(np.int64)
    radio_cell = network.radio_cell(time, spot, d.operator[row], layer, rng)
    kept = np.flatnonzero(network.wanted(radio_cell, time, d.imei[row]))
    return row[kept], time[kept], spot[kept], layer[kept], radio_cell[kept]


MIXES = (
    (0.35, 0.30, 0.17, 0.18, 0.0),
    (0.16, 0.14, 0.06, 0.09, 0.55),
    (0.0, 0.0, 0.0, 0.0, 1.0),
    (0.1, 0.0, 0.6, 0.3, 0.0),
    (0.0, 0.0, 0.1, 0.1, 0.8),
)
"""Assumed shares of call_out, call_in, text_out, text_in and data: ordinary handsets, smartphones, and what
machines.mixes says."""


def _faces(p: Parameters) -> Ints:
    """256 faces of a die that draws a kind of event, for each of MIXES: shape (mixes, 256)."""
    texts, data = p["outside.texts"], p["outside.data"]
    rows = []
    for shares in MIXES:
        mass = np.cumsum(np.array(shares) * [1.0, 1.0, texts, texts, data])
        rows.append(np.searchsorted(mass / mass[-1], (np.arange(256) + 0.5) / 256))
    return np.array(rows, dtype=np.int64)


_CONTACTS = (np.linspace(0, 1, 256, endpoint=False) ** 2 * 14).astype(np.int64)


def _described(
    p: Parameters,
    numbers: Numbers,
    d: Devices,
    rows: tuple[Ints, Ints, Ints, Ints, Ints],
    rng: np.random.Generator,
) -> Events:
    row, time, spot, layer, radio_cell = rows
    die = rng.integers(0, 256, row.size, dtype=np.uint8)
    kind = _faces(p)[machines.mixes(p, d)[row], die]
    seconds = np.exp(4.2 + 1.2 * rng.standard_normal(row.size, dtype=np.float32)).astype(np.int64)
    texts = (kind == KIND["text_out"]) | (kind == KIND["text_in"])
    imei, used, number = _sims(p, numbers, d, row, rng)
    return Events(
        time=time,
        duration=np.where(texts, 0, np.minimum(seconds + 1, 7000)),
        kind=kind,
        imei=imei,
        imsi=used,
        number=number,
        correspondent=np.where(kind == KIND["data"], -1, _correspondents(p, numbers, d, row, rng)),
        operator=d.operator[row],
        layer=layer,
        spot=spot,
        radio_cell=radio_cell,
        radio_cell_end=radio_cell,
        inside=np.zeros(row.size, dtype=bool),
    )


def _sims(
    p: Parameters, numbers: Numbers, d: Devices, row: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """IMEI, IMSI and number of each event; handsets with two SIMs make three events in ten with the
    second."""
    two = with_two_sims(p, d)
    second = np.flatnonzero(two[row] & (rng.integers(0, 10, row.size, dtype=np.uint8) < 3))
    imei, found, number = d.imei[row], d.imsi[row], d.number[row]
    device = row[second]
    imei[second] = second_imeis(p, d)[device]
    found[second] = imsi(d.operator[device], d.index[device] + 2_500_000_000, p.seed)
    number[second] = numbers.beyond(d.index[device] + 700_000)
    return imei, found, number


def _correspondents(p: Parameters, numbers: Numbers, d: Devices, row: Ints, rng: np.random.Generator) -> Ints:
    """A few people of the device's own, the first ones more often; numbers that everybody calls."""
    die = rng.integers(0, 1 << 16, row.size, dtype=np.uint16)
    circle = _CONTACTS[die & 255] * neighbours.sociable(p, d)[row]
    contact = np.minimum(circle.astype(np.int64), machines.most_contacts(p, d)[row])
    machine = np.isin(d.kind, MACHINES)[row]
    common = ((die >> 8) < round(256 * p["handsets.common_numbers"])) & ~machine
    return np.where(common, COMMON[die % COMMON.size], numbers.stranger(d.index[row], contact))


def with_second_legs(
    p: Parameters,
    network: _Network,
    d: Devices,
    made: tuple[Ints, Events],
    rng: np.random.Generator,
) -> Events:
    """Some residents' calls and texts go to a neighbour: his leg is added where a request may ask for it.

    Args:
        made: the device (row) of each event, and the events.
    """
    row, e = made
    friend = _friends(d)
    talk = e.kind < KIND["data"]
    chosen = np.flatnonzero(
        talk & (friend[row] >= 0) & (rng.random(row.size, dtype=np.float32) < p["outside.second_leg"])
    )
    other = friend[row[chosen]]
    correspondent = e.correspondent.copy()
    correspondent[chosen] = d.number[other]
    layer = (on_4g(p, d)[other] & (rng.random(other.size) < p["outside.smart_on_4g"])).astype(np.int64)
    second = replace(
        e.where(chosen),
        # call_out and call_in, text_out and text_in follow one another.
        kind=e.kind[chosen] ^ 1,
        imei=d.imei[other],
        imsi=d.imsi[other],
        number=d.number[other],
        correspondent=e.number[chosen],
        operator=d.operator[other],
        layer=layer,
        spot=where_residents_are(p, d, other, e.time[chosen]),
    )
    second = second.where(np.flatnonzero(second.spot >= 0))
    return joined([replace(e, correspondent=correspondent), network.served(second, rng)])


def _friends(d: Devices) -> Ints:
    """Residents of one prison's surroundings two by two: the row of each one's friend, −1 for none."""
    rows = np.flatnonzero((d.kind == RESIDENT) | (d.kind == HOMEBOUND))
    rows = rows[np.argsort(d.place[rows], kind="stable")]
    rows = rows[: rows.size // 2 * 2]
    friend = np.full(d.kind.size, -1, dtype=np.int64)
    friend[rows[0::2]], friend[rows[1::2]] = rows[1::2], rows[0::2]
    return friend


def _noisy_and_ordered(p: Parameters, events: Events, rng: np.random.Generator) -> Events:
    """Lose, double and misdate records, blank IMEIs; then put all in an order that tells nothing."""
    die = rng.random(events.count, dtype=np.float32)
    lost, doubled = p.missing("records.lost"), p.error("records.doubled")
    rows = np.concatenate(
        [np.flatnonzero(die >= lost), np.flatnonzero((die >= lost) & (die < lost + doubled))]
    )
    die = rng.random(rows.size, dtype=np.float32)
    wrong, absent = p.error("records.clock_wrong"), p.missing("records.imei_absent")
    time = events.time[rows] + np.where(die < wrong / 2, 3600, np.where(die < wrong, -3600, 0))
    imei = np.where(die > 1 - absent, -1, events.imei[rows])
    key = (mix(imei, p.seed) >> 31 << 31) | np.maximum(time, 0)
    order = np.argsort(key, kind="stable")
    return replace(events.where(rows[order]), time=time[order], imei=imei[order])


def record_table(p: Parameters, area: Area, e: Events, requests: list[str]) -> pa.Table:
    """Records in Parloir's own columns; `requests` names the request to each operator."""
    identity = area.sites.identity
    text = (e.kind == KIND["text_out"]) | (e.kind == KIND["text_in"])
    data = e.kind == KIND["data"]
    octets = mix(e.time + e.imei, 5) % 2_000_000
    started = END - (p.size.days * A_DAY - e.time) * SECOND
    columns = [
        column(e.imei, e.imei < 0),
        column(e.imsi),
        column(e.number),
        column(e.correspondent, e.correspondent < 0),
        pa.nulls(e.count, pa.string()),
        coded_words(KINDS, e.kind),
        column(started),
        column(started + e.duration * SECOND, text),
        column(offset_min(started).astype(np.int16)),
        column(e.duration, text),
        column(identity[e.radio_cell]),
        column(identity[e.radio_cell_end]),
        column(octets // 7, ~data),
        column(octets, ~data),
        coded_words(LAYERS, area.sites.layer[e.radio_cell]),
        coded_words(OPERATORS, e.operator),
        coded_words(requests, e.operator),
    ]
    return pa.Table.from_arrays(columns, names=list(COLUMNS))
