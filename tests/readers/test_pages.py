from __future__ import annotations

from pathlib import Path

import pytest

from parloir.readers import READERS, Reader
from parloir.readers.layout import names, preset
from parloir.readers.network import NETWORK
from parloir.readers.registers import REGISTERS, SheetReader

PAGES = Path(__file__).parents[2] / "docs" / "formats"


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.format)
def test_every_reader_has_a_page(reader: Reader) -> None:
    page = (PAGES / f"{reader.format}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {reader.format}\n")


@pytest.mark.parametrize("reader", [*REGISTERS, *NETWORK], ids=lambda reader: reader.format)
def test_the_page_of_a_register_names_every_header(reader: SheetReader) -> None:
    page = (PAGES / f"{reader.format}.md").read_text(encoding="utf-8")
    sources = [source for layout in reader.layouts for source in layout.sources]
    assert not [header for source in sources for header in source.headers if f"`{header}`" not in page]


def test_every_layout_belongs_to_a_reader() -> None:
    read = {layout.name for reader in READERS if isinstance(reader, SheetReader) for layout in reader.layouts}
    assert read == set(names())
    assert all(preset(name).needed for name in read)
