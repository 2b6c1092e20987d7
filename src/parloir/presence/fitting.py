"""Parameters fitted on prisons whose devices are known: class tables, fusion, spread of the counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.errors import InputError
from parloir.presence.classes import classes
from parloir.presence.estimate import Estimate, Labels, components, estimate
from parloir.presence.parameters import Parameters, expected, fused_kinds
from parloir.presence.posterior import posterior
from parloir.presence.scene import Scene
from parloir.weights.fusion import fit_fusion, fold_of

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
CARRIED = 300.0
"""Most cases of a class that a fit hands on: the case at hand must still be able to say otherwise."""
FOLDS = 4


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
    """Parameters from prisons where every device inside is known.

    The weights that the fusion is fitted on come from prisons whose labels were held back.

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
    truth = _of_stints(scene, true)
    whole = estimate(scene, parameters, Labels(truth, ~truth))
    held_back = _held_back(scene, parameters, truth)
    fused = replace(parameters, fusion=fit_fusion(fused_kinds(), held_back, true))
    carried = {
        kind.name: _capped(counts) for kind, counts in zip(classes().kinds, _counts(whole), strict=True)
    }
    fitted = replace(fused, carried=carried, shares=whole.mixture.shares.mean(axis=0))
    spread = _spread(scene, fitted, held_back, true)
    return replace(fitted, count_spread=spread, source="prisons with known devices")


def inputs(found: Estimate, prison: Numbers) -> Floats:
    """What is fused: weights of the kinds and the weight that they have together, (candidates, kinds + 1)."""
    single, joint = components(found, prison)
    return np.column_stack([single, joint])


def _of_stints(scene: Scene, true: Booleans) -> Booleans:
    truth = np.zeros(scene.stints.size, dtype=bool)
    truth[scene.candidates.stint[true]] = True
    return truth


def _held_back(scene: Scene, parameters: Parameters, truth: Booleans) -> Floats:
    """Inputs of every candidate from a fit that did not know the labels of its site."""
    fold = fold_of(scene.stints.site, min(FOLDS, np.unique(scene.stints.site).size))
    result = np.zeros((scene.candidates.stint.size, len(fused_kinds())))
    for part in range(int(fold.max(initial=0)) + 1):
        told = fold != part
        found = estimate(scene, parameters, Labels(truth & told, ~truth & told))
        mine = ~told[scene.candidates.stint]
        result[mine] = inputs(found, scene.candidates.prison)[mine]
    return result


def _counts(found: Estimate) -> list[Floats]:
    """Cases of each class by level, for each kind."""
    codes = found.codes[found.best]
    return [
        np.stack([np.bincount(code[code >= 0], one[code >= 0], minlength=table.shape[1]) for one in classes_])
        for code, table, classes_ in (
            (codes[:, kind], table, found.belongs.T) for kind, table in enumerate(found.mixture.tables)
        )
    ]


def _capped(counts: Floats) -> Floats:
    total = counts.sum(axis=1, keepdims=True)
    capped = counts * np.minimum(1.0, CARRIED / np.maximum(total, 1.0))
    return np.asarray(np.round(capped, 6), dtype=np.float64)


def _spread(scene: Scene, parameters: Parameters, held_back: Floats, true: Booleans) -> float:
    """How far true counts lie from expected ones, on the logarithm, beyond the posteriors' own variance."""
    bits = parameters.fusion.apply(held_back)
    chance = posterior(scene.candidates.stint, scene.candidates.prison, bits, parameters)
    n = scene.prisons.num_rows
    expected_, met = (np.bincount(scene.candidates.prison, one, minlength=n) for one in (chance, true))
    own = np.bincount(scene.candidates.prison, chance * (1.0 - chance), minlength=n)
    use = expected_ >= 1.0
    excess = ((met - expected_) ** 2 - own)[use] / expected_[use] ** 2
    return (
        round(float(np.sqrt(max(float(excess.mean()), 0.0004))), 6) if use.any() else parameters.count_spread
    )
