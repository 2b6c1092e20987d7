"""A small world with known truth, made on its own: it shares no code and no figures with `simulation`.

Prisons on a line; around each, sectors of two operators on a jittered grid. A connection goes to the sector
that is strongest at its place after lasting shadowing and momentary fading.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from parloir.tables import TABLES

DAY_US = 86_400_000_000
START = 20_000 * DAY_US
KM = 1 / 111.2


@dataclass(frozen=True)
class Setting:
    seed: int = 1
    prisons: int = 6
    inside: int = 30
    days: int = 30
    fading: float = 4.0
    signal: bool = True
    wide: bool = False
    spacing_km: float = 60.0
    grid_km: float = 2.0


@dataclass
class World:
    tables: dict[str, pa.Table]
    inside: dict[int, str]
    rows: list[dict[str, np.ndarray]] = field(default_factory=list)


CLASSES = {
    # devices for each one inside, spread of homes in km (None: in the prison), share away, hours,
    # records a day, share of data, share on 2G
    "inside": (1.0, None, 0.0, "locked", 7.0, 0.15, 0.6),
    "homebound": (2.0, 1.2, 0.01, "waking", 8.0, 0.5, 0.1),
    "resident": (9.0, 1.5, 0.45, "waking", 9.0, 0.5, 0.1),
    "staff": (2.0, None, 0.0, "shift", 4.0, 0.4, 0.1),
    "visitor": (3.0, None, 0.0, "visiting", 2.0, 0.4, 0.1),
    "modem": (0.2, None, 0.0, "flat", 4.0, 1.0, 1.0),
}
HOURS = {
    "locked": [3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 1, 2, 4, 6, 7, 7, 7, 6, 5],
    "waking": [1, 0.3, 0.2, 0.2, 0.2, 0.5, 2, 4, 4, 4, 4, 4, 5, 4, 4, 4, 5, 6, 6, 6, 6, 5, 4, 2],
    "shift": [0, 0, 0, 0, 0, 0, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 0, 0, 0, 0],
    "visiting": [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 1, 4, 5, 4, 2, 0, 0, 0, 0, 0, 0, 0],
    "flat": [1] * 24,
}


def make(setting: Setting) -> World:
    random = np.random.default_rng(setting.seed)
    prisons, cells = _prisons(setting), _cells(setting, random)
    world = World({}, {})
    for place in range(setting.prisons):
        for number, name in enumerate(CLASSES):
            for one in range(round(setting.inside * CLASSES[name][0] * random.uniform(0.7, 1.3))):
                imei14 = 35_000_000_000_000 + int(random.integers(0, 10**12))
                if name == "inside":
                    world.inside[imei14] = f"P{place}"
                world.rows.append(_live(setting, random, (place, number, one, imei14), (prisons, cells)))
    records = {key: np.concatenate([row[key] for row in world.rows]) for key in world.rows[0]}
    if not setting.wide:
        metres = _metres(cells, prisons["latitude"], prisons["longitude"]).min(axis=1)
        keep = metres[records["radio_cell"]] < 2.5 * setting.grid_km * 1000
        records = {key: value[keep] for key, value in records.items()}
    order = np.lexsort((records["imei14"], records["started_us"]))
    world.tables["network_records"] = _table("network_records", {k: v[order] for k, v in records.items()})
    world.tables["prisons"] = _table("prisons", prisons)
    world.tables["radio_cells"] = _table("radio_cells", cells)
    return world


def _prisons(setting: Setting) -> dict[str, np.ndarray]:
    n = np.arange(setting.prisons)
    return {
        "prison": np.array([f"P{i}" for i in n]),
        "name": np.array([f"Prison {i}" for i in n]),
        "latitude": np.full(n.size, 45.0),
        "longitude": n * setting.spacing_km * KM / np.cos(np.radians(45.0)),
        "capacity": np.full(n.size, 400),
        "inmates": np.full(n.size, 400),
    }


def _cells(setting: Setting, random: np.random.Generator) -> dict[str, np.ndarray]:
    rows = []
    for place in range(setting.prisons):
        for operator in ("A", "B"):
            for x in np.arange(-4, 5):
                for y in np.arange(-4, 5):
                    at = (np.array([x, y]) + random.normal(0, 0.3, 2)) * setting.grid_km
                    rows += [(place, operator, at[0], at[1], azimuth) for azimuth in (0.0, 120.0, 240.0)]
    places = np.array([row[0] for row in rows])
    return {
        "place": places,
        "radio_cell": np.arange(len(rows)),
        "operator": np.array([row[1] for row in rows]),
        "technology": np.full(len(rows), "4G"),
        "latitude": 45.0 + np.array([row[3] for row in rows]) * KM,
        "longitude": (places * setting.spacing_km + np.array([row[2] for row in rows]))
        * KM
        / np.cos(np.radians(45.0)),
        "azimuth": np.array([row[4] for row in rows]),
        "beam_width": np.full(len(rows), 65.0),
    }


def _metres(cells: dict[str, np.ndarray], latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    north = (cells["latitude"][:, None] - np.atleast_1d(latitude)) / KM
    east = (cells["longitude"][:, None] - np.atleast_1d(longitude)) * np.cos(np.radians(45.0)) / KM
    return np.hypot(north, east) * 1000


def _levels(
    cells: dict[str, np.ndarray], random: np.random.Generator, at: np.ndarray, home: int
) -> np.ndarray:
    """Lasting levels at a place; the shadow inside one prison is the same for everybody there."""
    metres = _metres(cells, at[:1], at[1:])[:, 0]
    shadow = random if home < 0 else np.random.default_rng(home + 77)
    east = (at[1] - cells["longitude"]) * np.cos(np.radians(45.0))
    towards = np.degrees(np.arctan2(east, at[0] - cells["latitude"]))
    off = (towards - cells["azimuth"] + 180) % 360 - 180
    lost = 35 * np.log10(np.maximum(metres, 50)) + np.minimum(12 * (off / 65) ** 2, 25)
    return -lost + shadow.normal(0, 7, metres.size)


def _live(
    setting: Setting,
    random: np.random.Generator,
    who: tuple[int, int, int, int],
    where: tuple[dict[str, np.ndarray], dict[str, np.ndarray]],
) -> dict[str, np.ndarray]:
    place, number, one, imei14 = who
    prisons, cells = where
    name = list(CLASSES)[number] if setting.signal else "homebound"
    _, spread, away, pattern, per_day, data, two_g = CLASSES[name]
    prison = np.array([prisons["latitude"][place], prisons["longitude"][place]])
    operator = "AB"[one % 2]
    home = prison + (0 if spread is None else random.normal(0, spread, 2) * KM * np.array([1, 1.41]))
    other = prison + random.normal(0, 6, 2) * KM
    days = _days(name, setting, random)
    count = random.poisson(per_day * random.gamma(4, 0.25), days.size)
    day = np.repeat(days, count)
    hours = np.array(HOURS[pattern], dtype=float)
    hour = random.choice(24, day.size, p=hours / hours.sum())
    out = random.random(day.size) < away
    if name == "resident":
        out |= (day % 7 < 5) & (hour >= 9) & (hour < 17) & (random.random(day.size) < 0.9)
    own = np.flatnonzero((cells["operator"] == operator) & (cells["place"] == place))
    level = np.where(
        out[:, None],
        _levels(cells, random, other, -1)[own],
        _levels(cells, random, home, place if spread is None else -1)[own],
    )
    choice = own[np.argmax(level + random.normal(0, setting.fading, level.shape), axis=1)]
    sims = random.poisson(1.4) + 1 if name == "inside" else 1
    kinds = np.where(
        random.random(day.size) < data, "data", random.choice(["call_out", "call_in", "text_out"], day.size)
    )
    contacts = 330_000_000 + random.integers(0, 10**6, 2 if name == "modem" else 14)
    return {
        "imei14": np.full(day.size, imei14),
        "imsi": imei14 * 10 + (day * sims) // setting.days,
        "correspondent": np.where(kinds == "data", 0, random.choice(contacts, day.size)),
        "kind": kinds,
        "started_us": START
        + day * DAY_US
        + hour * 3_600_000_000
        + random.integers(0, 3_600_000_000, day.size),
        "offset_min": np.zeros(day.size, dtype=np.int16),
        "duration_s": np.where(np.char.startswith(kinds, "call"), random.geometric(1 / 120, day.size), 0),
        "radio_cell": cells["radio_cell"][choice],
        "bytes_down": np.where(kinds == "data", 50_000, 0),
        "technology": np.where(random.random() < two_g, "2G", "4G").repeat(day.size),
    }


def _days(name: str, setting: Setting, random: np.random.Generator) -> np.ndarray:
    days = np.arange(setting.days)
    if name == "inside":
        first = int(random.integers(0, setting.days // 2))
        last = int(random.integers(min(first + 8, setting.days - 1), setting.days))
        return days[first : last + 1][random.random(last + 1 - first) < 0.85]
    if name == "staff":
        return days[(days + random.integers(0, 4)) % 4 < 2]
    if name == "visitor":
        return days[random.random(days.size) < 0.12]
    return days


def _table(name: str, columns: dict[str, np.ndarray]) -> pa.Table:
    schema = TABLES[name].schema
    size = len(next(iter(columns.values())))
    fixed = {"evidence": np.full(size, "ab" * 32), "source_row": np.arange(1, size + 1)}
    arrays = []
    for column in schema:
        values = columns.get(column.name, fixed.get(column.name))
        if column.name in ("member", "source_table"):
            values = np.full(size, "")
        arrays.append(pa.nulls(size, column.type) if values is None else pa.array(values).cast(column.type))
    return pa.Table.from_arrays(arrays, schema=schema)
