"""`requests`, `resellers` and `stock` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parloir.cli.application import run


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case that has just received a specification: one prison, and two labels, one of them typed wrong."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PARLOIR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PARLOIR_USER", "Alice Martin")
    monkeypatch.setenv("COLUMNS", "160")
    files = {
        "prisons": "prison,name,latitude,longitude,capacity\nP1,Maison d'arrêt,48.1,2.5,30\n",
        "stock": "imei,model,origin\n357845120001505,BM10,invoice\n357845120001512,BM10,invoice\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    paths = [str(tmp_path / f"{name}.csv") for name in files]
    assert run(["case", "new", "C1"]) == 0
    add = ["authority", "add", "C1", "--ref", "A1", "--issuer", "Judge", "--purpose", "inquiry"]
    assert run(add) == 0
    assert run(["take-in", "C1", *paths, "--authority", "A1"]) == 0
    return "C1"


def test_requests_are_told_and_written(case, tmp_path, capsys):
    page, sheet = tmp_path / "r.html", tmp_path / "r.csv"
    told = ["--from", "2025-01-01", "--to", "2025-02-28", "--out", str(page), "--csv", str(sheet)]
    capsys.readouterr()
    assert run(["requests", case, *told]) == 0
    out = capsys.readouterr().out
    assert "2 drafts may be sent; 0 need a new authority" in out
    assert "every operator" in out and "2024-12-31 – 2025-02-28" in out
    assert page.exists() and "35784512" in sheet.read_text("utf-8")
    assert run(["requests", case, "--json", "--prison", "P1"]) == 0
    drafted = json.loads(capsys.readouterr().out)
    assert (drafted["ready"], [row["kind"] for row in drafted["drafts"]]) == (
        2,
        ["radio_cell_list", "tac_list"],
    )
    assert run(["requests", case, "--prison", "P9"]) == 1
    assert "no prison" in capsys.readouterr().err


def test_resellers_and_stock_are_told(case, capsys):
    capsys.readouterr()
    assert run(["resellers", case]) == 0
    assert "not suspects; shown, not weighed" in capsys.readouterr().out
    assert run(["resellers", case, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["stock", case]) == 0
    assert "rows with a wrong check digit: 1." in capsys.readouterr().out
    assert run(["stock", case, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mistyped"][0]["meant"]
