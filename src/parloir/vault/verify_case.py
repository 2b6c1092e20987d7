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
from collections import Counter
from typing import Any, BinaryIO, Callable, Dict, List, NamedTuple, Tuple

FORMAT = "parloir-case-1"
MANIFEST, CUSTODY, README, VERIFIER = "manifest.json", "custody.jsonl", "README.txt", "verify_case.py"
EVIDENCE = "evidence/"
FILE_MODE = 0o100644
CHECKPOINT_DIGITS = 32
LARGEST_INTEGER = 2**53 - 1
SHA256 = re.compile("[0-9a-f]{64}")
BLOCK = 1 << 20

Values = Dict[str, Any]
Checkpoint = Tuple[int, str]
ChainFaults = List[Tuple[int, str]]


# Canonical JSON: RFC 8785, for text, whole numbers, true, false, null, lists and objects.


def canonical(value: Any) -> bytes:
    """The canonical bytes of a JSON value. Raises ValueError for a value that has none here."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _ordered(value: Any) -> Any:
    """The value with its names in order: by UTF-16 code units (RFC 8785, 3.2.3), not by code points."""
    if isinstance(value, dict):
        return {
            name: _ordered(value[name]) for name in sorted(value, key=lambda text: text.encode("utf-16-be"))
        }
    if isinstance(value, (list, tuple)):
        return [_ordered(inner) for inner in value]
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > LARGEST_INTEGER):
        raise ValueError("it holds a number that is not whole or beyond 2^53 - 1")
    return value


def parsed(data: bytes) -> Any:
    """Read canonical JSON. Raises ValueError for anything else, however similar."""
    try:
        value = json.loads(data.decode("utf-8"))
        again = canonical(value)
    except RecursionError:
        raise ValueError("it is too deeply nested") from None
    if again != data:
        raise ValueError("it is not in the form in which it was written")
    return value


# The chain of custody.


def genesis(case: str) -> str:
    """The `previous` of the first event of a case."""
    return hashlib.sha256(canonical({"case": case, "format": "parloir-custody-1"})).hexdigest()


def event_hash(event: Values) -> str:
    """The hash that an event should bear."""
    bare = {name: value for name, value in event.items() if name != "hash"}
    return hashlib.sha256(canonical(bare)).hexdigest()


def print_checkpoint(sequence: int, event_hash: str) -> str:
    """A checkpoint as it is printed: the sequence and four groups of eight digits."""
    groups = [event_hash[start : start + 8] for start in range(0, CHECKPOINT_DIGITS, 8)]
    return "-".join([str(sequence), *groups])


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint from paper. Raises ValueError when it is not one."""
    match = re.fullmatch(r"([1-9][0-9]{0,14})((?:-[0-9a-f]{8}){4})", re.sub(r"\s", "", text).lower())
    if not match:
        raise ValueError("it is not a checkpoint: a number and four groups of eight digits or letters a to f")
    return int(match.group(1)), match.group(2).replace("-", "")


class Entry(NamedTuple):
    """An event, its number in the chain, and whether it is what was recorded."""

    number: int
    event: Values
    whole: bool


def chain_faults(events: list[Values], checkpoint: Checkpoint | None, case: str | None) -> ChainFaults:
    """What does not hold in a chain: (number of the event, one sentence). `case`: the name it must bear."""
    cases = [event["case"] for event in sorted(events, key=_is_whole, reverse=True)]
    name = case if case is not None else (cases or [""])[0]
    known: dict[int, Entry] = {}
    faults: ChainFaults = []
    before = 0
    for entry in _entries(events, name):
        faults += _order_faults(entry.number, before, known) + _event_faults(entry, name)
        known.setdefault(entry.number, entry)
        before = entry.number
    return faults + _link_faults(known, name) + _checkpoint_faults(known, checkpoint)


def _entries(events: list[Values], case: str) -> list[Entry]:
    """A changed event is numbered by its link where it can be: the change may be in its sequence."""
    whole = [_is_whole(event) for event in events]
    numbers = {event["hash"]: event["sequence"] for event, sound in zip(events, whole) if sound}
    numbers[genesis(case)] = 0
    by_link = [numbers.get(event["previous"], event["sequence"] - 1) + 1 for event in events]
    links = zip(events, whole, by_link)
    return [Entry(event["sequence"] if sound else link, event, sound) for event, sound, link in links]


def _is_whole(event: Values) -> bool:
    try:
        return event_hash(event) == str(event["hash"])
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False


def _order_faults(number: int, before: int, known: dict[int, Entry]) -> ChainFaults:
    if number in known:
        return [(number, f"event {number} stands in the chain twice")]
    if number < 1:
        return [(number, f"event {number} bears an impossible number")]
    if number < before:
        return [(number, f"event {number} stands after event {before}: the order was changed")]
    return []


def _event_faults(entry: Entry, case: str) -> ChainFaults:
    number, event, whole = entry
    if not whole:
        return [(number, f"event {number} was changed after it was recorded")]
    faults = []
    if event["case"] != case:
        faults.append((number, f"event {number} belongs to another case"))
    if event["corrects"] is not None and not 0 < event["corrects"] < number:
        faults.append((number, f"event {number} corrects an event that does not precede it"))
    return faults


def _link_faults(known: dict[int, Entry], case: str) -> ChainFaults:
    """Whether each event follows the one before it; one that was itself changed says nothing about that."""
    faults: ChainFaults = []
    before = 0
    for number in sorted(number for number in known if number > 0):
        link, whole = known[number].event["previous"], known[number].whole
        if number > before + 1:
            faults.append((before + 1, _missing(before + 1, number - 1)))
        elif number == 1 and whole and link != genesis(case):
            faults.append((1, "event 1 does not open this case: the chain has another beginning"))
        elif number > 1 and whole and link != known[before].event["hash"]:
            faults.append((before, f"event {before} is not the one after which event {number} was recorded"))
        before = number
    return faults


def _missing(first: int, last: int) -> str:
    return f"event {first} is missing" if first == last else f"events {first} to {last} are missing"


def _checkpoint_faults(known: dict[int, Entry], checkpoint: Checkpoint | None) -> ChainFaults:
    if checkpoint is None:
        return []
    sequence, start = checkpoint
    last = max(known, default=0)
    if sequence > last:
        return [(sequence, f"the checkpoint names event {sequence}, but {_missing(last + 1, sequence)}")]
    if sequence in known and known[sequence].event["hash"][:CHECKPOINT_DIGITS] != start:
        return [(sequence, f"event {sequence} is not the one for which the checkpoint was printed")]
    return []


# The export: a ZIP, or the folder that it was unpacked to; and its check.

READ_ERRORS = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, struct.error)


class Fault(NamedTuple):
    """Something that does not hold: the file or event concerned, and one sentence."""

    where: str
    what: str

    def __str__(self) -> str:
        return self.what if self.what.startswith(self.where) else f"{self.where}: {self.what}"


class Export:
    """The files of an export by name. Raises ValueError when it is neither a ZIP nor a folder."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._zip = None if os.path.isdir(path) else zipfile.ZipFile(path)
        except READ_ERRORS as error:
            raise ValueError(f"it is no folder and no whole ZIP ({error})") from error

    def names(self) -> list[str]:
        """Each file, with `/` between folders; a name that stands in a ZIP twice is given twice."""
        if self._zip:
            return [entry.filename for entry in self._zip.infolist()]
        found = [os.path.join(folder, name) for folder, _, names in os.walk(self.path) for name in names]
        return [os.path.relpath(path, self.path).replace(os.sep, "/") for path in found]

    def hashed(self, name: str, keep: bool = False) -> tuple[str, int, bytes]:
        """SHA-256, size and, if to be kept, the bytes of a file. Raises ValueError when it cannot be read."""
        digest, size, kept = hashlib.sha256(), 0, []
        try:
            with self._open(name) as file:
                for block in iter(lambda: file.read(BLOCK), b""):
                    digest.update(block)
                    size += len(block)
                    kept += [block] if keep else []
        except (KeyError, FileNotFoundError):
            raise ValueError("it is missing") from None
        except READ_ERRORS as error:
            raise ValueError(f"it cannot be read to its end ({error})") from error
        return digest.hexdigest(), size, b"".join(kept)

    def container_fault(self) -> str:
        """Where the ZIP beside its files is not what Parloir writes (APPNOTE 6.3.10, 4.3); or empty.

        From 2 GB or 65,535 files on, a ZIP has other headers: its files are checked, they are not.
        """
        entries = self._zip.infolist() if self._zip else []
        if not entries or len(entries) >= 0xFFFF or os.path.getsize(self.path) >= 2_000_000_000:
            return ""
        offset, directory = 0, b""
        with open(self.path, "rb") as file:
            for entry in entries:
                header, line = _headers(entry, offset)
                file.seek(offset)
                if not header or file.read(len(header)) != header:
                    return f"the ZIP itself was changed beside {entry.filename}"
                directory += line
                offset += len(header) + entry.file_size
            end = (0, 0, len(entries), len(entries), len(directory), offset, 0)
            file.seek(offset)
            whole = file.read() == directory + b"PK\5\6" + struct.pack("<HHHHIIH", *end)
        return "" if whole else "the ZIP itself was changed in its list of files"

    def _open(self, name: str) -> BinaryIO:
        if self._zip:
            if self._zip.getinfo(name).compress_type != zipfile.ZIP_STORED:
                raise ValueError("it is packed, as nothing in an export is")
            return self._zip.open(name)  # type: ignore[return-value]
        return open(os.path.join(self.path, *name.split("/")), "rb")


def _headers(entry: zipfile.ZipInfo, offset: int) -> tuple[bytes, bytes]:
    """What stands before a file, and its line in the list at the end: stored, dated 1980-01-01."""
    name = entry.filename.encode("utf-8")
    if max(entry.file_size, offset) >= 2_000_000_000:
        return b"", b""
    sizes = (entry.CRC, entry.file_size, entry.file_size, len(name), 0)
    common = struct.pack("<HHHHIIIHH", 0, 0, 0, 0x21, *sizes)
    tail = struct.pack("<HHHII", 0, 0, 0, FILE_MODE << 16, offset)
    return b"PK\3\4\x14\0" + common + name, b"PK\1\2\x14\3\x14\0" + common + tail + name


class Result(NamedTuple):
    """What a check found."""

    manifest: Values
    events: list[Values]
    faults: list[Fault]


EMPTY: Values = {"case": {"name": ""}, "files": [], "erased": [], "parts": []}
SHAPES: Dict[str, Values] = {
    "files": {"sha256": str, "size": int, "original_name": str},
    "erased": {"sha256": str, "original_name": str, "under": str},
    "parts": {"sha256": str, "size": int, "name": str},
}
EVENT_SHAPE: Values = dict.fromkeys(("case", "kind", "evidence", "authority", "previous", "hash"), str)
EVENT_SHAPE.update(sequence=int, details=dict)


def check(export: Export, checkpoint: Checkpoint | None = None, say: Callable[[str], Any] = bool) -> Result:
    """Check an export. `say` is called with the name of each file before it is read."""
    events, faults = _events(export)
    faults += [Fault(f"event {number}", what) for number, what in chain_faults(events, checkpoint, None)]
    try:
        manifest, digest = _manifest(export)
    except ValueError as error:
        return Result(EMPTY, events, [Fault(MANIFEST, str(error)), *faults])
    faults = _vouched(manifest, digest, events) + faults + _files(export, manifest, say)
    faults += _unlisted(export.names(), manifest) + _accounted(manifest, events)
    container = export.container_fault()
    return Result(manifest, events, faults + [Fault("ZIP", container)] * bool(container))


def _manifest(export: Export) -> tuple[Values, str]:
    digest, _, data = export.hashed(MANIFEST, keep=True)
    values = parsed(data)
    if not _has(values, {"format": str, "case": dict, "files": list, "erased": list, "parts": list}):
        raise ValueError("it is not the list of an exported case")
    if values["format"] != FORMAT or not _has(values["case"], {"name": str}):
        raise ValueError(f"it is not of the format {FORMAT}, which this program checks")
    for name, shape in SHAPES.items():
        if not all(_has(item, shape) and SHA256.fullmatch(item["sha256"]) for item in values[name]):
            raise ValueError(f"its list of {name} is not well formed")
    if sorted(part["name"] for part in values["parts"]) != [README, VERIFIER]:
        raise ValueError(f"it does not list {README} and {VERIFIER}")
    return values, digest


def _events(export: Export) -> tuple[list[Values], list[Fault]]:
    events: list[Values] = []
    faults = []
    try:
        lines = export.hashed(CUSTODY, keep=True)[2].split(b"\n")
    except ValueError as error:
        return [], [Fault(CUSTODY, str(error))]
    if lines.pop():
        faults.append(Fault(CUSTODY, "its last line breaks off"))
    for number, line in enumerate(lines, 1):
        try:
            event = parsed(line)
            if not _has(event, EVENT_SHAPE) or type(event.get("corrects", "")) not in (int, type(None)):
                raise ValueError("it lacks what each event has")
            events.append(event)
        except ValueError as error:
            faults.append(Fault(f"{CUSTODY}, line {number}", f"no event can be read here: {error}"))
    return events, faults


def _has(values: Any, shape: Values) -> bool:
    return isinstance(values, dict) and all(type(values.get(name)) is kind for name, kind in shape.items())


def _vouched(manifest: Values, digest: str, events: list[Values]) -> list[Fault]:
    if not events or events[-1]["kind"] != "exported":
        return [Fault(CUSTODY, "the last event of an exported case is its export, and it is not here")]
    if not _is_whole(events[-1]):
        return []
    if events[-1]["details"].get("manifest") != digest:
        return [Fault(MANIFEST, f"it is not the list for which event {events[-1]['sequence']} vouches")]
    other = manifest["case"]["name"] != events[-1]["case"]
    return [Fault(MANIFEST, "it names another case than its custody events")] * other


def _files(export: Export, manifest: Values, say: Callable[[str], Any]) -> list[Fault]:
    expected = [(part["name"], part["name"], part) for part in manifest["parts"]]
    expected += [(_named(file), EVIDENCE + file["sha256"], file) for file in manifest["files"]]
    faults = []
    for shown, name, file in expected:
        say(shown)
        faults.append(Fault(shown, _file_fault(export, name, file)))
    return [fault for fault in faults if fault.what]


def _file_fault(export: Export, name: str, file: Values) -> str:
    try:
        digest, size, _ = export.hashed(name)
    except ValueError as error:
        return str(error)
    if digest != file["sha256"]:
        return f"its bytes are not those that were sealed (they give SHA-256 {digest})"
    return "" if size == file["size"] else f"it has {size} bytes where its seal says {file['size']}"


def _unlisted(names: list[str], manifest: Values) -> list[Fault]:
    listed = {MANIFEST, CUSTODY} | {part["name"] for part in manifest["parts"]}
    listed |= {EVIDENCE + file["sha256"] for file in manifest["files"]}
    faults = [Fault(name, "it is in the export, but not in its list") for name in sorted({*names} - listed)]
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    return faults + [Fault(name, "it is in the export twice") for name in twice]


def _accounted(manifest: Values, events: list[Values]) -> list[Fault]:
    """Hold the lists against the events: a file is here unless it was erased as often as it was sealed."""
    fates: dict[str, list[Values]] = {}
    for event in events:
        if event["kind"] in ("sealed", "erased"):
            fates.setdefault(event["evidence"], []).append(event)
    listed = [("sealed", item) for item in manifest["files"]]
    listed += [("erased", item) for item in manifest["erased"]]
    faults = [_fate_fault(kind, item, fates.get(item["sha256"], [])) for kind, item in listed]
    for address in sorted(fates.keys() - {item["sha256"] for _, item in listed}):
        last = fates[address][-1]
        what = f"the file {last['kind']} here stands in no list of the export: {address}"
        faults.append(Fault(f"event {last['sequence']}", what))
    return [fault for fault in faults if fault.what]


def _fate_fault(kind: str, item: Values, fate: list[Values]) -> Fault:
    erased_under = [event["authority"] for event in fate if event["kind"] == "erased"]
    now, what = "sealed" if len(fate) > 2 * len(erased_under) else "erased", ""
    if not fate:
        what = f"no custody event says that it was {kind}"
    elif now != kind:
        what = f"it is listed as {kind}, but after event {fate[-1]['sequence']} it is {now}"
    elif kind == "erased" and item["under"] not in erased_under:
        what = f"event {fate[-1]['sequence']} names another authority for its erasure"
    return Fault(_named(item), what)


def _named(item: Values) -> str:
    return f"{EVIDENCE}{item['sha256']} ({item['original_name']})"


def as_json(result: Result) -> Values:
    """The result for a program."""
    last = result.events[-1] if result.events else None
    return {
        "case": result.manifest["case"]["name"],
        "whole": not result.faults,
        "files": len(result.manifest["files"]),
        "erased": result.manifest["erased"],
        "events": len(result.events),
        "checkpoint": print_checkpoint(last["sequence"], last["hash"]) if last else None,
        "faults": [{"where": fault.where, "what": fault.what} for fault in result.faults],
    }


WHOLE = "WHOLE: each file and each event is as it was recorded."
UNSEEN = """No checkpoint was given: a chain that was cut short or written anew looks whole by itself.
Compare the line above with the paper, or run again with --checkpoint."""


def as_text(result: Result, checkpoint: Checkpoint | None) -> str:
    """The result for a person."""
    values = as_json(result)
    held = f"Held against the printed checkpoint: {print_checkpoint(*checkpoint)}" if checkpoint else UNSEEN
    lines = [
        f"Case: {values['case']}",
        f"Evidence files in the list: {values['files']}",
        *(f"Erased under {item['under']}: {item['original_name']}" for item in values["erased"]),
        f"Custody events: {values['events']}",
        f"Checkpoint of the last event: {values['checkpoint']}",
        *held.split("\n"),
        "",
        f"NOT WHOLE: {len(result.faults)} fault(s) found." if result.faults else WHOLE,
        *(f"  - {fault}." for fault in result.faults),
    ]
    return "\n".join(_printable(line) for line in lines)


def _say(name: str) -> None:
    print(_printable(f"checking {name} …"), file=sys.stderr)


def _printable(line: str) -> str:
    """A name may hold what would steer a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in line)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(description="Checks a case exported by Parloir.")
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("export", nargs="?", default=here, help="the ZIP, or the folder it was unpacked to")
    parser.add_argument("--checkpoint", help="as printed on paper")
    parser.add_argument("--json", action="store_true", help="for a program")
    options = parser.parse_args(arguments)
    try:
        expected = None if options.checkpoint is None else parse_checkpoint(options.checkpoint)
    except ValueError as error:
        parser.error(str(error))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        result = check(Export(options.export), expected, bool if options.json else _say)
    except ValueError as error:
        result = Result(EMPTY, [], [Fault(options.export, str(error))])
    print(json.dumps(as_json(result), indent=2) if options.json else as_text(result, expected))
    return 1 if result.faults else 0


if __name__ == "__main__":
    sys.exit(main())
