from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir import searches
from parloir.errors import InputError, ParloirError


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "teams.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "prison,teams,hours\nA,3,1.5\nB,1,2\n",
        "\ufeffÉtablissement;Équipes;Heures\r\nA;3;1,5\r\n\r\nB;1;2\r\n",
        "teams\tprison\thours\tminutes\n3\tA\t1.5\t\n1\tB\t2\t60\n",
    ],
)
def test_files_that_people_write(tmp_path: Path, content: str) -> None:
    table = searches.read_teams(written(tmp_path, content))
    assert table.schema.equals(searches.TEAMS)
    assert searches.capacities(table, 45) == {"A": 6, "B": 2}


def test_only_whole_searches_fit_and_rows_of_one_prison_add_up(tmp_path: Path) -> None:
    table = searches.read_teams(
        written(tmp_path, "prison,teams,hours,minutes\nA,2,1.9,60\nA,1,1,20\nB,4,0.5,45\n")
    )
    assert searches.capacities(table, 60) == {"A": 5, "B": 0}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("prison,teams\nA,1\n", "no column “hours”"),
        ("prison,teams,hours\nA,x,1\n", "line 2: “x” is not a number"),
        ("prison,teams,hours\nA,1.5,1\n", "teams must be whole"),
        ("prison,teams,hours\n,1,1\n", "no prison is named"),
        ("prison,teams,hours\nA,-1,1\n", "not a number from 0"),
        ("prison,teams,hours\nA,1,inf\n", "not a number from 0"),
        ("prison,teams,hours,minutes\nA,1,1,0\n", "minutes above 0"),
        (b"prison,teams,hours\n\xe9,1,1\n", "not UTF-8"),
        ("", "no column “prison”"),
        ("prison,teams,hours\n" + "x" * 200_000, "is no CSV"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: str | bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        searches.read_teams(written(tmp_path, content))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        searches.read_teams(tmp_path / "none.csv")


@given(
    content=st.binary(max_size=300)
    | st.text(alphabet='prison,teams;hours\n"\x00 012.-é', max_size=80).map(str.encode)
)
def test_any_bytes_give_teams_or_one_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.mktemp("teams"), b"prison,teams,hours\n" + content)
    with contextlib.suppress(ParloirError):
        assert searches.read_teams(path).schema.equals(searches.TEAMS)
