"""Traffic of contraband handsets: short sessions, evenings and nights, few and telling correspondents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation import habits
from parloir.simulation.circles import Society
from parloir.simulation.events import KIND, Events, clock
from parloir.simulation.handsets import Handsets, Uses
from parloir.simulation.numbers import COMMON, Numbers
from parloir.simulation.parameters import Parameters
from parloir.simulation.population import Absences, Population
from parloir.simulation.radio import WINGS
from parloir.simulation.sims import Identities
from parloir.simulation.streams import Bools, Floats, Ints, groups, mix, stream
from parloir.simulation.times import DAY, END, MINUTE, SECOND, offset_min
from parloir.simulation.visiting import OfficialCalls, where_inmates_were


@dataclass(frozen=True)
class Contraband:
    """All that the traffic of contraband handsets rests on."""

    world: Population
    society: Society
    handsets: Handsets
    uses: Uses
    identities: Identities
    calls: OfficialCalls
    numbers: Numbers
    rates: Ints
    """Calls a week of each handset, in thousandths."""


def weekly_rates(p: Parameters, handsets: Handsets) -> Ints:
    """Calls a week of each handset: log-normal with the mean of the parameters."""
    spread = p["handsets.calls_spread"]
    dice = stream(p.seed, "rates").normal(-spread * spread / 2, spread, handsets.count)
    return np.asarray(np.round(1000 * p["handsets.calls_per_week"] * np.exp(dice)), dtype=np.int64)


def inside_events(p: Parameters, of: Contraband, prisons: tuple[int, ...], area: int) -> Events:
    """Every event of the handsets in some prisons during the days of the records, not yet served by radio
    cells."""
    rng = stream(p.seed, "inside", area)
    rows = running(p, of, np.flatnonzero(np.isin(of.uses.prison, prisons)))
    start = np.maximum(of.uses.start[rows], END - p.size.days * DAY)
    end = np.minimum(of.uses.end[rows], END)
    smart = of.handsets.kind[of.uses.handset[rows]] == 2
    counts = rng.poisson(np.maximum(end - start, 0) / DAY * _per_day(p, of, rows, smart))
    time = _session_times(p, (start, end, of.uses.inmate[rows]), counts, rng)
    use = rows[groups(counts)]
    inmate = of.uses.inmate[use]
    out = away(of.world.absences, inmate, time) | on_the_telephone(of.calls, inmate, time)
    out |= habits.switched_off(p, of.uses.handset[use], time)
    kept = np.flatnonzero(~out & ~jammed(p, of.uses.prison[use], time, rng))
    return _described(p, of, (use[kept], time[kept], smart[groups(counts)][kept], prisons), rng)


def jammed(p: Parameters, prison: Ints, time: Ints, rng: np.random.Generator) -> Bools:
    """Records that a jammer of the prison suppressed: some prisons, from one day of the period to its end."""
    dice = mix(prison, p.seed + 77)
    since = END - (dice // 10_000 % (2 * p.size.days)) * DAY
    jammed = (dice % 10_000 < 10_000 * p["handsets.jammed_prisons"]) & (time > since)
    return jammed & (rng.random(time.size) < p["handsets.jammer_loss"])


def running(p: Parameters, of: Contraband, rows: Ints) -> Ints:
    """Those of some uses in which the handset is on during the days of the records."""
    uses = of.uses
    within = (uses.end[rows] > END - p.size.days * DAY) & (uses.start[rows] < END)
    return rows[within & ~of.handsets.never_on[uses.handset[rows]]]


def talk_a_day(p: Parameters, of: Contraband, rows: Ints) -> Floats:
    """Calls and texts a day of some uses."""
    calls = of.rates[of.uses.handset[rows]] / 7000 * (1 + p["handsets.texts_per_call"])
    inmate, smart = of.uses.inmate[rows], of.handsets.kind[of.uses.handset[rows]] == 2
    eager = habits.how_much(p, inmate) * habits.talk(p, inmate, smart)
    return np.asarray(calls * of.uses.share[rows] * eager, dtype=float)


def _per_day(p: Parameters, of: Contraband, rows: Ints, smart: Bools) -> Floats:
    data = np.where(smart, p["handsets.data_per_day_smartphone"], 0.0) * of.uses.share[rows]
    inmate = of.uses.inmate[rows]
    return talk_a_day(p, of, rows) + data * habits.how_much(p, inmate) * habits.data(p, inmate)


def _session_times(
    p: Parameters, span: tuple[Ints, Ints, Ints], counts: Ints, rng: np.random.Generator
) -> Ints:
    """Each record falls into one of its use's sessions: switched on, a few records, switched off."""
    a_session = np.where(habits.always_on(p, span[2]), 1.0, p["handsets.session_records"])
    sessions = np.maximum(1, np.ceil(counts / a_session)).astype(np.int64)
    of = groups(sessions)
    began = at_habitual_hours(p, (span[0][of], span[1][of]), span[2][of], rng)
    first = np.cumsum(sessions) - sessions
    chosen = np.repeat(first, counts) + (rng.random(int(counts.sum())) * np.repeat(sessions, counts)).astype(
        np.int64
    )
    time = began[chosen] + (rng.random(chosen.size) * p["handsets.session_minutes"] * MINUTE).astype(np.int64)
    return np.asarray(np.minimum(time, np.repeat(span[1] - 1, counts)), dtype=np.int64)


def at_habitual_hours(p: Parameters, span: tuple[Ints, Ints], inmate: Ints, rng: np.random.Generator) -> Ints:
    """A time of each span [low, high): a day and an hour at which its user uses handsets, where the span has
    it."""
    low, high = span
    anyhow = low + (rng.random(low.size) * (high - low)).astype(np.int64)
    shift = offset_min(anyhow) * MINUTE
    day = habits.day(p, inmate, (anyhow + shift) // DAY)
    second = habits.second(p, inmate, clock(habits.hours(p, inmate), rng, low.size))
    began = day * DAY - shift + second * SECOND
    return np.where((began >= low) & (began < high), began, anyhow)


def _kinds(p: Parameters, inmate: Ints, smart: Bools, rng: np.random.Generator) -> Ints:
    texts, talk = p["handsets.texts_per_call"], habits.talk(p, inmate, smart)
    calls = p["handsets.calls_per_week"] / 7 * (1 + texts) * talk
    sessions = p["handsets.data_per_day_smartphone"] * habits.data(p, inmate)
    data = np.where(smart, sessions / (calls + sessions), 0)
    die, second = rng.random(smart.size), rng.random(smart.size)
    call = np.where(second < 0.62, KIND["call_out"], KIND["call_in"])
    text = np.where(second < 0.5, KIND["text_out"], KIND["text_in"])
    speaks = (rng.random(smart.size) < 1 / (1 + texts)) & ~habits.only_texts(p, inmate)
    said = np.where(speaks, call, text)
    return np.where(die < data, KIND["data"], said)


def seconds_of(kind: Ints, rng: np.random.Generator) -> Ints:
    """Seconds that calls and data sessions last; 0 for texts."""
    calls = (kind == KIND["call_out"]) | (kind == KIND["call_in"])
    data = kind == KIND["data"]
    seconds = np.ceil(np.where(data, 3.0, 1.0) * rng.lognormal(4.3, 1.1, kind.size))
    return np.where(calls | data, np.minimum(seconds, np.where(calls, 3000, 7000)), 0).astype(np.int64)


def away(absences: Absences, inmate: Ints, time: Ints) -> Bools:
    """Whether an inmate was at court, in hospital, in the disciplinary block or on leave."""
    key = absences.inmate * (1 << 32) + absences.start // SECOND
    at = np.maximum(np.searchsorted(key, inmate * (1 << 32) + time // SECOND, side="right") - 1, 0)
    return (
        np.asarray((absences.inmate[at] == inmate) & (absences.end[at] > time), dtype=bool)
        if key.size
        else time < 0
    )


def on_the_telephone(calls: OfficialCalls, inmate: Ints, time: Ints) -> Bools:
    """Whether an inmate was on the prison's own telephone."""
    if not calls.inmate.size:
        return np.zeros(time.size, dtype=bool)
    key = calls.inmate * (1 << 32) + calls.start // SECOND
    at = np.maximum(np.searchsorted(key, inmate * (1 << 32) + time // SECOND, side="right") - 1, 0)
    over = calls.start[at] + calls.seconds[at] * SECOND
    return np.asarray((calls.inmate[at] == inmate) & (over > time), dtype=bool)


@dataclass(frozen=True)
class Seen:
    """What handsets did, before any radio cell served them.

    Attributes:
        use: rows of the uses. time: microseconds. duration: seconds.
        kind: index of KINDS. sim: index of the SIMs. correspondent: number, −1 for data.
        fast: not over 2G.
    """

    use: Ints
    time: Ints
    kind: Ints
    duration: Ints
    sim: Ints
    correspondent: Ints
    fast: Bools


def _described(
    p: Parameters, of: Contraband, rows: tuple[Ints, Ints, Bools, tuple[int, ...]], rng: np.random.Generator
) -> Events:
    use, time, smart, prisons = rows
    inmate = of.uses.inmate[use]
    kind = _kinds(p, inmate, smart, rng)
    correspondent = _correspondents(p, of, inmate, rng)
    able = smart | habits.plain_on_4g(p, of.uses.handset[use])
    seen = Seen(
        use=use,
        time=time,
        kind=kind,
        duration=seconds_of(kind, rng),
        sim=sims_in_use(p, of, (of.uses.handset[use], time), rng),
        correspondent=np.where(kind == KIND["data"], -1, correspondent),
        fast=able & ((kind == KIND["data"]) | (rng.random(use.size) < p["handsets.smart_on_4g"])),
    )
    return placed(p, of, seen, prisons)


def placed(p: Parameters, of: Contraband, seen: Seen, prisons: tuple[int, ...]) -> Events:
    """Events in the wing where the user was, as the network sees them."""
    handset, inmate = of.uses.handset[seen.use], of.uses.inmate[seen.use]
    _, prison_cell = where_inmates_were(of.world, inmate, seen.time)
    wing = (
        of.world.prison_cells.building[prison_cell] * 4 + of.world.prison_cells.floor[prison_cell]
    ) % WINGS
    unserved = np.zeros(seen.use.size, dtype=np.int64)
    return Events(
        time=(seen.time - (END - p.size.days * DAY)) // SECOND,
        duration=seen.duration,
        kind=seen.kind,
        imei=_imeis(of, handset, seen.sim, seen.time),
        imsi=of.identities.sim_imsi[seen.sim],
        number=of.identities.sim_number[seen.sim],
        correspondent=seen.correspondent,
        operator=of.identities.sim_operator[seen.sim],
        layer=seen.fast.astype(np.int64),
        spot=np.searchsorted(np.array(prisons), of.uses.prison[seen.use]) * (WINGS + 1) + wing,
        radio_cell=unserved,
        radio_cell_end=unserved,
        inside=np.ones(seen.use.size, dtype=bool),
    )


def sims_in_use(p: Parameters, of: Contraband, at: tuple[Ints, Ints], rng: np.random.Generator) -> Ints:
    """SIMs follow one another through a handset's life; now and then another one is put in.

    Args:
        at: handsets and times.
    """
    handset, time = at
    first, count = of.identities.first_sim[handset], np.diff(of.identities.first_sim)[handset]
    start, end = of.handsets.start[handset], np.minimum(of.handsets.end[handset], END)
    part = np.clip((time - start) / np.maximum(end - start, 1), 0, 0.999999)
    steady = (part * count).astype(np.int64)
    other = (rng.random(handset.size) * count).astype(np.int64)
    return first + np.where(rng.random(handset.size) < p["handsets.sim_mixing"], other, steady)


def _imeis(of: Contraband, handset: Ints, sim: Ints, time: Ints) -> Ints:
    two = of.identities.imei[handset, 1] >= 0
    slot = np.where(two, (sim - of.identities.first_sim[handset]) % 2, 0)
    imei = of.identities.imei[handset, slot]
    return np.where(time >= of.handsets.rewritten_at[handset], of.identities.rewritten[handset], imei)


def _correspondents(p: Parameters, of: Contraband, inmate: Ints, rng: np.random.Generator) -> Ints:
    """Whom a record speaks to: the circle by weight, others in no register, common numbers."""
    ties = of.society.ties
    weight = np.concatenate([[0], np.cumsum(np.where(ties.called, ties.weight, 0))])
    rows = np.searchsorted(ties.inmate, np.arange(of.world.inmates + 1))
    low, high = weight[rows[inmate]], weight[rows[inmate + 1]]
    drawn = low + (rng.random(inmate.size) * (high - low)).astype(np.int64)
    tie = np.minimum(np.searchsorted(weight, drawn, side="right") - 1, max(ties.inmate.size - 1, 0))
    known = np.where(ties.by_known_number, of.society.people.number[ties.person], ties.other_number)
    circle = (high - low).astype(float)
    others = p["handsets.other_contacts"] * p["handsets.stranger_weight"]
    stranger = rng.random(inmate.size) * (circle + others) >= circle
    place = (rng.random(inmate.size) ** 2 * 2 * p["handsets.other_contacts"]).astype(np.int64)
    number = np.where(stranger, of.numbers.stranger(inmate + 50_000_000, place), known[tie])
    common = rng.random(inmate.size) < p["handsets.common_numbers"]
    return np.where(common, COMMON[rng.integers(0, COMMON.size, inmate.size)], number)
