"""No file of the papers tells the truth by its codes, the order of its rows or its gaps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from parloir.simulation.nation import World, write_papers
from parloir.simulation.registers import permits
from parloir.simulation.searching import Items, hidden, search_history
from tests.simulation.leaks import allowed, auc, sheet, traits, value

INMATE = ("Numéro d'écrou", "inmate")
LAWFUL = ("Date de levée d'écrou", "released_us", "Sortie de cellule", "to_us")
"""Whether somebody is still inside tells that he had more time to get a handset."""


@pytest.fixture(scope="module")
def items(people: World) -> Items:
    return search_history(people.p, people.population, (people.handsets, people.uses))


@pytest.fixture(scope="module")
def papers(people: World, items: Items, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    write_papers(people, items, folder)
    return folder


def rows_of(papers: Path, name: str) -> list[dict[str, str]]:
    return [row for path in sorted(papers.rglob(f"{name}.csv")) for row in sheet(path)]


def assert_silent(features: np.ndarray, outcome: np.ndarray) -> None:
    assert min(outcome.sum(), (~outcome).sum()) > 30
    found = auc(features, outcome) - 0.5
    assert found < allowed(outcome)
    # With few rows chance alone puts a cross-validated forest below one half: each fold lacks what it is
    # asked.
    assert found > -allowed(outcome) or min(outcome.sum(), (~outcome).sum()) < 1500


@pytest.mark.parametrize(
    "name", ["inmates", "stays", "absences", "approved_contacts", "visits", "official_calls"]
)
def test_registers_do_not_tell_who_holds(people: World, papers: Path, name: str) -> None:
    holders = set(people.population.inmate_code[people.uses.inmate].tolist())
    # Any one row of each inmate: with more, a forest would know him again, and the first of many stands
    # sooner.
    rows = rows_of(papers, name)
    order = np.random.default_rng(0).permutation(len(rows))
    rows = list({value(rows[k], *INMATE): rows[k] for k in order}.values())
    same = [{**row, "inmate": value(row, *INMATE)} for row in rows]
    headers = {header for row in same[:1] for header in row}
    same = [row for row in same if set(row) == headers] if name == "official_calls" else same
    outcome = np.array([int(row["inmate"]) in holders for row in same])
    assert_silent(traits(same, ("inmate",), LAWFUL), outcome)


def test_visitors_do_not_tell_who_buys_or_is_called(people: World, papers: Path) -> None:
    person_of = {
        int(code): person for person, code in enumerate(permits(people.p.seed, people.society)) if code >= 0
    }
    rows = [
        {**row, "visitor": value(row, "Numéro de permis", "visitor")} for row in rows_of(papers, "visitors")
    ]
    person = np.array([person_of[int(row["visitor"])] for row in rows])
    ties = people.society.ties
    features = traits(rows, ("visitor",))
    for chosen in (people.buyers.person, ties.person[ties.called], ties.person[~ties.by_known_number]):
        assert_silent(features, np.isin(person, chosen))


def test_the_list_of_cartons_does_not_tell_what_went_to_prison(people: World, papers: Path) -> None:
    orders = people.orders
    went = people.identities.imei[orders.handset[orders.handset >= 0], 0]
    rows = [row for row in rows_of(papers, "imei_list") if row["Origine"] == "facture"]
    outcome = np.isin([int(row["IMEI"][:14]) for row in rows], went)
    assert_silent(traits(rows, ()), outcome)


def test_search_reports_do_not_tell_whom_they_name_wrongly(people: World, items: Items, papers: Path) -> None:
    where = hidden(people.population, (people.handsets, people.uses), people.handsets.end - 1, people.p.seed)
    handset = dict(zip(items.seizure.tolist(), items.handset.tolist(), strict=True))
    rows = [
        row for row in rows_of(papers, "seizures") if handset.get(int(row["Numéro de saisie"] or -1), -1) >= 0
    ]
    found = np.array([handset[int(row["Numéro de saisie"])] for row in rows])
    codes = ("Numéro de saisie", "Numéro de fouille", "Numéro de scellé")
    features = traits(rows, codes, ("Cellule", "Numéro d'écrou"))
    holder = people.population.inmate_code[np.maximum(where.holder[found], 0)]
    named = np.array([int(row["Numéro d'écrou"] or -1) for row in rows])
    assert_silent(features[named >= 0], (named != holder)[named >= 0])
    for trait in (people.handsets.rewritten, people.handsets.never_on, people.handsets.hiding == 1):
        if min(trait[found].sum(), (~trait[found]).sum()) > 30:
            assert_silent(features, trait[found])


def test_customers_do_not_tell_who_is_known_to_an_inmate(people: World) -> None:
    buyers, orders = people.buyers, people.orders
    customer = np.arange(buyers.count)
    features = np.column_stack([customer, customer % 10, customer % 97])
    assert_silent(features, buyers.person >= 0)
    first = np.unique(orders.buyer, return_index=True)[1]
    order = orders.identity[first]
    assert_silent(np.column_stack([order, order % 10, orders.relay[first] < 0]), orders.inmate[first] >= 0)
