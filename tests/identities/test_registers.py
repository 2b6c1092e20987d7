import itertools

import numpy as np
import pyarrow as pa
import pytest

from parloir.identities.registers import compete, persons, registers

COLUMNS = ("given_key", "family_key", "birth", "phone", "email")
BOTH = (True, True)


def ints(*values):
    return np.array(values, np.int32)


def by_hand(ends, odds):
    """Marginals over all sets of pairs that use no record twice."""
    pairs, total, found = range(len(odds)), 0.0, np.zeros(len(odds))
    for chosen in (c for size in range(len(odds) + 1) for c in itertools.combinations(pairs, size)):
        used = [end[pair] for pair in chosen for end in ends]
        if len(set(used)) == len(used):
            mass = np.prod([odds[pair] for pair in chosen])
            total += mass
            found[list(chosen)] += mass
    return found / total


def test_rivals_share_what_one_can_have():
    ends, odds = (ints(0, 0, 1, 1, 2), ints(5, 6, 6, 7, 7)), np.array([9.0, 9.0, 4.0, 0.5, 2.0])
    fair = compete(ends, odds / (1 + odds), np.arange(8), BOTH)
    assert fair.tolist() == pytest.approx(by_hand(ends, odds).tolist(), abs=1e-5)


def test_a_rival_that_is_matched_elsewhere_takes_little():
    ends, stated = (ints(0, 1, 1), ints(5, 5, 6)), np.array([0.7, 0.7, 0.999])
    assert compete(ends, stated, np.arange(7), BOTH)[0] == pytest.approx(0.7, abs=0.01)


def test_only_the_side_that_is_a_register_holds_a_person_once():
    ends, stated = (ints(0, 0, 1), ints(5, 6, 6)), np.array([0.9, 0.9, 0.9])
    fair = compete(ends, stated, np.arange(7), (False, True))
    assert fair.tolist() == pytest.approx([9 / 19, 9 / 19, 0.9], abs=1e-6)
    assert compete(ends, stated, np.arange(7), (False, False)).tolist() == pytest.approx([0.9] * 3)


def test_two_records_of_one_person_are_no_rivals():
    who = np.array([0, 1, 2, 3, 4, 5, 5])
    fair = compete((ints(0, 0, 0), ints(4, 5, 6)), np.array([0.5, 0.9, 0.8]), who, BOTH)
    assert fair.tolist() == pytest.approx([1 / 11, 9 / 11, 4 / 6], abs=1e-6)


def test_a_pair_without_rivals_keeps_its_probability():
    alone = compete((ints(0, 1), ints(5, 6)), np.array([0.7, 0.2]), np.arange(7), BOTH)
    assert alone.tolist() == pytest.approx([0.7, 0.2])


def test_one_register_tells_which_of_its_records_are_one_person():
    born, phone = "1984-03-12", "33639980000"
    rows = [
        {"side": 1, "given_key": "km", "family_key": "ptt", "birth": born, "phone": None},
        {
            "side": 1,
            "given_key": "krm",
            "family_key": "ptd",
            "birth": born,
            "phone": phone,
        },  # the same, misspelt
        {"side": 1, "given_key": "lk", "family_key": "ptt", "birth": born, "phone": phone},  # his twin
        {
            "side": 0,
            "given_key": "km",
            "family_key": "ptt",
            "birth": born,
            "phone": None,
        },  # of the other file
        {"side": 1, "given_key": "a", "family_key": "b", "birth": None, "phone": phone},
        {"side": 1, "given_key": None, "family_key": "c", "birth": None, "phone": phone},
        {"side": 1, "given_key": "a", "family_key": "b", "birth": None, "phone": None},
        {"side": 1, "given_key": "a", "family_key": "b", "birth": None, "phone": None},
    ]
    table = pa.Table.from_pylist(rows)
    for name in ("email", "street"):
        table = table.append_column(name, pa.nulls(len(rows), pa.string()))
    who = persons(table, pa.array(["1", "2", "3", "1", "5", "6", "7", "7"]))
    assert who[0] == who[1] != who[2]
    assert who[3] not in (*who[:3], *who[4:])
    assert who[4] == who[5] != who[6]
    assert who[6] == who[7]


def test_orders_of_one_guest_are_no_rivals():
    guest = {
        "side": 0,
        "given_key": "km",
        "family_key": "ptt",
        "birth": None,
        "phone": None,
        "street": "port",
    }
    rows = [
        guest | {"email": "a@example.test", "phone": "1"},
        guest | {"email": "a@example.test", "phone": "2", "street": None, "given_key": "z"},
        guest | {"email": "b@example.test"},
        guest | {"email": "b@example.test", "side": 1},
        guest | {"email": "c@example.test", "street": "tilleuls", "birth": "1984-03-12"},
    ]
    who = persons(pa.Table.from_pylist(rows), pa.array(list("12345")))
    assert who[0] == who[1] == who[2]
    assert len(set(who[2:])) == 3


def test_a_file_that_holds_people_twice_is_no_register():
    once = pa.table({name: ["a", "b", "c", "d"] for name in COLUMNS})
    twice = pa.table({name: ["a", "b", "c", "c"] for name in COLUMNS})
    ends, stated = (ints(0, 0), ints(2, 3)), np.array([0.9, 0.9])
    assert registers(once, ends, stated) == (True, True)
    assert registers(twice, ends, stated) == (True, False)


def test_father_and_son_of_one_name_do_not_make_a_register_hold_people_twice():
    def rows(side, births):
        told = [(name, side, birth) for name, birth in births]
        names, sides, born = zip(*told, strict=True)
        keys = {"given_key": names, "family_key": names, "street": names}
        return pa.table(
            {**keys, "side": sides, "birth": pa.array(born, pa.string())}
            | dict.fromkeys(("phone", "email"), pa.nulls(len(told), pa.string()))
        )

    left = rows(0, [("l", None)] * 10)
    unsure = rows(1, [("l", "1950-01-02"), ("l", None)])
    families = rows(1, [(name, born) for name in "abcdefgh" for born in ("1951-03-04", "1980-05-06")])
    ends, stated = (ints(*range(10), 9), ints(*range(12, 21), 10, 11)), np.full(11, 0.9)
    assert (
        registers(pa.concat_tables([left, unsure, unsure, unsure, unsure, unsure]), ends, stated)[1] is False
    )
    assert registers(pa.concat_tables([left, unsure, families]), ends, stated) == (True, True)
