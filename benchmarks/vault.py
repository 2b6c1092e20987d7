"""The vault: CPU and memory to seal, verify and read a constructed dump of 500 MB, plain and packed.

Each step runs in a process of its own. The last one reads the packed file with gzip alone, without a vault:
the difference to the line above is what verifying and bounding cost.
"""

from __future__ import annotations

import gzip
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO, cast

from parloir.vault import Vault

FOLDER = Path("bench-data/vault")
PLAIN, PACKED = FOLDER / "dump.sql", FOLDER / "dump.sql.gz"
SIZE = 500_000_000
BLOCK = 1 << 20
LINE = "({n},'XKB{n:06d}','06 39 98 {a:02d} {b:02d}','buyer{n}@example.test','{c} quai Henri, Dieppe'),\n"
STEPS = ("seal", "verify", "read", "read gz", "gzip alone")


def make() -> None:
    """Write the plain and the packed file, once."""
    if PACKED.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PLAIN.open("wb") as file:
        number = 0
        while file.tell() < SIZE:
            file.write("".join(_line(row) for row in range(number, number + 10_000)).encode())
            number += 10_000
    with PLAIN.open("rb") as source, gzip.open(PACKED, "wb", 6) as target:
        shutil.copyfileobj(source, target, BLOCK)


def _line(number: int) -> str:
    return LINE.format(n=number, a=number % 100, b=number // 100 % 100, c=number % 997)


def run(step: str, vault: Vault) -> int:
    """Do one step; the bytes that it went through."""
    if step == "seal":
        return vault.seal(PLAIN).size
    if step == "gzip alone":
        return _drained(cast("BinaryIO", gzip.open(PACKED)))
    path = PACKED if step == "read gz" else PLAIN
    address = (FOLDER / f"{path.name}.seal").read_text()
    if step == "verify":
        return vault.verify(address).size
    (member,) = vault.members(address, path.name)
    return _drained(member.open())


def _drained(file: BinaryIO) -> int:
    with file:
        return sum(len(block) for block in iter(lambda: file.read(BLOCK), b""))


def measure(step: str) -> str:
    """One line of the table."""
    vault = Vault(FOLDER / "home")
    before, started = time.process_time(), time.perf_counter()
    size = run(step, vault)
    cpu, taken = time.process_time() - before, time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{step:<12} {size / 1e6:>8.0f} {taken:>8.2f} {cpu:>8.2f} {size / 1e6 / cpu:>12.0f} {memory:>8.0f}"


def main() -> None:
    """Print the table."""
    make()
    shutil.rmtree(FOLDER / "home", ignore_errors=True)
    vault = Vault(FOLDER / "home")
    for path in (PACKED, PLAIN):
        (FOLDER / f"{path.name}.seal").write_text(vault.seal(path).sha256)
    vault.erase((FOLDER / f"{PLAIN.name}.seal").read_text())
    print(f"{'step':<12} {'MB':>8} {'s':>8} {'CPU s':>8} {'MB/CPU s':>12} {'MB RAM':>8}", flush=True)
    for step in STEPS:
        subprocess.run([sys.executable, "-m", "benchmarks.vault", step], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(sys.argv[1]))
    else:
        main()
