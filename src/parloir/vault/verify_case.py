#!/usr/bin/env python3
"""Checks a case exported by Parloir. Needs Python 3.8 or later and nothing else.

    python verify_case.py                       checks the folder in which this file stands
    python verify_case.py CASE.zip              checks an export as it came
    python verify_case.py CASE.zip --checkpoint 12-3f9a44c0-91be7d02-5c1f0a3e-77d2b6c4
    python verify_case.py CASE.zip --json       says the same for a program

Exit code: 0 the export is whole, 1 it is not, 2 the command was mistyped.

What is checked: the SHA-256 and size of each evidence file; the SHA-256, order and links of each
custody event; that the last event vouches for the list of files; that each file once sealed is there
or was erased under an authority; that nothing is there which is not listed; and, against a checkpoint
printed on paper, that no event was removed or replaced since it was printed.

Whoever can alter an export can alter this file inside it. Where that matters, use a copy of it that
came another way.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import struct
import sys
import zipfile
from typing import Any, BinaryIO, Callable, Dict, List, NamedTuple, Optional, Tuple

FORMAT = "parloir-case-1"
MANIFEST, CUSTODY, EVIDENCE = "manifest.json", "custody.jsonl", "evidence/"
CHECKPOINT_DIGITS = 32
LARGEST_INTEGER = 2**53 - 1

Checkpoint = Tuple[int, str]
ChainFault = Tuple[int, str]
Values = Dict[str, Any]


# Canonical JSON: RFC 8785, for text, whole numbers, true, false, null, lists and objects.


def canonical(value: Any) -> bytes:
    """The canonical bytes of a JSON value. Raises ValueError for a value that has none here."""
    return _text_of(value).encode("utf-8")


def _text_of(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError("a number beyond 2^53 - 1")
        return str(int(value))
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_text_of(inner) for inner in value) + "]"
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: _utf16(pair[0]))
        return "{" + ",".join(_quoted(name) + ":" + _text_of(inner) for name, inner in pairs) + "}"
    raise ValueError("a value that is neither text, whole number, true, false, null, list nor object")


def _utf16(name: Any) -> bytes:
    if not isinstance(name, str):
        raise ValueError("a name that is not text")
    return name.encode("utf-16-be")  # RFC 8785, 3.2.3: sorted by UTF-16 code units


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _quoted(text: str) -> str:
    """RFC 8785, 3.2.2.2: only quotes, backslashes and control characters are escaped."""
    return '"' + re.sub(r'["\\\x00-\x1f]', _escaped, text) + '"'


def _escaped(match: "re.Match[str]") -> str:
    return _ESCAPES.get(match.group(), "\\u%04x" % ord(match.group()))


def parsed(data: bytes) -> Any:
    """Read canonical JSON. Raises ValueError for anything else, however similar."""
    try:
        value = json.loads(data.decode("utf-8"))
        again = canonical(value)
    except RecursionError:
        raise ValueError("too deeply nested") from None
    if again != data:
        raise ValueError("not in the form in which it was written")
    return value


# The chain of custody.


def genesis(case: str) -> str:
    """The `previous` of the first event of a case."""
    return hashlib.sha256(canonical({"case": case, "format": "parloir-custody-1"})).hexdigest()


def event_hash(event: Values) -> str:
    """The hash that an event should bear."""
    return hashlib.sha256(canonical({k: v for k, v in event.items() if k != "hash"})).hexdigest()


def print_checkpoint(sequence: int, event_hash: str) -> str:
    """A checkpoint as it is printed: the sequence and four groups of eight digits."""
    groups = [event_hash[start : start + 8] for start in range(0, CHECKPOINT_DIGITS, 8)]
    return "-".join([str(sequence)] + groups)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint from paper. Raises ValueError when it is not one."""
    plain = re.sub(r"\s", "", text).lower()
    match = re.fullmatch(r"([1-9][0-9]{0,15})((?:-[0-9a-f]{8}){4})", plain)
    if not match:
        raise ValueError("not a checkpoint")
    return int(match.group(1)), match.group(2).replace("-", "")


def chain_faults(
    events: List[Values], checkpoint: Optional[Checkpoint] = None, case: Optional[str] = None
) -> List[ChainFault]:
    """What does not hold in a chain: (sequence of the event concerned, one sentence)."""
    if case is None and events:
        case = events[0]["case"]
    by_sequence: Dict[int, Values] = {}
    faults: List[ChainFault] = []
    before = 0
    for event in events:
        faults += _order_faults(event["sequence"], before, by_sequence) + _event_faults(event, case or "")
        by_sequence.setdefault(event["sequence"], event)
        before = event["sequence"]
    return faults + _link_faults(by_sequence, case or "") + _checkpoint_faults(by_sequence, checkpoint)


def _order_faults(sequence: int, before: int, known: Dict[int, Values]) -> List[ChainFault]:
    if sequence in known:
        return [(sequence, "event %d stands in the chain twice" % sequence)]
    if sequence < 1:
        return [(sequence, "event %d bears an impossible number" % sequence)]
    if sequence < before:
        return [(sequence, "event %d stands after event %d: the order was changed" % (sequence, before))]
    return []


def _is_whole(event: Values) -> bool:
    try:
        return event_hash(event) == event["hash"]
    except (ValueError, RecursionError):
        return False


def _event_faults(event: Values, case: str) -> List[ChainFault]:
    sequence, corrects = event["sequence"], event["corrects"]
    faults = []
    if not _is_whole(event):
        faults.append((sequence, "event %d was changed after it was recorded" % sequence))
    if event["case"] != case:
        faults.append((sequence, "event %d belongs to another case" % sequence))
    if corrects is not None and not 0 < corrects < sequence:
        faults.append((sequence, "event %d corrects an event that does not precede it" % sequence))
    return faults


def _link_faults(known: Dict[int, Values], case: str) -> List[ChainFault]:
    faults: List[ChainFault] = []
    before = 0
    for sequence in sorted(known):
        event = known[sequence]
        if sequence > before + 1:
            faults.append((before + 1, _missing(before + 1, sequence - 1)))
        elif sequence == 1 and event["previous"] != genesis(case):
            faults.append((1, "event 1 does not open this case: the chain has another beginning"))
        elif sequence > 1 and event["previous"] != known[before]["hash"] and _is_whole(event):
            text = "event %d is not the one after which event %d was recorded"
            faults.append((before, text % (before, sequence)))
        before = max(sequence, 0)
    return faults


def _missing(first: int, last: int) -> str:
    if first == last:
        return "event %d is missing" % first
    return "events %d to %d are missing" % (first, last)


def _checkpoint_faults(known: Dict[int, Values], checkpoint: Optional[Checkpoint]) -> List[ChainFault]:
    if checkpoint is None:
        return []
    sequence, start = checkpoint
    last = max(known, default=0)
    if sequence > last:
        text = "the checkpoint was printed for event %d, but the chain ends at event %d: %s"
        return [(sequence, text % (sequence, last, _missing(last + 1, sequence)))]
    if sequence in known and known[sequence]["hash"][:CHECKPOINT_DIGITS] != start:
        return [(sequence, "event %d is not the one for which the checkpoint was printed" % sequence)]
    return []
