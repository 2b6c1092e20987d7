import pyarrow as pa
import pytest

from parloir.identities import LinkInput, link, parents

MOTHERS = [
    ("Maria Alice Pires", "same"),
    ("MARIA ALÍCE PIRES", "same"),
    ("Pires, Maria Alice", "spelling"),
    ("Maria Alyce Pirez", "spelling"),
    ("Maria Pires", "part"),
    ("Joana Fonseca", "different"),
]


@pytest.mark.parametrize(("written", "level"), MOTHERS)
def test_levels_of_a_mothers_name(written, level):
    names = {"nome": ["Rui Gil", "Ana Rey"], "nascimento": ["01/02/1990", "03/04/1980"]}
    left = LinkInput(pa.table({**names, "nome_da_mae": ["Maria Alice Pires", "Eva Mar"]}), "a")
    right = LinkInput(pa.table({**names, "nome_da_mae": [written, "Eva Mar"]}), "b")
    found = link(left, right).pairs.to_pylist()
    assert next(p["level_mother"] for p in found if (p["left_row"], p["right_row"]) == (1, 1)) == level


def test_particles_and_order_do_not_count():
    assert parents.form("Maria da Silva") == "maria silva"
    assert parents.key("da Silva Maria") == parents.key("María Silva")
