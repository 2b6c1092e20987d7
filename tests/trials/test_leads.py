from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from parloir.errors import InputError
from parloir.simulation import write_nation
from parloir.trials import Truth, score_leads


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world") / "demo"
    return write_nation("demo", 4, out, {"prisons": "2", "inmates": "600", "days": "3"}).truth


def leads_of(truth: Path, wrong: bool = False) -> pa.Table:
    handsets = Truth(truth).at_end
    holders = [h["holder"] for h in handsets]
    cells = [h["prison_cell"] for h in handsets]
    if wrong:
        holders, cells = holders[1:] + holders[:1], ["Z-9-999"] * len(cells)
    return pa.table(
        {
            "handset": [str(h["imeis"][0]) for h in handsets],
            "inmate": holders,
            "prison": [h["prison"] for h in handsets],
            "prison_cell": pa.array(cells, pa.string()),
            "probability": [0.9] * len(handsets),
        }
    )


def test_the_truth_itself_scores_one(truth: Path) -> None:
    scores = score_leads(leads_of(truth), truth)
    assert scores.top1 == scores.top5 == 1.0
    assert scores.strangers == 0
    assert 0 < scores.coverage <= 1
    assert scores.plan.gain > 0.95


def test_wrong_leads_score_nothing(truth: Path) -> None:
    scores = score_leads(leads_of(truth, wrong=True), truth)
    assert scores.top1 < 0.1
    assert scores.plan.plan <= scores.plan.chance
    assert scores.plan.gain < 0


def test_handsets_without_leads_count_as_missed(truth: Path) -> None:
    half = leads_of(truth).slice(0, len(Truth(truth).at_end) // 2)
    assert 0.3 < score_leads(half, truth).top1 < 0.7


def test_strangers_are_counted(truth: Path) -> None:
    table = leads_of(truth).slice(0, 1).set_column(0, "handset", pa.array(["1"]))
    scores = score_leads(table, truth)
    assert scores.strangers == 1
    assert scores.with_leads == 0


def test_leads_without_their_columns_are_refused(truth: Path) -> None:
    with pytest.raises(InputError, match="lack inmate"):
        score_leads(pa.table({"handset": ["1"]}), truth)
    with pytest.raises(InputError, match="no truth about handsets"):
        score_leads(leads_of(truth), truth.parent)
