"""What the page says of copies, second IMEIs, models and found handsets."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from parloir.identifiers.imei import COPY
from parloir.presence import report
from parloir.weights.fusion import ADJUSTMENT

ONE, TWO = 35_000_000_000_001, 86_000_000_000_002


def finding(kind: str, millibits: int, other: int = TWO, from_us: int = 0) -> dict[str, object]:
    return {
        "proposition": "same_handset", "subject": f"handset:{ONE}", "object": f"handset:{other}",
        "from_us": from_us, "to_us": from_us + 9, "evidence_kind": kind, "millibits": millibits,
        "sentence": f"{kind}.",
    }  # fmt: skip


def test_a_copy_is_named_by_its_imei_and_which_of_how_many_it_is():
    numbers = pa.table({"handset": [ONE, ONE + COPY, ONE + 2 * COPY, TWO, TWO]})
    copies = report._copies(SimpleNamespace(candidates=numbers))
    assert copies == {ONE: 3}
    assert report._named(ONE, copies) == f"{ONE}, copy 1 of 3"
    assert report._named(ONE + 2 * COPY, copies) == f"{ONE}, copy 3 of 3"
    assert report._named(TWO, copies) == str(TWO)


def test_a_second_imei_comes_with_what_speaks_for_it_and_against_once():
    rows = [
        finding("imei", -2_200),
        finding("days", 9_000),
        finding("days", 9_000),
        finding("days", 1, 7, 99),
    ]
    found = SimpleNamespace(findings=pa.Table.from_pylist(rows))
    same = list(report._same(found, {"handset": ONE, "from_us": 0, "to_us": 9}))
    assert [one["imei"] for one in same] == [str(TWO)]
    assert same[0]["bits"] == pytest.approx(6.8)
    assert [bar["kind"] for bar in same[0]["bars"]] == ["days", "imei"]


def test_small_bars_are_folded_and_the_adjustment_is_not():
    bars = report._bars(
        [finding("days", 3_000), finding("hours", 40), finding(ADJUSTMENT, -30)], report.TITLES
    )
    assert [bar["weak"] for bar in bars] == [False, True, False]
    assert bars[0]["kind"] == "days running seen only by the prison's radio cells"


def test_no_two_kinds_of_evidence_bear_one_title():
    assert len(set(report.TITLES.values())) == len(report.TITLES)


def test_detection_is_measured_on_handsets_found_after_they_were_seen():
    candidates = {
        "imei14": [ONE, TWO, TWO + 1], "prison": ["P", "P", "P"], "probability": [0.9, 0.2, 0.1],
        "from_us": [0, 0, 50], "to_us": [9, 9, 60],
    }  # fmt: skip
    seized = {"imei14": [ONE, TWO, TWO + 1], "prison": ["P"] * 3, "found_us": [9, 9, 9], "model": [""] * 3}
    told = report._benchmarks(SimpleNamespace(candidates=pa.table(candidates)), pa.table(seized))
    assert (told["found"], told["found_flagged"]) == (2, 1)
    assert told["contraband"] == pytest.approx(0.9 / 1.2)


def test_a_timeline_of_a_few_days_is_wide_and_one_of_a_year_is_not_cut():
    for days, wide in ((3, report.DAY[1]), (365, report.DAY[0])):
        activity = pa.table({"day": np.array([100, 99 + days])})
        period = report._period(SimpleNamespace(activity=activity))
        assert (period["days"], period["day"]) == (days, wide)
