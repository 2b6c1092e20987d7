"""Handsets that an order alone tells of."""

from __future__ import annotations

import pytest

from parloir.holders.expected import expected_handsets
from parloir.holders.parameters import load_parameters
from parloir.holders.weighing import Holders
from tests.holders.small_world import DAY, START, SmallWorld, inmate

PLACE = load_parameters().place
SOLD = 35_111_111_000_019
OTHERS = [33639983000 + n for n in range(6)]


def sold(*, visits: int = 3, probability: float = 0.95, arrived: int = 70) -> SmallWorld:
    """A handset of the shop, its IMEI told, sent to somebody who may be a visitor of inmate 9."""
    world = SmallWorld()
    world.calls(OTHERS)
    world.add("orders", order_id="42", ordered_us=START + (arrived - 2) * DAY, customer="customer:1")
    world.add("shipments", order_id="42", delivered_us=START + arrived * DAY)
    world.add("order_lines", order_id="42", line_id="1", product="mini", quantity=1, imei14=SOLD)
    for number in range(60):  # of sixty customers one is linked to a visitor
        world.add("orders", order_id=f"x{number}", ordered_us=START, customer=f"customer:{number + 2}")
    world.links.append(
        {"left": f"person:{'ab' * 6}:customer:1", "right": "visitor:V", "probability": probability}
    )
    for visit in range(visits):
        world.add("visits", visit=str(visit), visitor="V", inmate=inmate(9), prison="P",
                  started_us=START + (arrived + 1 + visit) * DAY, ended_us=None)  # fmt: skip
    return world


def leads(holders: Holders) -> dict[str, float]:
    rows = holders.leads.to_pylist()
    return {row["inmate"]: row["probability"] for row in rows if row["handset"] == str(SOLD)}


def test_an_order_alone_gives_a_lead_on_the_inmate_it_was_sent_to(tmp_path):
    world = sold()
    holders = world.weigh(tmp_path)
    found = leads(holders)
    assert max(found, key=found.__getitem__) == inmate(9)
    assert 0.1 < found[inmate(9)] < 0.7
    [against] = [
        row["against"]
        for row in holders.leads.to_pylist()
        if row["handset"] == str(SOLD) and row["inmate"] == inmate(9)
    ]
    assert "No record shows this handset" in against
    [kind] = [
        row["sentence"]
        for row in holders.findings.to_pylist()
        if row["subject"] == f"handset:{SOLD}" and row["evidence_kind"] == "acquisition"
        and row["object"] == f"inmate:{inmate(9)}"
    ]  # fmt: skip
    assert kind.endswith("ordered this very handset, of which there is no record")


def test_its_prison_cell_is_expected_to_hold_it(tmp_path):
    def expected(world, folder):
        holders = world.weigh(folder)
        table = expected_handsets(holders.posteriors, holders.world, START + 100 * DAY, PLACE)
        return dict(
            zip(table["prison_cell"].to_pylist(), table["expected_handsets"].to_pylist(), strict=True)
        )

    with_it = expected(sold(), tmp_path)
    without = expected(sold(probability=0.01), tmp_path)
    assert with_it["A-04"] - without["A-04"] > 0.1
    assert with_it["A-09"] - without["A-09"] == pytest.approx(0, abs=0.02)


def test_what_records_show_or_teams_found_is_told_by_them_alone(tmp_path):
    used_outside = sold()
    used_outside.add("network_records", imei14=SOLD, started_us=START + 80 * DAY, kind="data")
    assert leads(used_outside.weigh(tmp_path)) == {}
    seized = sold()
    seized.add("seizures", prison="P", prison_cell="A-20", found_us=START + 90 * DAY, item="handset",
               imeis=[SOLD])  # fmt: skip
    assert leads(seized.weigh(tmp_path)) == {}


def test_the_longer_records_stay_silent_the_less_likely_it_is_inside(tmp_path):
    found = [max(leads(sold(arrived=day).weigh(tmp_path)).values()) for day in (5, 70)]
    assert found[0] < found[1]
    unseen = max(leads(sold(arrived=99).weigh(tmp_path)).values())
    assert unseen > 0.1


def test_who_is_released_has_no_lead(tmp_path):
    world = sold()
    world.rows["stays"][9]["to_us"] = START + 95 * DAY
    world.rows["inmates"][9]["released_us"] = START + 95 * DAY
    assert leads(world.weigh(tmp_path)) == {}
