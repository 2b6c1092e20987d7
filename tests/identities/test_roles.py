import pyarrow as pa
import pytest

from parloir.identities import LinkInput


def profile(**columns):
    return LinkInput(pa.table(columns), "a file").profile()


def test_headers_in_french_and_english():
    french = profile(
        **{
            "Réf": ["A1", "A2"],
            "Nom de famille": ["Petit", "Durand"],
            "Prénoms": ["Luc", "Eva"],
            "Né le": ["12/03/1984", "01/01/1990"],
            "Tél. portable": ["0639981234", "0639981235"],
            "Code postal": ["31000", "31100"],
            "Ville": ["Toulouse", "Albi"],
        }
    )
    assert french.column("id") == "Réf"
    assert french.column("family") == "Nom de famille"
    assert french.column("given") == "Prénoms"
    assert french.column("birth") == "Né le"
    assert french.column("phone") == "Tél. portable"
    assert french.column("postcode") == "Code postal"
    assert french.column("city") == "Ville"


HEADERS = {
    "Spanish": "apellidos|nombre|fecha_nacimiento|teléfono|domicilio|población|código postal",
    "Italian": "Cognome|Nome|Data di nascita|Cellulare|Indirizzo|Comune|Codice postale",
    "German": "Nachname|Vorname|Geburtsdatum|Telefon|Anschrift|Wohnort|Postleitzahl",
    "Portuguese": "Apelido|Nome|Data de nascimento|Telemóvel|Morada|Localidade|Código postal",
    "Dutch": "Achternaam|Voornaam|Geboortedatum|Telefoon|Adres|Woonplaats|Postcode",
}
ROLES = ("family", "given", "birth", "phone", "address", "city", "postcode")


@pytest.mark.parametrize("language", HEADERS)
def test_headers_in_other_languages(language):
    values = ["Quercy", "Anselme", "12/03/1984", "0639981234", "7 rue des Lilas", "Albi", "81000"]
    others = ["Zola", "Eva", "13/03/1984", "0639981235", "8 rue du Lac", "Tours", "37000"]
    columns = HEADERS[language].split("|")
    rows = zip(columns, values, others, strict=True)
    found = profile(**{name: [one, other] for name, one, other in rows})
    assert [found.column(role) for role in ROLES] == columns


def test_content_tells_what_headers_do_not():
    rows = range(40)
    found = profile(
        f1=[f"p{n}@example.test" for n in rows],
        f2=[f"{n % 28 + 1:02d}/03/19{n + 40}" for n in rows],
        f3=[f"06 39 98 {n:02d} {n:02d}" for n in rows],
        f4=["M", "F"] * 20,
        f5=[f"310{n % 7}0" for n in rows],
        f6=[f"rec-{n}-org" for n in rows],
    )
    assert {role: names[0] for role, names in found.roles.items()} == {
        "email": "f1",
        "birth": "f2",
        "phone": "f3",
        "sex": "f4",
        "postcode": "f5",
        "id": "f6",
    }


def test_the_same_evidence_is_not_counted_twice():
    found = profile(
        first_name=["Luc", "Eva"],
        surname=["Petit", "Durand"],
        full_name=["Luc Petit", "Eva Durand"],
        name=["Luc Petit", "Eva Durand"],
    )
    assert found.column("given") == "first_name"
    assert "name" in found.unused


def test_what_identifies_a_row_or_tells_the_truth_is_left_out():
    found = profile(
        rec_id=["rec-1-org", "rec-1-dup-0"], cluster=["1", "1"], surname=["Petit", "Petit"], x=[None, None]
    )
    assert found.texts == {}
    assert set(found.unused) >= {"rec_id", "cluster", "x"}
