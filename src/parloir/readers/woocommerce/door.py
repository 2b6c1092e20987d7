"""What is kept of rows as they come in: orders among posts, a few options, the attributes that matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.identifiers.columns import one_array
from parloir.readers.attributes import Attributes
from parloir.readers.columnar import Array, whole
from parloir.readers.goods import card_digits
from parloir.readers.woocommerce import tables
from parloir.readers.woocommerce.shop import ORDERS, REFUND

pc: Any = pyarrow.compute
_HAS_IMEI = r"(^|[^0-9])[0-9]{15}($|[^0-9])"
_CARDS = ("last4", "_stripe_card_last4")


@dataclass(frozen=True)
class Door:
    """Sorts rows; attributes go to their own store."""

    attributes: Attributes

    def pass_on(self, table: str, rows: pa.Table) -> pa.Table:
        """The rows that are laid aside as they are."""
        prefix, own = tables.split(table) or ("", table)
        if own == "posts":
            return rows.filter(pc.is_in(rows["post_type"], pa.array([*ORDERS, REFUND])))
        if own == "options":
            return rows.filter(pc.is_in(rows["option_name"], pa.array(tables.OPTIONS)))
        if own in tables.ATTRIBUTES:
            self._keep(prefix, tables.ATTRIBUTES[own], rows)
            return rows.slice(0, 0)
        return rows

    def _keep(self, prefix: str, store: str, rows: pa.Table) -> None:
        entities, keys, values = (one_array(rows.column(place)) for place in range(3))
        keys = self._renamed(store, prefix, keys, values)
        kept = pc.and_(pc.is_valid(keys), pc.is_valid(whole(entities)))
        numbers = one_array(rows["source_row"])
        columns = [column.filter(kept) for column in (whole(entities), keys, values, numbers)]
        columns[2] = _without_cards(columns[1], columns[2])
        self.attributes.write(prefix + store, columns)
        parcels = pc.is_in(
            columns[1],
            pa.array(
                [key for key in pc.unique(columns[1]).to_pylist() if tables.PARCEL.search(key)], pa.string()
            ),
        )
        self.attributes.write(f"{prefix}{store} parcel", [column.filter(parcels) for column in columns])

    def _renamed(self, store: str, prefix: str, keys: Array, values: Array) -> Array:
        """The keys to keep; an article's attribute that names an IMEI is kept as `imei`."""
        encoded: Any = keys.dictionary_encode()
        names = [self._name(store, prefix, name) for name in encoded.dictionary.to_pylist()]
        renamed: Any = pa.array(names, pa.string()).take(encoded.indices)
        if store == "item":
            imei = pc.and_(pc.is_null(renamed), pc.match_substring_regex(values, _HAS_IMEI))
            renamed = pc.if_else(imei, "imei", renamed)
        found: Array = renamed
        return found

    def _name(self, store: str, prefix: str, name: str) -> str | None:
        if store == "user" and name == f"{prefix.rpartition('.')[2]}capabilities":
            return "capabilities"
        return name if tables.kept(store, name) else None


def _without_cards(keys: Array, values: Array) -> Array:
    """Of card numbers the last four digits, whatever the plugin kept."""
    cards = pc.is_in(keys, pa.array(_CARDS))
    kept: Array = pc.if_else(cards, card_digits(values), values) if pc.any(cards).as_py() else values
    return kept
