"""The words of a lead: reasons, what speaks against, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from parloir.holders.blocks import Block
from parloir.holders.kinds import ACQUISITION, KINDS, OWN_DOING
from parloir.holders.parameters import Parameters
from parloir.holders.scales import ACQUIRED
from parloir.holders.weighed import WeighedHandset

SENTENCES = tuple(tuple(kind.sentence(name) for name in kind.scale.names) for kind in KINDS)
"""What each code of each kind says."""
_TELLING = 0.5
"""Bits under which a kind is not worth a clause."""
_BY_CHANCE = 0.02
"""Assumed: anybody's handset is silent by chance while an inmate is away."""


def numbers_sentence(block: Block, place: int) -> str:
    """Whose people are among the handset's correspondents, first those who are met most."""
    found, total = block.numbers, block.numbers.talked.numbers.size
    which = "1 correspondent" if total == 1 else f"{total} correspondents"
    known = "none is known as the inmate's own" if _people(block, place) else "none of the inmate's is known"
    own = found.matches.get(place, ())
    mates = tuple({number for numbers in found.of_mates.get(place, {}).values() for number in numbers})
    if not total:
        return "The handset has no correspondents that tell anything"
    if not own and not mates:
        return f"Of {which} {known}"
    groups = [(own, "the inmate's own people"), (mates, "people of those who shared the prison cell")]
    shown = sorted(
        ((_contacts(block, numbers), numbers, whose) for numbers, whose in groups if numbers), reverse=True
    )
    told = [
        f"{len(numbers)} with {share:.0%} of the contacts {'is' if len(numbers) == 1 else 'are'} {whose}"
        for share, numbers, whose in shown
    ]
    return f"Of {which} {', '.join(told)}" + ("" if own else f"; {known}")


def _people(block: Block, place: int) -> float:
    """How many numbers of the inmate's people are known."""
    return float(block.view.people[block.view.candidates[place]])


def _contacts(block: Block, numbers: tuple[int, ...]) -> float:
    """Share of all days with a correspondent that are with these numbers."""
    talked = block.numbers.talked
    days = np.maximum(talked.days, 1)
    return float(days[np.isin(talked.numbers, numbers)].sum() / days.sum())


def number_level(block: Block, place: int) -> str:
    """The stored level of the correspondents: matches out of distinct numbers."""
    return f"{len(block.numbers.matches.get(place, ()))} of {block.numbers.talked.numbers.size}"


class Words:
    """The words of one handset's leads.

    Attributes:
        handset: weighed.
    """

    def __init__(self, handset: WeighedHandset) -> None:
        self.handset, self._block = handset, handset.block

    def spoken(self, place: int) -> tuple[str, str]:
        """What speaks for a candidate, and what against, with the likeliest other candidate."""
        every = self._clauses(place)
        told = [f"{text} ({bits:+.1f} bits)" for bits, text in every if bits > 0]
        against = [f"{text} ({bits:+.1f} bits)" for bits, text in every if bits < 0]
        told += self._since
        against += self._unshown
        against += [text for rival, text in self._rivals if rival != place][:1]
        return ". ".join(told) or "Nothing beyond being in that prison at that time", ". ".join(against)

    def missing(self, place: int) -> str:
        """Evidence that is not there, with the most bits that it would add, largest first."""
        gaps = sorted(self._gaps(place), key=lambda gap: (-gap[0], gap[1]))
        return "; ".join(f"{what} would add up to {bits:.1f} bits" for bits, what in gaps if bits >= _TELLING)

    def _clauses(self, place: int) -> list[tuple[float, str]]:
        """Every telling kind with its bits and sentence, strongest first."""
        weighed, codes = self.handset.weighed, self._block.codes_of(place).tolist()
        found = [(float(weighed.numbers[place]), numbers_sentence(self._block, place))]
        for bits, code, says in zip(weighed.kinds[:, place].tolist(), codes, SENTENCES, strict=True):
            found.append((bits, says[code]))
        return sorted((c for c in found if abs(c[0]) >= _TELLING), key=lambda c: (-abs(c[0]), c[1]))

    @cached_property
    def _since(self) -> list[str]:
        """That somebody else used it before, where it rather changed hands than not."""
        activity = self._block.view.activity
        if not activity.inherited:
            return []
        day = datetime.fromtimestamp(activity.first / 1e6, UTC).date().isoformat()
        return [f"From {day} on it talks to other people: who uses it since then is weighed"]

    @cached_property
    def _unshown(self) -> list[str]:
        """That an order alone tells of it."""
        shown = self._block.view.activity.shown
        return [] if shown else ["No record shows this handset in use: an order alone tells of it"]

    @cached_property
    def _rivals(self) -> list[tuple[int, str]]:
        """The two likeliest candidates, those that are likely at all."""
        view, posterior = self._block.view, self.handset.weighed.posterior
        posterior = view.activity.segments[-1].probability * posterior
        return [
            (place, f"Inmate {view.world.inmates[view.candidates[place]]} has a probability of {chance:.0%}")
            for place in posterior.argsort()[::-1][:2].tolist()
            if (chance := float(posterior[place])) >= 0.05
        ]

    def _gaps(self, place: int) -> Iterator[tuple[float, str]]:
        parameters, block = self.handset.parameters, self._block
        codes = block.codes_of(place)
        for number, kind in enumerate(KINDS):
            silent = kind.scale.stratum_of[codes[number]] == 0
            if number in self._wanted and silent:
                yield self._wanted[number], kind.wanted
        most = parameters.fusion["correspondents"] * _most_of_a_number(block, place, parameters)
        if not block.numbers.talked.numbers.size:
            yield most, "records of the handset's calls and texts, for each number of the inmate's people,"
        elif block.view.seizure is not None and not block.view.read:
            yield most, "the contents of the handset, for each more number of the inmate's people,"
        if self._month:
            most = ACQUISITION.most_of_a_visit(int(codes[ACQUIRED]), parameters.ratios["acquisition"])
            yield parameters.fusion["acquisition"] * most, f"the visits of {self._month}"

    @cached_property
    def _wanted(self) -> dict[int, float]:
        """By kind whose register is not there for the handset's time: the most bits that it would add."""
        parameters, found = self.handset.parameters, {}
        for number, kind in enumerate(KINDS):
            name = kind.scale.name
            usual = _BY_CHANCE if isinstance(kind, OWN_DOING) else 1.0
            most = kind.scale.most(parameters.ratios[name] / usual)
            if kind.wanted and most is not None and not _at_hand(self._block, name):
                found[number] = parameters.fusion[name] * most
        return found

    @cached_property
    def _month(self) -> str:
        return ACQUISITION.month_without_visits(self._block.view)


def _at_hand(block: Block, kind: str) -> bool:
    """Whether the register that the kind rests on is there for the handset's time."""
    prison, activity = block.view.last_prison(), block.view.activity
    rows = {"absences": prison.absences, "legal_calls": prison.legal_calls}.get(kind) if prison else None
    return rows is not None and bool(((rows.start <= activity.last) & (rows.end >= activity.first)).any())


def _most_of_a_number(block: Block, place: int, parameters: Parameters) -> float:
    """Bits of one rare number of the inmate's people, under the mean share h of such numbers."""
    shares = parameters.start.reshape(len(parameters.mixtures[0].called), -1).sum(axis=1)
    called = float(np.dot(parameters.mixtures[0].called, shares))
    people = max(_people(block, place), 1.0)
    return float(np.log2(called / people / block.numbers.rare + 1 - called))
