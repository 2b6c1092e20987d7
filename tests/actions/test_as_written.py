from __future__ import annotations

from parloir.actions.as_written import as_written
from parloir.identifiers import radio_cell


def test_values_stand_as_the_file_has_them() -> None:
    row = {
        "evidence": "0" * 64,
        "imei14": 35784512196814,
        "started_us": 1_747_770_285_000_000,
        "ended_us": None,
        "offset_min": 120,
        "radio_cell": radio_cell.parse("208-42-78-4385", "2G"),
        "duration_s": 33,
        "imeis": [35784512196814],
        "notes": [],
    }
    assert as_written(row) == {
        "imei": "357845121968140",
        "started": "2025-05-20 21:44:45+02:00",
        "radio_cell": "CGI:208-42-78-4385",
        "duration_s": "33",
        "imeis": "357845121968140",
    }


def test_times_without_an_offset_or_out_of_all_years_stay_as_they_are() -> None:
    assert as_written({"from_us": 5, "sent_us": 1 << 62, "sent_offset_min": 60}) == {
        "from_us": "5",
        "sent_us": str(1 << 62),
    }
