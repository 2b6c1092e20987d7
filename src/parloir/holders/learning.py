"""Learning from the handsets of the case itself, without anybody's word, what a regular user shows.

A level weighs log2(r_l / mean r of the others there), r_l being how many times likelier a regular user shows
it than anybody else there. Expectation and maximisation: posteriors of the candidates under the current
ratios, then the ratios that these posteriors make likeliest, drawn towards where they started as by so many
handsets. A prison is weighed with ratios that its own handsets did not enter.

Source: A. P. Dempster, N. M. Laird, D. B. Rubin, J. R. Statist. Soc. B 39 (1977) 1–38; for linkage with a
fixed background, W. E. Winkler, ASA Survey Research Methods (1988) 667–671.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from parloir.holders.blocks import Background, Block
from parloir.holders.kinds import KINDS, NumberEvidence
from parloir.holders.parameters import Parameters
from parloir.holders.scales import ACQUIRED, CODES, DOING, FELLOWS, FIRST, by_kind, on_one_axis, within_strata
from parloir.weights.bits import posteriors, weaken
from parloir.weights.fusion import fold_of

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
_DONE = 0.1
"""Part of the strength of a start with which it counts in each stratum, for what is the user's own doing."""
_RATHER = 0.5
"""P(inside) from which a handset teaches."""
_STEADY = 10.0
"""Bits against a γ of 2 or ½ beforehand."""
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
    return _weigh(block, bits_of_codes(block.counts, background, parameters), parameters)


def bits_of_codes(counts: Floats, background: Background, parameters: Parameters) -> Floats:
    """What every code weighs where candidates show the codes so often.

    Args:
        counts: as `Block.counts`, of one handset or of several, shape (…, codes).
    """
    ratios = on_one_axis(parameters.ratios)
    return np.asarray(np.log2(ratios) - np.log2(background.mean_ratio(counts, ratios)))


def _weigh(block: Block, bits: Floats, parameters: Parameters) -> Weighed:
    kinds = bits[block.on_one_axis]
    ordered = block.ordered
    if ordered.places.size:  # an order counts as far as its link holds
        without = bits[FIRST[ACQUIRED] + ordered.without]
        with_it = kinds[ACQUIRED, ordered.places]
        kinds[ACQUIRED, ordered.places] = without + weaken(with_it - without, ordered.link)
    numbers = block.numbers.mixed(parameters.start, parameters.power)
    kinds[FELLOWS] = as_a_guest(kinds[FELLOWS], numbers, block.numbers.anybody)
    coefficients = np.array([parameters.fusion[kind.scale.name] for kind in KINDS])
    fused = coefficients @ kinds + parameters.fusion["correspondents"] * numbers
    prior = (1 - parameters.prior_none) / max(fused.size, 1)
    posterior = posteriors(prior, parameters.prior_none, fused) if fused.size else np.zeros(0)
    return Weighed(kinds, numbers, fused, posterior, prior)


def as_a_guest(fellows: Floats, numbers: Floats, anybody: float) -> Floats:
    """What numbers shared with a candidate's other handset add to those of the candidate's people.

    Who borrows a handset leaves his people and his other numbers on it, so both together are bounded as
    either is alone: A F / (1 + a A F) in place of F · A / (1 + a A), A being the ratio of his people's
    numbers, F that of the shared ones, a the chance that he is a guest.

    Args:
        fellows: bits of the shared numbers, shape (candidates,).
        numbers: bits of the candidates' people.
        anybody: a.
    """
    guest = np.minimum(anybody * np.exp2(np.minimum(numbers, 60.0)), 1.0)
    more = np.maximum(fellows, 0.0)
    return np.asarray(fellows - np.log2(1 + guest * (np.exp2(more) - 1)))


def log_likelihood(numbers: NumberEvidence, parameters: Parameters) -> float:
    """log2 probability of a handset's correspondents, whoever uses it."""
    bits = numbers.mixed(parameters.start, parameters.power)
    prior = np.log2((1 - parameters.prior_none) / bits.size)
    return numbers.unknown_bits + float(
        np.logaddexp2.reduce([*(bits + prior), np.log2(parameters.prior_none)])
    )


@dataclass(frozen=True)
class Counts:
    """Expected counts under the posteriors of some handsets.

    Attributes:
        shown: how often regular users show each code, shape (codes,).
        usual: how often they would if they were like anybody else there.
        grid: how often each point of the mixture.
        powers: log2 of how likely each γ makes what is met.
        none: how many handsets have no known user.
        handsets: how many there are, each as far as it is likely to be inside at all.
    """

    shown: Floats
    usual: Floats
    grid: Floats
    powers: Floats
    none: float
    handsets: float

    @classmethod
    def total(cls, parts: Iterable[Counts], parameters: Parameters) -> Counts:
        """All of them together."""
        grids = np.zeros_like(parameters.start), np.zeros_like(parameters.powers)
        total = cls(np.zeros(CODES), np.zeros(CODES), *grids, 0.0, 0.0)
        for part in parts:
            total = cls(*(getattr(total, name) + getattr(part, name) for name in cls.__annotations__))
        return total


@dataclass(frozen=True)
class Learnt:
    """What the handsets of a case taught.

    Attributes:
        background: what candidates show anyway.
        parameters: learnt from all handsets.
        apart: for each prison those learnt without the handsets of its fold.
    """

    background: Background
    parameters: Parameters
    apart: Mapping[str, Parameters]

    def weigh(self, block: Block) -> tuple[Weighed, Parameters]:
        """One handset, with what the handsets of its own prison did not enter."""
        parameters = self.apart.get(block.prison, self.parameters)
        return weigh_block(block, self.background, parameters), parameters


Expect = Callable[[Rows, Background, Parameters], Sequence[Counts | None]]
"""Expected counts of some handsets, as `expect` gives them."""


def learn(counts: Sequence[Floats], prisons: Sequence[str], start: Parameters, expecting: Expect) -> Learnt:
    """Learn from all handsets, then leave each fold of prisons out of its own parameters.

    Args:
        counts: `Block.counts` of every handset.
        prisons: where each was last.
        start: where learning starts.
        expecting: asked for some of the handsets, by their number.
    """
    background = Background.of(counts, start.smoothing)
    if not len(prisons):
        return Learnt(background, start, {})
    every = fold_of(np.array(prisons), start.folds)
    rows = np.arange(0, len(prisons), -(-len(prisons) // start.learn_from))
    current = start
    for _ in range(start.rounds):
        folds = _by_fold(every[rows], expecting(rows, background, current), start)
        before, current = current, _maximise(start, background, Counts.total(folds.values(), start))
        if _moved(before, current) < _SETTLED:
            break
    apart = {
        int(fold): _maximise(
            start, background, Counts.total((c for other, c in folds.items() if other != fold), start)
        )
        for fold in np.unique(every)
    }
    by_prison = {str(prison): apart[int(fold)] for prison, fold in zip(prisons, every, strict=True)}
    return Learnt(background, current, by_prison)


def _by_fold(folds: Rows, found: Sequence[Counts | None], start: Parameters) -> dict[int, Counts]:
    """Sums over the handsets of each fold."""
    parts: dict[int, list[Counts]] = {int(fold): [] for fold in folds}
    for fold, counts in zip(folds, found, strict=True):
        if counts is not None:
            parts[int(fold)].append(counts)
    return {fold: Counts.total(those, start) for fold, those in parts.items()}


def _moved(before: Parameters, after: Parameters) -> float:
    """The largest change of any ratio, in bits."""
    return max(float(np.abs(np.log2(after.ratios[k] / before.ratios[k])).max()) for k in after.ratios)


def expect(blocks: Sequence[Block], background: Background, parameters: Parameters) -> list[Counts | None]:
    """Expected counts of each handset, None of one that teaches nothing."""
    if not blocks:
        return []
    counts = np.array([block.counts for block in blocks])
    bits, local = bits_of_codes(counts, background, parameters), background.local(counts)
    return [
        _expect_block(block, (bits[row], local[row]), parameters) if _teaches(block) else None
        for row, block in enumerate(blocks)
    ]


def _teaches(block: Block) -> bool:
    """Whether records show a handset that is rather inside: of devices that live outside no candidate is the
    user, so that what their candidates show is what anybody shows."""
    activity = block.view.activity
    return block.codes.shape[1] > 0 and activity.shown and activity.segments[-1].probability >= _RATHER


def _expect_block(block: Block, tables: tuple[Floats, Floats], parameters: Parameters) -> Counts:
    """Of one handset; the tables are bits and shares of all codes there."""
    bits, local = tables
    inside = block.view.activity.segments[-1].probability
    p = _weigh(block, bits, parameters).posterior * inside
    every = np.broadcast_to(p, block.codes.shape)
    shown = np.bincount(block.on_one_axis.ravel(), weights=every.ravel(), minlength=CODES).astype(np.float64)
    usual = within_strata(shown) * local
    grid = block.numbers.parts(parameters.start, p)
    powers = block.numbers.likelihoods(parameters.start, p, parameters.powers)
    return Counts(shown, usual, grid, powers, inside - float(p.sum()), inside)


def _maximise(start: Parameters, background: Background, counts: Counts) -> Parameters:
    """Shown over usual, the start counting for `strength` handsets of average kind, rounded for every run.

    Of what is the user's own doing, the shares shown.
    """
    usual = start.strength * background.pooled
    ratios = on_one_axis(start.ratios)
    likelier = (counts.shown + usual * ratios) / (counts.usual + usual)
    done = counts.shown + start.strength * _DONE * ratios
    learnt = np.where(DOING, done / within_strata(done), likelier)
    grid = counts.grid + start.strength * start.start
    powers = counts.powers - _STEADY * np.log2(start.powers) ** 2
    none = (counts.none + start.strength * start.prior_none) / (counts.handsets + start.strength)
    return replace(
        start,
        ratios=by_kind(_rounded(learnt)),
        start=_rounded(grid / grid.sum()),
        power=float(start.powers[int(np.round(powers, 6).argmax())]),
        prior_none=float(_rounded(np.array(none))),
    )


def _rounded(values: Floats) -> Floats:
    """To 1e-6, and never 0."""
    return np.maximum(np.round(values, 6), 1e-6)
