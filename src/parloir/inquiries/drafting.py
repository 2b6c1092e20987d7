"""Requests in draft, from whatever is in the case: prisons alone are enough for the first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import duckdb

from parloir import catalogue
from parloir.errors import MissingEvidenceError
from parloir.inquiries.asked import Asked, Spans, asked
from parloir.inquiries.draft import ASKED, EVERY, Draft, under
from parloir.inquiries.handsets import Named, of_handsets, seized_handsets
from parloir.inquiries.surroundings import Place, around, prisons, radio_cells
from parloir.places import RadioCell
from parloir.vault import Authority

_CODES = """
SELECT DISTINCT lpad((imei14 // 1000000)::VARCHAR, 8, '0') AS tac, model, listed FROM (
    SELECT unnest(imeis) AS imei14, model, false AS listed FROM seizures
    UNION ALL SELECT imei14, model, true FROM stock
) WHERE imei14 IS NOT NULL ORDER BY ALL
"""


@dataclass(frozen=True)
class Question:
    """What requests are drafted for.

    Attributes:
        period: first moment and first moment no longer asked for, microseconds UTC.
        authorities: acts that let evidence be obtained now.
        handsets: named by a weighing, beside those seized; may be empty.
        only: prisons to ask about; empty for all of the case.
    """

    period: tuple[int, int]
    authorities: tuple[Authority, ...] = ()
    handsets: Sequence[Named] = ()
    only: frozenset[str] = field(default_factory=frozenset)


def draft_requests(connection: duckdb.DuckDBPyConnection, question: Question) -> list[Draft]:
    """Everything worth asking for that was not asked for, cut along the authorities.

    Args:
        connection: with the canonical views.
        question: period, authorities, handsets.

    Returns:
        requests that may be sent first, those that need a new authority last; by prison and operator, the
        ones that touch the fewest people first.

    Raises:
        MissingEvidenceError: the case has no prison, or none of those asked about.
    """
    places = _places(connection, question.only)
    known, cells = asked(connection), radio_cells(connection)
    drafts = [draft for place in places for draft in _of_prison(place, cells, known, question.period)]
    drafts += _with_codes(drafts, mini_codes(connection))
    named = [
        one
        for one in (*seized_handsets(connection), *question.handsets)
        if not question.only or one.prison in question.only
    ]
    drafts += of_handsets(connection, named, known, question.period)
    cut = [part for draft in drafts for part in under(draft, question.authorities)]
    return sorted(cut, key=_rank)


def _places(connection: duckdb.DuckDBPyConnection, only: frozenset[str]) -> list[Place]:
    known = prisons(connection)
    if not known:
        raise MissingEvidenceError(
            "no prison to ask about is in the case", do="take a list of prisons in (parloir take-in)"
        )
    if unknown := only - {place.prison for place in known}:
        some = ", ".join(place.prison for place in known[:8])
        raise MissingEvidenceError(
            f"no prison {', '.join(sorted(unknown))} is in the case", do=f"name one that is: {some}"
        )
    return [place for place in known if not only or place.prison in only]


def _rank(draft: Draft) -> tuple[object, ...]:
    kind = list(ASKED).index(draft.kind)
    return (
        bool(draft.needs),
        draft.prison,
        draft.operator,
        kind,
        draft.from_us,
        draft.radio_cells,
        draft.imeis,
    )


def mini_codes(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Type allocation codes of minis: published, of minis held in the hand, of stock lists."""
    minis = [model for model in catalogue.models() if model.mini]
    codes = {str(fact.value) for model in minis for fact in model.published("tac")}
    for tac, text, listed in connection.execute(_CODES).fetchall():
        model = catalogue.match_model(text or "")
        if listed or (model is not None and model.mini):
            codes.add(tac)
    return tuple(sorted(codes))


def _of_prison(
    place: Place, cells: list[RadioCell], known: Asked, period: tuple[int, int]
) -> Iterator[Draft]:
    """What runs through the radio cells around a prison and was not asked for."""
    found = list(around(place, cells))
    if not found:
        yield _unknown_cells(place, period)
    for operator, near in found:
        groups: dict[Spans, list[int]] = defaultdict(list)
        for cell in near:
            groups[known.cell_gaps(cell.radio_cell, cell.operator, period)].append(cell.radio_cell)
        for spans, numbers in sorted(groups.items()):
            why = _why(place, len(numbers), len(near), (known, numbers))
            for start, end in spans:
                whom = operator or EVERY
                yield Draft("radio_cells", whom, place.prison, start, end, why, tuple(sorted(numbers)))


def _why(place: Place, wanted: int, near: int, before: tuple[Asked, list[int]]) -> str:
    known, numbers = before
    again = any(number in known.radio_cells for number in numbers)
    told = "were asked for, but not for this period" if again else "have never been asked for"
    return (
        f"{wanted} of the {near} radio cells that the operator's list sets around {place.name} {told}: "
        "a handset used there leaves no record in the case"
    )


def _unknown_cells(place: Place, period: tuple[int, int]) -> Draft:
    at = (
        "" if place.latitude is None else f" (latitude {place.latitude:.5f}, longitude {place.longitude:.5f})"
    )
    why = (
        f"The case has no radio cells around {place.name}{at}: the list of those that serve it, with their "
        "places and directions, comes before any request for communications"
    )
    return Draft("radio_cell_list", EVERY, place.prison, *period, why)


def _with_codes(drafts: list[Draft], tacs: tuple[str, ...]) -> list[Draft]:
    """The same radio cells and periods, for the codes of minis only."""
    if not tacs:
        return []
    why = (
        f"{len(tacs)} type allocation codes of mini phones are known (catalogue, seizures and stock lists of "
        "the case): an answer limited to them touches the fewest bystanders, so ask for it first"
    )
    return [replace(draft, kind="tac_list", tacs=tacs, why=why) for draft in drafts]
