"""What weighing the presence of a whole simulated world costs: CPU, and the most memory held.

`python -m benchmarks.presence_weigh SIZE SEED` (small 11 when none is given); a world is built once, each
weighing runs in a process of its own. With a folder instead, the tables in it are weighed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.presence import cpu, peak_mb
from parloir.presence import weigh
from parloir.tables.store import Store
from parloir.trials.weighed import Setting, build

FOLDER = Path("bench-data/presence-weigh")


def weighed(tables: Path) -> None:
    """Print what one weighing costs."""
    connection = Store.of(sorted(tables.iterdir())).connect()
    ((rows,),) = connection.execute("SELECT count(*) FROM network_records").fetchall()
    found = []
    seconds = cpu(lambda: found.append(weigh(connection)))
    print(
        f"{rows:>12,} records: {found[0].candidates.num_rows:,} candidates, {seconds:6.1f} s of CPU, "
        f"peak {peak_mb():,.0f} MB",
        flush=True,
    )


def main() -> None:
    """Print the figures of one world."""
    told = sys.argv[1:] if Path(sys.argv[0]).stem == "presence_weigh" else []
    if len(told) == 1:
        weighed(Path(told[0]))
        return
    size, seed = told or ("small", "11")
    world = build(Setting(size, int(seed)), FOLDER)
    command = [sys.executable, "-m", "benchmarks.presence_weigh", str(world.folder / "tables")]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
