"""What the rows of one PrestaShop shop need of each other: zone, names, countries, threads, carts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.errors import InputError
from parloir.readers import columnar, times
from parloir.readers.columnar import Array
from parloir.readers.lookup import Lookup
from parloir.readers.prestashop.tables import JOINED
from parloir.readers.reader import Options
from parloir.readers.spill import Spill

pc: Any = pyarrow.compute


Keys: TypeAlias = "np.ndarray[Any, Any]"


@dataclass(frozen=True)
class Shop:
    """One shop of a dump.

    Attributes:
        prefix: of its tables, with the database where the dump names it.
        mark: what tells its keys from those of the dump's other shops; empty when it is the only one.
        zone: its DATETIMEs are local in it.
        country: of numbers written in national form, where the address names none.
        name: as the shop calls itself, or null.
        lookups: rows of other tables by key.
        delivered: keys of addresses that some order was delivered to.
        invoiced: keys of addresses that some order was invoiced to.
    """

    prefix: str
    mark: str
    zone: ZoneInfo
    country: str
    name: str | None
    lookups: dict[str, Lookup]
    delivered: Keys
    invoiced: Keys

    def own(self, keys: Array) -> Array:
        """A key of the shop as text, told from those of other shops of the dump."""
        text: Any = keys.cast(pa.string())
        marked: Array = pc.binary_join_element_wise(self.mark, text, "") if self.mark else text
        return marked

    def record(self, kind: str, keys: Array) -> Array:
        """`kind:key` in the table of persons, or of a guest."""
        found: Array = pc.binary_join_element_wise(kind, self.own(keys), ":")
        return found

    def find(self, table: str, keys: Array, column: str) -> Array:
        """A column of the row that a key refers to."""
        return self.lookups[table].find(keys, column)


def open_shop(prefix: str, mark: str, spill: Spill, options: Options) -> Shop:
    """Gather what completes the rows of one shop."""
    settings = _settings(_joined(spill, prefix, "configuration"))
    zone = _zone(settings.get("PS_TIMEZONE", ""), options.timezone)
    lookups = {
        name: Lookup(_joined(spill, prefix, name), JOINED[name][0])
        for name in JOINED
        if name not in ("configuration", "order_state_lang", "colissimo_label")
    }
    states = _joined(spill, prefix, "order_state_lang")
    lookups["order_state_lang"] = Lookup(
        _spoken(states, settings.get("PS_LANG_DEFAULT", "")), "id_order_state"
    )
    labels = _joined(spill, prefix, "colissimo_label")
    outward = pc.invert(pc.coalesce(columnar.yes(labels["return_label"]), False))
    lookups["colissimo_label"] = Lookup(labels.filter(outward), "id_colissimo_order")
    lookups["carts"] = Lookup(_carts(spill, prefix), "id_cart")
    name = settings.get("PS_SHOP_NAME") or settings.get("PS_SHOP_DOMAIN")
    used = [_used(spill, prefix, column) for column in ("id_address_delivery", "id_address_invoice")]
    return Shop(prefix, mark, zone, options.country, name, lookups, *used)


def _joined(spill: Spill, prefix: str, name: str) -> pa.Table:
    return spill.table(prefix + name, JOINED[name])


def _settings(rows: pa.Table) -> dict[str, str]:
    """Settings by name; that of all shops before that of one."""
    found: dict[str, str] = {}
    listed = sorted(rows.to_pylist(), key=lambda row: row["id_shop"] not in (None, "", "0"))
    for row in listed:
        if row["name"] and row["value"]:
            found.setdefault(row["name"], row["value"])
    return found


def _zone(told: str, otherwise: str) -> ZoneInfo:
    try:
        return times.zone(told or otherwise)
    except InputError:
        return times.zone(otherwise)


def _spoken(states: pa.Table, language: str) -> pa.Table:
    """The names of order states, the shop's own language first."""
    preferred = pc.equal(pc.coalesce(states["id_lang"], ""), language)
    return pa.concat_tables([states.filter(preferred), states.filter(pc.invert(preferred))])


def _carts(spill: Spill, prefix: str) -> pa.Table:
    """Cart → order, for relay points that were chosen before there was an order."""
    return spill.table(prefix + "orders", ("id_cart", "id_order"))


def _used(spill: Spill, prefix: str, column: str) -> Keys:
    """The addresses that orders refer to."""
    found = [columnar.key(batch[column]).drop_null() for batch in spill.batches(prefix + "orders")]
    return (
        np.unique(np.concatenate([np.asarray(part) for part in found])) if found else np.array([], np.int64)
    )
