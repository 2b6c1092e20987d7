"""Radio cells round a group of prisons, and which of them serves whom.

By default path loss 128.1 + 37.6 log10(km) and the antenna pattern min(12 (φ/65°)², 20) dB are those of 3GPP
TR 36.942 (4.5.2 and 4.2.1); the chance that a radio cell serves a spot is a softmax of received levels, which
stands for fading from one connection to the next. Shadowing, loads, walls and the windows' side differ
everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from parloir.identifiers import radio_cell as coded
from parloir.places import angle_between_deg, bearing_deg, destination, distance_m
from parloir.simulation.numbers import NETWORKS
from parloir.simulation.parameters import Parameters
from parloir.simulation.streams import Bools, Floats, Ints, by_lot, mix, stream

LAYERS = ("2G", "4G")
OPERATORS = 3
WINGS = 6
"""Spots inside each prison; the seventh is its gate."""
TOWN, FAR = 70, 50
WARDS = 3
"""Spots near each prison where a hospital's patients lie."""
KEPT, QUANTILES = 12, 128
"""Radio cells kept for each spot (the strongest), and faces of the die that draws one of them."""


@dataclass(frozen=True)
class Sites:
    """Radio cells of one area: three sectors and two layers on each site.

    Attributes:
        identity: integer as in the records.
        operator, layer: indexes. site: counted within the area.
        latitude, longitude, azimuth: degrees.
    """

    identity: Ints
    operator: Ints
    layer: Ints
    site: Ints
    latitude: Floats
    longitude: Floats
    azimuth: Floats


@dataclass(frozen=True)
class Spots:
    """Places from which somebody connects: wings and gate of each prison, town, farther off."""

    latitude: Floats
    longitude: Floats
    prison: Ints
    """Index of the prison whose wing or gate it is, −1 outside."""
    wing: Bools


@dataclass(frozen=True)
class Serving:
    """Which radio cells serve a spot.

    Attributes:
        radio_cell: row of the sites by quantile, shape (states, spots, operators, layers, QUANTILES): a fair
            die of so many faces draws the radio cell of a connection.
        state_of_day: state on each day of the records (0 = all in service).
    """

    radio_cell: Ints
    state_of_day: Ints


@dataclass(frozen=True)
class Area:
    """Everything about radio in one area."""

    index: int
    prisons: tuple[int, ...]
    sites: Sites
    spots: Spots
    serving: Serving


def build_area(p: Parameters, index: int, prisons: tuple[int, ...], centres: tuple[Floats, Floats]) -> Area:
    """Lay out one area; `centres` are latitude and longitude of its prisons."""
    rng = stream(p.seed, "radio", index)
    sites = _in_service(p, _sites(p, index, centres, rng))
    spots = _spots(prisons, centres, (1000 * p["radio.town_km"], _spread(p, index)), rng)
    return Area(index, prisons, sites, spots, _serving(p, sites, spots, rng))


def in_the_country(p: Parameters, index: int) -> bool:
    """Whether an area lies in open country: fewer sites, farther apart, and fewer neighbours."""
    return bool(by_lot(np.array([index]), p.seed + 107, p["radio.country_areas"])[0])


def _spread(p: Parameters, index: int) -> float:
    """How many times as far as in a town everything lies."""
    return p["radio.country_spread"] if in_the_country(p, index) else 1.0


def _sites(p: Parameters, index: int, centres: tuple[Floats, Floats], rng: np.random.Generator) -> Sites:
    thinned = p["radio.country_sites"] if in_the_country(p, index) else 1.0
    each = max(2, int(p["radio.sites_per_area"] * thinned)) + 6 * (centres[0].size - 1)
    count = each * OPERATORS
    anchor = rng.integers(0, centres[0].size, count)
    # Towns are denser in the middle: distance grows with the square of a uniform number.
    metres = 250 + _spread(p, index) * p["radio.radius_km"] * 1000 * rng.random(count) ** 1.5
    lat, lon = destination(centres[0][anchor], centres[1][anchor], rng.random(count) * 360, metres)
    turn = rng.random(count) * 120
    site = np.repeat(np.arange(count), 6)
    sector, layer = np.tile(np.repeat(np.arange(3), 2), count), np.tile([0, 1], 3 * count)
    operator = site % OPERATORS
    local = _identities(index, site, sector, layer, rng)
    identity = np.array(
        [_coded(*row) for row in zip(operator.tolist(), layer.tolist(), local.tolist(), strict=True)],
        dtype=np.int64,
    )
    return Sites(identity, operator, layer, site, lat[site], lon[site], (turn[site] + 120 * sector) % 360)


def _in_service(p: Parameters, sites: Sites) -> Sites:
    """Without the 2G radio cells of those operators that have switched it off."""
    off = by_lot(np.arange(OPERATORS), p.seed + 108, p["radio.without_2g"])
    kept = (sites.layer > 0) | ~off[sites.operator]
    return Sites(*(getattr(sites, f.name)[kept] for f in fields(Sites)))


def _identities(index: int, site: Ints, sector: Ints, layer: Ints, rng: np.random.Generator) -> Ints:
    """Area code and cell for 2G, eNodeB × 256 + sector for 4G; base stations are numbered at random."""
    count = int(site.max()) + 1
    station = (index * 1024 + rng.permutation(max(1024, count))[:count])[site]
    second = station % 16_000 * 4 + sector
    return np.where(
        layer == 0, (1 + station // 16_000 + 7 * (station % 31)) << 16 | second, station << 8 | sector
    )


def _coded(operator: int, layer: int, local: int) -> int:
    network = f"208-{NETWORKS[operator]}"
    text = f"CGI:{network}-{local >> 16}-{local & 0xFFFF}" if layer == 0 else f"ECGI:{network}-{local}"
    found = coded.parse(text)
    assert found is not None  # noqa: S101 - every local number above fits its kind
    return found


def _spots(
    prisons: tuple[int, ...],
    centres: tuple[Floats, Floats],
    size: tuple[float, float],
    rng: np.random.Generator,
) -> Spots:
    """Wings, gates, town and farther off; `size`: metres to the end of the town, and how many times as far
    everything lies."""
    town, spread = size
    inside = np.arange(WINGS + 1)
    parts: list[tuple[Floats, Floats, Ints, Bools]] = []
    for at, prison in enumerate(prisons):
        metres = np.where(inside < WINGS, rng.uniform(40, 130, WINGS + 1), rng.uniform(150, 260))
        lat, lon = destination(centres[0][at], centres[1][at], rng.random(WINGS + 1) * 360, metres)
        parts.append((lat, lon, np.full(WINGS + 1, prison), inside < WINGS))
    count = TOWN + FAR
    anchor = rng.integers(0, len(prisons), count)
    reach = np.where(
        np.arange(count) < TOWN, town * rng.random(count) ** 0.7 + 120, rng.uniform(2200, 9000, count)
    )
    lat, lon = destination(centres[0][anchor], centres[1][anchor], rng.random(count) * 360, spread * reach)
    parts.append((lat, lon, np.full(count, -1), np.zeros(count, bool)))
    return Spots(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _levels(p: Parameters, sites: Sites, spots: Spots, rng: np.random.Generator) -> Floats:
    """Received level in dB, less a constant, of each radio cell (columns) at each spot (rows)."""
    to = (spots.latitude[:, None], spots.longitude[:, None])
    km = np.maximum(distance_m(sites.latitude, sites.longitude, *to), 35) / 1000
    away = angle_between_deg(bearing_deg(sites.latitude, sites.longitude, *to), sites.azimuth)
    behind = np.minimum(12 * (away / p["radio.sector_deg"]) ** 2, p["radio.front_to_back_db"])
    level = -p["radio.loss_db_decade"] * np.log10(km) - behind
    noise = p["world.noise"]
    per_site = rng.normal(0, 1, (spots.latitude.size, int(sites.site.max()) + 1))
    level += p["radio.shadow_db"] * np.sqrt(max(noise, 0.05)) * _alike(p, spots, per_site)[:, sites.site]
    level += rng.normal(0, p["radio.load_db"], sites.identity.size)
    return level - _walls(p, sites, spots, rng)


def _alike(p: Parameters, spots: Spots, shadow: Floats) -> Floats:
    """Shadowing (spots, sites) of which spots have the more in common the nearer they lie: exp(−d/d₀)
    (3GPP TR 36.942, 4.5.2; M. Gudmundson, Electronics Letters 27, 1991)."""
    metres = p["radio.shadow_metres"]
    if not metres:
        return shadow
    apart = distance_m(spots.latitude[:, None], spots.longitude[:, None], spots.latitude, spots.longitude)
    common = np.exp(-apart / metres) + 1e-6 * np.eye(apart.shape[0])
    return np.asarray(np.linalg.cholesky(common) @ shadow, dtype=float)


def near_first(spots: Spots, prison: int) -> Ints:
    """Spots of the town, the nearest to a prison first."""
    wings = (spots.prison == prison) & spots.wing
    centre = spots.latitude[wings].mean(), spots.longitude[wings].mean()
    town = np.flatnonzero(spots.prison < 0)[:TOWN]
    metres = distance_m(spots.latitude[town], spots.longitude[town], *centre)
    return np.asarray(town[np.argsort(metres, kind="stable")], dtype=np.int64)


def ward_spots(p: Parameters, prisons: tuple[int, ...], spots: Spots) -> Ints:
    """Where a hospital near each prison has its patients, by the wall or far off: shape (prisons, WARDS)."""
    rows = []
    for prison in prisons:
        far = (mix(np.array([prison]), p.seed + 109)[0] % 10_000 / 10_000) ** 2
        first = int(far * (TOWN - WARDS))
        rows.append(near_first(spots, prison)[first : first + WARDS])
    return np.stack(rows)


def _walls(p: Parameters, sites: Sites, spots: Spots, rng: np.random.Generator) -> Floats:
    """Loss through walls in dB: less on the side of a wing's windows."""
    window = rng.random(spots.latitude.size) * 360
    from_spot = bearing_deg(
        spots.latitude[:, None], spots.longitude[:, None], sites.latitude, sites.longitude
    )
    behind = angle_between_deg(from_spot, window[:, None]) > 70
    inside = np.where(spots.wing, p["radio.indoor_db"], p["radio.house_db"])[:, None]
    prisons = tuple(np.unique(spots.prison[spots.wing]).tolist())
    inside[ward_spots(p, prisons, spots)] += p["neighbours.ward_db"]
    return np.asarray(inside + np.where(behind & spots.wing[:, None], p["radio.window_db"], 0.0), dtype=float)


def _serving(p: Parameters, sites: Sites, spots: Spots, rng: np.random.Generator) -> Serving:
    level = _levels(p, sites, spots, rng)
    days = p.size.days
    outages = rng.integers(0, int(sites.site.max()) + 1, int(rng.poisson(p["radio.outages_per_area"])))
    state_of_day, states = np.zeros(days, dtype=np.int64), [level]
    for site in outages.tolist():
        first = int(rng.integers(0, max(days - 3, 1)))
        state_of_day[first : first + int(rng.integers(2, 6))] = len(states)
        states.append(np.where(sites.site == site, -500.0, level))
    return Serving(np.stack([_strongest(p, sites, state) for state in states]), state_of_day)


def _strongest(p: Parameters, sites: Sites, level: Floats) -> Ints:
    """Radio cells by quantile of each operator and layer at each spot: shape (spots, operators, layers,
    QUANTILES)."""
    radio_cells = np.zeros((level.shape[0], OPERATORS, len(LAYERS), QUANTILES), dtype=np.int64)
    faces = (np.arange(QUANTILES) + 0.5) / QUANTILES
    for operator in range(OPERATORS):
        for layer in range(len(LAYERS)):
            of = np.flatnonzero((sites.operator == operator) & (sites.layer == layer))
            if not of.size:  # switched off: the other layer serves
                of = np.flatnonzero(sites.operator == operator)
            rows = np.argsort(-level[:, of], axis=1)[:, :KEPT]
            best = np.take_along_axis(level[:, of], rows, axis=1)
            weight = np.exp((best - best[:, :1]) / (p["radio.fading_db"] * max(p["world.noise"], 0.1) ** 0.5))
            cumulative = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
            place = (faces[None, :, None] > cumulative[:, None, :]).sum(axis=2)
            radio_cells[:, operator, layer] = np.take_along_axis(
                of[rows], np.minimum(place, rows.shape[1] - 1), axis=1
            )
    return radio_cells


def share_served(area: Area, spots: Bools) -> Floats:
    """Share of the connections from some spots that each radio cell carries, by operator and layer:
    (sites,)."""
    faces = area.serving.radio_cell[0][spots]
    counts = np.bincount(faces.ravel(), minlength=area.sites.identity.size)
    return np.asarray(counts / max(int(spots.sum()), 1) / QUANTILES, dtype=float)


def asked_for(p: Parameters, area: Area, prison: int) -> Bools:
    """The radio cells that a request for one prison names: of each operator and layer the most used, up to a
    share."""
    share = share_served(area, (area.spots.prison == prison) & area.spots.wing)
    asked = np.zeros(share.size, dtype=bool)
    for operator in range(OPERATORS):
        for layer in range(len(LAYERS)):
            of = np.flatnonzero((area.sites.operator == operator) & (area.sites.layer == layer))
            order = of[np.argsort(-share[of], kind="stable")]
            before = np.cumsum(share[order]) - share[order]
            asked[order[before < p["radio.asked_share"]]] = True
    return _as_listed(p, area, prison, asked)


def _as_listed(p: Parameters, area: Area, prison: int, asked: Bools) -> Bools:
    """What a request really lists: some of these were forgotten, others near were added."""
    missed = stream(p.seed, "missed", prison).random(asked.size) < p["radio.asked_missed"]
    order = np.argsort(_metres(area, prison), kind="stable")
    others = order[~asked[order]][: round(p["radio.asked_more"] * int(asked.sum()))]
    listed = asked & ~missed if (asked & ~missed).any() else asked.copy()
    listed[others] = True
    return listed


def wide_area(p: Parameters, area: Area, prison: int) -> Bools:
    """The radio cells that a wide-area request for one prison names: all within some kilometres."""
    return np.asarray(_metres(area, prison) <= 1000 * p["radio.wide_area_km"], dtype=bool)


def _metres(area: Area, prison: int) -> Floats:
    wings = (area.spots.prison == prison) & area.spots.wing
    centre = area.spots.latitude[wings].mean(), area.spots.longitude[wings].mean()
    return np.asarray(distance_m(area.sites.latitude, area.sites.longitude, *centre), dtype=float)


def group_prisons(latitude: Floats, longitude: Floats, metres: float = 9_000.0) -> list[tuple[int, ...]]:
    """Prisons that share radio cells: those linked by distances below `metres`, in order."""
    near = distance_m(latitude[:, None], longitude[:, None], latitude, longitude) < metres
    label = np.arange(latitude.size)
    for _ in range(latitude.size):
        spread = np.where(near, label, latitude.size).min(axis=1)
        if np.array_equal(spread, label):
            break
        label = spread
    return [tuple(np.flatnonzero(label == k).tolist()) for k in np.unique(label)]
