"""Dates of birth however they were written, whole or in part."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from parloir.identifiers.digits import western
from parloir.identifiers.person_name import fold

EARLIEST, LATEST = 1000, 2100
_MONTHS = {
    prefix: number
    for number, prefixes in enumerate(
        (
            "jan gen ene ian sty oca janfy ynayr",
            "feb fev fbr fvr lut sub fyfry fbrayr shbat",
            "mar mrt mrz maart adhar",
            "apr avr abr kwi nis afryl abryl nysan",
            "may mai mei maj mag mayis mayw ayar",
            "jun juin giu iun cze haz jwan ywnyw hzyran",
            "jul juil lug iul lip tem jwylya ywlyw ywlywz tmwz",
            "aug aou aout ago sie agu awt aghsts ghsht ab",
            "sep set wrz eyl sbtmbr shtnbr aylwl",
            "oct okt ott out paz eki aktwbr",
            "nov noi lis kas nwfmbr nwnbr",
            "dec des dez dic gru ara dysmbr djnbr",
        ),
        1,
    )
    for prefix in prefixes.split()
}
"""How the months begin in the languages of Europe, in Turkish and in Arabic, folded."""
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})(?: .*)?")
_RUN = re.compile(r"([0-9]{8})(?:\.0)?")
_WORDED = re.compile(r"([0-9]{1,2})(?:er|st|nd|rd|th|o|a)? (?:de |di )?([a-z]+) (?:de |del )?([0-9]{4})")
_WORDED_US = re.compile(r"([a-z]+) ([0-9]{1,2}) ([0-9]{4})")
_CIRCA = re.compile(r"(?:c|ca|circa|about|abt|um|vers|env|environ|~)(?:\.|\b) *(?=[0-9])", re.I)
"""Before a year that is not certain."""
_YEAR = re.compile(r"([0-9]{4})(?:\.0)?")
_YEAR_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")


@lru_cache(maxsize=1 << 17)
def parse(text: str | None, month_first: bool = False) -> str | None:
    """`YYYY-MM-DD`, `YYYY-MM` or `YYYY`; None for nothing, `00/00/0000` and what is no date.

    Args:
        text: as written, in digits of any script: 1984-03-12, 12/03/1984, 12.3.84, 19840312, 12 mars 1984,
            1984, c. 1984.
        month_first: 03/12/1984 is the 12th of March.
    """
    written = _CIRCA.sub("", western(text or "").strip()).rstrip("?").strip()
    if match := _YEAR_FIRST.fullmatch(written):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.fullmatch(written):
        first, second = int(match[1]), int(match[2])
        day, month = (second, first) if month_first else (first, second)
        year = _year(match[3])
        return _date(year, month, day) or _date(year, day, month)
    if match := _RUN.fullmatch(written):
        return _run(match[1])
    if match := _YEAR_MONTH.fullmatch(written):
        return _date(int(match[1]), int(match[2]), 0)
    return _year_only(written) or _worded(fold(written))


def _year(digits: str) -> int:
    """Two digits are the last hundred years."""
    if len(digits) == 4:
        return int(digits)
    century = 2000 if int(digits) <= date.today().year % 100 else 1900  # noqa: DTZ011
    return century + int(digits)


def _run(digits: str) -> str | None:
    year_first = _date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    return year_first or _date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))


def _year_only(written: str) -> str | None:
    match = _YEAR.fullmatch(written)
    return _date(int(match[1]), 0, 0) if match else None


def _worded(folded: str) -> str | None:
    if match := _WORDED.fullmatch(folded):
        day, word, year = match[1], match[2], match[3]
    elif match := _WORDED_US.fullmatch(folded):
        word, day, year = match[1], match[2], match[3]
    else:
        return None
    month = _MONTHS.get(word) or next((_MONTHS[word[:n]] for n in (4, 3) if word[:n] in _MONTHS), None)
    return _date(int(year), month, int(day)) if month else None


def _date(year: int, month: int, day: int) -> str | None:
    """A whole or partial date; a day that its month lacks is kept, since a slip of the pen makes one."""
    if not EARLIEST <= year <= LATEST or month > 12 or day > 31:
        return None
    if not month:
        return f"{year:04d}"
    return f"{year:04d}-{month:02d}-{day:02d}" if day else f"{year:04d}-{month:02d}"


def looks_like_one(text: str) -> bool:
    """A whole date, and not any number of eight digits: the year is between 1850 and 2100."""
    found = parse(text)
    return found is not None and len(found) == 10 and int(found[:4]) >= 1850


def month_first(texts: list[str]) -> bool:
    """Whether a column writes the month before the day: more second parts than first parts exceed 12."""
    first = second = 0
    for text in texts:
        if match := _YEAR_LAST.fullmatch(text.strip()):
            first += int(match[1]) > 12
            second += int(match[2]) > 12
    return second > first
