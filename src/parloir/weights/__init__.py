"""Likelihood ratios: component tables, fusion, calibration, bounds, validation. Knows no phones."""
