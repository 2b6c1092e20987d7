"""Linked pairs as an analyst meets them: listed, explained, judged, judged blind."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from parloir.cli.application import run

Parloir = Callable[..., tuple[int, str, str]]
NAMES = "Bardat Corfort Dulmeau Fernier Garrand Holsset Lamvac Merlier".split()  # noqa: SIM905
GIVEN = "Adèle Bruno Camille Driss Emma Farid Gilles Hana".split()  # noqa: SIM905


@pytest.fixture
def parloir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Parloir:
    """Run one command in a workspace of its own, with what is typed when it asks."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PARLOIR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PARLOIR_USER", "Alice Martin")
    monkeypatch.setenv("COLUMNS", "160")

    def command(*arguments: object, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return command


@pytest.fixture
def case(parloir: Parloir, tmp_path: Path) -> str:
    """Eight visitors, all approved contacts too: the first of them under a name spelt otherwise."""
    visitors = [f"V{n},{NAMES[n]},{GIVEN[n]},06399800{n}0" for n in range(8)]
    contacts = [f"I1,+336399800{n}0,{NAMES[n]},{GIVEN[n]}" for n in range(8)]
    contacts[0] = "I1,+33639989999,Bardatt,Adèle"
    rows = {
        "visitors": "visitor,family_name,given_name,numbers\n" + "\n".join(visitors) + "\n",
        "approved_contacts": "inmate,number,family_name,given_name\n" + "\n".join(contacts) + "\n",
    }
    for name, text in rows.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert parloir("case", "new", "C1", "--title", "Essai")[0] == 0
    parloir("authority", "add", "C1", "--ref", "A1", "--issuer", "Judge", "--purpose", "inquiry")
    files = [tmp_path / f"{name}.csv" for name in rows]
    assert parloir("take-in", "C1", *files, "--authority", "A1")[0] == 0
    assert parloir("weigh", "C1")[0] == 0
    return "C1"


def _pairs(parloir: Parloir, case: str) -> dict[str, dict[str, object]]:
    """The likeliest pair of each record."""
    return {one["left"]: one for one in reversed(_listed(parloir, case))}


def _listed(parloir: Parloir, case: str) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(parloir("links", case, "--json", "--limit", 0)[1])
    return listed


def test_every_pair_has_a_name_and_one_weight_on_every_screen(parloir: Parloir, case: str) -> None:
    pairs = _pairs(parloir, case)
    assert {f"visitor:V{n}" for n in range(1, 8)} <= set(pairs)
    one = pairs["visitor:V3"]
    code, out, _ = parloir("explain", case, one["pair"], "--json")
    told = json.loads(out)["link"]
    assert code == 0
    assert told["weight_bits"] == one["weight_bits"]
    assert told["probability"] == one["probability"]
    assert sum(f["millibits"] for f in told["findings"]) == round(told["weight_bits"] * 1000)
    assert json.loads(parloir("explain", case, f"{one['left']}={one['right']}", "--json")[1])["link"] == told
    shown = parloir("explain", case, one["pair"])[1]
    assert f"{told['weight_bits']:+.1f} bits" in shown
    assert all(finding["sentence"] in " ".join(shown.split()) for finding in told["findings"])
    assert "visitors.csv" in shown
    assert one["pair"] in parloir("links", case)[1]


def test_a_person_is_viewed_without_chaining(parloir: Parloir, case: str) -> None:
    own = json.loads(parloir("links", case, "--of", "visitor:V3", "--json")[1])
    assert own
    assert all("visitor:V3" in (one["left"], one["right"]) and not one["weak"] for one in own)
    assert own[0]["pair"] in parloir("links", case, "--of", "visitor:V3")[1]
    code, _, err = parloir("links", case, "--of", "visitor:V77")
    assert code != 0
    assert "no pair has the record" in err


def test_a_word_holds_in_every_later_run(parloir: Parloir, case: str, tmp_path: Path) -> None:
    pair = _pairs(parloir, case)["visitor:V3"]["pair"]
    assert parloir("judge", case, pair, "different", "--reason", "two cousins")[0] == 0
    assert "two cousins" in parloir("explain", case, pair)[1]
    (tmp_path / "more.csv").write_text(
        "visitor,family_name,given_name,numbers\nV9,Valmeau,Zoé,0639980099\n", encoding="utf-8"
    )
    parloir("take-in", case, tmp_path / "more.csv", "--authority", "A1", "--as", "visitors")
    for _ in range(2):
        assert parloir("weigh", case)[0] == 0
        judged = _pairs(parloir, case)["visitor:V3"]
        assert (judged["pair"], judged["word"], judged["probability"]) == (pair, "different", 0)
        assert "Alice Martin judged them two people" in " ".join(parloir("explain", case, pair)[1].split())


def test_blind_the_score_is_hidden_until_the_word_is_given(parloir: Parloir, case: str) -> None:
    asked = parloir("judge", case, "--next", "--blind", "--json")[1]
    first = json.loads(asked)
    assert "weight" not in asked
    assert "probability" not in asked
    nearest = min(_listed(parloir, case), key=lambda one: abs(float(str(one["probability"])) - 0.5))
    assert first["pair"] == nearest["pair"]
    code, out, _ = parloir("judge", case, "--next", "--blind", typed="same\nseen together\n")
    before, _, after = out.partition("Why?")
    assert code == 0
    assert {field["left"] for field in first["fields"]} <= set(before.split()) | {""}
    assert "bits" not in before
    assert f"{nearest['weight_bits']:+.1f} bits" in after
    second = json.loads(parloir("judge", case, "--next", "--blind", "--json")[1])
    assert second["pair"] != first["pair"]
    assert second["waiting"] == first["waiting"] - 1


def test_records_that_no_run_linked_can_be_judged(parloir: Parloir, case: str) -> None:
    pair = "visitor:V1=visitor:V2"
    assert parloir("judge", case, pair, "same", "--reason", "seen on film")[0] == 0
    assert parloir("weigh", case)[0] == 0
    assert json.loads(parloir("explain", case, pair, "--json")[1])["link"]["probability"] == 1


def test_what_cannot_be_judged_or_explained_is_one_sentence(parloir: Parloir, case: str) -> None:
    for arguments in (
        ("explain", case, "0123456789abcdef"),
        ("judge", case),
        ("judge", case, "0123456789abcdef", "same", "--reason", "x"),
        ("judge", case, "visitor:V1=contact:I1:33639980010", "perhaps", "--reason", "x"),
        ("judge", case, "visitor:V1=visitor:V99", "same", "--reason", "x"),
        ("judge", case, "visitor:V1=order:3", "same", "--reason", "x"),
        ("judge", case, "visitor:V1=contact:I1:33639980010", "same"),
    ):
        code, out, err = parloir(*arguments)
        assert code == 2, arguments
        assert out == ""
        assert err.startswith("parloir: ")
        assert err.count("\n") == 1
