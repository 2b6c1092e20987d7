"""A layout: which header of a file means which column of a canonical table.

Layouts are TOML files, the ones of this package in `layouts/`; docs/formats/layouts.md explains their keys.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from parloir.errors import InputError
from parloir.tables import TABLES

_KEYS = {
    "extends", "table", "title", "required", "needed", "ignored", "country", "timezone", "date_order",
    "columns", "values", "otherwise", "constants", "request", "radio_cells", "separators",
}  # fmt: skip
PARTS = ("date", "time", "join", "out", "in", "plmn", "site", "sector", "lac", "ci")
"""What a column may be put together from; the plain form has the one part `text`."""


@lru_cache(maxsize=1 << 14)
def header_key(text: str) -> str:
    """A header without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("°", "").replace("€", "eur")).casefold()
    return re.sub(r"[^\w]|_", "", "".join(c for c in plain if not unicodedata.combining(c)))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a column's text comes from.

    Attributes:
        column: canonical column.
        parts: name of the part to the headers it may stand under; several `join` parts are numbered.
        plmn: country and network of the radio cells that `site`, `sector`, `lac` and `ci` give.
    """

    column: str
    parts: Mapping[str, tuple[str, ...]]
    plmn: str = ""

    @property
    def headers(self) -> Iterator[str]:
        """Every header it knows."""
        return (header for headers in self.parts.values() for header in headers)


@dataclass(frozen=True)
class Layout:
    """A layout; the attributes are the keys of the TOML file, with its name."""

    name: str
    table: str
    title: str
    sources: tuple[Source, ...]
    required: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    country: str = ""
    timezone: str = ""
    date_order: str = "dmy"
    separators: str = "|;/,\n"
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    otherwise: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)
    radio_cells: tuple[tuple[str, tuple[Source, ...]], ...] = ()

    @cached_property
    def known(self) -> Mapping[str, list[str]]:
        """Every header as `header_key` has it, to the columns that it can mean."""
        known: dict[str, list[str]] = {header_key(header): [] for header in self.ignored}
        derived = (source for _, sources in self.radio_cells for source in sources)
        for source in (*self.sources, *derived):
            for header in source.headers:
                known.setdefault(header_key(header), []).append(source.column)
        return known


@dataclass(frozen=True, slots=True)
class Match:
    """How well a header row fits a layout.

    Attributes:
        layout: the layout.
        known: headers of the file that it knows.
        headers: headers of the file that are not empty.
        complete: whether every required column is there.
    """

    layout: Layout
    known: int
    headers: int
    complete: bool

    @property
    def certainty(self) -> float:
        """0 to 1: 0 without the required columns; the share of known headers, then their number."""
        if not self.complete or self.known * 2 < self.headers:
            return 0.0
        return 0.9 * self.known / self.headers + min(self.known, 25) * 0.004


def match(layout: Layout, header: Sequence[str]) -> Match:
    """Hold a header row against a layout."""
    keys = [key for text in header if (key := header_key(text[:200]))]
    present = {column for key in keys for column in layout.known.get(key, ())}
    complete = bool(present) and all(column in present for column in layout.required)
    return Match(layout, sum(key in layout.known for key in keys), len(keys), complete)


def best(layouts: Sequence[Layout], header: Sequence[str], *, told: bool = False) -> Match | None:
    """The layout that fits a header row best, or None where none fits.

    Of a file that nobody described at least half of the headers must be known; where a person told the
    layout, the required columns are enough.
    """
    matches = [match(layout, header) for layout in layouts]
    fitting = [m for m in matches if (m.complete if told else m.certainty > 0)]
    return max(fitting, key=lambda m: m.certainty, default=None)


@cache
def preset(name: str) -> Layout:
    """A layout of this package by its name.

    Raises:
        InputError: there is none of that name.
    """
    path = files("parloir.readers") / "layouts" / f"{name}.toml"
    if not re.fullmatch(r"[a-z0-9_]+", name) or not path.is_file():
        raise InputError(f"there is no layout “{name[:60]}”", do="choose one of " + ", ".join(names()))
    return parse(name, path.read_text(encoding="utf-8"))


@cache
def names() -> tuple[str, ...]:
    """The names of this package's layouts, sorted."""
    folder = files("parloir.readers") / "layouts"
    return tuple(sorted(e.name.removesuffix(".toml") for e in folder.iterdir() if e.name.endswith(".toml")))


def presets(table: str) -> tuple[Layout, ...]:
    """This package's layouts for one canonical table."""
    return tuple(layout for name in names() if (layout := preset(name)).table == table)


def load(path: str) -> Layout:
    """A layout from a file, or by the name of one of this package.

    Raises:
        InputError: the file cannot be read or is no layout.
    """
    return parse(Path(path).stem, layout_text(path)) if path.endswith(".toml") else preset(path)


def layout_text(path: str) -> str:
    """The text of a layout's file.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the layout cannot be read", where=path, do="give the path of a TOML file"
        ) from error


def parse(name: str, text: str) -> Layout:
    """A layout from the text of its TOML file.

    Raises:
        InputError: not TOML, an unknown key, table or column.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not a TOML file: {error}", where=name, do="mend the layout") from error
    if "extends" in told:
        told = _extended(told)
    _check(name, told)
    return _layout(name, told)


def _extended(told: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of the layout that this one extends, its own keys over them."""
    path = files("parloir.readers") / "layouts" / f"{preset(str(told['extends'])).name}.toml"
    merged: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    for key, value in told.items():
        inherited = merged.get(key)
        merged[key] = {**inherited, **value} if isinstance(inherited, dict) and key != "extends" else value
    return merged


def _check(name: str, told: Mapping[str, Any]) -> None:
    def refuse(what: str) -> InputError:
        return InputError(what, where=f"layout {name}", do="see docs/formats/layouts.md and mend it")

    if unknown := set(told) - _KEYS:
        raise refuse(f"unknown key “{min(unknown)}”")
    if told.get("table") not in TABLES or not isinstance(told.get("columns"), dict):
        raise refuse("a layout names a canonical table and has [columns]")
    allowed = {column.name for column in TABLES[told["table"]].own}
    mentioned = {
        *told["columns"],
        *told.get("values", {}),
        *told.get("constants", {}),
        *told.get("required", ()),
    }
    if strange := mentioned - allowed:
        raise refuse(f"the table {told['table']} has no column “{min(strange)}”")
    if told.get("date_order", "dmy") not in ("dmy", "mdy"):
        raise refuse("date_order is dmy or mdy")


def _layout(name: str, told: Mapping[str, Any]) -> Layout:
    try:
        required = tuple(told.get("required", ()))
        return Layout(
            name=name,
            table=told["table"],
            title=str(told.get("title", name)),
            sources=tuple(_source(column, spec) for column, spec in told["columns"].items()),
            required=required,
            needed=tuple(told.get("needed", required)),
            ignored=tuple(told.get("ignored", ())),
            country=str(told.get("country", "")),
            timezone=str(told.get("timezone", "")),
            date_order=told.get("date_order", "dmy"),
            separators=str(told.get("separators", Layout.separators)),
            values={
                column: {header_key(written): meant for written, meant in known.items()}
                for column, known in told.get("values", {}).items()
            },
            otherwise=dict(told.get("otherwise", {})),
            constants=dict(told.get("constants", {})),
            request=dict(told.get("request", {})),
            radio_cells=tuple(_places(place) for place in told.get("radio_cells", ())),
        )
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        raise InputError(
            "a key of the layout has the wrong form", where=f"layout {name}", do="see docs/formats/layouts.md"
        ) from error


def _places(told: Mapping[str, Any]) -> tuple[str, tuple[Source, ...]]:
    return told["of"], tuple(_source(column, spec) for column, spec in told.items() if column != "of")


def _source(column: str, spec: Any) -> Source:
    if isinstance(spec, str | list):
        return Source(column, {"text": _headers(spec)})
    if set(spec) - set(PARTS):
        raise ValueError(column)
    parts = {part: _headers(spec[part]) for part in spec if part not in ("join", "plmn")}
    parts |= {f"join{number}": _headers(headers) for number, headers in enumerate(spec.get("join", ()))}
    return Source(column, parts, spec.get("plmn", ""))


def _headers(spec: Any) -> tuple[str, ...]:
    return (spec,) if isinstance(spec, str) else tuple(str(header) for header in spec)
