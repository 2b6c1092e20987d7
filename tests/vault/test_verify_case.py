"""The verifier finds and names whatever was altered in an exported case."""

import ast
import contextlib
import dataclasses
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from parloir.errors import CustodyError, EvidenceError, TamperedError
from parloir.vault import Checkpoint, Kind, chained, verify_case
from parloir.vault.custody import canonical_json
from parloir.vault.export import Contents, Erased, Present, manifest, vouching, write_case

from .conftest import CASE, UNHURRIED, chain, event

PROGRAM = Path(verify_case.__file__)
SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | SAFE | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def run(*arguments, program=PROGRAM):
    command = [sys.executable, "-I", "-S", str(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def faults(path, checkpoint=None):
    return verify_case.check(verify_case.Export(str(path)), checkpoint).faults


def folder(exported):
    path = exported.path.with_suffix("")
    with zipfile.ZipFile(exported.path) as archive:
        archive.extractall(path)
    return path


def lines_of(path):
    return (path / "custody.jsonl").read_bytes().splitlines(keepends=True)


def write_events(path, events):
    (path / "custody.jsonl").write_bytes(b"".join(canonical_json(e.as_json(), "") + b"\n" for e in events))


# Canonical JSON.


@given(VALUES)
@UNHURRIED
def test_canonical_json_is_that_of_the_library(value):
    assert verify_case.canonical(value) == rfc8785.dumps(value)
    assert verify_case.parsed(rfc8785.dumps(value)) == value


def test_names_are_sorted_by_utf16_code_units():
    value = {
        "\u20ac": 1,
        "\r": 2,
        "\ufb33": 3,
        "1": 4,
        "\U0001f600": 5,
        "\x80": 6,
        "\xf6": 7,
    }  # RFC 8785, 3.2.3
    assert list(json.loads(verify_case.canonical(value)).values()) == [2, 4, 6, 7, 1, 5, 3]


@pytest.mark.parametrize(
    "text",
    [
        *(b"1.0", b"1e3", b"NaN", b"-0", b"9007199254740992", b"9" * 10_000),
        *(b'{"a":1,"a":1}', b'{"b":1,"a":1}', b"[1, 2]", b'"\\u0041"', b'"\\ud800"', b'"\x01"'),
        *(b"", b"[", b"\xff", b"[" * 100_000, b"\xef\xbb\xbf1"),
    ],
)
def test_what_is_not_canonical_is_not_read(text):
    with pytest.raises(ValueError):
        verify_case.parsed(text)


@given(st.binary(max_size=40))
@UNHURRIED
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(ValueError):
        assert verify_case.canonical(verify_case.parsed(data)) == data


# The program.


def test_a_whole_export_passes_on_a_bare_python(exported):
    done = run(exported.path, "--checkpoint", exported.checkpoint)
    assert done.returncode == 0, done.stdout
    assert "WHOLE: each file and each event is as it was recorded." in done.stdout
    assert "Erased under CR 13/2026: operator.csv" in done.stdout
    assert f"Checkpoint of the last event: {exported.checkpoint}" in done.stdout
    assert f"Held against the printed checkpoint: {exported.checkpoint}" in done.stdout


def test_without_a_checkpoint_it_says_what_cannot_be_seen(exported):
    assert "No checkpoint was given" in run(exported.path).stdout


def test_it_checks_the_folder_in_which_it_stands(exported):
    done = run("--json", program=folder(exported) / "verify_case.py")
    told = json.loads(done.stdout)
    assert (done.returncode, told["whole"], told["files"], told["events"]) == (0, True, 2, 7)
    assert told["case"] == CASE
    assert told["checkpoint"] == str(exported.checkpoint)
    assert told["erased"][0]["under"] == "CR 13/2026"


def test_a_fault_gives_exit_code_1_and_one_sentence(exported):
    path = folder(exported)
    (path / "evidence" / exported.seals[0].sha256).chmod(0o600)
    (path / "evidence" / exported.seals[0].sha256).write_bytes(b"order;2\n" * 5)
    done = run(path)
    assert done.returncode == 1
    assert "NOT WHOLE: 1 fault(s) found." in done.stdout
    assert (
        f"evidence/{exported.seals[0].sha256} (shop.sql): its bytes are not those that were sealed"
        in done.stdout
    )


@pytest.mark.parametrize(
    "arguments", [["--checkpoint", "7-xyz"], ["--checkpoint", ""], ["--unknown"], ["a", "b"]]
)
def test_a_mistyped_command_gives_exit_code_2(arguments):
    assert run(*arguments).returncode == 2


@pytest.mark.parametrize("data", [None, b"", b"PK\x03\x04 and no more", b"text"])
def test_what_is_no_export_is_a_fault_and_no_traceback(tmp_path, data):
    path = tmp_path / "case.zip"
    if data is not None:
        path.write_bytes(data)
    done = run(path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "it is no folder and no whole ZIP" in done.stdout


def test_an_empty_folder_is_no_export(tmp_path):
    assert [fault.where for fault in faults(tmp_path)] == ["manifest.json", "custody.jsonl"]


def test_it_parses_as_python_3_8_and_imports_only_the_standard_library():
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)


# What was altered is found and named.


def test_a_flipped_bit_in_any_file_of_a_folder_is_named(exported):
    path = folder(exported)
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        name = file.relative_to(path).as_posix()
        whole = file.read_bytes()
        step = 499 if name == "verify_case.py" else 7
        for place in range(0, len(whole), step):
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
            found = faults(path)
            assert found, (name, place)
            if name == "custody.jsonl":
                number = whole[:place].count(b"\n") + 1
                named = (f"event {number}", f"custody.jsonl, line {number}", "custody.jsonl")
                assert found[0].where in named, (place, found)
            else:
                assert found[0].where.startswith(name), (place, found)
        file.write_bytes(whole)
    assert faults(path) == []


def test_each_flipped_byte_of_a_zip_beside_its_files_is_found(exported):
    whole = exported.path.read_bytes()
    with zipfile.ZipFile(exported.path) as archive:
        starts = [entry.header_offset + 30 + len(entry.filename) for entry in archive.infolist()]
        sizes = [entry.file_size for entry in archive.infolist()]
    inside = {
        place for start, size in zip(starts, sizes, strict=True) for place in range(start, start + size)
    }
    places = [place for place in range(len(whole)) if place not in inside or place % 199 == 0]
    for place in places:
        exported.path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        try:
            assert faults(exported.path), place
        except ValueError as error:
            assert "no whole ZIP" in str(error)


def test_a_zip_that_is_cut_short_or_added_to_is_found(exported):
    whole = exported.path.read_bytes()
    for data in (whole[:-1], whole + b"\0", b"\0" + whole, whole[: len(whole) // 2]):
        exported.path.write_bytes(data)
        done = run(exported.path)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def test_a_removed_file_is_named(exported):
    path = folder(exported)
    (path / "evidence" / exported.seals[1].sha256).unlink()
    assert faults(path) == [(f"evidence/{exported.seals[1].sha256} (visits.csv)", "it is missing")]


def test_a_file_that_is_not_listed_is_named(exported):
    path = folder(exported)
    (path / "evidence" / "note.txt").write_text("x")
    assert faults(path) == [("evidence/note.txt", "it is in the export, but not in its list")]


def test_a_file_put_in_twice_is_named(exported):
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(exported.path, "a") as archive:
        archive.writestr("custody.jsonl", b"")
    assert ("custody.jsonl", "it is in the export twice") in faults(exported.path)


def test_a_removed_event_is_named(exported):
    path = folder(exported)
    lines = lines_of(path)
    for number in range(1, 7):
        (path / "custody.jsonl").write_bytes(b"".join(lines[: number - 1] + lines[number:]))
        assert (f"event {number}", f"event {number} is missing") in faults(path)


def test_swapped_events_are_named(exported):
    path = folder(exported)
    lines = lines_of(path)
    lines[2], lines[3] = lines[3], lines[2]
    (path / "custody.jsonl").write_bytes(b"".join(lines))
    assert faults(path) == [("event 3", "event 3 stands after event 4: the order was changed")]


def test_a_removed_last_event_is_named(exported):
    path = folder(exported)
    (path / "custody.jsonl").write_bytes(b"".join(lines_of(path)[:-1]))
    expected = verify_case.parse_checkpoint(str(exported.checkpoint))
    found = faults(path, expected)
    assert ("event 7", "the checkpoint names event 7, but event 7 is missing") in found
    assert faults(path) == [
        ("custody.jsonl", "the last event of an exported case is its export, and it is not here")
    ]


def test_a_chain_written_anew_is_found_by_the_printed_checkpoint_alone(exported):
    path = folder(exported)
    told = [dataclasses.replace(one, reason="") for one in exported.events]
    write_events(path, chain(*told))
    assert faults(path) == []
    found = faults(path, verify_case.parse_checkpoint(str(exported.checkpoint)))
    assert found == [("event 7", "event 7 is not the one for which the checkpoint was printed")]


def relisted(exported, path, contents):
    """Write the export anew with another list, as somebody would who holds the program."""
    listed = manifest(contents, exported.vault)
    last = chained(event(Kind.EXPORTED, details=vouching(listed)), exported.events[-2])
    (path / "manifest.json").write_bytes(listed)
    write_events(path, [*exported.events[:-1], last])
    return faults(path)


def test_evidence_left_out_of_the_list_is_named(exported):
    path = folder(exported)
    (path / "evidence" / exported.seals[1].sha256).unlink()
    contents = Contents({"name": CASE}, [Present(exported.seals[0].sha256, "shop.sql")])
    found = relisted(exported, path, contents)
    assert [fault.where for fault in found] == ["event 3", "event 6"]
    assert (
        found[0].what == f"the file sealed here stands in no list of the export: {exported.seals[1].sha256}"
    )


def test_evidence_said_to_be_erased_without_an_event_is_named(exported):
    path = folder(exported)
    first, second = (seal.sha256 for seal in exported.seals)
    (path / "evidence" / second).unlink()
    gone = Erased(exported.gone.sha256, "operator.csv", "another")
    contents = Contents(
        {"name": CASE}, [Present(first, "shop.sql")], [Erased(second, "visits.csv", "X"), gone]
    )
    found = {fault.where: fault.what for fault in relisted(exported, path, contents)}
    assert found == {
        f"evidence/{second} (visits.csv)": "it is listed as erased, but after event 3 it is sealed",
        f"evidence/{gone.sha256} (operator.csv)": "event 6 names another authority for its erasure",
    }


def test_evidence_that_comes_back_after_its_erasure_is_named(exported, sealed):
    path = folder(exported)
    again = sealed(b"passers-by")
    (path / "evidence" / again.sha256).write_bytes(b"passers-by")
    present = [*(Present(seal.sha256, "x") for seal in exported.seals), Present(again.sha256, "operator.csv")]
    found = relisted(exported, path, Contents({"name": CASE}, present))
    assert found == [
        (
            f"evidence/{again.sha256} (operator.csv)",
            "it is listed as sealed, but after event 6 it is erased",
        )
    ]


def test_a_file_sealed_twice_and_erased_once_is_still_here(exported, tmp_path):
    twice = exported.seals[1].sha256
    events = [
        *exported.events[:-1],
        event(Kind.SEALED, evidence=twice, authority="CR 14/2026"),
        event(Kind.ERASED, evidence=twice, authority="CR 12/2026"),
    ]
    present = [Present(exported.seals[0].sha256, "shop.sql"), Present(twice, "again.csv")]
    gone = Erased(exported.gone.sha256, "operator.csv", "CR 13/2026")
    listed = manifest(Contents({"name": CASE}, present, [gone]), exported.vault)
    events.append(event(Kind.EXPORTED, details=vouching(listed)))
    exported.again(tmp_path / "again.zip", events=chain(*events), listed=listed)
    assert faults(tmp_path / "again.zip") == []


@given(st.dictionaries(st.sampled_from(["format", "case", "files", "erased", "parts"]), VALUES))
@UNHURRIED
def test_any_list_of_files_is_judged_without_a_traceback(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("odd")
    (path / "manifest.json").write_bytes(rfc8785.dumps({"format": "parloir-case-1", **values}))
    (path / "custody.jsonl").write_bytes(rfc8785.dumps(values) + b"\n")
    assert faults(path)
    shutil.rmtree(path)


# Writing.


def test_progress_counts_evidence_bytes(exported, tmp_path):
    done = []
    write_case(tmp_path / "again.zip", exported.listed, exported.events, exported.vault, progress=done.append)
    assert done[-1] == sum(seal.size for seal in exported.seals)
    assert len(done) == 2


def test_the_bytes_of_an_export_follow_from_its_contents(exported, tmp_path):
    again = tmp_path / "again.zip"
    assert exported.again(again) == exported.checkpoint
    assert again.read_bytes() == exported.path.read_bytes()


def test_it_holds_the_program_and_the_readme_as_they_are_here(exported):
    path = folder(exported)
    assert (path / "verify_case.py").read_bytes() == PROGRAM.read_bytes()
    assert "python verify_case.py" in (path / "README.txt").read_text(encoding="utf-8")
    for seal in exported.seals:
        assert hashlib.sha256((path / "evidence" / seal.sha256).read_bytes()).hexdigest() == seal.sha256


def test_a_chain_that_does_not_hold_is_not_exported(exported, tmp_path):
    broken = [*exported.events[:2], *exported.events[3:]]
    with pytest.raises(CustodyError, match="event 3: the export would not be whole: event 3 is missing"):
        exported.again(tmp_path / "again.zip", events=broken)
    assert sorted(p.name for p in tmp_path.glob("*again*")) == []


def test_a_list_for_which_no_event_vouches_is_not_exported(exported, tmp_path):
    other = manifest(Contents({"name": "other"}, []), exported.vault)
    with pytest.raises(CustodyError, match="would not be whole"):
        exported.again(tmp_path / "again.zip", listed=other)


def test_evidence_that_was_altered_is_not_exported(exported, tmp_path):
    inside = next((tmp_path / "vault").rglob(exported.seals[0].sha256))
    inside.chmod(0o600)
    inside.write_bytes(b"order;2\n" * 5)
    with pytest.raises(TamperedError):
        exported.again(tmp_path / "again.zip")
    assert sorted(p.name for p in tmp_path.glob("*again*")) == []


def test_an_export_that_cannot_be_written_is_one_sentence(exported, tmp_path):
    with pytest.raises(EvidenceError, match="the export cannot be written"):
        exported.again(tmp_path / "no such folder" / "again.zip")


def test_a_case_with_a_float_is_refused(vault):
    with pytest.raises(CustodyError, match="canonical JSON"):
        manifest(Contents({"name": "x", "weight": 1.5}, []), vault)


def test_the_checkpoint_is_that_of_the_last_event(exported):
    assert exported.checkpoint == Checkpoint.of(exported.events[-1])
