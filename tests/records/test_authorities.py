from __future__ import annotations

import json

import pytest

from parloir.records.authorities import scope_as_json, scope_of_json
from parloir.vault import Scope

SCOPES = [
    Scope(),
    Scope(radio_cells=frozenset()),
    Scope(frozenset({"shop.example.test", "33199000000"}), frozenset({3, 1}), 5, 9, "theft", ("inquiry",)),
]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_survives_the_database(scope: Scope) -> None:
    written = scope_as_json(scope)
    assert scope_of_json(json.loads(json.dumps(written))) == scope
    assert written == scope_as_json(scope_of_json(written))
