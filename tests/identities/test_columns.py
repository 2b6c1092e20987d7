"""What is read of a whole column at once is what is read of each text by itself."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from parloir.identities import address_columns, email_columns
from parloir.identities.columns import word_sets
from parloir.identities.name_columns import name_key

WORDS = """rue av r. Bd de la d'Alsace St Bât bat A etage et floor chez apt bp cs cedex relais locker bis ter
b flat porte Martin l'Église road 12 3e 75011 Paris poste restante nd jj tour"""
STREETS = st.tuples(
    st.one_of(st.integers(0, 99999).map(str), st.sampled_from(["", "007", "12b", "12 bis", "3 ter", "1er"])),
    st.sampled_from([" ", "", ", ", "-", " - "]),
    st.lists(
        st.sampled_from(WORDS.split()),
        max_size=6,
    ).map(" ".join),
).map("".join)
ADDRESSES = st.from_regex(
    r"[A-Za-z0-9._%+'-]{0,9}@?(gmail\.com|GoogleMail\.com|pm\.me|proton\.me|example\.test|[a-zé-]{1,4}\.[a-z0-9]{1,3})",
    fullmatch=True,
)


@given(st.lists(st.one_of(STREETS, st.text(max_size=20)), min_size=1, max_size=30))
@example(["12 etage rue haute", "123 etage rue haute", "1", "0012 rue  haute", " 4 rue haute", "\x1f"])
def test_addresses(texts: list[str]) -> None:
    made = address_columns.address_columns(pa.array(texts))
    read = [address_columns.read(text) if text.strip() else ("",) * 5 for text in texts]
    for place, name in enumerate(("street", "house", "street_parts", "stairs", "flat")):
        split = str.split if name == "street_parts" else str
        assert made[name].to_pylist() == [split(one[place]) or None for one in read], name


@given(st.lists(st.one_of(ADDRESSES, st.text(max_size=20)), min_size=1, max_size=30))
@example(["...@gmail.com", "jean.martin@gmail.com", "martin_jean7@example.test", "a@b.c", "mailto:x@y.zz"])
def test_emails(texts: list[str]) -> None:
    made = email_columns.email_columns(pa.array(texts))
    for name, one in email_columns.one_by_one(texts).items():
        expected = [(one(text) or None) if text.strip() else None for text in texts]
        assert made[name].to_pylist() == expected, name


@given(st.lists(st.one_of(st.none(), st.text("abhz ", max_size=12)), min_size=1, max_size=20))
def test_word_sets(texts: list[str | None]) -> None:
    expected = [
        sorted({name_key(word) for word in (text or "").split() if len(word) > 1}) or None for text in texts
    ]
    assert word_sets(pa.array(texts, pa.string()), name_key, 1).to_pylist() == expected
