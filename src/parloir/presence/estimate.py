"""Classes of device estimated from the records at hand, and every candidate's weight under them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parloir.presence.classes import INSIDE, classes
from parloir.presence.coverage import learn, left_out, tightest
from parloir.presence.levels import UNSEEN, radio_levels
from parloir.presence.parameters import Parameters
from parloir.presence.scene import Scene
from parloir.weights.mixture import (
    Expectation,
    Mixture,
    Observations,
    fit,
    log_likelihoods,
    responsibilities,
    start,
)

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
TRUST = 0.1
"""How far a stint that is not known counts in the tables of the classes of others; in that of handsets
inside it does not count at all."""
SOFT = frozenset(["model", "service", "correspondents", "calls", "talk", "rate", "outgoing", "sessions"])
"""Habits and possessions: half of those who use a handset inside are like everybody else in them."""
FITTED = 40_000
"""Stints that the classes are fitted to; more say nothing new."""
PER_INMATE = 0.4
"""Most active IMEIs for each inmate: 22% of inmates with an active handset (40,000 seizures a year in France,
lives of six months), two IMEIs in some, and a third as much again for error."""
AT_A_TIME = 50_000
"""Candidates whose likelihoods under all classes are held at a time."""
ROUNDS = 3
"""Classes and coverage are learnt in turn; more rounds move next to nothing."""


@dataclass(frozen=True)
class Labels:
    """What is known of the stints beforehand, shape (stints,) each.

    Attributes:
        inside: known to be inside.
        outside: known not to be.
    """

    inside: Booleans
    outside: Booleans

    @property
    def allowed(self) -> Booleans:
        """Classes that each stint may belong to, shape (stints, classes)."""
        count = len(classes().names)
        only_inside = np.arange(count) == INSIDE
        allowed = np.ones((self.inside.size, count), dtype=bool)
        allowed[self.inside] = only_inside
        allowed[self.outside] = ~only_inside
        return allowed


@dataclass(frozen=True)
class Estimate:
    """Classes as estimated.

    Attributes:
        mixture: tables and shares; its groups are the prisons.
        codes: levels of the weighed kinds of each candidate, shape (candidates, kinds).
        single: levels of the single kinds of each candidate.
        best: the likeliest candidate of each stint by its radio cells, shape (stints,).
        shares_own: learnt share of each slot of `scene.candidates.own`.
        belongs: P(class) of each stint, shape (stints, classes).
    """

    mixture: Mixture
    codes: Numbers
    single: dict[str, Numbers]
    best: Numbers
    shares_own: Floats
    belongs: Floats


def seized(scene: Scene) -> Labels:
    """Labels from seizures: stints under way, or over, when their handset was found in that prison."""
    inside = np.zeros(scene.stints.size, dtype=bool)
    index = {name: place for place, name in enumerate(scene.prison_names)}
    rows: dict[int, list[tuple[int, int]]] = {}
    for row in scene.register.seized.to_pylist():
        if row["prison"] in index and row["found_us"] is not None:
            site = int(scene.site[index[row["prison"]]])
            rows.setdefault(int(row["imei14"]), []).append((site, int(row["found_us"])))
    imei14 = scene.handsets.imei14[scene.stints.handset]
    for at in np.flatnonzero(np.isin(imei14, np.array(sorted(rows), dtype=np.int64))):
        inside[at] = any(
            site == scene.stints.site[at] and found >= scene.seen.from_us[at]
            for site, found in rows[int(imei14[at])]
        )
    return Labels(inside, np.zeros(inside.size, dtype=bool))


def estimate(scene: Scene, parameters: Parameters, labels: Labels) -> Estimate:
    """Fit classes and coverage in turn.

    The class of handsets inside is held to what is expected of it, or known of seized ones (decision 0402).

    Args:
        scene: what was counted.
        parameters: what is expected.
        labels: what is known.
    """
    known, pairs = classes(), scene.candidates
    single = {name: code[pairs.stint] for name, code in scene.single.items()}
    single["radio"] = np.full(pairs.stint.size, UNSEEN, dtype=np.int64)
    shares = pairs.own_slots.expected
    own = tightest(pairs.own, shares[pairs.own.slot], np.ones(pairs.stint.size))[1]
    mixture, most = _start(parameters, scene), most_inside(scene)
    counted = np.where(np.arange(len(known.names)) == INSIDE, 0.0, TRUST)
    for turn in range(ROUNDS + 1):
        best = _best(pairs.stint, own, scene.stints.size)
        codes = known.codes(single)
        seen = _observations(codes[best], pairs.prison[best], labels, most)
        mixture = fit(mixture, _sample(seen), counted)
        if turn < ROUNDS:
            shares, own, raw = _radio(scene, responsibilities(mixture, seen)[0][:, INSIDE], best)
            single = {**single, "radio": radio_levels(raw)}
    return Estimate(mixture, codes, single, best, shares, responsibilities(mixture, seen)[0])


def components(found: Estimate, prison: Numbers) -> tuple[Floats, Floats]:
    """Weight of each kind (n, kinds), and of all together through the classes (n,), in bits.

    The alternative is the mixture of all other classes in the shares of the prison (n,).
    """
    starts = range(0, max(prison.size, 1), AT_A_TIME)
    parts = [_components(found, prison, slice(start, start + AT_A_TIME)) for start in starts]
    return np.concatenate([single for single, _ in parts]), np.concatenate([joint for _, joint in parts])


def _components(found: Estimate, prison: Numbers, rows: slice) -> tuple[Floats, Floats]:
    logs = log_likelihoods(found.mixture, found.codes[rows])
    others = found.mixture.shares[prison[rows]][:, INSIDE + 1 :]
    mixed = np.log2(others / others.sum(axis=1, keepdims=True))
    alternative = np.logaddexp2.reduce(logs[:, :, INSIDE + 1 :] + mixed[:, None, :], axis=2)
    together = np.logaddexp2.reduce(logs[:, :, INSIDE + 1 :].sum(axis=1) + mixed, axis=1)
    return logs[:, :, INSIDE] - alternative, logs[:, :, INSIDE].sum(axis=1) - together


def most_inside(scene: Scene) -> Floats:
    """The largest share that each class can have among the stints of a prison, shape (prisons, classes).

    Nobody has found more than `PER_INMATE` active IMEIs for each inmate; without this bound a rare class can
    be led away by a common one that is a little like it.
    """
    most = np.ones((scene.prisons.num_rows, len(classes().names)))
    inmates = np.array(  # capacity where the register tells no number
        [
            row["inmates"] or row["capacity"] or np.nan
            for row in scene.prisons.select(["inmates", "capacity"]).to_pylist()
        ]
    )
    stints = np.bincount(scene.candidates.prison, minlength=scene.prisons.num_rows)
    most[:, INSIDE] = np.clip(np.nan_to_num(PER_INMATE * inmates / np.maximum(stints, 1), nan=0.5), 1e-4, 0.5)
    return most


def _start(parameters: Parameters, scene: Scene) -> Mixture:
    kinds = classes().kinds
    priors = tuple(tuple(_prior(parameters, scene, part) for part in kind.parts) for kind in kinds)
    expectation = Expectation(priors, parameters.shares, parameters.concentration)
    return start(expectation, scene.prisons.num_rows)


def _prior(parameters: Parameters, scene: Scene, part: str) -> Floats:
    """Pseudo-cases of a single kind.

    Of a soft kind, half of the handsets inside are taken to be as the records at hand show everybody.
    """
    table = parameters.priors[part]
    if part not in SOFT:
        return table
    code = scene.single[part]
    everybody = np.bincount(code[code >= 0], minlength=table.shape[1]) + 1.0
    mixed = table.copy()
    mixed[INSIDE] = 0.5 * (table[INSIDE] + table[INSIDE].sum() * everybody / everybody.sum())
    return mixed


def _observations(codes: Numbers, groups: Numbers, labels: Labels, most: Floats) -> Observations:
    """A seized handset ends at its search by its seizure: that says nothing of how others end."""
    counted = np.ones(codes.shape, dtype=bool)
    ending = [kind.name for kind in classes().kinds].index("ending")
    counted[labels.inside, ending] = False
    return Observations(codes, groups, labels.allowed, counted, np.ones(groups.size), most)


def _sample(seen: Observations) -> Observations:
    """At most about `FITTED` stints: all that are known to be inside, every so-many-th of the others."""
    rare = seen.allowed[:, INSIDE] & (seen.allowed.sum(axis=1) == 1)
    others = np.flatnonzero(~rare)
    step = max(1, -(-others.size // FITTED))
    rows = np.sort(np.concatenate([np.flatnonzero(rare), others[::step]]))
    return seen.some(rows, np.where(rare[rows], 1.0, float(step)))


def _radio(scene: Scene, inside: Floats, best: Numbers) -> tuple[Floats, Floats, Floats]:
    """Learnt shares, every candidate's log-evidence, and its raw bits against the neighbourhood."""
    pairs = scene.candidates
    weight = np.zeros(pairs.stint.size)
    weight[best] = inside
    shares = learn(pairs.own, weight, pairs.own_slots)
    own = tightest(pairs.own, left_out(pairs.own, weight, pairs.own_slots), weight)[1]
    outside = left_out(pairs.around, 1.0 - inside, pairs.around_slots)
    around = tightest(pairs.around, outside, 1.0 - inside)[1]
    return shares, own, own - around[pairs.stint]


def _best(stint: Numbers, own: Floats, stints: int) -> Numbers:
    """Index of each stint's likeliest candidate; the first of equals."""
    order = np.lexsort((-own, stint))
    return order[np.searchsorted(stint[order], np.arange(stints))].astype(np.int64)
