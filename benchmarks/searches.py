"""The search plan: growth to four nations, what a random share is worth, the papers of a nation.

Expectations are made up (gamma, three prison cells in ten hold something): the figures are about time, memory
and sample sizes, not about finds. Each size runs in a process of its own.
"""

from __future__ import annotations

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context

import numpy as np
import pyarrow as pa

from parloir import searches

SIZES = ((22, 5_000), (66, 16_000), (186, 45_000), (744, 180_000))
"""Prisons and prison cells; the third is a nation of 186 prisons with about two inmates a prison cell."""
ORDERS = ("500 searches", "5,000 in ten hours", "a fifth at random", "a third of the prisons, 3 each")
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5)


def made_up(prisons: int, prison_cells: int, hours: float = 2.0) -> tuple[pa.Table, pa.Table]:
    """An expectation and teams: one to five teams a prison, so many hours each."""
    generator = np.random.default_rng(7)
    handsets = np.where(generator.random(prison_cells) < 0.3, generator.gamma(0.3, 0.5, prison_cells), 0.0)
    expected = pa.table(
        {
            "prison": [f"P{i % prisons:04d}" for i in range(prison_cells)],
            "prison_cell": [f"C{i // prisons:04d}" for i in range(prison_cells)],
            "expected_handsets": handsets,
            "probability": 1 - np.exp(-handsets),
        },
        schema=searches.EXPECTED,
    )
    numbers = generator.integers(1, 6, prisons).tolist()
    rows = [{"prison": f"P{i:04d}", "teams": n, "hours": hours} for i, n in enumerate(numbers)]
    return expected, pa.Table.from_pylist(rows, schema=searches.TEAMS)


def planned(prisons: int, prison_cells: int, name: str) -> tuple[float, float, searches.Plan]:
    """CPU seconds, megabytes at the peak and the plan."""
    orders = (
        searches.Operation(500),
        searches.Operation(5000),
        searches.Operation(500, random_share=0.2, seed=1),
        searches.Operation(500, most_prisons=prisons // 3, fewest_each=3),
    )
    order = dict(zip(ORDERS, orders, strict=True))[name]
    expected, teams = made_up(prisons, prison_cells, 10.0 if order.searches > 500 else 2.0)
    start = time.process_time()
    plan = searches.plan(expected, teams, order)
    return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, plan


def growth() -> None:
    print(f"{'prisons':>8} {'prison cells':>13} {'order':<32} {'CPU s':>8} {'MB':>6} {'proven gap':>11}")
    for prisons, prison_cells in SIZES:
        for name in ORDERS:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                seconds, memory, plan = pool.submit(planned, prisons, prison_cells, name).result()
            line = f"{prisons:>8} {prison_cells:>13,} {name:<32} {seconds:>8.2f} {memory:>6.0f}"
            print(f"{line} {plan.gap:>11.6f}")


def sample_sizes() -> None:
    print(f"\n{'random share':>13} {'drawn':>6} {'expected at the top':>20} {'effective sample size':>22}")
    expected, teams = made_up(186, 45_000)
    for share in SHARES:
        plan = searches.plan(expected, teams, searches.Operation(500, random_share=share, seed=1))
        drawn = plan.rows["reason"].to_pylist().count("random")
        print(f"{share:>13.0%} {drawn:>6} {plan.expected:>20.1f} {plan.effective_sample_size:>22.1f}")


def papers() -> None:
    expected, teams = made_up(186, 45_000)
    plan = searches.plan(expected, teams, searches.Operation(500))
    issue = searches.Issue("OP", datetime(2025, 5, 20, 4, 0, tzinfo=UTC), "Somebody", b"k" * 16)
    start = time.process_time()
    written = list(searches.papers(plan.rows, teams, issue))
    seconds, size = time.process_time() - start, sum(len(paper.pdf) for paper in written) / 1e6
    print(f"\npapers of {len(written)} prisons: {seconds:.1f} CPU seconds, {size:.1f} MB")


def main() -> None:
    growth()
    sample_sizes()
    papers()


if __name__ == "__main__":
    main()
