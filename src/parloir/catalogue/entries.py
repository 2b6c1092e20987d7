"""The catalogue's data files: mini phones, one TOML file each, and everyday things for comparison."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from parloir.catalogue.model import Fact, Model
from parloir.errors import InputError

DATA = files("parloir.catalogue") / "data"


@dataclass(frozen=True, slots=True)
class Thing:
    """An everyday thing whose size people know.

    Attributes:
        title: for people.
        dimensions_mm: height, width and depth in millimetres.
        source: of the dimensions.
    """

    title: str
    dimensions_mm: tuple[float, float, float]
    source: str


@cache
def models() -> tuple[Model, ...]:
    """Every mini phone of the catalogue, by brand and name."""
    entries = [_model(f) for f in (DATA / "models").iterdir() if f.name.endswith(".toml")]
    return tuple(sorted(entries, key=lambda model: (model.brand, model.name)))


def find(text: str) -> Model:
    """The model of that key or title, case aside.

    Raises:
        InputError: the catalogue has no such model.
    """
    wanted = text.casefold().strip()
    for model in models():
        if wanted in {model.key, model.title.casefold(), model.title.casefold().replace(" ", "-")}:
            return model
    known = ", ".join(model.key for model in models())
    raise InputError(f"the catalogue has no model “{text[:60]}”", do=f"choose one of {known}")


@cache
def things() -> dict[str, Thing]:
    """Everyday things by key: `lighter`, `bank_card`."""
    read = tomllib.loads((DATA / "objects.toml").read_text("utf-8"))
    return {
        key: Thing(thing["title"], tuple(thing["dimensions"]), thing["source"]) for key, thing in read.items()
    }


def _model(file: Traversable) -> Model:
    read: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    facts = tuple(Fact(f["name"], f["value"], f.get("unit", ""), f["source"]) for f in read["facts"])
    key = file.name.removesuffix(".toml")
    return Model(key, read["brand"], read["name"], read["mini"], tuple(read["spellings"]), facts)
