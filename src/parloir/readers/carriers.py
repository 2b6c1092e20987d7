"""Returns of carriers: the parcels behind tracking numbers, who took them, where and when.

No standard binds them. The layouts `shipments_…` know the usual headers; another is one more TOML file.
"""

from __future__ import annotations

from parloir.readers.layout import presets
from parloir.readers.registers import SheetReader

CARRIERS = SheetReader(
    "carriers", "Carrier's return: parcels handed over (CSV or XLSX)", presets("shipments")
)
