"""The registers of the prison administration, region by region, as offices keep them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from parloir.simulation.addresses import Addresses, mail
from parloir.simulation.arrow import Column, column, digits, texts_of, words
from parloir.simulation.circles import RELATIONS, Society
from parloir.simulation.names import Slips, document, lexicon, written
from parloir.simulation.numbers import misdialled, national, plain
from parloir.simulation.parameters import Parameters
from parloir.simulation.population import FOREVER, REASONS, Population
from parloir.simulation.sheets import Dialect, dialect_of, shuffled, write
from parloir.simulation.streams import Ints, distinct_codes, stream
from parloir.simulation.times import END, hours_off, texts
from parloir.simulation.visiting import OfficialCalls, Visits, where_inmates_were

REASONS_EN = ("court", "hospital", "disciplinary", "leave")


@dataclass(frozen=True)
class Registers:
    """What the registers are made from; `permit` numbers each visitor (by person, −1 none)."""

    p: Parameters
    world: Population
    society: Society
    visits: Visits
    calls: OfficialCalls
    permit: Ints
    addresses: Addresses

    @property
    def regions(self) -> list[str]:
        """Names of the regions, in order."""
        return sorted({prison.region for prison in self.world.prisons})

    def slips(self) -> Slips:
        """How registers get names wrong."""
        return Slips(self.p.error("people.name_variant"), self.p.error("people.name_typo"))


@dataclass(frozen=True)
class Office:
    """One region's office."""

    of: Registers
    region: str
    dialect: Dialect
    folder: Path
    prisons: Ints

    def stream(self, table: str) -> np.random.Generator:
        """Random numbers of one of its tables."""
        return stream(self.of.p.seed, "register", self.region, table)

    def head(self, french: str, own: str) -> str:
        """The header of a column."""
        return french if self.dialect.french else own

    def prison(self, index: Ints) -> Column:
        """Codes of prisons."""
        return words(self.of.world.codes, index)

    def inmate(self, index: Ints) -> Column:
        """Numbers of inmates."""
        return digits(self.of.world.inmate_code[index])

    def prison_cell(self, index: Ints) -> Column:
        """Names of prison cells."""
        return column([self.of.world.prison_cells.name(c) for c in index.tolist()])


def permits(seed: int, society: Society) -> Ints:
    """A permit number of everybody who visits, −1 for the others."""
    permit = np.full(society.people.count, -1, dtype=np.int64)
    visitors = np.unique(society.ties.person[society.ties.visits])
    permit[visitors] = distinct_codes(stream(seed, "permits"), visitors.size, 1_000_000, 9_999_999)
    return permit


def write_registers(of: Registers, folder: Path) -> list[tuple[Path, str]]:
    """Every region's sheets; returns the files and the offices they come from."""
    files: list[tuple[Path, str]] = []
    for region in of.regions:
        prisons = np.array([i for i, q in enumerate(of.world.prisons) if q.region == region], dtype=np.int64)
        dialect = dialect_of(region, of.regions)
        office = Office(of, region, dialect, folder / region.lower().replace(" ", "_"), prisons)
        for name, sheet in SHEETS.items():
            path = office.folder / f"{name}.csv"
            write(path, sheet(office), dialect)
            files.append((path, f"Direction interrégionale {region.removeprefix('DISP ').title()}"))
    return files


def _prisons(o: Office) -> dict[str, Column]:
    chosen = [o.of.world.prisons[i] for i in o.prisons.tolist()]
    return {
        o.head("Code établissement", "prison"): o.prison(o.prisons),
        o.head("Établissement", "name"): column([q.name for q in chosen]),
        o.head("DISP", "region"): column([q.region for q in chosen]),
        o.head("Commune", "town"): column([q.town for q in chosen]),
        o.head("Latitude", "latitude"): column([q.latitude for q in chosen]),
        o.head("Longitude", "longitude"): column([q.longitude for q in chosen]),
        o.head("Capacité opérationnelle", "capacity"): column([q.capacity for q in chosen]),
        o.head("Nombre de détenus", "inmates"): column(o.of.world.present[o.prisons]),
    }


def _prison_cells(o: Office) -> dict[str, Column]:
    prison_cells = o.of.world.prison_cells
    rows = np.flatnonzero(np.isin(prison_cells.prison, o.prisons))
    return {
        o.head("Code établissement", "prison"): o.prison(prison_cells.prison[rows]),
        o.head("Cellule", "prison_cell"): o.prison_cell(rows),
        o.head("Bâtiment", "building"): column([chr(65 + b) for b in prison_cells.building[rows].tolist()]),
        o.head("Étage", "floor"): column(prison_cells.floor[rows]),
        o.head("Nombre de lits", "places"): column(prison_cells.places[rows]),
    }


def _inmates(o: Office) -> dict[str, Column]:
    world, rng, book = o.of.world, o.stream("inmates"), lexicon()
    last = np.searchsorted(world.stays.inmate, np.arange(world.inmates), side="right") - 1
    rows = np.flatnonzero(np.isin(world.stays.prison[last], o.prisons))
    rows = rows[shuffled(rng, rows.size, 0.0)]
    slips = Slips(o.of.slips().variant / 2, o.of.slips().typo / 3)
    alias = np.where(rng.random(rows.size) < 0.15, rng.integers(0, 14, rows.size), -1)
    surnames = document()["pseudonym_words"]
    return {
        o.head("Numéro d'écrou", "inmate"): o.inmate(rows),
        o.head("Nom", "family_name"): column(
            [n.upper() for n in written(book.families, world.family[rows], rng, slips)]
        ),
        o.head("Prénoms", "given_name"): column(written(book.given, world.given[rows], rng, slips)),
        o.head("Alias", "aliases"): texts_of([surnames[a] if a >= 0 else None for a in alias.tolist()]),
        o.head("Date de naissance", "birth_date"): o.dialect.day(world.birth[rows]),
        o.head("Date d'écrou", "committed_us"): o.dialect.when(world.committed[rows]),
        o.head("Date de levée d'écrou", "released_us"): o.dialect.when(
            np.minimum(world.released[rows], END), world.released[rows] >= END
        ),
    }


def _stays(o: Office) -> dict[str, Column]:
    stays, rng = o.of.world.stays, o.stream("stays")
    rows = np.flatnonzero(np.isin(stays.prison, o.prisons))
    rows = rows[shuffled(rng, rows.size, 0.0)]
    return {
        o.head("Numéro d'écrou", "inmate"): o.inmate(stays.inmate[rows]),
        o.head("Code établissement", "prison"): o.prison(stays.prison[rows]),
        o.head("Cellule", "prison_cell"): o.prison_cell(stays.prison_cell[rows]),
        o.head("Entrée en cellule", "from_us"): o.dialect.when(stays.start[rows]),
        o.head("Sortie de cellule", "to_us"): o.dialect.when(
            np.minimum(stays.end[rows], END), stays.end[rows] >= FOREVER
        ),
    }


def _absences(o: Office) -> dict[str, Column]:
    absences, rng = o.of.world.absences, o.stream("absences")
    prison = _prison_at(o, absences.inmate, absences.start)
    rows = np.flatnonzero(np.isin(prison, o.prisons))
    rows = rows[shuffled(rng, rows.size, o.of.p.missing("people.register_row_absent"))]
    return {
        o.head("Numéro d'écrou", "inmate"): o.inmate(absences.inmate[rows]),
        o.head("Code établissement", "prison"): o.prison(prison[rows]),
        o.head("Motif", "reason"): o.dialect.word(
            REASONS if o.dialect.french else REASONS_EN, absences.reason[rows]
        ),
        o.head("Départ", "from_us"): o.dialect.when(absences.start[rows]),
        o.head("Retour", "to_us"): o.dialect.when(absences.end[rows]),
    }


def _prison_at(o: Office, inmate: Ints, time: Ints) -> Ints:

    return where_inmates_were(o.of.world, inmate, time)[0]


def _last_prison(o: Office, inmate: Ints) -> Ints:
    stays = o.of.world.stays
    return stays.prison[np.searchsorted(stays.inmate, inmate, side="right") - 1]


def _approved(o: Office) -> dict[str, Column]:
    ties, people, rng, book = o.of.society.ties, o.of.society.people, o.stream("approved"), lexicon()
    rows = np.flatnonzero(ties.approved & np.isin(_last_prison(o, ties.inmate), o.prisons))
    rows = rows[shuffled(rng, rows.size, o.of.p.missing("people.register_row_absent"))]
    person = ties.person[rows]
    number = misdialled(people.number[person], rng, o.of.p.error("people.number_typo"))
    return {
        o.head("Numéro d'écrou", "inmate"): o.inmate(ties.inmate[rows]),
        o.head("Numéro autorisé", "number"): column(national(number, rng.integers(0, 5, rows.size))),
        o.head("Nom du correspondant", "family_name"): column(
            written(book.families, people.family[person], rng, o.of.slips())
        ),
        o.head("Prénom du correspondant", "given_name"): column(
            written(book.given, people.given[person], rng, o.of.slips())
        ),
        o.head("Lien", "relation"): o.dialect.word(RELATIONS, ties.relation[rows]),
    }


def _visitors(o: Office) -> dict[str, Column]:
    ties, people, rng, book = o.of.society.ties, o.of.society.people, o.stream("visitors"), lexicon()
    here = np.flatnonzero(ties.visits & np.isin(_last_prison(o, ties.inmate), o.prisons))
    person, at = np.unique(ties.person[here], return_index=True)
    order = rng.permutation(person.size)
    person, tie = person[order], here[at[order]]
    told = rng.random(person.size) >= o.of.p.missing("people.number_absent")
    numbers = national(people.number[person], rng.integers(0, 5, person.size))
    others = plain(np.maximum(people.second[person], 0)).to_pylist()
    both = (people.second[person] >= 0) & (rng.random(person.size) < 0.4)
    phones = [
        (f"{n} / {m}" if b else n) if t else None
        for n, m, b, t in zip(numbers, others, both, told, strict=True)
    ]
    mails = (people.mail[person] >= 0) & (rng.random(person.size) < 0.6)
    homes = [
        o.of.addresses.street(s, h) for s, h in zip(people.street[person], people.house[person], strict=True)
    ]
    towns = people.town[person].tolist()
    return {
        o.head("Numéro de permis", "visitor"): digits(o.of.permit[person]),
        o.head("Nom", "family_name"): column(
            written(book.families, people.family[person], rng, o.of.slips())
        ),
        o.head("Prénoms", "given_name"): column(written(book.given, people.given[person], rng, o.of.slips())),
        o.head("Date de naissance", "birth_date"): o.dialect.day(people.birth[person]),
        o.head("Téléphones", "numbers"): texts_of(phones),
        o.head("Courriel", "email"): texts_of(
            [person_mail(o.of.society, i) if m else None for i, m in zip(person.tolist(), mails, strict=True)]
        ),
        o.head("Adresse", "address"): column(homes),
        o.head("Code postal", "postcode"): column([o.of.addresses.postcodes[t] for t in towns]),
        o.head("Ville", "city"): column([o.of.addresses.towns[t] for t in towns]),
        o.head("Pays", "country"): column(["FR"] * person.size),
        o.head("Lien", "relation"): o.dialect.word(RELATIONS, ties.relation[tie]),
    }


def person_mail(society: Society, person: int) -> str:
    """The mail address of somebody outside."""
    book, hosts = lexicon(), document()["mail_hosts"]
    family = book.families[int(society.people.family[person])].name
    given = book.given[int(society.people.given[person])].name
    return mail(family, given, person, hosts[person % len(hosts)])


def _visits(o: Office) -> dict[str, Column]:
    visits, ties, rng = o.of.visits, o.of.society.ties, o.stream("visits")
    rows = np.flatnonzero(np.isin(visits.prison, o.prisons))
    rows = rows[shuffled(rng, rows.size, o.of.p.missing("people.register_row_absent"))]
    codes = distinct_codes(rng, rows.size, 1_000_000, 100_000_000)
    return {
        o.head("Numéro de parloir", "visit"): digits(codes),
        o.head("Numéro de permis", "visitor"): column(o.of.permit[ties.person[visits.tie[rows]]]).cast(
            pa.string()
        ),
        o.head("Numéro d'écrou", "inmate"): o.inmate(visits.inmate[rows]),
        o.head("Code établissement", "prison"): o.prison(visits.prison[rows]),
        o.head("Début du parloir", "started_us"): o.dialect.when(visits.start[rows]),
        o.head("Fin du parloir", "ended_us"): o.dialect.when(visits.end[rows]),
        o.head("Lien", "relation"): o.dialect.word(RELATIONS, ties.relation[visits.tie[rows]]),
    }


def _official_calls(o: Office) -> dict[str, Column]:
    calls, ties, rng = o.of.calls, o.of.society.ties, o.stream("official calls")
    rows = np.flatnonzero(np.isin(calls.prison, o.prisons))
    rows = rows[shuffled(rng, rows.size, o.of.p.missing("people.register_row_absent"))]
    number = plain(o.of.society.people.number[ties.person[calls.tie[rows]]])
    start = calls.start[rows] + hours_off(rng, rows.size, o.of.p.error("people.official_clock_wrong"))
    columns = {
        o.head("Numéro d'écrou", "inmate"): o.inmate(calls.inmate[rows]),
        o.head("Code établissement", "prison"): o.prison(calls.prison[rows]),
        o.head("Numéro appelé", "number"): number,
    }
    if o.dialect.french:
        columns["Date de l'appel"] = texts(start, "%d/%m/%Y")
        columns["Heure de l'appel"] = texts(start, "%H:%M:%S")
    else:
        columns["started_us"] = column(start)
    return columns | {o.head("Durée (s)", "duration_s"): column(calls.seconds[rows])}


SHEETS: dict[str, Callable[[Office], dict[str, Column]]] = {
    "prisons": _prisons,
    "prison_cells": _prison_cells,
    "inmates": _inmates,
    "stays": _stays,
    "absences": _absences,
    "approved_contacts": _approved,
    "visitors": _visitors,
    "visits": _visits,
    "official_calls": _official_calls,
}
