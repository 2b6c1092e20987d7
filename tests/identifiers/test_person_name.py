import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.identifiers import person_name
from parloir.identifiers.person_name import PersonName

NAMES = Path(__file__).parent.parent / "data/linking/names_latin_arabic.csv"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("محمد بن علي", "Mohamed Benali"),
        ("Karim Haddad", "Kareem Hadad"),
        ("كريم حداد", "Karim Haddad"),
        ("عبد الرحمن حداد", "Haddad Abderrahmane"),
        ("Abd el-Kader Oualid", "Walid ABDELKADER"),
        ("فاطمة الزهراء", "Fatima-Zahra"),
        ("Jamel Cherif", "Djamal CHÉRIF"),
        ("Dupont Jean", "Jean DUPONT"),
        ("Jean-Pierre Martin", "Jean Martin"),
        ("Bob Smith", "Robert Smith"),
        ("Иван Петров", "Ivan Petrov"),
        ("de La Tour, Anne", "Anne Latour"),
        ("Karim Elhaddad", "Karim El Haddad"),
        ("Said Errachidi", "Saïd Rachidi"),
        ("الجابر", "Aljaber"),
    ],
)
def test_one_person_however_spelt(one, other):
    names = person_name.parse_full(one), person_name.parse_full(other)
    assert person_name.similarity(*names) > 0.8


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jean Dupont", "Paul Dupont"), ("Mohamed Benali", "Mourad Benali"), ("Karim Haddad", "Karim Saidi")],
)
def test_one_shared_part_is_not_one_person(one, other):
    names = person_name.parse_full(one), person_name.parse_full(other)
    assert person_name.similarity(*names) < 0.7


def test_two_scripts_on_the_wikidata_extract():
    rows = list(csv.DictReader(NAMES.open(encoding="utf-8")))[::5]
    pairs = [tuple(PersonName((), person_name.tokens(row[c])) for c in ("latin", "arabic")) for row in rows]
    others = [other for _, other in pairs]
    others = others[1000:] + others[:1000]
    found = sum(person_name.similarity(*pair) > 0.6 for pair in pairs) / len(pairs)
    wrong = sum(
        person_name.similarity(one, other) > 0.6 for (one, _), other in zip(pairs, others, strict=True)
    )
    assert found > 0.85
    assert wrong / len(pairs) < 0.005


def test_parts():
    assert person_name.parse_full("EL HADDAD Karim") == PersonName(("karim",), ("haddad",))
    assert person_name.parse_full("Ben Ali, Mohamed") == PersonName(("mohamed",), ("benali",))
    assert person_name.parse("DUPONT épouse MARTIN", "Zoé") == PersonName(("zoe",), ("dupont",), ("martin",))
    assert person_name.parse("Dupont (née Martin)", "Mme Zoé").other_family == ("martin",)
    assert person_name.parse("", None) is None
    assert person_name.parse("de la", "").family == ("la",)


def test_keys_of_swapped_parts_are_the_same():
    assert person_name.name_key(("karim", "haddad")) == person_name.name_key(("hadad", "kareem"))


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_it(one, other):
    names = person_name.parse_full(one), person_name.parse_full(other)
    if names[0] and names[1]:
        assert person_name.similarity(*names) == person_name.similarity(*reversed(names))
        assert 0 <= person_name.similarity(*names) <= 1
        assert person_name.similarity(names[0], names[0]) == 1


def test_names_that_men_and_women_bear_in_two_forms():
    assert [person_name.form(name) for name in ("jean", "jeanne", "karima", "karim")] == ["m", "f", "f", "m"]
    assert person_name.form("camille") == person_name.form("yassine") == ""


def test_given_names_are_known():
    assert all(map(person_name.is_given, ("jean", "fatima", "piotr", *person_name.tokens("محمد"))))
    assert not any(map(person_name.is_given, ("dupont", "smith", "toulouse")))


def test_birth_and_married_names_beside_a_whole_name():
    assert person_name.parse_full("Zoé DUPONT née MARTIN") == PersonName(("zoe",), ("dupont",), ("martin",))
    assert person_name.parse_full("Zoé Dupont épouse Martin").other_family == ("martin",)


@given(
    st.lists(
        st.one_of(st.sampled_from(["Le", "DUPONT", "Ben", "Née", "ne", "dr", "o'hara"]), st.text(max_size=8))
    )
)
def test_single_words_are_tokens(texts: list[str]) -> None:
    for text, word in zip(
        texts, person_name.single_words(pa.array(texts, pa.string())).to_pylist(), strict=True
    ):
        if word is not None:
            assert person_name.tokens(text) == (word,)
            assert person_name.parse(text, None) == PersonName((), (word,))


def test_most_names_are_single_words() -> None:
    assert person_name.single_words(pa.array(["Dupont", "MARTIN", "De", "Ali Ben", None])).to_pylist() == [
        "dupont", "martin", None, None, None
    ]  # fmt: skip
