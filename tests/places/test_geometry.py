from __future__ import annotations

import numpy as np
import pytest

from parloir.places import angle_between_deg, bearing_deg, destination, distance_m


def test_distance_matches_published_geodesics() -> None:
    # One degree of latitude at the equator and at the pole, one of longitude at the equator (WGS 84).
    assert distance_m(0, 0, 1, 0) == pytest.approx(110_574.4, rel=2e-4)
    assert distance_m(89, 0, 90, 0) == pytest.approx(111_693.9, rel=2e-4)
    assert distance_m(0, 0, 0, 1) == pytest.approx(111_319.5, rel=2e-4)
    # Paris (48.8566, 2.3522) to Marseille (43.2965, 5.3698).
    assert distance_m(48.8566, 2.3522, 43.2965, 5.3698) == pytest.approx(660_480, rel=1e-3)


def test_distance_is_nought_to_itself_and_symmetric() -> None:
    lats, lons = np.array([48.0, -33.0]), np.array([2.0, 151.0])
    assert np.all(distance_m(lats, lons, lats, lons) == 0)
    assert np.allclose(distance_m(48, 2, lats, lons), distance_m(lats, lons, 48, 2))


def test_destination_undoes_bearing_and_distance() -> None:
    lat, lon = destination(47.0, 3.0, np.array([0.0, 90.0, 215.0]), np.array([500.0, 4_000.0, 12_000.0]))
    assert np.allclose(distance_m(47.0, 3.0, lat, lon), [500, 4_000, 12_000], rtol=5e-3)
    assert np.allclose(angle_between_deg(bearing_deg(47.0, 3.0, lat, lon), [0, 90, 215]), 0, atol=0.1)


def test_angles_turn_the_short_way() -> None:
    assert angle_between_deg(350, 10) == pytest.approx(20)
    assert angle_between_deg(90, 270) == pytest.approx(180)
