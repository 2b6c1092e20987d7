import io
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from parloir.errors import InputError
from parloir.identities import LinkInput, Parameters, link
from parloir.identities.judgements import pair_id
from parloir.identities.quality import decided, measure, one_to_one, truth_of
from tests.identities.conftest import STEMS

FAKE = Path(__file__).parent.parent / "data/linking/fake_1000.csv"


def linked(town, parameters=None):
    left, right = (LinkInput(table, "register", {"person": "truth"}) for table in town.tables())
    links = link(left, right, parameters or Parameters(threshold=0.0))
    return links, measure(links, truth_of(left, "person"), truth_of(right, "person"))


def test_two_registers(town):
    links, quality = linked(town())
    assert quality.true_pairs == 100
    assert quality.f1 > 0.97
    assert links.diagnostics["once"] == [True, True]
    best = links.pairs.filter(links.pairs["best"])
    assert len(set(best["left_row"].to_pylist())) == len(set(best["right_row"].to_pylist())) == len(best)
    assert one_to_one(links) == decided(links)


def test_more_noise_scores_worse(town):
    clean = town()
    worse = town()
    for row in worse.right:
        row["téléphone"] = row["adresse"] = row["date de naissance"] = None
    assert linked(worse)[1].cllr > 2 * linked(clean)[1].cllr


def test_duplicates_within_one_file():
    table = pa.csv.read_csv(FAKE)
    one = LinkInput(table.slice(0, 400), "fake", {"cluster": "truth"})
    links = link(one, parameters=Parameters(threshold=0.0))
    quality = measure(links, truth_of(one, "cluster"), None)
    assert quality.f1 > 0.9
    assert quality.ece < 0.1
    assert links.diagnostics["once"] == [False, False]


def test_truth_and_identifiers_change_nothing(town):
    made = town(120)
    told = linked(made)[0].pairs.drop_columns(["pair"])
    for number, row in enumerate([*made.left, *made.right]):
        row["person"] = str(number)
    assert linked(made)[0].pairs.drop_columns(["pair"]).equals(told)


def test_runs_are_identical_over_threads(town):
    def written(threads):
        out = io.BytesIO()
        pa.parquet.write_table(linked(town(), Parameters(threads=threads, budget=3000))[0].pairs, out)
        return out.getvalue()

    assert written(1) == written(2) == written(2)


def test_bits_sum_to_the_weight_and_pairs_have_stable_names(town):
    links = linked(town(120))[0]
    bars = [c.name for c in links.comparisons] + ["alternative", "pseudonym"]
    for row in links.pairs.to_pylist():
        assert sum(round(row[bar] * 1000) for bar in bars) == round(row["weight_bits"] * 1000)
        assert row["pair"] == pair_id(row["right_id"], row["left_id"])


def test_an_earlier_model_links_new_records_without_learning(town):
    made = town()
    known, _ = linked(made)
    new = LinkInput(pa.Table.from_pylist(made.right[:5]), "new", {"person": "truth"})
    old = LinkInput(pa.Table.from_pylist(made.left), "old", {"person": "truth"})
    links = link(new, old, Parameters(model=known.model, threshold=0.5))
    assert links.model == known.model
    expected = {row["person"] for row in made.right[:5]} & {row["person"] for row in made.left}
    assert {made.right[row - 1]["person"] for row in links.pairs["left_row"].to_pylist()} == expected


RELATIVES = {
    "father and son": ({}, {"date de naissance": "27/09/1957"}),
    "twins": ({}, {"prénom": "Basile"}),
    "brother and sister": ({"prénom": "Jean"}, {"prénom": "Jeanne", "date de naissance": None}),
    "brothers": ({}, {"prénom": "Basile", "date de naissance": "05/11/1988"}),
}


@pytest.mark.parametrize("kind", RELATIVES)
def test_relatives_under_one_roof_are_doubtful_at_most(town, kind):
    made = town()
    here = {
        "nom": "Quercy",
        "prénom": "Anselme",
        "date de naissance": "12/03/1984",
        "téléphone": None,
        "adresse": "7 rue des Tilleuls",
        "cp": "31200",
        "person": "a",
    }
    mine, theirs = RELATIVES[kind]
    made.left.append(here | mine)
    made.right.append(here | theirs | {"person": "b"})
    pairs = linked(made)[0].pairs
    found = [
        row
        for row in pairs.to_pylist()
        if row["left_row"] == len(made.left) and row["right_row"] == len(made.right)
    ]
    assert not found or found[0]["probability"] < 0.5


def test_the_same_person_at_the_same_place_is_found(town):
    made = town()
    here = {
        "nom": "Quercy",
        "prénom": "Anselme",
        "date de naissance": "12/03/1984",
        "téléphone": None,
        "adresse": "7 rue des Tilleuls",
        "cp": "31200",
        "person": "a",
    }
    made.left.append(here)
    made.right.append(here)
    assert linked(made)[0].pairs["probability"][0].as_py() > 0.99


def test_names_in_two_scripts(town):
    made = town()
    here = {
        "nom": "Benali",
        "prénom": "Mohamed",
        "date de naissance": "12/03/1984",
        "téléphone": None,
        "adresse": None,
        "cp": None,
        "person": "a",
    }
    made.left.append(here)
    made.right.append(here | {"nom": "بن علي", "prénom": "محمد"})
    rows = linked(made)[0].pairs.to_pylist()
    [found] = [
        row for row in rows if row["left_row"] == len(made.left) and row["right_row"] == len(made.right)
    ]
    assert found["probability"] > 0.9
    assert found["level_given"] == found["level_family"] == "spelling"


def test_no_common_column():
    with pytest.raises(InputError, match=r"no common column.*--columns"):
        link(
            LinkInput(pa.table({"surname": ["a", "b"]}), "a"),
            LinkInput(pa.table({"colour": ["x", "y"]}), "b"),
        )


def test_no_rows():
    with pytest.raises(InputError, match="no rows"):
        link(LinkInput(pa.table({"surname": pa.array([], pa.string())}), "a"))


def test_one_row_and_all_nulls():
    one = LinkInput(pa.table({"surname": ["Petit"], "first_name": ["Luc"]}), "a")
    assert link(one).pairs.num_rows == 0
    assert link(one, one).pairs.num_rows == 1
    nulls = LinkInput(pa.table({"surname": pa.nulls(3, pa.string()), "first_name": ["Luc", None, None]}), "a")
    assert link(nulls).pairs.num_rows == 0


def test_rows_that_are_all_empty():
    empty = LinkInput(pa.table({"surname": pa.nulls(3, pa.string()), "name": pa.nulls(3, pa.string())}), "a")
    with pytest.raises(InputError, match="all its rows are empty; give a file with values"):
        link(empty)


def test_rows_that_all_say_the_same_are_said():
    rows = pa.table(
        {"surname": ["Petit"] * 50, "first name": ["Luc"] * 50, "ref": [f"r{n}" for n in range(50)]}
    )
    links = link(LinkInput(rows, "a"), None, Parameters(threshold=0.5))
    assert "a: all 50 rows say the same: nothing tells one person from many" in links.diagnostics["remarks"]


def test_many_identical_rows_are_bounded_and_said():
    rows = 30_000
    table = pa.table(
        {"surname": ["Petit"] * rows, "first_name": ["Luc"] * rows, "dob": ["1984-03-12"] * rows}
    )
    links = link(LinkInput(table, "copies", {"surname": "family", "first_name": "given", "dob": "birth"}))
    assert links.diagnostics["compared"] < 10 * rows
    assert any("share a value with thousands" in remark for remark in links.diagnostics["remarks"])


def emails(town, mine, theirs, **changed):
    """The pair of one person's two rows in a town whose people have e-mail addresses."""
    made = town()
    for row in [*made.left, *made.right]:
        row["e-mail"] = f"{STEMS[int(row['person']) % 15].lower()}{row['person']}@example.test"
    here = {"nom": "Quercy", "prénom": "Anselme", "person": "a"} | dict.fromkeys(
        ("date de naissance", "téléphone", "adresse", "cp")
    )
    made.left.append(here | {"e-mail": mine})
    made.right.append(here | {"e-mail": theirs} | changed)
    rows = linked(made)[0].pairs.to_pylist()
    ends = len(made.left), len(made.right)
    return next((row for row in rows if (row["left_row"], row["right_row"]) == ends), {"probability": 0.0})


def test_namesakes_keep_their_addresses_apart_by_digits(town):
    other = emails(town, "anselme.quercy73@example.test", "anselme.quercy31@example.test")
    same = emails(town, "anselme.quercy73@example.test", "anselme.quercy73@example.test")
    assert other["level_email"] == "different"
    assert other["email"] < 0 < same["email"]
    said = emails(town, "anselme.quercy@example.test", "anselme.quercy@other.test")
    assert said["level_email"] is None


def test_an_address_that_spells_the_others_name(town):
    false = {"nom": "Zed", "prénom": "Sniper"}
    found = emails(town, "anselme.quercy73@example.test", None, **false)
    assert found.get("probability", 0) < 0.5
    made = emails(town, None, "anselme.quercy73@example.test", **false)
    assert made["level_email_name"] == "both"
    assert made["email_name"] > 8


def test_what_relatives_share_is_learnt(town):
    plain, families = town(size=400), town(size=400)
    for rows in (families.left, families.right):
        homes = {}
        for row in rows:
            given = homes.setdefault((row["nom"][:3], row["adresse"]), row["prénom"])
            row["prénom"] = given
    ties = [linked(made)[0].model.ties["household"]["given"] for made in (plain, families)]
    assert ties[0] < ties[1]


def test_one_of_several_given_names_may_stand_in_the_family_names_place(town):
    made = town()
    here = {"téléphone": None, "adresse": None, "cp": "31200", "date de naissance": "12/03/1984"}
    made.left.append(here | {"nom": "Quercy", "prénom": "Anselme Basile Odon", "person": "a"})
    made.right.append(here | {"nom": "Basile", "prénom": "Quercy", "person": "a"})
    pairs = linked(made)[0].pairs.to_pylist()
    [found] = [
        row for row in pairs if row["left_row"] == len(made.left) and row["right_row"] == len(made.right)
    ]
    assert found["level_name_order"] == "swapped"
    assert found["level_given"] == "part"
    assert found["probability"] > 0.9


def test_a_postcode_that_lost_its_leading_nought_is_the_same(town):
    made = town()
    here = {"nom": "Quercy", "prénom": "Odon", "date de naissance": None, "téléphone": None, "adresse": None}
    made.left.append(here | {"cp": "01000", "person": "a"})
    made.right.append(here | {"cp": "1000", "person": "a"})
    pairs = linked(made)[0].pairs.to_pylist()
    [found] = [
        row for row in pairs if row["left_row"] == len(made.left) and row["right_row"] == len(made.right)
    ]
    assert found["level_postcode"] == "same"


def added(town, mine, theirs):
    """The pair of two rows that are alike but for a few fields, added to a town."""
    made = town()
    here = {"nom": "Quercy", "prénom": "Anselme", "adresse": "7 rue des Tilleuls", "cp": "31200"}
    here |= {"téléphone": None, "date de naissance": None}
    made.left.append(here | mine | {"person": "a"})
    made.right.append(here | theirs | {"person": "a"})
    rows = linked(made)[0].pairs.to_pylist()
    ends = len(made.left), len(made.right)
    return next(row for row in rows if (row["left_row"], row["right_row"]) == ends)


def test_father_and_son_told_apart_by_a_word(town):
    same, other, half = (
        added(town, {"nom": "Quercy père"}, {"nom": name}) for name in ("Quercy sr", "QUERCY fils", "Quercy")
    )
    assert same["level_family"] == other["level_family"] == half["level_family"] == "same"
    assert other["generation"] < -3
    assert 0 < same["generation"] < 2
    assert "generation" not in half
    assert other["probability"] < half["probability"]


def test_another_apartment_of_one_house_is_weaker_than_the_same(town):
    levels = {}
    for door in ("7 rue des Tilleuls appt 12", "7 rue des Tilleuls, appt 31", "7 rue des Tilleuls"):
        found = added(town, {"adresse": "appartement 12, 7 rue des Tilleuls"}, {"adresse": door})
        levels[door] = found["level_address"], found["address"]
    same, other, untold = levels.values()
    assert same[0] == untold[0] == "same"
    assert other[0] == "other_door"
    assert 0 < other[1] < same[1]


def test_ids_that_are_numbers_of_rows_are_said():
    rows = {"surname": ["Petit", "Petit", "Vidal"], "first name": ["Luc", "Luc", "Ana"]}
    said = "a: no column identifies the rows: ids are the numbers of the rows, from 1"
    bare = link(LinkInput(pa.table(rows), "a"))
    assert said in bare.diagnostics["remarks"]
    assert bare.pairs["left_id"].to_pylist() == ["1"]
    keyed = link(LinkInput(pa.table(rows | {"id": ["k1", "k2", "k3"]}), "a"))
    assert said not in keyed.diagnostics["remarks"]
