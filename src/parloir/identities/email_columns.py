"""The columns of an e-mail address: itself, its parts, its digits, letters, and the names it is made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.identifiers import email
from parloir.identifiers.person_name import fold
from parloir.identities.columns import Columns, each_of, encode, merged, or_null
from parloir.identities.name_columns import name_key

pc: Any = pyarrow.compute
_ADDRESS = r"^(?P<local>[a-z0-9._%\-]+)@(?P<domain>[a-z0-9.\-]+\.[a-z]+)$"


def email_columns(texts: Any) -> Columns:
    """The address and what is compared of it.

    Args:
        texts: the columns of addresses side by side, with U+001F between.
    """
    encoded = encode(texts)
    written = encoded.dictionary
    found = pc.extract_regex(pc.ascii_lower(written), _ADDRESS)
    domains = encode(pc.struct_field(found, "domain"))
    domain = each_of(domains.dictionary, _domain, pa.string()).take(domains.indices)
    made = _plain(_local(pc.struct_field(found, "local"), domain), domain)
    left = pc.is_null(made["email"])
    rest = written.filter(left)
    spelt = one_by_one(rest.to_pylist())
    return {
        name: merged(forms, left, each_of(rest, spelt[name], pa.string())).take(encoded.indices)
        for name, forms in made.items()
    }


def _domain(written: str) -> str:
    found = email.normalise(f"a@{written}")
    return found.domain if found else ""


def _local(written: Any, domain: Any) -> Any:
    """Without the signs that the provider ignores."""
    for provider, signs in email.IGNORED.items():
        kept = written
        for sign in signs:
            kept = pc.replace_substring(kept, sign, "")
        there = pc.and_(pc.equal(domain, provider), pc.not_equal(kept, ""))
        written = pc.if_else(pc.fill_null(there, False), kept, written)
    return written


def _plain(local: Any, domain: Any) -> Columns:
    digits = pc.replace_substring_regex(local, "[^0-9]+", "")
    return {
        "email": pc.binary_join_element_wise(local, domain, "@"),
        "email_domain": domain,
        "email_local": local,
        "email_digits": pc.if_else(pc.equal(digits, ""), "-", digits),
        "email_letters": or_null(pc.replace_substring_regex(local, "[^a-z]+", "")),
        "email_words": _words(local),
    }


def _words(local: Any) -> Any:
    """The names that addresses of two words are made of, as `_two_names` has them."""
    words = pc.split_pattern_regex(pc.fill_null(local, ""), "[^a-z]+")
    rows, flat = pc.list_parent_indices(words).to_numpy(), pc.list_flatten(words)
    long = np.flatnonzero(pc.greater(pc.utf8_length(flat), 2).to_numpy(zero_copy_only=False))
    counts = np.bincount(rows[long], minlength=len(local))
    two = long[counts[rows[long]] == 2]
    keys = encode(flat.take(pa.array(two)))
    spelt = each_of(keys.dictionary, name_key, pa.string()).take(keys.indices)
    one, other = pc.fill_null(spelt[::2], ""), pc.fill_null(spelt[1::2], "")
    first, last = pc.min_element_wise(one, other), pc.max_element_wise(one, other)
    nothing: Any = pa.nulls(len(local), pa.string())
    names: Any = pc.binary_join_element_wise(first, last, " ")
    return pc.replace_with_mask(nothing, pa.array(counts == 2), names)


def one_by_one(texts: list[str]) -> dict[str, Callable[[str], str]]:
    """The same of any text, by column."""
    found = {text: email.normalise(text) for text in texts if text is not None}

    def local(text: str) -> str:
        return e.local if (e := found[text]) else text.lower().partition("@")[0]

    def only(keep: Callable[[str], bool]) -> Callable[[str], str]:
        return lambda text: "".join(c for c in fold(local(text)) if keep(c))

    return {
        "email": lambda text: e.normalised if (e := found[text]) else text.strip().lower(),
        "email_domain": lambda text: e.domain if (e := found[text]) else "",
        "email_local": lambda text: e.local if (e := found[text]) else "",
        "email_digits": lambda text: only(str.isdigit)(text) or "-",
        "email_letters": only(str.isalpha),
        "email_words": lambda text: _two_names(local(text)),
    }


def _two_names(local: str) -> str:
    """The names that an address of two words is made of, as keys in alphabetical order."""
    words = [word for word in re.split(r"[^a-z]+", fold(local)) if len(word) > 2]
    return " ".join(sorted(name_key(word) for word in words)) if len(words) == 2 else ""
