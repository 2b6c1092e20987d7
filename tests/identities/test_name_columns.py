from __future__ import annotations

import pyarrow as pa
import pytest

from parloir.identities import LinkInput, Parameters, link
from parloir.identities.name_columns import name_columns
from parloir.identities.naming import Vocabulary
from parloir.identities.roles import Profile


def test_an_empty_name_of_use_means_the_birth_name() -> None:
    table = pa.table({"nom_naissance": ["TORRES", "DESCAMPS"], "nom_usage": ["", "Rousset"]})
    profile = Profile({"family": ("nom_usage",), "other_family": ("nom_naissance",)})
    columns = name_columns(table, profile, Vocabulary.of([], []))
    assert columns["family"].to_pylist() == ["torres", "rousset"]
    assert [len(names) for names in columns["family_parts"].to_pylist()] == [1, 2]


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("Mie", "Marie", "abbreviated"),
        ("Fçois", "François", "abbreviated"),
        ("J-Ph.", "Jean-Philippe", "abbreviated"),
        ("Med", "محمد", "abbreviated"),
        ("Mohamed Amine", "Mohd", "abbreviated"),
        ("K.", "Karim", "initial"),
        ("Mie", "Michel", "alike"),
        ("Anne", "Antoinette", "alike"),
    ],
)
def test_abbreviated_given_names(left: str, right: str, level: str) -> None:
    born = {"nom": ["Haddad", "Poe"], "né le": ["12/03/1984", "01/01/1990"]}
    inputs = [LinkInput(pa.table({"prénom": [name, "Zoé"], **born}), "a") for name in (left, right)]
    found = link(*inputs, Parameters(threshold=0.0)).pairs.to_pylist()
    assert next(p["level_given"] for p in found if (p["left_row"], p["right_row"]) == (1, 1)) == level
