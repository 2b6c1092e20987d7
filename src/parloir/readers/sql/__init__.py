"""SQL dumps of MySQL and MariaDB, whatever wrote them: rows cut, wanted columns decoded, nothing lost."""

from parloir.readers.sql.decode import Wrong
from parloir.readers.sql.dump import Block, Dump

__all__ = ["Block", "Dump", "Wrong"]
