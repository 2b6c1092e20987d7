"""Coefficients of the fusion and bounds of a report, fitted on one simulated world and scored on others.

`python -m benchmarks.holders_fitting` fits on size small, seed 1, and prints the lines of
`src/parloir/holders/parameters.toml`; nothing is ever tested on that world. `… score 11 12` prints how the
shipped weights and plain addition fare on other worlds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from parloir.trials.held import true_pairs
from parloir.trials.pairs import kinds_of, naive_bits
from parloir.trials.weighed import Setting, World, build
from parloir.weights.elub import elub
from parloir.weights.logistic import LN2, balanced, newton
from parloir.weights.metrics import cllr, cllr_min

FOLDER = Path("bench-data/holders")
FITTED = Setting("small", 1)
RIDGE = 1.0
"""Pull of every coefficient towards 0, in handsets with a known user: scarce evidence says little."""

Floats = npt.NDArray[np.float64]


def components(world: World) -> tuple[tuple[str, ...], Floats, npt.NDArray[np.bool_]]:
    """Kinds, their bits for every pair (pairs, kinds), and which pairs are true; known users only."""
    pairs = world.weighed().tables["pairs"]
    true, handset = true_pairs(pairs, world.truth), pairs["handset"].to_numpy()
    known = np.isin(handset, handset[true])
    kinds = kinds_of(pairs)
    return kinds, np.column_stack([pairs[name].to_numpy() for name in kinds])[known], true[known]


def fit(bits: Floats, true: npt.NDArray[np.bool_]) -> Floats:
    """Coefficients of a class-balanced logistic regression without offset, from 0 to 1.

    Without an offset, since evidence that weighs nothing must leave every candidate where it was. A kind
    that would count against itself is left out and the others are fitted anew. None above 1: dependence
    can only make evidence count for less, and what one world would amplify another need not bear out.
    """
    coefficients = np.ones(bits.shape[1])
    used = np.flatnonzero(bits.std(axis=0) > 0)
    while True:
        design, mass = bits[:, used] * LN2, balanced(true)
        penalty = np.full(used.size, RIDGE * true.size / (2.0 * true.sum()))
        fitted = newton(design, true, mass, penalty)
        if (fitted >= 0).all():
            coefficients[used] = fitted
            return np.round(np.minimum(coefficients, 1.0), 3)
        coefficients[used[fitted < 0]] = 0.0
        used = used[fitted >= 0]


def fitting() -> None:
    """Print the lines of the parameters."""
    kinds, bits, true = components(build(FITTED, FOLDER))
    coefficients = fit(bits, true)
    fused, naive = bits @ coefficients, bits.sum(axis=1)
    print(f"[fusion] # {FITTED.name}: {int(true.sum())} handsets, {true.size} pairs")
    for name, coefficient in zip(kinds, coefficients, strict=True):
        print(f"{name} = {coefficient}")
    for title, weights in (("fused", fused), ("added", naive)):
        bounds = elub(weights[true], weights[~true])
        print(f"[bounds] # {title}\nlow = {bounds.low:.1f}\nhigh = {bounds.high:.1f}")
        cost, least = cllr(weights[true], weights[~true]), cllr_min(weights[true], weights[~true])
        print(f"# {title}: Cllr {cost:.3f}, of which {cost - least:.3f} by calibration")


def score(seeds: list[int]) -> None:
    """Cllr and its part that better calibration would save, of the shipped fusion and of plain addition."""
    for seed in seeds:
        world = build(Setting("small", seed), FOLDER)
        pairs = world.weighed().tables["pairs"]
        true = true_pairs(pairs, world.truth)
        for title, weights in (("fused", pairs["bits"].to_numpy()), ("added", naive_bits(pairs))):
            cost, least = cllr(weights[true], weights[~true]), cllr_min(weights[true], weights[~true])
            print(f"seed {seed} {title}: Cllr {cost:.3f}, of which {cost - least:.3f} by calibration")


def main() -> None:
    """Fit, or score."""
    if "score" in sys.argv:
        score([int(text) for text in sys.argv if text.isdigit()])
    else:
        fitting()


if __name__ == "__main__":
    main()
