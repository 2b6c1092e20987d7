import dataclasses
import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from parloir.errors import CustodyError, InputError
from parloir.vault import (
    Checkpoint,
    Event,
    Fault,
    Kind,
    Moment,
    Party,
    canonical,
    chained,
    check_chain,
    genesis,
)

from .conftest import CASE, UNHURRIED, chain, event

WORDS = st.text(max_size=8)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
DETAILS = st.dictionaries(
    WORDS, st.recursive(st.none() | st.booleans() | WHOLE | WORDS, lambda inner: st.lists(inner, max_size=3))
)
PARTIES = st.builds(Party, WORDS, WORDS)
MOMENTS = st.builds(Moment, WHOLE, st.integers(-840, 840))
TOLD = {
    "kind": st.sampled_from(Kind),
    "occurred": MOMENTS,
    "recorded": MOMENTS,
    "author": WORDS,
    "evidence": st.sampled_from(["", "ab" * 32]),
    "handed_by": PARTIES,
    "received_by": PARTIES,
    "place": WORDS,
    "reason": WORDS,
    "authority": WORDS,
    "seals_before": st.lists(WORDS, max_size=2).map(tuple),
    "seals_after": st.lists(WORDS, max_size=2).map(tuple),
    "details": DETAILS,
}
EVENTS = st.builds(Event, case=st.just(CASE), **TOLD)
CHAINS = st.lists(EVENTS, min_size=1, max_size=5).map(lambda told: chain(*told))


def small(count=5):
    return chain(*(event(Kind.READ, reason=f"reading {number}") for number in range(count)))


def named(faults):
    return [fault.sequence for fault in faults]


@given(EVENTS)
@UNHURRIED
def test_an_event_reads_back_from_its_json(told):
    assert Event.from_json(told.as_json()) == told


@given(EVENTS)
@UNHURRIED
def test_the_hash_is_that_of_the_canonical_json_without_the_hash(told):
    linked = chained(told, None)
    values = linked.as_json()
    del values["hash"]
    assert canonical(linked) == rfc8785.dumps(values)
    assert linked.hash == hashlib.sha256(canonical(linked)).hexdigest()


@given(CHAINS)
@UNHURRIED
def test_a_chain_holds_with_each_of_its_checkpoints(events):
    assert check_chain(events) == []
    for one in events:
        assert check_chain(events, Checkpoint.of(one), case=CASE) == []


@given(CHAINS, st.data())
@UNHURRIED
def test_any_change_of_any_field_of_any_event_is_named(events, data):
    place = data.draw(st.integers(0, len(events) - 1))
    old = events[place]
    field = data.draw(st.sampled_from([f.name for f in dataclasses.fields(Event)]))
    links = {"case": WORDS, "previous": WORDS, "hash": WORDS, "sequence": WHOLE, "corrects": WHOLE}
    new = data.draw({**TOLD, **links}[field].filter(lambda value: value != getattr(old, field)))
    changed = [*events[:place], dataclasses.replace(old, **{field: new}), *events[place + 1 :]]
    fault = Fault(place + 1, f"event {place + 1} was changed after it was recorded")
    assert fault in check_chain(changed)


@given(CHAINS.filter(lambda events: len(events) > 1), st.data())
@UNHURRIED
def test_an_event_changed_and_hashed_anew_is_named(events, data):
    place = data.draw(st.integers(0, len(events) - 2))
    forged = dataclasses.replace(events[place], reason=events[place].reason + "x")
    forged = chained(forged, events[place - 1] if place else None)
    changed = [*events[:place], forged, *events[place + 1 :]]
    text = f"event {place + 1} is not the one after which event {place + 2} was recorded"
    assert check_chain(changed) == [Fault(place + 1, text)]


@given(st.permutations(range(5)))
@UNHURRIED
def test_any_other_order_is_named(order):
    events = small()
    faults = check_chain([events[place] for place in order])
    assert (faults == []) == (order == sorted(order))
    assert all("the order was changed" in fault.what for fault in faults)


@pytest.mark.parametrize(
    ("kept", "sequence", "what"),
    [
        ([1, 2, 3, 4], 1, "event 1 is missing"),
        ([0, 1, 3, 4], 3, "event 3 is missing"),
        ([0, 4], 2, "events 2 to 4 are missing"),
        ([0, 1, 1, 2, 3, 4], 2, "event 2 stands in the chain twice"),
        ([0, 1, 3, 2, 4], 3, "event 3 stands after event 4: the order was changed"),
    ],
)
def test_a_gap_a_double_and_a_swap_are_named(kept, sequence, what):
    events = small()
    assert check_chain([events[place] for place in kept]) == [Fault(sequence, what)]


def test_removed_last_events_are_seen_by_the_checkpoint_alone():
    events = small()
    printed = Checkpoint.of(events[-1])
    assert check_chain(events[:3]) == []
    assert check_chain(events[:3], printed) == [
        Fault(5, "the checkpoint names event 5, but events 4 to 5 are missing")
    ]
    assert named(check_chain([], printed)) == [5]


def test_a_chain_written_anew_is_seen_by_the_checkpoint_alone():
    printed = Checkpoint.of(small()[2])
    anew = chain(*(event(Kind.READ, reason="other") for _ in range(5)))
    assert check_chain(anew) == []
    assert check_chain(anew, printed) == [
        Fault(3, "event 3 is not the one for which the checkpoint was printed")
    ]


def test_the_beginning_binds_the_name_of_the_case():
    assert genesis("A") != genesis("B")
    first = dataclasses.replace(small(1)[0], previous=genesis("B"), hash="")
    first = dataclasses.replace(first, hash=hashlib.sha256(canonical(first)).hexdigest())
    what = "event 1 does not open this case: the chain has another beginning"
    assert check_chain([first]) == [Fault(1, what)]
    assert what in [fault.what for fault in check_chain(small(), case="another")]


def test_an_event_of_another_case_is_named():
    events = small()
    stray = chained(dataclasses.replace(events[2], case="another", sequence=0), None)
    assert Fault(1, "event 1 belongs to another case") in check_chain([*events, stray])
    with pytest.raises(CustodyError, match="cannot follow one of case"):
        chained(stray, events[1])


def test_a_correction_is_a_new_event_that_names_an_older_one():
    events = chain(event(Kind.SEALED), event(Kind.CORRECTED, corrects=1, place="Dieppe"))
    assert check_chain(events) == []
    assert check_chain(chain(event(Kind.SEALED), event(Kind.CORRECTED, corrects=2))) == [
        Fault(2, "event 2 corrects an event that does not precede it")
    ]


def test_an_empty_chain_holds():
    assert check_chain([]) == []


@pytest.mark.parametrize("value", [1.5, 2**53, "\ud800", b"x", {1: "x"}, {"a": [0.0]}, object()])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(CustodyError, match="use text, whole numbers"):
        chained(event(Kind.READ, details={"value": value}), None)


@pytest.mark.parametrize("values", [{}, {"case": "x"}, {**event(Kind.READ).as_json(), "more": 1}])
def test_what_is_no_event_is_refused(values):
    with pytest.raises(CustodyError, match="lacks a field or has an unknown one"):
        Event.from_json(values)


@given(st.integers(1, 10**14), st.text("0123456789abcdef", min_size=32, max_size=32))
@UNHURRIED
def test_a_checkpoint_reads_back_as_printed_or_as_typed(sequence, start):
    printed = Checkpoint(sequence, start)
    assert Checkpoint.parse(str(printed)) == printed
    assert Checkpoint.parse(f" {str(printed).upper().replace('-', ' - ')}\n") == printed


@pytest.mark.parametrize("text", ["", "7", "7-3f9a", "0-" + "-".join(["3f9a44c0"] * 4), "x" * 200])
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(InputError, match="is not a checkpoint; type it as printed"):
        Checkpoint.parse(text)
