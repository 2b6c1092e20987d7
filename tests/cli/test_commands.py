"""The command line as a user meets it: what is printed, and the exit codes."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from parloir.cli.application import run
from tests import small_case

Parloir = Callable[..., tuple[int, str, str]]


@pytest.fixture
def parloir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Parloir:
    """Run one command in a workspace of its own: exit code, standard output, standard error."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PARLOIR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PARLOIR_USER", "Alice Martin")
    monkeypatch.setenv("COLUMNS", "120")

    def command(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return command


@pytest.fixture
def case(parloir: Parloir) -> str:
    assert parloir("case", "new", "C1", "--title", "Essai")[0] == 0
    code, _, _ = parloir("authority", "add", "C1", "--ref", "A1", "--issuer", "Judge", "--purpose", "inquiry")
    assert code == 0
    return "C1"


def test_a_case_from_its_opening_to_its_end(parloir: Parloir, case: str, tmp_path: Path) -> None:
    files = small_case.write_files(tmp_path / "files")
    code, out, _ = parloir("take-in", case, *files, "--authority", "A1", "--from", "Clerk", "--json")
    taken = json.loads(out)
    assert code == 0
    assert all(t["rows_in"] == t["rows_out"] + t["quarantined"] + t["warnings"] for t in taken)
    assert parloir("weigh", case)[0] == 0
    code, out, _ = parloir("leads", case, "--json", "--limit", 0)
    leads = json.loads(out)
    assert {"device", "inmate", "prison", "prison_cell", "probability", "weight_bits", "bounded_bits"} <= set(
        leads[0]
    )
    assert "regular user" in parloir("explain", case, leads[0]["lead"])[1]
    report = tmp_path / "report.html"
    assert parloir("report", case, "--out", report)[0] == 0
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
    teams = tmp_path / "teams.csv"
    teams.write_text("prison,teams,hours\nP1,1,2\n", encoding="utf-8")
    plan = ("plan", case, "--date", "2025-02-24", "--teams", teams, "--issued-by", "Commandant X")
    code, out, _ = parloir(*plan, "--searches", 2, "--out", tmp_path / "plan.csv")
    assert code == 0
    assert "Commandant X" in out
    assert (tmp_path / "plan.csv").read_text(encoding="utf-8").count("top") == 2
    _after_the_plan(parloir, case, tmp_path)
    archive = tmp_path / "case.zip"
    assert parloir("export", case, "--out", archive, "--to", "Court")[0] == 0
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(tmp_path / "elsewhere")
    checked = subprocess.run(
        [sys.executable, "-I", "-S", "verify_case.py"],
        cwd=tmp_path / "elsewhere",
        capture_output=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert parloir("verify", case)[0] == 0
    assert parloir("erase", case, 1, "--reason", "the authority has ended", "--yes")[0] == 0
    code, out, _ = parloir("verify", case)
    assert (code, "erased under" in out) == (0, True)


def _after_the_plan(parloir: Parloir, case: str, folder: Path) -> None:
    """Papers, the report of the searches, and the statement on a lead."""
    plan, teams = folder / "plan.csv", folder / "teams.csv"
    assert parloir("papers", case, plan, "--teams", teams, "--out", folder / "papers")[0] == 0
    assert sorted(p.name for p in (folder / "papers").iterdir()) == ["001-P1.csv", "001-P1.pdf"]
    report = folder / "searches.csv"
    report.write_text(
        "prison,prison_cell,found,item\nP1,A-00,2025-02-24T07:00:00+01:00,nothing\n", encoding="utf-8"
    )
    code, out, _ = parloir("outcomes", case, report, "--authority", "A1", "--plan", plan)
    assert code == 0
    assert "1 of 2 searches have a report" in out
    assert "not refitted" in out
    asked = ("--question", "Who uses it?", "--requested-by", "Court", "--author", "Dr Example")
    code, out, _ = parloir("statement", case, "L00001", *asked, "--out", folder / "statement.pdf")
    assert code == 0
    assert "support for the proposition" in " ".join(out.split())
    assert (folder / "statement.pdf").read_bytes().startswith(b"%PDF")


def test_a_flipped_bit_in_the_vault_is_found_and_named(parloir: Parloir, case: str, tmp_path: Path) -> None:
    visits = tmp_path / "visits.csv"
    visits.write_text("visit,visitor,inmate,prison,started\nV1,A,I,P,2025-01-01\n", encoding="utf-8")
    parloir("take-in", case, visits, "--authority", "A1")
    [sealed] = [
        p for p in (tmp_path / "home" / "vault").rglob("*") if p.is_file() and b"V1" in p.read_bytes()
    ]
    sealed.chmod(0o600)
    sealed.write_bytes(sealed.read_bytes().replace(b"2025", b"2024"))
    code, out, _ = parloir("verify", case)
    assert code == 5
    assert "visits.csv" in out


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("case", "show", "NOBODY"), 1, "there is no"),
        (("take-in", "C1", "nothing.csv", "--authority", "A1"), 3, "nothing.csv"),
        (("take-in", "C1", "nothing.csv", "--authority", "A9"), 4, "no authority “A9”"),
        (("case", "admit", "C1", "Bob", "--role", "king"), 2, "king"),
        (("leads", "C1"), 1, "has not been weighed"),
        (("weigh", "C1"), 1, "nothing in this case has been read yet"),
        (("nonsense",), 2, "nonsense"),
    ],
)  # fmt: skip
def test_errors_are_one_sentence_and_an_exit_code(
    parloir: Parloir, arguments: tuple[str, ...], code: int, words: str
) -> None:
    found, out, err = parloir(*arguments)
    assert found == code, err
    assert words in " ".join(err.split())
    assert "Traceback" not in out + err


def test_a_file_that_nobody_reads_stays_sealed_and_the_code_is_3(
    parloir: Parloir, case: str, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.bin"
    odd.write_bytes(b"\x00\x01 nothing that anybody knows")
    code, out, _ = parloir("take-in", case, odd, "--authority", "A1", "--json")
    [intake] = json.loads(out)
    assert (code, intake["status"]) == (3, "refused")
    assert parloir("verify", case)[0] == 0


def test_markup_and_control_characters_from_outside_do_no_harm(
    parloir: Parloir, case: str, tmp_path: Path
) -> None:
    odd = tmp_path / "[bold]x\x1b[31m.bin"
    odd.write_bytes(b"?")
    _, out, _ = parloir("take-in", case, odd, "--authority", "A1")
    assert "[bold]x" in out
    assert "\x1b[31m" not in out


def test_a_setting_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "parloir.cli", "case", "list"],
        env={**os.environ, "DATABASE_URL": "mysql://somewhere", "PARLOIR_HOME": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert ended.returncode == 2
    assert "DATABASE_URL is not the address of a PostgreSQL database; set" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_truncated_archive_is_said_to_be_truncated(parloir: Parloir, case: str, tmp_path: Path) -> None:
    cut = tmp_path / "dump.sql.gz"
    cut.write_bytes(gzip.compress(b"-- MySQL dump\n" * 1000)[:60])
    code, out, _ = parloir("take-in", case, cut, "--authority", "A1", "--json")
    [intake] = json.loads(out)
    assert code == 3
    assert "breaks off" in intake["refusal"] or "truncated" in intake["refusal"]
