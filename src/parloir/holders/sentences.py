"""The words of a lead: reasons, what speaks against, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parloir.holders.blocks import Block
from parloir.holders.kinds import ACQUISITION, KINDS, OWN_DOING
from parloir.holders.learning import Weighed
from parloir.holders.parameters import Parameters

_TELLING = 0.5
"""Bits under which a kind is not worth a clause."""


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


def clauses(block: Block, weighed: Weighed, place: int) -> list[tuple[float, str]]:
    """Every telling kind with its bits and sentence, strongest first."""
    found = [(float(weighed.numbers[place]), numbers_sentence(block, place))]
    for number, kind in enumerate(KINDS):
        name = kind.scale.names[block.codes[number][place]]
        found.append((float(weighed.kinds[number][place]), kind.sentence(name)))
    return sorted((c for c in found if abs(c[0]) >= _TELLING), key=lambda c: (-abs(c[0]), c[1]))


def reasons(block: Block, weighed: Weighed, place: int) -> str:
    """What speaks for the inmate."""
    spoken = [f"{text} ({bits:+.1f} bits)" for bits, text in clauses(block, weighed, place) if bits > 0]
    return ". ".join(spoken) or "Nothing beyond being in that prison at that time"


def against(block: Block, weighed: Weighed, place: int) -> str:
    """What speaks against, with the likeliest other candidate."""
    spoken = [f"{text} ({bits:+.1f} bits)" for bits, text in clauses(block, weighed, place) if bits < 0]
    rivals = [int(p) for p in weighed.posterior.argsort()[::-1][:2] if int(p) != place]
    if rivals and weighed.posterior[rivals[0]] >= 0.05:
        inmate = block.view.world.inmates[block.view.candidates[rivals[0]]]
        spoken.append(f"Inmate {inmate} has a probability of {weighed.posterior[rivals[0]]:.0%}")
    return ". ".join(spoken)


def missing(block: Block, place: int, parameters: Parameters) -> str:
    """Evidence that is not there, with the most bits that it would add, those that could add most first."""
    gaps = sorted(_gaps(block, place, parameters), key=lambda gap: (-gap[0], gap[1]))
    return "; ".join(f"{what} would add up to {bits:.1f} bits" for bits, what in gaps if bits >= _TELLING)


def _gaps(block: Block, place: int, parameters: Parameters) -> Iterator[tuple[float, str]]:
    for number, kind in enumerate(KINDS):
        name = kind.scale.name
        usual = _BY_CHANCE if isinstance(kind, OWN_DOING) else 1.0
        most = kind.scale.most(parameters.ratios[name] / usual)
        silent = kind.scale.stratum_of[block.codes[number][place]] == 0
        if kind.wanted and silent and most is not None and not _at_hand(block, name):
            yield parameters.fusion[name] * most, kind.wanted
    most = parameters.fusion["correspondents"] * _most_of_a_number(block, place, parameters)
    if not block.numbers.talked.numbers.size:
        yield most, "records of the handset's calls and texts, for each number of the inmate's people,"
    elif block.view.seizure is not None and not block.view.read:
        yield most, "the contents of the handset, for each more number of the inmate's people,"
    month = ACQUISITION.month_without_visits(block.view)
    if month:
        code = int(block.codes[KINDS.index(ACQUISITION)][place])
        most = ACQUISITION.most_of_a_visit(code, parameters.ratios["acquisition"])
        yield parameters.fusion["acquisition"] * most, f"the visits of {month}"


_BY_CHANCE = 0.02
"""Assumed: anybody's handset is silent by chance while an inmate is away."""


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
