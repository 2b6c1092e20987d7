"""From a type allocation code to a model: what the case has learnt, then what is published."""

from __future__ import annotations

import csv
from functools import cache

import pyarrow as pa

from parloir.catalogue.entries import DATA, models
from parloir.catalogue.learnt import model_learnt
from parloir.catalogue.model import Fact, Model

SOURCE = "Osmocom TAC database, (c) Harald Welte 2016, CC-BY-SA 3.0"


def by_tac(tac: str | int, learnt: pa.Table | None = None) -> Model | None:
    """The model of a type allocation code (the first eight digits of an IMEI), or None.

    What was read off seized handsets goes first: minis are made with codes that were allocated to
    other makers, so the handset in the hand says more than the published list.

    Args:
        tac: eight digits; an integer is filled up with zeros on the left.
        learnt: the case's own codes, schema `LEARNT`.
    """
    code = str(tac).zfill(8)
    seized = model_learnt(code, learnt) if learnt is not None else None
    return seized or _catalogued().get(code) or _published(code)


@cache
def _catalogued() -> dict[str, Model]:
    return {fact.value: model for model in models() for fact in model.published("tac")}


@cache
def _osmocom() -> dict[str, tuple[str, str]]:
    with (DATA / "tac_osmocom.csv").open(encoding="utf-8") as text:
        return {row["tac"]: (row["brand"], row["model"]) for row in csv.DictReader(text)}


def _published(code: str) -> Model | None:
    entry = _osmocom().get(code)
    if entry is None:
        return None
    brand, name = entry
    return Model(f"tac-{code}", brand, name, mini=False, facts=(Fact("tac", code, "", SOURCE),))
