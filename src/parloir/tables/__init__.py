"""Canonical tables, one file each, and the engines that query them.

`TABLES` maps every table's name to its `Table`.
"""

from parloir.tables.absences import ABSENCES
from parloir.tables.approved_contacts import APPROVED_CONTACTS
from parloir.tables.connections import CONNECTIONS
from parloir.tables.handset_contents import HANDSET_CONTENTS
from parloir.tables.inmates import INMATES
from parloir.tables.messages import MESSAGES
from parloir.tables.network_records import NETWORK_RECORDS
from parloir.tables.official_calls import OFFICIAL_CALLS
from parloir.tables.order_lines import ORDER_LINES
from parloir.tables.orders import ORDERS
from parloir.tables.payments import PAYMENTS
from parloir.tables.persons import PERSONS
from parloir.tables.prison_cells import PRISON_CELLS
from parloir.tables.prisons import PRISONS
from parloir.tables.protected import PROTECTED
from parloir.tables.quarantine import QUARANTINE
from parloir.tables.radio_cells import RADIO_CELLS
from parloir.tables.reports import REPORTS
from parloir.tables.requests import REQUESTS
from parloir.tables.schema import Column, Table
from parloir.tables.seizures import SEIZURES
from parloir.tables.shipments import SHIPMENTS
from parloir.tables.stays import STAYS
from parloir.tables.stock import STOCK
from parloir.tables.visitors import VISITORS
from parloir.tables.visits import VISITS
from parloir.tables.warnings import WARNINGS

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PERSONS,
        ORDERS,
        ORDER_LINES,
        PAYMENTS,
        SHIPMENTS,
        MESSAGES,
        CONNECTIONS,
        PRISONS,
        PRISON_CELLS,
        INMATES,
        STAYS,
        ABSENCES,
        APPROVED_CONTACTS,
        VISITORS,
        VISITS,
        OFFICIAL_CALLS,
        NETWORK_RECORDS,
        RADIO_CELLS,
        REQUESTS,
        SEIZURES,
        HANDSET_CONTENTS,
        STOCK,
        REPORTS,
        PROTECTED,
        WARNINGS,
        QUARANTINE,
    )
}

__all__ = [
    "ABSENCES",
    "APPROVED_CONTACTS",
    "CONNECTIONS",
    "HANDSET_CONTENTS",
    "INMATES",
    "MESSAGES",
    "NETWORK_RECORDS",
    "OFFICIAL_CALLS",
    "ORDERS",
    "ORDER_LINES",
    "PAYMENTS",
    "PERSONS",
    "PRISONS",
    "PRISON_CELLS",
    "PROTECTED",
    "QUARANTINE",
    "RADIO_CELLS",
    "REPORTS",
    "REQUESTS",
    "SEIZURES",
    "SHIPMENTS",
    "STAYS",
    "STOCK",
    "TABLES",
    "VISITORS",
    "VISITS",
    "WARNINGS",
    "Column",
    "Table",
]
