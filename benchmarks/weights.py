"""Metrics, calibration, bounds and fusion at a million scores: CPU seconds each."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from parloir.weights.curves import cross_entropy, tippett
from parloir.weights.elub import elub
from parloir.weights.fusion import fit_fusion
from parloir.weights.logistic import calibrate
from parloir.weights.metrics import cllr, cllr_min, ece
from parloir.weights.pav import fit_pav

HALF = 500_000


def main() -> None:
    """Print the table."""
    random = np.random.default_rng(0)
    true, false = (random.normal(mean, 2.0, HALF) / np.log(2) for mean in (2.0, -2.0))
    scores, truths = np.concatenate([true, false]), np.repeat([True, False], HALF)
    components = scores[:, None] + random.normal(0.0, 1.0, (2 * HALF, 6))
    jobs: dict[str, Callable[[], object]] = {
        "Cllr": lambda: cllr(true, false),
        "Cllr_min": lambda: cllr_min(true, false),
        "ELUB": lambda: elub(true, false),
        "ECE, 15 bins": lambda: ece(1.0 / (1.0 + np.exp2(-scores)), truths),
        "PAV": lambda: fit_pav(scores, truths),
        "logistic calibration": lambda: calibrate(scores, truths),
        "fusion of 6": lambda: fit_fusion(tuple("abcdef"), components, truths),
        "Tippett": lambda: tippett(true, false),
        "cross-entropy, 61 priors": lambda: cross_entropy(true, false),
    }
    for name, job in jobs.items():
        begun = time.process_time()
        job()
        print(f"{name:<26} {time.process_time() - begun:6.2f} s")


if __name__ == "__main__":
    main()
