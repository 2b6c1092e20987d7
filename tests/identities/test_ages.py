import random

import duckdb
import pyarrow as pa
import pytest

from parloir.identities import LinkInput, ages, link


def lists(years, count=300, seed=3):
    """Two lists of the same people, made so many years apart, a year too many or too few in one of four."""
    chance = random.Random(seed)  # noqa: S311 - made-up people
    people = [
        (
            f"{chance.choice('BCDFGLMPRST')}{chance.choice('aeiou')}{chance.choice('lmnrst')}{chance.choice('aeio')}",
            n,
        )
        for n in range(count)
    ]
    left, right = [], []
    for given, n in people:
        family, age = f"Mar{'bcdfglmnprst'[n % 12]}o{'bcdflmnprst'[n % 11]}", chance.randint(1, 70)
        left.append({"nom": family, "prénom": given, "âge": str(age), "who": str(n)})
        slip = chance.choice([0, 0, 0, 1, -1])
        right.append({"nom": family, "prénom": given, "âge": str(age + years + slip), "who": str(n)})
    return pa.Table.from_pylist(left), pa.Table.from_pylist(right)


@pytest.mark.parametrize("years", [0, 5, -11])
def test_the_years_between_two_lists_are_learnt(years):
    tables = lists(abs(years))
    inputs = [LinkInput(table, name, {"who": "truth"}) for table, name in zip(tables, "ab", strict=True)]
    one, other = inputs if years >= 0 else inputs[::-1]
    found = link(one, other).pairs.to_pylist()
    told = [pair["level_age"] for pair in found if pair["left_row"] == pair["right_row"]]
    assert len(told) > 250
    assert set(told) <= {"same", "year"}


def test_ages_that_tell_nothing_are_left_as_they_are():
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE records (side TINYINT, age SMALLINT, given_key VARCHAR, family_key VARCHAR)"
    )
    assert ages.shift(connection) == 0
    rows = "SELECT i % 2, 20 + i * i * 7 % 53, i // 2, 'x' FROM range(40) t(i)"
    connection.execute(f"INSERT INTO records {rows}")
    assert ages.shift(connection) == 0
