"""A sound small file of every format, to be read as it is and to be broken."""

from __future__ import annotations

import io
import json
import re
from functools import cache

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from parloir.readers import READERS
from parloir.readers.layout import Layout, Source
from parloir.readers.registers import SheetReader

from . import test_etsi, test_network, test_telegram
from . import test_shop_exports as exports
from .shop_dumps import HPOS, LEGACY, PS9, PS16, sample

_VALUES = {
    "number": ["06 39 98 00 01", "SOS"],
    "numbers": ["06 39 98 00 01 / 0199001234", ""],
    "email": ["someone@example.test", "nobody"],
    "imei14": ["352099001761481", "35209900176149"],
    "imeis": ["352099001761481 | 352099001761499", ""],
    "imsi": ["208010000000001", ""],
    "radio_cell": ["208-01-1234-56789", "ECGI:208-01-12345"],
    "radio_cells": ["208-01-1234-56789 | 208-01-1234-56790", ""],
    "latitude": ["48,85", "48.9"],
    "longitude": ["2,35", "-2.4"],
    "birth_date": ["31/01/1990", "1990-02-01"],
    "duration_s": ["65", "1:05"],
    "cash_cents": ["12", "0"],
    "requests.kind": ["handsets", "wide_area"],
    "reports.kind": ["screenshot", "post"],
    "kind": ["call_in", "?"],
    "category": ["lawyer", "doctor"],
    "item": ["handset", "nothing"],
}
_LONGEST_STATEMENT = 3000
_WANTED = re.compile(
    r"(?:CREATE TABLE|INSERT INTO) `\w+?_(?:orders|order_detail|order_payment|order_carrier|customer|"
    r"customer_message|address|guest|connections|message|mr_selected|country_lang|currency|wc_orders|"
    r"wc_orders_meta|wc_order_addresses|wc_order_operational_data|wc_customer_lookup|"
    r"woocommerce_order_items|posts|postmeta|options|users|comments)`"
)
_CARRIER = "Numéro de colis;Code relais;Remis à;Date de remise\n6A00000000001;012345;M. Tiers;02/07/2025\n"
_DATES = {"date": ["31/01/2026", "2026-02-01"], "time": ["14:05", "15:06:07"]}


def table_of(layout: Layout) -> list[list[str]]:
    """A header and two rows as a layout has them."""
    columns = [
        (headers[0], _text(layout.table, source, part))
        for source in layout.sources
        for part, headers in source.parts.items()
    ]
    return [[header for header, _ in columns], *([texts[row] for _, texts in columns] for row in (0, 1))]


def _text(table: str, source: Source, part: str) -> list[str]:
    if part in _DATES:
        return _DATES[part]
    if source.column.endswith("_us"):
        return ["2026-01-31 14:05", "2026-02-01T08:00:00+01:00"]
    whole = source.column in ("capacity", "inmates", "places", "azimuth", "beam_width", "range_m", "bytes_up")
    usual = _VALUES.get(source.column, ["12", "7"] if whole else ["Été A", "b"])
    return _VALUES.get(f"{table}.{source.column}", usual)


def delimited(layout: Layout, delimiter: str = ";") -> bytes:
    """The layout's sample as text."""
    return "\n".join(delimiter.join(row) for row in table_of(layout)).encode()


def workbook(layout: Layout) -> bytes:
    """The layout's sample as a workbook."""
    book = openpyxl.Workbook()
    for row in table_of(layout):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(
        pa.table({"inmate": ["A"], "prison": ["P"], "prison_cell": ["1"], "from_us": [0], "to_us": [1]}),
        stream,
    )
    return stream.getvalue()


@cache
def samples() -> dict[str, tuple[bytes, ...]]:
    """Format to sound files of it."""
    found: dict[str, tuple[bytes, ...]] = {
        reader.format: (
            *(delimited(layout) for layout in reader.layouts),
            workbook(reader.layouts[0]),
        )
        for reader in READERS
        if isinstance(reader, SheetReader)
    }
    found["network_bill_fr"] += (test_network.BILL.encode("cp1252"),)
    found["network_india"] += (test_network.INDIA.encode("utf-16"),)
    found["network_us"] += (test_network.US.encode(),)
    calls = (test_etsi.CALL, test_etsi.SESSION, test_etsi.TEXT)
    found["etsi_102657"] = (test_etsi.document(*calls),)
    found["telegram"] = (json.dumps(test_telegram.CHAT).encode(), json.dumps(test_telegram.ALL).encode())
    found["parquet"] = (_parquet(),)
    found["shopify"] = (exports.table(exports.HEADERS["shopify"], exports.ORDER, exports.MORE),)
    found["stripe"] = (exports.table(exports.HEADERS["stripe"], exports.CHARGE),)
    found["paypal"] = (exports.table(exports.HEADERS["paypal"], exports.PAID),)
    found["carriers"] = (_CARRIER.encode("cp1252"),)
    found["prestashop"] = (_dump(PS16), _dump(PS9))
    found["woocommerce"] = (_dump(HPOS), _dump(LEGACY))
    return found


def _dump(name: str) -> bytes:
    """A dump cut down to the tables that matter and to short statements: small enough to be read often."""
    first, *statements, last = sample(name).split(";\n")
    kept = [text for text in statements if len(text) < _LONGEST_STATEMENT and _WANTED.search(text)]
    return ";\n".join((first, *kept, last)).encode()
