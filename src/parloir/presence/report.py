"""The report on presence: one HTML page that needs no network.

For each prison: how many handsets live there, a map of the radio cells that serve it, the ranked handsets
with the bars of their weights, why two IMEIs count as one, and when each was active (days across, hours
down). Then the benchmarks by which the US regulator has such systems judged: rates of detection, sample size,
length of observation (FCC 21-82, Second Report and Order on contraband wireless devices, 2021).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parloir.catalogue import by_tac
from parloir.documents import Page, render_html
from parloir.identifiers import imei
from parloir.places import Coverage
from parloir.presence.kinds import kinds
from parloir.presence.reach import SERVES
from parloir.presence.register import SERIALS, seized_in
from parloir.presence.result import Presence
from parloir.weights.bits import percent, verbal
from parloir.weights.fusion import ADJUSTMENT

PAGE = Page("parloir.presence", "presence.html.jinja", "presence.css")
SHOWN = 15
"""Handsets shown for each prison; the table of results has all."""
FLAGGED = 0.5
DAY_US = 86_400_000_000
MAP = 320
"""Side of a map in pixels."""
WEAK = 200
"""Millibits below which a bar lies folded with others as small."""
WEEK = 7
WIDE, DAY = 560, (6, 24)
"""Pixels of a timeline at the most, and of one of its days at the least and most; the least goes first."""
TITLES = {
    **{kind.name: kind.title.partition(",")[0] for kind in kinds()},
    "people": "numbers of the people of an inmate",
    "twin": "the IMEI next to it",
}
"""What the first column of a waterfall calls each kind."""


@dataclass(frozen=True)
class Places:
    """Canonical prisons and radio_cells, for the maps.

    Attributes:
        found: handsets found in searches (`register.Register.seized`), for the benchmarks.
    """

    prisons: pa.Table
    radio_cells: pa.Table
    found: pa.Table


def render(found: Presence, places: Places) -> str:
    """The page as text.

    Args:
        found: what weighing gave.
        places: where prisons and radio cells are.
    """
    coverage = {one.prison: one for one in found.coverage}
    positions = _positions(places.radio_cells)
    prisons = {row["prison"]: row for row in places.prisons.to_pylist()}
    period, copies = _period(found), _copies(found)
    shown = [
        {
            **row,
            "name": prisons[row["prison"]]["name"] or row["prison"],
            "map": _map(prisons[row["prison"]], coverage[row["prison"]], positions),
            "period": period,
            "named": found.inside.filter(pc.field("prison") == row["prison"]).num_rows,
            "devices": list(_devices(found, row["prison"], period, copies)),
        }
        for row in sorted(found.counts.to_pylist(), key=lambda row: -row["expected"])
        if row["candidates"]
    ]
    return render_html(
        PAGE,
        {
            "prisons": shown,
            "remarks": found.remarks,
            "benchmarks": _benchmarks(found, places.found),
            "shown": SHOWN,
            "side": MAP,
            "percent": percent,
        },
    )


def _positions(radio_cells: pa.Table) -> dict[int, tuple[float, float]]:
    rows = radio_cells.select(["radio_cell", "latitude", "longitude"]).to_pylist()
    return {
        row["radio_cell"]: (row["latitude"], row["longitude"]) for row in rows if row["latitude"] is not None
    }


def _map(
    prison: dict[str, Any], coverage: Coverage, positions: dict[int, tuple[float, float]]
) -> dict[str, Any]:
    """Radio cells round the prison in its middle: pixels, radius by share, and the length of the scale."""
    if prison["latitude"] is None:
        return {"radio_cells": [], "km": 0, "scale": 0}
    placed = [
        (positions[radio_cell], share)
        for radio_cell, share in coverage.shares.items()
        if share >= SERVES and radio_cell in positions
    ]
    narrow = float(np.cos(np.radians(prison["latitude"])))
    east = [(at[1] - prison["longitude"]) * 111.32 * narrow for at, _ in placed]
    north = [(at[0] - prison["latitude"]) * 111.32 for at, _ in placed]
    farthest = max([0.5, *(abs(value) for value in east + north)]) * 1.1
    pixels = MAP / 2 / farthest
    km = float(10 ** np.floor(np.log10(farthest)))
    radio_cells = [
        {"x": MAP / 2 + e * pixels, "y": MAP / 2 - n * pixels, "r": 2 + 30 * share**0.5, "share": share}
        for e, n, (_, share) in zip(east, north, placed, strict=True)
    ]
    return {"radio_cells": radio_cells, "km": km, "scale": km * pixels}


def _copies(found: Presence) -> dict[int, int]:
    """How many handsets bear each IMEI that was split."""
    numbers = np.unique(found.candidates["handset"].to_numpy())
    imeis, many = np.unique(numbers % imei.COPY, return_counts=True)
    return {int(one): int(n) for one, n in zip(imeis, many, strict=True) if n > 1}


def _named(handset: int, copies: dict[int, int]) -> str:
    """The IMEI, and which copy of it; 14 digits, as its check digit is computed, never sent."""
    text, copy = imei.copy_of(f"{handset:014d}")
    of = copies.get(int(text), 0)
    return f"{text}, copy {copy + 1} of {of}" if of else text


def _model(handset: int) -> str:
    """The model as far as its type code is published: minis often bear the codes of other makers."""
    model = by_tac(handset % imei.COPY // SERIALS)
    return f"type code of {model.title}" if model else "type code not published"


def _devices(
    found: Presence, prison: str, period: dict[str, Any], copies: dict[int, int]
) -> Iterator[dict[str, Any]]:
    rows = found.inside.filter(pc.field("prison") == prison).sort_by(
        [("probability", "descending"), ("millibits", "descending"), ("handset", "ascending")]
    )
    for row in rows.slice(0, SHOWN).to_pylist():
        whose = (pc.field("subject") == f"handset:{row['handset']}") & (pc.field("from_us") == row["from_us"])
        bars = found.findings.filter(whose & (pc.field("object") == f"prison:{prison}")).to_pylist()
        yield {
            **row,
            "name": _named(row["handset"], copies),
            "model": _model(row["handset"]),
            "same": list(_same(found, row)),
            "first": _day(row["from_us"]),
            "last": _day(row["to_us"]),
            "bits": row["millibits"] / 1000,
            "verbal": verbal(row["millibits"] / 1000, "use in detention", "another device in reach"),
            "bars": _bars(bars, TITLES),
            "marks": _marks(found, row, period["first"]),
        }


def _same(found: Presence, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The other IMEI that counts as the same handset, with what speaks for it and against."""
    whose = (pc.field("proposition") == "same_handset") & (pc.field("subject") == f"handset:{row['handset']}")
    then = (pc.field("from_us") <= row["to_us"]) & (pc.field("to_us") >= row["from_us"])
    rows = found.findings.filter(whose & then).to_pylist()
    for other in sorted({one["object"] for one in rows}):
        mine = {one["evidence_kind"]: one for one in rows if one["object"] == other}
        bits = sum(one["millibits"] for one in mine.values()) / 1000
        yield {
            "imei": other.partition(":")[2].zfill(14),
            "bits": bits,
            "bars": _bars(list(mine.values()), {}),
        }


def _bars(findings: list[dict[str, Any]], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Bars of the waterfall, strongest first, each beginning where the one before ended."""
    ordered = sorted(
        findings,
        key=lambda row: (row["evidence_kind"] == ADJUSTMENT, -abs(row["millibits"]), row["evidence_kind"]),
    )
    ends = np.cumsum([0.0, *(row["millibits"] / 1000 for row in ordered)])
    low, high = float(ends.min()), float(ends.max())
    wide = 220 / max(high - low, 1.0)
    return [
        {
            "kind": titles.get(row["evidence_kind"], row["evidence_kind"]),
            "sentence": row["sentence"],
            "bits": row["millibits"] / 1000,
            "x": (min(ends[at], ends[at + 1]) - low) * wide,
            "weak": abs(row["millibits"]) < WEAK and row["evidence_kind"] != ADJUSTMENT,
            "width": max(abs(row["millibits"] / 1000) * wide, 0.5),
        }
        for at, row in enumerate(ordered)
    ]


def _period(found: Presence) -> dict[str, Any]:
    """The days that all timelines show, so that they can be compared, and the dates written below them."""
    days = found.activity["day"].to_numpy()
    first, last = (int(days.min()), int(days.max())) if days.size else (0, 0)
    step = WEEK * max(1, (last - first) // (10 * WEEK))
    dates = [{"x": day - first, "date": _day(day * DAY_US)[5:]} for day in range(first, last + 1, step)]
    days_shown = last - first + 1
    wide = int(np.clip(WIDE // days_shown, *DAY))
    return {"first": first, "days": days_shown, "dates": dates, "day": wide}


def _marks(found: Presence, row: dict[str, Any], first: int) -> list[dict[str, int]]:
    """Day and local hour of each hour with activity."""
    mine = (pc.field("handset") == row["handset"]) & (pc.field("prison") == row["prison"])
    table = found.activity.filter(mine)
    days, masks = table["day"].to_numpy().tolist(), table["hours"].to_numpy().tolist()
    return [
        {"x": day - first, "y": hour}
        for day, mask in zip(days, masks, strict=True)
        for hour in range(24)
        if mask >> hour & 1
    ]


def _benchmarks(found: Presence, seized: pa.Table) -> dict[str, Any]:
    """As the stated probabilities imply; and measured on handsets that were found in a search."""
    chance = found.candidates["probability"].to_numpy()
    flagged = chance >= FLAGGED
    inside, outside = float(chance.sum()), float((1 - chance).sum())
    times = found.candidates["from_us"].to_numpy(), found.candidates["to_us"].to_numpy()
    days = (int(times[1].max()) - int(times[0].min())) / DAY_US if chance.size else 0.0
    prison = np.array(found.candidates["prison"].to_pylist(), dtype=object)
    taken = seized_in(seized, found.candidates["imei14"].to_numpy(), prison, times[0])
    return {
        "sample": int(chance.size),
        "days": days,
        "flagged": int(flagged.sum()),
        "contraband": float(chance[flagged].sum()) / inside if inside else 0.0,
        "others": float((1 - chance[flagged]).sum()) / outside if outside else 0.0,
        "found": int(taken.sum()),
        "found_flagged": int((taken & flagged).sum()),
    }


def _day(us: int) -> str:
    return f"{datetime.fromtimestamp(us / 1e6, UTC):%Y-%m-%d}"
