"""Columns of text read value by value, each distinct value once, and sets of words read column by column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.identifiers.digits import western_column

pc: Any = pyarrow.compute
Columns = dict[str, "pa.Array[Any]"]
Plain = Callable[[Any], Any]
"""Distinct texts → what is read of those that are plain; null for those that must be read one by one."""


def each(
    values: Any, read: Callable[[str], Any], kind: pa.DataType, plain: Plain | None = None
) -> pa.Array[Any]:
    """`read` of each distinct text; null, blanks and None become null.

    Args:
        values: the texts.
        read: of one text.
        kind: of what is read.
        plain: what `read` gives for most texts, all at once.
    """
    encoded = encode(values)
    result: pa.Array[Any] = each_of(encoded.dictionary, read, kind, plain).take(encoded.indices)
    return result


def encode(values: Any) -> Any:
    """A column as its distinct texts and their places."""
    array: Any = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.chunks else pa.array([], array.type)
    return pc.dictionary_encode(as_text(array))


def each_of(
    texts: Any, read: Callable[[str], Any], kind: pa.DataType, plain: Plain | None = None
) -> pa.Array[Any]:
    """The same for texts that are distinct already."""
    if plain is None:
        return pa.array(
            [(read(text) or None) if text and text.strip() else None for text in texts.to_pylist()], kind
        )
    done = plain(texts)
    left: Any = pc.is_null(done)
    return merged(done, left, each_of(texts.filter(left), read, kind))


def merged(done: Any, left: Any, rest: Any) -> pa.Array[Any]:
    """`done`, with `rest` in their order in the places that are left."""
    whole: pa.Array[Any] = pc.replace_with_mask(done, left, rest)
    return whole


def as_text(array: Any) -> Any:
    """Any column as text with ASCII digits; whole floats without their `.0`, lists joined by `; `."""
    if pa.types.is_floating(array.type):
        whole = pc.equal(pc.floor(array), array)
        digits = pc.cast(pc.cast(pc.if_else(whole, array, None), pa.int64(), safe=False), pa.string())
        return pc.coalesce(digits, pc.cast(array, pa.string()))
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        return western_column(pc.binary_join(pc.cast(array, pa.list_(pa.string())), "; "))
    return western_column(pc.cast(array, pa.string()))


def distinct(column: Any) -> list[str]:
    """The distinct texts of a column."""
    return [text for text in pc.unique(as_text(column)).to_pylist() if text is not None]


def joined(parts: list[Any], between: str) -> Any:
    """Texts side by side, a null as nothing."""
    if len(parts) == 1:
        return parts[0]
    return pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), between)


def or_null(texts: Any) -> Any:
    """Empty texts as null."""
    return pc.if_else(pc.equal(texts, ""), None, texts)


def word_sets(texts: Any, form: Callable[[str], str], longer: int) -> pa.Array[Any]:
    """The form of each word longer than so many letters, in alphabetical order, none twice; null for no word.

    Args:
        texts: words with spaces between.
        form: of one word; asked once for each.
        longer: letters.
    """
    words = pc.split_pattern(pc.fill_null(texts, ""), " ")
    rows, flat = pc.list_parent_indices(words).to_numpy(), pc.list_flatten(words)
    kept = pc.greater(pc.utf8_length(flat), longer)
    encoded = pc.dictionary_encode(flat.filter(kept))
    forms = [form(word) for word in encoded.dictionary.to_pylist()]
    ordered = sorted(set(forms))
    rank = {one: place for place, one in enumerate(ordered)}
    ranks = np.array([rank[one] for one in forms], np.int64)
    there = rows[kept.to_numpy(zero_copy_only=False)].astype(np.int64)
    pairs = np.unique((there << 32) | ranks[encoded.indices.to_numpy()])
    counts = np.bincount(pairs >> 32, minlength=len(texts))
    values: Any = pa.array(ordered, pa.string()).take(pa.array(pairs & 0xFFFFFFFF))
    return _lists(values, counts)


def _lists(values: Any, counts: Any) -> pa.Array[Any]:
    """Values in lists of so many each; none is null."""
    begins: Any = pa.array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
    nothing: Any = pa.array(counts == 0)
    return pa.ListArray.from_arrays(begins, values, mask=nothing)
