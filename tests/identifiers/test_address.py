import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.identifiers import address


@pytest.mark.parametrize(
    ("street", "postcode", "city", "door"),
    [
        ("12 bis, av. du Gal de Gaulle", "75011", "Paris", "12 bis avenue general gaulle"),
        ("12B avenue du Général de Gaulle", "75011", "PARIS", "12 bis avenue general gaulle"),
        ("3 r. St Jacques", "13001", "Marseille", "3 rue saint jacques"),
        ("Résidence Les Pins, 14 allée des Roses", "06000", "Nice", "14 allee roses"),
        ("rue du 8 mai 1945", "31000", "Toulouse", "rue 8 mai 1945"),
        ("25, rue du 11 novembre 1918", "31000", "Toulouse", "25 rue 11 novembre 1918"),
        ("48 goldfinch circuit", "2776", "canterbury", "48 goldfinch circuit"),
        ("rue Haute 147", "4000", "Liège", "147 rue haute"),
        ("147, rue Haute bte 3", "4000", "Liège", "147 rue haute"),
        ("route départementale 12", "31000", "Toulouse", "route departementale 12"),
        ("Hauptstraße 12", "10115", "Berlin", "12 hauptstrasse"),
        ("", "31000", "Toulouse", ""),
    ],
)
def test_the_door(street, postcode, city, door):
    assert address.parse(street, postcode, city).door == door


def test_inside_the_door():
    found = address.parse("Bât. B, esc 2, 3e étage, apt 34, 12 rue des Lilas", "31 000", "Toulouse CEDEX 9")
    assert (found.building, found.staircase, found.floor, found.apartment) == ("b", "2", "3", "34")
    assert (found.home, found.postcode, found.city, found.cedex) == (
        "12 rue lilas b 2 34",
        "31000",
        "toulouse",
        True,
    )


def test_who_lives_there_is_not_the_person():
    found = address.parse("chez Mme Dupont, 3 rue des Lilas", "31000", "Toulouse")
    assert (found.care_of, found.door) == ("mme dupont", "3 rue lilas")
    assert address.parse("c/o Ali Benali 7 place du Marché").care_of == "ali benali"


def test_a_box():
    found = address.parse("BP 123", "69002", "LYON CEDEX 02")
    assert (found.box, found.city, found.door) == ("123", "lyon", "")


@pytest.mark.parametrize(
    ("street", "place"),
    [
        ("Mondial Relay - Tabac du Centre, 5 place de la Mairie", "relay"),
        ("Point Relais n° 12", "relay"),
        ("Locker 234, parking du supermarché", "locker"),
        ("Consigne Pickup gare", "locker"),
        ("Poste restante", "post_office"),
        ("5 place de la Mairie", "home"),
    ],
)
def test_relay_points_and_lockers_are_not_homes(street, place):
    assert address.parse(street, "59000", "Lille").place == place


def test_a_postcode_in_another_column():
    assert address.parse("3 rue des Lilas 31000 Toulouse").postcode == "31000"
    found = address.parse("4 rue de la Paix", None, "75002 Paris")
    assert (found.postcode, found.city) == ("75002", "paris")


def test_nothing():
    assert address.parse(None) is None
    assert address.parse("  ", "", " ") is None


@given(st.text(max_size=60), st.text(max_size=8), st.text(max_size=20))
def test_no_text_breaks_it(street, postcode, city):
    found = address.parse(street, postcode, city)
    assert found is None or found.door == found.door.strip()
