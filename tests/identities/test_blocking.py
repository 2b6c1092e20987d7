import numpy as np
import pyarrow as pa
import pytest

from parloir.identities import LinkInput, Parameters, link
from parloir.identities.blocking import Budget
from parloir.identities.keys import NEIGHBOURS
from parloir.identities.preparing import database
from parloir.identities.sifting import Candidates, sift

ROW = {"prénom": "Jean", "nom": "Petit", "naissance": "1980-01-02", "téléphone": "0639980001"}


def test_identical_rows_meet_their_neighbours_alone():
    rows = 3_000
    table = pa.Table.from_pylist([ROW] * rows)
    links = link(LinkInput(table, "register"))
    assert links.diagnostics["possible"] == rows * (rows - 1) // 2
    assert links.diagnostics["compared"] <= NEIGHBOURS * rows
    remarks = links.diagnostics["remarks"]
    assert any("all 3,000 rows say the same" in said for said in remarks)
    assert any(said.startswith("3,000 records share a value with thousands of others") for said in remarks)


def test_the_budget_holds(town):
    left, right = (LinkInput(table, "register", {"person": "truth"}) for table in town(1200).tables())
    links = link(left, right, Parameters(budget=2_000, threshold=0.5))
    assert links.diagnostics["compared"] <= 2_000
    assert links.pairs.num_rows > 300


def test_budgets_grow_less_than_records():
    small, large = Budget.of(20_000), Budget.of(2_000_000)
    assert small.compared / 20_000 > large.compared / 2_000_000
    assert small.compared <= small.candidates


@pytest.fixture
def people():
    rows = {
        "record": [0, 1, 2, 3],
        "family_key": ["ptt", "ptt", "ptn", "drnd"],
        "given_key": ["jn", "jn", "jn", "ls"],
        "postcode": ["69001", "69001", "69002", None],
    }
    with database("200MB", 1) as connection:
        connection.register("given", pa.table(rows))
        connection.execute("CREATE TABLE records AS SELECT * FROM given")
        yield connection


def candidates(pairs, bits):
    ends = np.array(pairs, np.int32).T
    return Candidates(ends[0], ends[1], np.array(bits, np.int8))


def kept(found):
    return list(zip(*(end.tolist() for end in found), strict=True))


def test_the_likeliest_are_compared(people):
    given = candidates([(0, 1), (0, 2), (0, 3), (1, 2)], [1, 1, 1, 1])
    assert kept(sift(people, given, 1)) == [(0, 1)]
    assert kept(sift(people, given, 3)) == [(0, 1), (0, 2), (1, 2)]
    assert kept(sift(people, given, 9)) == [(0, 1), (0, 2), (0, 3), (1, 2)]


def test_of_equals_the_first_are_compared(people):
    assert kept(sift(people, candidates([(0, 2), (1, 2)], [1, 1]), 1)) == [(0, 2)]


def test_a_telling_rule_speaks_for_a_pair_that_agrees_in_nothing_else(people):
    assert kept(sift(people, candidates([(0, 1), (0, 3)], [1, 30]), 1)) == [(0, 3)]


def test_of_many_candidates_those_without_hope_are_left_out(people):
    given = candidates([(0, 1), (0, 2), (0, 3), (1, 2)], [1, 1, 1, 1])
    assert kept(sift(people, given, 9, least=1, hopeful=2.5)) == [(0, 1)]
    assert kept(sift(people, given, 9, least=3, hopeful=99.0)) == [(0, 1), (0, 2), (1, 2)]
    assert kept(sift(people, given, 2, least=1, hopeful=-9.0)) == [(0, 1), (0, 2)]
