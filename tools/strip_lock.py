"""Take the package index out of `uv.lock`, so that the lock serves any index, a ministry's mirror included.

Versions, hashes and sizes stay; `make` exports them and lets pip check each file against its hash.
"""

import re
import sys
from pathlib import Path

REGISTRY = re.compile(r'registry = "[^"]+"')
FILE_URL = re.compile(r'url = "[^"]*/([^/"]+)"')


def strip(text: str) -> str:
    """The same lock with a bare word for the index and file names for addresses."""
    return FILE_URL.sub(r'path = "\1"', REGISTRY.sub('registry = "packages"', text))


if __name__ == "__main__":
    lock = Path(sys.argv[1])
    lock.write_text(strip(lock.read_text(encoding="utf-8")), encoding="utf-8")
