"""The same queries on Apache Spark (extra `parloir[spark]`), for records that outgrow one machine.

Tables go in and out as Parquet files in a folder that driver and workers share: no row is converted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from parloir.errors import InputError


class SparkEngine:
    """Spark SQL over Parquet files.

    Args:
        session: a running SparkSession.
        records: Parquet files of network records, where every worker can read them.
        folder: for tables handed over and rows kept, likewise.
    """

    def __init__(self, session: Any, records: Sequence[Path], folder: Path) -> None:
        self._session, self._folder = session, folder
        session.read.parquet(*(str(path) for path in records)).createOrReplaceTempView("network_records")

    def put(self, name: str, table: pa.Table) -> None:
        """See `Engine.put`."""
        path = self._folder / f"{name}.parquet"
        pq.write_table(table, path)
        self._session.read.parquet(str(path)).createOrReplaceTempView(name)

    def keep(self, name: str, text: str, by: str = "") -> None:
        """See `Engine.keep`."""
        path = str(self._folder / name)
        self._session.sql(text).write.mode("overwrite").parquet(path, partitionBy=by or None)
        self._session.read.parquet(path).createOrReplaceTempView(name)

    def fetch(self, text: str) -> pa.Table:
        """See `Engine.fetch`."""
        path = self._folder / "fetched"
        self._session.sql(text).write.mode("overwrite").parquet(str(path))
        table = pq.read_table(path)
        fields = [pa.field(field.name, field.type) for field in table.schema]
        return table.cast(pa.schema(fields)).combine_chunks()


@contextmanager
def spark_engine(url: str, records: Sequence[Path]) -> Iterator[SparkEngine]:
    """A Spark engine, its session stopped and its folder gone at the end of the block.

    Args:
        url: Spark's master: `spark://host:port`, `local[2]`.
        records: Parquet files of network records.

    Raises:
        InputError: Spark or its Java is not there, or the master does not answer.
    """
    session = _session(url)
    try:
        with TemporaryDirectory(prefix="parloir-spark-") as folder:
            yield SparkEngine(session, records, Path(folder))
    finally:
        session.stop()


def _session(url: str) -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  an extra, not always there
    except ImportError as error:
        raise InputError(
            "PySpark is not installed", where=f"PARLOIR_ENGINE={url}", do="install parloir[spark] and Java 17"
        ) from error
    builder = SparkSession.builder.appName("parloir").config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    builder = builder.config("spark.sql.session.timeZone", "UTC").config("spark.sql.ansi.enabled", "true")
    try:
        return builder.master(url).getOrCreate()
    except Exception as error:
        raise InputError(
            f"Spark did not start ({type(error).__name__})",
            where=f"PARLOIR_ENGINE={url}",
            do="check that Java 17 is installed and that the master answers",
        ) from error
