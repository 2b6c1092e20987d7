"""Records that tell no offset from UTC are read by the time of where the prisons lie."""

import numpy as np
import pyarrow as pa
import pytest

from parloir import presence
from parloir.identifiers import radio_cell
from parloir.presence.zones import standard_offset

from .conftest import connect


def cells(*texts: str) -> np.ndarray:
    return np.array([radio_cell.parse(text) for text in texts], dtype=np.int64)


def prisons(*longitudes: float | None) -> pa.Table:
    return pa.table({"longitude": pa.array(longitudes, pa.float64())})


@pytest.mark.parametrize(
    ("country", "longitude", "minutes"),
    [("732-101", -74.1, -300), ("208-01", 2.3, 60), ("404-10", 77.2, 330), ("724-05", -46.6, -180)],
)
def test_the_country_of_the_radio_cells_tells_or_else_longitude(country, longitude, minutes):
    assert standard_offset(cells(f"ECGI:{country}-2560001"), prisons(longitude), 60) == minutes


def test_most_radio_cells_tell():
    mixed = cells("ECGI:262-01-2560001", "ECGI:732-101-2560001", "ECGI:732-101-2560002")
    assert standard_offset(mixed, prisons(None), 60) == -300


def test_where_no_country_is_told_the_usual_time_stays_unless_the_sun_is_far_off():
    plain = np.array([1, 2, 3], dtype=np.int64)
    assert standard_offset(plain, prisons(2.3, 4.0), 60) == 60
    assert standard_offset(plain, prisons(-74.0), 60) == -300
    assert standard_offset(plain, prisons(None), 60) == 60


def changed(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    at = table.schema.get_field_index(column)
    return table.set_column(at, table.schema.field(at), values)


def test_the_hours_of_such_records_are_local_and_that_is_said(world):
    """The same world an ocean farther west, six hours later, with and without offsets."""
    tables = dict(world.tables)
    for name in ("prisons", "radio_cells"):
        tables[name] = changed(
            tables[name], "longitude", pa.array(tables[name]["longitude"].to_numpy() - 78.0)
        )
    records = tables["network_records"]
    later = pa.array(records["started_us"].to_numpy() + 6 * 3_600_000_000)
    records = changed(records, "started_us", later)
    kind = records.schema.field("offset_min").type
    said, nights = [], []
    for offsets in (pa.array([-300] * records.num_rows, kind), pa.nulls(records.num_rows, kind)):
        tables["network_records"] = changed(records, "offset_min", offsets)
        found = presence.weigh(connect(type(world)(tables, world.inside)))
        said.append([one for one in found.remarks if "no offset" in one])
        nights.append(found.candidates["night"].to_pylist())
    assert nights[0] == nights[1]
    assert said[0] == [] and len(said[1]) == 1 and "UTC-05:00" in said[1][0]
