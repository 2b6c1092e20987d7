"""One request in draft, and what of it an authority lets a unit ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pyarrow as pa

from parloir.identifiers import imei, radio_cell
from parloir.vault import Authority

EVERY = "every operator"
ASKED = {
    "radio_cell_list": "The radio cells that serve the place",
    "tac_list": "Handsets with these type allocation codes seen on the radio cells",
    "radio_cells": "All communications on these radio cells",
    "handsets": "Full records of these handsets, on all radio cells",
}
"""Kinds of request in the order in which they touch few or many people, in words."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One request in draft.

    Attributes:
        kind: a key of `ASKED`.
        operator: whom to ask; `EVERY` where the case does not tell.
        prison: about which prison; empty when several or none.
        from_us: first moment asked for.
        to_us: first moment no longer asked for.
        why: for the person who signs it, in one or two sentences.
        radio_cells: asked for; none for those that serve the prison, whichever they are.
        imeis: asked for, IMEI14.
        tacs: type allocation codes, eight digits.
        authority: reference of the act under which it may be asked for; empty where none reaches.
        needs: what no act of the case covers; empty for a request that may be sent.
    """

    kind: str
    operator: str
    prison: str
    from_us: int
    to_us: int
    why: str
    radio_cells: tuple[int, ...] = ()
    imeis: tuple[int, ...] = ()
    tacs: tuple[str, ...] = ()
    authority: str = ""
    needs: str = ""


_COLUMNS = {
    "request": pa.string(),
    "kind": pa.string(),
    "operator": pa.string(),
    "prison": pa.string(),
    "from": pa.string(),
    "to": pa.string(),
    "radio_cells": pa.string(),
    "imeis": pa.string(),
    "tacs": pa.string(),
    "authority": pa.string(),
    "needs": pa.string(),
    "why": pa.string(),
}
DRAFTS = pa.schema([pa.field(name, kind) for name, kind in _COLUMNS.items()])
"""Drafts as a CSV shows them: times in ISO 8601 UTC, lists joined by spaces."""


def as_table(drafts: Sequence[Draft]) -> pa.Table:
    """Drafts as rows, numbered D001 on, schema `DRAFTS`."""
    return pa.Table.from_pylist([_row(n, draft) for n, draft in enumerate(drafts, 1)], schema=DRAFTS)


def _row(number: int, draft: Draft) -> dict[str, str]:
    return {
        "request": f"D{number:03d}",
        "kind": draft.kind,
        "operator": draft.operator,
        "prison": draft.prison,
        "from": moment(draft.from_us),
        "to": moment(draft.to_us),
        "radio_cells": " ".join(map(radio_cell.text, draft.radio_cells)),
        "imeis": " ".join(map(imei.text, draft.imeis)),
        "tacs": " ".join(draft.tacs),
        "authority": draft.authority,
        "needs": draft.needs,
        "why": draft.why,
    }


def moment(us: int) -> str:
    """Microseconds UTC as ISO 8601, to the minute."""
    return datetime.fromtimestamp(us / 1e6, UTC).strftime("%Y-%m-%dT%H:%MZ")


def under(draft: Draft, authorities: Iterable[Authority]) -> list[Draft]:
    """A draft cut along the authority that covers most of it.

    Returns:
        the part that may be asked for under it, if any, then what would need a new authority, part by part.
    """
    best = max(authorities, key=lambda a: (_covered(draft, a), a.reference), default=None)
    if best is None:
        return [replace(draft, needs="an authority: none of the case lets evidence be obtained now")]
    reaches = _named(draft, best)
    parts = [replace(reaches, authority=best.reference)] if _covered(draft, best) else []
    return parts + list(_beyond(draft, best))


def _named(draft: Draft, authority: Authority) -> Draft:
    """What the authority names of the draft."""
    scope = authority.scope
    cells = [c for c in draft.radio_cells if scope.radio_cells is None or c in scope.radio_cells]
    return replace(
        draft,
        radio_cells=tuple(cells),
        imeis=tuple(one for one in draft.imeis if _is_subject(one, scope.subjects)),
        from_us=max(draft.from_us, _or(scope.data_from_us, draft.from_us)),
        to_us=min(draft.to_us, _or(scope.data_to_us, draft.to_us)),
    )


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _is_subject(imei14: int, subjects: frozenset[str]) -> bool:
    """Whether the act names the handset, or names nobody."""
    return not subjects or any(imei.text(imei14) in subject.replace("-", "") for subject in subjects)


def _covered(draft: Draft, authority: Authority) -> int:
    """How much of the draft lies inside: things named times microseconds."""
    inside = _named(draft, authority)
    things = (inside.radio_cells, draft.radio_cells), (inside.imeis, draft.imeis)
    shares = [len(named) for named, wanted in things if wanted]
    return min(shares, default=1) * max(inside.to_us - inside.from_us, 0)


def _beyond(draft: Draft, authority: Authority) -> Iterator[Draft]:
    inside, name = _named(draft, authority), authority.reference
    cells = tuple(c for c in draft.radio_cells if c not in set(inside.radio_cells))
    imeis = tuple(one for one in draft.imeis if one not in set(inside.imeis))
    if cells:
        yield replace(draft, radio_cells=cells, needs=f"radio cells that {name} does not name")
    if imeis:
        yield replace(draft, imeis=imeis, needs=f"handsets that {name} does not name")
    if len(cells) == len(draft.radio_cells) > 0 or len(imeis) == len(draft.imeis) > 0:
        return
    rest = replace(inside, needs=f"a period that {name} does not cover")
    before = min(inside.from_us, draft.to_us)
    if draft.from_us < before:
        yield replace(rest, from_us=draft.from_us, to_us=before)
    after = max(inside.to_us, before)
    if after < draft.to_us:
        yield replace(rest, from_us=after, to_us=draft.to_us)
