from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import InputError, ParloirError, UnknownFormatError
from parloir.readers import Options, by_format
from parloir.readers.layout import parse
from parloir.readers.proposal import propose_layout

from .accounting import account, values

STRANGE = (
    "Report of January\n"
    "Nr;Art;Tag;Uhr;Zelle;Geraet;Karte\n"
    "0639980001;MOC;31.01.2026;14:05:06;208-01-1234-56789;352099001761481;208010000000001\n"
    "0639980002;MTC;31.01.2026;14:06:06;208-01-1234-56790;352099001761499;208010000000002\n"
)


def test_a_proposal_reads_the_file_it_was_made_for(tmp_path: Path) -> None:
    sample = tmp_path / "strange.csv"
    sample.write_text(STRANGE, encoding="utf-8")
    text = propose_layout(sample)
    assert 'started_us = { date = ["Tag"], time = ["Uhr"] }' in text
    assert 'kind = ["Art"]' in text
    assert '"MTC" = "call_in"' in text
    layout = tmp_path / "strange.toml"
    layout.write_text(text, encoding="utf-8")
    told = account(by_format("network_records"), STRANGE.encode(), Options(mapping=str(layout)))
    first = values(told.rows["network_records"][0])
    assert first["kind"] == "call_out"
    assert (first["imei14"], first["imsi"], first["number"]) == (35209900176148, 208010000000001, 33639980001)
    assert first["started_us"] == 1769864706_000000


def test_known_headers_give_values_to_fill_in(tmp_path: Path) -> None:
    sample = tmp_path / "bill.csv"
    sample.write_text("Type,Abonné,Date,Heure,Farbe\nAB,0639980001,31/01/2026,14:05,rot\n", encoding="utf-8")
    text = propose_layout(sample)
    assert "[values.kind]" in text
    assert '# "AB" = ""' in text
    assert "# not understood: Farbe (rot)" in text
    assert parse("bill", text).table == "network_records"


def test_the_word_in_a_header_decides_what_fifteen_digits_are(tmp_path: Path) -> None:
    sample = tmp_path / "op.csv"
    sample.write_text(
        "Date appel;Heure appel;MSISDN;Appelé;IMEI tel\n"
        "31/01/2026;14:05;33639980001;33199000001;350000000000011\n",
        encoding="utf-8",
    )
    text = propose_layout(sample)
    assert 'imei14 = ["IMEI tel"]' in text
    assert 'number = ["MSISDN"]' in text
    assert 'correspondent = ["Appelé"]' in text


def test_no_table_no_proposal(tmp_path: Path) -> None:
    sample = tmp_path / "note.txt"
    sample.write_text("only a note\n")
    with pytest.raises(UnknownFormatError, match="header row"):
        propose_layout(sample)
    with pytest.raises(InputError, match="cannot be opened"):
        propose_layout(tmp_path / "missing.csv")


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=6), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t"]),
)
def test_any_proposal_is_a_layout(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    sample = tmp_path_factory.mktemp("any") / "any.csv"
    sample.write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8", errors="replace")
    try:
        text = propose_layout(sample)
    except ParloirError:
        return
    assert parse("any", text).sources or "[columns]" in text
