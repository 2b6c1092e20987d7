"""What tells a father from a son of one name: père, fils, senior, junior, II, III at the end of a name."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute
_FORMS = {
    "sr": "senior",
    "snr": "senior",
    "senior": "senior",
    "père": "senior",
    "pere": "senior",
    "jr": "junior",
    "jnr": "junior",
    "jun": "junior",
    "junior": "junior",
    "júnior": "junior",
    "fils": "junior",
    "filho": "junior",
    "ii": "2",
    "iii": "3",
    "iv": "4",
}
SUFFIX = rf"(?i)[^,(]*\S[ ,(]+(?P<suffix>{'|'.join(_FORMS)})\.?\)?\s*$"
_END = rf"(?i)(\S)[ ,(]+(?:{'|'.join(_FORMS)})\.?\)?\s*$"


def generations(texts: Any) -> pa.Array[Any]:
    """`senior`, `junior` or a number of each name as written; null where nothing is told."""
    found = pc.struct_field(pc.extract_regex(texts, SUFFIX), "suffix")
    words: Any = pa.array(list(_FORMS), pa.string())
    said: Any = pa.array(list(_FORMS.values()), pa.string())
    told: pa.Array[Any] = said.take(pc.index_in(pc.utf8_lower(found), words))
    return told


def without(texts: Any) -> Any:
    """The names without it."""
    return pc.replace_substring_regex(texts, _END, r"\1")
