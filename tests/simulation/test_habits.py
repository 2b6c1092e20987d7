"""Parameters that only drawn worlds turn: each does what it says, and nothing by default."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parloir.simulation import Summary, habits, write_nation
from parloir.simulation.events import PROFILES
from parloir.simulation.parameters import Parameters, load
from parloir.simulation.radio import build_area, in_the_country
from parloir.simulation.streams import Bools, Ints
from parloir.simulation.times import DAY, END
from parloir.trials import Truth

TINY = {
    "prisons": "3",
    "inmates": "900",
    "days": "9",
    "residents_per_inmate": "2",
    "passers_per_inmate_day": "0.5",
    "prevalence": "0.2",
}
INSIDE = {"daytime": "1", "weekend": "1", "handsets.plain_on_4g": "1", "rented": "0.9", "sims_rented": "6"}
OUTSIDE = {
    "bedridden_per_inmate": "0.3",
    "guests": "1",
    "outside.plain_on_4g": "1",
    "outside.smart_on_4g": "1",
}
EVERYBODY = np.arange(4000)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return write_nation("demo", 6, tmp_path_factory.mktemp("usual") / "world", TINY)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return write_nation("demo", 6, tmp_path_factory.mktemp("other") / "world", {**TINY, **INSIDE, **OUTSIDE})


def parameters(**changes: str) -> Parameters:
    return load("demo", 1, {name.replace("__", "."): value for name, value in changes.items()})


def test_by_default_everybody_does_as_most_do() -> None:
    p = parameters()
    assert set(habits.hours(p, EVERYBODY)) == {list(PROFILES).index("inmate")}
    assert (habits.day(p, EVERYBODY, EVERYBODY) == EVERYBODY).all()
    assert (habits.how_much(p, EVERYBODY) == 1).all()
    assert (habits.talk(p, EVERYBODY, EVERYBODY >= 0) == 1).all()
    assert not (habits.always_on(p, EVERYBODY) | habits.only_texts(p, EVERYBODY)).any()
    assert (habits.data(p, EVERYBODY) == 1).all()
    assert not habits.plain_on_4g(p, EVERYBODY).any()


def test_some_use_it_for_an_hour_a_week() -> None:
    p = parameters(weekly="1")
    days = habits.day(p, np.full(50, 7), np.arange(50) + 20_000)
    assert np.unique(days % 7).size == 1
    seconds = habits.second(p, np.full(4000, 7), EVERYBODY * 21)
    assert np.unique(seconds // 3600).size == 1
    assert (habits.second(parameters(), EVERYBODY, EVERYBODY * 21) == EVERYBODY * 21).all()
    assert habits.how_much(p, EVERYBODY).max() == habits.IN_AN_HOUR


def test_some_are_on_all_day_and_some_carry_the_data_of_others() -> None:
    p, smart = parameters(always_on="0.3", hot_spot="0.1"), EVERYBODY >= 0
    assert habits.always_on(p, EVERYBODY).mean() == pytest.approx(0.37, abs=0.03)
    hot = habits.hot_spot(p, EVERYBODY)
    assert hot.mean() == pytest.approx(0.1, abs=0.02)
    assert (habits.always_on(p, EVERYBODY) >= hot).all()
    assert set(habits.data(p, EVERYBODY)[hot]) == {habits.DATA_OF_HOT_SPOTS}
    assert set(habits.data(p, EVERYBODY)[~hot]) == {1.0}
    assert habits.talk(p, EVERYBODY, smart)[hot].max() == habits.TALK_OF_HOT_SPOTS
    homebound = list(PROFILES).index("homebound")
    assert (habits.hours(p, EVERYBODY)[habits.always_on(p, EVERYBODY)] == homebound).all()


def test_some_are_off_for_one_to_three_weeks() -> None:
    p = parameters(off_for_weeks="0.4", days="60")
    times = END - (np.arange(60)[::-1] * DAY + DAY // 2)
    off = np.array([habits.switched_off(p, np.full(60, k), times).sum() for k in range(300)])
    assert (off > 0).mean() == pytest.approx(0.4, abs=0.1)
    assert off.max() <= 21
    assert not habits.switched_off(parameters(), EVERYBODY, np.full(4000, END - DAY)).any()


def test_hours_are_shared_out_as_told() -> None:
    p = parameters(daytime="0.2", night="0.3", any_hour="0.1")
    found = np.bincount(habits.hours(p, EVERYBODY), minlength=len(PROFILES)) / EVERYBODY.size
    wanted = {"working": 0.2, "night owl": 0.3, "anybody": 0.1, "inmate": 0.4}
    assert dict(zip(PROFILES, found, strict=True)) == pytest.approx(
        {**dict.fromkeys(PROFILES, 0), **wanted}, abs=0.03
    )


def test_weekends_are_of_the_same_week() -> None:
    days = EVERYBODY + 20_000
    moved = habits.day(parameters(weekend="1"), EVERYBODY, days)
    assert set((moved + 3) % 7) == {4, 5, 6}
    assert ((moved + 3) // 7 == (days + 3) // 7).all()


def test_rare_users_and_those_who_hardly_call() -> None:
    p = parameters(rare="0.25", rare_rate="0.2", chat="0.5", chat_talk="0.1")
    assert habits.how_much(p, EVERYBODY).mean() == pytest.approx(0.75 + 0.25 * 0.2, abs=0.02)
    smart = EVERYBODY % 2 == 0
    talk = habits.talk(p, EVERYBODY, smart)
    assert (talk[~smart] == 1).all()
    assert talk[smart].mean() == pytest.approx(0.5 + 0.5 * 0.1, abs=0.03)


def records(world: Summary) -> tuple[dict[str, np.ndarray], Bools]:
    """Columns of the answers about radio cells, and which rows are of contraband handsets."""
    names = ["imei14", "imsi", "started_us", "technology"]
    tables = [
        pq.read_table(path, columns=names) for path in sorted(world.evidence.glob("network/R-*.parquet"))
    ]
    rows = pa.concat_tables(tables)
    rows = rows.filter(rows["imei14"].is_valid())
    columns = {name: rows[name].to_numpy() for name in names}
    return columns, np.isin(columns["imei14"], sorted(Truth(world.truth).handset_of))


def test_some_never_call(tmp_path: Path) -> None:
    made = write_nation("demo", 6, tmp_path / "w", {**TINY, "only_texts": "1", "calls_inside": "0"})
    paths = sorted(made.evidence.glob("network/R-*.parquet"))
    rows = pa.concat_tables([pq.read_table(path, columns=["imei14", "kind"]) for path in paths])
    inside = np.isin(rows["imei14"].fill_null(0).to_numpy(), sorted(Truth(made.truth).handset_of))
    kinds = np.array(rows["kind"].to_pylist())[inside]
    # Copies of an IMEI outside call.
    assert np.isin(kinds, ("call_in", "call_out")).mean() < 0.1
    assert np.isin(kinds, ("text_in", "text_out")).mean() > 0.5


def paris(started: Ints) -> tuple[Ints, Ints]:
    """Weekday (Monday 0) and hour; all in summer time."""
    seconds = started // 1_000_000 + 7200
    return (seconds // 86_400 + 3) % 7, seconds % 86_400 // 3600


def test_users_inside_keep_their_hours_and_days(usual: Summary, other: Summary) -> None:
    shares = []
    for world in (usual, other):
        columns, inside = records(world)
        weekday, hour = paris(columns["started_us"][inside])
        shares.append((float(((hour >= 7) & (hour < 19)).mean()), float((weekday >= 4).mean())))
    assert shares[0][0] < 0.6
    assert shares[1][0] > 0.8
    assert shares[0][1] < 0.6
    assert shares[1][1] > 0.7


def test_ordinary_handsets_with_4g_and_sims_of_renters(usual: Summary, other: Summary) -> None:
    fast, sims = [], []
    for world in (usual, other):
        columns, inside = records(world)
        fast.append(float((columns["technology"][inside] == "4G").mean()))
        sims.append(Truth(world.truth).table("sims").num_rows / len(Truth(world.truth).handsets))
    assert fast[0] < 0.4
    assert fast[1] > 0.6
    assert sims[0] < 3
    assert sims[1] > 5


def test_guests_are_there_for_some_days_and_patients_day_and_night(usual: Summary, other: Summary) -> None:
    spans = []
    for world in (usual, other):
        devices = Truth(world.truth).table("devices")
        kinds = np.array(devices["class"].to_pylist())
        columns, _ = records(world)
        weekday_of = columns["started_us"] // 86_400_000_000
        residents = np.isin(columns["imei14"], devices["imei14"].to_numpy()[kinds == "homebound"])
        imei, day = columns["imei14"][residents], weekday_of[residents]
        _, which = np.unique(imei, return_inverse=True)
        last, first = np.zeros(which.max() + 1), np.full(which.max() + 1, np.inf)
        np.maximum.at(last, which, day)
        np.minimum.at(first, which, day)
        spans.append(float(np.mean(last - first)))
        assert ("bedridden" in kinds) == (world is other)
    assert spans[1] < 0.8 * spans[0]


def test_open_country_has_fewer_sites_farther_apart() -> None:
    centre = (np.array([47.0]), np.array([2.0]))
    town, country = (build_area(parameters(country_areas=share), 0, (0,), centre) for share in ("0", "1"))
    assert in_the_country(parameters(country_areas="1"), 0)
    assert not in_the_country(parameters(country_areas="0"), 0)
    assert country.sites.identity.size < 0.5 * town.sites.identity.size
    assert np.ptp(country.sites.latitude) > 1.3 * np.ptp(town.sites.latitude)


def test_a_steeper_loss_keeps_connections_nearer() -> None:
    centre = (np.array([47.0]), np.array([2.0]))
    shares = []
    for loss in ("28", "44"):
        area = build_area(parameters(loss_db_decade=loss, shadow_db="4"), 0, (0,), centre)
        served = area.serving.radio_cell[0][area.spots.wing].ravel()
        shares.append(np.bincount(served).max() / served.size)
    assert shares[0] < shares[1]


def test_more_beds_make_fewer_prison_cells(tmp_path: Path) -> None:
    few = write_nation(
        "demo", 6, tmp_path / "few", {**TINY, "days": "1", "beds_if_full": "1", "beds_most": "1"}
    )
    many = write_nation(
        "demo", 6, tmp_path / "many", {**TINY, "days": "1", "beds_if_full": "4", "beds_most": "6"}
    )
    counts = [Truth(world.truth).table("prison_cells").num_rows for world in (few, many)]
    assert counts[1] < 0.7 * counts[0]
