"""An authority as the pure value of the vault, to and from its row."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from parloir.errors import LawfulnessError
from parloir.records.models import Authority as AuthorityRow
from parloir.records.models import Case
from parloir.vault import Authority, Scope


def scope_as_json(scope: Scope) -> dict[str, Any]:
    """A scope in JSON values, sorted; `scope_of_json` reads it back."""
    cells = scope.radio_cells
    return {
        **asdict(scope),
        "subjects": sorted(scope.subjects),
        "radio_cells": None if cells is None else sorted(cells),
        "purposes": list(scope.purposes),
    }


def scope_of_json(values: dict[str, Any]) -> Scope:
    """Read what `scope_as_json` wrote."""
    cells = values["radio_cells"]
    return Scope(
        **{
            **values,
            "subjects": frozenset(values["subjects"]),
            "radio_cells": None if cells is None else frozenset(cells),
            "purposes": tuple(values["purposes"]),
        }
    )


def authority_of(row: AuthorityRow) -> Authority:
    """The authority that a row holds."""
    return Authority(
        reference=row.reference,
        issuer=row.issuer,
        scope=scope_of_json(row.scope),
        obtain_until_us=row.obtain_until_us,
        erase_by_us=row.erase_by_us,
    )


def find_authority(case: Case, reference: str) -> AuthorityRow:
    """The row of an authority of the case.

    Raises:
        LawfulnessError: none was named, or the case has none of that reference.
    """
    if not reference:
        raise LawfulnessError(
            "no authority was named", where=case.reference, do="name the legal act with --authority"
        )
    row = AuthorityRow.objects.filter(case=case, reference=reference).first()
    if row is None:
        raise LawfulnessError(
            f"the case has no authority “{reference}”",
            where=case.reference,
            do="add it with `parloir authority add`",
        )
    return row


def authority_as_json(authority: Authority) -> dict[str, Any]:
    """An authority in JSON values, as its custody event states it."""
    return {**asdict(authority), "scope": scope_as_json(authority.scope)}
