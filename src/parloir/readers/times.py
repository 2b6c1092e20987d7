"""Dates and times as sources write them, to UTC microseconds.

Forms: ISO 8601 with or without offset; figures in the order day, month, year or month, day, year; month names
in English and French; digits run together (8, 12 or 14 of them); seconds (10 digits), milliseconds (13) or
microseconds (16) since 1970 UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from parloir.errors import InputError

DateOrder = Literal["dmy", "mdy"]
EARLIEST, LATEST = 1900, 2199
"""Years that a record of people and phones can bear."""
DAY_NUMBER = "taken for a spreadsheet's count of days since 1900"
TWICE = "the local hour occurs twice; the first is taken"
NEVER = "the local hour was left out by the change of clocks; it is moved forward"

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier",
            "feb february fev fevr fevrier fév févr février",
            "mar march mars",
            "apr april avr avril",
            "may mai",
            "jun june juin",
            "jul july juil juillet",
            "aug august aou aout aoû août",
            "sep sept september septembre",
            "oct october octobre",
            "nov november novembre",
            "dec december déc décembre decembre",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY = re.compile(
    r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"
    r"|(?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})[-/.](?P<c>[0-9]{4}|[0-9]{2})"
    r"|(?P<nd>[0-9]{1,2})[-/. ](?P<name>[^\W\d_]{3,9})\.?[-/. ,](?P<ny>[0-9]{4}|[0-9]{2})"
)
_CLOCK = re.compile(
    r"(?P<h>[0-9]{1,2})(?:[hH]|[:hH](?P<mi>[0-9]{1,2}))(?:[:mM](?P<s>[0-9]{1,2})s?(?:[.,](?P<f>[0-9]{1,9}))?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)? ?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)
_UNIX = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +([0-9]{1,2}) ([0-9:]{8}) (?:UTC|GMT) ([0-9]{4})")
"""As the program `date` prints it."""
_DAY_NUMBER = re.compile(r"[1-6][0-9]{4}(?:[.,][0-9]{1,12})?")
_T = re.compile(r"(?<=[0-9])T(?=[0-9])")
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
SINCE_1970 = {10: 1_000_000, 13: 1_000, 16: 1}
"""Digits of a count since 1970 to the microseconds of its unit."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that was read.

    Attributes:
        us: microseconds since 1970 UTC.
        offset_min: the source's offset from UTC in minutes.
        remark: what is doubtful about it, or empty.
    """

    us: int
    offset_min: int
    remark: str = ""

    @property
    def day(self) -> date:
        """The day in UTC."""
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.us)).date()


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        InputError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InputError(
            f"“{name[:60]}” is not a time zone", do="write an IANA name such as Europe/Paris"
        ) from error


def parse_moment(text: str, local: ZoneInfo, order: DateOrder = "dmy") -> Moment | None:
    """A date, with or without a time of day, or None."""
    if unix := _UNIX.fullmatch(text):
        month, day_of_month, clock_time, year = unix.groups()
        text = f"{day_of_month} {month} {year} {clock_time} UTC"
    written = " ".join(_T.sub(" ", text, count=1).split()) if text[:1].isdigit() else ""
    if written.isdigit() and written.isascii():
        return _digits(written, local)
    match = _DAY.match(written)
    day = _day(match, order) if match else None
    if match is None or day is None:
        return None
    rest = written[match.end() :].strip(" ,à")
    if not rest:
        return localised(datetime.combine(day, time.min), local)
    clock = _CLOCK.fullmatch(rest)
    return _moment(day, clock, local) if clock else None


def parse_day(text: str, order: DateOrder = "dmy") -> date | None:
    """A calendar day, or None; a time of day after it is ignored."""
    found = parse_moment(text, zone("UTC"), order)
    return found.day if found else None


def parse_day_number(text: str, local: ZoneInfo) -> Moment | None:
    """A date that lost its form in a spreadsheet: days since 1900, 10000 (1927) to 69999 (2091), or None.

    Source: ECMA-376 part 1, 18.17.4.1, the 1900 date base system. Its 29 February 1900 lies before these.
    """
    if not _DAY_NUMBER.fullmatch(text):
        return None
    days = timedelta(seconds=round(float(text.replace(",", ".")) * 86400))
    moment = localised(datetime(1899, 12, 30) + days, local)  # noqa: DTZ001 - local on purpose
    return Moment(moment.us, moment.offset_min, "; ".join(filter(None, (DAY_NUMBER, moment.remark))))


def localised(naive: datetime, local: ZoneInfo) -> Moment:
    """A local time in its zone; of an hour that occurs twice, the first."""
    first, second = naive.replace(tzinfo=local, fold=0), naive.replace(tzinfo=local, fold=1)
    before, after = _offset(first), _offset(second)
    moment = Moment(_microseconds(naive) - before * 60_000_000, before)
    if before == after:
        return moment
    return Moment(moment.us, before if before > after else after, TWICE if before > after else NEVER)


def _offset(moment: datetime) -> int:
    shift = moment.utcoffset() or timedelta()
    return round(shift.total_seconds() / 60)


def _microseconds(naive: datetime) -> int:
    return (naive - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001 - local on purpose


def _digits(digits: str, local: ZoneInfo) -> Moment | None:
    if scale := SINCE_1970.get(len(digits)):
        return Moment(int(digits) * scale, 0)
    form = _COMPACT.get(len(digits))
    if form is None:
        return None
    try:
        naive = datetime.strptime(digits, form)  # noqa: DTZ007 - local on purpose
    except ValueError:
        return None
    return localised(naive, local) if EARLIEST <= naive.year <= LATEST else None


def _day(match: re.Match[str], order: DateOrder) -> date | None:
    part = match.groupdict()
    if part["y"]:
        year, month, day = part["y"], int(part["m"]), part["d"]
    elif part["name"]:
        year, month, day = part["ny"], _MONTHS.get(part["name"].lower(), 0), part["nd"]
    else:
        first, second = (part["a"], part["b"]) if order == "dmy" else (part["b"], part["a"])
        year, month, day = part["c"], int(second), first
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 69 else 1900)
    try:
        return date(full, month, int(day)) if EARLIEST <= full <= LATEST else None
    except ValueError:
        return None


def _moment(day: date, clock: re.Match[str], local: ZoneInfo) -> Moment | None:
    hour, half = int(clock["h"]), (clock["half"] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = int((clock["f"] or "0").ljust(6, "0")[:6])
    try:
        naive = datetime.combine(day, time(hour, int(clock["mi"] or 0), int(clock["s"] or 0), fraction))
    except ValueError:
        return None
    return _offset_told(naive, clock["zone"]) if clock["zone"] else localised(naive, local)


def _offset_told(naive: datetime, written: str) -> Moment | None:
    if written[0] not in "+-":
        return Moment(_microseconds(naive), 0)
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    if minutes > 18 * 60:
        return None
    offset = -minutes if written[0] == "-" else minutes
    return Moment(_microseconds(naive) - offset * 60_000_000, offset)
