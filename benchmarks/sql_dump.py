"""A PrestaShop dump of 500 MB: CPU and memory that it takes to cut, decode and turn into canonical rows.

The dump is constructed, with the official structure of PrestaShop 1.6 and mariadb-dump's way of writing. How
large its tables are beside each other is assumed: half of it is visits, orders and people, which are read,
half is carts, logs and search words, which are counted. Seconds of CPU, user and system, in a process of its
own; those of sealing the dump are left out.
"""

from __future__ import annotations

import random
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from parloir.readers import Options, Tally, by_format
from parloir.readers.prestashop import tables
from parloir.readers.sql import Dump
from parloir.vault import Vault

FOLDER = Path("bench-data/sql_dump")
SAMPLE = Path("tests/data/shops/prestashop_ps16_schema_fixtures.sql")
SIZE = 500_000_000
STATEMENT = 1_000_000
FLOOR_MB_S, CEILING_MB = 40, 200

ORDERS, CUSTOMERS, ADDRESSES, GUESTS, VISITS = 60_000, 60_000, 80_000, 700_000, 700_000
WHEN = [
    f"2024-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:07"
    for month in range(1, 13)
    for day in (3, 9, 17, 26)
    for hour in range(6, 23)
    for minute in (4, 31, 58)
]
NAMES = ["Dupré", "O\\'Neill", "Martin", "Le Goff", "N\\'Diaye", "Petit", "Faure", "Ait Ali", "Weber", "Roux"]
GIVEN = ["Camille", "Jean-Noël", "Zoé", "Inès", "Yanis", "Léa", "Hugo", "Sarah", "Noé", "Ambre"]
TOWNS = [("75011", "Paris"), ("13015", "Marseille"), ("59000", "Lille"), ("97410", "Saint-Pierre")]
GOODS = [
    "Mini téléphone L8STAR BM10 - Couleur : Noir",
    "Long-CZ J8 - Couleur : Blanc",
    'Câble USB \\"court\\"',
]
WORDS = ["téléphone", "mini", "petit", "noir", "chargeur", "\\r\\n", "garantie", "l\\'original", "livraison"]
AGENT = "https://www.google.com/search?q=mini+telephone&source=mobile&n="
KEY = "b44a6d9efd7a0076a0fbce6b15eaf3b1"


def dump() -> Path:
    """The dump, made when it is not there."""
    path = FOLDER / "prestashop.sql"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        with temporary.open("w", encoding="utf-8", newline="") as file:
            file.writelines(_text(random.Random(16)))  # noqa: S311 - a made-up shop has no secrets
        temporary.rename(path)
    return path


def _text(chance: random.Random) -> Iterator[str]:
    sample = SAMPLE.read_text("utf-8")
    yield sample[: sample.index("--\n-- Table structure")]
    structures = {name: text for text, name in re.findall(r"(CREATE TABLE `ps_(\w+)` .*?;\n)", sample, re.S)}
    written = 0
    for name, rows in sorted(_tables(chance).items()):
        yield f"DROP TABLE IF EXISTS `ps_{name}`;\n{structures[name]}"
        for statement in _statements(name, rows):
            written += len(statement.encode())
            yield statement
    yield f"DROP TABLE IF EXISTS `ps_search_index`;\n{structures['search_index']}"
    while written < SIZE:
        rows = (f"({n},{chance.randrange(90_000)},{chance.randrange(60)})" for n in range(60_000))
        for statement in _statements("search_index", rows):
            written += len(statement.encode())
            yield statement
    yield "-- Dump completed on 2025-03-01 10:00:00\n"


def _statements(name: str, rows: Iterator[str]) -> Iterator[str]:
    """Extended inserts of about a megabyte, a row a line, as MariaDB 10.11 writes them."""
    waiting: list[str] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += len(row)
        if size > STATEMENT:
            yield f"INSERT INTO `ps_{name}` VALUES\n" + ",\n".join(waiting) + ";\n"
            waiting, size = [], 0
    if waiting:
        yield f"INSERT INTO `ps_{name}` VALUES\n" + ",\n".join(waiting) + ";\n"


def _tables(chance: random.Random) -> dict[str, Iterator[str]]:
    pick, of = chance.randrange, chance.choice

    def phone() -> str:
        return f"06 39 98 {pick(100):02d} {pick(100):02d}"

    def prose(words: int) -> str:
        return " ".join(of(WORDS) for _ in range(words))

    return {
        "address": (
            f"({n},8,0,{pick(CUSTOMERS)},0,0,0,'Mon adresse','','{of(NAMES)}','{of(GIVEN)}',"
            f"'{pick(99)} rue de l\\'Église','Bât {pick(9)}','{town[0]}','{town[1]}','','{phone()}',"
            f"'035301{pick(9999):04d}'"
            f",'','','{of(WHEN)}','{of(WHEN)}',1,{pick(2)})"
            for n in range(ADDRESSES)
            for town in (of(TOWNS),)
        ),
        "cart": (
            f"({n},1,1,1,'{{\\\"3\\\":\\\"2,\\\"}}',0,4,4,1,{pick(CUSTOMERS)},{n},'{KEY}',0,0,'',0,0,'{of(WHEN)}',"
            f"'{of(WHEN)}')"
            for n in range(300_000)
        ),
        "cart_product": (
            f"({n},{pick(90)},4,1,{pick(30)},{pick(1, 4)},'{of(WHEN)}')" for n in range(400_000)
        ),
        "connections": (
            f"({n},1,1,{pick(GUESTS)},{pick(40)},{pick(1 << 32)},'{of(WHEN)}','{AGENT}{n}')"
            for n in range(VISITS)
        ),
        "connections_page": (f"({n},{pick(40)},'{of(WHEN)}','{of(WHEN)}')" for n in range(1_000_000)),
        "connections_source": (
            f"({n},{n},'{AGENT}{n}','www.shop.example.test/fr/{pick(90)}-mini-telephone.html?utm_source=x','',"
            f"'{of(WHEN)}')"
            for n in range(400_000)
        ),
        "country": iter(["(8,1,0,'FR',33,1,0,0,1,'NNNNN',1)"]),
        "customer": (
            f"({n},1,1,1,3,1,0,'','','','{of(GIVEN)}','{of(NAMES)}',"
            f"'client{n}@mail{n % 7}.example.test','{KEY}','{of(WHEN)}',"
            f"'19{pick(60, 99)}-0{pick(1, 9)}-1{pick(9)}',1,'192.0.2.{pick(255)}',"
            f"'{of(WHEN)}',1,'',0.000000,0,60,'{KEY}','',1,0,0,'{of(WHEN)}','{of(WHEN)}')"
            for n in range(CUSTOMERS)
        ),
        "customer_message": (
            f"({n},{n % 30_000},0,'Bonjour,\\n{prose(30)}','',{pick(1 << 32)},'',"
            f"'{of(WHEN)}','{of(WHEN)}',0,0)"
            for n in range(40_000)
        ),
        "customer_thread": (
            f"({n},1,1,1,{pick(CUSTOMERS)},{pick(ORDERS)},0,'open','client{n}@mail.example.test','aBc{n}',"
            f"'{of(WHEN)}','{of(WHEN)}')"
            for n in range(30_000)
        ),
        "guest": (f"({n},3,7,{n if n % 12 == 0 else 0},0,0,0,0,0,0,0,0,0,0,'fr',0)" for n in range(GUESTS)),
        "log": (f"({n},1,0,'{prose(12)}','Cart',{n},0,'{of(WHEN)}','{of(WHEN)}')" for n in range(200_000)),
        "order_carrier": (
            f"({n},{n},3,0,0.150000,4.900000,5.880000,'6A{pick(10**11):011d}','{of(WHEN)}')"
            for n in range(ORDERS)
        ),
        "order_detail": (
            f"({n},{n * 2 // 3},0,0,1,{pick(90)},0,'{of(GOODS)}',{pick(1, 5)},1,0,0,0,33.250000,0.00,"
            "0.000000,0.000000,0.000000,0.00,0.000000,'','','L8-BM10','',0.000000,0,0,'',0.000,0.000000,0.000,0,'',0,"
            "'0000-00-00 00:00:00',39.900000,33.250000,39.900000,33.250000,0.000000,0.000000,0.000000,"
            "33.250000,0.000000)"
            for n in range(90_000)
        ),
        "order_history": (f"({n},1,{n // 4},{pick(12)},'{of(WHEN)}')" for n in range(240_000)),
        "order_payment": (
            f"({n},'R{n:08d}',1,45.78,'Carte bancaire',1.000000,'ch_{n:024d}',"
            f"'XXXX-XXXX-XXXX-{pick(9999):04d}','VISA','12/2027','{of(GIVEN)} {of(NAMES)}','{of(WHEN)}')"
            for n in range(ORDERS)
        ),
        "orders": (
            f"({n},'R{n:08d}',1,1,3,1,{pick(CUSTOMERS)},{n},1,{pick(ADDRESSES)},{pick(ADDRESSES)},{pick(12)},"
            f"'{KEY}','Carte bancaire',1.000000,'stripe',0,0,'',0,'',0.000000,0.000000,0.000000,45.780000,"
            "45.780000,38.150000,45.780000,33.250000,39.900000,5.880000,5.880000,4.900000,20.000,0.000000,0.000000,0.000000,"
            f"2,1,{n},{n},'{of(WHEN)}','0000-00-00 00:00:00',1,'{of(WHEN)}','{of(WHEN)}')"
            for n in range(ORDERS)
        ),
    }


def engine(path: Path) -> str:
    """Cut the dump and decode the wanted columns."""
    before = _cpu()
    with path.open("rb") as stream:
        reading = Dump(stream, path.name, tables.wanted)
        decoded = sum(len(block.numbers) for block in reading.blocks())
    return _line("wanted tables decoded", path, (sum(reading.rows_in.values()), decoded), before)


def reader(path: Path) -> str:
    """Read the sealed dump into canonical rows."""
    vault = Vault(FOLDER / "home")
    (member,) = vault.members(vault.seal(path).sha256, path.name)
    sealed = _cpu()
    met = made = 0
    for part in by_format("prestashop").read(member, Options()):
        if isinstance(part, Tally):
            met = sum(sum(counts.values()) for counts in (part.rows_in, part.unread, part.joined))
            made = sum(part.rows_in.values())
    return _line("canonical rows made", path, (met, made), sealed)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _line(what: str, path: Path, rows: tuple[int, int], before: float) -> str:
    cpu, size = _cpu() - before, path.stat().st_size / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{what:<22} {size:>6.0f} {rows[0]:>11,} {rows[1]:>11,} {cpu:>7.1f} {size / cpu:>9.0f} {memory:>7.0f}"
    )


def main() -> None:
    """Print the table."""
    path = dump()
    print(f"{'':<22} {'MB':>6} {'rows met':>11} {'rows made':>11} {'CPU s':>7} {'MB/s CPU':>9} {'MB RAM':>7}")
    for what in ("engine", "reader"):
        subprocess.run([sys.executable, "-m", "benchmarks.sql_dump", what, str(path)], check=True)
    print(f"wanted: {FLOOR_MB_S} MB/s of CPU or more, less than {CEILING_MB} MB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print({"engine": engine, "reader": reader}[sys.argv[1]](Path(sys.argv[2])))
    else:
        main()
