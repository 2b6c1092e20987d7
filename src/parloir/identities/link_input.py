"""A file to link: read, and its columns told apart."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

from parloir.errors import DamagedFileError, InputError, UnknownFormatError
from parloir.identifiers import email
from parloir.identities import dates, roles
from parloir.identities.columns import as_text
from parloir.identities.roles import ROLES, SAMPLE, Profile
from parloir.identities.values import Values

pc: Any = pyarrow.compute
NULLS = ["", "NULL", "null", "NaN", "nan", "NA", "N/A", "None", "\\N"]
"""Texts that say that there is no value."""
LONGEST_TOLD = 80
"""Characters of a row set aside that are told."""


@dataclass(frozen=True)
class LinkInput:
    """One file and what a person said about it.

    Attributes:
        table: its rows.
        name: for messages.
        told: column → role, or role `ignore`; what is not told is found out.
        country: ISO 3166 alpha-2 of telephone numbers in national form.
        aside: rows of the file that are in no table, a sentence each.
    """

    table: pa.Table
    name: str
    told: Mapping[str, str] = field(default_factory=dict)
    country: str = "FR"
    aside: tuple[str, ...] = ()

    def profile(self) -> Profile:
        """The roles of its columns.

        Raises:
            InputError: what was told names a column or a role that is not there.
        """
        for column, role in self.told.items():
            if column not in self.table.column_names:
                raise InputError(
                    f"there is no column “{column}”",
                    where=self.name,
                    do=f"write one of {', '.join(self.table.column_names[:20])}",
                )
            if role not in ROLES:
                raise InputError(
                    f"“{role}” is no role of a column", where=self.name, do=f"write one of {', '.join(ROLES)}"
                )
        return roles.profile({name: values(self.table[name]) for name in self.table.column_names}, self.told)

    def ids(self, profile: Profile) -> pa.Array[Any]:
        """The identifier of each row: its first identifying column as text, else the row counted from 1."""
        column = profile.column("id")
        if column is None:
            return pa.array([str(row) for row in range(1, self.table.num_rows + 1)], pa.string())
        ids: pa.Array[Any] = as_text(self.table[column]).combine_chunks()
        return ids


def values(column: Any) -> Values:
    """A look at a column: a sample spread over the file."""
    text = as_text(column)
    filled = pc.drop_null(pc.if_else(pc.equal(pc.utf8_trim_whitespace(text), ""), None, text))
    step = max(len(filled) // SAMPLE, 1)
    sample = [filled[i].as_py() for i in range(0, len(filled), step)][:SAMPLE]
    return Values(sample, len(filled), pc.count_distinct(filled).as_py(), len(column))


def read_file(path: Path, told: Mapping[str, str] | None = None, country: str = "FR") -> LinkInput:
    """A CSV, XLSX or Parquet file. All columns of a CSV are read as text, so that leading zeros stay.

    Raises:
        InputError: there is no such file, it is a folder, or it has no rows.
        UnknownFormatError: it is none of the three.
        DamagedFileError: it cannot be read to its end.
    """
    if path.is_dir():
        raise InputError("it is a folder", where=str(path), do="name a file in it")
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), do="check the path")
    head = path.open("rb").read(4)
    aside: list[str] = []
    try:
        if head == b"PAR1":
            table = pa.parquet.read_table(path)
        elif head == b"PK\x03\x04":
            table = _workbook(path, aside)
        else:
            table = _delimited(path, aside)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:160].rstrip(".")
        raise DamagedFileError(
            f"it cannot be read: {reason}", where=path.name, do="save it again as CSV in UTF-8 or as Parquet"
        ) from error
    if not table.num_rows:
        raise InputError(
            "it has no rows", where=path.name, do="give a file with a line of headers and at least one row"
        )
    return LinkInput(_readable(table), path.name, told or {}, country, tuple(aside))


def _readable(table: pa.Table) -> pa.Table:
    """Columns that no text can be made of (pictures, nested values) as empty ones."""
    for place, name in enumerate(table.column_names):
        try:
            as_text(table.column(place))
        except pa.ArrowException:
            nothing: Any = pa.nulls(table.num_rows)
            table = table.set_column(place, name, nothing.cast(pa.string()))
    return table


def _delimited(path: Path, aside: list[str]) -> pa.Table:
    raw = path.read_bytes()
    if b"\x00" in raw[:4096] and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise UnknownFormatError(
            "it is neither CSV nor XLSX nor Parquet", where=path.name, do="save it as one of the three"
        )
    text = decode(raw)
    line = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=line.count)
    names = [name.strip().strip('"').strip() for name in line.strip("\r\n").split(delimiter)]
    columns = _headers(names, aside)
    types = dict.fromkeys(columns, pa.string())
    return pa.csv.read_csv(
        io.BytesIO(text.encode()),
        read_options=pa.csv.ReadOptions(column_names=columns, skip_rows=1, block_size=1 << 24),
        parse_options=pa.csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            invalid_row_handler=lambda row: _set_aside(row, aside),
        ),
        convert_options=pa.csv.ConvertOptions(
            column_types=types, strings_can_be_null=True, null_values=NULLS
        ),
    )


def _headers(names: list[str], aside: list[str]) -> list[str]:
    """Names of the columns, one each: those that are empty or stand there twice have their place in them."""
    if any(dates.looks_like_one(name) or email.normalise(name) for name in names):
        aside.append("its first line looks like a row, and was taken for the headers")
    columns = [name or f"column_{i}" for i, name in enumerate(names, 1)]
    return [name if columns.index(name) == i else f"{name}_{i + 1}" for i, name in enumerate(columns)]


def _set_aside(row: Any, aside: list[str]) -> Literal["skip"]:
    """A row with too many or too few fields is no row of the table; it is told and left out."""
    fields = f"{row.actual_columns} field{'s' * (row.actual_columns != 1)}, not {row.expected_columns}"
    text = row.text if len(row.text) <= LONGEST_TOLD else f"{row.text[:LONGEST_TOLD]}…"
    aside.append(f"a row has {fields}: set aside: {text.strip()}")
    return "skip"


def decode(raw: bytes) -> str:
    """UTF-8 or UTF-16 with a mark, UTF-8 without, else Windows-1252, in which every byte is a letter."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _workbook(path: Path, aside: list[str]) -> pa.Table:
    """The sheet with the most rows; where there are several it is told."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only workbooks need it

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except CalamineError as error:
        raise DamagedFileError(
            "it is no workbook", where=path.name, do="save it again as XLSX or CSV"
        ) from error
    chosen = max(sheets, key=lambda name: len(sheets[name]), default="")
    if not sheets or not sheets[chosen]:
        return pa.table({})
    if len(sheets) > 1:
        aside.append(f"it has {len(sheets)} sheets: “{chosen}”, which has the most rows, was read")
    rows = sheets[chosen]
    names = _headers([str(name).strip() for name in rows[0]], aside)
    return pa.table(
        {name: pa.array([_cell(row[i]) for row in rows[1:]], pa.string()) for i, name in enumerate(names)}
    )


def _cell(value: object) -> str | None:
    if value in ("", None):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
