"""Findings `bought_for`: which inmate an order was meant for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from parloir.holders.purchases import Purchase, Purchases
from parloir.holders.world import World
from parloir.weights.bits import posteriors, to_millibits, weaken


@dataclass(frozen=True)
class Shop:
    """What the findings on orders are weighed against.

    Attributes:
        orders: all orders of the evidence.
        inmates: all inmates of the registers.
        visits: P(the buyer is a registered visitor of the inmate | bought for that inmate).
        none: prior that an order is for nobody in prison.
    """

    orders: int
    inmates: int
    visits: float
    none: float


def bought_for(purchases: Purchases, world: World, shop: Shop) -> Iterator[dict[str, Any]]:
    """One finding an (order, visitor, inmate)."""
    for purchase, bits, posterior in posteriors_of_orders(purchases, shop):
        inmate = world.inmates[purchase.inmate]
        yield _finding(purchase.order, purchase, inmate, {"bits": bits, "posterior": posterior})


def posteriors_of_orders(purchases: Purchases, shop: Shop) -> Iterator[tuple[Purchase, float, float]]:
    """Weight and posterior of every order having been placed for every inmate it leads to.

    That the customer visits this inmate has the chance `visits` if it was bought for this inmate; if not, the
    chance that any order's customer visits anybody, times 1/N that it is this one of N inmates. Of several
    inmates of one visitor each has the share of the visits after the parcel arrived (half a visit more each,
    so that none is shut out, and half a one for the visit that never came): a visitor of two splits the
    evidence, and one who never came again carries half of it. The link's uncertainty is carried.
    """
    groups: dict[str, list[Purchase]] = {}
    for purchase in purchases.all():
        groups.setdefault(purchase.order, []).append(purchase)
    linked = len(groups) / max(shop.orders, 1)
    for _, group in sorted(groups.items()):
        share = _shares(group)
        ratio = np.log2(shop.visits / linked) + np.log2(shop.inmates * share)
        bits = weaken(ratio, np.array([p.probability for p in group]))
        each = (1 - shop.none) / max(shop.inmates, 1)
        # Inmates whom no linked customer visits keep their prior among the alternatives.
        rest = shop.none + each * max(shop.inmates - len(group), 0)
        yield from zip(group, bits.tolist(), posteriors(each, rest, bits).tolist(), strict=True)


def _shares(group: list[Purchase]) -> npt.NDArray[np.float64]:
    """Share of each (visitor, inmate) in the visits of that visitor after the parcel arrived."""
    visits = np.array([_after(p) + 0.5 for p in group])
    visitors = np.array([p.visitor for p in group])
    return np.array(
        [v / (visits[visitors == who].sum() + 0.5) for v, who in zip(visits, visitors, strict=True)]
    )


def _after(purchase: Purchase) -> int:
    return int(np.sum(purchase.visit_times >= purchase.arrived))


def _finding(order: str, purchase: Purchase, inmate: str, values: Mapping[str, float]) -> dict[str, Any]:
    after, visitor = _after(purchase), purchase.visitor.removeprefix("visitor:")
    return {
        "proposition": "bought_for",
        "subject": f"order:{order}",
        "object": f"inmate:{inmate}",
        "from_us": purchase.arrived,
        "to_us": None,
        "evidence_kind": "visits",
        "level": f"{after} visits after arrival; link {purchase.probability:.3f}; "
        f"posterior {values['posterior']:.3f}",
        "millibits": int(to_millibits(values["bits"])),
        "sentence": f"The customer may be visitor {visitor}, who came to this inmate {_times(after)} after "
        "the parcel arrived",
        "locators": [purchase.locator],
    }


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")
