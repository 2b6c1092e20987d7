from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from parloir.actions.write_statement import _Ground
from parloir.holders.world import Prison, Spans, World


def test_occupants_are_those_of_every_prison_cell_that_the_inmate_had_meanwhile() -> None:
    """Inmate 0 moves from A to B; 1 is in A and 2 in B at that time, 3 in A long before, 4 elsewhere."""
    numbers, texts = np.zeros(0, np.int64), np.zeros(0, object)
    none = Spans(numbers, numbers, numbers, texts, texts, numbers)
    stays = Spans(
        inmate=np.array([3, 0, 1, 4, 0, 2]),
        start=np.array([0, 100, 100, 100, 150, 160]),
        end=np.array([50, 149, 200, 200, 200, 200]),
        what=np.array(["A", "A", "A", "C", "B", "B"], dtype=object),
        table=np.array([""] * 6, dtype=object),
        row=np.arange(6),
    )
    names = np.array([f"I{n}" for n in range(5)], dtype=object)
    world = World(names, {"P": Prison("P", stays, none, none, none)}, {f"I{n}": n for n in range(5)})
    lead = {"inmate": "I0", "prison": "P", "prison_cell": "B"}
    held = pa.table({"inmate": ["I0", "I1"]})
    ground = _Ground(lead, held, held, (100, 200), world, datetime(2025, 1, 1, tzinfo=UTC))
    occupants = {one.inmate: one for one in ground.occupants()}
    assert set(occupants) == {"I1", "I2"}
    assert occupants["I1"].share > occupants["I2"].share
    assert (occupants["I1"].at_most, occupants["I2"].at_most) == (False, True)
