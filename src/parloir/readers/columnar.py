"""Columns of text from a database to columns of canonical tables, whole batches at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.identifiers.columns import one_array
from parloir.readers import times
from parloir.readers.times import Moment
from parloir.tables import Table
from parloir.vault.member import Member

pc: Any = pyarrow.compute
Array: TypeAlias = "pa.Array[Any]"

_HOUR = 3_600_000_000
_WHOLE = r"^-?[0-9]{1,18}$"
_DECIMAL = r"^-?[0-9]{1,13}(\.[0-9]{1,12})?$"
_NO_DATE = r"^0000-00-00( 00:00:00(\.0+)?)?$"


def filled(text: Any) -> Array:
    """The text as written, null where there is none."""
    column = one_array(text)
    return _array(pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), None, column))


def whole(text: Any) -> Array:
    """Whole numbers as int64, null for anything else."""
    column = one_array(text)
    return _array(pc.if_else(pc.match_substring_regex(column, _WHOLE), column, None).cast(pa.int64()))


def key(text: Any) -> Array:
    """A whole number that refers to a row, null for 0, by which shops mean none; from text or numbers."""
    column = one_array(text)
    numbers = column if column.type == pa.int64() else whole(column)
    return _array(pc.if_else(pc.equal(numbers, 0), None, numbers))


def record(kind: str, keys: Array) -> Array:
    """`kind:key`, as one record of a source is named; null where the key is."""
    return _array(pc.binary_join_element_wise(kind, keys.cast(pa.string()), ":"))


def yes(text: Any) -> Array:
    """Whether a flag is set; null where it is not told."""
    numbers = whole(text)
    return _array(pc.not_equal(numbers, 0))


def cents(text: Any) -> Array:
    """Decimal amounts in hundredths, halves rounded away from zero; null for anything else."""
    column = one_array(text)
    told = pc.if_else(pc.match_substring_regex(column, _DECIMAL), column, None)
    hundredfold = pc.multiply(told.cast(pa.decimal128(25, 12)), pa.scalar(Decimal(100)))
    return _array(pc.round(hundredfold, 0, round_mode="half_towards_infinity").cast(pa.int64()))


def joined(columns: Sequence[Array], separator: str) -> Array:
    """What is filled of several columns, joined; null where nothing is."""
    # null_handling="skip" is not used: pyarrow 26 leaves out the rows of which every part is null.
    whole_text, *others = (filled(column) for column in columns)
    for part in others:
        both = pc.binary_join_element_wise(whole_text, part, separator)
        whole_text = pc.coalesce(both, whole_text, part)
    return whole_text


def first_filled(*columns: Array) -> Array:
    """The first of several columns that is filled."""
    return _array(pc.coalesce(*(filled(column) for column in columns)))


def days(text: Any) -> Array:
    """Calendar days; null for the zero date and anything else."""
    column = one_array(text)
    return _array(pc.strptime(column, format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32()))


@dataclass(frozen=True, slots=True)
class Times:
    """A column of times.

    Attributes:
        us: UTC microseconds.
        offset_min: the source's offset.
        remark: what is doubtful about each, mostly null.
    """

    us: Array
    offset_min: Array
    remark: Array


def moments(text: Any, zone: ZoneInfo) -> Times:
    """Local times as MySQL writes them (`2025-03-01 10:00:00`); the zero date is null and no doubt."""
    column = one_array(text)
    naive = pc.strptime(column, format="%Y-%m-%d %H:%M:%S", unit="us", error_is_null=True).cast(pa.int64())
    in_range = pc.and_(pc.greater_equal(naive, _us(times.EARLIEST)), pc.less(naive, _us(times.LATEST + 1)))
    naive = pc.if_else(in_range, naive, None)
    told = pc.invert(pc.match_substring_regex(pc.utf8_trim_whitespace(pc.coalesce(column, "")), _NO_DATE))
    lost = pc.and_(pc.and_(told, pc.is_null(naive)), pc.is_valid(filled(column)))
    local = _localised(naive, zone)
    return Times(local.us, local.offset_min, _array(pc.if_else(lost, "is no date and time", local.remark)))


def _localised(naive: Any, zone: ZoneInfo) -> Times:
    """Local microseconds in their zone; the shift is found once for each hour, on which clocks change."""
    hours = np.asarray(naive.fill_null(0)) // _HOUR
    distinct, place = np.unique(hours, return_inverse=True)
    found = [_hour(hour, zone) for hour in distinct.tolist()]
    index: Any = pa.array(place.reshape(-1), mask=~np.asarray(naive.is_valid()))
    shifts = pa.array(
        [hour * _HOUR - moment.us for hour, moment in zip(distinct.tolist(), found, strict=True)], pa.int64()
    )
    offsets = pa.array([moment.offset_min for moment in found], pa.int16())
    remarks = pa.array([moment.remark or None for moment in found], pa.string())
    us = pc.subtract(naive, shifts.take(index))
    return Times(_array(us), offsets.take(index), remarks.take(index))


@lru_cache(maxsize=1 << 15)
def _hour(hour: int, zone: ZoneInfo) -> Moment:
    """The beginning of a local hour, counted from 1970."""
    return times.localised(_EPOCH + timedelta(hours=hour), zone)


_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local on purpose


def _us(year: int) -> int:
    return (datetime(year, 1, 1) - _EPOCH) // timedelta(microseconds=1)  # noqa: DTZ001 - as above


def canonical(
    table: Table, member: Member, source_table: str, numbers: Array, columns: Mapping[str, Any]
) -> pa.RecordBatch:
    """A batch of a canonical table; a column not given is null."""
    count = len(numbers)
    place = {
        "evidence": pa.repeat(member.evidence, count),
        "member": pa.repeat(member.name, count),
        "source_table": pa.repeat(source_table, count),
        "source_row": numbers,
    }
    given = {**columns, **place}
    arrays = [
        _array(given[field.name]).cast(field.type) if field.name in given else pa.nulls(count, field.type)
        for field in table.schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)


def _array(values: Any) -> Array:
    return one_array(values)
