"""Learning from the handsets of the case itself, without anybody's word, what a regular user shows.

A level weighs log2(r_l / mean r of the others there), r_l being how many times likelier a regular user shows
it than anybody else there. Expectation and maximisation: posteriors of the candidates under the current
ratios, then the ratios that these posteriors make likeliest, drawn towards where they started as by so many
handsets. A prison is weighed with ratios that its own handsets did not enter.

Source: A. P. Dempster, N. M. Laird, D. B. Rubin, J. R. Statist. Soc. B 39 (1977) 1–38; for linkage with a
fixed background, W. E. Winkler, ASA Survey Research Methods (1988) 667–671.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from parloir.holders.blocks import Background, Block
from parloir.holders.kinds import ACQUISITION, KINDS, NumberEvidence
from parloir.holders.parameters import Parameters
from parloir.weights.bits import posteriors, weaken
from parloir.weights.fusion import fold_of

Floats = npt.NDArray[np.float64]
_ACQUISITION = KINDS.index(ACQUISITION)
_SETTLED = 0.01
"""Bits; learning stops when no ratio moves further."""


@dataclass(frozen=True)
class Weighed:
    """Weights of one handset's candidates.

    Attributes:
        kinds: bits of each kind of `KINDS`, shape (kinds, candidates).
        numbers: bits of the correspondents, shape (candidates,).
        fused: bits of all together, shape (candidates,).
        posterior: probability of each candidate, shape (candidates,).
        prior: the prior of each candidate.
    """

    kinds: Floats
    numbers: Floats
    fused: Floats
    posterior: Floats
    prior: float


def weigh_block(block: Block, background: Background, parameters: Parameters) -> Weighed:
    """Weigh one handset: W_I = Σ over kinds of coefficient · weight, then the posteriors."""
    kinds = np.array([_kind_bits(block, background, parameters, number) for number in range(len(KINDS))])
    numbers = block.numbers.mixed(parameters.start)
    coefficients = np.array([parameters.fusion[kind.scale.name] for kind in KINDS])
    fused = coefficients @ kinds + parameters.fusion["correspondents"] * numbers
    prior = (1 - parameters.prior_none) / max(fused.size, 1)
    posterior = posteriors(prior, parameters.prior_none, fused) if fused.size else np.zeros(0)
    return Weighed(kinds, numbers, fused, posterior, prior)


def log_likelihood(numbers: NumberEvidence, parameters: Parameters) -> float:
    """log2 probability of a handset's correspondents, whoever uses it."""
    bits = numbers.mixed(parameters.start)
    prior = np.log2((1 - parameters.prior_none) / bits.size)
    return numbers.unknown_bits + float(
        np.logaddexp2.reduce([*(bits + prior), np.log2(parameters.prior_none)])
    )


def _kind_bits(block: Block, background: Background, parameters: Parameters, number: int) -> Floats:
    """Bits of one kind; an order counts as far as its link holds."""
    codes, ratios = block.codes[number], parameters.ratios[KINDS[number].scale.name]
    table = np.log2(ratios) - np.log2(background.mean_ratio(block, number, ratios))
    if number != _ACQUISITION:
        return np.asarray(table[codes])
    without = table[block.unordered]
    return np.asarray(without + weaken(table[codes] - without, block.link))


@dataclass
class _Counts:
    """Expected counts under the posteriors of some handsets.

    Attributes:
        shown: for each kind how often regular users show each code.
        usual: how often they would if they were like anybody else there.
        grid: how often each pair of h and g.
        none: how many handsets have no known user.
        handsets: how many there are, each as far as it is likely to be inside at all.
    """

    shown: dict[str, Floats]
    usual: dict[str, Floats]
    grid: Floats
    none: float
    handsets: float

    def __add__(self, other: _Counts) -> _Counts:
        return _Counts(
            {name: counts + other.shown[name] for name, counts in self.shown.items()},
            {name: counts + other.usual[name] for name, counts in self.usual.items()},
            self.grid + other.grid,
            self.none + other.none,
            self.handsets + other.handsets,
        )


def learn(
    blocks: Sequence[Block], background: Background, start: Parameters
) -> tuple[Parameters, Mapping[str, Parameters]]:
    """Learn from all handsets, then leave each fold of prisons out of its own parameters.

    Returns:
        parameters from all handsets, and for each prison those from the other folds.
    """
    prisons = np.array([block.prison for block in blocks])
    if not prisons.size:
        return start, {}
    folds = fold_of(prisons, start.folds)
    step = -(-len(blocks) // start.learn_from)
    current = start
    for _ in range(start.rounds):
        counts = _expect(blocks[::step], background, current, folds[::step])
        before, current = current, _maximise(start, background, _total(counts.values(), start))
        if _moved(before, current) < _SETTLED:
            break
    apart = {
        int(fold): _maximise(
            start, background, _total((c for other, c in counts.items() if other != fold), start)
        )
        for fold in np.unique(folds)
    }
    return current, {str(prison): apart[int(fold)] for prison, fold in zip(prisons, folds, strict=True)}


def _moved(before: Parameters, after: Parameters) -> float:
    """The largest change of any ratio, in bits."""
    return max(float(np.abs(np.log2(after.ratios[k] / before.ratios[k])).max()) for k in after.ratios)


def _expect(
    blocks: Sequence[Block], background: Background, parameters: Parameters, folds: npt.NDArray[np.intp]
) -> dict[int, _Counts]:
    counts: dict[int, _Counts] = {}
    for block, fold in zip(blocks, folds, strict=True):
        if block.codes.shape[1]:
            one = _expect_block(block, background, parameters)
            counts[int(fold)] = counts[int(fold)] + one if int(fold) in counts else one
        else:
            counts.setdefault(int(fold), _nothing(parameters))
    return counts


def _expect_block(block: Block, background: Background, parameters: Parameters) -> _Counts:
    weighed = weigh_block(block, background, parameters)
    inside = block.view.activity.segments[-1].probability
    p = weighed.posterior * inside
    shown, usual = {}, {}
    for number, kind in enumerate(KINDS):
        codes, stratum = block.codes[number], kind.scale.stratum_of
        counts = np.bincount(codes, weights=p, minlength=stratum.size).astype(np.float64)
        shown[kind.scale.name] = counts
        mass = np.bincount(stratum, weights=counts)[stratum]
        usual[kind.scale.name] = mass * background.local(block, number)
    grid = block.numbers.parts(parameters.start, p)
    return _Counts(shown, usual, grid, inside - float(p.sum()), inside)


def _nothing(parameters: Parameters) -> _Counts:
    zeros = {name: np.zeros_like(ratios) for name, ratios in parameters.ratios.items()}
    return _Counts(zeros, dict(zeros), np.zeros_like(parameters.start), 0.0, 0.0)


def _total(counts: Iterable[_Counts], parameters: Parameters) -> _Counts:
    total = _nothing(parameters)
    for part in counts:
        total = total + part
    return total


def _maximise(start: Parameters, background: Background, counts: _Counts) -> Parameters:
    """Shown over usual, the start counting for `strength` handsets of average kind, rounded for every run."""
    ratios = {}
    for number, kind in enumerate(KINDS):
        name, usual = kind.scale.name, start.strength * background.pooled[number]
        shown = counts.shown[name] + usual * start.ratios[name]
        ratios[name] = _rounded(shown / (counts.usual[name] + usual))
    grid = counts.grid + start.strength * start.start
    none = (counts.none + start.strength * start.prior_none) / (counts.handsets + start.strength)
    return replace(
        start, ratios=ratios, start=_rounded(grid / grid.sum()), prior_none=float(_rounded(np.array(none)))
    )


def _rounded(values: Floats) -> Floats:
    """To 1e-6, and never 0."""
    return np.maximum(np.round(values, 6), 1e-6)
