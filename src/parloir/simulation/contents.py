"""What a laboratory read from a few seized handsets: phone book, calls and messages, as their traffic was.

One Parquet file a handset with the columns of `handset_contents`, named by the seal number of the seizure
report; the IMEI stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from parloir.simulation.circles import RELATIONS
from parloir.simulation.events import A_DAY, KIND, KINDS, Events
from parloir.simulation.handsets import Handsets
from parloir.simulation.inside import Contraband
from parloir.simulation.names import lexicon
from parloir.simulation.numbers import COMMON, plain
from parloir.simulation.parameters import Parameters
from parloir.simulation.searching import Items
from parloir.simulation.sims import sim_owner
from parloir.simulation.streams import Ints, stream
from parloir.simulation.times import DAY, END, SECOND, offset_min

COLUMNS = {
    "imei14": pa.int64(),
    "kind": pa.string(),
    "number": pa.int64(),
    "number_raw": pa.string(),
    "name": pa.string(),
    "at_us": pa.int64(),
    "offset_min": pa.int16(),
    "duration_s": pa.int64(),
    "text": pa.string(),
    "deleted": pa.bool_(),
}
CALLED = {"mère": "maman", "père": "papa", "conjoint": "mon coeur", "frère": "frero", "sœur": "soeurette"}
MESSAGES = (
    "appelle moi ce soir",
    "t as recu le mandat ?",
    "plus de credit, recharge stp",
    "ok",
    "samedi au parloir",
    "embrasse les petits",
    "rappelle sur l autre numero",
    "je te passe le tel apres",
    "bien arrive",
    "c est qui ?",
    "demain meme heure",
    "merci",
)
LONGEST = 60
"""Calls and messages that a handset keeps; the last ones."""
STORED, DELETED = 0.7, 0.1
"""Assumed shares: of the called who stand in the phone book, of entries recovered after deletion."""


@dataclass(frozen=True)
class Read:
    """Handsets whose contents were read, and the number on the seal of each."""

    handset: Ints
    seal: Ints


def chosen(p: Parameters, items: Items, handsets: Handsets) -> Read:
    """Some of the handsets that were found during the records, switched on before and with a legible IMEI."""
    rng = stream(p.seed, "contents read")
    at = np.maximum(items.handset, 0)
    good = (items.handset >= 0) & items.imei_read & (handsets.end[at] > END - p.size.days * DAY)
    good &= ~(handsets.never_on | handsets.rewritten | handsets.cloned)[at]
    rows = np.flatnonzero(good & (rng.random(at.size) < p["searches.contents_read"]))
    return Read(items.handset[rows], items.seal[rows])


def logged(of: Contraband, read: Read, made: Events) -> Events:
    """Calls and texts of those handsets among the events of an area."""
    codes = of.identities.imei[read.handset].ravel()
    return made.where(np.flatnonzero(np.isin(made.imei, codes[codes >= 0]) & (made.kind < KIND["data"])))


def write_contents(p: Parameters, folder: Path, of: Contraband, read: Read, log: Events) -> list[Path]:
    """One file for each handset that was read."""
    if read.handset.size:
        folder.mkdir(parents=True)
    books = _Books(of)
    paths = []
    for handset, seal in zip(read.handset.tolist(), read.seal.tolist(), strict=True):
        rng = stream(p.seed, "contents", handset)
        codes = of.identities.imei[handset]
        own = log.where(np.flatnonzero(np.isin(log.imei, codes[codes >= 0])))
        own = own.where(np.argsort(own.time, kind="stable")[-LONGEST:])
        book = books.of(handset, own.correspondent, rng)
        parts = [_contacts(book, int(codes[0]), rng), _log(p, own, book, int(codes[0]), rng)]
        paths.append(folder / f"S-{seal}.parquet")
        pq.write_table(pa.concat_tables(parts), paths[-1], compression="zstd")
    return paths


class _Books:
    """Phone books: the circles of all who used a handset, other inmates who called it, and strangers."""

    def __init__(self, of: Contraband) -> None:
        self.world, self.society, self.uses = of.world, of.society, of.uses
        self.given = lexicon().given
        order = np.argsort(of.identities.sim_number, kind="stable")
        self._sims = of.identities.sim_number[order], sim_owner(of.identities)[order]

    def of(self, handset: int, correspondents: Ints, rng: np.random.Generator) -> dict[int, str]:
        """Names by number."""
        book: dict[int, str] = {}
        owner = int(self.uses.inmate[np.searchsorted(self.uses.handset, handset)])
        for inmate in self._users(handset):
            of_whom = "" if inmate == owner else f" {self._name(inmate)}"
            for number, name in self._circle(inmate):
                if rng.random() < STORED:
                    book.setdefault(number, name + of_whom)
        for number in np.unique(correspondents).tolist():
            other, die = self._handset(number), rng.random()
            stranger = self.given[int(die * len(self.given))].name
            if die < STORED and number not in COMMON:
                book.setdefault(number, self._name(self._users(other)[0]) if other >= 0 else stranger)
        return book

    def _users(self, handset: int) -> list[int]:
        """Everybody who used it, its first holder first."""
        low, high = np.searchsorted(self.uses.handset, [handset, handset + 1])
        return list(dict.fromkeys(self.uses.inmate[low:high].tolist()))

    def _name(self, inmate: int) -> str:
        return self.given[int(self.world.given[inmate])].name.lower()

    def _circle(self, inmate: int) -> list[tuple[int, str]]:
        ties, people = self.society.ties, self.society.people
        low, high = np.searchsorted(ties.inmate, [inmate, inmate + 1])
        found = []
        for row in range(low, high):
            person = int(ties.person[row])
            number = people.number[person] if ties.by_known_number[row] else ties.other_number[row]
            name = self.given[int(people.given[person])].name
            relation = RELATIONS[int(ties.relation[row])]
            if ties.called[row]:
                found.append((int(number), CALLED.get(relation, name)))
        return found

    def _handset(self, number: int) -> int:
        """The contraband handset whose SIM has a number, −1 for none."""
        numbers, owners = self._sims
        at = min(int(np.searchsorted(numbers, number)), numbers.size - 1)
        return int(owners[at]) if numbers[at] == number else -1


def _contacts(book: dict[int, str], imei14: int, rng: np.random.Generator) -> pa.Table:
    numbers = np.array(sorted(book), dtype=np.int64)
    numbers = numbers[rng.permutation(numbers.size)]
    nothing: list[None] = [None] * numbers.size
    values = [
        [imei14] * numbers.size,
        ["contact"] * numbers.size,
        numbers.tolist(),
        plain(numbers).to_pylist(),
        [book[n] for n in numbers.tolist()],
        *([nothing] * 4),
        (rng.random(numbers.size) < DELETED).tolist(),
    ]
    return _table(values)


def _log(p: Parameters, e: Events, book: dict[int, str], imei14: int, rng: np.random.Generator) -> pa.Table:
    """Calls and messages in order of time, as the handset's own clock told it."""
    at = END - (p.size.days * A_DAY - e.time) * SECOND
    text = (e.kind == KIND["text_out"]) | (e.kind == KIND["text_in"])
    said = rng.integers(0, len(MESSAGES), e.count).tolist()
    values = [
        [imei14] * e.count,
        [KINDS[k] for k in e.kind.tolist()],
        e.correspondent.tolist(),
        plain(e.correspondent).to_pylist(),
        [book.get(n) for n in e.correspondent.tolist()],
        at.tolist(),
        offset_min(at).tolist(),
        [None if t else d for t, d in zip(text.tolist(), e.duration.tolist(), strict=True)],
        [MESSAGES[k] if t else None for t, k in zip(text.tolist(), said, strict=True)],
        (rng.random(e.count) < DELETED).tolist(),
    ]
    return _table(values)


def _table(values: list[list[object]]) -> pa.Table:
    return pa.Table.from_arrays(
        [pa.array(v, t) for v, t in zip(values, COLUMNS.values(), strict=True)], names=list(COLUMNS)
    )
