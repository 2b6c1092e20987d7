"""Search reports, lists of seized and stored IMEIs, the protected register, requests and lists of radio
cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from parloir.identifiers import imei, radio_cell
from parloir.simulation.arrow import column, texts_of, words
from parloir.simulation.circles import Society
from parloir.simulation.handsets import Handsets
from parloir.simulation.models import carton_imei, models
from parloir.simulation.names import lexicon
from parloir.simulation.numbers import OPERATORS, plain
from parloir.simulation.parameters import Parameters
from parloir.simulation.population import Population
from parloir.simulation.radio import LAYERS, Area
from parloir.simulation.searching import Items
from parloir.simulation.sheets import Dialect, write
from parloir.simulation.shop import Buyers, Orders, cartons
from parloir.simulation.sims import BOX, Identities
from parloir.simulation.streams import Bools, Ints, stream
from parloir.simulation.times import END, iso, texts

OFFICE = Dialect("utf-8", ";", french=True)
OLD_OFFICE = Dialect("cp1252", ";", french=True)
ITEM_WORDS = ("téléphone portable", "carte SIM", "espèces", "chargeur", "stupéfiants", "néant")
PLACES = (
    "matelas",
    "fenêtre",
    "sur la personne",
    "chasse d'eau",
    "poste de télévision",
    "table",
    "plinthe",
    "placard",
)


def _label(imei14: int) -> str:
    return imei.label(imei14)


def write_seizures(p: Parameters, path: Path, of: tuple[Population, Items, Handsets, Identities]) -> int:
    """Every item of every search, and every search that found nothing."""
    world, items, handsets, identities = of
    rng = stream(p.seed, "seizure report")
    handset = np.maximum(items.handset, 0)
    is_handset = items.handset >= 0
    sims = identities.first_sim[handset + 1] - 1
    name = models().name
    read = is_handset & items.imei_read
    labels = [_labels(identities, int(h)) if r else None for h, r in zip(handset, read, strict=True)]
    slips = rng.random(handset.size) < p.error("searches.imei_mistyped")
    labels = [
        _mistyped(n, d) if n and s else n
        for n, s, d in zip(labels, slips, rng.random(handset.size), strict=True)
    ]
    called = [
        ("mini téléphone" if handsets.kind[h] == 0 else ITEM_WORDS[0]) if is_handset[i] else ITEM_WORDS[k]
        for i, (h, k) in enumerate(zip(handset.tolist(), items.item.tolist(), strict=True))
    ]
    with_model = is_handset & (rng.random(handset.size) > 0.15)
    places = rng.integers(0, len(PLACES), handset.size)
    columns = {
        "Numéro de saisie": column(items.seizure, items.item == 5),
        "Numéro de fouille": column(items.search),
        "Code établissement": words(world.codes, items.prison),
        "Cellule": texts_of(
            [world.prison_cells.name(c) if c >= 0 else None for c in items.prison_cell.tolist()]
        ),
        "Date de la fouille": texts(items.found, "%d/%m/%Y"),
        "Heure de la fouille": texts(items.found, "%H:%M"),
        "Objet": texts_of(called),
        "IMEI": texts_of(labels),
        "Modèle": texts_of(
            [name[handsets.model[h]] if m else None for h, m in zip(handset, with_model, strict=True)]
        ),
        "IMSI": column(identities.sim_imsi[sims], ~(read & (rng.random(handset.size) < 0.5))),
        "Espèces (€)": column(rng.integers(1, 40, handset.size) * 10, items.item != 2),
        "Numéro d'écrou": column(world.inmate_code[np.maximum(items.inmate, 0)], items.inmate < 0),
        "Emplacement": texts_of(
            [PLACES[k] if i != 5 else None for k, i in zip(places, items.item, strict=True)]
        ),
        "Numéro de scellé": column(items.seal, items.item == 5),
    }
    return write(path, columns, OLD_OFFICE)


def _labels(identities: Identities, handset: int) -> str:
    """The IMEIs that the handset's label bears."""
    return " / ".join(_label(int(i)) for i in identities.imei[handset] if i >= 0)


def _mistyped(label: str, die: float) -> str:
    """One digit of the first IMEI wrong."""
    at = int(die * 14)
    return label[:at] + str((int(label[at]) + 1 + int(die * 1e6) % 9) % 10) + label[at + 1 :]


def write_stock(p: Parameters, path: Path, of: tuple[Orders, Handsets, Identities]) -> int:
    """The supplier's invoice and the store room: IMEIs by carton; the order where the shop wrote it down."""
    orders, _, identities = of
    rng = stream(p.seed, "stock")
    unit, order = cartons(orders, p["shop.store_room"], BOX)
    codes = shop_imeis(orders, identities, unit)
    sold = order >= 0
    told = sold & (rng.random(unit.size) < p["shop.imei_told"])
    rows = rng.permutation(unit.size)
    times = np.full(unit.size, END)
    identity = orders.identity[np.maximum(order, 0)]
    columns = {
        "IMEI": column([_label(c) for c in codes[rows].tolist()]),
        "Modèle": column([UNIT_MODEL] * unit.size),
        "Origine": column(np.where(sold[rows], "facture", "entrepôt")),
        "Carton": column([f"C{b:04d}" for b in (unit[rows] // BOX).tolist()]),
        "Commande": column(identity[rows], ~told[rows]),
        "Date de la liste": texts(times, "%d/%m/%Y"),
    }
    return write(path, columns, OFFICE)


UNIT_MODEL = "mini téléphone GSM"


def shop_imeis(orders: Orders, identities: Identities, unit: Ints) -> Ints:
    """IMEI14 of each unit of the shop's sales: those of contraband handsets where they went to prison."""
    codes = carton_imei(unit, BOX)
    known = orders.handset >= 0
    codes[orders.first_unit[known]] = identities.imei[orders.handset[known], 0]
    return codes


def write_protected(p: Parameters, path: Path, buyers: Buyers, society: Society) -> int:
    """Lawyers and magistrates, those who bought from the shop among them."""
    rng, book = stream(p.seed, "protected"), lexicon()
    rows = np.flatnonzero(buyers.protected)
    more = rng.choice(society.people.count, min(society.people.count, 40 + rows.size), replace=False)
    family = np.concatenate(
        [buyers.family[rows], society.people.family[more] * 0 + rng.integers(90, 3000, more.size)]
    )
    number = np.concatenate([buyers.number[rows], 33_199_001_000 + np.arange(more.size)])
    order = rng.permutation(number.size)
    words = ("avocat", "magistrat", "aumônier", "médecin", "journaliste", "défenseur des droits")
    columns = {
        "Catégorie": column(
            [words[k] for k in rng.choice(6, number.size, p=[0.6, 0.2, 0.05, 0.1, 0.03, 0.02])]
        ),
        "Nom": column([book.families[f].name for f in family[order].tolist()]),
        "Prénom": column([book.given[g].name for g in rng.integers(0, len(book.given), number.size)]),
        "Téléphone": plain(number[order]),
    }
    return write(path, columns, OFFICE)


def write_radio_cells(path: Path, areas: list[Area], operator: int) -> int:
    """One operator's radio cells, with nominal sectors only."""
    parts = [(a, np.flatnonzero(a.sites.operator == operator)) for a in areas]
    identity = np.concatenate([a.sites.identity[r] for a, r in parts])
    order = np.argsort(identity)

    def part(name: str) -> np.ndarray:
        return np.concatenate([getattr(a.sites, name)[r] for a, r in parts])[order]

    columns = {
        "CGI": column([radio_cell.text(int(i)) for i in identity[order]]),
        "Opérateur": column([OPERATORS[operator]] * identity.size),
        "Technologie": words(LAYERS, part("layer")),
        "Latitude": column(np.round(part("latitude"), 5)),
        "Longitude": column(np.round(part("longitude"), 5)),
        "Azimut": column(np.round(part("azimuth"))),
        "Ouverture": column(np.full(identity.size, 65)),
    }
    return write(path, columns, OFFICE)


def write_requests(path: Path, rows: list[dict[str, object]]) -> int:
    """What the operators were asked for."""
    columns = {
        "Réquisition": column([str(r["request"]) for r in rows]),
        "Opérateur": column([str(r["operator"]) for r in rows]),
        "Nature": column([str(r["kind"]) for r in rows]),
        "Cellules radio": column([str(r["radio_cells"]) for r in rows]),
        "IMEI": column([str(r["imeis"]) for r in rows]),
        "Du": iso(np.array([r["from"] for r in rows], dtype=np.int64)),
        "Au": iso(np.array([r["to"] for r in rows], dtype=np.int64)),
    }
    return write(path, columns, OFFICE)


def listed(sites: Ints, chosen: Bools) -> str:
    """Radio cells as a request lists them."""
    return " / ".join(radio_cell.text(int(i)) for i in sites[chosen])
