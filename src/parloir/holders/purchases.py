"""Orders placed by people who may be visitors of an inmate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files

import duckdb
import numpy as np
import numpy.typing as npt

from parloir.holders.activity import DAY_US


@dataclass(frozen=True)
class Purchase:
    """One order that leads to one inmate through one visitor.

    Attributes:
        order: the shop's key.
        inmate: index into `World.inmates`.
        visitor: key of the visitor who may be the customer.
        probability: of that link, calibrated, reached without the evidence weighed here.
        visits: how often the visitor came to this inmate.
        visit_times: when, microseconds UTC, in order.
        arrived: when the parcel was there.
        models: catalogue models of its lines.
        imeis: IMEI14 that the shop or its stock list gives for it.
        units: handsets ordered.
        locator: the order's row.
    """

    order: str
    inmate: int
    visitor: str
    probability: float
    visits: int
    visit_times: npt.NDArray[np.int64]
    arrived: int
    models: tuple[str, ...]
    imeis: frozenset[int]
    units: int
    locator: str

    def handed_over(self, before: int, within_days: int) -> bool:
        """Whether the visitor came between the parcel's arrival and that moment, not too long before it."""
        times = self.visit_times
        since = max(self.arrived, before - within_days * DAY_US)
        return bool(np.searchsorted(times, before, "right") > np.searchsorted(times, since))


@dataclass(frozen=True)
class Purchases:
    """All such orders, by inmate."""

    by_inmate: Mapping[int, tuple[Purchase, ...]] = field(default_factory=dict)

    @cached_property
    def inmates(self) -> npt.NDArray[np.int64]:
        """Inmates to whom an order leads, sorted."""
        return np.array(sorted(self.by_inmate), dtype=np.int64)

    def all(self) -> list[Purchase]:
        """Every purchase, by inmate."""
        return [purchase for _, group in sorted(self.by_inmate.items()) for purchase in group]


def load_purchases(connection: duckdb.DuckDBPyConnection, index: Mapping[str, int]) -> Purchases:
    """Read them; the relation `links` (left_key, right_key, probability) must be registered.

    Args:
        connection: with the canonical views and `links`.
        index: `World.index`.
    """
    sql = files("parloir.holders").joinpath("sql/purchases.sql").read_text(encoding="utf-8")
    by_inmate: dict[int, list[Purchase]] = {}
    for row in connection.execute(sql).to_arrow_table().to_pylist():
        inmate = index.get(row["inmate"])
        if inmate is not None:
            by_inmate.setdefault(inmate, []).append(
                Purchase(
                    order=row["order_id"],
                    inmate=inmate,
                    visitor=row["visitor"],
                    probability=row["probability"],
                    visits=row["visits"],
                    visit_times=np.array(row["visit_times"], dtype=np.int64),
                    arrived=row["arrived_us"],
                    models=tuple(row["models"]),
                    imeis=frozenset(row["imeis"]),
                    units=int(row["units"]),
                    locator=row["locator"],
                )
            )
    return Purchases({inmate: tuple(group) for inmate, group in by_inmate.items()})
