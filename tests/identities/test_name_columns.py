from __future__ import annotations

import pyarrow as pa

from parloir.identities.name_columns import name_columns
from parloir.identities.naming import Vocabulary
from parloir.identities.roles import Profile


def test_an_empty_name_of_use_means_the_birth_name() -> None:
    table = pa.table({"nom_naissance": ["TORRES", "DESCAMPS"], "nom_usage": ["", "Rousset"]})
    profile = Profile({"family": ("nom_usage",), "other_family": ("nom_naissance",)})
    columns = name_columns(table, profile, Vocabulary.of([], []))
    assert columns["family"].to_pylist() == ["torres", "rousset"]
    assert [len(names) for names in columns["family_parts"].to_pylist()] == [1, 2]
