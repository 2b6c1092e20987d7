import pyarrow as pa
import pytest

from parloir.identities import LinkInput, link
from parloir.identities.matching_columns import left_over, matched
from parloir.identities.naming import Vocabulary


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
    "Polish": "Nazwisko|Imię|Data urodzenia|Nr telefonu|Ulica|Miejscowość|Kod pocztowy",
    "Turkish": "Soyadı|Adı|Doğum tarihi|Cep telefonu|Adres|Şehir|Posta kodu",
    "Arabic": "اللقب|الاسم الأول|تاريخ الميلاد|رقم الهاتف|العنوان|المدينة|الرمز البريدي",
    "Russian": "Фамилия|Имя|Дата рождения|Телефон|Адрес|Город|Индекс",
    "Greek": "Επώνυμο|Όνομα|Ημερομηνία γέννησης|Τηλέφωνο|Διεύθυνση|Πόλη|ΤΚ",
    "American": "last|first|dob|contact number|street|town|zip",
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


GIVEN = "Anna Bruno Carla Diego Elena Fabio Giulia Hugo Irene Jonas".split()  # noqa: SIM905 - a list of words
STEMS = "Bar Cor Dul Fer Gar Hol Lam Mer Nov Par".split()  # noqa: SIM905
TOWNS = "Albi Tours Nantes Toulouse".split()  # noqa: SIM905


def people(count=60):
    return [(GIVEN[n % 10], f"{STEMS[n % 7]}{'aeiou'[n % 5]}ssi{n}", TOWNS[n % 4]) for n in range(count)]


def letters(text):
    """Letters only: `Barassi12` becomes `Barassibc`."""
    return "".join(chr(ord("a") + int(sign)) if sign.isdigit() else sign for sign in text)


def test_values_alone_tell_names():
    rows = [(given, letters(family), town) for given, family, town in people()]
    found = profile(c1=[r[1] for r in rows], x_7=[r[0] for r in rows], k=[r[2] for r in rows])
    assert (found.column("family"), found.column("given")) == ("c1", "x_7")
    assert list(found.texts.values()) == ["k"]
    whole = profile(kol_a=[f"{r[0]} {r[1]}" for r in rows], kol_d=[r[2] for r in rows])
    assert whole.column("full_name") == "kol_a"
    assert profile(a=[r[2] for r in rows], b=["red", "green", "blue"] * 20).roles == {}


def test_a_name_that_a_header_tells_is_not_looked_for_again():
    rows = people()
    found = profile(full_name=[f"{g} {letters(f)}" for g, f, _ in rows], x=[letters(f) for _, f, _ in rows])
    assert found.column("family") is None


def test_a_birth_name_alone_is_the_name():
    assert profile(birth_name=["Jane Roe", "Joan Poe"], dob=["1801", ""]).column("full_name") == "birth_name"


def test_shared_values_bring_columns_together():
    rows = people()
    left = LinkInput(pa.table({"family": [r[1] for r in rows], "zz": [f"{r[2]} {r[0]}" for r in rows]}), "a")
    right = LinkInput(pa.table({"family": [r[1] for r in rows], "q": [f"{r[2]} {r[0]}" for r in rows]}), "b")
    town = LinkInput(right.table.rename_columns(["family", "ville"]), "c")
    other = LinkInput(
        pa.table({"family": [r[1] for r in rows], "q": [letters(f"x{r[1]}") for r in rows]}), "d"
    )
    assert matched([left, right], [left.profile(), right.profile()])[1].texts == {"zz": "q"}
    assert matched([left, town], [left.profile(), town.profile()])[0].column("city") == "zz"
    assert matched([left, other], [left.profile(), other.profile()])[1].texts == {"q": "q"}


def test_full_names_are_cut_as_their_words_say():
    words = Vocabulary.of(["Maria", "Jean Pierre"], ["Garcia Lopez", "Martin"])
    assert words.cut(("maria", "garcia", "lopez"), False) == (("maria",), ("garcia", "lopez"))
    assert words.cut(("jean", "pierre", "martin"), False) == (("jean", "pierre"), ("martin",))
    assert words.cut(("martin", "jean", "pierre"), True) == (("jean", "pierre"), ("martin",))
    assert words.cut(("xu",), False) == ((), ("xu",))
    assert words.family_first([("martin", "jean"), ("garcia", "zz")])
    assert not words.family_first([("jean", "martin")])


def test_a_column_of_years_is_no_postcode():
    years = [str(1800 + n) for n in range(40)]
    found = profile(a=years, b=[str(1860 + n) for n in range(40)], family=["Roe"] * 40)
    assert (found.column("birth"), found.column("death")) == ("a", "b")
    assert profile(annee=[f"c. {year}" for year in years]).column("birth") == "annee"


def test_parts_of_a_name_in_numbered_columns_belong_together():
    found = profile(apellido1=["Dias", "Gil"], apellido2=["Rey", None], nombres=["Ana", "Luis"])
    assert found.roles["family"] == ("apellido1", "apellido2")
    beside = profile(**{"Nom du visiteur": ["Roe", "Poe"], "Prénom du visiteur": ["Jo", "Al"]})
    assert (beside.column("family"), beside.column("given")) == ("Nom du visiteur", "Prénom du visiteur")


def test_no_column_vanishes_in_silence():
    left = LinkInput(pa.table({"nom": ["Roe", "Poe"], "colour": ["red", "blue"]}), "a")
    right = LinkInput(pa.table({"nom": ["Roe", "Poe"], "ville": ["Albi", "Tours"]}), "b")
    said = left_over([left, right], [left.profile(), right.profile()])
    assert [sentence.split("”")[0] for sentence in said] == ["a: column “colour", "b: column “ville"]


DOCUMENTS = (
    "pièce|Pièce d'identité|Document|Passport no|Nr. paszportu|Ausweisnummer|Cédula|Driving licence|N° sécu"
)


@pytest.mark.parametrize("header", DOCUMENTS.split("|"))
def test_numbers_of_papers_tell_who_a_person_is(header):
    assert profile(**{header: ["CK473670", "DY3933271", "HX984587"]}).roles["national_id"] == (header,)


@pytest.mark.parametrize(
    "values", [["1", "2", "3"], ["12/03/2019", "01/01/2020", "04/05/2021"], ["CNI", "AB", "CD"]]
)
def test_what_is_no_number_is_no_paper(values):
    assert "national_id" not in profile(document=values).roles


def test_keys_that_two_files_share_are_told_and_not_compared():
    keys = [f"rec-{n * 37:05d}" for n in range(20)]
    names = {"nom": [f"Petit{n}" for n in range(20)], "prénom": ["Luc", "Eva"] * 10}
    inputs = [
        LinkInput(pa.table({"key": keys, **names}), "left"),
        LinkInput(pa.table({"ref": keys[::-1], **names}), "right"),
    ]
    profiles = matched(inputs, [one.profile() for one in inputs])
    assert all("national_id" not in one.roles for one in profiles)
    assert any("“key” shares values with “ref”" in said for said in left_over(inputs, profiles))


def test_dates_that_are_no_days_are_dates_still():
    born = profile(
        **{"né le": ["00/00/0000"] * 9 + ["31/02/1990"], "zz": ["00/00/0000"] * 9 + ["01/00/0000"]}
    )
    assert born.column("birth") == "né le"
    assert "phone" not in born.roles


BORN = ["12/03/1984", "01/01/1990", "24/12/1971"]


@pytest.mark.parametrize("header", ["né(e) le", "Né/née le", "né·e le", "Nato/a il", "Geb.", "Nacido(a) el"])
def test_a_date_of_birth_under_headers_for_both_sexes(header):
    assert profile(**{header: BORN}).column("birth") == header


@pytest.mark.parametrize(
    "header", ["à", "in", "Lieu", "lieu de nais.", "مكان الولادة", "geboren te", "Nato a"]
)
def test_the_place_beside_a_date_of_birth(header):
    columns = {"born": BORN, header: ["Oran", "Albi", "Fès"]}
    assert profile(**columns).column("birth_place") == header
    assert profile(colour=["red", "blue", "red"], a=["Oran", "Albi", "Fès"]).column("birth_place") is None


def test_a_name_beside_a_family_name_is_the_given_name():
    names = {"اللقب": ["حداد", "بوزيد", "مرابط"], "الاسم": ["محمد", "نور الدين", "علي"]}
    found = profile(**names)
    assert (found.column("family"), found.column("given")) == ("اللقب", "الاسم")
    whole = profile(surname=["Roe", "Poe", "Loy"], name=["Jane Roe", "Al Poe", "Jo Loy"])
    assert (whole.column("family"), whole.column("full_name")) == ("surname", "name")


def test_a_family_name_alone_that_holds_whole_names_is_the_name():
    rows = people()
    found = profile(nom=[f"{letters(family)} {given}" for given, family, _ in rows])
    assert found.column("full_name") == "nom"
    assert profile(nom=[letters(family) for _, family, _ in rows]).column("family") == "nom"


@pytest.mark.parametrize("born", ["NOM", "Nom de naissance"])
def test_a_name_beside_a_name_of_use_is_that_of_birth(born):
    found = profile(**{born: ["Roe", "Poe"], "NOM D'USAGE": ["", "Loy"], "PRENOM(S)": ["Jo", "Al"]})
    assert (found.column("family"), found.roles["other_family"]) == ("NOM D'USAGE", (born,))
    alone = profile(**{"nom d'usage": ["Roe", "Poe"], "prénom": ["Jo", "Al"]})
    assert alone.column("family") == "nom d'usage"


@pytest.mark.parametrize("header", ["ship_line1", "Ligne 1", "zz"])
def test_streets_are_known_by_their_words(header):
    values = [
        "141 chemin du Port",
        "Relais Le Fournil 7 place de la Mairie",
        "3 Kerkstraat",
        "Calle Mayor 4",
    ] * 3
    assert profile(**{header: values}).column("address") == header


def test_house_numbers_beside_streets_belong_to_the_address():
    streets = {"Rue": ["rue Haute", "rue Neuve", "avenue Louise"], "N°": ["147", "73 bte 3", "12 A"]}
    found = profile(**streets)
    assert (found.column("address"), found.column("house")) == ("Rue", "N°")
    left = LinkInput(pa.table({**streets, "nom": ["Roe", "Poe", "Loy"]}), "a")
    right = LinkInput(
        pa.table({"adres": ["Rue Haute 147", "73 rue Neuve", "x 4"], "nom": ["Roe", "Poe", "Loy"]}), "b"
    )
    found = link(left, right).pairs.to_pylist()
    told = {(pair["left_row"], pair["right_row"]): pair["level_address"] for pair in found}
    assert (told[1, 1], told[2, 2]) == ("same", "same")
    numbered = profile(rue=["3 rue Haute", "4 rue Neuve"], no=["12", "13"])
    assert "house" not in numbered.roles


@pytest.mark.parametrize(
    "header", ["cpf", "Rijksregisternummer", "N° national", "Codice fiscale", "الرقم الوطني"]
)
def test_national_numbers_are_no_telephones(header):
    numbers = ["52998224725", "12345678901", "98765432100"]
    found = profile(**{header: numbers, "celular": ["(58) 96538-8425", "(65) 91709-2144", "(11) 98888-1212"]})
    assert found.roles["national_id"] == (header,)
    assert found.roles["phone"] == ("celular",)


def test_check_digits_tell_a_national_number_without_a_header():
    numbers = ["52998224725", "11144477735", "12345678909", "98765432100", "00000000191", "39053344705"]
    assert profile(z=[*numbers, *numbers]).roles == {"national_id": ("z",)}


@pytest.mark.parametrize("header", ["Âge", "edad", "Alter", "leeftijd", "العمر", "Age (ans)"])
def test_ages(header):
    assert profile(**{header: ["12", "43", "7 ans"]}).column("age") == header
    assert profile(**{header: ["1984", "1990", "1971"]}).column("age") is None


@pytest.mark.parametrize(
    "header", ["nome_da_mae", "Mother's name", "Nom de la mère", "اسم الأم", "Imię matki"]
)
def test_mothers(header):
    assert (
        profile(**{header: ["Eva Roe", "Ana Poe"], "nome": ["Jo Roe", "Al Poe"]}).column("mother") == header
    )


def test_few_values_shared_by_nearly_all_rows_bring_columns_together():
    kin = ["chef", "sa femme", "son fils", "sa fille"] * 5
    left = LinkInput(pa.table({"nom": ["Roe"] * 20, "position": kin, "x": ["oui", "non"] * 10}), "a")
    right = LinkInput(pa.table({"nom": ["Roe"] * 20, "état": kin[::-1], "y": ["non", "oui"] * 10}), "b")
    found = matched([left, right], [left.profile(), right.profile()])
    assert found[1].texts["position"] == "état"
    assert found[1].texts["y"] == "y"
