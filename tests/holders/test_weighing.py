import re

import numpy as np
import pytest

from parloir.holders import expected_handsets
from parloir.holders.kinds import KINDS
from parloir.provenance import Locator
from tests.holders.small_world import (
    DAY,
    HANDSET,
    OTHER_HANDSET,
    START,
    SmallWorld,
    bits_of_numbers,
    inmate,
    posterior,
    segment,
)

OWN = [33639980001, 33639980002, 33639980003, 33639980004]
STRANGERS = [33639981000 + n for n in range(12)]


@pytest.fixture
def world():
    return SmallWorld()


def test_without_evidence_every_candidate_has_the_same_share(world, tmp_path):
    holders = world.weigh(tmp_path)
    [handset] = holders.handsets
    none = holders.learnt.prior_none
    assert np.allclose(handset.weighed.posterior, (1 - none) / 60, rtol=0.02)
    assert handset.weighed.posterior.sum() == pytest.approx(1 - none, abs=0.02)


def test_calls_to_the_people_of_one_inmate_point_at_that_inmate(world, tmp_path):
    world.people(7, OWN)
    for number in range(8, 40):
        world.people(number, [33639982000 + 10 * number + n for n in range(4)])
    world.calls(OWN[:3] + STRANGERS[:5])
    holders = world.weigh(tmp_path)
    assert posterior(holders, 7) > 0.7  # the rest is the cell-mate's, of whose people nothing is known
    assert holders.leads["inmate"][0].as_py() == inmate(7)
    assert holders.leads["prison_cell"][0].as_py() == "A-03"


def test_a_rival_has_the_probability_of_its_own_lead(world, tmp_path):
    world.people(7, OWN)
    world.calls(OWN[:3] + STRANGERS[:5])
    leads = world.weigh(tmp_path).leads.to_pylist()
    stated = {row["inmate"]: row["probability"] for row in leads}
    rivals = [
        (stated[rival], int(percent) / 100)
        for row in leads
        for rival, percent in re.findall(r"Inmate (\S+) has a probability of (\d+)%", row["against"])
    ]
    assert rivals
    assert [own for own, _ in rivals] == pytest.approx([told for _, told in rivals], abs=0.006)


def test_calls_to_nobody_known_speak_against_those_whose_people_are_known(world, tmp_path):
    world.people(7, OWN)
    world.calls(STRANGERS)
    holders = world.weigh(tmp_path)
    assert posterior(holders, 7) < posterior(holders, 30)


def test_a_cell_mate_explains_a_call_to_the_people_of_the_other(world, tmp_path):
    world.people(6, OWN)
    world.people(30, [33639982001, 33639982002])
    world.calls([*OWN[:3], 33639982001, *STRANGERS[:4]])
    apart = world.weigh(tmp_path)
    together = SmallWorld()
    together.people(6, OWN)
    together.people(7, [33639982001, 33639982002])
    together.calls([*OWN[:3], 33639982001, *STRANGERS[:4]])
    mates = together.weigh(tmp_path)
    assert bits_of_numbers(mates, 6) > bits_of_numbers(apart, 6)
    [bar] = [
        f
        for f in mates.findings.to_pylist()
        if f["object"] == f"inmate:{inmate(6)}" and f["evidence_kind"] == "correspondents"
    ]
    assert bar["sentence"] == (
        "Of 8 correspondents 3 with 38% of the contacts are the inmate's own people,"
        " 1 with 12% of the contacts is people of those who shared the prison cell"
    )


def test_an_inmate_who_left_before_the_last_use_is_unlikely(world, tmp_path):
    world.people(7, OWN)
    world.people(20, OWN)
    world.rows["stays"][7]["to_us"] = START + 25 * DAY
    world.calls(OWN[:2] + STRANGERS[:6])
    holders = world.weigh(tmp_path)
    assert posterior(holders, 20) > 5 * posterior(holders, 7)


def test_a_transfer_of_both_on_one_day_singles_the_inmate_out(world, tmp_path):
    for number in range(10):
        world.rows["stays"][number]["to_us"] = START + (10 + 9 * number) * DAY
        world.add(
            "stays",
            inmate=inmate(number),
            prison="Q",
            prison_cell="Z-1",
            from_us=START + (10 + 9 * number) * DAY,
            to_us=None,
        )
    world.calls(STRANGERS, first_day=5, days=90)
    moved = START + 46 * DAY
    parts = [
        segment(from_us=START + 5 * DAY, to_us=moved),
        segment(prison="Q", from_us=moved + 1, to_us=START + 95 * DAY, status="moved"),
    ]
    holders = world.weigh(tmp_path, parts)
    best = max(range(60), key=lambda n: posterior(holders, n))
    assert best == 4


def test_silence_during_absences_counts_for_and_use_counts_against(world, tmp_path):
    for number in (3, 30):
        world.people(number, OWN[:1])
    used = [20 + day for day in range(60) if not 40 <= day < 55]
    for day in used:
        for hour in (9, 12, 20):
            world.add(
                "network_records",
                imei14=HANDSET,
                correspondent=STRANGERS[day % 5],
                kind="call_out",
                started_us=START + day * DAY + hour * DAY // 24,
                duration_s=60,
            )
    world.add("absences", inmate=inmate(3), prison="P", reason="disciplinary",
              from_us=START + 60 * DAY, to_us=START + 74 * DAY)  # fmt: skip
    world.add("absences", inmate=inmate(30), prison="P", reason="disciplinary",
              from_us=START + 25 * DAY, to_us=START + 39 * DAY)  # fmt: skip
    holders = world.weigh(tmp_path)
    assert posterior(holders, 3) > 5 * posterior(holders, 30)


def test_a_lawful_call_in_the_same_minute_speaks_against(world, tmp_path):
    world.calls(STRANGERS)
    for number in range(60):
        for day in range(20, 60):
            same = number == 5
            world.add(
                "official_calls",
                inmate=inmate(number),
                prison="P",
                number=33199000000 + number,
                started_us=START + day * DAY + DAY // 2 + (0 if same else (number - 30) * 600_000_000),
                duration_s=300,
            )
    holders = world.weigh(tmp_path)
    assert posterior(holders, 5) < posterior(holders, 6)


def test_a_find_in_a_prison_cell_points_at_its_occupants(world, tmp_path):
    world.calls(STRANGERS)
    world.add("seizures", seizure="s1", prison="P", prison_cell="A-10", found_us=START + 61 * DAY,
              item="handset", imeis=[HANDSET])  # fmt: skip
    holders = world.weigh(tmp_path)
    others = posterior(holders, 1)
    assert posterior(holders, 20) == pytest.approx(posterior(holders, 21), rel=0.01)
    assert posterior(holders, 20) > 10 * others


def order(world, *, probability, inmates, visits_after):
    """One order of a customer who may be visitor V, and that visitor's visits."""
    world.add("orders", order_id="42", ordered_us=START + 2 * DAY, customer="customer:1")
    world.add("order_lines", order_id="42", line_id="1", product="mini", quantity=1)
    world.links.append(
        {"left": f"person:{'ab' * 6}:customer:1", "right": "visitor:V", "probability": probability}
    )
    for number, count in zip(inmates, visits_after, strict=True):
        for visit in range(count):
            world.add("visits", visit=f"{number}-{visit}", visitor="V", inmate=inmate(number), prison="P",
                      started_us=START + (18 - visit) * DAY, ended_us=None)  # fmt: skip


def test_an_order_and_a_visit_before_the_first_use_point_at_the_inmate_visited(world, tmp_path):
    order(world, probability=0.95, inmates=[9], visits_after=[1])
    world.calls(STRANGERS, first_day=20)
    sure = posterior(world.weigh(tmp_path), 9)
    doubtful_world = SmallWorld()
    order(doubtful_world, probability=0.2, inmates=[9], visits_after=[1])
    doubtful_world.calls(STRANGERS, first_day=20)
    doubtful = posterior(doubtful_world.weigh(tmp_path), 9)
    assert sure > doubtful > 1 / 60


def test_a_visitor_of_two_inmates_splits_the_evidence_of_the_purchase(world, tmp_path):
    order(world, probability=0.9, inmates=[9, 31], visits_after=[6, 2])
    world.calls(STRANGERS)
    findings = world.weigh(tmp_path).findings.to_pylist()
    bought = {f["object"]: f["millibits"] for f in findings if f["proposition"] == "bought_for"}
    # .6 if bought for this inmate, 1/60 for one of 60 inmates if not; times the share of the visits since,
    # half a visit more for each and for the one that never came
    certain = np.array([0.6 * 60 * 6.5 / 9.5, 0.6 * 60 * 2.5 / 9.5])
    expected = np.rint(1000 * np.log2(1 + 0.9 * (certain - 1))).astype(int).tolist()
    assert [bought[f"inmate:{inmate(9)}"], bought[f"inmate:{inmate(31)}"]] == expected == [4477, 3109]


def test_findings_add_up_to_the_lead_and_name_rows(world, tmp_path):
    world.people(7, OWN)
    world.calls(OWN[:3] + STRANGERS[:5])
    holders = world.weigh(tmp_path)
    [lead] = [row for row in holders.leads.to_pylist() if row["inmate"] == inmate(7)]
    bars = [f for f in holders.findings.to_pylist() if f["object"] == f"inmate:{inmate(7)}"]
    assert sum(bar["millibits"] for bar in bars) == pytest.approx(lead["millibits"], abs=len(bars) + 8)
    [numbers] = [bar for bar in bars if bar["evidence_kind"] == "correspondents"]
    tables = {Locator.parse(text).table for text in numbers["locators"]}
    assert tables == {"approved_contacts", "network_records"}


def test_expected_handsets_stay_within_what_is_inside(world, tmp_path):
    world.people(7, OWN)
    world.calls(OWN)
    holders = world.weigh(tmp_path)
    expected = expected_handsets(holders.posteriors, holders.world, START + 62 * DAY, holders.learnt.place)
    total = sum(expected["expected_handsets"].to_pylist())
    assert 0 < total <= 1
    best = max(expected.to_pylist(), key=lambda row: row["expected_handsets"])
    assert best["prison_cell"] == "A-03"


def test_the_same_evidence_gives_the_same_findings(world, tmp_path):
    world.people(7, OWN)
    world.calls(OWN[:3] + STRANGERS[:5])
    one, two = world.weigh(tmp_path), world.weigh(tmp_path)
    assert one.findings.equals(two.findings)
    assert one.leads.equals(two.leads)


def test_what_is_missing_says_how_much_it_could_add(world, tmp_path):
    world.people(7, OWN)
    world.calls(OWN)
    holders = world.weigh(tmp_path)
    missing = holders.leads["missing"][0].as_py()
    [handset] = holders.handsets
    most = np.log2(handset.parameters.ratios["found"].max())
    assert (
        f"the handset itself, seized in the inmate's prison cell, would add up to {most:.1f} bits" in missing
    )
    assert "the visits of March 2025 would add up to" in missing
    assert "the prison's own telephone log" in missing
    assert "before and after" not in missing  # both ends of the use are seen
    assert "sensor" not in missing  # a kind without a reader promises nothing


def test_a_register_with_visits_is_not_called_missing(world, tmp_path):
    world.calls(STRANGERS)
    world.add("visits", visitor="V", inmate=inmate(7), prison="P", started_us=START + 18 * DAY)
    missing = world.weigh(tmp_path).leads["missing"].to_pylist()
    assert missing
    assert not any("the visits of" in text for text in missing)


def _kind_bits(holders, number, kind):
    """Weight of one kind of evidence on the only handset, for one inmate."""
    [handset] = holders.handsets
    place = handset.block.view.candidates.tolist().index(holders.world.index[inmate(number)])
    names = [one.scale.name for one in KINDS]
    return float(handset.weighed.kinds[names.index(kind), place])


def test_a_week_of_use_while_the_inmate_was_locked_away_speaks_against_as_far_as_nobody_lends(
    world, tmp_path
):
    """Also where all others who were away would have to have lent it just as well."""
    for day in range(20, 80):
        for hour in (9, 12, 15, 18, 20):
            world.add(
                "network_records",
                imei14=HANDSET,
                correspondent=STRANGERS[day % 5],
                kind="call_out",
                started_us=START + day * DAY + hour * DAY // 24,
                duration_s=60,
            )
    for number in range(10):
        world.add("absences", inmate=inmate(number), prison="P", reason="disciplinary",
                  from_us=START + (25 + number) * DAY, to_us=START + (32 + number) * DAY)  # fmt: skip
    world.add("absences", inmate=inmate(20), prison="P", reason="court",
              from_us=START + 40 * DAY + DAY // 3, to_us=START + 40 * DAY + DAY // 2 + DAY // 24)  # fmt: skip
    holders = world.weigh(tmp_path)
    week, day = _kind_bits(holders, 3, "absences"), _kind_bits(holders, 20, "absences")
    assert -5 < week < -2.5
    assert week < day < 0
    assert _kind_bits(holders, 40, "absences") == 0


def test_what_is_missing_is_not_asked_for_where_the_register_is_there(world, tmp_path):
    world.calls(STRANGERS)
    bare = world.weigh(tmp_path / "bare").leads["missing"][0].as_py()
    assert "the register of absences" in bare
    assert "the prison's own telephone log" in bare
    other = SmallWorld()
    other.calls(STRANGERS)
    other.add("absences", inmate=inmate(50), prison="P", reason="court",
              from_us=START + 40 * DAY, to_us=START + 41 * DAY)  # fmt: skip
    told = other.weigh(tmp_path / "register").leads["missing"][0].as_py()
    assert "the register of absences" not in told
    assert "the prison's own telephone log" in told


def test_shared_numbers_and_sections_name_their_rows(world, tmp_path):
    """Two handsets of inmate 7 talk to the same numbers that no register knows."""
    world.people(7, OWN)
    world.calls(OWN[:3] + STRANGERS[:6])
    world.calls(OWN[:3] + STRANGERS[:6], imei14=OTHER_HANDSET)
    others = [OTHER_HANDSET + 1 + n for n in range(12)]
    for n, imei14 in enumerate(others):
        world.calls([33639983000 + 20 * n + k for k in range(9)], imei14=imei14)
    holders = world.weigh(tmp_path, [segment(one) for one in (HANDSET, OTHER_HANDSET, *others)])
    mine = [f for f in holders.findings.to_pylist() if f["object"] == f"inmate:{inmate(7)}"]
    [fellows] = [f for f in mine if (f["evidence_kind"], f["subject"]) == ("fellows", f"handset:{HANDSET}")]
    assert fellows["millibits"] > 0
    assert len(fellows["locators"]) == 6
    assert all("network_records#" in locator for locator in fellows["locators"])


def test_a_taxi_weighs_nothing_whoever_has_its_number_approved(world, tmp_path):
    taxi, voicemail = 33199009999, 888
    world.people(7, [taxi, voicemail])
    handsets = [HANDSET + 10 * n for n in range(12)]
    for n, imei14 in enumerate(handsets):
        world.calls([taxi, voicemail, *(33639983000 + 20 * n + k for k in range(7))], imei14=imei14)
    holders = world.weigh(tmp_path, [segment(one) for one in handsets])
    for handset in holders.handsets:
        assert handset.block.numbers.set_aside == 2
        assert handset.block.numbers.matches == {}
        place = handset.block.view.candidates.tolist().index(holders.world.index[inmate(7)])
        assert handset.weighed.numbers[place] < 0
