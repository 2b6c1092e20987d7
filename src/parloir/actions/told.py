"""What was told of a prison: tip-offs, screenshots, posts. Shown beside what is weighed, never weighed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

MOST = 50
"""Reports shown at most, the newest first."""


@dataclass(frozen=True)
class Told:
    """One report: the fact, and apart from it what somebody makes of it.

    Attributes:
        kind: tip_off, screenshot or post.
        day: when it was made, ISO 8601 UTC; empty when not told.
        grades: of source and information, as "B2"; empty when ungraded.
        place: address, file or author, as written.
    """

    prison: str
    kind: str
    day: str
    grades: str
    fact: str
    assessment: str
    place: str

    def sentence(self) -> str:
        """For a page."""
        about = ", ".join(filter(None, (self.day, self.grades and f"graded {self.grades}", self.place)))
        apart = f" Assessment, kept apart: {self.assessment}" if self.assessment else ""
        return (
            f"Told of {self.prison}, not weighed ({self.kind.replace('_', '-')}; {about}): {self.fact}{apart}"
        )


def told_of(connection: duckdb.DuckDBPyConnection, prisons: Iterable[str]) -> tuple[Told, ...]:
    """The reports that name one of the prisons, newest first."""
    rows = connection.execute(
        "SELECT prison, kind, coalesce(strftime(make_timestamp(at_us), '%Y-%m-%d'), ''),"
        " coalesce(source_grade, '') || coalesce(information_grade, ''), coalesce(fact, ''),"
        " coalesce(assessment, ''), coalesce(url, file, author, '')"
        " FROM reports WHERE prison IN (SELECT unnest(?))"
        " ORDER BY at_us DESC NULLS LAST, report, fact LIMIT ?",
        [sorted(set(prisons)), MOST],
    ).fetchall()
    return tuple(Told(*row) for row in rows)
