from __future__ import annotations

from parloir.places import RadioCell, prisons_of_france, quarters


def test_list_has_the_published_totals() -> None:
    rows = quarters()
    assert len(rows) == 276
    prisons = prisons_of_france()
    assert len(prisons) == 186
    assert sum(p.inmates or 0 for p in prisons) == 89_163
    assert sum(p.capacity or 0 for p in prisons) == 63_129


def test_coordinates_lie_in_france_and_overseas() -> None:
    assert all(-25 < p.latitude < 52 and -180 < p.longitude < 180 for p in prisons_of_france())


def test_sector_keeps_range_and_beam() -> None:
    north = RadioCell(1, "A", "2G", 48.0, 2.0, azimuth=0, beam_width=120, range_m=2_000)
    assert north.in_sector([48.01, 48.01, 47.99, 48.03], [2.0, 2.01, 2.0, 2.0]).tolist() == [
        True,
        True,
        False,
        False,
    ]
    assert RadioCell(2, "A", "2G", 48.0, 2.0).in_sector(40.0, 2.0)
