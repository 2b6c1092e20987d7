import duckdb
import pyarrow as pa
import pytest

from parloir.identities import LinkInput, link
from parloir.identities.translating import translate

TOWNS = [
    ("Liège", "Luik"),
    ("Mons", "Bergen"),
    ("Namur", "Namen"),
    ("Tournai", "Doornik"),
    ("Paris", "باريس"),
]
NAMES = "Anselme Bertille Clovis Dorine Edmond Flavie Gontran Hermine Isaure Joris".split()  # noqa: SIM905


def lists(count=60):
    rows = [
        {
            "nom": f"Quercy{chr(97 + n % 20)}{chr(97 + n // 20)}o",
            "prénom": NAMES[n % 10],
            "town": TOWNS[n % 5],
        }
        for n in range(count)
    ]
    born = [f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/{1950 + n % 40}" for n in range(count)]
    names = {part: [row[part] for row in rows] for part in ("nom", "prénom")}
    left = pa.table({**names, "né le": born, "ville": [row["town"][0] for row in rows]})
    return left, left.set_column(3, "ville", pa.array([r["town"][1] for r in rows]))


def test_towns_in_two_languages_are_the_same_town():
    left, right = lists()
    found = link(LinkInput(left, "a"), LinkInput(right, "b")).pairs.to_pylist()
    told = {pair["level_city"] for pair in found if pair["left_row"] == pair["right_row"]}
    assert told == {"same"}


def records(*pairs):
    connection = duckdb.connect()
    empty = "NULL::VARCHAR AS birth, NULL::VARCHAR AS family_key, NULL::VARCHAR AS email"
    connection.execute(f"""CREATE TABLE records AS SELECT {empty}, NULL::VARCHAR AS national_id,
        0 AS side, '' AS phone, '' AS city LIMIT 0""")
    for n, (ours, theirs) in enumerate(pairs):
        for side, city in ((0, ours), (1, theirs)):
            row = "SELECT ? AS side, ? AS phone, ? AS city"
            connection.execute(f"INSERT INTO records BY NAME {row}", [side, str(n), city])
    return connection


@pytest.mark.parametrize(
    ("pairs", "left_alone"),
    [
        ([("mons", "bergen")] * 4, False),
        ([("mons", "bergen")] * 3, True),
        ([("mons", "bergen")] * 4 + [("albi", "bergen")] * 4, True),
        ([("mons", "bergen")] * 4 + [("mons", "albi")] * 4, True),
        ([("mons", "bergen")] * 4 + [("mons", "mons")] * 3, True),
    ],
    ids=["joined", "too few", "their word has two meanings", "ours has two", "they know ours"],
)
def test_words_are_joined_only_where_the_records_say_so(pairs, left_alone):
    connection = records(*pairs)
    translate(connection, ["city"], 2 * len(pairs))
    theirs = {city for (city,) in connection.execute("SELECT city FROM records WHERE side = 1").fetchall()}
    assert ("bergen" in theirs) == left_alone
