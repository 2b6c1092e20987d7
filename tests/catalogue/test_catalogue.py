from __future__ import annotations

import tomllib
from importlib.resources import files
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir import catalogue
from parloir.errors import InputError

SVG = "{http://www.w3.org/2000/svg}"


def test_every_fact_has_a_source_and_a_known_name() -> None:
    facts = [fact for model in catalogue.models() for fact in model.facts]
    assert len(facts) >= 40
    assert all(fact.source and fact.value and fact.name in catalogue.FACTS for fact in facts)
    assert all(thing.source for thing in catalogue.things().values())


def test_data_files_hold_no_empty_value_and_no_unknown_key() -> None:
    for file in (files("parloir.catalogue") / "data" / "models").iterdir():
        read = tomllib.loads(file.read_text("utf-8"))
        assert set(read) == {"brand", "name", "mini", "spellings", "facts"}, file.name
        assert all(
            set(fact) <= {"name", "value", "unit", "source"} and all(fact.values()) for fact in read["facts"]
        )


def test_the_bm10_bears_two_imeis_and_what_is_unknown_is_empty() -> None:
    bm10 = catalogue.find("L8star BM10")
    assert bm10.mini
    assert (bm10.dimensions_mm, bm10.sim_slots, bm10.imeis) == ((68.0, 28.0, 13.0), 2, 2)
    assert bm10.published("weight") == ()
    assert catalogue.find("gtstar-bm50").imeis is None


def test_what_finds_it_is_said_only_where_it_is_published() -> None:
    assert [fact.source for fact in catalogue.find("l8star").detection] == ["The Telegraph (2025)"]
    assert catalogue.find("l8star-bm10").detection == ()


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="l8star-bm10"):
        catalogue.find("Nokia 3310")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Mini téléphone L8STAR BM10 noir", "l8star-bm10"),
        ("l8star bm-10 rouge", "l8star-bm10"),
        ("BM 10 mini portable débloqué", "l8star-bm10"),
        ("MINI TÉLÉPHONE + CHARGEUR L8STAR BM10", "l8star-bm10"),
        ("Le plus petit téléphone du monde L8 Star", "l8star"),
        ("Zanco Tiny T2 3G", "zanco-tiny-t2"),
        ("Zanco tiny-t1 (beat the boss)", "zanco-tiny-t1"),
        ("LONG-CZ J8 Bluetooth", "long-cz-j8"),
        ("LongCZ J9", "long-cz-j9"),
        ("GTStar BM50 Mini", "gtstar-bm50"),
        ("Coque L8STAR BM10", None),
        ("Chargeur pour téléphone L8star BM10", None),
        ("Samsung Galaxy J8", None),
        ("ABM10X", None),
        ("Tiny t11", None),
        ("", None),
    ],
)
def test_names_that_shops_write(text: str, key: str | None) -> None:
    model = catalogue.match_model(text)
    assert (model.key if model else None) == key


@given(st.text())
def test_any_text_gives_a_model_or_none(text: str) -> None:
    model = catalogue.match_model(text)
    assert model is None or model in catalogue.models()


def test_a_published_code_names_its_model_and_its_source() -> None:
    bm50 = catalogue.by_tac("86741801")
    assert bm50 == catalogue.find("gtstar-bm50")
    assert catalogue.is_mini(bm50)
    siemens = catalogue.by_tac(1020100)
    assert siemens is not None
    assert siemens.title == "Siemens SL55"
    assert "CC-BY-SA 3.0" in siemens.facts[0].source
    assert not catalogue.is_mini(siemens)
    assert catalogue.by_tac("99999999") is None


def test_what_was_held_in_the_hand_goes_before_the_published_list() -> None:
    code = 1020100
    seized = [(code * catalogue.SERIALS + serial, "L8STAR BM10") for serial in (5, 6, 7)]
    learnt = catalogue.learn([*seized, (code * catalogue.SERIALS + 9, "inconnu")])
    assert catalogue.by_tac(code, learnt) == catalogue.find("l8star-bm10")
    assert catalogue.by_tac(86741801, learnt) == catalogue.find("gtstar-bm50")


def test_serial_runs_are_cut_at_gaps_and_survive_any_order() -> None:
    serials = [10, 11, 500, 900_000, 900_400]
    seized = [(86000001 * catalogue.SERIALS + serial, "BM10") for serial in serials]
    learnt = catalogue.learn(reversed(seized))
    assert learnt.equals(catalogue.learn(seized))
    assert learnt.schema.equals(catalogue.LEARNT)
    runs = [(row["serial_from"], row["serial_to"], row["handsets"]) for row in learnt.to_pylist()]
    assert runs == [(10, 500, 3), (900_000, 900_400, 2)]


def test_an_unnamed_model_teaches_nothing_and_a_strange_one_keeps_its_words() -> None:
    assert catalogue.learn([(86000001000001, "  ")]).num_rows == 0
    learnt = catalogue.learn([(86000001000001, "petit téléphone rouge")])
    model = catalogue.by_tac("86000001", learnt)
    assert model is not None
    assert (model.title, model.mini) == ("petit téléphone rouge", False)


imei14s = st.lists(
    st.builds(lambda tac, serial: tac * 1_000_000 + serial, st.integers(1, 3), st.integers(0, 999_999)),
    max_size=20,
)


@given(imei14s, imei14s)
def test_nearness_is_the_smallest_distance_within_the_code(wanted: list[int], seized: list[int]) -> None:
    expected = [
        min((abs(imei - other) for other in seized if imei // 10**6 == other // 10**6), default=None)
        for imei in wanted
    ]
    assert catalogue.nearness(wanted, seized).to_pylist() == expected
    as_arrow = catalogue.nearness(pa.array(wanted, pa.int64()), pa.array(seized, pa.int64()))
    assert as_arrow.to_pylist() == expected


def test_outlines_are_drawn_in_millimetres() -> None:
    bm10 = catalogue.find("l8star-bm10")
    root = ElementTree.fromstring(catalogue.size_comparison([bm10]))  # noqa: S314  our own drawing
    width = float(root.attrib["width"].removesuffix("mm"))
    assert root.attrib["viewBox"].split()[2] == f"{width:g}"
    sizes = {(rect.attrib["width"], rect.attrib["height"]) for rect in root.iter(f"{SVG}rect")}
    assert {("28.00", "68.00"), ("13.00", "68.00"), ("23.80", "80.00"), ("10.30", "80.00")} <= sizes


def test_nothing_is_drawn_from_a_guess() -> None:
    alone = catalogue.size_comparison([])
    assert catalogue.size_comparison([catalogue.find("long-cz-j9")]) == alone
    assert "BM50" not in catalogue.size_comparison(catalogue.models())


def test_a_hostile_name_stays_text_in_the_drawing() -> None:
    hostile = catalogue.Model(
        "x", "<script>", '"&', mini=True, facts=(catalogue.Fact("dimensions", "60x20x10", "mm", "x"),)
    )
    root = ElementTree.fromstring(catalogue.size_comparison([hostile]))  # noqa: S314  our own drawing
    assert '<script> "&' in [text.text for text in root.iter(f"{SVG}text")]


def test_the_overview_and_the_description_list_what_is_known_and_what_is_not() -> None:
    overview = catalogue.overview(catalogue.models())
    assert overview.schema.equals(catalogue.OVERVIEW)
    assert overview.num_rows == len(catalogue.models())
    rows = catalogue.description(catalogue.find("l8star-bm10")).to_pylist()
    assert {row["fact"] for row in rows} == set(catalogue.FACTS.values())
    by_fact = {row["fact"]: row for row in rows}
    assert by_fact["battery"]["value"] == "350"
    assert by_fact["weight"]["value"] is None


def test_nearness_is_quick_on_a_nation() -> None:
    numbers = np.random.default_rng(1).integers(86_000_000_000_000, 86_000_050_000_000, 300_000)
    assert len(catalogue.nearness(numbers, numbers[:5_000])) == 300_000
