"""The present moment, and days as the first moment of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from parloir.vault import Moment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """With the offset of this machine's clock."""
    return datetime.now(UTC).astimezone()


def moment(at: datetime) -> Moment:
    """A time with an offset, as custody events state it."""
    offset = at.utcoffset() or timedelta()
    return Moment(microseconds(at), int(offset.total_seconds() // 60))


def microseconds(at: datetime) -> int:
    """Microseconds since 1970-01-01 UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(us: int) -> datetime:
    """The time, in UTC."""
    return _EPOCH + timedelta(microseconds=us)


def start_of(day: date, timezone: str = "Europe/Paris") -> int:
    """First moment of a day there, in microseconds UTC.

    Args:
        day: a calendar day.
        timezone: IANA name.
    """
    return microseconds(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)))


def end_of(day: date, timezone: str = "Europe/Paris") -> int:
    """First moment after a day there, in microseconds UTC; the argument of an inclusive last day."""
    return start_of(day + timedelta(days=1), timezone)


def last_day(end_us: int, timezone: str = "Europe/Paris") -> str:
    """The last day before a moment, there, as ISO 8601 writes it: what `end_of` was given."""
    return from_microseconds(end_us - 1).astimezone(ZoneInfo(timezone)).date().isoformat()
