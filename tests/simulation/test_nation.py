from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from parloir.errors import InputError
from parloir.simulation import Summary, write_nation


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


TINY = {"prisons": "3", "inmates": "400", "days": "4"}


def test_same_seed_same_bytes_on_any_number_of_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = {"prisons": "3", "inmates": "5100", "days": "2", "residents_per_inmate": "3"}
    many = write_nation("demo", 9, tmp_path / "many", size)
    monkeypatch.setattr("parloir.simulation.nation.sched_getaffinity", lambda _: {0})
    one = write_nation("demo", 9, tmp_path / "one", size)
    assert digest(many.evidence) == digest(one.evidence)
    assert digest(many.truth) == digest(one.truth)
    other = write_nation("demo", 10, tmp_path / "other", TINY)
    assert digest(other.truth) != digest(one.truth)


def test_same_bytes_whatever_the_order_of_sets(tmp_path: Path) -> None:
    here = write_nation("demo", 9, tmp_path / "here", TINY)
    code = (
        "import sys; from pathlib import Path; from parloir.simulation import write_nation;"
        f"write_nation('demo', 9, Path(sys.argv[1]), {TINY!r})"
    )
    there = tmp_path / "there"
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    subprocess.run([sys.executable, "-c", code, str(there)], check=True, env=environment)
    assert digest(here.evidence.parent) == digest(there)


def test_the_manifest_names_every_file(demo: Summary) -> None:
    manifest = tomllib.loads(demo.manifest.read_text(encoding="utf-8"))
    named = {file["path"] for file in manifest["file"]}
    assert named == set(digest(demo.evidence)) - {"manifest.toml"}
    assert {file["authority"] for file in manifest["file"]} == {manifest["authority"][0]["reference"]}


def test_a_folder_that_holds_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        write_nation("demo", 1, tmp_path)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_nation("demo", 1, tmp_path / "w", TINY, progress=lambda *step: told.append(step))
    assert told[0] == ("people", 0, 1)
    assert told[-1][0] == "network records"
    assert told[-1][1] == told[-1][2]
