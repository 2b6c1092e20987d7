"""Parameters fitted on prisons whose devices are known: how far weights go, and the spread of counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.errors import InputError
from parloir.presence.estimate import Estimate, components, estimate, seized
from parloir.presence.parameters import JOINT, Parameters, expected, fused_kinds
from parloir.presence.plain import COUNTS, add_up, seen
from parloir.presence.posterior import posterior
from parloir.presence.scene import Scene
from parloir.weights.fusion import Fusion
from parloir.weights.logistic import calibrate

STURDY = ("dwelling", "device", "sims", "rate", "beat", "radio", "ending", "move")
"""Kinds that follow from living inside, whatever the country's habits: days and radio cells, several SIMs and
intensity (what regulators go by), minis and machines, an end at a search, a change on a transfer's day."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def known_inside(scene: Scene, inside: pa.Table) -> Booleans:
    """Which candidates are true, shape (candidates,).

    Args:
        scene: what was counted.
        inside: columns imei14, prison: every device that lives inside.
    """
    index = {name: place for place, name in enumerate(scene.prison_names)}
    pairs = zip(inside["imei14"].to_numpy().tolist(), inside["prison"].to_pylist(), strict=True)
    keys = [imei14 * 1_000 + index[str(prison)] for imei14, prison in pairs if str(prison) in index]
    imei14 = scene.handsets.imei14[scene.stints.handset[scene.candidates.stint]]
    return np.isin(imei14 * 1_000 + scene.candidates.prison, np.array(keys, dtype=np.int64))


def learn(scene: Scene, inside: pa.Table, base: Parameters | None = None) -> Parameters:
    """How far weights may be trusted, from prisons where every device inside is known.

    What the classes of device look like stays as expected: habits of one country are not carried to another.
    The weights are those that records and seizures alone give; the known devices only tell how good they are.

    Args:
        scene: of the fitting prisons.
        inside: columns imei14, prison.
        base: what to start from; `expected()` when None.

    Raises:
        InputError: no candidate is inside, or all are.
    """
    parameters = base or expected()
    true = known_inside(scene, inside)
    if not true.any() or true.all():
        raise InputError("nothing can be learnt from one kind of device", do="give prisons with both kinds")
    weighed = inputs(estimate(scene, parameters, seized(scene)), scene.candidates.prison)
    fitted = replace(parameters, fusion=_calibrated(weighed, true))
    spread = _spread(scene, fitted, weighed, true)
    return replace(fitted, count_spread=spread, source="prisons with known devices")


def _calibrated(weighed: Floats, true: Booleans) -> Fusion:
    """The mean of two calibrated weights, calibrated: the joint one, and the plain sum of the sturdy kinds.

    The joint weight is the better one where devices live as the classes expect; the sum holds where they live
    otherwise. A coefficient for each kind would fit better where it was fitted and be wrong elsewhere.
    """
    kinds = fused_kinds()
    parts = np.stack([np.isin(kinds, [JOINT]), np.isin(kinds, STURDY)]).astype(np.float64)
    found = [calibrate(weighed @ part, true) for part in parts]
    coefficients = np.array([one.slope / 2 for one in found]) @ parts
    offset = sum(one.offset / 2 for one in found)
    last = calibrate(offset + weighed @ coefficients, true)
    scaled = np.round(last.slope * coefficients, 6)
    return Fusion(kinds, round(last.offset + last.slope * offset, 6), tuple(scaled.tolist()))


def inputs(found: Estimate, prison: Numbers) -> Floats:
    """What is fused: weights of the kinds and the weight that they have together, (candidates, kinds + 1)."""
    single, joint = components(found, prison)
    return np.column_stack([single, joint])


def _spread(scene: Scene, parameters: Parameters, weighed: Floats, true: Booleans) -> float:
    """How far true counts lie from expected ones, on the logarithm, beyond the posteriors' own variance."""
    summed = add_up(seen(scene), parameters.plain)
    bits = parameters.fusion.apply(weighed) + COUNTS * summed.bits
    chance, _ = posterior(scene.candidates.stint, scene.candidates.prison, bits, summed.seen.expected)
    n = scene.prisons.num_rows
    expected_, met = (np.bincount(scene.candidates.prison, one, minlength=n) for one in (chance, true))
    own = np.bincount(scene.candidates.prison, chance * (1.0 - chance), minlength=n)
    use = expected_ >= 1.0
    excess = ((met - expected_) ** 2 - own)[use] / expected_[use] ** 2
    return (
        round(float(np.sqrt(max(float(excess.mean()), 0.0004))), 6) if use.any() else parameters.count_spread
    )
