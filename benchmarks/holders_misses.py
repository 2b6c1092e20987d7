"""Where the true holder is missed, by the first cause that applies.

`python -m benchmarks.holders_misses [SEED …]` prints the table of docs/methods/holders.md on simulated worlds
(size small; seeds 11 and 12 unless told, which nothing shipped was fitted on). Counted are the handsets of
top-1: in use at the end of the records, the holder with a recorded contact, visit, transfer or linked order;
truth only scores.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from parloir.holders.world import World as Registers
from parloir.holders.world import load_world
from parloir.trials.pairs import starts
from parloir.trials.truth import CLONE, Truth
from parloir.trials.weighed import Setting, World, build

FOLDER = Path("bench-data/holders")
SEEDS = (11, 12)
CAUSES = (
    "not found inside",
    "the holder was not there by the registers",
    "none of the holder's people met, lost to a cell-mate",
    "none of the holder's people met, lost to another",
    "the holder's people met, lost to a cell-mate",
    "the holder's people met, lost to another",
)
RIGHT = ("none of the holder's people met, right", "the holder's people met, right")


@dataclass(frozen=True)
class Missed:
    """One handset: what became of it, and the rank of the true holder (0 first)."""

    cause: str
    rank: int | None


def outcomes(world: World) -> Iterator[Missed]:
    """Every handset that counts."""
    truth, pairs = world.truth, world.weighed().tables["pairs"]
    registers = load_world(world.store.connect())
    counted = {h["handset"] for h in truth.at_end if h["covered"] and not h["never_on"]}
    best: dict[int, Missed] = {}
    for begin, end in pairwise([*starts(pairs).tolist(), pairs.num_rows]):
        handset = truth.handset_of.get(int(pairs["handset"][begin].as_py()) % CLONE)
        if handset is not None and handset in counted:
            found = _outcome(pairs.slice(begin, end - begin), truth, registers)
            if handset not in best or _before(found, best[handset]):
                best[handset] = found
    yield from (best.get(handset, Missed(CAUSES[0], None)) for handset in counted)


def _before(one: Missed, other: Missed) -> bool:
    """Of two devices that are one handset, that which names the holder sooner."""
    return one.rank is not None and (other.rank is None or one.rank < other.rank)


def _outcome(pairs: pa.Table, truth: Truth, registers: Registers) -> Missed:
    inmates, posterior = pairs["inmate"].to_pylist(), pairs["posterior"].to_numpy()
    user = truth.user_of(int(pairs["handset"][0].as_py()))
    if user not in inmates:
        return Missed(CAUSES[1], None)
    place, first = inmates.index(user), int(posterior.argmax())
    rank = int((posterior > posterior[place]).sum())
    met = (
        "the holder's people met"
        if pairs["correspondents"][place].as_py() > 0
        else "none of the holder's people met"
    )
    if first == place:
        return Missed(f"{met}, right", rank)
    when, prison = int(pairs["last_us"][0].as_py()), str(pairs["prison"][0].as_py())
    cells = [_prison_cell(registers, prison, str(inmates[at]), when) for at in (place, first)]
    same = cells[0] is not None and cells[0] == cells[1]
    return Missed(f"{met}, lost to {'a cell-mate' if same else 'another'}", rank)


def _prison_cell(registers: Registers, prison: str, inmate: str, moment: int) -> str | None:
    """Where an inmate was at that moment."""
    here = registers.prisons.get(prison)
    if here is None:
        return None
    stays = here.stays
    then = (stays.inmate == registers.index[inmate]) & (stays.start <= moment) & (stays.end >= moment)
    rows = np.flatnonzero(then)
    return None if not rows.size or stays.what[rows[0]] is None else str(stays.what[rows[0]])


def main() -> None:
    """Print the table."""
    seeds = [int(text) for text in sys.argv[1:] if text.isdigit()] or list(SEEDS)
    found = [list(outcomes(build(Setting("small", seed), FOLDER))) for seed in seeds]
    counts = [Counter(one.cause for one in each) for each in found]
    print(f"{'':<56}   seeds {' '.join(map(str, seeds))}")
    for name in (*RIGHT, *CAUSES):
        print(f"{name:<56} {' '.join(f'{count[name]:>6}' for count in counts)}")
    for words, most in (("top-1", 1), ("top-5", 5)):
        shares = [np.mean([one.rank is not None and one.rank < most for one in each]) for each in found]
        print(f"{words:<56} {' '.join(f'{share:>6.3f}' for share in shares)}")


if __name__ == "__main__":
    main()
