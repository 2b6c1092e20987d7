from __future__ import annotations

import io
import random
import re
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import DamagedFileError
from parloir.readers.sql import Dump, cutter, window
from parloir.readers.sql.names import structure
from tests.readers.shop_dumps import DATA, literal

TABLE = (
    "CREATE TABLE `t` (\n  `a` int(11),\n  `b` text,\n  `c` text,\n  KEY `a` (`a`)\n) DEFAULT CHARSET=utf8;\n"
)
HOSTILE = [
    "O'Déïmo",
    "Livrer \"vite\"\nligne 2; INSERT INTO x VALUES (1,'a');",
    "),(",
    "),\n(2,'x','y');\n",
    "back\\slash\\",
    "\\'",
    "''",
    "'",
    "",
    "NULL",
    "0x41",
    "-- no comment",
    "/* no comment */",
    "nul\0 ctrl\x1a bell\x07 tab\t cr\r\n",
    "100% \\% \\_",
    "Démo 📱 李演示 \u202eabc",
    "`t`",
    " spaces ",
    "1, 2",
]


def read(
    text: str | bytes, wanted: tuple[str, ...] = ("a", "b", "c"), table: str = "t"
) -> list[dict[str, Any]]:
    octets = text.encode() if isinstance(text, str) else text
    dump = Dump(io.BytesIO(octets), "dump.sql", lambda name: wanted if name == table else None)
    rows = []
    for block in dump.blocks():
        assert not block.wrong, block.wrong
        assert len(block.numbers) == block.columns.num_rows
        rows += block.columns.to_pylist()
    return rows


def wrongs(text: str | bytes) -> tuple[list[dict[str, Any]], list[tuple[int, bool, str]], int]:
    """Rows, doubts and rows met."""
    octets = text.encode() if isinstance(text, str) else text
    dump = Dump(io.BytesIO(octets), "dump.sql", lambda name: ("a", "b", "c") if name == "t" else None)
    rows, doubts = [], []
    for block in dump.blocks():
        rows += block.columns.append_column("n", pa.chunked_array([block.numbers])).to_pylist()
        doubts += [(w.place, w.set_aside, w.reason) for w in block.wrong]
    return rows, doubts, dump.rows_in["t"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "write",
    [
        lambda v: f"INSERT INTO `t` VALUES (1,{literal(v)},NULL);\n",
        lambda v: f"INSERT INTO t VALUES\n(1,{literal(v)},NULL)\n;",
        lambda v: f"INSERT INTO `t` (`c`, `b`, `a`) VALUES (NULL, {literal(v)}, 1);",
        lambda v: f"INSERT IGNORE INTO `t` VALUES (1 , {literal(v)} ,NULL);",
        lambda v: f"REPLACE INTO `t` VALUES (1,{literal(v)},NULL),(2,'','');",
        lambda v: "INSERT INTO `t` VALUES (1,'" + v.replace("\\", "\\\\").replace("'", "''") + "',NULL);",
        lambda v: f"INSERT INTO `t` VALUES (1,_utf8mb4 {literal(v)},NULL);",
        lambda v: "INSERT INTO `t` VALUES (1,X'" + v.encode().hex() + "',NULL);",
        lambda v: 'INSERT INTO `t` VALUES (1,"' + v.replace("\\", "\\\\").replace('"', '""') + '",NULL);',
    ],
)
def test_text_survives_every_way_of_writing_it(value: str, write: Any) -> None:
    first = read(TABLE + write(value))[0]
    assert first == {"a": "1", "b": value, "c": None}


def test_hexadecimal_without_quotes() -> None:
    text = "O'Déïmo 📱"
    assert read(f"{TABLE}INSERT INTO `t` VALUES (-1.5e3,0x{text.encode().hex().upper()},b'101');") == [
        {"a": "-1.5e3", "b": text, "c": "5"}
    ]


def test_a_quoted_null_is_no_null() -> None:
    assert read(TABLE + "INSERT INTO `t` VALUES (NULL,'NULL','null');") == [
        {"a": None, "b": "NULL", "c": "null"}
    ]


@pytest.mark.parametrize("space", [", ", ",\n", " /* ' */ ,", ", -- it's\n", ", # don't\n"])
def test_comments_and_spaces_stand_between_rows(space: str) -> None:
    rows = read(f"{TABLE}INSERT INTO `t` VALUES (1,'a;b',NULL){space}(2,'c','');-- '\n# '\n/* ; ' */")
    assert [row["a"] for row in rows] == ["1", "2"]


def test_statements_on_one_line_and_after_a_sandbox_line() -> None:
    text = "/*M!999999\\- enable the sandbox mode */ \n" + TABLE.replace("\n", " ")
    text += "INSERT INTO `t` VALUES (1,'a','b');INSERT INTO `t` VALUES (2,'a','b');UNLOCK TABLES;"
    assert [row["a"] for row in read(text)] == ["1", "2"]


def test_executed_comments_are_read() -> None:
    text = "/*!40101 SET NAMES latin1 */;\n" + TABLE + "/*!40000 INSERT INTO `t` VALUES (1,'\xe9\x80','') */;"
    assert read(text.encode("latin-1"))[0]["b"] == "é€"


def test_bodies_of_triggers_are_no_data() -> None:
    body = "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN INSERT INTO t VALUES (9,NEW.b,'x'); END ;;"
    text = f"{TABLE}DELIMITER ;;\n/*!50003 {body} */;;\nDELIMITER ;\nINSERT INTO `t` VALUES (1,'a','b');"
    assert [row["a"] for row in read(text)] == ["1"]


def test_generated_columns_are_left_out_where_the_dump_leaves_them_out() -> None:
    made = "CREATE TABLE `t` (`a` int, `g` int GENERATED ALWAYS AS (`a` * 2) STORED, `b` text, `c` text);\n"
    assert read(made + "INSERT INTO `t` VALUES (1,'b','c');")[0]["b"] == "b"
    assert read(made + "INSERT INTO `t` VALUES (1,2,'b','c');")[0]["b"] == "b"


def test_structure_with_odd_names() -> None:
    found = structure(
        b"`order` int COMMENT 'a, (b) `c`', `we``ird,(x)` enum('a','b)') DEFAULT 'a', key_date date,"
        b" CHECK (`a` > 0), PRIMARY KEY (`order`)) ENGINE=InnoDB DEFAULT CHARSET=latin1"
    )
    assert found.columns == ("order", "we`ird,(x)", "key_date")
    assert found.charset == "latin1"


def test_databases_tell_tables_apart() -> None:
    text = f"USE `one`;\n{TABLE}INSERT INTO `t` VALUES (1,'','');USE `two`;"
    text += "INSERT INTO `three`.`t` VALUES (3,'','');"
    assert [row["a"] for row in read(text, table="one.t")] == ["1"]
    dump = Dump(io.BytesIO(text.encode()), "", lambda _: None)
    list(dump.blocks())
    assert dump.rows_in == {"one.t": 1, "three.t": 1}


@pytest.mark.parametrize(
    ("named", "codec"),
    [("latin1", "cp1252"), ("utf8mb3", "utf-8"), ("cp1251", "cp1251"), ("sjis", "shift_jis"), ("gbk", "gbk")],
)
def test_the_dump_names_its_character_set(named: str, codec: str) -> None:
    text = {"cp1251": "Привет", "shift_jis": "ソ十表", "gbk": "運行"}.get(codec, "Noël €")
    written = f"SET NAMES {named};\n{TABLE}INSERT INTO `t` VALUES (1,'{text}','x');"
    assert read(written.encode(codec))[0] == {"a": "1", "b": text, "c": "x"}


def test_binary_dumps_are_in_the_character_set_of_the_table() -> None:
    table = TABLE.replace("utf8", "latin1")
    assert (
        read(f"SET NAMES binary;{table}INSERT INTO t VALUES (1,'Noël','');".encode("cp1252"))[0]["b"]
        == "Noël"
    )


def test_octets_that_are_no_text_are_a_remark() -> None:
    rows, doubts, met = wrongs(TABLE.encode() + b"INSERT INTO t VALUES (1,'No\xebl',''),(2,'x','y');")
    assert [row["b"] for row in rows] == ["Noël", "x"]
    assert [(n, aside) for n, aside, _ in doubts] == [(1, False)]
    assert met == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("(2,'x')", "2 values"),
        ("(2,'x','y','z')", "4 values"),
        ("(2,,'x')", "nothing between"),
        ("garbage", "no row"),
        ("(2,'x','y)", None),
    ],
)
def test_a_bad_row_is_set_aside_and_its_neighbours_stay(row: str, why: str | None) -> None:
    text = f"{TABLE}INSERT INTO t VALUES (1,'a','b'),{row},(3,'c','d');"
    if why is None:
        with pytest.raises(DamagedFileError, match="breaks off"):
            wrongs(text)
        return
    rows, doubts, met = wrongs(text)
    assert [(r["n"], r["a"]) for r in rows] == [(1, "1"), (3, "3")]
    assert [(n, aside) for n, aside, _ in doubts] == [(2, True)]
    assert why in doubts[0][2]
    assert met == 3


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_marks(encoding: str) -> None:
    text = f"{TABLE}INSERT INTO `t` VALUES (1,'Noël 📱','');-- Dump completed\n"
    assert read(text.encode(encoding))[0]["b"] == "Noël 📱"


def test_an_insert_without_written_rows_is_not_passed_over_in_silence() -> None:
    rows, doubts, met = wrongs(f"{TABLE}INSERT INTO t SET a=1, b='x';INSERT INTO `t` VALUES (2,'a','b');")
    assert [row["n"] for row in rows] == [2]
    assert doubts == [(1, True, "is text that is no row")]
    assert met == 2


def test_a_column_listed_twice() -> None:
    assert read(f"{TABLE}INSERT INTO `t` (`a`,`b`,`b`) VALUES (1,'x','y');") == [
        {"a": "1", "b": "x", "c": None}
    ]


def test_columns_not_known_set_rows_aside() -> None:
    _, doubts, met = wrongs("INSERT INTO t VALUES (1,'a','b');")
    assert met == 1
    assert "no known columns" in doubts[0][2]


@pytest.mark.parametrize("name", ["prestashop_ps16_schema_fixtures.sql", "woocommerce_10.5.2_hpos.sql"])
def test_a_dump_cut_anywhere_is_refused(name: str) -> None:
    octets = (DATA / name).read_bytes()
    chance = random.Random(1)  # noqa: S311 - where to cut
    between = octets.index(b"UNLOCK TABLES;\n", 100_000) + 15
    for end in [between, *(chance.randrange(1000, len(octets) - 40) for _ in range(12))]:
        with pytest.raises(DamagedFileError, match=f"{name}: breaks off .*; ask for a whole copy"):
            list(Dump(io.BytesIO(octets[:end]), name, lambda _: None).blocks())


def test_tables_without_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutter, "MOST_TABLES", 50)
    for statement in ("CREATE TABLE `t{}` (`a` int);", "INSERT INTO `t{}` VALUES (1);"):
        text = "".join(statement.format(n) for n in range(60))
        with pytest.raises(DamagedFileError, match="tables"):
            list(Dump(io.BytesIO(text.encode()), "dump.sql", lambda _: None).blocks())


@pytest.mark.parametrize(
    "octets",
    [
        b"INSERT INTO t VALUES (1,'" + b"x" * 20_000_000,
        b"INSERT INTO t VALUES (1,2),(" + b"1," * 9_000_000,
        b"SELECT '" + b"x" * 20_000_000,
        b"/* " + b"x" * 20_000_000,
        b"CREATE TABLE t (" + b"x int, " * 3_000_000,
    ],
    ids=["string", "row", "statement", "comment", "structure"],
)
def test_what_never_ends_is_refused(octets: bytes) -> None:
    with pytest.raises(DamagedFileError):
        list(Dump(io.BytesIO(octets), "dump.sql", lambda _: None).blocks())


def test_ten_million_characters_in_one_row() -> None:
    (row,) = read(f"{TABLE}INSERT INTO `t` VALUES (1,'{'é' * 5_000_000}','{'x' * 10}');")
    assert len(row["b"]) == 5_000_000


def test_a_long_string_of_a_statement_passed_over() -> None:
    text = f"SET @x = '{'y;' * 10_000_000}';{TABLE}INSERT INTO `t` VALUES (1,'','');"
    assert len(read(text)) == 1


def test_the_same_rows_whatever_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (DATA / "woocommerce_10.5.2_hpos.sql").read_bytes()
    whole = read(text, ("id", "customer_note", "billing_email"), "wp_wc_orders")
    comments = read(text, ("comment_content", "comment_date"), "wp_comments")
    for chunk in (97, 1009, 4093):
        monkeypatch.setattr(window, "CHUNK", chunk)
        monkeypatch.setattr(window, "LOOKAHEAD", 700)
        monkeypatch.setattr(cutter, "_FIRST_VIEW", 64)
        monkeypatch.setattr(cutter, "_LARGEST_VIEW", 512)
        assert read(text, ("id", "customer_note", "billing_email"), "wp_wc_orders") == whole
        assert read(text, ("comment_content", "comment_date"), "wp_comments") == comments
    assert len(whole) == 12
    assert len(comments) == 37


VALUES = st.none() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=30)


@settings(max_examples=150)
@given(
    st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=8), st.sampled_from([",", ",\n", ", "])
)
def test_any_row_comes_back_as_it_went_in(rows: list[tuple[Any, Any, Any]], between: str) -> None:
    written = between.join("(" + ",".join(map(literal, row)) + ")" for row in rows)
    found = read(f"{TABLE}INSERT INTO `t` VALUES {written};")
    assert [tuple(row.values()) for row in found] == [
        tuple(None if value is None else str(value) for value in row) for row in rows
    ]


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_octets_after_an_insert(octets: bytes) -> None:
    try:
        rows, doubts, met = wrongs(TABLE.encode() + b"INSERT INTO t VALUES (1,'a','b')," + octets)
    except DamagedFileError:
        return
    assert met == len(rows) + sum(aside for _, aside, _ in doubts)


def test_every_row_of_the_samples_is_met() -> None:
    """Against a count of lines: MariaDB 10.11 writes one row a line."""
    for path in DATA.glob("*.sql"):
        dump = Dump(io.BytesIO(path.read_bytes()), path.name, lambda _: None)
        list(dump.blocks())
        assert sum(dump.rows_in.values()) == len(re.findall(rb"^\(.*\)[,;]$", path.read_bytes(), re.M))
