"""Relatives under one roof, in files that hold one of a thousand, of a hundred and of ten."""

import random

import pyarrow as pa
import pytest

from parloir.identities import LinkInput, Parameters, link
from tests.identities.conftest import GIVEN

KINDS = {
    "father and son": lambda one: {"date de naissance": f"11/09/{int(one['date de naissance'][-4:]) + 27}"},
    "twins": lambda one: {"prénom": other_than(one["prénom"])},
    "brothers": lambda one: {
        "prénom": other_than(one["prénom"]),
        "date de naissance": f"23/02/{int(one['date de naissance'][-4:]) + 3}",
    },
}


def other_than(given):
    return GIVEN[(GIVEN.index(given) + 7) % len(GIVEN)]


def with_relatives(made, each):
    """As many pairs of each kind in a town's registers, one relative here and one there."""
    draw = random.Random(5)  # noqa: S311
    planted = {}
    for number in range(each * len(KINDS)):
        kind = list(KINDS)[number % len(KINDS)]
        here = {
            "nom": f"Quer{draw.choice('bcdfgl')}{draw.choice('aeiou')}{draw.choice('mnrst')}y",
            "prénom": draw.choice(GIVEN),
            "date de naissance": f"{draw.randint(10, 28)}/{draw.randint(10, 12)}/{draw.randint(1945, 1970)}",
            "téléphone": f"06 39 98 {90 + number // 100:02d} {number % 100:02d}",
            "adresse": f"{draw.randint(1, 90)} rue des Tilleuls",
            "cp": "31200",
            "person": f"one {number}",
        }
        made.left.append(here)
        made.right.append(here | KINDS[kind](here) | {"person": f"other {number}"})
        planted[len(made.left), len(made.right)] = kind
    return planted


def stated(tables, planted):
    """Probability of each planted pair, by kind; and how many of those of one person are found."""
    left, right = (LinkInput(pa.Table.from_pylist(rows), "register", {"person": "truth"}) for rows in tables)
    rows = link(left, right, Parameters(threshold=0.0)).pairs.to_pylist()
    found = {(row["left_row"], row["right_row"]): row["probability"] for row in rows}
    by_kind = {kind: [] for kind in KINDS}
    for ends, kind in planted.items():
        by_kind[kind].append(found.get(ends, 0.0))
    right_rows = {row["person"]: place for place, row in enumerate(tables[1], 1)}
    same = [
        found.get((place, right_rows[row["person"]]), 0.0)
        for place, row in enumerate(tables[0], 1)
        if row["person"] in right_rows
    ]
    return by_kind, sum(one >= 0.5 for one in same) / len(same)


@pytest.mark.parametrize(("size", "each"), [(300, 1), (1500, 1), (600, 2), (600, 20)])
def test_relatives_are_doubtful_however_few_they_are(town, size, each):
    made = town(size)
    planted = with_relatives(made, each)
    by_kind, recall = stated((made.left, made.right), planted)
    assert recall > 0.98
    assert max(by_kind["brothers"]) < 0.05
    for kind in ("twins", "father and son"):
        assert max(by_kind[kind]) < 0.5


def test_they_are_so_where_one_file_is_in_the_other(town):
    made = town(300)
    people = {row["person"] for row in made.left}
    made.right[:] = [row for row in made.right if row["person"] in people]
    planted = with_relatives(made, 1)
    by_kind, recall = stated((made.left, made.right), planted)
    assert recall > 0.98
    assert 0.01 < by_kind["twins"][0] < 0.5
    assert 0.01 < by_kind["father and son"][0] < 0.5
