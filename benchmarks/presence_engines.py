"""Presence on both engines: identical aggregates from DuckDB, Spark in one process, and a standalone master.

Needs the extra parloir[spark] and Java 17; says so when they are missing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from socket import socket

import duckdb

from benchmarks.presence_records import Days, serving
from parloir.presence.aggregates import Aggregates, Dwell, aggregate
from parloir.presence.engines import Engine, duckdb_engine
from parloir.presence.spark import spark_engine

ROWS = 300_000
HOST, PORT = "127.0.0.1", 17077
SECONDS = 120
"""How long a master may take to start."""
TABLES = ("candidates", "days", "correspondents", "jumps")


@contextmanager
def standalone() -> Iterator[str]:
    """A Spark master and two workers on the loopback, ended with the block."""
    program = str(Path(str(find_spec("pyspark").origin)).parent / "bin" / "spark-class")  # type: ignore[union-attr]
    package, url = "org.apache.spark.deploy", f"spark://{HOST}:{PORT}"
    environment = {**os.environ, "SPARK_LOCAL_IP": HOST, "PYSPARK_PYTHON": sys.executable}
    master = [
        program,
        f"{package}.master.Master",
        "--host",
        HOST,
        "--port",
        str(PORT),
        "--webui-port",
        "18080",
    ]
    worker = [program, f"{package}.worker.Worker", "--cores", "1", "--memory", "1g", "--host", HOST, url]
    running = []
    try:
        for command in (master, worker, worker):
            running.append(
                subprocess.Popen(
                    command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            )
            _until_it_answers()
        yield url
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def _until_it_answers() -> None:
    """Wait for the master; workers may come late, for jobs wait for them.

    Raises:
        SystemExit: it does not answer.
    """
    for _ in range(SECONDS):
        with socket() as trial:
            if trial.connect_ex((HOST, PORT)) == 0:
                return
        time.sleep(1)
    raise SystemExit(f"the Spark master did not answer within {SECONDS} seconds")


def by(engine: Engine) -> Aggregates:
    """The aggregates of the constructed records."""
    return aggregate(engine, serving(), Dwell())


def same(ours: Aggregates, theirs: Aggregates) -> dict[str, int]:
    """Rows of each table.

    Raises:
        SystemExit: a table differs.
    """
    rows = {}
    for name in TABLES:
        columns = getattr(ours, name).column_names
        tables = [
            getattr(one, name)
            .select(columns)
            .sort_by([(column, "ascending") for column in columns])
            .combine_chunks()
            for one in (ours, theirs)
        ]
        if not tables[0].equals(tables[1]):
            raise SystemExit(f"the engines differ in {name}")
        rows[name] = tables[0].num_rows
    return rows


def main() -> None:
    """Print what was compared, or what is missing."""
    if find_spec("pyspark") is None or which("java") is None:
        print("PARITY NOT SHOWN: install the extra parloir[spark] and Java 17")
        return
    paths = Days(ROWS).make().files
    connection = duckdb.connect()
    files = ", ".join(f"'{path}'" for path in paths)
    connection.execute(f"CREATE VIEW network_records AS SELECT * FROM read_parquet([{files}])")
    with duckdb_engine(connection) as engine:
        ours = by(engine)
    with spark_engine("local[2]", paths) as spark:
        print("local[2]: identical", same(ours, by(spark)), flush=True)
    with standalone() as url, spark_engine(url, paths) as spark:
        print("standalone master, two workers: identical", same(ours, by(spark)), flush=True)


if __name__ == "__main__":
    main()
